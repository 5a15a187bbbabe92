"""The interpreter of the syntax tree: against values worked out by hand, then the C rows."""

from __future__ import annotations

import math
from random import Random

import numpy as np
import numpy.typing as npt
import pytest
from dsl.generate import random_program
from dsl.interpret import SIGNATURES, interpret
from dsl.trees import parsed

from hquant_cffi._ffi import check, ffi, lib
from hquant_cffi.dsl.catalog import Row, functions

FIELDS = ["open", "high", "low", "close", "volume", "buy_volume"]


def bars(close: list[float], spread: float = 1.0) -> dict[str, npt.NDArray[np.float64]]:
    price = np.array(close, float)
    columns = {"open": price, "high": price + spread, "low": price - spread, "close": price}
    return {**columns, "volume": price * 10, "buy_volume": price * 4}


def random_bars(length: int, seed: int) -> dict[str, npt.NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.01, length)))
    opened = close * (1 + rng.normal(0, 0.003, length))
    high = np.maximum(opened, close) * (1 + abs(rng.normal(0, 0.003, length)))
    low = np.minimum(opened, close) * (1 - abs(rng.normal(0, 0.003, length)))
    volume = rng.uniform(1, 1000, length)
    buys = volume * rng.uniform(0, 1, length)
    return dict(zip(FIELDS, [opened, high, low, close, volume, buys], strict=True))


def value(expression: str, close: list[float]) -> list[object]:
    return interpret(parsed(f"x = {expression}"), bars(close)).values["x"]


@pytest.mark.parametrize(
    ("expression", "close", "expected"),
    [
        ("SMA(2)", [1, 3, 6], [None, 2, 4.5]),
        ("SUM(close, 2)", [1, 3, 6], [None, 4, 9]),
        ("STDDEV(2)", [1, 3, 6], [None, 1, 1.5]),
        ("EMA(3)", [1, 3, 6], [1, 2, 4]),
        ("EMA(close[1], 3)", [1, 3, 6], [None, 1, 2]),
        ("BOLL(2, 2).lower", [1, 3, 6], [None, 0, 1.5]),
        ("BOLL(2, 2)", [1, 3, 6], [None, 4, 7.5]),
        ("MACD(1, 3, 1).macd", [1, 3, 6], [0, 1, 2]),
        ("MACD(1, 3, 3).signal", [1, 3, 6], [0, 0.5, 1.25]),
        ("MACD(1, 3, 3).hist", [1, 3, 6], [0, 0.5, 0.75]),
        ("RSI(2)", [1, 2, 4, 3], [None, None, 100, 60]),
        ("RSI(2)", [5, 5, 5], [None, None, 50]),
        ("TR()", [1, 5, 5], [2, 5, 2]),
        ("ATR(2)", [1, 5, 5], [None, 3.5, 2.75]),
        ("HIGHEST(close, 2)", [1, 3, 2], [None, 3, 3]),
        ("HIGHEST(2)", [1, 3, 2], [None, 4, 4]),
        ("LOWEST(2)", [1, 3, 2], [None, 0, 1]),
        ("CHANGE()", [1, 3, 2], [None, 2, -1]),
        ("close[2]", [1, 3, 2], [None, None, 1]),
        ("RISING(close, 1)", [1, 3, 2], [None, True, False]),
        ("FALLING(close, 2)", [4, 3, 2], [None, None, True]),
        ("CROSSOVER(close, 2)", [1, 2, 3, 1], [None, False, True, False]),
        ("CROSSUNDER(close, 2)", [3, 2, 1], [None, False, True]),
        ("CROSS(close, 2)", [3, 1, 3], [None, True, True]),
        ("BARSSINCE(close > 2)", [1, 3, 2, 1], [None, 0, 1, 2]),
        ("VALUEWHEN(close > 2, close)", [1, 3, 2, 4], [None, 3, 3, 4]),
        ("VALUEWHEN(close > 2, close, 1)", [1, 3, 2, 4], [None, None, None, 3]),
        ("NZ(close[1], 7)", [1, 3], [7, 1]),
        ("NZ(close[1])", [1, 3], [0, 1]),
        ("MIN(close, close[1])", [1, 3, 2], [None, 1, 2]),
        ("SQRT(close - 2)", [1, 6], [None, 2]),
        ("LOG(close - 1)", [1, 2], [None, 0]),
        ("close / (close - 1)", [1, 2], [None, 2]),
        ("hl2", [1, 3], [1, 3]),
        ("-close[1]", [1, 3], [None, -1]),
        # three-valued logic: close[1] is unknown on the first bar
        ("NOT close[1] > 0", [1, 3], [None, False]),
        ("close[1] > 0 AND close > 5", [1, 3], [False, False]),
        ("close[1] > 0 AND close > 0", [1, 3], [None, True]),
        ("close[1] > 0 OR close > 0", [1, 3], [True, True]),
        ("close[1] > 0 OR close > 5", [1, 3], [None, True]),
    ],
)
def test_expression_has_the_value_worked_out_by_hand(
    expression: str, close: list[float], expected: list[object]
) -> None:
    assert value(expression, close) == expected


def test_rsi_goes_on_after_a_gap_from_the_last_known_value() -> None:
    # 1 2 ? 4: changes 1 and 2, then 3 - 4 = -1
    gapped = "RSI(close / (close - 9) * (close - 9), 2)"
    assert value(gapped, [1, 2, 9, 4, 3]) == [None, None, None, 100, pytest.approx(60)]


U = None


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # candles of two one-minute bars close at 2, 4 and 6
        ("close@2m", [U, U, 2, 2, 4, 4]),
        ("high@2m", [U, U, 3, 3, 5, 5]),
        ("open@2m", [U, U, 1, 1, 3, 3]),
        ("volume@2m", [U, U, 30, 30, 70, 70]),
        ("close@2m[1]", [U, U, U, U, 2, 2]),
        ("y[1]", [U, U, U, U, 2, 2]),
        ("SUM(close, 2)@2m", [U, U, U, U, 6, 6]),
        ("SUM(close@2m + 1, 2)", [U, U, U, U, 8, 8]),
        ("BOLL(2, 2).mid@2m", [U, U, U, U, 3, 3]),
        ("TR()@2m", [U, U, 3, 3, 3, 3]),
        ("close@2m + close", [U, U, 5, 6, 9, 10]),
        ("LAG(close@2m + close, 1)", [U, U, U, 5, 6, 9]),
        ("SUM(2*close@2m - close@3m, 2)", [U, U, U, U, 6, 10]),
        ("CROSSOVER(close@2m, 3)", [U, U, U, U, True, True]),
        ("CROSSOVER(close@2m, close - 2)", [U, U, U, False, True, False]),
        ("BARSSINCE(close@2m > 1)", [U, U, 0, 0, 0, 0]),
    ],
)
def test_higher_timeframe_shows_its_last_complete_candle(
    expression: str, expected: list[object]
) -> None:
    minutes = 60_000 * np.arange(6)
    program = parsed(f"y = close@2m\nx = {expression}")
    found = interpret(program, bars([1, 2, 3, 4, 5, 6]), timestamp=minutes)
    assert found.values["x"] == expected


def test_bar_period_lets_a_candle_end_with_its_last_bar() -> None:
    minutes = 60_000 * np.arange(6)
    found = interpret(
        parsed("x = close@2m"), bars([1, 2, 3, 4, 5, 6]), timestamp=minutes, bar_period=60_000
    )
    assert found.values["x"] == [U, 2, 2, 4, 4, 6]


def test_first_true_rule_gives_the_action() -> None:
    text = "IF close > 3 THEN BUY\nIF close > 2 THEN HOLD\nIF close[1] < 9 THEN SELL"
    found = interpret(parsed(text), bars([1, 1, 3, 4]))
    assert found.actions.tolist() == [0, 2, 3, 1]


def test_params_replace_defaults() -> None:
    program = parsed("PARAM n = 1\nPARAM mark = 2\nx = SMA(n)\nIF x > mark THEN BUY")
    assert interpret(program, bars([1, 3, 5])).actions.tolist() == [0, 1, 1]
    changed = interpret(program, bars([1, 3, 5]), {"n": 2, "mark": 3})
    assert changed.actions.tolist() == [0, 0, 1]


def test_closest_comparison_is_kept() -> None:
    assert interpret(parsed("IF close > 2 THEN BUY"), bars([1, 2, 4])).closest == 0.5


def test_random_programs_fire_and_reach_every_function() -> None:
    columns = random_bars(80, 1)
    used: set[str] = set()
    fired = 0
    for seed in range(150):
        text = random_program(Random(seed))
        used |= {name for name in SIGNATURES if f"{name}(" in text.upper()}
        fired += bool(interpret(parsed(text), columns).actions.any())
    assert used == set(SIGNATURES)
    assert fired > 90


def test_signatures_are_those_of_the_catalogue() -> None:
    language = {
        name
        for name, each in functions().items()
        if not isinstance(each, Row) or each.group == "language"
    }
    assert language <= set(SIGNATURES) <= set(functions())
    for name, (inputs, params) in SIGNATURES.items():
        function = functions()[name]
        if isinstance(function, Row):
            explicit = [
                (each.name, None if each.field is None else FIELDS[each.field])
                for each in function.explicit_inputs
            ]
            assert inputs == explicit
            assert params == [(each.name, each.default) for each in function.params]


ROWS = [
    "SMA(x, 5)", "EMA(x, 5)", "STDDEV(x, 5)", "RSI(x, 5)", "HIGHEST(x, 5)", "LOWEST(x, 5)",
    "SUM(x, 5)", "CHANGE(x, 2)", "LAG(x, 3)", "RISING(x, 2)", "FALLING(x, 2)", "SMA(x, 1)",
    "STDDEV(x, 1)", "HIGHEST(x, 1)", "RSI(x, 1)", "EMA(x, 1)", "LAG(x, 0)",
]  # fmt: skip


@pytest.mark.parametrize("call", ROWS)
def test_row_of_the_core_gives_the_same_with_gaps(call: str) -> None:
    columns = random_bars(200, 3)
    name, period = call.split("(x, ")
    # Unknown on some bars: the square root of what is sometimes negative.
    found = interpret(parsed(f"x = SQRT(close - open[1])\ny = {call}"), columns).values
    x = np.array([math.nan if each is None else each for each in found["x"]])
    row = functions()[name]
    assert isinstance(row, Row)
    result = np.empty(200)
    spec = ffi.new("HqIndicatorSpec *")
    assert lib.hq_indicator_spec(name.encode(), spec) == lib.HQ_OK
    spec.n_params, spec.params[0] = 1, float(period.rstrip(")"))
    status = lib.hq_indicator_batch(
        spec,
        [ffi.from_buffer("double[]", x)],
        200,
        [ffi.from_buffer("double[]", result, require_writable=True)],
    )
    check(status)
    expected = [math.nan if each is None else float(each) for each in found["y"]]
    np.testing.assert_allclose(result, expected, rtol=1e-9, atol=1e-11)
    assert 0 < np.isnan(x).sum() < 150
