"""hq_run() and bars that an engine refuses: refused by name, or left out as a stream does."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from dsl.generate import random_program
from dsl.timeframe_laws import MINUTE, gapped_bars
from run.block_runs import base_registers, compiled, run_c

from hquant_cffi import DataError, HQuant, ParameterError
from hquant_cffi._ffi import lib

BARS = gapped_bars(400, 13)
BAD = [np.nan, np.inf, -np.inf, 1.1e100, -1.7e308]
FIELDS = ["open", "high", "low", "close", "volume", "buy_volume"]


def spoilt(seed: int, share: float) -> dict[str, npt.NDArray[Any]]:
    """Some bars with a field that no bar may have, the first and last and runs among them."""
    rng = np.random.default_rng(seed)
    columns = {name: column.copy() for name, column in BARS.columns.items()}
    rows = np.flatnonzero(rng.random(len(BARS)) < share)
    for row in {*rows.tolist(), 0, 1, 398, 399, 64, 65, 66}:
        columns[FIELDS[rng.integers(6)]][row] = BAD[rng.integers(len(BAD))]
    return columns


@pytest.mark.parametrize("share", [0.0, 0.03, 0.5, 1.0])
def test_bars_left_out_are_those_that_an_engine_refuses(share: float) -> None:
    for seed in range(12):
        text = random_program(Random(seed), timeframes=True)
        columns = spoilt(seed, share)
        engine = HQuant(64, bar_period=MINUTE)
        engine.add_strategy("s", text)
        expected, refused = np.zeros(len(BARS), np.uint8), 0
        for bar, row in enumerate(
            zip(*(column.tolist() for column in columns.values()), strict=True)
        ):
            try:
                engine.push_bar(*row)
            except DataError:
                refused += 1
            signals = engine.poll_signals_array()
            if len(signals):
                expected[bar] = signals[0]["action"]
        strategy = compiled(text)
        for block_bars in (0, 1, 5):
            found = run_c(
                columns, strategy, base_registers(strategy),
                bad_bars=lib.HQ_BAD_BARS_SKIP, bar_period_ms=MINUTE, block_bars=block_bars,
            )  # fmt: skip
            assert np.array_equal(found.actions, expected), (seed, block_bars)
            assert found.counts["rejected_bars"] == engine.rejected_bars == refused
            assert found.counts["bars"] == len(BARS)


def test_values_of_bars_left_out_are_unknown_and_the_others_as_without_them() -> None:
    strategy = compiled("x = SMA(close, 5) + open@5m\nIF x > CHANGE(high, 2) THEN BUY")
    columns = spoilt(3, 0.1)
    good = np.all([np.abs(columns[name]) <= 1e100 for name in FIELDS], axis=0)
    registers = base_registers(strategy)
    options = {"bad_bars": lib.HQ_BAD_BARS_SKIP, "bar_period_ms": MINUTE}
    found = run_c(columns, strategy, registers, **options)
    kept = run_c({n: c[good] for n, c in columns.items()}, strategy, registers, **options)
    assert np.isnan(found.values[:, ~good]).all()
    assert np.array_equal(found.values[:, good], kept.values, equal_nan=True)
    assert np.array_equal(found.rules[good], kept.rules) and set(found.rules[~good]) == {-1}
    assert kept.counts["rejected_bars"] == 0
    assert found.counts["signals"] == kept.counts["signals"] > 10
    assert found.counts["warmup_bars"] == kept.counts["warmup_bars"]


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("row", [0, 1, 7, 199, 399])
def test_a_bad_bar_is_refused_by_number_and_field(row: int, name: str) -> None:
    strategy = compiled("IF close > 0 THEN BUY")
    for value in BAD:
        columns = {each: column.copy() for each, column in BARS.columns.items()}
        columns[name][row] = value
        with pytest.raises(DataError, match=rf"bar {row}: {name}: expected a finite number"):
            run_c(columns, strategy, block_bars=64)


def test_columns_that_nothing_reads_may_be_missing_and_others_not() -> None:
    strategy = compiled("IF SMA(close, 3) > open THEN BUY")
    whole = run_c(dict(BARS.columns), strategy)
    part = {name: BARS.columns[name] for name in ("open", "close")}
    assert np.array_equal(run_c(part, strategy).actions, whole.actions)
    for name in part:
        less = {each: column for each, column in part.items() if each != name}
        with pytest.raises(ParameterError, match=f"bars.{name} is NULL"):
            run_c(less, strategy)
    candles = compiled("IF close@5m > 1 THEN BUY")
    with pytest.raises(ParameterError, match="bars.timestamp is NULL"):
        run_c({"close": BARS.close}, candles)
    with pytest.raises(ParameterError, match="bars.close is NULL"):
        run_c({"timestamp": BARS.timestamp}, candles)
    timed = {"timestamp": BARS.timestamp, "close": BARS.close}
    assert np.array_equal(run_c(timed, candles).actions, run_c(dict(BARS.columns), candles).actions)


@pytest.mark.parametrize("row", [1, 63, 64, 65, 399])
@pytest.mark.parametrize("bad_bars", [0, 1])
def test_times_must_not_fall_where_candles_are_read(row: int, bad_bars: int) -> None:
    columns = {name: column.copy() for name, column in BARS.columns.items()}
    columns["timestamp"][row] = columns["timestamp"][row - 1] - 1
    options = {"block_bars": 64, "bad_bars": bad_bars}
    run_c(columns, compiled("IF close > 1 THEN BUY"), **options)
    with pytest.raises(DataError, match=f"bar {row}: timestamp"):
        run_c(columns, compiled("IF close@5m > 1 THEN BUY"), **options)
