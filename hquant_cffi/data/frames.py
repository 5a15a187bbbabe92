"""Tables in memory: dicts and structured or 2-D arrays of NumPy, and pandas data frames."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, TypeGuard, cast

import numpy as np
import numpy.typing as npt

from hquant_cffi._errors import DataError, ParameterError

from .arrays import RawArray
from .names import ColumnMap, resolve
from .validate import Place, RawRows

_WIDEST = {"i": np.int64, "u": np.uint64, "f": np.float64}


class _Dtype(Protocol):
    kind: str


class _Series(Protocol):
    """What is used of pandas.Series."""

    dtype: _Dtype
    dt: _Series
    tz: object
    unit: str

    def to_numpy(
        self, dtype: npt.DTypeLike | None = None, *, na_value: object = ...
    ) -> RawArray: ...
    def isna(self) -> _Series: ...
    def tz_convert(self, tz: None) -> _Series: ...
    def to_timestamp(self) -> _Series: ...


class _Index(Protocol):
    """What is used of pandas.Index."""

    name: object
    nlevels: int

    def __iter__(self) -> Iterator[object]: ...
    def to_series(self) -> _Series: ...


class _Positions(Protocol):
    def __getitem__(self, key: tuple[slice, int]) -> _Series: ...


class PandasFrame(Protocol):
    """What is used of pandas.DataFrame."""

    columns: _Index
    index: _Index
    iloc: _Positions


def is_pandas(source: object) -> TypeGuard[PandasFrame]:
    """Whether `source` is a pandas.DataFrame; pandas is never imported for it."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(source, pandas.DataFrame)


def read_mapping(
    table: Mapping[str, npt.ArrayLike], source: str, columns: ColumnMap | None
) -> RawRows:
    """A dict of columns."""
    names = list(table)
    return _rows(names, [table[name] for name in names], source, columns)


def read_ndarray(table: npt.NDArray[np.generic], source: str, columns: ColumnMap | None) -> RawRows:
    """A structured array, or a 2-D array whose columns `columns` names by index."""
    if table.dtype.names:
        records = cast(npt.NDArray[np.void], table)
        return _rows(
            table.dtype.names, [records[name] for name in table.dtype.names], source, columns
        )
    if table.ndim != 2:
        raise DataError(
            f"{source}: expected a structured or 2-D array, "
            f"found {table.dtype} of shape {table.shape}"
        )
    if columns is None:
        raise ParameterError(
            f"{source}: a 2-D array needs columns={{'timestamp': 0, 'open': 1, ...}}"
        )
    return _rows([f"column {i}" for i in range(table.shape[1])], list(table.T), source, columns)


def read_pandas(table: PandasFrame, source: str, columns: ColumnMap | None) -> RawRows:
    """A data frame with its times in a column or in the index."""
    if table.columns.nlevels > 1:
        raise DataError(
            f"{source}: expected one level of column names, found {table.columns.nlevels}; "
            "take one symbol, or df.droplevel(1, axis=1)"
        )
    names = [str(name) for name in table.columns]
    series = [table.iloc[:, i] for i in range(len(names))]
    if type(table.index).__name__ != "RangeIndex" and table.index.nlevels == 1:
        names.append("" if table.index.name is None else str(table.index.name))
        series.append(table.index.to_series())
    index = resolve(names, columns, source)
    raw = {field: _from_series(series[i]) for field, i in index.items()}
    return RawRows(raw, Place(source, {field: names[i] or "index" for field, i in index.items()}))


def _rows(
    names: Sequence[str], arrays: Sequence[npt.ArrayLike], source: str, columns: ColumnMap | None
) -> RawRows:
    index = resolve([str(name) for name in names], columns, source)
    raw: dict[str, RawArray] = {field: np.asanyarray(arrays[i]) for field, i in index.items()}
    return RawRows(raw, Place(source, {field: str(names[i]) for field, i in index.items()}))


def _from_series(series: _Series) -> RawArray:
    """NumPy's own dtypes without a copy; pandas' extension types with their nulls masked."""
    if isinstance(series.dtype, np.dtype):
        return series.to_numpy()
    kind = series.dtype.kind
    if str(series.dtype).startswith("period"):
        return series.dt.to_timestamp().to_numpy()
    if kind == "M":
        naive = series if series.dt.tz is None else series.dt.tz_convert(None)
        return naive.to_numpy(dtype=f"datetime64[{naive.dt.unit}]")  # ns would end in 2262
    if kind in "iuf":
        values = series.to_numpy(dtype=_WIDEST[kind], na_value=0)
        return np.ma.MaskedArray(values, mask=np.asarray(series.isna(), dtype=np.bool_))
    return series.to_numpy()
