"""A checked tree to register code.

Equal expressions are one register (hash-consing), so equal indicators are one node. What no rule
reads is left out, but for names that are to be kept.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Collection, Sequence
from typing import TypeAlias

from hquant_cffi.dsl import syntax
from hquant_cffi.dsl.bytecode import (
    NO_PARAM,
    ClauseEntry,
    Image,
    Instruction,
    LineEntry,
    NodeEntry,
    NodeParamEntry,
    Op,
    ParamEntry,
    RuleEntry,
)
from hquant_cffi.dsl.catalog import AVERAGES, SERIES, Operator, Row, functions, indexed_row
from hquant_cffi.dsl.check import Checked
from hquant_cffi.dsl.source import Source, Span
from hquant_cffi.dsl.types import BASE_CLOCK, Clock, join_clocks

__all__ = ["lower", "lower_keeping"]

_BINARY = {
    "+": Op.ADD, "-": Op.SUB, "*": Op.MUL, "/": Op.DIV,
    "<": Op.LT, "<=": Op.LE, ">": Op.GT, ">=": Op.GE, "==": Op.EQ, "!=": Op.NE,
    "AND": Op.AND, "OR": Op.OR,
}  # fmt: skip
_ACTIONS = {"BUY": 1, "SELL": 2, "HOLD": 3}
_CLAUSES = {"SIZE": 1, "STOP": 2, "TARGET": 3, "TRAIL": 4}

# A register; or a literal or PARAM, which becomes one when something reads it.
_Operand: TypeAlias = int | syntax.Number | syntax.Name


def lower(checked: Checked, source: Source, mode: int = 0) -> Image:
    """Return the program of a checked tree; `mode` is the number of how indicators start."""
    lowering = _Lowering(checked, source, mode)
    lowering.run()
    return lowering.image


def lower_keeping(
    checked: Checked, source: Source, mode: int, names: Collection[str]
) -> tuple[Image, dict[str, tuple[int, ...]]]:
    """Return the program, and the registers of assigned names: one for each output, base clock."""
    lowering = _Lowering(checked, source, mode)
    lowering.run(names)
    return lowering.image, lowering.kept


def _live_names(program: syntax.Program, kept: Collection[str]) -> set[str]:
    """The names that are kept or that a rule reads, directly or through other names."""
    live: set[str] = set(kept)
    for statement in reversed(program.statements):
        match statement:
            case syntax.Rule():
                roots = [statement.condition, *(each.value for each in statement.clauses)]
            case syntax.Assign() if statement.name in live:
                roots = [statement.value]
            case _:
                continue
        for root in roots:
            live.update(
                node.name for node, _, _ in syntax.postorder(root) if type(node) is syntax.Name
            )
    return live


class _Lowering:
    def __init__(self, checked: Checked, source: Source, mode: int) -> None:
        self.mode = mode
        self.checked = checked
        self.source = source
        self.image = Image()
        self.functions = functions()
        self.param_index = {name: index for index, name in enumerate(checked.params)}
        self.names: dict[str, _Operand] = {}
        self.registers: dict[tuple[object, ...], int] = {}
        self.clocks: list[Clock] = []  # of each register
        self.constants: dict[bytes, int] = {}
        self.timeframes: dict[int, int] = {}  # milliseconds to index, from 1
        self.kept: dict[str, tuple[int, ...]] = {}

    def run(self, kept: Collection[str] = ()) -> None:
        self._params()
        live = _live_names(self.checked.program, kept)
        for statement in self.checked.program.statements:
            match statement:
                case syntax.Assign() if statement.name in live:
                    self.names[statement.name] = self._expression(statement.value)
                case syntax.Rule():
                    self._rule(statement)
        self.kept = {name: self._outputs(name) for name in kept}
        self.image.timeframes = list(self.timeframes)

    def _params(self) -> None:
        strings = b""
        for name, param in self.checked.params.items():
            low, high, step = math.nan, math.nan, math.nan
            if param.minimum is not None and param.maximum is not None:
                low, high = param.minimum.value, param.maximum.value
                step = 1.0 if param.step is None else param.step.value
            encoded = name.encode()
            self.image.params.append(
                ParamEntry(param.value.value, low, high, step, len(strings), len(encoded))
            )
            strings += encoded
        self.image.strings = strings

    def _rule(self, rule: syntax.Rule) -> None:
        image = self.image
        condition = self._on_base(rule.condition)
        first = len(image.clauses)
        for clause in rule.clauses:
            register = self._on_base(clause.value)
            image.clauses.append(
                ClauseEntry(_CLAUSES[clause.kind], int(clause.is_percent), 0, register)
            )
        line, _ = self.source.position(rule.span.start)
        image.rules.append(
            RuleEntry(condition, _ACTIONS[rule.action], len(rule.clauses), 0, first, line)
        )

    def _outputs(self, name: str) -> tuple[int, ...]:
        """The registers of an assigned name on the base clock, one for each of its outputs."""
        span = self.checked.names.definitions[name]
        first = self._register(self.names[name])
        row = self.checked.names.values[name].row
        others = range(1, 1 if row is None else len(row.outputs))
        outs = [self._emit(Op.OUT, self.clocks[first], first, index, span) for index in others]
        return tuple(self._seen_from(BASE_CLOCK, register, span) for register in (first, *outs))

    def _on_base(self, root: syntax.Expr) -> int:
        register = self._register(self._expression(root))
        return self._seen_from(BASE_CLOCK, register, root.span)

    # ------------------------------------------------------------ expressions

    def _expression(self, root: syntax.Expr) -> _Operand:
        values: list[_Operand] = []
        for node, arity, at in syntax.postorder(root):
            first = len(values) - arity
            value = self._node(node, at, values[first:])
            del values[first:]
            values.append(value)
        return values[0]

    def _node(self, node: syntax.Expr, at: int, operands: list[_Operand]) -> _Operand:
        match node:
            case syntax.Number():
                return node
            case syntax.Name():
                return self._name(node, at)
            case syntax.Call():
                return self._call(node, at, operands)
            case syntax.Binary():
                return self._operation(_BINARY[node.op], operands, node.span)
            case syntax.Unary():
                op = Op.NEG if node.op == "-" else Op.NOT
                return self._operation(op, operands, node.span)
            case syntax.Index():
                if node.bars.value == 0:
                    return operands[0]
                register = self._register(operands[0])
                return self._indicator(indexed_row(), [register], [node.bars.value], node.span)
            case syntax.Output():
                return self._output(node, operands[0])
            case syntax.At():
                return operands[0]

    def _name(self, node: syntax.Name, at: int) -> _Operand:
        name = node.name.lower()
        if name in SERIES:
            return self._series(SERIES[name], at, node.span)
        if name in AVERAGES:
            return self._average(AVERAGES[name], at, node.span)
        return node if node.name in self.param_index else self.names[node.name]

    def _call(self, node: syntax.Call, at: int, operands: list[_Operand]) -> int:
        binding = self.checked.bindings[node.span]
        function = binding.function
        if isinstance(function, Operator):
            default = syntax.Number(node.span, function.default or 0.0, False)
            given = [default if i is None else operands[i] for i in binding.inputs]
            return self._operation(function.op, given, node.span)
        explicit = iter(binding.inputs)
        inputs: list[int] = []
        for each in function.inputs:
            index = None if each.is_implicit else next(explicit)
            if index is not None:
                inputs.append(self._register(operands[index]))
            else:
                assert each.field is not None  # an argument that must be given is there
                inputs.append(self._series(each.field, at, node.span))
        return self._indicator(function, inputs, binding.params, node.span)

    def _output(self, node: syntax.Output, operand: _Operand) -> int:
        assert isinstance(operand, int)
        index = self.checked.outputs[node.span]
        if index == 0:
            return operand  # a NODE's register is its first output
        return self._emit(Op.OUT, self.clocks[operand], operand, index, node.output_span)

    # ---------------------------------------------------------- instructions

    def _series(self, field: int, at: int, span: Span) -> int:
        return self._emit(Op.SERIES, at, field, 0, span)

    def _average(self, fields: tuple[str, ...], at: int, span: Span) -> int:
        total = self._series(SERIES[fields[0]], at, span)
        for name in fields[1:]:
            total = self._operation(Op.ADD, [total, self._series(SERIES[name], at, span)], span)
        count = syntax.Number(span, float(len(fields)), True)
        return self._operation(Op.DIV, [total, count], span)

    def _register(self, operand: _Operand) -> int:
        if isinstance(operand, int):
            return operand
        if isinstance(operand, syntax.Name):
            return self._emit(Op.PARAM, None, self.param_index[operand.name], 0, operand.span)
        # By its bits: 0 and -0 are equal, and not the same.
        bits = struct.pack("<d", operand.value)
        index = self.constants.setdefault(bits, len(self.constants))
        if index == len(self.image.constants):
            self.image.constants.append(operand.value)
        return self._emit(Op.CONST, None, index, 0, operand.span)

    def _operation(self, op: Op, operands: Sequence[_Operand], span: Span) -> int:
        registers = [self._register(operand) for operand in operands]
        clock, registers = self._on_one_clock(registers, span)
        return self._emit(op, clock, registers[0], registers[1] if len(registers) > 1 else 0, span)

    def _on_one_clock(self, registers: list[int], span: Span) -> tuple[Clock, list[int]]:
        """Where clocks mix, the base clock is the one that sees all of them."""
        clock = join_clocks(self.clocks[register] for register in registers)
        return clock, [self._seen_from(clock, register, span) for register in registers]

    def _seen_from(self, clock: Clock, register: int, span: Span) -> int:
        own = self.clocks[register]
        if clock != BASE_CLOCK or own is None or own == BASE_CLOCK:
            return register
        return self._emit(Op.LAST, BASE_CLOCK, register, 0, span)

    def _indicator(
        self, row: Row, inputs: list[int], params: Sequence[float | str], span: Span
    ) -> int:
        joined, inputs = self._on_one_clock(inputs, span)
        clock = BASE_CLOCK if joined is None else joined
        key = ("node", row.code, clock, *inputs, *params)
        if key in self.registers:
            return self.registers[key]
        image = self.image
        timeframe = self._timeframe(clock)
        image.nodes.append(
            NodeEntry(
                row.code, self.mode, timeframe, len(inputs), len(params), 0,
                len(image.inputs), len(image.node_params),
            )
        )  # fmt: skip
        image.inputs += inputs
        image.node_params += [
            NodeParamEntry(self.param_index[each], 0, 0.0)
            if isinstance(each, str)
            else NodeParamEntry(NO_PARAM, 0, each)
            for each in params
        ]
        register = self._emit(Op.NODE, clock, len(image.nodes) - 1, 0, span)
        self.registers[key] = register
        return register

    def _timeframe(self, clock: Clock) -> int:
        if clock is None or clock == BASE_CLOCK:
            return 0
        return self.timeframes.setdefault(clock, len(self.timeframes) + 1)

    def _emit(self, op: Op, clock: Clock, a: int, b: int, span: Span) -> int:
        key = (op, clock, a, b)
        register = self.registers.get(key)
        if register is None:
            register = self.registers[key] = len(self.clocks)
            self.clocks.append(clock)
            self.image.code.append(Instruction(op, self._timeframe(clock), 0, a, b, 0))
            self.image.lines.append(LineEntry(*self.source.position(span.start)))
        return register
