"""Choosing PARAMs on some bars and trading the next ones, over and over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Unpack

from hquant_cffi._arguments import flag, function
from hquant_cffi._errors import CancelledError
from hquant_cffi._metrics import risk_free_number
from hquant_cffi._progress import Progress
from hquant_cffi._sweep_backends import THREADS
from hquant_cffi._sweep_grid import Grid, ParamValues
from hquant_cffi._sweep_inputs import read_inputs
from hquant_cffi._sweep_options import RunOptions, all_options
from hquant_cffi._sweep_where import Where
from hquant_cffi._walk_folds import Span, folds_of, lengths_of
from hquant_cffi._walk_result import WalkForwardResult
from hquant_cffi._walk_run import Search, Walk, tradable
from hquant_cffi._years import PeriodsPerYear

if TYPE_CHECKING:
    from hquant_cffi.backtest import StrategyLike
    from hquant_cffi.data.load import Source

__all__ = ["WalkForwardResult", "walk_forward"]


def walk_forward(
    data: Source | Mapping[str, Source],
    strategy: StrategyLike | Mapping[str, StrategyLike],
    params: Mapping[str, ParamValues] | None = None,
    *,
    train: Span,
    test: Span,
    step: Span | None = None,
    anchored: bool = False,
    purge: Span = 0,
    embargo: Span = 0,
    grid: Grid | None = None,
    where: Where | None = None,
    metric: str = "sharpe",
    maximize: bool = True,
    periods_per_year: PeriodsPerYear = None,
    days_per_year: float | None = None,
    risk_free: float = 0.0,
    n_jobs: int | None = None,
    backend: str = THREADS,
    chunk_size: int | None = None,
    progress: Progress | None = None,
    **options: Unpack[RunOptions],
) -> WalkForwardResult:
    """Choose the best PARAMs on each fold's training bars, and trade its test bars with them.

    No bar of a test reaches its training, and a test's figures depend on no bar after it.
    docs/walk-forward.md says how folds are laid, and what a test sees of the bars before it.

    Parameters
    ----------
    data, strategy, params, grid, where
        As `sweep`.
    train, test : int, str, timedelta, np.timedelta64 or Period
        Lengths of a fold's training and test: bars, or times such as ``"90d"``, ``"12h"``. Of
        several symbols, bars are moments at which any has one.
    step : as `train`, optional
        From fold to fold; at least `test`, which it is when left out.
    anchored : bool, optional
        Train from the first bar on, instead of on the last `train` ones.
    purge : as `train`, optional
        What is left out at the end of each training, just before its test.
    embargo : as `train`, optional
        What is left out of later trainings behind each test.
    metric, maximize : str, bool, optional
        What the best is; the first in the grid's order where several are.
    periods_per_year, days_per_year, risk_free
        As `hquant_cffi.metrics`; left out, read off the bars of each training and test.
    n_jobs, backend, chunk_size
        As `sweep`.
    progress : callable, optional
        As `sweep`, over the combinations of all folds.
    **options
        Those of `sweep`.

    Returns
    -------
    WalkForwardResult
        ``folds``, a row a fold; ``equity`` of all tests one after the other, and its ``metrics``.

    Raises
    ------
    ParameterError
        Lengths that cannot be, or that the data are too short for; and what `sweep` raises.
    HQuantError
        As `sweep`.

    Examples
    --------
    >>> from hquant_cffi import load_sp500, walk_forward
    >>> text = '''PARAM fast = 10 IN 10..50 STEP 10
    ... PARAM slow = 100 IN 50..200 STEP 50
    ... IF CROSSOVER(SMA(close, fast), SMA(close, slow)) THEN BUY
    ... IF CROSSUNDER(SMA(close, fast), SMA(close, slow)) THEN SELL'''
    >>> found = walk_forward(load_sp500(), text, train=1000, test=500, where="fast < slow")
    >>> len(found), found.params(0)
    (8, {'fast': 10.0, 'slow': 100.0})
    """
    given = all_options("walk_forward", options)
    function("progress", progress)
    lengths = lengths_of(train, test, step, purge, embargo)
    year = (periods_per_year, days_per_year, risk_free_number(risk_free))
    bars = tradable(read_inputs(data, strategy, given))
    folds = folds_of(bars.time, lengths, flag("anchored", anchored))
    search: Search = {
        "params": params,
        "grid": grid,
        "where": where,
        "metric": metric,
        "maximize": flag("maximize", maximize),
        "n_jobs": n_jobs,
        "backend": backend,
        "chunk_size": chunk_size,
    }
    walk = Walk(bars, search, year)
    for number, fold in enumerate(folds):
        try:
            walk.run(fold, _part(progress, number, len(folds)))
        except CancelledError as error:
            raise CancelledError(f"fold {number} of 0..{len(folds) - 1}: {error}") from None
    return walk.result()


def _part(progress: Progress | None, number: int, folds: int) -> Progress | None:
    """A fold's share of the progress."""
    if progress is None:
        return None

    def report(done: int, total: int) -> Any:
        return progress(number * total + done, folds * total)

    return report
