"""A whole backtest in one call: loaded columns in, a report out."""

from __future__ import annotations

from pathlib import Path

from frozen_stream import STRATEGY
from output import Output
from race import best_of

from hquant_cffi import Bars, Strategy, backtest, load

__all__ = ["show"]

_RIVAL = "stream.c case (d), a push with a strategy"
_BRACKETS = """
fast = SMA(close, 10)
slow = SMA(close, 30)
IF CROSSOVER(fast, slow) THEN BUY SIZE 50% STOP 1% TARGET 2%
IF CROSSUNDER(fast, slow) THEN SELL SIZE 50% STOP 2*ATR(14) TRAIL 1%
"""


def show(output: Output, data: Path, *, stream_d: float, runs: int) -> None:
    """Print a run's cost a bar over that of streaming: case (d), measured in this invocation."""
    bars = load(data)
    strategy = Strategy.compile(STRATEGY)
    output.figure(
        "backtest.one_call",
        input=data.name,
        n=len(bars),
        values=best_of(runs, lambda: backtest(bars, strategy, fee=0.0004), len(bars)),
        rival=_RIVAL,
        rival_min=stream_d,
        limit=4.0,
    )
    brackets = Strategy.compile(_BRACKETS)
    output.figure(
        "backtest.brackets",
        input=data.name,
        n=len(bars),
        values=best_of(runs, lambda: _with_metrics(bars, brackets), len(bars)),
        rival=_RIVAL,
        rival_min=stream_d,
        limit=6.0,
    )


def _with_metrics(bars: Bars, strategy: Strategy) -> None:
    report = backtest(bars, strategy, fee=0.0004, slippage=0.0001, leverage=2)
    assert report.closed_trades > 1000 and report.metrics.sharpe < 0
