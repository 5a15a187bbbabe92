"""What a walk-forward found: a row a fold, and the curve of all tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hquant_cffi._tables import arrow_table, pandas_frame, polars_frame
from hquant_cffi._years import PeriodsPerYear

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from hquant_cffi._metrics_table import Metrics

__all__ = ["WalkForwardResult"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class WalkForwardResult:
    """What a walk-forward found.

    Attributes
    ----------
    folds : (F,) structured ndarray
        A row a fold: ``train_start``, ``train_end``, ``test_start``, ``test_end``, indices of steps
        (moments of the data; of one symbol its bars, but for those that are left out), ends
        excluded; ``train_bars``, the steps that trained; the times of the first and the last step
        of both; the best PARAMs, a column each;
        ``in_sample`` and ``out_of_sample``, the metric that was maximised; then the figures of the
        test, as of a sweep's table.
    columns_of : dict of str to str
        The table's column of each PARAM.
    metric, maximize : str, bool
        What was chosen by.
    time, equity : (S,) ndarrays of int64 and float64
        Times (ms) and equity of the tests' steps, each test going on where the one before it ended:
        its returns are multiplied on.
    trades : structured ndarray
        `TRADE_DTYPE`, of all tests, each on an account of its own; bars counted in the data.
    capital : float
        Starting cash, of the curve and of each fold's account.
    options : mapping of str to object
        The options of the runs.
    year : tuple
        `periods_per_year`, `days_per_year` and `risk_free`, as they were given.
    """

    folds: npt.NDArray[np.void]
    columns_of: dict[str, str]
    metric: str
    maximize: bool
    time: npt.NDArray[np.int64]
    equity: npt.NDArray[np.float64]
    trades: npt.NDArray[np.void]
    capital: float
    options: Mapping[str, object]
    year: tuple[PeriodsPerYear, float | None, float]

    def __len__(self) -> int:
        return len(self.folds)

    def params(self, fold: int) -> dict[str, float]:
        """Return the PARAMs that a fold's training chose, as `backtest` takes them."""
        return {name: float(self.folds[fold][at]) for name, at in self.columns_of.items()}

    @cached_property
    def metrics(self) -> Metrics:
        """The figures of `equity` and `trades`, out of sample."""
        from hquant_cffi.metrics import metrics

        periods, days, risk_free = self.year
        return metrics(
            self.equity,
            self.time,
            initial=self.capital,
            trades=self.trades,
            periods_per_year=periods,
            days_per_year=days,
            risk_free=risk_free,
        )

    # ------------------------------------------------------------------ tables

    def columns(self) -> dict[str, npt.NDArray[Any]]:
        """Return the folds as columns by name; times are datetime64[ms], UTC."""
        return {name: self._column(name) for name in self.folds.dtype.names or ()}

    def _column(self, name: str) -> npt.NDArray[Any]:
        column = np.ascontiguousarray(self.folds[name])
        return column.astype("datetime64[ms]") if name.endswith("_time") else column

    def to_pandas(self) -> pd.DataFrame:
        """Return the folds for pandas; UnsupportedError when it is not installed."""
        return pandas_frame(self.columns())

    def to_polars(self) -> pl.DataFrame:
        """Return the folds for polars; UnsupportedError when it is not installed."""
        return polars_frame(self.columns())

    def to_arrow(self) -> pa.Table:
        """Return the folds for pyarrow; UnsupportedError when it is not installed."""
        return arrow_table(self.columns())

    # -------------------------------------------------------------------- text

    def summary(self) -> str:
        """Return the folds and what they amount to, as lines of text."""
        names = ["test from", *self.columns_of.values(), "in sample", "out of sample", "return"]
        rows = [self._words(row) for row in self.folds]
        widths = [max(map(len, column)) for column in zip(names, *rows, strict=True)]
        lines = [
            "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
            for row in [names, *rows]
        ]
        found = self.metrics
        lines.append(
            f"out of sample: return {found.total_return:+.2%}, drawdown {found.max_drawdown:.2%}, "
            f"sharpe {_number(found.sharpe)}, {found.trades:,} trades"
        )
        return "\n".join(lines)

    def _words(self, row: np.void) -> list[str]:
        time = str(np.datetime64(int(row["test_first_time"]), "ms")).removesuffix("T00:00:00.000")
        params = [f"{row[column]:g}" for column in self.columns_of.values()]
        figures = [_number(row["in_sample"]), _number(row["out_of_sample"])]
        return [time.removesuffix(".000"), *params, *figures, f"{row['total_return']:+.2%}"]

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        gain = self.equity[-1] / self.capital - 1
        return f"<WalkForwardResult: {len(self)} folds by {self.metric}, return {gain:+.2%}>"


def _number(value: float) -> str:
    return "--" if np.isnan(value) else f"{value:,.4g}"
