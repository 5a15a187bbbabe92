"""Tables of a report for pandas, polars and Arrow, which are imported when they are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from hquant_cffi._errors import UnsupportedError
from hquant_cffi._records import Column, Words

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

__all__ = ["arrow_table", "pandas_frame", "polars_frame", "require"]


def require(module: str, extra: str, who: str) -> Any:
    """Import an optional package; UnsupportedError, which says how to get it, without it."""
    try:
        return import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        raise UnsupportedError(
            f"{who} needs {package}: pip install {package}, or pip install 'hquant-cffi[{extra}]'"
        ) from error


def pandas_frame(columns: Mapping[str, Column]) -> pd.DataFrame:
    """Return columns as a DataFrame: words are categories, times have the zone UTC."""
    pandas = require("pandas", "pandas", "to_pandas()")

    def series(column: Column) -> Any:
        if isinstance(column, Words):
            return pandas.Categorical.from_codes(column.codes, categories=list(column.words))
        if column.dtype.kind == "M":
            return pandas.Series(column).dt.tz_localize("UTC")
        return column

    frame: pd.DataFrame = pandas.DataFrame({name: series(each) for name, each in columns.items()})
    return frame


def polars_frame(columns: Mapping[str, Column]) -> pl.DataFrame:
    """Return columns as a DataFrame: words are Enums, times have the zone UTC."""
    polars = require("polars", "polars", "to_polars()")

    def series(name: str, column: Column) -> Any:
        if isinstance(column, Words):
            words = polars.Series(name, column.words, dtype=polars.Enum(column.words))
            return words.gather(column.codes)
        if column.dtype.kind == "M":
            return polars.Series(name, column.astype(np.int64)).cast(polars.Datetime("ms", "UTC"))
        return polars.Series(name, column)

    frame: pl.DataFrame = polars.DataFrame([series(name, each) for name, each in columns.items()])
    return frame


def arrow_table(columns: Mapping[str, Column]) -> pa.Table:
    """Return columns as a Table: words are dictionaries, times have the zone UTC."""
    arrow = require("pyarrow", "arrow", "to_arrow()")

    def array(column: Column) -> Any:
        if isinstance(column, Words):
            words = arrow.array(column.words, arrow.string())
            return arrow.DictionaryArray.from_arrays(arrow.array(column.codes), words)
        if column.dtype.kind == "M":
            return arrow.array(column.astype(np.int64)).cast(arrow.timestamp("ms", "UTC"))
        return arrow.array(column)

    table: pa.Table = arrow.table({name: array(each) for name, each in columns.items()})
    return table
