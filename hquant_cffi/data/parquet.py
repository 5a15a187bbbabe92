"""Parquet through pyarrow or polars, whichever is installed; both hand over an Arrow table."""

from __future__ import annotations

import io
from collections.abc import Callable

from hquant_cffi._errors import DataError, UnsupportedError

from .arrow import ArrowStreamExporter, read_arrow
from .names import ColumnMap
from .validate import RawRows


def read_parquet(data: bytes, source: str, columns: ColumnMap | None) -> RawRows:
    """The columns of a bar out of a Parquet file's bytes.

    Raises
    ------
    UnsupportedError
        Neither pyarrow nor polars is installed.
    DataError
        The bytes are not Parquet, or hold no candles.
    """
    reader = _reader()
    if reader is None:
        raise UnsupportedError(
            f"{source}: Parquet needs pyarrow or polars: pip install 'hquant-cffi[parquet]'"
        )
    try:
        table = reader(data)
    except Exception as error:  # each library has its own tree of errors for a damaged file
        raise DataError(f"{source}: expected a Parquet file: {error}") from error
    return read_arrow(table, source, columns)


def _reader() -> Callable[[bytes], ArrowStreamExporter] | None:
    try:
        import pyarrow.parquet as arrow_parquet

        return lambda data: arrow_parquet.read_table(io.BytesIO(data))
    except ImportError:
        pass
    try:
        import polars

        return lambda data: polars.read_parquet(data)
    except ImportError:
        return None
