"""W3: one backtest of an average cross with fees, from arrays to statistics."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import ours
from agreement import of_outcomes
from context import Bench
from market import Market, walk
from race import Goal, Runner
from rules import CAPITAL, FAST, FEE, SLOW, Outcome, sharpe_of_sums

from hquant_cffi import load

__all__ = ["run"]

_GOALS = (
    Goal("flox", 1 / 6),
    Goal("raptorbt", 1 / 9),
    Goal("vectorbt", 1 / 35),
    Goal("backtesting.py", 1 / 600),
    Goal("limit: fused, five figures", 12 / 2.61),  # 12 ns where the loop takes 2.61
)


def run(bench: Bench) -> None:
    """Measure W3."""
    for bars in (20_000,) if bench.short else (100_000, 1_000_000):
        _one_size(bench, walk(bars))
    _stages(bench, walk(bench.size(1_000_000, 20_000)))


def _one_size(bench: Bench, market: Market) -> None:
    name, n = "W3", len(market)
    reference = {sized: ours.backtest(market, sized=sized)() for sized in ("cash", "unit")}
    runners = [
        Runner("hquant, from arrays", ours.backtest(market), n),
        Runner("hquant, from loaded bars", ours.backtest(load(market.columns())), n),
    ]
    for title, call in _rivals(bench, market):
        theirs = call()
        agreement = of_outcomes(reference[theirs.sized], theirs, n)
        if bench.output.agreed(f"{name} {n:,}", title, agreement):
            runners.append(Runner(title, call, n, agreement.text))
    runners += _limits(bench, market, reference["cash"])
    bench.compare(name, runners, input=f"{n:,} bars", unit="ns a bar", goals=_GOALS)


def _rivals(bench: Bench, market: Market) -> Iterator[tuple[str, Callable[[], Outcome]]]:
    """Yield every peer, and once more who would leave out what nobody has asked for."""
    for peer in bench.who_can("backtest"):
        yield peer.title, peer.module.backtest(market)
    for peer in bench.who_can("backtest_in_full"):
        yield f"{peer.title}, in full", peer.module.backtest_in_full(market)


def _limits(bench: Bench, market: Market, reference: Outcome) -> list[Runner]:
    limits, n = bench.limits, len(market)
    if limits is None:
        return []
    close, curve = market.close, np.zeros(n)
    equity, drawdown, total, squares, opened = limits.cross(close, FAST, SLOW, FEE)
    closed = int(opened) - reference.still_open
    sharpe = float(sharpe_of_sums(total, squares, n))
    agreement = of_outcomes(reference, Outcome(equity - CAPITAL, closed, drawdown, sharpe), n)
    if not bench.output.agreed(f"W3 {n:,}", "limit", agreement):
        return []
    return [
        Runner("limit: fused, five figures", lambda: limits.cross(close, FAST, SLOW, FEE), n),
        Runner("limit: fused, with equity", lambda: limits.cross(close, FAST, SLOW, FEE, curve), n),
    ]


def _stages(bench: Bench, market: Market) -> None:
    n = len(market)
    runners = [Runner(name, call, n) for name, call in ours.stages(market)]
    bench.compare("W3 stages", runners, input=f"{n:,} bars", unit="ns a bar")
