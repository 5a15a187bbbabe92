"""run() is the stream: signals, series and indicators of random programs, to the last bit."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import numpy as np
import pytest
from dsl.generate import random_program
from dsl.interpret import interpret
from dsl.timeframe_laws import (
    EXAMPLES,
    FIELDS,
    MINUTE,
    PROGRAMS,
    SETTINGS,
    Setting,
    gapped_bars,
    same,
    stream,
)
from indicator.indicator_table import ENGINE_SPECS, Engine, native, random_bars
from indicator.indicator_table import FIELDS as TABLE_FIELDS
from run.block_runs import base_registers, compiled, run_c, same_values

from hquant_cffi import DataError, backtest, indicators, load_sp500, run
from hquant_cffi._ffi import lib
from hquant_cffi.dsl import compile_text

BARS = gapped_bars(400, 3)
LONG = gapped_bars(3_000, 4)


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_signals_are_those_of_the_stream(setting: Setting) -> None:
    texts = [*PROGRAMS, *(random_program(Random(seed), timeframes=True) for seed in range(40))]
    fired = 0
    for text in texts:
        result = run(BARS, text, htf=setting.htf, bar_period=setting.bar_period)
        expected = stream(setting, BARS, text)
        same(result.actions, expected, setting, text)
        fired += bool(expected.any())
    assert fired > 20


def test_signals_are_those_of_a_backtest_whose_clauses_take_no_part() -> None:
    for path in EXAMPLES:
        result = run(LONG, path)
        report = backtest(LONG, path)
        assert np.array_equal(result.actions, report.actions), path
        assert result.warmup_bars == report.warmup_bars
        assert (result.buy_signals, result.sell_signals) == (
            report.buy_signals,
            report.sell_signals,
        )


def test_any_block_size_gives_the_same_bits() -> None:
    columns = dict(BARS.columns)
    for seed in range(30):
        strategy = compiled(random_program(Random(seed), timeframes=True))
        registers = base_registers(strategy)
        for htf in (lib.HQ_HTF_CLOSED, lib.HQ_HTF_FORMING):
            options = {"htf": htf, "bar_period_ms": MINUTE}
            expected = run_c(columns, strategy, registers, block_bars=1, **options)
            for block_bars in (0, 2, 3, 7, 64, 399, 400, 65_536):
                found = run_c(columns, strategy, registers, block_bars=block_bars, **options)
                assert found.bits() == expected.bits(), (seed, block_bars)
                assert found.counts == expected.counts
                alone = run_c(columns, strategy, block_bars=block_bars, **options)
                assert alone.bits()[:2] == expected.bits()[:2], (seed, block_bars)
                assert alone.counts == expected.counts


# Conditions that need no columns when nobody asks for one, with unknown values in all of them.
CONDITIONS = [
    "IF CROSSOVER(close, SMA(close, 5)) THEN BUY\nIF CROSSUNDER(close, SMA(close, 5)) THEN SELL\n",
    "IF CROSS(EMA(close, 3), SMA(close, 9)) THEN BUY\n",
    "IF CROSSOVER(close, close[1]) THEN BUY\nIF CROSSOVER(close[1], close) THEN SELL\n",
    "IF NOT (SMA(close, 50) > 0 AND close < 0) THEN BUY\n",
    "IF SMA(close, 50) < 0 OR close > 0 THEN BUY\nIF NOT (close >= open) THEN SELL\n",
    "IF NOT CROSSOVER(close, open) AND (close == open OR close != open) THEN HOLD\n",
    "IF RISING(close, 2) AND NOT RISING(open, 2) THEN BUY\nIF FALLING(close, 2) THEN SELL\n",
    "up = close > SMA(close, 4)\nIF up AND NOT FALLING(close, 1) THEN BUY\nIF up THEN HOLD\n",
    "IF close <= LOWEST(close, 6) THEN BUY\nIF close >= HIGHEST(close, 6) THEN SELL\n",
    "IF close > 1 / (close - close) OR BARSSINCE(CROSSOVER(close, open)) == 2 THEN BUY\n",
]


@pytest.mark.parametrize("block_bars", [0, 1, 2, 63, 64, 65, 130])
def test_conditions_without_columns_are_those_of_the_stream(block_bars: int) -> None:
    texts = [*CONDITIONS, *(random_program(Random(seed), timeframes=False) for seed in range(20))]
    fired = 0
    for text in texts:
        strategy = compiled(text)
        alone = run_c(dict(BARS.columns), strategy, block_bars=block_bars)
        beside = run_c(dict(BARS.columns), strategy, base_registers(strategy))
        assert np.array_equal(alone.actions, stream(SETTINGS[0], BARS, text)), text
        assert np.array_equal(alone.rules, beside.rules), text
        assert alone.counts == beside.counts, text
        fired += bool(alone.actions.any())
    assert fired > len(CONDITIONS)


def test_any_vector_width_gives_the_same_bits() -> None:
    columns = dict(LONG.columns)
    strategies = [compiled(random_program(Random(seed), timeframes=True)) for seed in range(8)]
    expected = [run_c(columns, each, base_registers(each)).bits() for each in strategies]
    try:
        for level in (lib.HQ_SIMD_BASELINE, lib.HQ_SIMD_AVX2):
            assert lib.hq_simd_limit(level) == lib.HQ_OK
            for each, bits in zip(strategies, expected, strict=True):
                assert run_c(columns, each, base_registers(each)).bits() == bits
    finally:
        lib.hq_simd_limit(lib.HQ_SIMD_AVX512)


#: What is asked for of a run that writes past the caches: by name its outputs and its text.
PAST_CACHES: dict[str, dict[str, str]] = {
    "windows": {f"b{n}": f"BOLL(close, {n}, 2)" for n in range(2, 12)} | {
        "same": "SMA(close, 5)", "again": "SMA(close, 5)", "input": "SMA(close, 1)",
        "unknown": "close / (high - high)", "ranks": "PERCENTRANK(close, 9)",
        "long": "SMA(close, 300)", "ema": "EMA(close, 12)", "less": "EMA(close, 12) - close",
    },
    "averages": {f"e{n}": f"EMA(close, {n})" for n in range(2, 25)} | {
        "of": "EMA(EMA(close, 12), 3)", "rsi": "RSI(close, 14)", "atr": "ATR(14)",
        "slow": "EMA(close, 700)", "gone": "EMA(close / (high - high), 4)",
        "sma": "SMA(close, 20)",
    },
    # Of these the rest brings out little before a place is written again: twins, several outputs.
    "twins": {f"n{n}": f"close + {n}" for n in range(27)} | {
        "s": "STDDEV(close, 20)", "m": "SMA(close, 20)",
    },
    "outputs": {f"n{n}": f"close + {n}" for n in range(27)} | {"b": "MACD(close, 12, 26, 9)"},
}  # fmt: skip


@pytest.mark.parametrize("name", PAST_CACHES)
def test_columns_beyond_the_caches_have_the_same_bits(name: str) -> None:
    """The first run makes its columns itself, the others write past the caches (past_caches.h)."""
    asked, bars = PAST_CACHES[name], gapped_bars(160_001, 5)
    alone = flat(run(bars, indicators=asked).indicators)
    place = np.full((len(alone), len(bars) + 1), -1.0)  # rows begin anywhere in a line
    assert place.nbytes > 1 << 25
    try:
        for level in (lib.HQ_SIMD_BASELINE, lib.HQ_SIMD_AVX2, lib.HQ_SIMD_AVX512):
            assert lib.hq_simd_limit(level) == lib.HQ_OK
            rows = iter(place[:, :-1])
            out = {
                each: tuple(next(rows) for _ in range(3)) if each[0] == "b" else next(rows)
                for each in asked
            }
            run(bars, indicators=asked, out=out)
            for found, expected in zip(place, alone, strict=True):
                assert found[:-1].tobytes() == expected.tobytes() and found[-1] == -1
            place[:] = -1
    finally:
        lib.hq_simd_limit(lib.HQ_SIMD_AVX512)


AVERAGES = {f"e{n}": f"EMA(close, {n})" for n in range(5, 28)}
AVERAGE_PROGRAM = compiled(
    "\n".join(f"{name} = {text}" for name, text in AVERAGES.items())
    + f"\nIF {' + '.join(AVERAGES)} > 0 THEN BUY"
)


@pytest.mark.parametrize("level", [lib.HQ_SIMD_BASELINE, lib.HQ_SIMD_AVX2, lib.HQ_SIMD_AVX512])
def test_who_is_told_of_bars_finds_their_values_beyond_the_caches(level: int) -> None:
    bars = gapped_bars(200_001, 7)
    expected = run(bars, indicators=AVERAGES).indicators
    out, told = {name: np.full(len(bars), -1.0) for name in AVERAGES}, []

    def progress(done: int, total: int) -> None:
        told.append(done)
        for name, column in out.items():
            assert column[:done].tobytes() == expected[name][:done].tobytes()

    try:
        assert lib.hq_simd_limit(level) == lib.HQ_OK
        run(bars, indicators=AVERAGES, out=out, progress=progress)
    finally:
        lib.hq_simd_limit(lib.HQ_SIMD_AVX512)
    assert len(told) > 2 and told[-1] == len(bars)


def test_what_was_done_before_a_refused_bar_stands_beyond_the_caches() -> None:
    bars = gapped_bars(200_001, 7)
    registers = base_registers(AVERAGE_PROGRAM)
    columns = {"timestamp": bars.timestamp, **bars.columns}
    expected = np.full((len(registers), len(bars)), -1.0)
    run_c(columns, AVERAGE_PROGRAM, registers, values=expected)
    assert not np.any(expected == -1)  # nothing is left when there is nobody to tell
    columns["close"] = bars.close.copy()
    columns["close"][-2] = np.nan
    found = np.full_like(expected, -1)
    assert found.nbytes > 1 << 25
    with pytest.raises(DataError, match="bar 199999: close"):
        run_c(columns, AVERAGE_PROGRAM, registers, values=found)
    assert found[:, :190_000].tobytes() == expected[:, :190_000].tobytes()
    assert np.all(found[:, -1] == -1)


def flat(results: Mapping[str, Any]) -> list[np.ndarray]:
    return [
        column
        for each in results.values()
        for column in (each if isinstance(each, tuple) else (each,))
    ]


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_named_series_are_what_the_text_says(setting: Setting) -> None:
    """Against the interpreter of the tree, which shares no code with the core."""
    bars, compared = BARS[:120], 0
    for seed in range(60):
        text = random_program(Random(seed), timeframes=True)
        found = interpret(
            compile_text(text).tree,
            {name: bars.columns[name] for name in FIELDS},
            timestamp=bars.timestamp,
            bar_period=setting.bar_period or 0,
            htf=setting.htf,
        )
        if found.closest < 1e-9:
            continue
        result = run(bars, text, series=True, htf=setting.htf, bar_period=setting.bar_period)
        assert list(result.series) == [name for name in found.values if name in result.series]
        for name, values in result.series.items():
            column = values[0] if isinstance(values, tuple) else values
            expected = np.array(
                [np.nan if value is None else float(value) for value in found.values[name]]
            )
            np.testing.assert_allclose(column, expected, rtol=1e-6, atol=1e-6, err_msg=text)
            compared += 1
    assert compared > 40


def test_asking_for_series_changes_no_signal() -> None:
    for seed in range(30):
        text = random_program(Random(seed), timeframes=True)
        plain, asked = run(BARS, text), run(BARS, text, series=True)
        assert np.array_equal(plain.actions, asked.actions)
        assert np.array_equal(plain.rules, asked.rules)


@pytest.mark.parametrize("kind", ["ticks", "steps"])
def test_all_indicators_at_once_are_those_of_an_engine_bar_by_bar(kind: str) -> None:
    """Every row of the table with many parameters, in both modes, in one graph and one call."""
    bars = random_bars(8, 150, kind)
    engine = Engine(len(bars))
    ids = [engine.add(each) for each in ENGINE_SPECS]
    for bar in range(len(bars)):
        assert engine.push(bars.bar(bar)) == lib.HQ_OK
    asked = [(native(each), k) for each in ENGINE_SPECS for k in range(len(each.row.outputs))]
    columns = dict(zip(TABLE_FIELDS, bars.fields, strict=True))
    for block_bars in (0, 1, 13):
        found = iter(
            run_c(
                {"timestamp": bars.timestamp, **columns}, specs=asked, block_bars=block_bars
            ).values
        )
        for each, identity in zip(ENGINE_SPECS, ids, strict=True):
            for expected in engine.columns(each, identity):
                same_values(next(found), expected, str(each))


def test_expressions_are_the_functions_of_the_table() -> None:
    seven = {
        "sma": "SMA(close, 20)", "ema": "EMA(close, 20)", "stddev": "STDDEV(close, 20)",
        "rsi": "RSI(close, 14)", "bands": "BOLL(close, 20, 2)", "macd": "MACD(close, 12, 26, 9)",
        "atr": "ATR(14)",
    }  # fmt: skip
    bars = load_sp500()
    found = run(bars, indicators=seven).indicators
    high, low, close = bars.high, bars.low, bars.close
    same_values(found["sma"], indicators.sma(close, 20))
    same_values(found["ema"], indicators.ema(close, 20))
    same_values(found["stddev"], indicators.stddev(close, 20))
    same_values(found["rsi"], indicators.rsi(close, 14))
    same_values(found["atr"], indicators.atr(high, low, close, 14))
    for name, expected in [
        ("bands", indicators.boll(close, 20, 2)),
        ("macd", indicators.macd(close, 12, 26, 9)),
    ]:
        assert type(found[name]) is type(expected)
        for mine, other in zip(found[name], expected, strict=True):
            same_values(mine, other, name)


def test_an_indicator_is_the_same_alone_and_beside_a_strategy() -> None:
    asked = {"a": "EMA(close - open, 7)", "b": "BOLL(9, 2)@5m", "c": "close@1h[1]", "d": "RSI(5)"}
    for seed in range(12):
        text = random_program(Random(seed), timeframes=True)
        alone = run(LONG, indicators=asked, bar_period="1m")
        beside = run(LONG, text, indicators=asked, bar_period="1m")
        for name in asked:
            assert np.array_equal(
                np.array(alone.indicators[name]).view(np.uint64),
                np.array(beside.indicators[name]).view(np.uint64),
            ), (seed, name)
        assert np.array_equal(beside.actions, run(LONG, text, bar_period="1m").actions), seed


def test_cutting_the_data_changes_nothing_before() -> None:
    for seed in range(10):
        text = random_program(Random(seed), timeframes=True)
        whole = run(BARS, text, series=True, indicators=["SMA(9)", "HIGHEST(high@15m, 3)"])
        for cut in (1, 2, 57, 200, 399):
            part = run(BARS[:cut], text, series=True, indicators=["SMA(9)", "HIGHEST(high@15m, 3)"])
            assert np.array_equal(part.actions, whole.actions[:cut]), (seed, cut)
            assert np.array_equal(part.rules, whole.rules[:cut])
            for name in part.indicators:
                assert np.array_equal(
                    part.indicators[name], whole.indicators[name][:cut], equal_nan=True
                )


def test_a_law_notices_another_program() -> None:
    text = "IF CROSSOVER(SMA(3), SMA(9)) THEN BUY"
    other = "IF CROSSOVER(SMA(4), SMA(9)) THEN BUY"
    with pytest.raises(AssertionError, match="first at bar"):
        same(run(BARS, other).actions, stream(SETTINGS[0], BARS, text))
