"""Growth: W3 and W4 with 1, 4 and 16 times the work; linear is 16 times the time."""

from __future__ import annotations

import ours
from context import Bench
from market import walk
from race import Goal, Runner
from rules import Grid

from hquant_cffi import load

__all__ = ["run"]

_TIMES = (1, 4, 16)
_GOALS = [Goal("1 x", 18, "16 x")]
_LENGTHS = tuple(range(5, 15))


def run(bench: Bench) -> None:
    """Measure how times grow."""
    bars = bench.size(100_000, 20_000)
    loaded = {times: load(walk(times * bars).columns()) for times in _TIMES}
    _show(
        bench,
        "growth W3, bars",
        f"{bars:,} bars",
        [Runner(f"{t} x", ours.backtest(loaded[t]), 1) for t in _TIMES],
    )
    grids = {
        "bars": [(walk(t * bars // 4), Grid(_LENGTHS, tuple(range(30, 130, 10)))) for t in _TIMES],
        "combinations": [
            (walk(bars // 4), Grid(_LENGTHS, tuple(range(30, 30 + 10 * t)))) for t in _TIMES
        ],
    }
    for what, inputs in grids.items():
        calls = [ours.sweep(market, grid) for market, grid in inputs]
        runners = [Runner(f"{t} x", call, 1) for t, call in zip(_TIMES, calls, strict=True)]
        market, grid = inputs[0]
        once = f"{len(grid)} combinations of {len(market):,} bars"
        _show(bench, f"growth W4, {what}", once, runners)


def _show(bench: Bench, name: str, once: str, runners: list[Runner]) -> None:
    bench.compare(name, runners, input=f"1 x: {once}", unit="ns in all", goals=_GOALS)
