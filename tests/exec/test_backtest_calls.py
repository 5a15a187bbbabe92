"""A backtest's calls into the core do not grow with its bars."""

from __future__ import annotations

import sys
from types import BuiltinFunctionType
from typing import Any

import numpy as np
import pytest

from hquant_cffi import Strategy, backtest
from hquant_cffi._ffi import lib

CROSS = Strategy.compile(
    "f = SMA(close, 3)\ns = SMA(close, 9)\n"
    "IF CROSSOVER(f, s) THEN BUY\nIF CROSSUNDER(f, s) THEN SELL"
)


class Counting:
    """The core's functions, each call of which is noted."""

    def __init__(self) -> None:
        self.called: list[str] = []

    def __getattr__(self, name: str) -> Any:
        found = getattr(lib, name)
        if not isinstance(found, BuiltinFunctionType):
            return found  # a number, or a function of Python's that C calls

        def call(*arguments: Any) -> Any:
            self.called.append(name)
            return found(*arguments)

        return call


def run_over(length: int) -> None:
    close = 100 + np.cumsum(np.random.default_rng(1).normal(0, 0.1, length))
    prices = dict.fromkeys(("open", "high", "low", "close"), close)
    times = 1_600_000_000_000 + 60_000 * np.arange(length)
    report = backtest({"timestamp": times, **prices, "volume": np.ones(length)}, CROSS)
    assert report.metrics.trades > 10 and len(report.trades) > length / 50


def calls_of(length: int, patch: pytest.MonkeyPatch) -> list[str]:
    counting = Counting()
    with patch.context() as patched:
        for name, module in list(sys.modules.items()):
            if name.startswith("hquant_cffi.") and getattr(module, "lib", None) is lib:
                patched.setattr(module, "lib", counting)
        run_over(length)
    return counting.called


def test_a_backtest_takes_as_many_calls_whatever_its_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    run_over(300)  # every module is loaded, and finds the core itself
    few, many = calls_of(300, monkeypatch), calls_of(40_000, monkeypatch)
    assert few == many
    assert few.count("hq_backtest_run") == few.count("hq_metrics") == 1 and len(few) < 10
