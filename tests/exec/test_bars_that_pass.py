"""Most bars of a run of one symbol pass in one go; beside a symbol that does nothing none does.

So a run with and without such a neighbour takes both ways, and has to be the same to the bit.
"""

from __future__ import annotations

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


def both_ways(seed: int) -> tuple[BacktestReport, BacktestReport]:
    bars, signals, options = one_symbol(seed)
    tape = flat_bars(len(bars))
    idle = Bars(bars.timestamp, tape.open, tape.high, tape.low, tape.close, tape.volume)
    given = {"signals": {"A": signals, "B": np.zeros(len(bars), np.int8)}}
    quick = backtest({"A": bars}, signals={"A": signals}, curves=("position", "margin"), **options)
    slow = backtest({"A": bars, "B": idle}, curves=("position", "margin"), **given, **options)
    return quick, slow


@pytest.mark.parametrize("seeds", [range(k, 400, 8) for k in range(8)], ids=str)
def test_a_symbol_that_does_nothing_changes_nothing(seeds: range) -> None:
    held = 0
    for seed in seeds:
        quick, slow = both_ways(seed)
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
