"""Warnings: what is allowed and probably not meant. Only a text without errors gets any."""

from __future__ import annotations

from hquant_cffi._param_range import nearest_value, range_count
from hquant_cffi.dsl import syntax
from hquant_cffi.dsl.catalog import Operator
from hquant_cffi.dsl.check import Checked
from hquant_cffi.dsl.conditions import Condition, Fact, Number
from hquant_cffi.dsl.diagnostics import Report
from hquant_cffi.dsl.facts import COMPARISONS, Facts, is_other_unit
from hquant_cffi.dsl.interval import ANY
from hquant_cffi.dsl.names import is_series
from hquant_cffi.dsl.source import Span

__all__ = ["lint"]

_UPPER_BAND = "upper"
_CROSSINGS = frozenset({"CROSSOVER", "CROSSUNDER", "CROSS"})
_WINDOWS = {"MAX": "HIGHEST", "MIN": "LOWEST"}


def lint(checked: Checked, report: Report, bar_period_ms: int | None) -> None:
    """Note warnings about a program; `bar_period_ms` is that of its bars, None when not known."""
    _Lint(checked, report, bar_period_ms).run()


class _Lint:
    def __init__(self, checked: Checked, report: Report, bar_period_ms: int | None) -> None:
        self.checked = checked
        self.report = report
        self.bar_period_ms = bar_period_ms
        self.facts = Facts(checked)
        self.rules: list[tuple[syntax.Rule, Condition]] = []

    def run(self) -> None:
        for statement in self.checked.program.statements:
            match statement:
                case syntax.Param():
                    self.param(statement)
                case syntax.Assign():
                    self.facts.names[statement.name] = self.expression(statement.value, True)
                case syntax.Rule():
                    self.rule(statement)
        names = self.checked.names
        for name, span in names.definitions.items():
            if name not in names.used:
                self.report.warn("W9002", span, f"{name} is never used", "take the line away")
        if not self.rules:
            self.report.warn(
                "W9004",
                Span(0, 0),
                "no rule: this strategy never gives a signal",
                "IF condition THEN BUY",
            )

    # ---------------------------------------------------------------- statements

    def param(self, param: syntax.Param) -> None:
        low, high = param.minimum, param.maximum
        if low is None or high is None:
            return
        step = 1.0 if param.step is None else param.step.value
        values = low.value, high.value, step
        if range_count(*values) == 1 and low.value < high.value:
            self.report.warn(
                "W9003",
                (param.step or high).span,
                f"the range has no value but {low.value:.17g}",
                "the step is 1 unless STEP says otherwise",
            )
        elif (near := nearest_value(*values, param.value.value)) != param.value.value:
            self.report.warn(
                "W9011",
                param.value.span,
                f"{param.value.value:.17g} is not among the values of its range: a sweep over "
                f"{low.value:.17g}..{high.value:.17g} by {step:.17g} leaves it out",
                f"the nearest is {near:.17g}",
            )

    def rule(self, rule: syntax.Rule) -> None:
        condition = self.expression(rule.condition, False)
        assert isinstance(condition, Condition)
        earlier = None
        if condition.can_be_true:
            earlier = next((each for each in self.rules if _hides(each[1], condition)), None)
        if earlier is not None:
            line, _ = self.report.source.position(earlier[0].span.start)
            self.report.warn(
                "W9008",
                rule.condition.span,
                f"this rule never fires: whenever its condition is true, the rule of line {line} "
                "has fired before",
                "the first true rule wins: put this one above it, or change its condition",
            )
        self.rules.append((rule, condition))
        for clause in rule.clauses:
            self.clause(rule, clause)

    def clause(self, rule: syntax.Rule, clause: syntax.Clause) -> None:
        value = self.expression(clause.value, False)
        assert isinstance(value, Number)
        if rule.action == "HOLD":
            if clause is rule.clauses[0]:
                self.report.warn(
                    "W9005",
                    clause.span,
                    "HOLD makes no order: its clauses have no effect",
                    "take the clauses away",
                )
        elif value.range.high <= 0 and not value.range.is_empty:
            self.report.warn(
                "W9014",
                clause.span,
                f"{clause.kind} is never above 0: every order of this rule is rejected",
                f"write a {clause.kind} above 0, or leave it out",
            )

    # --------------------------------------------------------------- expressions

    def expression(self, root: syntax.Expr, is_assigned: bool) -> Fact:
        result = self.facts.of(root)
        self.bare_calls(root, is_assigned)
        for node, fact, operands in self.facts.found:
            if isinstance(fact, Condition):
                self.decided(node, fact, operands)
            elif fact.range.is_empty:
                self.unknown(node, operands)
            match node:
                case syntax.Binary() if node.op in COMPARISONS:
                    self.compared(node, node.op, operands)
                case syntax.Call() if node.function.upper() in _CROSSINGS:
                    self.compared(node, "CROSS", operands)
                case syntax.Call():
                    self.window(node)
                    self.kinds(node)
                case syntax.At():
                    self.timeframe(node)
        return result

    def decided(self, node: syntax.Expr, fact: Condition, operands: list[Fact]) -> None:
        """A condition that is always or never true; once, where it is decided."""
        if isinstance(node, syntax.Name | syntax.At) or fact.can_be_true == fact.can_be_false:
            return
        parts = [each for each in operands if isinstance(each, Condition)]
        if any(each.can_be_true != each.can_be_false for each in parts):
            return
        if fact.can_be_true:
            when = "" if fact.is_known else " where it is known"
            self.report.warn(
                "W9006",
                node.span,
                f"this condition is always true{when}",
                self.range_hint(node, operands) or "take it away",
            )
            return
        hint = self.range_hint(node, operands) or "no bar can fulfil it"
        if _reads_own_bar(node):
            hint = "the window ends with this bar: look one bar back, as in HIGHEST(20)[1]"
        self.report.warn("W9007", node.span, "this condition is never true", hint)

    def range_hint(self, node: syntax.Expr, operands: list[Fact]) -> str | None:
        """Where the side lies that is no constant, when something is known of it."""
        if not isinstance(node, syntax.Binary) or node.op not in COMPARISONS:
            return None
        for side, fact in zip((node.left, node.right), operands, strict=True):
            if isinstance(fact, Number) and not fact.range.is_point and fact.range != ANY:
                text = " ".join(self.report.source.text[slice(*side.span)].split())
                low, high = fact.range
                return f"{text} lies in {low:.17g}..{high:.17g}".replace("..inf", " and above")
        return None

    def unknown(self, node: syntax.Expr, operands: list[Fact]) -> None:
        """A number without a value; once, where it is lost."""
        if isinstance(node, syntax.Name) or any(_is_unknown(each) for each in operands):
            return
        self.report.warn(
            "W9012",
            node.span,
            "this has no value on any bar: it is always unknown",
            "a rule that reads it never fires",
        )

    def compared(self, node: syntax.Expr, op: str, operands: list[Fact]) -> None:
        left, right = operands[:2]
        assert isinstance(left, Number)
        assert isinstance(right, Number)
        if is_other_unit(left, right):
            self.report.warn(
                "W9015",
                node.span,
                f"this compares {left.unit} with {right.unit}",
                "compare what is measured alike",
            )
        elif op in ("==", "!=") and (left.is_computed or right.is_computed):
            if left.key == right.key or _is_end(left, right) or _is_end(right, left):
                return
            self.report.warn(
                "W9013",
                node.span,
                f"{op} compares a computed number to its last digit",
                "compare with <= or >=, or write ABS(a - b) < 0.01",
            )

    def window(self, node: syntax.Call) -> None:
        function = self.checked.bindings[node.span].function
        if not isinstance(function, Operator) or function.name not in _WINDOWS:
            return
        first, second = (argument.value for argument in node.arguments)
        is_window = isinstance(first, syntax.Name) and is_series(first.name)
        if is_window and isinstance(second, syntax.Number) and second.is_integer:
            series = self.report.source.text[slice(*first.span)]
            count = f"{second.value:.0f}"
            self.report.warn(
                "W9016",
                node.span,
                f"{function.name} takes two numbers: the {_WINDOWS[function.name].lower()} "
                f"of {count} bars is another function",
                f"{_WINDOWS[function.name]}({series}, {count})",
            )

    def kinds(self, node: syntax.Call) -> None:
        """Numbers in a row that say which average is meant, where others have a length."""
        binding = self.checked.bindings[node.span]
        if isinstance(binding.function, Operator):
            return
        given = [each for each in node.arguments if each.keyword is None]
        inputs = [n for n in binding.inputs if n is not None and node.arguments[n].keyword is None]
        params = binding.function.params
        for param, argument in zip(params, given[len(inputs) :], strict=False):
            if param.name.endswith("_matype") and not _is_zero(argument.value):
                text = self.report.source.text[slice(*argument.span)]
                self.report.warn(
                    "W9017",
                    argument.span,
                    f"{text} is the {param.name} of {binding.function.name}: "
                    "which average is taken, not a length",
                    f"write {param.name}={text}, or name the lengths instead",
                )

    def timeframe(self, node: syntax.At) -> None:
        bar = self.bar_period_ms
        if bar is None:
            return
        if node.period_ms <= bar:
            self.report.warn(
                "W9009",
                node.span,
                f"this period is not above that of the bars: expected more than {_period(bar)}, "
                f"found {_period(node.period_ms)}",
                "a series without @ is that of the bars",
            )
        elif node.period_ms % bar:
            self.report.warn(
                "W9010",
                node.span,
                f"bars of {_period(bar)} do not fill candles of {_period(node.period_ms)}",
                f"take a multiple of {_period(bar)}",
            )

    def bare_calls(self, root: syntax.Expr, is_assigned: bool) -> None:
        """Calls of bands, or names of such, of which no output is named."""
        named: set[Span] = set()
        waiting = [root] if is_assigned else []
        waiting += [node.operand for node, _, _ in self.facts.found if type(node) is syntax.Output]
        for node in waiting:  # what carries on to an output, or to a name with all its outputs
            while isinstance(node, syntax.At):
                node = node.operand
            named.add(node.span)
        for node, _, _ in self.facts.found:
            row = self.checked.rows.get(node.span) if node.span not in named else None
            if row is not None and row.outputs[0] == _UPPER_BAND:
                self.report.warn(
                    "W9001",
                    node.span,
                    f"{row.name} without an output is its first, the upper band",
                    f"write .upper, or one of .{', .'.join(row.outputs[1:])}",
                )


def _hides(earlier: Condition, later: Condition) -> bool:
    is_always_true = earlier.is_known and not earlier.can_be_false
    return is_always_true or earlier.conjuncts <= later.conjuncts


def _is_unknown(fact: Fact) -> bool:
    return isinstance(fact, Number) and fact.range.is_empty


def _is_zero(node: syntax.Expr) -> bool:
    return isinstance(node, syntax.Number) and node.value == 0


def _is_end(number: Number, other: Number) -> bool:
    """Whether a number is compared with an end of its own range, which it reaches exactly."""
    return other.range.is_point and other.range.low in number.range


def _reads_own_bar(node: syntax.Expr) -> bool:
    if not isinstance(node, syntax.Binary):
        return False
    sides = (node.left, node.right)
    return any(
        isinstance(side, syntax.Call) and side.function.upper() in ("HIGHEST", "LOWEST")
        for side in sides
    ) and not any(isinstance(side, syntax.Number) for side in sides)


def _period(ms: int) -> str:
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)):
        if ms % size == 0:
            return f"{ms // size}{unit}"
    return f"{ms}ms"
