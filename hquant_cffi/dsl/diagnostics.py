"""What is wrong with a text, as data, and the one way it is printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, NoReturn, TypedDict

from hquant_cffi._errors import CompileError
from hquant_cffi.dsl.source import Source, Span

__all__ = ["CODES", "Diagnostic", "DiagnosticDict", "Report", "did_you_mean", "render"]

# Every code and its title. Codes are stable: never reused, never renumbered.
CODES: dict[str, str] = {
    # the text
    "E1001": "unexpected character",
    "E1002": "malformed number",
    "E1003": "malformed period",
    "E1004": "unbalanced bracket",
    "E1005": "unexpected token",
    "E1006": "chained comparison",
    "E1007": "not a statement",
    "E1008": "operator of another language",
    "E1009": "comment of another language",
    "E1010": "= where == is meant",
    "E1011": "missing THEN",
    "E1012": "no action behind THEN",
    "E1013": "statement of another language",
    "E1014": "PARAM whose number is no literal",
    "E1015": "bars back that are no literal",
    "E1016": "statement over several lines",
    "E1017": "file name instead of a text",
    "E1018": "empty argument",
    "E1019": "misplaced %",
    "E1020": "argument of an action",
    "E1021": "text in quotes",
    # names and types
    "E2001": "unknown name",
    "E2002": "unknown function",
    "E2003": "name used before it is assigned",
    "E2004": "name assigned twice",
    "E2005": "reserved name",
    "E2006": "function or name in the other's place",
    "E2007": "wrong type",
    "E2008": "too many arguments",
    "E2009": "missing argument",
    "E2010": "unknown keyword",
    "E2011": "argument given twice",
    "E2012": "parameter that is neither a literal nor a PARAM",
    "E2013": "unknown output",
    "E2014": "@period on what is neither a series nor a call",
    "E2015": "conflicting periods",
    "E2016": "clause given twice",
    "E2017": "constant in the place of a series",
    "E2018": "earlier value of a condition",
    "E2019": "look-ahead",
    # ranges and limits
    "E3001": "text too long",
    "E3002": "nested too deep",
    "E3003": "program too large",
    "E3004": "too many of a kind",
    "E3005": "value out of range",
    "E3006": "inconsistent PARAM range",
    "E3007": "parameters that do not fit together",
    "E3008": "PARAM that leaves a parameter's range",
    # warnings
    "W9001": "first output taken",
    "W9002": "unused name",
    "W9003": "range of a single value",
    "W9004": "no rule",
    "W9005": "clause without an order",
    "W9006": "condition that is always true",
    "W9007": "condition that is never true",
    "W9008": "rule that never fires",
    "W9009": "timeframe that is not above the bars'",
    "W9010": "timeframe that bars do not fill",
    "W9011": "PARAM value that is not in its range's steps",
    "W9012": "always unknown",
    "W9013": "exact comparison of a computed number",
    "W9014": "clause that rejects every order",
    "W9015": "comparison of different units",
    "W9016": "window function meant",
    "W9017": "kind of average where a length may be meant",
}

_MAX_ERRORS = 50
_MORE = f"\n... and more: the first {_MAX_ERRORS} are shown"
_SHOWN_WIDTH = 120


class DiagnosticDict(TypedDict):
    """A diagnostic for JSON; lines and columns from 1, the end exclusive."""

    code: str
    severity: str
    title: str
    message: str
    hint: str | None
    file: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.

    Attributes
    ----------
    code : str
        A key of `CODES`.
    severity : {"error", "warning"}
    span : Span
        Where, as offsets into the text.
    message : str
        What was expected and what was found.
    hint : str or None
        What to do.
    """

    code: str
    severity: Literal["error", "warning"]
    span: Span
    message: str
    hint: str | None = None

    def render(self, source: Source) -> str:
        """Return the finding as text: place, message, the line with carets, the hint."""
        line, column = source.position(self.span.start)
        shown, carets = _excerpt(source.line_text(line), column, self.span.end - self.span.start)
        margin = " " * len(str(line))
        name = _printable(source.name)
        rows = [
            f"{name}:{line}:{column}: {self.severity}[{self.code}]: {self.message}",
            f"  {line} | {shown}".rstrip(),
            f"  {margin} | {carets}",
        ]
        if self.hint is not None:
            rows.append(f"  hint: {self.hint}")
        return "\n".join(rows)

    def to_dict(self, source: Source) -> DiagnosticDict:
        """Return the finding as a dict that JSON can carry."""
        line, column = source.position(self.span.start)
        end_line, end_column = source.position(self.span.end)
        return {
            "code": self.code,
            "severity": self.severity,
            "title": CODES[self.code],
            "message": self.message,
            "hint": self.hint,
            "file": source.name,
            "line": line,
            "column": column,
            "end_line": end_line,
            "end_column": end_column,
        }


def _printable(text: str) -> str:
    """The text without what a terminal would obey."""
    return "".join(c if c.isprintable() else " " for c in text)


def _excerpt(line: str, column: int, length: int) -> tuple[str, str]:
    """The line and the carets under it, cut to a window when the line is very long."""
    printable = _printable(line)
    first = max(0, column - 1 - _SHOWN_WIDTH // 2) if len(line) > _SHOWN_WIDTH else 0
    shown = printable[first : first + _SHOWN_WIDTH]
    at = column - 1 - first
    count = max(1, min(length, len(shown) - at))
    return shown, " " * at + "^" * count


def render(diagnostics: Iterable[Diagnostic], source: Source) -> str:
    """Return findings as text, one below the other."""
    return "\n".join(diagnostic.render(source) for diagnostic in diagnostics)


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Return a hint that names the nearest known word, whatever its case; None without one."""
    by_fold = {name.lower(): name for name in known}
    near = get_close_matches(word.lower(), by_fold, n=5, cutoff=0.6)
    # Of words that are about as near, one with the same letters was meant: RIS is RSI, not RVI.
    near.sort(key=lambda each: sorted(each) != sorted(word.lower()))
    return f"did you mean {by_fold[near[0]]}?" if near else None


class Report:
    """The findings of one run, errors and warnings apart."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.errors: list[Diagnostic] = []
        self.warnings: list[Diagnostic] = []

    def error(self, code: str, span: Span, message: str, hint: str | None = None) -> None:
        """Note an error; the run ends at the one behind the 50th."""
        if len(self.errors) == _MAX_ERRORS:
            self._raise(_MORE)
        self.errors.append(Diagnostic(code, "error", span, message, hint))

    def fatal(self, code: str, span: Span, message: str, hint: str | None = None) -> None:
        """Note an error after which going on makes no sense, and end the run."""
        self.error(code, span, message, hint)
        self.raise_errors()

    def warn(self, code: str, span: Span, message: str, hint: str | None = None) -> None:
        """Note a warning."""
        self.warnings.append(Diagnostic(code, "warning", span, message, hint))

    def raise_errors(self) -> None:
        """Raise `CompileError` when there are errors, in the order of the text."""
        if self.errors:
            self._raise()

    def _raise(self, more: str = "") -> NoReturn:
        found = tuple(sorted(self.errors, key=lambda diagnostic: diagnostic.span))
        line, column = self.source.position(found[0].span.start)
        text = render(found, self.source) + more
        raise CompileError(text, line, column, diagnostics=found, source=self.source)
