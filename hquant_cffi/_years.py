"""How many steps make a year: as the caller says, or as the times of the data show."""

from __future__ import annotations

import math
from typing import Any, Final, Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from hquant_cffi._errors import ParameterError
from hquant_cffi._ffi import check, ffi, lib

__all__ = [
    "PeriodsPerYear",
    "Year",
    "YearWanted",
    "curve_struct",
    "read_year",
    "year_of",
    "year_struct",
]

#: A number of steps, a kind of market, or None: what the data show.
PeriodsPerYear: TypeAlias = float | Literal["365d", "252d"] | None

_MARKETS: Final = {"365d": 365, "252d": 252}

_CURVE: Final = ffi.typeof("HqMetricsInput *")
_YEAR: Final = ffi.typeof("HqYear *")
# Copied, which is sooner done than a call a curve.
_blank_curve: Final = ffi.new(_CURVE)
lib.hq_metrics_input_init(_blank_curve)


class Year(NamedTuple):
    """A year in steps and in daily returns, NaN when not known, and where the numbers come from."""

    periods: float
    days: float
    periods_from: str
    days_from: str


class YearWanted(NamedTuple):
    """What the caller says of a year; NaN and 0: the data tell."""

    periods: float = math.nan
    days: float = math.nan
    market_days: int = 0

    @classmethod
    def of(cls, periods_per_year: PeriodsPerYear, days_per_year: float | None) -> YearWanted:
        """Return it; ParameterError for a number that is not finite and > 0, or another text."""
        market, periods, days = 0, math.nan, math.nan
        if isinstance(periods_per_year, str) and periods_per_year in _MARKETS:
            market = _MARKETS[periods_per_year]
        elif periods_per_year is not None:
            periods = _given("periods_per_year", periods_per_year, ", '365d', '252d' or None")
        if days_per_year is not None:
            days = _given("days_per_year", days_per_year, " or None")
        return cls(periods, days, market)


def _given(name: str, value: object, others: str) -> float:
    is_number = isinstance(value, (int, float, np.integer, np.floating))
    try:
        number = float(value) if is_number and not isinstance(value, bool) else math.nan  # type: ignore[arg-type]
    except OverflowError:  # an int beyond every float
        number = math.inf
    if 0 < number < math.inf:
        return number
    raise ParameterError(f"{name}: expected a finite number > 0{others}, found {value!r}")


def year_of(
    time: npt.NDArray[np.int64],
    periods_per_year: PeriodsPerYear = None,
    days_per_year: float | None = None,
) -> Year:
    """Return what a year is for steps at these times.

    Parameters
    ----------
    time : (T,) ndarray of int64
        Times of the steps, ms UTC, not falling.
    periods_per_year : float, "365d", "252d" or None, optional
        Steps that make a year; or the market's days a year, the steps of a day then counted in the
        data; or None, the market's days too then being taken from the data: 365 when there are
        steps on at least half of the Saturdays (UTC) that the data cover whole, else 252.
    days_per_year : float, optional
        Daily returns that make a year; None finds it in the same way.

    Returns
    -------
    Year
        A number that the data do not tell is NaN, and its source says why.

    Raises
    ------
    ParameterError
        A number that is not finite and > 0, or another text.
    DataError
        A time that is before the one in front of it.
    """
    wanted = YearWanted.of(periods_per_year, days_per_year)
    column = np.ascontiguousarray(time, np.int64)  # by a name: C reads it where it stands
    curve, year = curve_struct(column, wanted), year_struct()
    check(lib.hq_year_of(curve, wanted.market_days, year))
    return read_year(year)


def curve_struct(time: npt.NDArray[np.int64], year: Year | YearWanted) -> Any:
    """Return an ``HqMetricsInput *`` of steps at these times, which must outlive it."""
    curve = ffi.new(_CURVE, _blank_curve[0])
    curve.length, curve.time = len(time), ffi.from_buffer("int64_t[]", time)
    curve.periods_per_year, curve.days_per_year = year.periods, year.days
    return curve


def year_struct() -> Any:
    """Return an ``HqYear *`` that C may write to."""
    year = ffi.new(_YEAR)
    year.struct_size = ffi.sizeof(_YEAR.item)
    return year


def read_year(year: Any) -> Year:
    """Return what C has written."""
    words = (ffi.string(text).decode() for text in (year.periods_from, year.days_from))
    return Year(year.periods_per_year, year.days_per_year, *words)
