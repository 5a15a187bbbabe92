"""What can be said of expressions before they run: between which values, true or false at all.

Facts hold whenever the value is known, for bars whose high and low enclose open and close. They
make warnings and nothing else, so a fact that is missing costs a warning and no more.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence

from hquant_cffi.dsl import interval, syntax
from hquant_cffi.dsl.catalog import SERIES, Operator, Row
from hquant_cffi.dsl.check import Checked
from hquant_cffi.dsl.conditions import Condition, Fact, Logic, Number
from hquant_cffi.dsl.interval import ANY, NONE, Interval
from hquant_cffi.dsl.names import is_series
from hquant_cffi.dsl.order import Key, Order

__all__ = ["COMPARISONS", "Facts", "is_other_unit"]

COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})

_FIELDS = (*SERIES, "time")
_MIRRORED = {">": "<", ">=": "<="}

_RANGE = re.compile(r"(-?[0-9.]*[0-9])\.\.(-?[0-9.]*[0-9])")
# Rows whose output lies between the extremes of what they read.
_INSIDE = frozenset(
    {"SMA", "EMA", "WMA", "RMA", "TRIMA", "KAMA", "MEDIAN", "HIGHEST", "LOWEST", "LAG"}
)
_NOT_NEGATIVE = frozenset({"TR", "ATR", "NATR", "TRANGE", "STDDEV", "AVGDEV", "VAR", "BARSSINCE"})
# Rows that pass values on, so that two of them can be equal for a reason.
_EXACT = frozenset({"MEDIAN", "HIGHEST", "LOWEST", "LAG", "DONCHIAN", "VALUEWHEN", "CHANGE", "SUM"})


class Facts:
    """Works through expressions in the order of the text.

    Attributes
    ----------
    found : list of (node, fact, facts of its operands)
        Of the expression that `of` has been asked for last, operands before what uses them.
    """

    def __init__(self, checked: Checked) -> None:
        self.checked = checked
        self.names: dict[str, Fact] = {}
        self.found: list[tuple[syntax.Expr, Fact, list[Fact]]] = []
        self._order = Order()
        self._logic = Logic(self._order)

    def of(self, root: syntax.Expr) -> Fact:
        """Return what is known of an expression."""
        self.found = []
        values: list[Fact] = []
        for node, arity, at in syntax.postorder(root):
            first = len(values) - arity
            operands = values[first:]
            del values[first:]
            values.append(self._node(node, at, operands))
            self.found.append((node, values[-1], operands))
        return values[0]

    def _node(self, node: syntax.Expr, at: int, operands: list[Fact]) -> Fact:
        match node:
            case syntax.Number():
                return self._constant(node.value)
            case syntax.Name():
                return self._name(node, at)
            case syntax.Call():
                return self._call(node, at, operands)
            case syntax.Binary():
                return self._binary(node.op, operands[0], operands[1])
            case syntax.Unary():
                operand = operands[0]
                if isinstance(operand, Condition):
                    return self._logic.negated(operand)
                low, high = operand.range
                return operand._replace(
                    key=self._order.key("-", operand.key), range=Interval(-high, -low)
                )
            case syntax.Index():
                return self._indexed(node, operands[0])
            case syntax.Output():
                return self._output(node, operands[0])
            case syntax.At():
                return operands[0]

    # ------------------------------------------------------------------ numbers

    def _name(self, node: syntax.Name, at: int) -> Fact:
        if is_series(node.name):
            return self._series(node.name.lower(), at)
        if node.name in self.checked.params:
            return self._param(self.checked.params[node.name])
        return self.names[node.name]

    def _series(self, name: str, at: int) -> Number:
        unit = {"volume": "volume", "buy_volume": "volume", "time": ""}.get(name, "price")
        values = Interval(0, math.inf) if unit == "volume" else ANY
        return Number(self._order.key("series", name, at), values, unit, False, at == 0)

    def _constant(self, value: float) -> Number:
        key = self._order.key("number", value)
        return Number(key, Interval(value, value), None, False, True)

    def _param(self, param: syntax.Param) -> Number:
        values = ANY
        if param.minimum is not None and param.maximum is not None:
            values = Interval(param.minimum.value, param.maximum.value)
        return Number(self._order.key("param", param.name), values, None, False, True)

    def _indexed(self, node: syntax.Index, operand: Fact) -> Fact:
        assert isinstance(operand, Number)
        if node.bars.value == 0:
            return operand
        key = self._order.key("LAG", operand.key, node.bars.value)
        return operand._replace(key=key, is_known=False)

    def _output(self, node: syntax.Output, operand: Fact) -> Fact:
        if self.checked.outputs[node.span] == 0:
            return operand  # what the call alone means
        assert isinstance(operand, Number)
        return operand._replace(key=self._order.key("output", operand.key, node.output.lower()))

    def _call(self, node: syntax.Call, at: int, operands: list[Fact]) -> Fact:
        binding = self.checked.bindings[node.span]
        given = [None if i is None else operands[i] for i in binding.inputs]
        if isinstance(binding.function, Operator):
            numbers = [each for each in given if isinstance(each, Number)]
            if len(numbers) < len(binding.function.operands):
                numbers.append(self._constant(binding.function.default or 0.0))
            return self._operator(binding.function.name, numbers)
        row = binding.function
        inputs: list[Fact] = []
        explicit = iter(given)
        for each in row.inputs:
            fact = None if each.is_implicit else next(explicit)
            if fact is None:
                assert each.field is not None
                fact = self._series(_FIELDS[each.field], at)
            inputs.append(fact)
        key = self._order.key(row.name, *(each.key for each in inputs), *binding.params)
        if row.is_condition:
            return self._logic.crossing(row.name, key, inputs)
        return self._indicator(row, key, inputs)

    def _indicator(self, row: Row, key: Key, inputs: list[Fact]) -> Number:
        numbers = [each for each in inputs if isinstance(each, Number)]
        values, unit = ANY, row.unit
        bounded = _RANGE.fullmatch(row.unit)
        if any(each.range.is_empty for each in numbers):
            values = NONE
        elif row.name in _INSIDE and numbers:
            values = numbers[0].range
        elif bounded:
            values = Interval(float(bounded[1]), float(bounded[2]))
        elif row.name in _NOT_NEGATIVE:
            values = Interval(0, math.inf)
        if unit == "that of x" and numbers:
            unit = numbers[0].unit or ""
        is_computed = row.name not in _EXACT and row.unit != "bars" and " or " not in row.unit
        return Number(key, values, unit, is_computed or any(x.is_computed for x in numbers), False)

    def _operator(self, name: str, numbers: list[Number]) -> Number:
        key = self._order.key(name, *(each.key for each in numbers))
        ranges = [each.range for each in numbers]
        first = ranges[0]
        is_known = all(each.is_known for each in numbers) and name not in ("SQRT", "LOG")
        unit = _joined_unit(numbers) if name in ("MIN", "MAX", "NZ", "ABS") else ""
        if name == "NZ":
            values, is_known = interval.hull(ranges), numbers[1].is_known
        elif any(each.is_empty for each in ranges):
            values = NONE
        elif name == "ABS":
            smallest = 0.0 if first.low <= 0 <= first.high else min(map(abs, first))
            values = Interval(smallest, max(map(abs, first)))
        elif name == "SQRT":
            values = _mapped(first, 0.0, math.sqrt)
        elif name == "LOG":
            values = _mapped(first, math.nextafter(0.0, 1.0), math.log)
        else:
            pick = min if name == "MIN" else max
            values = Interval(pick(each.low for each in ranges), pick(each.high for each in ranges))
        return Number(key, values, unit, any(each.is_computed for each in numbers), is_known)

    # ---------------------------------------------------------------- conditions

    def _binary(self, op: str, left: Fact, right: Fact) -> Fact:
        if isinstance(left, Condition) and isinstance(right, Condition):
            if op == "AND":
                return self._logic.conjunction(left, right)
            return self._logic.disjunction(left, right)
        assert isinstance(left, Number)
        assert isinstance(right, Number)
        if op in _MIRRORED:
            return self._logic.comparison(_MIRRORED[op], right, left)
        if op in COMPARISONS:
            return self._logic.comparison(op, left, right)
        return self._arithmetic(op, left, right)

    def _arithmetic(self, op: str, left: Number, right: Number) -> Number:
        a, b = left.range, right.range
        match op:
            case "+":
                values = interval.add(a, b)
            case "-":
                values = interval.add(a, Interval(-b.high, -b.low))
                if left.key == right.key and not values.is_empty:
                    values = Interval(0, 0)
            case "*":
                values = interval.multiply(a, b)
            case _:
                values = interval.divide(a, b)
        unit: str | None = ""
        if op in "+-" or left.unit is None or right.unit is None:
            unit = _joined_unit([left, right])
        if op == "/" and right.unit is not None:
            unit = ""
        is_computed = left.is_computed or right.is_computed
        is_known = left.is_known and right.is_known and op != "/" and max(map(abs, values)) < 1e300
        return Number(self._order.key(op, left.key, right.key), values, unit, is_computed, is_known)


def _mapped(values: Interval, smallest: float, function: Callable[[float], float]) -> Interval:
    """Where a rising function lies that has no value below `smallest`."""
    if values.high < smallest:
        return NONE
    return Interval(function(max(values.low, smallest)), function(values.high))


def _joined_unit(numbers: Sequence[Number]) -> str | None:
    """The unit of all that have one; empty where they differ, None where all are constants."""
    units = {each.unit for each in numbers} - {None}
    if len(units) > 1:
        return ""
    return units.pop() if units else None


def is_other_unit(left: Number, right: Number) -> bool:
    """Whether two numbers cannot be compared: a price and a volume, or either and an oscillator."""
    units = {left.unit or "", right.unit or ""}
    is_sized = bool(units & {"price", "volume"})
    known = [unit for unit in units if unit in ("price", "volume") or _RANGE.fullmatch(unit)]
    return is_sized and len(known) == 2
