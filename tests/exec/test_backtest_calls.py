"""A backtest and its figures are one call into the core, whatever the number of bars."""

from __future__ import annotations

import numpy as np
import pytest
from core_calls import core_calls

from hquant_cffi import Strategy, backtest

CROSS = Strategy.compile(
    "f = SMA(close, 3)\ns = SMA(close, 9)\n"
    "IF CROSSOVER(f, s) THEN BUY\nIF CROSSUNDER(f, s) THEN SELL"
)


def run_over(length: int) -> None:
    close = 100 + np.cumsum(np.random.default_rng(1).normal(0, 0.1, length))
    prices = dict.fromkeys(("open", "high", "low", "close"), close)
    times = 1_600_000_000_000 + 60_000 * np.arange(length)
    report = backtest({"timestamp": times, **prices, "volume": np.ones(length)}, CROSS)
    assert report.metrics.trades > 10 and len(report.trades) > length / 50


@pytest.mark.parametrize("length", [300, 40_000])
def test_a_backtest_takes_one_call(length: int, monkeypatch: pytest.MonkeyPatch) -> None:
    run_over(length)
    assert core_calls(lambda: run_over(length), monkeypatch) == ["hq_backtest_run"]
