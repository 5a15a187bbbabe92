"""One call for market data of any form."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sized
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from hquant_cffi._errors import DataError, ParameterError

from .arrays import RawArray, is_as_read
from .arrow import ArrowArrayExporter, ArrowStreamExporter, read_arrow
from .bars import Bars
from .csv import open_sheet, parse_clean, parse_rows
from .files import PARQUET, decode, read_bytes
from .frames import PandasFrame, is_pandas, read_mapping, read_ndarray, read_pandas
from .names import OWN_NAMES, VALUE_FIELDS, ColumnMap
from .parquet import read_parquet
from .timestamps import UNITS, TimeUnit, ms_if_rising
from .validate import Checked, Errors, RawRows, check, raise_if_bad, unjudged

Format = Literal["csv", "parquet"]
Source = (
    str
    | os.PathLike[str]
    | Mapping[str, npt.ArrayLike]
    | npt.NDArray[np.generic]
    | PandasFrame
    | ArrowStreamExporter
    | ArrowArrayExporter
    | Bars
)


def load(
    source: Source,
    *,
    format: Format | None = None,
    errors: Errors = "raise",
    columns: ColumnMap | None = None,
    time_unit: TimeUnit | None = None,
    time_format: str | None = None,
) -> Bars:
    """Load candles and check every row.

    Parameters
    ----------
    source : path or table
        A path: CSV (Binance klines with or without a header line, or any OHLCV table with one) or
        Parquet, plain or inside gzip, Zstandard or a zip of one file, recognised by content.
        A table: a dict of columns, a NumPy structured array, a 2-D array together with `columns`,
        a pandas.DataFrame (times in a column or in the index), or anything with
        ``__arrow_c_stream__`` or ``__arrow_c_array__``: polars.DataFrame, pyarrow.Table,
        pyarrow.RecordBatch and others. Bars are returned as they are.
    format : {"csv", "parquet"}, optional
        Of a path, instead of looking at its content.
    errors : {"raise", "skip"}
        Refuse the first bad row with its place, or leave bad rows out and count them in
        `Bars.skipped` and `Bars.skip_reasons`.
    columns : mapping, optional
        Field (timestamp, open, high, low, close, volume, buy_volume) -> the source's column name
        or 0-based index, where the usual names do not tell. ``{"volume": None}`` loads a source
        without volume; it reads as 0.
    time_unit : {"s", "ms", "us", "ns"}, optional
        Of times given as numbers. None tells it by the magnitude of the whole column (median):
        1e8..1e10 is s, 1e14..1e16 is us, 1e17 and up is ns, anything else ms, and eight-digit
        calendar dates are YYYYMMDD. Binance's spot files are in us since 2025-01-01. A value of
        another unit in the same column is a bad row.
    time_format : str, optional
        ``datetime.strptime`` format of times given as text. None reads ISO 8601 dates and
        datetimes (without a zone: UTC), and dates such as 12/31/2024 as far as the column tells
        the day from the month.

    Returns
    -------
    Bars
        Open times in ms, UTC. Contiguous float64 columns (int64 ms or datetime64[ms] for the time)
        of a NumPy table, a pandas.DataFrame or a one-batch Arrow table are viewed without a copy
        unless rows are skipped; everything else is copied.

    Raises
    ------
    DataError
        The source cannot be read, has no column for a field, has no good row, or, with
        ``errors="raise"``, has a bad row: a field missing, unparsable, not finite or beyond 1e100
        in magnitude, high < low, open or close outside [low, high], a negative volume, or a time
        not after the row before. Prices may be zero or negative.
    ParameterError
        An option outside its range, or a source of another type.
    UnsupportedError
        Parquet or Zstandard without the package that reads it; the message names the extra.
    """
    _check_options(format, errors, time_unit)
    if isinstance(source, Bars):
        return source
    if isinstance(source, (str, os.PathLike)):
        checked = _from_path(source, format, columns, time_unit, time_format)
    else:
        checked = check(_from_table(source, columns), time_unit, time_format)
    return _settle(checked, errors)


def unchecked(source: object) -> Bars | None:
    """Return what `load` returns of a table in memory if every row of it is a candle.

    No row has been looked at: that is left to who reads them. None of any other source, of a stream
    of batches, which could not be read again to say what is wrong with it, and where some row is
    known to be bad.
    """
    if isinstance(source, (str, os.PathLike, Bars)) or not isinstance(source, Sized):
        return None
    found = unjudged(_from_table(source, None))
    return None if found is None else Bars._from_checked(found)


def plain(source: object) -> Bars | None:
    """Return what `unchecked` does of a dict of columns that are called as a bar's, where they are
    what C reads; None of anything else.

    It is what most hand over, and takes no time.
    """
    if type(source) is not dict or source.keys() not in OWN_NAMES:
        return None
    columns: dict[str, object] = source
    times = columns["timestamp"]
    if type(times) is not np.ndarray or times.ndim != 1:
        return None
    ms = ms_if_rising(times, None)
    present: dict[str, RawArray | None] = {"timestamp": ms}
    for name in VALUE_FIELDS:
        if name not in columns:  # only the last may not be there
            continue
        column = columns[name]
        if not is_as_read(column) or len(column) != len(times):
            return None
        present[name] = column
    return None if ms is None else Bars._trusted(present, "dict")


def _check_options(format: str | None, errors: str, time_unit: str | None) -> None:
    for name, value, allowed in (
        ("format", format, (None, *get_args(Format))),
        ("errors", errors, get_args(Errors)),
        ("time_unit", time_unit, (None, *UNITS)),
    ):
        if value not in allowed:
            raise ParameterError(
                f"{name}: expected one of {', '.join(map(repr, allowed))}, found {value!r}"
            )


def _from_path(
    path: str | os.PathLike[str],
    format: Format | None,
    columns: ColumnMap | None,
    time_unit: TimeUnit | None,
    time_format: str | None,
) -> Checked:
    source = os.fspath(path)
    data = read_bytes(path)
    if format == "parquet" or (format is None and data.startswith(PARQUET)):
        return check(read_parquet(data, source, columns), time_unit, time_format)
    sheet = open_sheet(decode(data, source), source, columns)
    rows = parse_clean(sheet)
    if rows is not None:
        checked = check(rows, time_unit, time_format)
        if checked.clean:
            return checked
    return check(parse_rows(sheet), time_unit, time_format)


def _from_table(table: object, columns: ColumnMap | None) -> RawRows:
    name = f"{type(table).__module__.partition('.')[0]}.{type(table).__qualname__}"
    if isinstance(table, np.ndarray):
        return read_ndarray(table, name, columns)
    if isinstance(table, Mapping):
        return read_mapping(table, "dict", columns)
    if is_pandas(table):
        return read_pandas(table, name, columns)
    if isinstance(table, (ArrowStreamExporter, ArrowArrayExporter)):
        return read_arrow(table, name, columns)
    raise ParameterError(
        "source: expected a path, a dict of columns, a NumPy array, a pandas.DataFrame or an "
        f"Arrow table (__arrow_c_stream__), found {name}"
    )


def _settle(checked: Checked, errors: Errors) -> Bars:
    if errors == "raise":
        raise_if_bad(checked)
    if not len(checked.bad):
        raise DataError(f"{checked.place.source}: expected candles, found a table without rows")
    if not checked.clean and checked.bad.all():
        reasons = "; ".join(checked.reasons())
        raise DataError(f"{checked.place.source}: no good row among {len(checked.bad)}: {reasons}")
    return Bars._from_checked(checked)
