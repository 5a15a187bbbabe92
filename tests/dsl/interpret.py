"""The meaning of a syntax tree, computed the slow and obvious way.

Every expression becomes a list with a value for each bar; windows are gone through in full at each
bar. It shares no code with the compiler's later stages or the C core. A number that is not known is
None, and so is a condition that is neither true nor false.

On a higher timeframe every expression becomes such a list once for each base bar: over the candles
that are seen at that bar, made of the bars so far. Nothing of a later bar is within its reach.
"""

from __future__ import annotations

import functools
import itertools
import math
import operator
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
# How a candle's field comes from those of its bars.
MERGE: dict[str, Callable[[list[float]], float]] = {
    "open": operator.itemgetter(0), "high": max, "low": min, "close": operator.itemgetter(-1),
    "volume": lambda x: functools.reduce(operator.add, x),
    "buy_volume": lambda x: functools.reduce(operator.add, x),
}  # fmt: skip
OUTPUTS = {"BOLL": ["upper", "mid", "lower"], "MACD": ["macd", "signal", "hist"]}
SYNONYMS = {"field": "x", "period": "n", "cond": "condition"}


class Value(NamedTuple):
    """Columns on a clock: a period in ms, 0 for the base bars; a constant has none and one row.

    The base bars and a constant have one column, a higher timeframe has one for each base bar.
    """

    clock: int | None
    columns: list[list]

    @property
    def column(self) -> list:
        (only,) = self.columns
        return only


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
    htf: str = "closed",
) -> Interpreted:
    """Run a program over columns of bars.

    `columns` holds open, high, low, close, volume and buy_volume; `params` replaces defaults.
    Programs that read higher timeframes need the bars' open times in ms. Such a program sees
    completed candles, those that end at or before the bar's open time plus `bar_period`; with `htf`
    "forming" the one in progress too.
    """
    interpreter = Interpreter(columns, timestamp, bar_period, htf)
    for statement in program.statements:
        match statement:
            case syntax.Param():
                value = statement.value.value
                interpreter.params[statement.name] = (params or {}).get(statement.name, value)
            case syntax.Assign():
                interpreter.values[statement.name] = interpreter.evaluate(statement.value)
                interpreter.sources[statement.name] = statement.value
    rules = [
        (interpreter.on_base(interpreter.evaluate(each.condition)), ACTIONS[each.action])
        for each in program.statements
        if isinstance(each, syntax.Rule)
    ]
    actions = [
        next((action for condition, action in rules if condition[bar] is True), NONE)
        for bar in range(interpreter.length())
    ]
    values = {name: interpreter.on_base(value) for name, value in interpreter.values.items()}
    return Interpreted(np.array(actions, np.uint8), values, interpreter.closest)


class Interpreter:
    def __init__(
        self,
        columns: Columns,
        timestamp: npt.NDArray[np.int64] | None,
        bar_period: int,
        htf: str = "closed",
    ) -> None:
        self.timestamp = None if timestamp is None else [int(each) for each in timestamp]
        self.bar_period = bar_period
        self.htf = htf
        self.base = {name: [float(x) for x in column] for name, column in columns.items()}
        self.candles: dict[int, list[list[list[int]]]] = {}
        self.params: dict[str, float] = {}
        self.values: dict[str, Value] = {}
        self.sources: dict[str, syntax.Expr] = {}
        self.closest = math.inf

    # ---------------------------------------------------------------- clocks

    def length(self) -> int:
        return len(self.base["close"])

    def series(self, clock: int, name: str) -> Value:
        """A bar's field on a clock."""
        base = self.base[name]
        if clock == BASE:
            return Value(BASE, [base])
        merge = MERGE[name]
        groups = self.candles_seen(clock)
        return Value(clock, [[merge([base[i] for i in each]) for each in seen] for seen in groups])

    def candles_seen(self, period: int) -> list[list[list[int]]]:
        """For each base bar the candles that are seen there, each as the base bars in it."""
        if period not in self.candles:
            self.candles[period] = [self.seen_at(bar, period) for bar in range(self.length())]
        return self.candles[period]

    def seen_at(self, bar: int, period: int) -> list[list[int]]:
        assert self.timestamp is not None
        groups: dict[int, list[int]] = {}
        for past in range(bar + 1):
            groups.setdefault(self.timestamp[past] // period, []).append(past)
        now = self.timestamp[bar] + self.bar_period
        return [
            group
            for number, group in groups.items()
            if self.htf == "forming" or (number + 1) * period <= now
        ]

    def on_base(self, value: Value) -> list:
        """A value at each base bar: that of the last candle that is seen there."""
        if value.clock is None:
            return value.column * self.length()
        if value.clock == BASE:
            return value.column
        return [column[-1] if column else None for column in value.columns]

    def on_one_clock(self, values: list[Value]) -> tuple[int | None, list[list[list]]]:
        """The clock on which an operation steps, and each of its columns' operands there."""
        clocks = {value.clock for value in values if value.clock is not None}
        if not clocks:
            return None, [[value.column for value in values]]
        if len(clocks) > 1:
            return BASE, [[self.on_base(value) for value in values]]
        clock = clocks.pop()
        long = [value for value in values if value.clock is not None]
        result = []
        for which, column in enumerate(long[0].columns):
            operands = [
                value.column * len(column) if value.clock is None else value.columns[which]
                for value in values
            ]
            result.append(operands)
        return clock, result

    # -------------------------------------------------------------- the tree

    def evaluate(self, node: syntax.Expr, at: int = BASE) -> Value:
        match node:
            case syntax.Number():
                return Value(None, [[node.value]])
            case syntax.Name():
                return self.name(node.name, at)
            case syntax.At():
                return self.evaluate(node.operand, node.period_ms)
            case syntax.Unary():
                clock, columns = self.evaluate(node.operand, at)
                turned = operator.neg if node.op == "-" else operator.not_
                return Value(
                    clock, [[None if x is None else turned(x) for x in each] for each in columns]
                )
            case syntax.Binary():
                operands = [self.evaluate(node.left, at), self.evaluate(node.right, at)]
                return self.pointwise(operands, lambda a, b: self.binary(node.op, a, b))
            case syntax.Index():
                value = self.evaluate(node.operand, at)
                return self.stepped([value], lambda x: lag(x, int(node.bars.value)))
            case syntax.Output():
                call = node.operand
                while isinstance(call, syntax.At | syntax.Name):
                    if isinstance(call, syntax.Name):
                        call, at = self.sources[call.name], BASE
                    else:
                        call, at = call.operand, call.period_ms
                assert isinstance(call, syntax.Call)
                return self.call(call, node.output.lower(), at)
            case syntax.Call():
                return self.call(node, None, at)

    def pointwise(self, values: list[Value], function: Callable[..., object]) -> Value:
        clock, columns = self.on_one_clock(values)
        return Value(clock, [list(map(function, *operands)) for operands in columns])

    def stepped(self, values: list[Value], function: Callable[..., list]) -> Value:
        """A function with a memory: it steps on the clock of its inputs, else on the base bars."""
        clock, columns = self.on_one_clock(values)
        if clock is None:
            clock, columns = BASE, [[column * self.length() for column in columns[0]]]
        return Value(clock, [function(*operands) for operands in columns])

    def name(self, name: str, at: int) -> Value:
        averages = {
            "hl2": ["high", "low"],
            "hlc3": ["high", "low", "close"],
            "ohlc4": ["open", "high", "low", "close"],
        }
        series = name.lower()
        if series in averages:
            parts = [self.series(at, each) for each in averages[series]]
            return self.pointwise(parts, lambda *x: functools.reduce(operator.add, x) / len(x))
        if series in self.base:
            return self.series(at, series)
        if name in self.params:
            return Value(None, [[self.params[name]]])
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
            return self.pointwise(values, POINTWISE[function])
        if function in ("TR", "ATR"):
            values = [self.series(at, each) for each in ("high", "low", "close")]

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
        return Value(None, [[given]]) if isinstance(given, float) else self.evaluate(given, at)

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
