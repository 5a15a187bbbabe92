"""Statements, and the program as a whole: whether the tree means something."""

from __future__ import annotations

from dataclasses import dataclass

from hquant_cffi.dsl import syntax
from hquant_cffi.dsl.bind import Binding
from hquant_cffi.dsl.diagnostics import Report
from hquant_cffi.dsl.infer import Inference
from hquant_cffi.dsl.names import Names
from hquant_cffi.dsl.parse import Parsed
from hquant_cffi.dsl.source import Span
from hquant_cffi.dsl.types import Type

__all__ = ["Checked", "check"]

MAX_PARAMS = 256
MAX_RULES = 256

_UPPER_BAND = "upper"


@dataclass(frozen=True, slots=True)
class Checked:
    """A program without errors.

    Attributes
    ----------
    program : syntax.Program
    params : dict of str to syntax.Param
        In the order of the text.
    bindings : dict of Span to Binding
        What each call means, by the call's span.
    """

    program: syntax.Program
    params: dict[str, syntax.Param]
    bindings: dict[Span, Binding]


def check(parsed: Parsed, report: Report) -> Checked:
    """Check a program; errors and warnings go to `report`.

    Raises
    ------
    CompileError
        There are errors, those of earlier stages included.
    """
    checker = _Checker(parsed, report)
    for statement in parsed.program.statements:
        checker.statement(statement)
    report.raise_errors()
    checker.warn()
    return Checked(parsed.program, checker.names.params, checker.inference.bindings)


class _Checker:
    def __init__(self, parsed: Parsed, report: Report) -> None:
        self.report = report
        self.names = Names(parsed, report)
        self.inference = Inference(self.names, report)
        self.n_rules = 0

    def statement(self, statement: syntax.Statement) -> None:
        match statement:
            case syntax.Param():
                self._param(statement)
            case syntax.Assign():
                value = self.inference.value(statement.value)
                self.names.values.setdefault(statement.name, value)
            case syntax.Rule():
                self._rule(statement)

    def _param(self, param: syntax.Param) -> None:
        if param.name in self.names.params:
            return
        self.names.params[param.name] = param
        if len(self.names.params) == MAX_PARAMS + 1:
            self.report.error("E3004", param.span, f"expected at most {MAX_PARAMS} PARAMs")
        low, high, step = param.minimum, param.maximum, param.step
        if low is None or high is None:
            return
        if low.value > high.value:
            self.report.error(
                "E3006",
                Span(low.span.start, high.span.end),
                f"expected minimum <= maximum, found {low.value:.17g}..{high.value:.17g}",
                f"{high.value:.17g}..{low.value:.17g}",
            )
        elif not low.value <= param.value.value <= high.value:
            self.report.error(
                "E3006",
                param.value.span,
                f"expected a value in {low.value:.17g}..{high.value:.17g}, "
                f"found {param.value.value:.17g}",
                "change the value or the range",
            )
        if step is not None and step.value == 0:
            self.report.error("E3006", step.span, "expected a step above 0, found 0")
        elif low.value < high.value < low.value + (1.0 if step is None else step.value):
            self.report.warn(
                "W9003",
                (step or high).span,
                f"the range has no value but {low.value:.17g}",
                "the step is 1 unless STEP says otherwise",
            )

    def _rule(self, rule: syntax.Rule) -> None:
        self.n_rules += 1
        if self.n_rules == MAX_RULES + 1:
            self.report.error("E3004", rule.span, f"expected at most {MAX_RULES} rules")
        condition = self.inference.value(rule.condition)
        self.inference.require(condition, Type.CONDITION, rule.condition, "IF")
        seen: set[str] = set()
        for clause in rule.clauses:
            if clause.kind in seen:
                self.report.error("E2016", clause.span, f"{clause.kind} stands twice in this rule")
            seen.add(clause.kind)
            value = self.inference.value(clause.value)
            self.inference.require(value, Type.NUMBER, clause.value, clause.kind)
        if rule.clauses and rule.action == "HOLD":
            self.report.warn(
                "W9005", rule.clauses[0].span, "HOLD makes no order: its clauses have no effect"
            )

    def warn(self) -> None:
        """Note what is allowed and probably not meant."""
        for span, row in self.inference.bare.items():
            if row.outputs[0] == _UPPER_BAND:
                self.report.warn(
                    "W9001",
                    span,
                    f"{row.name} without an output is its first, the upper band",
                    f"write .upper, or one of .{', .'.join(row.outputs[1:])}",
                )
        for name, span in self.names.definitions.items():
            if name not in self.names.used:
                self.report.warn("W9002", span, f"{name} is never used")
        if self.n_rules == 0:
            self.report.warn(
                "W9004",
                Span(0, 0),
                "no rule: this strategy never gives a signal",
                "IF condition THEN BUY",
            )
