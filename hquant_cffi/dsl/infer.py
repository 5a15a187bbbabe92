"""Types, clocks and arguments of expressions.

An expression is a number or a condition, and steps on a clock: that of the base bars, that of one
higher timeframe, or none when it is constant.
"""

from __future__ import annotations

from hquant_cffi.dsl import syntax
from hquant_cffi.dsl.bind import Binding, bind
from hquant_cffi.dsl.catalog import Operator, Row, functions, indexed_row
from hquant_cffi.dsl.diagnostics import Report, did_you_mean
from hquant_cffi.dsl.foreign import function_hint
from hquant_cffi.dsl.lex import MAX_DEPTH
from hquant_cffi.dsl.names import Names, is_series
from hquant_cffi.dsl.parameters import check_value
from hquant_cffi.dsl.source import Span
from hquant_cffi.dsl.types import BASE_CLOCK, BROKEN, CONSTANT, Clock, Type, Value, join_clocks

__all__ = ["Inference"]

MAX_NODES = 4096
MAX_TIMEFRAMES = 64
_SPLIT = "split it into several strategies"

_COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})


class Inference:
    """Works through expressions in the order of the text.

    Attributes
    ----------
    bindings : dict of Span to Binding
        What each call means, by the call's span.
    outputs : dict of Span to int
        Which output each ``x.output`` is, by its span.
    rows : dict of Span to Row
        What calls and names stand for that have several outputs.
    """

    def __init__(self, names: Names, report: Report) -> None:
        self.names = names
        self.report = report
        self.bindings: dict[Span, Binding] = {}
        self.outputs: dict[Span, int] = {}
        self.rows: dict[Span, Row] = {}
        self._functions = functions()
        self._timeframes: set[int] = set()
        self._n_nodes = 0

    def value(self, root: syntax.Expr) -> Value:
        """Check an expression; errors are reported, and BROKEN goes with anything."""
        nodes = syntax.postorder(root)
        self._check_size(root, len(nodes))
        values: list[Value] = []
        for node, arity, at in nodes:
            first = len(values) - arity
            value = self._node(node, at, values[first:])
            if value.row is not None and len(value.row.outputs) > 1 and type(node) is not syntax.At:
                self.rows[node.span] = value.row
            del values[first:]
            values.append(value)
        return values[0]

    def _check_size(self, root: syntax.Expr, size: int) -> None:
        self._n_nodes += size
        if self._n_nodes > MAX_NODES:
            self.report.fatal(
                "E3003",
                root.span,
                f"expected at most {MAX_NODES:,} operands and operations in a program",
                _SPLIT,
            )
        if size > MAX_DEPTH and syntax.depth(root) > MAX_DEPTH:
            self.report.fatal(
                "E3002",
                root.span,
                f"expected at most {MAX_DEPTH} nested operations",
                "give inner parts a name: x = ...",
            )

    def _node(self, node: syntax.Expr, at: int, values: list[Value]) -> Value:
        match node:
            case syntax.Number():
                return CONSTANT
            case syntax.Name():
                return self.names.look_up(node, at)
            case syntax.Call():
                return self._call(node, at, values)
            case syntax.Binary():
                return self._binary(node, values)
            case syntax.Unary():
                wanted = Type.NUMBER if node.op == "-" else Type.CONDITION
                self.require(values[0], wanted, node.operand, node.op)
                return Value(wanted, values[0].clock)
            case syntax.Index():
                return self._index(node, values[0])
            case syntax.Output():
                return self._output(node, values[0])
            case syntax.At():
                return self._at(node, values[0])

    def require(self, value: Value, wanted: Type, node: syntax.Expr, who: str) -> None:
        """Report a value of another type than the wanted one."""
        if value.type in (wanted, Type.BROKEN):
            return
        hint = "compare it with a number, such as x > 0"
        if wanted is Type.NUMBER:
            hint = "conditions are joined by AND, OR and NOT; they are no numbers"
        elif who == "NOT" and isinstance(node, syntax.Name | syntax.Number | syntax.Call):
            hint = "NOT covers a whole comparison: NOT x > 0"
        self.report.error(
            "E2007", node.span, f"{who} takes {wanted.value}, found {value.type.value}", hint
        )

    def _binary(self, node: syntax.Binary, values: list[Value]) -> Value:
        wanted = Type.CONDITION if node.op in ("AND", "OR") else Type.NUMBER
        self.require(values[0], wanted, node.left, node.op)
        self.require(values[1], wanted, node.right, node.op)
        result = Type.CONDITION if node.op in _COMPARISONS else wanted
        return Value(result, join_clocks(value.clock for value in values))

    def _index(self, node: syntax.Index, operand: Value) -> Value:
        if operand.type is Type.CONDITION:
            self.report.error(
                "E2018",
                node.span,
                "[n] takes a number, found a condition",
                f"put [{node.bars.value:.0f}] on the numbers in it, such as close[1] > open[1]",
            )
            return BROKEN
        check_value(node.bars, "[n]", indexed_row().params[0], self.report)
        is_constant = operand.clock is None and node.bars.value > 0
        return Value(Type.NUMBER, BASE_CLOCK if is_constant else operand.clock)

    def _output(self, node: syntax.Output, operand: Value) -> Value:
        if operand.type is Type.BROKEN:
            return operand
        row = operand.row
        if row is None:
            self.report.error(
                "E2013",
                node.span,
                f"only a call of an indicator has outputs: .{node.output} has none before it",
                self._output_first(node.operand, node.output),
            )
            return BROKEN
        if node.output.lower() not in row.outputs:
            self.report.error(
                "E2013",
                node.output_span,
                f"{row.name} has no output {node.output}: expected {' or '.join(row.outputs)}",
                did_you_mean(node.output, row.outputs) or f"write .{row.outputs[0]}",
            )
        else:
            self.outputs[node.span] = row.outputs.index(node.output.lower())
        return operand._replace(row=None)

    def _output_first(self, base: syntax.Expr, output: str) -> str:
        if not isinstance(base, syntax.Index):
            return f"leave .{output} out; an output is written as in BOLL(20, 2).upper"
        span = base.operand.span
        call = self.report.source.text[span.start : span.end]
        return f"the output stands first: {call}.{output}[{base.bars.value:.0f}]"

    def _at(self, node: syntax.At, operand: Value) -> Value:
        base = node.operand
        while isinstance(base, syntax.Index | syntax.Output | syntax.At):
            base = base.operand
        suffix = self.report.source.text[node.operand.span.end : node.span.end].strip()
        takes_period = isinstance(base, syntax.Call)
        if isinstance(base, syntax.Name):
            takes_period = is_series(base.name)
        if operand.type is Type.BROKEN:
            pass
        elif not takes_period:
            self.report.error(
                "E2014",
                node.span,
                f"{suffix} stands on a series or a call, found another expression",
                f"put {suffix} on the series and calls that it is made of",
            )
        elif operand.clock not in (None, node.period_ms):
            self.report.error(
                "E2015",
                node.span,
                f"everything inside {suffix} must be of this period, found another clock",
                f"take {suffix} away and put periods on the parts, or assign the parts with it",
            )
        self._note_timeframe(node)
        return Value(operand.type, node.period_ms, operand.row)

    def _note_timeframe(self, node: syntax.At) -> None:
        self._timeframes.add(node.period_ms)
        if len(self._timeframes) > MAX_TIMEFRAMES:
            self.report.fatal(
                "E3004", node.span, f"expected at most {MAX_TIMEFRAMES} periods", _SPLIT
            )

    # ------------------------------------------------------------------ calls

    def _call(self, node: syntax.Call, at: int, values: list[Value]) -> Value:
        function = self._functions.get(node.function.upper())
        if function is None:
            self._report_unknown_function(node)
            return BROKEN
        binding = bind(node, function, self.names)
        is_condition = isinstance(function, Row) and function.is_condition
        result = Type.CONDITION if is_condition else Type.NUMBER
        if binding is None:
            return BROKEN
        self.bindings[node.span] = binding
        if isinstance(function, Operator):
            given = [i for i in binding.inputs if i is not None]
            for i in given:
                self.require(values[i], Type.NUMBER, node.arguments[i].value, function.name)
            return Value(result, join_clocks(values[i].clock for i in given))
        return Value(result, self._check_inputs(node, function, binding, at, values), function)

    def _check_inputs(
        self, node: syntax.Call, row: Row, binding: Binding, at: int, values: list[Value]
    ) -> Clock:
        """Check types; the clock on which the indicator steps."""
        clocks: list[Clock] = [at] if any(each.is_implicit for each in row.inputs) else []
        for each, index in zip(row.explicit_inputs, binding.inputs, strict=True):
            if index is None:
                clocks.append(at)
                continue
            argument, value = node.arguments[index].value, values[index]
            wanted = Type.CONDITION if each.is_condition else Type.NUMBER
            self.require(value, wanted, argument, f"{each.name} of {row.name}")
            if value == CONSTANT and each.field is not None:
                self.report.error(
                    "E2017",
                    argument.span,
                    f"{each.name} of {row.name}: expected a series, found a constant",
                    self._constant_hint(argument),
                )
            clocks.append(value.clock)
        clock = join_clocks(clocks)
        return BASE_CLOCK if clock is None else clock

    def _constant_hint(self, argument: syntax.Expr) -> str:
        """A number where the series stands is nearly always meant as the period."""
        if isinstance(argument, syntax.Name):
            number = self.names.literal(argument.name)
            if number is not None:
                return f"for a period make it a PARAM: PARAM {argument.name} = {number}"
        return "for a period write a literal or a PARAM"

    def _report_unknown_function(self, node: syntax.Call) -> None:
        name = node.function
        if is_series(name) or name in self.names.definitions:
            kind = "a name" if name in self.names.definitions else "a series"
            self.report.error(
                "E2006",
                node.span,
                f"{name} is {kind} and takes no arguments",
                f"{name}[n] is its value n bars back",
            )
            return
        hint = function_hint(name, self._functions) or did_you_mean(name, self._functions)
        if name.upper().startswith("NOT") and name[3:].upper() in self._functions:
            hint = f"put a space behind NOT: NOT {name[3:]}(...)"
        hint = hint or "hquant indicators lists what there is"
        self.report.error("E2002", node.function_span, f"unknown function {name}", hint)
