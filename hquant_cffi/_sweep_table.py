"""The table of a sweep: a column a PARAM, then what the run with these values came to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hquant_cffi._arguments import listed
from hquant_cffi._errors import NotFoundError, OutOfMemoryError, ParameterError
from hquant_cffi._metrics_table import Metrics
from hquant_cffi._sweep_call import METRICS_DTYPE, ROW_DTYPE, Found
from hquant_cffi._sweep_grid import Combinations
from hquant_cffi._sweep_memory import check_memory

__all__ = [
    "FOLD_COLUMNS",
    "ROWS",
    "Collector",
    "best_first",
    "metric_names",
    "param_columns",
    "table_column",
    "table_dtype",
]

Floats = npt.NDArray[np.float64]

# Not of the table: PARAM and row columns have these, or they are what the caller gave.
_NO_METRICS: Final = {"periods_per_year", "days_per_year", "risk_free"}

METRICS: Final = tuple(
    field.name
    for field in fields(Metrics)
    if field.name in (METRICS_DTYPE.names or ()) and field.name not in _NO_METRICS
)
ROWS: Final = tuple(name for name in ROW_DTYPE.names or () if name != "status")

#: What a walk-forward's table says of a fold, before and behind its PARAMs.
FOLD_COLUMNS: Final = (
    *("train_start", "train_end", "test_start", "test_end", "train_bars"),
    *("train_first_time", "train_last_time", "test_first_time", "test_last_time"),
    *("in_sample", "out_of_sample"),
)


def metric_names(metric: str, metrics: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return which of `Metrics` to add to the rows: those asked for that a row has not.

    Raises
    ------
    ParameterError
        There is no such figure.
    """
    if isinstance(metrics, str) and metrics == "all":
        wanted = list(METRICS)
    elif metrics is None:
        wanted = []
    elif isinstance(metrics, str) or not isinstance(metrics, Iterable):
        raise ParameterError(
            f"metrics: expected 'all', a list of names or None, found {metrics!r}"
        )
    else:
        wanted = [_known("metrics", name) for name in listed("metrics", metrics, 10_000, "names")]
    wanted.append(_known("metric", metric))
    return tuple(dict.fromkeys(name for name in wanted if name not in ROWS))


def _known(option: str, name: object) -> str:
    from difflib import get_close_matches

    known = (*ROWS, *METRICS)
    if isinstance(name, str) and name in known:
        return name
    near = get_close_matches(str(name), known, 1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise ParameterError(
        f"{option}: expected a figure of the table or of Metrics, found {name!r}{hint}"
    )


def table_column(where: str, name: str, dtype: np.dtype[Any]) -> str:
    """Return the name of a table's column; NotFoundError where there is none, for `where`."""
    from difflib import get_close_matches

    known = dtype.names or ()
    if name in known:
        return name
    if name in METRICS:
        raise NotFoundError(
            f"{where}: {name}: it is not in the table; sweep with metrics=[{name!r}]"
        )
    near = get_close_matches(str(name), (*known, *METRICS), 1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise NotFoundError(
        f"{where}: {name}: expected a column of the table, of which there are "
        f"{', '.join(known)}{hint}"
    )


def param_columns(names: Sequence[str]) -> dict[str, str]:
    """Return the column of each PARAM: its name, or ``param_NAME`` where a figure has that name."""
    taken = {*ROWS, *METRICS, *FOLD_COLUMNS, "refused"}
    columns: dict[str, str] = {}
    for name in names:
        column = name
        while column in taken:
            column = f"param_{column}"
        columns[name] = column
        taken.add(column)
    return columns


def table_dtype(params: Iterable[str], metrics: Iterable[str]) -> np.dtype[np.void]:
    """Return the type of a row."""
    columns = [(name, "f8") for name in params]
    columns += [(name, _kind(ROW_DTYPE, name)) for name in ROWS]
    columns += [("refused", "?")]
    columns += [(name, _kind(METRICS_DTYPE, name)) for name in metrics]
    return np.dtype(columns)


def _kind(dtype: np.dtype[np.void], name: str) -> str:
    if name == "liquidated":
        return "?"
    return "i8" if dtype[name].kind == "u" else "f8"


def best_first(table: npt.NDArray[np.void], metric: str, maximize: bool) -> npt.NDArray[np.int64]:
    """Return the order of the rows: by the metric, NaN last, refused ones behind them.

    Equal ones keep their order.
    """
    values = table[metric].astype(np.float64)
    unknown = np.isnan(values)
    key = np.where(unknown, 0.0, -values if maximize else values)
    return np.lexsort((key, unknown, table["refused"]))


class Collector:
    """Takes what chunks have found: every row in the grid's order, or the best ones only."""

    def __init__(
        self,
        params: Mapping[str, str],
        metrics: Sequence[str],
        combinations: Combinations,
        *,
        steps: int,  # of a curve that is kept; 0: none is
        top: int | None,
        metric: str,
        maximize: bool,
    ) -> None:
        self.params, self.metrics, self.combinations = tuple(params.values()), metrics, combinations
        self.steps, self.top, self.metric, self.maximize = steps, top, metric, maximize
        self.dtype = table_dtype(self.params, metrics)
        count = len(combinations) if top is None else 0
        kept = count if top is None else min(top, len(combinations))
        check_memory(len(combinations), kept, self.dtype.itemsize, steps)
        try:
            self.table = np.zeros(count, self.dtype)
            self.curves = np.empty((count, steps)) if steps else None
        except MemoryError:
            raise OutOfMemoryError(
                f"{len(combinations):,} combinations: no memory for their table; give top=..."
            ) from None
        self.refused = 0
        self.refusal: str | None = None

    def add(self, start: int, found: Found) -> None:
        """Take a chunk."""
        self.refused += int(np.count_nonzero(found.refused))
        self.refusal = self.refusal or found.refusal
        values = self.combinations.rows(start, start + len(found.rows))
        if self.top is None:
            stop = start + len(found.rows)
            self._fill(self.table[start:stop], values, found)
            if self.curves is not None and found.curves is not None:
                self.curves[start:stop] = self._steps(found.curves)
            return
        part = np.zeros(len(found.rows), self.dtype)
        self._fill(part, values, found)
        joined = np.concatenate([self.table, part])
        order = best_first(joined, self.metric, self.maximize)[: self.top]
        self.table = joined[order]
        if self.curves is not None and found.curves is not None:
            self.curves = np.concatenate([self.curves, self._steps(found.curves)])[order]

    def _steps(self, curves: Floats) -> Floats:
        """Return the steps that a run has; C asks for room for bars that it leaves out, too."""
        return curves[:, : self.steps]

    def _fill(self, table: npt.NDArray[np.void], values: Floats, found: Found) -> None:
        for k, name in enumerate(self.params):
            table[name] = values[:, k]
        for name, column in self._figures(found):
            table[name] = column
        table["refused"] = found.refused

    def _figures(self, found: Found) -> Iterator[tuple[str, npt.NDArray[Any]]]:
        for name in ROWS:
            yield name, found.rows[name]
        if found.metrics is not None:
            for name in self.metrics:
                yield name, found.metrics[name]
