"""The one layout of a strategy's text: `hquant fmt`.

Spacing, case and line ends become canonical; names, numbers' values, comments and the order of
everything stay, and so does the program that the text compiles to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from hquant_cffi.dsl.bytecode import decode, encode
from hquant_cffi.dsl.catalog import functions
from hquant_cffi.dsl.diagnostics import Report
from hquant_cffi.dsl.names import is_series
from hquant_cffi.dsl.parse import parse
from hquant_cffi.dsl.source import Source
from hquant_cffi.dsl.tokens import KEYWORDS, Token, scan

__all__ = ["format_text", "without_places"]

_INDENT = "    "
_ACTIONS = frozenset({"BUY", "SELL", "HOLD"})
_VALUE_ENDS = frozenset({"NAME", "NUMBER", "INTEGER", "RPAR", "RSQB", "PERIOD"})
_OPENING = frozenset({"LPAR", "LSQB"})
_CLOSING = frozenset({"RPAR", "RSQB"})
# Nothing stands between these and what is before or behind them.
_TIGHT_BEFORE = frozenset({"RPAR", "RSQB", "COMMA", "DOT", "PERIOD", "PERCENT", "RANGE", "LSQB"})
_TIGHT_BEHIND = frozenset({"LPAR", "LSQB", "DOT", "RANGE"})


def format_text(text: str, *, name: str = "<strategy>") -> str:
    """Return a strategy's text in the canonical layout.

    Parameters
    ----------
    text : str
        A text without errors of syntax; names need not exist.
    name : str
        What messages call it.

    Returns
    -------
    str
        The same statements and comments; formatting it again changes nothing.

    Raises
    ------
    CompileError
        The text cannot be read.
    """
    source = Source(text, name)
    report = Report(source)
    parse(report)
    report.raise_errors()
    return _joined(_lines(_without_empty_calls(source.text)))


def without_places(bytecode: bytes) -> bytes:
    """Return a program without the lines and columns of its text: what formatting must keep."""
    image = decode(bytecode)
    image.lines = []
    image.rules = [rule._replace(line=0) for rule in image.rules]
    return encode(image)


def _without_empty_calls(text: str) -> list[Token]:
    """The tokens, blanks left out, and the brackets of BUY() too."""
    tokens = [token for token in scan(text) if token.type != "BLANK"]
    kinds = [token.type for token in tokens]
    dropped: set[int] = set()
    for index, kind in enumerate(kinds[:-1]):
        if kind in _ACTIONS and kinds[index + 1] == "LPAR":
            closing = kinds.index("RPAR", index)
            if set(kinds[index + 2 : closing]) <= {"NEWLINE"}:  # a comment in it keeps its place
                dropped.update(range(index + 1, closing + 1))
    return [token for index, token in enumerate(tokens) if index not in dropped]


class _Line(NamedTuple):
    """A line of the result: its code with the indent, and the comment behind it."""

    code: str
    comment: str

    @property
    def is_both(self) -> bool:
        return bool(self.code.strip() and self.comment)


def _lines(tokens: list[Token]) -> Iterator[_Line]:
    writer = _Writer()
    for index, token in enumerate(tokens):
        if token.type == "NEWLINE":
            yield writer.end_line()
        else:
            writer.write(token, tokens[index + 1].type if index + 1 < len(tokens) else "")
    yield writer.end_line()


class _Writer:
    """Writes token after token; what stands before decides about the space between."""

    def __init__(self) -> None:
        self.depth = 0
        self.before: Token | None = None
        self.is_sign = False  # whether the token before is a sign rather than an operation
        self._clear()

    def _clear(self) -> None:
        self.code, self.comment = "", ""
        self.is_line_start = True

    def end_line(self) -> _Line:
        line = _Line(self.code, self.comment)
        self._clear()
        if self.depth == 0:
            self.before, self.is_sign = None, False
        return line

    def write(self, token: Token, behind: str) -> None:
        if token.type == "COMMENT":
            self.comment = token.text.rstrip()
            if self.is_line_start:
                self.code = _INDENT * self.depth
            return
        is_closing = token.type in _CLOSING
        if self.is_line_start:
            self.code = _INDENT * (self.depth - is_closing)
        elif not self._is_tight(token):
            self.code += " "
        self.code += _spelled(token, self.before, behind, self.depth)
        is_value_before = self.before is not None and self.before.type in _VALUE_ENDS
        self.is_sign = token.type == "MINUS" and not is_value_before
        self.depth += (token.type in _OPENING) - is_closing
        self.before, self.is_line_start = token, False

    def _is_tight(self, token: Token) -> bool:
        before = self.before
        assert before is not None
        is_keyword_argument = self.depth > 0 and "EQUAL" in (token.type, before.type)
        is_call = token.type == "LPAR" and before.type in _ACTIONS | {"NAME"}
        is_signed = self.is_sign and token.type != "MINUS"  # two dashes look like a comment
        return (
            is_signed
            or is_call
            or is_keyword_argument
            or token.type in _TIGHT_BEFORE
            or before.type in _TIGHT_BEHIND
        )


def _joined(lines: Iterable[_Line]) -> str:
    """Lines to text: comments behind code in one column, at most one empty line in a row."""
    result: list[str] = []
    for is_aligned, group in groupby(lines, lambda line: line.is_both):
        block = list(group)
        width = max(len(line.code) for line in block) + 2 if is_aligned else 0
        for line in block:
            whole = (line.code.ljust(width) + line.comment).rstrip()
            if whole or (result and result[-1]):
                result.append(whole)
    while result and not result[-1]:
        result.pop()
    return "".join(line + "\n" for line in result)


def _spelled(token: Token, before: Token | None, behind: str, depth: int) -> str:
    text = token.text
    if token.type == "NOT":
        return "NOT"
    if text.upper() in KEYWORDS and token.type == text.upper():
        return text.upper()
    if token.type == "PERIOD":
        return "".join(text.split())
    if token.type in ("NUMBER", "INTEGER"):
        return ("0" if text.startswith(".") else "") + text.lower()
    if token.type != "NAME":
        return text
    if before is not None and before.type == "DOT":
        return text.lower()
    if behind == "EQUAL" and depth > 0:
        return text.lower()  # the keyword of an argument
    if text.upper() in functions() and behind == "LPAR":
        return text.upper()
    return text.lower() if is_series(text) else text
