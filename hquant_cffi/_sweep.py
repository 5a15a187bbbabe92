"""A strategy over many combinations of its PARAMs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Unpack

import numpy as np
import numpy.typing as npt

from hquant_cffi._arguments import flag, function
from hquant_cffi._errors import ParameterError
from hquant_cffi._levels import whole
from hquant_cffi._metrics import risk_free_number
from hquant_cffi._progress import Progress
from hquant_cffi._sweep_backends import THREADS, chunks_found
from hquant_cffi._sweep_call import Task, step_times
from hquant_cffi._sweep_grid import Combinations, Grid, ParamValues, combinations, pieces
from hquant_cffi._sweep_heatmap import HeatMap
from hquant_cffi._sweep_inputs import Inputs, read_inputs
from hquant_cffi._sweep_options import RunOptions, all_options
from hquant_cffi._sweep_params import declared_params
from hquant_cffi._sweep_result import Combination, SweepResult
from hquant_cffi._sweep_table import Collector, metric_names, param_columns
from hquant_cffi._sweep_where import Where
from hquant_cffi._years import PeriodsPerYear, year_of

if TYPE_CHECKING:
    from hquant_cffi.backtest import StrategyLike
    from hquant_cffi.data.load import Source

__all__ = ["Combination", "HeatMap", "SweepResult", "sweep"]


def sweep(
    data: Source | Mapping[str, Source],
    strategy: StrategyLike | Mapping[str, StrategyLike],
    params: Mapping[str, ParamValues] | None = None,
    *,
    grid: Grid | None = None,
    where: Where | None = None,
    metric: str = "sharpe",
    maximize: bool = True,
    top: int | None = None,
    metrics: str | Iterable[str] | None = None,
    curves: bool = False,
    periods_per_year: PeriodsPerYear = None,
    days_per_year: float | None = None,
    risk_free: float = 0.0,
    n_jobs: int | None = None,
    backend: str = THREADS,
    chunk_size: int | None = None,
    progress: Progress | None = None,
    **options: Unpack[RunOptions],
) -> SweepResult:
    """Run a strategy with every combination of some values of its PARAMs.

    Each row is, to the last bit, what `backtest` with these params finds, on any number of threads
    and every backend. docs/sweeps.md says more.

    Parameters
    ----------
    data, strategy
        As `backtest`; the strategies of several symbols have the same PARAMs.
    params : mapping of str to values, optional
        Values of PARAMs, such as ``{"fast": range(5, 25), "slow": [30, 50, 80]}``; every
        combination is run, the last PARAM of the strategy changing fastest. None in place of values
        are those of the PARAM's range (``IN lo..hi STEP s``). PARAMs that are left out keep their
        value. Without `params` and `grid`, every PARAM with a range takes the values of it.
    grid : sequence of mappings, structured array or (N, P) array_like, optional
        In place of `params`: the combinations themselves; an array has a column a PARAM.
    where : str or callable, optional
        Which combinations to keep: an expression such as ``"fast < slow"``, or a function that is
        called with the PARAMs that its parameters name.
    metric : str, optional
        What `best` goes by: a figure of the table, or of `Metrics`, which is then added.
    maximize : bool, optional
        Whether more of it is better.
    top : int, optional
        Keep only so many rows, the best, best first: memory then does not grow with the number of
        combinations.
    metrics : "all" or sequence of str, optional
        Figures of `Metrics` to add; slower.
    curves : bool, optional
        Keep every row's equity: 8 bytes a step and row.
    periods_per_year, days_per_year, risk_free
        As `hquant_cffi.metrics`; left out, read off the data as ``report.metrics`` does.
    n_jobs : int, optional
        Threads or workers: None is one, or what `joblib.parallel_config` says; -1 all cores.
    backend : str, optional
        ``"threads"`` inside one call; or a backend of joblib (``"loky"``, ``"multiprocessing"``,
        ``"dask"``, ``"ray"``), ``"joblib"`` for the one that `joblib.parallel_config` chose.
    chunk_size : int, optional
        Combinations of one call: what a worker gets at a time. Unless given, at most 65,536, as
        many for each worker, and of a grid so that they end where the last PARAM begins anew.
    progress : callable, optional
        Called with (combinations done, combinations in all), at most twenty times a second, and at
        the end. A true answer stops the sweep; an exception stops it and is raised here, Ctrl-C
        included.
    **options
        Those of `backtest`, but for signals, orders, params and curves.

    Returns
    -------
    SweepResult
        ``table``, ``best``, ``top(n)``, ``heatmap(x, y)``, ``to_pandas()`` and so on.

    Raises
    ------
    ParameterError
        No combination, a value that its PARAM does not allow (the message names the combination),
        an unknown figure, a strategy without PARAMs; and what `backtest` raises it for.
    NotFoundError
        A name is no PARAM of the strategy.
    OutOfMemoryError
        The table, or its curves, would not fit in the machine's memory.
    UnsupportedError
        The backend's package is not installed.
    CancelledError
        `progress` asked for it.

    Examples
    --------
    >>> from hquant_cffi import load_sp500, sweep
    >>> text = '''PARAM fast = 10 IN 5..50 STEP 5
    ... PARAM slow = 100 IN 50..200 STEP 50
    ... IF CROSSOVER(SMA(close, fast), SMA(close, slow)) THEN BUY
    ... IF CROSSUNDER(SMA(close, fast), SMA(close, slow)) THEN SELL'''
    >>> found = sweep(load_sp500(), text, where="fast < slow", fee=0.0004)
    >>> len(found), found.best.params
    (39, {'fast': 25.0, 'slow': 50.0})
    """
    given = all_options("sweep", options)
    return run_sweep(
        read_inputs(data, strategy, given),
        params=params,
        grid=grid,
        where=where,
        metric=metric,
        maximize=flag("maximize", maximize),
        top=None if top is None else whole("top", top, 1, 2**40),
        metrics=metrics,
        curves=flag("curves", curves),
        year=(periods_per_year, days_per_year, risk_free),
        n_jobs=n_jobs,
        backend=backend,
        chunk_size=chunk_size,
        progress=function("progress", progress),
    )


def run_sweep(
    inputs: Inputs,
    *,
    params: Mapping[str, ParamValues] | None,
    grid: Grid | None,
    where: Where | None,
    metric: str,
    maximize: bool,
    top: int | None,
    metrics: str | Iterable[str] | None,
    curves: bool,
    year: tuple[PeriodsPerYear, float | None, float],
    n_jobs: int | None,
    backend: str,
    chunk_size: int | None,
    progress: Progress | None,
) -> SweepResult:
    """Do what `sweep` does, of inputs that have been read."""
    declared = declared_params(inputs.strategies, inputs.names or ("",))
    added = metric_names(metric, metrics)
    rows = combinations(declared, params, grid, where)
    task, time = _task(inputs, year, with_metrics=bool(added), with_curves=curves)
    names = [param.name for param in declared]
    columns = param_columns(names)
    collector = Collector(
        columns,
        added,
        rows,
        steps=len(time) if curves else 0,
        top=top,
        metric=metric,
        maximize=maximize,
    )
    chunks = chunks_found(
        task, rows, n_jobs=n_jobs, backend=backend, chunk_size=chunk_size, progress=progress
    )
    with closing(chunks):  # type: ignore[type-var]
        for start, found in chunks:
            collector.add(start, found)
    if collector.refused == len(rows):
        raise ParameterError(
            f"none of the {len(rows):,} combinations can be run: {collector.refusal}"
        )
    return SweepResult(
        table=collector.table,
        params=_swept(rows, names),
        columns_of=columns,
        metric=metric,
        maximize=maximize,
        combinations=len(rows),
        refused=collector.refused,
        refusal=collector.refusal,
        time=time if curves else None,
        curves=collector.curves,
        options=task.options,
    )


def _task(
    inputs: Inputs,
    year: tuple[PeriodsPerYear, float | None, float],
    *,
    with_metrics: bool,
    with_curves: bool,
) -> tuple[Task, npt.NDArray[np.int64]]:
    """Return what all combinations share, and the times of a run's steps."""
    periods, days, risk_free = year
    task = Task(
        data=inputs.data,
        strategy=inputs.bytecode,
        options=inputs.all_options,
        periods_per_year=np.nan,
        days_per_year=np.nan,
        risk_free=risk_free_number(risk_free),
        with_metrics=with_metrics,
        with_curves=with_curves,
    )
    time = step_times(task)
    found = year_of(time, periods, days)
    return replace(task, periods_per_year=found.periods, days_per_year=found.days), time


_PIECE: Final = 65_536


def _swept(rows: Combinations, names: list[str]) -> dict[str, tuple[float, ...]]:
    """The values of each PARAM that has more than one, rising."""
    seen: list[Any] = [np.empty(0)] * len(names)
    for start, stop in pieces(len(rows), _PIECE):
        part = rows.rows(start, stop)
        seen = [np.union1d(each, part[:, k]) for k, each in enumerate(seen)]
    return {
        name: tuple(values.tolist())
        for name, values in zip(names, seen, strict=True)
        if len(values) > 1
    }
