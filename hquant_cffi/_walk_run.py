"""The folds of a walk-forward, one after the other: train, then test."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, TypedDict

import numpy as np
import numpy.typing as npt

from hquant_cffi._backtest_report import BacktestReport
from hquant_cffi._metrics import equity_metrics
from hquant_cffi._metrics_table import Metrics
from hquant_cffi._progress import Progress
from hquant_cffi._records import TRADE_DTYPE
from hquant_cffi._sweep import run_sweep
from hquant_cffi._sweep_call import Task, step_times
from hquant_cffi._sweep_grid import Grid
from hquant_cffi._sweep_inputs import Inputs
from hquant_cffi._sweep_options import all_options
from hquant_cffi._sweep_result import Combination, SweepResult
from hquant_cffi._sweep_table import FOLD_COLUMNS, ROWS
from hquant_cffi._sweep_where import Where
from hquant_cffi._walk_folds import Fold
from hquant_cffi._walk_result import WalkForwardResult
from hquant_cffi._years import PeriodsPerYear, year_of
from hquant_cffi.backtest import backtest

__all__ = ["Search", "Walk", "tradable"]

Flags = npt.NDArray[np.bool_]
Times = npt.NDArray[np.int64]


class Search(TypedDict):
    """What `sweep` is asked for on each training."""

    params: Any
    grid: Grid | None
    where: Where | None
    metric: str
    maximize: bool
    n_jobs: int | None
    backend: str
    chunk_size: int | None


class Tradable(NamedTuple):
    """Inputs without the bars that ``bad_bars="skip"`` leaves out.

    Folds then count bars that are run, and nothing else.

    Attributes
    ----------
    inputs : Inputs
    time : (S,) ndarray of int64
        Their steps' times, ms.
    places : list of (T,) ndarray of int64
        By symbol, where each of its bars stands in the data.
    """

    inputs: Inputs
    time: Times
    places: list[npt.NDArray[np.int64]]


def tradable(inputs: Inputs) -> Tradable:
    """Leave out what a run does."""
    time = step_times(_task(inputs.data, inputs.all_options))
    if inputs.options["bad_bars"] != "skip":
        return Tradable(inputs, time, [np.arange(len(bars)) for bars in inputs.bars])
    plain = all_options("walk_forward", {"bad_bars": "skip"})
    keeps = [
        np.isin(bars.timestamp, step_times(_task(bars, plain)), assume_unique=True)
        for bars in inputs.bars
    ]
    return Tradable(inputs.only(keeps), time, [np.flatnonzero(keep) for keep in keeps])


def _task(data: Any, options: Any) -> Task:
    return Task(data, None, options, np.nan, np.nan, 0.0, False, False)


class Walk:
    """Runs folds and keeps what they come to."""

    def __init__(
        self,
        tradable: Tradable,
        search: Search,
        year: tuple[PeriodsPerYear, float | None, float],
    ) -> None:
        self.inputs, self.time, self.places = tradable
        self.search, self.year = search, year
        self.steps = [np.searchsorted(self.time, bars.timestamp) for bars in self.inputs.bars]
        self.rows: list[tuple[Any, ...]] = []
        self.times: list[Times] = []
        self.curves: list[npt.NDArray[np.float64]] = []
        self.trades: list[npt.NDArray[np.void]] = []
        self.trained: SweepResult | None = None

    def run(self, fold: Fold, progress: Progress | None) -> None:
        """Train and test a fold."""
        self.trained = trained = self._train(fold, progress)
        best = trained.best
        report, figures = self._test(fold, best)
        steps = slice(fold.test - fold.begin, None)
        self.times.append(report.time[steps])
        self.curves.append(report.equity[steps])
        self.trades.append(self._counted_in_data(report.trades, fold))
        metric = self.search["metric"]
        in_sample, out_of_sample = best[metric], _figure(report, figures, metric)
        values = [_figure(report, figures, name) for name in _FIGURES]
        self.rows.append(
            (*self._bounds(fold), *best.params.values(), in_sample, out_of_sample, *values)
        )

    def _train(self, fold: Fold, progress: Progress | None) -> SweepResult:
        return run_sweep(
            self.inputs.only(self._bars(fold.keeps)),
            **self.search,
            top=1,
            metrics=None,
            curves=False,
            year=self.year,
            progress=progress,
        )

    def _test(self, fold: Fold, best: Combination) -> tuple[BacktestReport, Metrics]:
        """Run the fold's bars, the signals before its test left out."""
        from hquant_cffi._walk_gate import gated  # here: the compiler is large

        seen = np.zeros(len(self.time), np.bool_)
        seen[fold.begin : fold.end] = True
        inputs = self.inputs.only(self._bars(seen))
        before = [
            int(np.count_nonzero((steps >= fold.begin) & (steps < fold.test)))
            for steps in self.steps
        ]
        strategies = [
            None if strategy is None else gated(strategy, bars)
            for strategy, bars in zip(inputs.strategies, before, strict=True)
        ]
        options = {**inputs.all_options, "params": best.params}
        report = backtest(inputs.data, inputs.with_strategies(strategies).strategy, **options)
        periods, days, risk_free = self.year
        year = year_of(report.time, periods, days)
        first = fold.test - fold.begin
        return report, equity_metrics(
            report.equity[first:],
            report.time[first:],
            year,
            initial=report.capital,
            trades=report.trades,
            risk_free=risk_free,
        )

    def _bars(self, keeps: Flags) -> list[Flags]:
        """Flags of steps as flags of each symbol's bars."""
        return [keeps[steps] for steps in self.steps]

    def _bounds(self, fold: Fold) -> tuple[int, ...]:
        trained = np.flatnonzero(fold.keeps)
        times = [self.time[i] for i in (trained[0], trained[-1], fold.test, fold.end - 1)]
        return (fold.begin, fold.train_end, fold.test, fold.end, len(trained), *map(int, times))

    def _counted_in_data(self, trades: npt.NDArray[np.void], fold: Fold) -> npt.NDArray[np.void]:
        """The trades, with the indices of their bars in the data."""
        # As raw bytes, because NumPy leaves the padding behind when it joins fields.
        counted = trades.view((np.void, TRADE_DTYPE.itemsize)).copy().view(TRADE_DTYPE)
        for symbol, (steps, places) in enumerate(zip(self.steps, self.places, strict=True)):
            own = trades["symbol"] == symbol
            here = places[np.searchsorted(steps, fold.begin) :]
            for name in ("entry_bar", "exit_bar"):
                counted[name][own] = here[trades[name][own]]
        counted["bars_held"] = counted["exit_bar"] - counted["entry_bar"]
        return counted

    def result(self) -> WalkForwardResult:
        """Return what the folds came to."""
        assert self.trained is not None
        capital = float(self.inputs.options["capital"])
        columns = self.trained.columns_of
        return WalkForwardResult(
            folds=np.array(self.rows, _row_dtype(list(columns.values()), self.trained.table.dtype)),
            columns_of=columns,
            metric=self.search["metric"],
            maximize=self.search["maximize"],
            time=np.concatenate(self.times),
            equity=_chained(self.curves, capital),
            trades=_joined(self.trades),
            capital=capital,
            options=self.inputs.options,
            year=self.year,
        )


#: Figures of a test: a sweep's, but for the warm-up, which lies before it.
_FIGURES = tuple(name for name in ROWS if name != "warmup_bars")


def _row_dtype(params: Sequence[str], table: np.dtype[np.void]) -> np.dtype[np.void]:
    *bounds, in_sample, out_of_sample = FOLD_COLUMNS
    columns: list[tuple[str, Any]] = [(name, "i8") for name in bounds]
    columns += [(name, "f8") for name in (*params, in_sample, out_of_sample)]
    columns += [(name, table[name]) for name in _FIGURES]
    return np.dtype(columns)


#: Where a report calls a figure otherwise.
_REPORT = {"fills": "fills_count", "trades": "closed_trades"}


def _figure(report: BacktestReport, found: Metrics, name: str) -> Any:
    """A figure of a sweep's row, of a report."""
    if name not in ROWS or not hasattr(report, _REPORT.get(name, name)):
        return getattr(found, name)
    return getattr(report, _REPORT.get(name, name))


def _joined(trades: Sequence[npt.NDArray[np.void]]) -> npt.NDArray[np.void]:
    raw = [each.view((np.void, TRADE_DTYPE.itemsize)) for each in trades]
    return np.concatenate(raw).view(TRADE_DTYPE)


def _chained(curves: Sequence[npt.NDArray[np.float64]], capital: float) -> npt.NDArray[np.float64]:
    """Curves of accounts that begin with `capital`, each going on where the one before ended."""
    parts, factor = [], 1.0
    for curve in curves:
        parts.append(curve * factor)
        factor *= float(curve[-1]) / capital
    return np.concatenate(parts)
