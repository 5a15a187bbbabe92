"""A report's metrics are made with the run: those of its curve and trades, to the last bit."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from backtest_tapes import bars_of, flat_bars, random_signals, walk
from core_calls import core_calls
from random_runs import random_run

from hquant_cffi import Bars, HQuantError, backtest, metrics
from hquant_cffi._backtest_report import BacktestReport
from hquant_cffi._ffi import ffi, lib

BLOCK = 1024  # steps that are summed at a time: csrc/metrics/steps.h


def measured(report: BacktestReport) -> dict[str, Any] | str:
    """The figures by name, or why there are none."""
    try:
        found = report.metrics
    except HQuantError as error:
        return str(error)
    return vars(found)


def by_itself(report: BacktestReport) -> dict[str, Any] | str:
    """The same of what the report holds, in a call of its own."""
    try:
        found = metrics(
            report.equity, report.time, initial=report.capital, trades=report.trades
        )
    except HQuantError as error:
        return str(error)
    return vars(found)


def assert_same(report: BacktestReport) -> None:
    # As texts: NaN is NaN, and a float's text tells all of its bits but NaN's.
    assert repr(measured(report)) == repr(by_itself(report))
    peak = np.maximum.accumulate(np.concatenate(([report.capital], report.equity)))[1:]
    fall = (report.equity - peak) / peak
    assert report.max_drawdown == min(0.0, fall.min(initial=0.0))


@pytest.mark.parametrize("seed", range(60))
def test_random_runs(seed: int) -> None:
    given = random_run(seed)
    assert_same(backtest(given.data, **given.options))


@pytest.mark.parametrize(
    "length", [1, 2, 3, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 2 * BLOCK + 1, 20 * BLOCK + 7]
)
@pytest.mark.parametrize("kind", ["alone", "odd", "left out", "together", "standing"])
def test_any_number_of_steps(length: int, kind: str) -> None:
    bars, signals = walk(length, length), random_signals(length + 1, length)
    options: dict[str, Any] = {"signals": signals, "fee": 0.001, "size": 0.5}
    data: Any = bars
    if kind == "odd":  # not evenly apart, and some at the same moment
        gaps = np.random.default_rng(length).integers(0, 3, length)
        times = bars.timestamp + 60_000 * np.cumsum(gaps)
        data = Bars(times, bars.open, bars.high, bars.low, bars.close, bars.volume)
    elif kind == "left out":
        low = bars.low.copy()
        low[length // 2] = 0  # no price
        data = Bars(bars.timestamp, bars.open, bars.high, low, bars.close, bars.volume)
        options["bad_bars"] = "skip"
    elif kind == "together":
        data = {"a": bars, "b": walk(length + 5, length, start=7 * 60_000)}
        options["signals"] = {"a": signals, "b": -signals}
    elif kind == "standing":
        options["signals"] = np.zeros(length, np.int8)
    assert_same(backtest(data, **options))


def test_runs_that_lose_everything() -> None:
    for length in (60, 3 * BLOCK):
        for seed in range(6):
            options = {"leverage": 50, "maintenance_margin": 0.01}
            report = backtest(walk(seed, length), signals=random_signals(seed, length), **options)
            assert report.liquidated
            assert_same(report)


def test_what_is_refused_is_refused_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    beyond = 2**62  # a time, but none that steps can be told from
    bars = flat_bars(3 * BLOCK, start=beyond)
    for data in (bars[:0], bars):
        report = backtest(data, signals=np.zeros(len(data), np.int8))
        assert "_measured" not in vars(report) and isinstance(measured(report), str)
        assert_same(report)
    short = backtest(flat_bars(9), signals=[0] * 9)
    assert core_calls(lambda: short.metrics, monkeypatch) == []


def test_a_report_keeps_its_figures_and_a_changed_one_has_its_own() -> None:
    report = backtest(walk(3), signals=random_signals(4), fee=0.001)
    again = pickle.loads(pickle.dumps(report))
    assert repr(measured(again)) == repr(measured(report))
    halved = replace(report, equity=report.equity / 2, capital=report.capital / 2)
    assert halved.metrics.expectancy == report.metrics.expectancy
    assert_same(replace(halved, max_drawdown=report.max_drawdown))
    worse = replace(report, equity=report.equity * np.linspace(1, 0.5, len(report.equity)))
    assert worse.metrics.total_return < report.metrics.total_return


# --------------------------------------------------------------------- the C call


class Call:
    """A run of one symbol, of which all can be asked for."""

    def __init__(self, length: int = 300) -> None:
        self.bars, self.signals = walk(1, length), random_signals(2, length)
        prices = ("open", "high", "low", "close", "volume")
        columns = {name: ffi.from_buffer("double[]", getattr(self.bars, name)) for name in prices}
        columns["timestamp"] = ffi.from_buffer("int64_t[]", self.bars.timestamp)
        self.keep = [
            ffi.new("HqBars *", {"length": length, **columns}),
            ffi.from_buffer("int8_t[]", self.signals),
        ]
        self.symbol = ffi.new("HqSymbol *")
        lib.hq_symbol_init(self.symbol)
        self.symbol.bars, self.symbol.signals = self.keep
        self.options = ffi.new("HqBacktestOptions *")
        lib.hq_backtest_options_init(self.options)
        self.report = self.struct("HqBacktestReport")
        self.metrics, self.year = self.struct("HqMetrics"), self.struct("HqYear")
        self.equity, self.time = ffi.new("double[]", length), ffi.new("int64_t[]", length)
        self.trades = ffi.new("HqTrade[]", 2 * length)
        self.output = self.struct("HqBacktestOutput")
        self.output.steps_cap = length
        self.output.equity, self.output.metrics = self.equity, self.metrics
        self.output.trades, self.output.trades_cap = self.trades, len(self.trades)

    @staticmethod
    def struct(kind: str) -> Any:
        made = ffi.new(f"{kind} *")
        made.struct_size = ffi.sizeof(kind)
        return made

    def run(self, symbols: int = 1) -> int:
        both = ffi.new("HqSymbol[]", [self.symbol[0]] * symbols)
        status: int = lib.hq_backtest_run(
            both, symbols, ffi.NULL, 0, self.options, self.report, self.output
        )
        return status

    def message(self) -> str:
        return ffi.string(lib.hq_last_error().message).decode()


def test_metrics_without_a_year_or_trades() -> None:
    call = Call()
    assert call.run() == 0 and call.output.has_metrics == 1
    assert call.metrics.trades == call.report.trades > 10
    assert call.metrics.max_drawdown == call.report.max_drawdown < 0
    assert np.isnan(call.metrics.periods_per_year)  # five hours tell no year
    call.output.trades, call.output.trades_cap = ffi.NULL, 0
    call.metrics.trades = 99
    assert call.run() == 0 and call.output.has_metrics == 1
    assert call.metrics.trades == 0 and np.isnan(call.metrics.win_rate)


def test_metrics_of_some_of_the_trades_are_none() -> None:
    call = Call()
    assert call.run() == 0
    everything, drawdown = bytes(ffi.buffer(call.metrics)), call.report.max_drawdown
    stored = call.output.trades_len
    call.output.trades_cap = stored
    assert call.run() == 0 and call.output.has_metrics == 1
    call.output.trades_cap = stored - 1
    assert call.run() == 0 and call.output.has_metrics == 0
    assert bytes(ffi.buffer(call.metrics)) == everything  # untouched
    assert call.report.max_drawdown == drawdown


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("metrics", "year is told with metrics, which is NULL"),
        ("equity", "metrics are of its equity, which is NULL"),
        ("HqMetrics", "HqMetrics.struct_size must be"),
        ("HqYear", "HqYear.struct_size must be"),
        ("skip", "metrics need the steps' times, and time is NULL"),
        ("symbols", "metrics need the steps' times, and time is NULL"),
    ],
)
def test_metrics_that_there_is_no_room_for(what: str, words: str) -> None:
    call, symbols = Call(), 1
    call.output.year = call.year
    assert call.run() == 0 and b"Saturday" in ffi.string(call.year.periods_from)
    if what in ("metrics", "equity"):
        setattr(call.output, what, ffi.NULL)
    elif what == "HqMetrics":
        call.metrics.struct_size = 8
    elif what == "HqYear":
        call.year.struct_size = 0
    elif what == "skip":
        call.options.bad_bars = lib.HQ_BAD_BARS_SKIP
    else:
        symbols = 2
    call.report.bars = 7
    assert call.run(symbols) == lib.HQ_EINVAL and words in call.message()
    assert call.report.bars == 7  # nothing was run
    if what in ("skip", "symbols"):
        call.output.time = call.time
        assert call.run(symbols) == 0 and call.output.has_metrics == 1


@pytest.mark.parametrize("at", [1, 2, 700, 1024, 2048, 2999])  # blocks of 1,024 bars
@pytest.mark.parametrize("step", [0, -1])
def test_times_that_are_none_are_to_be_in_order_all_the_same(at: int, step: int) -> None:
    """Of candles they rise, of other bars they do not fall; no step can be told from these."""
    call = Call(3000)
    times = call.bars.timestamp + 2**62
    times[at:] += times[at - 1] - times[at] + step
    call.keep[0].timestamp = ffi.from_buffer("int64_t[]", times)
    for kind in (lib.HQ_BAD_BARS_CANDLES, lib.HQ_BAD_BARS_ERROR):
        call.options.bad_bars = kind
        is_refused = step < 0 or kind == lib.HQ_BAD_BARS_CANDLES
        assert call.run() == (lib.HQ_EORDER if is_refused else 0)
        assert f"bar {at}" in call.message() or not is_refused
        assert is_refused or call.output.has_metrics == 0


def test_bars_of_one_price_have_metrics() -> None:
    report = backtest(bars_of([(5, 5, 5, 5)] * 40), signals=[1] + [0] * 39)
    assert report.metrics.total_return == 0 and np.isnan(report.metrics.sharpe)
    assert_same(report)
