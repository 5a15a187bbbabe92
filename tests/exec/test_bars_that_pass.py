"""Most bars of a run of one symbol pass in one go; beside a symbol that does nothing none does.

So a run with and without such a neighbour takes both ways, and has to be the same to the bit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from backtest_tapes import flat_bars
from random_runs import random_run

from hquant_cffi import BacktestReport, backtest
from hquant_cffi.data import Bars

SKIPPED = ("orders", "funding", "funding_interval", "funding_missing", "finer", "curves")


def one_symbol(seed: int) -> tuple[Bars, Any, dict[str, Any]]:
    """The first symbol of a random run, its signals thinned out so that positions are held."""
    run = random_run(seed)
    name = next(iter(run.data))
    options = {key: value for key, value in run.options.items() if key not in SKIPPED}
    options = {k: v[name] if isinstance(v, dict) and name in v else v for k, v in options.items()}
    if options["intrabar"] == "finer":
        options["intrabar"] = "worst"
    keep = np.random.default_rng(seed).random(len(run.data[name])) < (0.05, 0.3, 1.0)[seed % 3]
    signals = np.asarray(options.pop("signals")) * keep
    return run.data[name], signals.astype(np.int8), options


def idle_bars(bars: Bars) -> Bars:
    tape = flat_bars(len(bars))
    return Bars(bars.timestamp, tape.open, tape.high, tape.low, tape.close, tape.volume)


def both_ways(seed: int) -> tuple[BacktestReport, BacktestReport]:
    bars, signals, options = one_symbol(seed)
    idle = idle_bars(bars)
    given = {"signals": {"A": signals, "B": np.zeros(len(bars), np.int8)}}
    quick = backtest({"A": bars}, signals={"A": signals}, curves=("position", "margin"), **options)
    slow = backtest({"A": bars, "B": idle}, curves=("position", "margin"), **given, **options)
    return quick, slow


def rules(seed: int) -> str:
    """Rules whose clauses are constants, or not, or there are none."""
    draw = np.random.default_rng(seed)
    clauses = (
        "",
        "",
        " STOP 1%",
        " TARGET 2%",
        " TRAIL 1%",
        " SIZE 40%",
        " STOP ATR(3)",
        " TRAIL ATR(5)",
    )
    buy, sell = draw.choice(clauses, 2)
    over, under = (("CROSSOVER(close, m)", "CROSSUNDER(close, m)"), ("close > m", "close < m"))[
        seed % 2
    ]
    lines = [f"m = SMA(close, {draw.integers(2, 8)})", f"IF {over} THEN BUY{buy}"]
    return "\n".join([*lines, f"IF {under} THEN SELL{sell}", "IF m == m THEN HOLD"])


def both_ways_by_rules(seed: int) -> tuple[BacktestReport, BacktestReport]:
    bars, _, options = one_symbol(seed)
    idle, text, never = idle_bars(bars), rules(seed), "IF close < 0 THEN BUY"
    quick = backtest({"A": bars}, {"A": text}, curves=("position", "margin"), **options)
    strategies = {"A": text, "B": never}
    slow = backtest({"A": bars, "B": idle}, strategies, curves=("position", "margin"), **options)
    return quick, slow


@pytest.mark.parametrize("ways", [both_ways, both_ways_by_rules])
@pytest.mark.parametrize("seeds", [range(k, 400, 8) for k in range(8)], ids=str)
def test_a_symbol_that_does_nothing_changes_nothing(
    seeds: range, ways: Callable[[int], tuple[BacktestReport, BacktestReport]]
) -> None:
    held = 0
    for seed in seeds:
        quick, slow = ways(seed)
        kept = np.isin(slow.time, quick.time)  # a bar left out leaves the neighbour's step
        for name in ("time", "equity", "margin", "drawdown"):
            np.testing.assert_array_equal(getattr(quick, name), getattr(slow, name)[kept], name)
        np.testing.assert_array_equal(quick.position[:, 0], slow.position[kept, 0])
        assert quick.fills.tobytes() == slow.fills.tobytes(), seed
        assert quick.trades.tobytes() == slow.trades.tobytes(), seed
        names = ("ambiguous_bars", "rejects", "partial_orders", "final_equity", "max_drawdown")
        assert all(getattr(quick, name) == getattr(slow, name) for name in names), seed
        held += int(np.count_nonzero(quick.position))
    assert held > 1000  # bars on which something could have happened


def test_an_open_that_liquidates_comes_before_the_order_that_waits_for_it() -> None:
    price = np.array([100.0, 100, 100, 85, 85])
    bars = Bars(np.arange(5) * 60_000, price, price, price, price, np.ones(5))
    report = backtest(bars, signals=[1, 0, -1, 0, 0], leverage=10, sides="long")
    assert report.liquidated
    assert report.fills_count == 1  # the opening: the account was gone before the sale
    assert report.rejects["liquidated"] == 1
