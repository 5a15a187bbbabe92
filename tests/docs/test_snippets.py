"""README.md and docs: every snippet runs and prints what stands below it.

A block that begins with a comment that is a file's name is that file. Blocks of Python share their
names from top to bottom; the block of text below one is what it prints. Commands in blocks of
console stand behind `$`, and `>` where they go on. What may differ is said at `fits`. Programs of
Node find the package where `npm install` would put it.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fenced_blocks import Block, blocks, fits

REPOSITORY = Path(__file__).resolve().parents[2]
NODE_PACKAGE = REPOSITORY / "bindings_node"
PAGES = ["README.md", *(f"docs/{path.name}" for path in sorted(REPOSITORY.glob("docs/*.md")))]
TESTED = {
    "README.md",
    "docs/language.md",
    "docs/backtesting.md",
    "docs/compiling.md",
    "docs/c.md",
    "docs/metrics.md",
    "docs/running.md",
    "docs/snapshot.md",
    "docs/sweeps.md",
    "docs/ta-lib.md",
    "docs/walk-forward.md",
}

_FILE_NAME = re.compile(r"(?:#|/\*|//) ([\w.-]+\.\w+)(?: \*/)?\n")


@pytest.mark.parametrize("page", sorted(TESTED))
def test_snippets_print_what_the_page_says(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cc: str
):
    monkeypatch.chdir(tmp_path)
    if NODE_PACKAGE.is_dir():
        Path("node_modules").mkdir()
        Path("node_modules/hquant").symlink_to(NODE_PACKAGE)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    names: dict[str, object] = {}
    found = blocks(REPOSITORY / page)
    for block, below in zip(found, [*found[1:], Block("", "", 0)], strict=True):
        place = f"{page}:{block.line}"
        named = _FILE_NAME.match(block.text)
        if named is not None:
            Path(named[1]).write_text(block.text)
        if block.language == "python":
            _check(place, below.text if below.language == "text" else "", _printed(block, names))
        elif block.language == "console":
            for command, expected in _commands(block.text):
                if command.startswith("node ") and not NODE_PACKAGE.is_dir():
                    continue
                _check(f"{place}: {command}", expected, _answer(command))


@pytest.mark.parametrize("page", PAGES)
def test_every_page_with_snippets_is_tested(page: str):
    languages = {block.language for block in blocks(REPOSITORY / page)}
    assert page in TESTED or not languages & {"python", "console"}


def test_the_checker_sees_a_wrong_output():
    assert fits("run 7.1 ms\n... bytes\n", "run 1,001.5 ms   \n280 bytes")
    assert not fits("run 7.1 ms\nok\n", "run 7.1 ms\nko")
    assert not fits("run 7.1 s", "run 7.2 s")
    assert not fits("a...b", "a\nb")
    assert not fits("", "something")


def _check(place: str, expected: str, found: str) -> None:
    assert fits(expected, found), f"{place}\nexpected:\n{expected}\nfound:\n{found}"


def _printed(block: Block, names: dict[str, object]) -> str:
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(block.text, f"line {block.line}", "exec"), names)
    return output.getvalue()


def _commands(text: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block with the output below it."""
    for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
        lines = part.splitlines()
        size = 1 + next((i for i, line in enumerate(lines[1:]) if line[:2] != "> "), len(lines) - 1)
        yield (
            "\n".join([lines[0], *(line[2:] for line in lines[1:size])]),
            "\n".join(lines[size:]),
        )


def _answer(command: str) -> str:
    done = subprocess.run(
        ["sh", "-c", command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, env={**os.environ, "COLUMNS": "100"},
    )  # fmt: skip
    return done.stdout + (f"[exit code {done.returncode}]\n" if done.returncode else "")
