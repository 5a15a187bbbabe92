"""Fenced blocks of a Markdown page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
_MILLISECONDS = re.compile(r"\b[\d,.]+ ms\b")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, the line that it begins on."""

    language: str
    text: str
    line: int


def blocks(page: Path) -> list[Block]:
    """Return the blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(found[1], found[2], text.count("\n", 0, found.start()) + 2)
        for found in _BLOCK.finditer(text)
    ]


def fits(expected: str, found: str) -> bool:
    """Whether an output is the expected one; `...` stands for anything within a line.

    Blanks at the ends of lines and numbers of milliseconds may differ.
    """
    wanted, seen = (
        "\n".join(
            _MILLISECONDS.sub("0 ms", line.rstrip()) for line in text.strip("\n").splitlines()
        )
        for text in (expected, found)
    )
    pattern = ".*".join(re.escape(part) for part in wanted.split("..."))
    return re.fullmatch(pattern, seen) is not None
