"""The names of a text: what is defined where, what is reserved, what a name stands for."""

from __future__ import annotations

from hquant_cffi.dsl import syntax
from hquant_cffi.dsl.catalog import AVERAGES, SERIES, functions
from hquant_cffi.dsl.diagnostics import Report, did_you_mean
from hquant_cffi.dsl.parse import Parsed
from hquant_cffi.dsl.source import Span
from hquant_cffi.dsl.types import BROKEN, CONSTANT, Type, Value

__all__ = ["Names", "is_series"]


_FOREIGN_SERIES = {
    "O": "open", "H": "high", "L": "low", "C": "close", "V": "volume", "VOL": "volume",
    "PRICE": "close", "LAST": "close", "MEDIAN_PRICE": "hl2", "TYPICAL_PRICE": "hlc3",
}  # fmt: skip


def is_series(name: str) -> bool:
    """Whether a name is a series, in any case."""
    return name.lower() in SERIES or name.lower() in AVERAGES


def _reserved_as(name: str) -> str | None:
    if is_series(name):
        return "a series"
    return "a function" if name.upper() in functions() else None


class Names:
    """Every name that a text defines; those of statements that could not be read count too."""

    def __init__(self, parsed: Parsed, report: Report) -> None:
        self.report = report
        self.params: dict[str, syntax.Param] = {}
        self.values: dict[str, Value] = {}  # of the assignments so far
        self.definitions: dict[str, Span] = {}  # of the whole text
        self.used: set[str] = set()
        self._broken = parsed.broken_names
        self._literals: dict[str, str] = {}
        self._collect(parsed.program)

    def _collect(self, program: syntax.Program) -> None:
        for statement in program.statements:
            if isinstance(statement, syntax.Rule):
                continue
            name, span = statement.name, statement.name_span
            reserved = _reserved_as(name)
            if reserved is not None:
                self.report.error(
                    "E2005",
                    span,
                    f"{name} is {reserved} and cannot be assigned",
                    f"choose another name, such as my_{name.lower()}",
                )
            elif name in self.definitions:
                line, column = self.report.source.position(self.definitions[name].start)
                self.report.error(
                    "E2004",
                    span,
                    f"{name} is assigned twice, first at {line}:{column}",
                    "a name keeps its meaning: choose another",
                )
            else:
                self.definitions[name] = span
                if isinstance(statement, syntax.Assign) and type(statement.value) is syntax.Number:
                    start, end = statement.value.span
                    self._literals[name] = self.report.source.text[start:end]

    def literal(self, name: str) -> str | None:
        """The number that a name was assigned, as it was written; None when it is no literal."""
        return self._literals.get(name)

    def look_up(self, node: syntax.Name, at: int) -> Value:
        """What is known of a name; `at` is the period around it."""
        name = node.name
        if is_series(name):
            return Value(Type.NUMBER, at)
        self.used.add(name)
        if name in self.params:
            return CONSTANT
        if name in self.values:
            return self.values[name]
        if name in self._broken:
            return BROKEN
        if name in self.definitions:
            line, _ = self.report.source.position(self.definitions[name].start)
            self.report.error(
                "E2003",
                node.span,
                f"{name} is used before line {line} has assigned it",
                "move the assignment up",
            )
        elif name.upper() in functions():
            self.report.error(
                "E2006",
                node.span,
                f"{name} is a function: expected its arguments",
                f"{name}(...)",
            )
        else:
            known = [*SERIES, *AVERAGES, *self.definitions, *self._broken]
            hint = did_you_mean(name, known)
            if name.upper() in _FOREIGN_SERIES:
                hint = f"it is called {_FOREIGN_SERIES[name.upper()]} here"
            if name.upper().startswith("NOT") and name[3:] in known:
                hint = f"put a space behind NOT: NOT {name[3:]}"
            expected = "a series, a PARAM or an assigned name"
            hint = hint or f"assign it above: {name} = ..."
            self.report.error("E2001", node.span, f"expected {expected}, found {name}", hint)
        return BROKEN
