"""The meaning of a syntax tree, computed the slow and obvious way.

Every expression becomes a list with a value for each bar; windows are gone through in full at each
bar. It shares no code with the compiler's later stages or the C core. A number that is not known is
None, and so is a condition that is neither true nor false.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from dsl.reference import (
    POINTWISE,
    WINDOWED,
    Column,
    Conditions,
    bars_since,
    bollinger,
    ema,
    known,
    lag,
    macd,
    rsi,
    true_range,
    value_when,
    wilder,
    windowed,
)

from hquant_cffi.dsl import syntax

Columns = Mapping[str, npt.NDArray[np.float64]]

ACTIONS = {"BUY": 1, "SELL": 2, "HOLD": 3}
NONE = 0
BASE = 0

# function -> inputs (with the series that stands in) and parameters (with their defaults)
REQUIRED = None
SIGNATURES: dict[str, tuple[list[tuple[str, str | float | None]], list]] = {
    "SMA": ([("x", "close")], [("period", REQUIRED)]),
    "EMA": ([("x", "close")], [("period", REQUIRED)]),
    "STDDEV": ([("x", "close")], [("period", REQUIRED)]),
    "RSI": ([("x", "close")], [("period", 14)]),
    "BOLL": ([("x", "close")], [("period", 20), ("k", 2)]),
    "MACD": ([("x", "close")], [("fast", 12), ("slow", 26), ("signal", 9)]),
    "ATR": ([], [("period", 14)]),
    "TR": ([], []),
    "HIGHEST": ([("x", "high")], [("n", REQUIRED)]),
    "LOWEST": ([("x", "low")], [("n", REQUIRED)]),
    "SUM": ([("x", "close")], [("n", REQUIRED)]),
    "CHANGE": ([("x", "close")], [("n", 1)]),
    "LAG": ([("x", "close")], [("n", REQUIRED)]),
    "CROSSOVER": ([("a", REQUIRED), ("b", REQUIRED)], []),
    "CROSSUNDER": ([("a", REQUIRED), ("b", REQUIRED)], []),
    "CROSS": ([("a", REQUIRED), ("b", REQUIRED)], []),
    "RISING": ([("x", "close")], [("n", REQUIRED)]),
    "FALLING": ([("x", "close")], [("n", REQUIRED)]),
    "BARSSINCE": ([("condition", REQUIRED)], []),
    "VALUEWHEN": ([("condition", REQUIRED), ("x", REQUIRED)], [("k", 0)]),
    "ABS": ([("x", REQUIRED)], []),
    "SQRT": ([("x", REQUIRED)], []),
    "LOG": ([("x", REQUIRED)], []),
    "MIN": ([("a", REQUIRED), ("b", REQUIRED)], []),
    "MAX": ([("a", REQUIRED), ("b", REQUIRED)], []),
    "NZ": ([("x", REQUIRED), ("d", 0.0)], []),
}
OUTPUTS = {"BOLL": ["upper", "mid", "lower"], "MACD": ["macd", "signal", "hist"]}
SYNONYMS = {"field": "x", "period": "n", "cond": "condition"}


class Value(NamedTuple):
    """A column on a clock: a period in ms, 0 for the base bars; a constant has none and one row."""

    clock: int | None
    column: list


@dataclass
class Interpreted:
    """What a program says to a column of bars.

    `closest` is the smallest relative distance of two different numbers that were compared: where
    it is near 1e-12, another way of rounding may give another answer.
    """

    actions: npt.NDArray[np.uint8]  # 0 where no rule fires
    values: dict[str, list]  # of assigned names, as seen from the base bars
    closest: float


def interpret(
    program: syntax.Program,
    columns: Columns,
    params: Mapping[str, float] | None = None,
    *,
    timestamp: npt.NDArray[np.int64] | None = None,
    bar_period: int = 0,
) -> Interpreted:
    """Run a program over columns of bars.

    `columns` holds open, high, low, close, volume and buy_volume; `params` replaces defaults.
    Programs that read higher timeframes need the bars' open times in ms. Such a program sees
    completed candles: those that end at or before the bar's open time plus `bar_period`.
    """
    interpreter = Interpreter(columns, timestamp, bar_period)
    for statement in program.statements:
        match statement:
            case syntax.Param():
                value = statement.value.value
                interpreter.params[statement.name] = (params or {}).get(statement.name, value)
            case syntax.Assign():
                interpreter.values[statement.name] = interpreter.evaluate(statement.value)
    rules = [
        (interpreter.on_base(interpreter.evaluate(each.condition)), ACTIONS[each.action])
        for each in program.statements
        if isinstance(each, syntax.Rule)
    ]
    actions = [
        next((action for condition, action in rules if condition[bar] is True), NONE)
        for bar in range(interpreter.length(BASE))
    ]
    values = {name: interpreter.on_base(value) for name, value in interpreter.values.items()}
    return Interpreted(np.array(actions, np.uint8), values, interpreter.closest)


class Interpreter:
    def __init__(
        self, columns: Columns, timestamp: npt.NDArray[np.int64] | None, bar_period: int
    ) -> None:
        self.timestamp = None if timestamp is None else [int(each) for each in timestamp]
        self.bar_period = bar_period
        base = {name: [float(x) for x in column] for name, column in columns.items()}
        self.bars = {BASE: base}  # of each clock
        self.params: dict[str, float] = {}
        self.values: dict[str, Value] = {}
        self.closest = math.inf

    # ---------------------------------------------------------------- clocks

    def length(self, clock: int) -> int:
        return len(self.columns(clock)["close"])

    def columns(self, clock: int) -> dict[str, list[float]]:
        if clock not in self.bars:
            groups = self.candles(clock)
            base = self.bars[BASE]
            self.bars[clock] = {
                "open": [base["open"][group[0]] for group in groups],
                "high": [max(base["high"][bar] for bar in group) for group in groups],
                "low": [min(base["low"][bar] for bar in group) for group in groups],
                "close": [base["close"][group[-1]] for group in groups],
                "volume": [sum(base["volume"][bar] for bar in group) for group in groups],
                "buy_volume": [sum(base["buy_volume"][bar] for bar in group) for group in groups],
            }
        return self.bars[clock]

    def candles(self, period: int) -> list[list[int]]:
        """The base bars of each candle."""
        assert self.timestamp is not None
        groups: dict[int, list[int]] = {}
        for bar, time in enumerate(self.timestamp):
            groups.setdefault(time // period, []).append(bar)
        return list(groups.values())

    def on_base(self, value: Value) -> list:
        """A value at each base bar: that of the last candle that is complete by then."""
        if value.clock is None:
            return value.column * self.length(BASE)
        if value.clock == BASE:
            return value.column
        assert self.timestamp is not None
        period = value.clock
        ends = [(self.timestamp[group[0]] // period + 1) * period for group in self.candles(period)]
        result = []
        for time in self.timestamp:
            complete = sum(end <= time + self.bar_period for end in ends)
            result.append(value.column[complete - 1] if complete else None)
        return result

    def on_one_clock(self, values: list[Value]) -> tuple[int | None, list[list]]:
        """The clock on which an operation steps, and its operands there."""
        clocks = {value.clock for value in values if value.clock is not None}
        if not clocks:
            return None, [value.column for value in values]
        if len(clocks) > 1:
            return BASE, [self.on_base(value) for value in values]
        clock = clocks.pop()
        length = self.length(clock)
        return clock, [v.column * length if v.clock is None else v.column for v in values]

    # -------------------------------------------------------------- the tree

    def evaluate(self, node: syntax.Expr, at: int = BASE) -> Value:
        match node:
            case syntax.Number():
                return Value(None, [node.value])
            case syntax.Name():
                return self.name(node.name, at)
            case syntax.At():
                return self.evaluate(node.operand, node.period_ms)
            case syntax.Unary():
                clock, column = self.evaluate(node.operand, at)
                minus = node.op == "-"
                return Value(clock, [None if x is None else -x if minus else not x for x in column])
            case syntax.Binary():
                operands = [self.evaluate(node.left, at), self.evaluate(node.right, at)]
                clock, columns = self.on_one_clock(operands)
                pairs = zip(*columns, strict=True)
                return Value(clock, [self.binary(node.op, a, b) for a, b in pairs])
            case syntax.Index():
                value = self.evaluate(node.operand, at)
                return self.stepped([value], lambda x: lag(x, int(node.bars.value)))
            case syntax.Output():
                call = node.operand
                while isinstance(call, syntax.At):
                    call, at = call.operand, call.period_ms
                assert isinstance(call, syntax.Call)
                return self.call(call, node.output.lower(), at)
            case syntax.Call():
                return self.call(node, None, at)

    def stepped(self, values: list[Value], function: Callable[..., list]) -> Value:
        """A function with a memory: it steps on the clock of its inputs, else on the base bars."""
        clock, columns = self.on_one_clock(values)
        if clock is None:
            clock, columns = BASE, [column * self.length(BASE) for column in columns]
        return Value(clock, function(*columns))

    def name(self, name: str, at: int) -> Value:
        averages = {
            "hl2": ["high", "low"],
            "hlc3": ["high", "low", "close"],
            "ohlc4": ["open", "high", "low", "close"],
        }
        series = name.lower()
        if series in averages:
            parts = [self.columns(at)[each] for each in averages[series]]
            totals = parts[0]
            for part in parts[1:]:
                totals = [total + x for total, x in zip(totals, part, strict=True)]
            return Value(at, [total / len(parts) for total in totals])
        if series in self.columns(at):
            return Value(at, self.columns(at)[series])
        if name in self.params:
            return Value(None, [self.params[name]])
        return self.values[name]

    def binary(self, op: str, a: float | bool | None, b: float | bool | None) -> object:
        if op == "AND":
            return False if a is False or b is False else (None if None in (a, b) else True)
        if op == "OR":
            return True if a is True or b is True else (None if None in (a, b) else False)
        if a is None or b is None:
            return None
        match op:
            case "+":
                return known(lambda: a + b)
            case "-":
                return known(lambda: a - b)
            case "*":
                return known(lambda: a * b)
            case "/":
                return known(lambda: a / b)
        self.compare(a, b)
        return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b, "==": a == b, "!=": a != b}[op]

    def compare(self, a: float, b: float) -> None:
        if a != b:
            self.closest = min(self.closest, abs(a - b) / max(abs(a), abs(b)))

    # ----------------------------------------------------------------- calls

    def arguments(self, call: syntax.Call) -> dict[str, syntax.Expr | float | str]:
        """Arguments by name, defaults included."""
        inputs, params = SIGNATURES[call.function.upper()]
        names = [name for name, _ in inputs + params]
        given: dict[str, syntax.Expr | float | str] = {
            name: default for name, default in inputs + params if default is not None
        }
        positional = [each.value for each in call.arguments if each.keyword is None]
        if positional and inputs and inputs[0][1] in ("close", "high", "low"):
            first = positional[0]
            is_param = isinstance(first, syntax.Name) and first.name in self.params
            if isinstance(first, syntax.Number) or is_param:
                names = [name for name, _ in params]
        given.update(zip(names, positional, strict=False))
        for each in call.arguments:
            if each.keyword is not None:
                keyword = each.keyword.lower()
                is_own = keyword in [name for name, _ in inputs + params]
                given[keyword if is_own else SYNONYMS[keyword]] = each.value
        return given

    def call(self, call: syntax.Call, output: str | None, at: int) -> Value:
        function = call.function.upper()
        given = self.arguments(call)
        inputs, params = SIGNATURES[function]
        values = [self.input(given[name], at) for name, _ in inputs]
        numbers = [self.number(given[name]) for name, _ in params]
        if function in POINTWISE:
            clock, columns = self.on_one_clock(values)
            return Value(clock, [POINTWISE[function](*each) for each in zip(*columns, strict=True)])
        if function in ("TR", "ATR"):
            values = [Value(at, self.columns(at)[each]) for each in ("high", "low", "close")]

        def run(*columns: list) -> list:
            return self.run(function, columns, numbers, output)

        return self.stepped(values, run)

    def run(
        self, function: str, columns: Sequence[list], numbers: list[float], output: str | None
    ) -> list:
        """A function with a memory, over columns of one clock."""
        x = columns[0]
        n = int(numbers[0]) if numbers else 0
        if function in WINDOWED:
            return windowed(x, n, WINDOWED[function])
        if function in OUTPUTS:
            results = bollinger(x, *numbers) if function == "BOLL" else macd(x, *numbers)
            return results[OUTPUTS[function].index(output) if output else 0]
        match function:
            case "TR":
                return true_range(*columns)
            case "ATR":
                return wilder(true_range(*columns), n)
            case "EMA":
                return ema(x, n)
            case "RSI":
                return rsi(x, n)
            case "LAG":
                return lag(x, n)
            case "CHANGE":
                return [self.binary("-", a, b) for a, b in zip(x, lag(x, n), strict=True)]
            case "RISING" | "FALLING":
                return self.streak(x, n, function == "RISING")
            case "CROSSOVER" | "CROSSUNDER" | "CROSS":
                return self.cross(x, columns[1], function)
            case "BARSSINCE":
                return bars_since(x)
            case "VALUEWHEN":
                return value_when(x, columns[1], n)
        raise ValueError(f"no meaning for {function}")

    def input(self, given: syntax.Expr | float | str, at: int) -> Value:
        if isinstance(given, str):
            return self.name(given, at)
        return Value(None, [given]) if isinstance(given, float) else self.evaluate(given, at)

    def number(self, given: syntax.Expr | float | str) -> float:
        if isinstance(given, syntax.Number):
            return given.value
        if isinstance(given, syntax.Name):
            return self.params[given.name]
        assert isinstance(given, float | int)
        return given

    def cross(self, a: Column, b: Column, kind: str) -> Conditions:
        result: Conditions = []
        for bar in range(len(a)):
            now, before = (a[bar], b[bar]), (a[bar - 1], b[bar - 1])
            if bar == 0 or None in now or None in before:
                result.append(None)
                continue
            self.compare(*now)
            self.compare(*before)
            over = now[0] > now[1] and before[0] <= before[1]
            under = now[0] < now[1] and before[0] >= before[1]
            result.append({"CROSSOVER": over, "CROSSUNDER": under, "CROSS": over or under}[kind])
        return result

    def streak(self, x: Column, n: int, is_rising: bool) -> Conditions:
        result: Conditions = []
        for bar in range(len(x)):
            window = x[max(0, bar - n) : bar + 1]
            if len(window) < n + 1 or None in window:
                result.append(None)
                continue
            pairs = list(itertools.pairwise(window))
            for a, b in pairs:
                self.compare(a, b)
            result.append(all(b > a if is_rising else b < a for a, b in pairs))
        return result
