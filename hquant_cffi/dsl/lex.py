"""Tokens to statements.

A newline ends a statement unless a bracket is open. A statement with a broken token or bracket is
not parsed.
"""

from __future__ import annotations

from typing import NamedTuple

from hquant_cffi.dsl.diagnostics import Report
from hquant_cffi.dsl.source import Span
from hquant_cffi.dsl.token_checks import is_good, translated
from hquant_cffi.dsl.tokens import Token, scan

__all__ = ["MAX_DEPTH", "Statement", "split_statements"]

MAX_DEPTH = 200

_VALUE_ENDS = frozenset({"NAME", "NUMBER", "INTEGER", "RPAR", "RSQB", "PERIOD"})


class Statement(NamedTuple):
    """The tokens of a statement; not to be parsed when it is broken."""

    tokens: list[Token]
    is_broken: bool


def split_statements(report: Report) -> list[Statement]:
    """Cut the text of `report` into statements.

    Raises
    ------
    CompileError
        Brackets are nested deeper than 200: reading on makes no sense.
    """
    return _Splitter(report).run()


class _Splitter:
    def __init__(self, report: Report) -> None:
        self.report = report
        self.statements: list[Statement] = []
        self.tokens: list[Token] = []
        self.brackets: list[Token] = []
        self.is_broken = False

    def run(self) -> list[Statement]:
        found = [translated(each, self.report) for each in scan(self.report.source.text)]
        found = [token for token in found if token.type not in ("BLANK", "COMMENT")]
        at_line_start = True
        for index, token in enumerate(found):
            if token.type == "NEWLINE":
                at_line_start = True
                if not self.brackets:
                    self.finish()
                continue
            if self.brackets and at_line_start and self.begins_statement(found, index):
                self.finish()
            at_line_start = False
            self.take(token)
        self.finish()
        return self.statements

    def begins_statement(self, found: list[Token], index: int) -> bool:
        """Whether the bracket that is still open was forgotten, and this is a new statement.

        IF and PARAM stand nowhere else. A name with = behind it does, as a keyword argument, but
        never straight behind a value.
        """
        token = found[index]
        if token.type in ("IF", "PARAM"):
            return True
        is_assigned = token.type == "NAME" and [t.type for t in found[index + 1 : index + 2]] == [
            "EQUAL"
        ]
        return is_assigned and self.tokens[-1].type in _VALUE_ENDS

    def take(self, token: Token) -> None:
        kind = token.type
        # No expression goes on behind THEN: the bracket was forgotten.
        if kind == "THEN" and self.brackets:
            self.report_unclosed()
        self.tokens.append(token)
        if kind in ("LPAR", "LSQB"):
            self.brackets.append(token)
            if len(self.brackets) > MAX_DEPTH:
                self.report.fatal(
                    "E3002",
                    token.span,
                    f"expected at most {MAX_DEPTH} nested brackets",
                    "give inner parts a name: x = ...",
                )
        elif kind in ("RPAR", "RSQB"):
            self.is_broken |= not _closes(token, self.brackets, self.report)
        else:
            self.is_broken |= not is_good(token, self.report)

    def report_unclosed(self) -> None:
        """Mark from each open bracket to where it had to be closed, in its line."""
        end = self.tokens[-1].span.end
        for opening in self.brackets:
            line_end = self.report.source.line_end(opening.span.start)
            self.report.error(
                "E1004",
                Span(opening.span.start, min(end, line_end)),
                f"expected {_closing(opening)} for this {opening.text}, found none",
                f"close it with {_closing(opening)}",
            )
            self.is_broken = True
        self.brackets.clear()

    def finish(self) -> None:
        if self.brackets:
            self.report_unclosed()
        if self.tokens or self.is_broken:
            self.statements.append(Statement(self.tokens, self.is_broken))
        self.tokens, self.is_broken = [], False


def _closes(token: Token, brackets: list[Token], report: Report) -> bool:
    if not brackets:
        return True  # the parser stops there, or at what is wrong before it
    opening = brackets.pop()
    if (opening.type == "LPAR") == (token.type == "RPAR"):
        return True
    line, column = report.source.position(opening.span.start)
    report.error(
        "E1004",
        token.span,
        f"expected {_closing(opening)} for the {opening.text} at {line}:{column}, "
        f"found {token.text}",
        f"close it with {_closing(opening)}",
    )
    return False


def _closing(opening: Token) -> str:
    return ")" if opening.type == "LPAR" else "]"
