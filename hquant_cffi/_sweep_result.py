"""What a sweep found: its table, the best of it, and pictures."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

import numpy as np
import numpy.typing as npt

from hquant_cffi._errors import NotFoundError, ParameterError
from hquant_cffi._levels import whole
from hquant_cffi._sweep_heatmap import HeatMap, Reduce, heatmap_of
from hquant_cffi._sweep_table import best_first, table_column
from hquant_cffi._tables import arrow_table, pandas_frame, polars_frame

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

__all__ = ["Combination", "SweepResult"]


@dataclass(frozen=True, eq=False)
class Combination:
    """A row of the table.

    Attributes
    ----------
    params : dict of str to float
        Values of the PARAMs, as ``backtest(params=...)`` takes them.
    row : structured scalar
        The whole row: ``row["sharpe"]`` and so on.
    """

    params: dict[str, float]
    row: np.void

    def __getitem__(self, name: str) -> Any:
        """A figure of the row, or a PARAM's value, by its column's name."""
        if isinstance(name, str):
            table_column("column", name, self.row.dtype)
        return self.row[name]

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value:g}" for name, value in self.params.items())
        return f"<Combination {values}: return {self.row['total_return']:+.2%}>"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class SweepResult:
    """What a sweep found.

    Attributes
    ----------
    table : (N,) structured ndarray
        A row a combination, in the grid's order; with ``top``, the best ones, best first. First a
        column a PARAM, of its name (``param_NAME`` where that is a figure's name), then the figures
        of a run, then ``refused``, then those of `Metrics` that were asked for.
    params : dict of str to tuple of float
        The values that were tried, of each PARAM that took more than one.
    columns_of : dict of str to str
        The table's column of each PARAM.
    metric, maximize : str, bool
        What `best` and `top` go by.
    combinations : int
        How many there were.
    refused : int
        How many of them the strategy cannot be run with, such as ``MACD(fast, slow)`` with fast
        above slow: their counts are 0 and their figures NaN.
    refusal : str or None
        Why, of the first of them.
    time : (S,) ndarray of int64 or None
        Times of the curves' steps, ms; None without curves.
    curves : (N, S) ndarray of float64 or None
        Equity at each step's close, a row a row of the table; None unless asked for.
    options : mapping of str to object
        The options of the run.
    """

    table: npt.NDArray[np.void]
    params: dict[str, tuple[float, ...]]
    columns_of: dict[str, str]
    metric: str
    maximize: bool
    combinations: int
    refused: int
    refusal: str | None
    time: npt.NDArray[np.int64] | None
    curves: npt.NDArray[np.float64] | None
    options: Mapping[str, object]

    def __len__(self) -> int:
        return len(self.table)

    def __iter__(self) -> Iterator[Combination]:
        return (self[i] for i in range(len(self)))

    def __contains__(self, name: object) -> bool:
        """Whether there is a column of this name."""
        return name in (self.table.dtype.names or ())

    @property
    def best(self) -> Combination:
        """The row with the best `metric`: NaN is the worst, the first of equals is taken."""
        return self[int(best_first(self.table, self.metric, self.maximize)[0])]

    @overload
    def __getitem__(self, index: int) -> Combination: ...
    @overload
    def __getitem__(self, index: str) -> npt.NDArray[Any]: ...
    def __getitem__(self, index: int | str) -> Combination | npt.NDArray[Any]:
        """A row of the table, with its PARAMs; a column, by name."""
        if isinstance(index, str):
            return self.table[table_column("column", index, self.table.dtype)]
        row = self.table[index]
        params = {name: float(row[column]) for name, column in self.columns_of.items()}
        return Combination(params, row)

    def top(self, count: int = 10) -> npt.NDArray[np.void]:
        """Return the best rows, best first; equal ones in the grid's order, NaN last."""
        count = whole("count", count, 1, 2**62)
        return self.table[best_first(self.table, self.metric, self.maximize)[:count]]

    # ------------------------------------------------------------------ tables

    def columns(self) -> dict[str, npt.NDArray[Any]]:
        """Return the table as columns by name."""
        names = self.table.dtype.names or ()
        return {name: np.ascontiguousarray(self.table[name]) for name in names}

    def to_pandas(self) -> pd.DataFrame:
        """Return the table for pandas; UnsupportedError when it is not installed."""
        return pandas_frame(self.columns())

    def to_polars(self) -> pl.DataFrame:
        """Return the table for polars; UnsupportedError when it is not installed."""
        return polars_frame(self.columns())

    def to_arrow(self) -> pa.Table:
        """Return the table for pyarrow; UnsupportedError when it is not installed."""
        return arrow_table(self.columns())

    # ----------------------------------------------------------------- picture

    def heatmap(
        self,
        x: str,
        y: str,
        metric: str | None = None,
        *,
        reduce: Reduce = "max",
        path: str | os.PathLike[str] | None = None,
    ) -> HeatMap:
        """Return a figure over the values of two PARAMs, as an array that draws itself.

        Parameters
        ----------
        x, y : str
            The PARAMs: to the right, and upwards.
        metric : str, optional
            A column of the table; the sweep's own.
        reduce : {"max", "min", "mean", "median"}, optional
            What to show of combinations that differ in other PARAMs only. NaN is left out.
        path : str or path, optional
            Write it: a file ending in ``.png`` (needs matplotlib) or ``.html`` (one page without
            scripts or further files).

        Returns
        -------
        HeatMap
            `x_values`, `y_values` and `values`; ``save(path)`` writes it.

        Raises
        ------
        NotFoundError
            There is no such PARAM or column.
        ParameterError
            x and y are the same, or `path` ends in something else.
        UnsupportedError
            A PNG, and matplotlib is not installed.
        """
        if x == y:
            raise ParameterError(f"x and y: expected two PARAMs, found {x!r} twice")
        name = self.metric if metric is None else metric
        figures = table_column("metric", name, self.table.dtype)
        names = (self._param_column("x", x), self._param_column("y", y), figures)
        found = heatmap_of(*(self.table[each] for each in names), names=(x, y, name), reduce=reduce)
        if path is not None:
            found.save(path)
        return found

    def _param_column(self, axis: str, name: str) -> str:
        if name not in self.columns_of:
            raise NotFoundError(f"{axis}: {name}: expected a PARAM: {', '.join(self.columns_of)}")
        return self.columns_of[name]

    # -------------------------------------------------------------------- text

    def summary(self, count: int = 10) -> str:
        """Return what was swept, and the best rows, as lines of text."""
        swept = ", ".join(f"{name} ({len(values)})" for name, values in self.params.items())
        lines = [self._size + (f" of {swept}" if swept else "")]
        if self.refused:
            lines.append(f"{self.refused:,} cannot be run: {self.refusal}")
        names = [*self.columns_of.values(), *dict.fromkeys([self.metric, *_SHOWN])]
        rows = [[_text(name, row[name]) for name in names] for row in self.top(count)]
        widths = [max(map(len, column)) for column in zip(names, *rows, strict=True)]
        for row in [names, *rows]:
            cells = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
            lines.append("  ".join(cells).rstrip())
        return "\n".join(lines)

    @property
    def _size(self) -> str:
        return f"{self.combinations:,} combination{'' if self.combinations == 1 else 's'}"

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        best = self.best
        values = ", ".join(f"{name}={value:g}" for name, value in best.params.items())
        return (
            f"<SweepResult: {self._size}, best {self.metric} "
            f"{best[self.metric]:.4g} at {values}>"
        )


_SHOWN = ("total_return", "max_drawdown", "sharpe", "trades")
_FRACTIONS = ("total_return", "max_drawdown", "cagr", "volatility", "win_rate")


def _text(name: str, value: Any) -> str:
    if np.isnan(value):
        return "--"
    if name in _FRACTIONS:
        return f"{value:.2%}"
    return f"{value:,}" if isinstance(value, np.integer) else f"{value:,.6g}"
