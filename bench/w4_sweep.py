"""W4: an average cross over a grid of two lengths; what is a figure a combination."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import ours
from agreement import of_combos
from context import Bench
from limits import SWEEP_FAST, Limits
from market import Floats, Market, walk
from peak import peaks
from race import Goal, Runner
from rules import CAPITAL, FEE, Combos, Grid, sharpe_of_sums

__all__ = ["GRID", "run"]

#: 400 combinations.
GRID = Grid(SWEEP_FAST, tuple(range(30, 130, 5)))
_CLAUSES = " STOP 2% TARGET 4% TRAIL 3%"

_ONE, _TWO = "hquant, 1 thread", "hquant, 2 threads"
_LIMIT = "limit: SIMD sweep"
_GOALS = (
    Goal("flox", 1 / 25, _ONE),  # its search runs on one core, the other two peers' on all
    Goal("raptorbt", 1 / 40, _TWO),
    Goal("vectorbt", 1 / 300, _TWO),
    Goal(f"{_LIMIT}, 1 thread", 1.2, _ONE),
    Goal(f"{_LIMIT}, 2 threads", 1.2, _TWO),
    Goal(f"{_LIMIT}, 1 thread", 4.8, f"{_ONE}, with clauses"),
)


def run(bench: Bench) -> None:
    """Measure W4."""
    market = walk(bench.size(100_000, 20_000))
    grid = Grid(GRID.fast, GRID.slow[:2]) if bench.short else GRID
    n = len(market) * len(grid)
    loops = {s: ours.looped_sweep(market, grid, sized=s) for s in ("cash", "unit")}
    reference = {sized: loop() for sized, loop in loops.items()}
    runners = [*_ours(bench, market, grid, reference["cash"])]
    runners.append(Runner("hquant, backtest() in a loop", loops["cash"], n, "every trade kept"))
    for peer in bench.who_can("sweep"):
        call: Callable[[], Combos] = peer.module.sweep(market, grid)
        theirs = call()
        agreement = of_combos(reference[theirs.sized], theirs, len(market))
        if bench.output.agreed("W4", peer.title, agreement):
            runners.append(Runner(peer.title, call, n, agreement.text))
    if bench.limits is not None:
        runners += _limits(bench, bench.limits, market, grid, reference["cash"])
    bench.compare(
        "W4",
        runners,
        input=f"{len(grid)} combinations of {len(market):,} bars",
        unit="ns a combination and bar",
        goals=_GOALS,
    )
    if not bench.short:
        peaks(bench)


def _ours(bench: Bench, market: Market, grid: Grid, reference: Combos) -> list[Runner]:
    n, runners = len(market) * len(grid), []
    for jobs, clauses in itertools.product((1, 2), ("", _CLAUSES)):
        text = ours.TEXT.replace("BUY", f"BUY{clauses}")
        call = ours.sweep(market, grid, n_jobs=jobs, text=text)
        name = (_ONE if jobs == 1 else _TWO) + (", with clauses" if clauses else "")
        if not clauses and not _same(call(), reference):
            bench.output.refused(f"W4: {name} is not backtest() in a loop, bit for bit")
        runners.append(Runner(name, call, n))
    return runners


def _same(swept: Combos, looped: Combos) -> bool:
    pairs = (
        (swept.profit, looped.profit), (swept.drawdown, looped.drawdown),
        (swept.sharpe, looped.sharpe), (swept.trades, looped.trades),
    )  # fmt: skip
    return all(np.array_equal(np.asarray(a), np.asarray(b)) for a, b in pairs)


def _limits(
    bench: Bench, limits: Limits, market: Market, grid: Grid, reference: Combos
) -> list[Runner]:
    n, close = len(market) * len(grid), market.close
    runners = []
    for name, division_free in ((_LIMIT, False), ("limit: division-free sweep", True)):

        def one(slow: tuple[int, ...] = grid.slow, division_free: bool = division_free) -> object:
            return limits.sweep(close, slow, FEE, division_free=division_free)

        def two(one: Callable[..., object] = one) -> None:
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(one, (grid.slow[::2], grid.slow[1::2])))

        rows = limits.sweep(close, grid.slow, FEE, division_free=division_free)
        theirs = _combos(rows, len(market), reference)
        if bench.output.agreed("W4", name, of_combos(reference, theirs, len(market))):
            runners += [
                Runner(f"{name}, 1 thread", one, n, "20 useful of 24 lanes"),
                Runner(f"{name}, 2 threads", two, n),
            ]
    return runners


def _combos(rows: Floats, bars: int, reference: Combos) -> Combos:
    """Return limit.c's rows, whose fast length varies fastest, in the grid's order."""
    columns = np.moveaxis(rows.swapaxes(0, 1).reshape(-1, rows.shape[-1]), 1, 0)
    equity, drawdown, total, squares, opened = columns
    assert reference.still_open is not None
    closed = opened.astype(np.int64) - reference.still_open
    return Combos(equity - CAPITAL, closed, drawdown, sharpe_of_sums(total, squares, bars))
