"""What cannot be computed is unknown, and leaves nothing behind that outlives it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hquant_cffi import HQuant, indicators

N = 80


def _series(seed: int = 5) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return 100 + np.random.default_rng(seed).normal(0, 1, N).cumsum()


@pytest.mark.parametrize("column", ["high", "low", "close"])
def test_atr_recovers_after_an_unknown_bar(column: str) -> None:
    close = _series()
    columns = {"high": close + 1, "low": close - 1, "close": close}
    columns[column] = columns[column].copy()
    columns[column][10] = math.nan
    atr = indicators.atr(columns["high"], columns["low"], columns["close"], 3)
    unknown = np.flatnonzero(np.isnan(atr[2:])) + 2
    # An unknown close makes the next bar's range high - low, which is known.
    assert unknown.tolist() == ([10] if column != "close" else [])
    assert np.isfinite(atr[11:]).all()


def test_atr_leaves_its_average_unmoved_by_an_unknown_bar() -> None:
    """Three ranges of 2, one unknown, one of 5: 2 + (5 - 2)/3 = 3."""
    close = np.array([10.0, 10, 10, 10, 10])
    high = np.array([11.0, 11, 11, math.nan, 12.5])
    low = np.array([9.0, 9, 9, 9, 7.5])
    atr = indicators.atr(high, low, close, 3)
    assert atr[2] == 2 and math.isnan(atr[3]) and atr[4] == 3


def test_rsi_recovers_after_a_step_beyond_all_numbers() -> None:
    x = _series()
    x[10], x[11] = 1.7e308, -1.7e308
    rsi = indicators.rsi(x, 3)
    assert np.isfinite(rsi[-5:]).all()


def test_nested_rows_never_show_infinity() -> None:
    """26 bands of a million deviations each leave the finite numbers: then all is unknown."""
    lines = ["x0 = close"]
    lines += [f"x{i + 1} = BOLL(x{i}, 2, 1000000).upper" for i in range(26)]
    lines += ["IF 1 / STDDEV(x26, 2) == 0 THEN HOLD", "IF x26 > 1 / 0 OR x26 < 1e308 THEN BUY"]
    engine = HQuant(N)
    engine.add_strategy("deep", "\n".join(lines))
    for i, x in enumerate(_series()):
        engine.push_bar(i, x, x, x, x, 1)
    assert all(signal["action"] != "HOLD" for signal in engine.poll_signals())


def test_zero_and_minus_zero_are_one_parameter() -> None:
    engine = HQuant(4)
    assert engine.add_boll(20, 0.0) == engine.add_boll(20, -0.0)
