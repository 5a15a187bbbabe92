"""A whole backtest in one call: loaded columns in, a report out."""

from __future__ import annotations

from pathlib import Path

from frozen_stream import STRATEGY
from measure import best_of, print_line

from hquant_cffi import Strategy, backtest, load

__all__ = ["print_lines"]


def print_lines(data: Path, *, stream_d: float, runs: int) -> None:
    """Print a run's cost a bar over that of streaming: case (d), measured in this invocation."""
    bars = load(data)
    strategy = Strategy.compile(STRATEGY)
    print_line(
        "backtest.one_call",
        input=data.name,
        n=len(bars),
        values=best_of(runs, lambda: backtest(bars, strategy, fee=0.0004), len(bars)),
        rival="stream.c case (d), a push with a strategy",
        rival_min=stream_d,
        limit=4.0,
    )
