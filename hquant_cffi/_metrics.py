"""What `metrics` does with its arguments, and the same of a report's own curve."""

from __future__ import annotations

import math
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from hquant_cffi._errors import DataError, ParameterError
from hquant_cffi._ffi import check, ffi, lib
from hquant_cffi._metrics_table import Metrics
from hquant_cffi._records import TRADE_DTYPE
from hquant_cffi._structs import frozen_dataclass, reader
from hquant_cffi._years import (
    PeriodsPerYear,
    Year,
    YearWanted,
    curve_struct,
    read_year,
    year_struct,
)

if TYPE_CHECKING:
    from hquant_cffi.data import Bars

__all__ = ["equity_metrics", "measure", "read_metrics", "risk_free_number"]

# Figures that are called the same in C.
_FIGURES: Final = tuple(each.name for each in fields(Metrics) if not each.name.endswith("_from"))
_figures_of: Final = reader("HqMetrics", _FIGURES)


def measure(
    equity: npt.ArrayLike | None,
    time: npt.ArrayLike | None,
    *,
    returns: npt.ArrayLike | None,
    initial: float | None,
    trades: npt.NDArray[np.void] | None,
    periods_per_year: PeriodsPerYear,
    days_per_year: float | None,
    benchmark: Bars | npt.ArrayLike | None,
    risk_free: float,
) -> Metrics:
    """Do what `metrics` says."""
    if (equity is None) == (returns is None):
        found = "neither" if equity is None else "both"
        raise ParameterError(f"expected equity or returns, one of the two, found {found}")
    if returns is not None and initial is not None:
        raise ParameterError("initial is the equity before the first step; returns need none")
    curve = _floats("equity", equity) if returns is None else _floats("returns", returns)
    times = _times(time, len(curve))
    return _measured(
        curve,
        times,
        YearWanted.of(periods_per_year, days_per_year),
        is_equity=returns is None,
        initial=0.0 if initial is None else _initial(initial),
        rows=None if trades is None else _trades(trades),
        reference=None if benchmark is None else _benchmark(benchmark, times),
        risk_free=risk_free_number(risk_free),
    )


def equity_metrics(
    equity: npt.NDArray[np.float64],
    time: npt.NDArray[np.int64],
    year: Year | None,
    *,
    initial: float,
    trades: npt.NDArray[np.void],
    risk_free: float,
) -> Metrics:
    """Return what `metrics` does of a report's curve and trades.

    A year is one that has been found of other times; None, what these show.
    """
    curve = _floats("equity", equity)
    return _measured(
        curve,
        _times(time, len(curve)),
        YearWanted() if year is None else year,
        is_equity=True,
        initial=initial,
        rows=_trades(trades),
        reference=None,
        risk_free=risk_free,
    )


def _measured(
    curve: npt.NDArray[np.float64],
    times: npt.NDArray[np.int64],
    year: Year | YearWanted,
    *,
    is_equity: bool,
    initial: float,
    rows: npt.NDArray[np.void] | None,
    reference: npt.NDArray[np.float64] | None,
    risk_free: float,
) -> Metrics:
    given = curve_struct(times, year)
    if is_equity:
        given.equity = ffi.from_buffer("double[]", curve)
    else:
        given.returns = ffi.from_buffer("double[]", curve)
    if reference is not None:
        given.benchmark = ffi.from_buffer("double[]", reference)
    if rows is not None:
        given.trades, given.n_trades = ffi.from_buffer("HqTrade[]", rows), len(rows)
    given.initial, given.risk_free = initial, risk_free
    return _figures(given, year)


def read_metrics(metrics: bytes, year: bytes) -> Metrics:
    """Return what stands in an ``HqMetrics`` and in the ``HqYear`` that belongs to it."""
    (told,) = ffi.from_buffer("HqYear[]", year)
    return _read(ffi.from_buffer("HqMetrics[]", metrics), read_year(told))


def _read(found: Any, year: Year) -> Metrics:
    sources = {"periods_per_year_from": year.periods_from, "days_per_year_from": year.days_from}
    return frozen_dataclass(Metrics, {**sources, **_figures_of(found)})


def _figures(given: Any, year: Year | YearWanted) -> Metrics:
    found = ffi.new("HqMetrics *", {"struct_size": ffi.sizeof("HqMetrics")})
    if isinstance(year, YearWanted):
        told = year_struct()
        check(lib.hq_metrics_and_year(given, year.market_days, told, found))
        year = read_year(told)
    else:
        check(lib.hq_metrics(given, found))
    return _read(found, year)


# ------------------------------------------------------------------ arguments


def _number(name: str, value: float) -> float:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        raise ParameterError(f"{name}: expected a number, found {value!r}") from None


def risk_free_number(value: float) -> float:
    """Return a `risk_free` as a float; ParameterError for what is no number."""
    return _number("risk_free", value)


def _initial(value: float) -> float:
    number = _number("initial", value)
    if not 0 < number < math.inf:
        raise ParameterError(f"initial: expected a finite number > 0 or None, found {value!r}")
    return number


def _floats(name: str, values: npt.ArrayLike | None) -> npt.NDArray[np.float64]:
    try:
        column = np.ascontiguousarray(values, np.float64)
    except (TypeError, ValueError) as error:
        raise ParameterError(f"{name}: expected an array of numbers: {error}") from None
    if column.ndim != 1 or np.isscalar(values):
        raise ParameterError(f"{name}: expected an array of one dimension, found {column.ndim}")
    if not len(column):
        raise ParameterError(f"{name}: expected at least one step, found none")
    return column


def _times(time: npt.ArrayLike | None, length: int) -> npt.NDArray[np.int64]:
    if time is None:
        raise ParameterError("time: expected the time of each step (int64 ms or datetime64)")
    # A pandas index with a time zone is an array of objects unless asked for its UTC times.
    column = np.asarray(time, "datetime64[ms]") if hasattr(time, "tz") else np.asarray(time)
    if column.dtype.kind == "M":
        if np.isnat(column).any():
            raise DataError(f"time[{int(np.argmax(np.isnat(column)))}] is NaT")
        column = column.astype("datetime64[ms]").view(np.int64)
    elif column.dtype.kind not in "iu":
        raise ParameterError(
            f"time: expected int64 milliseconds or datetime64, found {column.dtype}"
        )
    if column.shape != (length,):
        raise ParameterError(f"time: expected {length} times, one a step, found {column.shape}")
    return np.ascontiguousarray(column, np.int64)


def _benchmark(
    benchmark: Bars | npt.ArrayLike, times: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Its closes at the steps, NaN where it has none."""
    from hquant_cffi.data import Bars  # here: who has an array needs no loaders

    if isinstance(benchmark, Bars):
        closes = _closes_at(benchmark, times)
    else:
        closes = _floats("benchmark", benchmark)
        if len(closes) != len(times):
            raise ParameterError(
                f"benchmark: expected {len(times)} closes, one a step, found {len(closes)}"
            )
    known = np.isfinite(closes)
    if len(times) > 1 and not (known[1:] & known[:-1]).any():
        raise DataError(
            "benchmark: no two steps in a row have a close of it; give bars of the curve's own "
            "period and time"
        )
    return closes


def _closes_at(bars: Bars, times: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    closes = np.full(len(times), np.nan)
    if len(bars):
        places = np.minimum(np.searchsorted(bars.timestamp, times), len(bars) - 1)
        there = bars.timestamp[places] == times
        closes[there] = bars.close[places[there]]
    return closes


def _trades(trades: npt.NDArray[np.void]) -> npt.NDArray[np.void]:
    size = ffi.sizeof("HqTrade")
    if not isinstance(trades, np.ndarray) or trades.ndim != 1 or trades.dtype.itemsize != size:
        raise ParameterError(
            f"trades: expected a 1-D structured array of {size} bytes a row, as "
            f"BacktestReport.trades is, found {getattr(trades, 'dtype', type(trades).__name__)}"
        )
    if trades.dtype is TRADE_DTYPE and trades.flags.c_contiguous:
        return trades
    offsets = {name: trades.dtype.fields[name][1] for name in trades.dtype.names or ()}  # type: ignore[index]
    wrong = [
        name for name in ("pnl", "quantity") if offsets.get(name) != ffi.offsetof("HqTrade", name)
    ]
    if wrong:
        raise ParameterError(f"trades: expected the fields of TRADE_DTYPE, {wrong[0]!r} is not")
    return np.ascontiguousarray(trades)
