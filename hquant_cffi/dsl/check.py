"""Statements, and the program as a whole: whether the tree means something."""

from __future__ import annotations

from dataclasses import dataclass

from hquant_cffi.dsl import syntax
from hquant_cffi.dsl.bind import Binding
from hquant_cffi.dsl.catalog import Row
from hquant_cffi.dsl.diagnostics import Report
from hquant_cffi.dsl.infer import Inference
from hquant_cffi.dsl.names import Names
from hquant_cffi.dsl.parse import Parsed
from hquant_cffi.dsl.source import Span
from hquant_cffi.dsl.types import Type

__all__ = ["Checked", "check"]

MAX_PARAMS = 256
MAX_RULES = 256
_SPLIT = "split it into several strategies"


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
    outputs : dict of Span to int
        Which output each ``x.output`` is, by its span.
    rows : dict of Span to Row
        What calls and names stand for that have several outputs.
    names : Names
        What is defined where, and what is used.
    """

    program: syntax.Program
    params: dict[str, syntax.Param]
    bindings: dict[Span, Binding]
    outputs: dict[Span, int]
    rows: dict[Span, Row]
    names: Names


def check(parsed: Parsed, report: Report) -> Checked:
    """Check a program; errors go to `report`.

    Raises
    ------
    CompileError
        There are errors, those of earlier stages included.
    """
    checker = _Checker(parsed, report)
    for statement in parsed.program.statements:
        checker.statement(statement)
    report.raise_errors()
    names, inference = checker.names, checker.inference
    return Checked(
        parsed.program,
        names.params,
        inference.bindings,
        inference.outputs,
        inference.rows,
        names,
    )


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
            self.report.error("E3004", param.span, f"expected at most {MAX_PARAMS} PARAMs", _SPLIT)
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
            self.report.error(
                "E3006", step.span, "expected a step above 0, found 0", "such as STEP 1"
            )

    def _rule(self, rule: syntax.Rule) -> None:
        self.n_rules += 1
        if self.n_rules == MAX_RULES + 1:
            self.report.error("E3004", rule.span, f"expected at most {MAX_RULES} rules", _SPLIT)
        condition = self.inference.value(rule.condition)
        self.inference.require(condition, Type.CONDITION, rule.condition, "IF")
        seen: set[str] = set()
        for clause in rule.clauses:
            if clause.kind in seen:
                self.report.error(
                    "E2016",
                    clause.span,
                    f"{clause.kind} stands twice in this rule",
                    "leave one of the two out",
                )
            seen.add(clause.kind)
            value = self.inference.value(clause.value)
            self.inference.require(value, Type.NUMBER, clause.value, clause.kind)
