"""A strategy's text, and where its offsets stand as lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import NamedTuple

__all__ = ["Source", "Span"]

_LINE_END = re.compile(r"\r\n|\r|\n")
_BYTE_ORDER_MARK = "\ufeff"
_NAME_MAX = 4096  # of characters, as long as a path may be: every diagnostic repeats the name


class Span(NamedTuple):
    """Half-open range of offsets, in characters of the text."""

    start: int
    end: int


class Source:
    """A named text.

    Parameters
    ----------
    text : str
        The strategy; a byte order mark at its beginning is taken off.
    name : str
        What messages call it, such as a file name; its first 4,096 characters.
    """

    def __init__(self, text: str, name: str) -> None:
        self.text = text.removeprefix(_BYTE_ORDER_MARK)
        self.name = name[:_NAME_MAX]

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset, both from 1."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line_text(self, line: int) -> str:
        """Return a line, from 1, without its end."""
        start = self._line_starts[line - 1]
        end = self._line_starts[line] if line < len(self._line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def line_end(self, offset: int) -> int:
        """Return the offset behind the last character of the line of an offset."""
        line, column = self.position(offset)
        return offset - column + 1 + len(self.line_text(line))
