"""How many steps make a year: as the caller says, or as the times of the data show."""

from __future__ import annotations

import math
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from hquant_cffi._errors import DataError, ParameterError
from hquant_cffi._ffi import ffi, lib

__all__ = ["PeriodsPerYear", "Year", "year_of"]

#: A number of steps, a kind of market, or None: what the data show.
PeriodsPerYear: TypeAlias = float | Literal["365d", "252d"] | None

_DAY: Final = 86_400_000
_CALENDAR: Final = 365.25
#: Steps of weeks, months, quarters and years vary in length: (least, most) days, steps a year.
_LONG: Final = ((7.0, 7.0, 52.0), (28.0, 31.0, 12.0), (89.0, 92.0, 4.0), (365.0, 366.0, 1.0))
_MARKETS: Final = {"365d": 365, "252d": 252}


class Year(NamedTuple):
    """A year in steps and in daily returns, NaN when not known, and where the numbers come from."""

    periods: float
    days: float
    periods_from: str
    days_from: str


class _Number(NamedTuple):
    value: float
    source: str


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
    spacing, is_even = _median_spacing(time)
    market = _market(time, spacing, is_even, periods_per_year)
    if periods_per_year is None or isinstance(periods_per_year, str):
        periods = _periods(time, spacing, market)
    else:
        periods = _given("periods_per_year", periods_per_year)
    if days_per_year is not None:
        days = _given("days_per_year", days_per_year)
    elif spacing >= _DAY * 5 / 6:  # daily steps or longer: the steps' returns are the days'
        days = periods
    else:
        days = market
    return Year(periods.value, days.value, periods.source, days.source)


def _given(name: str, value: float) -> _Number:
    expected = f"{name}: expected a finite number > 0" + (
        ", '365d', '252d' or None" if name == "periods_per_year" else " or None"
    )
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise ParameterError(f"{expected}, found {value!r}")
    if not 0 < value < np.inf:
        raise ParameterError(f"{expected}, found {value!r}")
    return _Number(float(value), "given")


def _median_spacing(time: npt.NDArray[np.int64]) -> tuple[float, bool]:
    """Return it, and whether the steps are known to be that far apart, each from the next."""
    if len(time) < 2:
        return float("nan"), False
    smallest: int = lib.hq_shortest_step(
        ffi.from_buffer("int64_t[]", np.ascontiguousarray(time, np.int64)), len(time)
    )
    if smallest * (len(time) - 1) == int(time[-1]) - int(time[0]) > 0:
        return float(smallest), True
    if smallest < 0:
        _refuse_falls(time)
    gaps = np.diff(time)
    if smallest <= 0:
        gaps = gaps[gaps > 0]
    elif 2 * np.count_nonzero(gaps == smallest) > len(gaps) + 1:
        return float(smallest), False  # of most others it is more than half of them: their median
    return float(np.median(gaps)) if len(gaps) else float("nan"), False


def _refuse_falls(time: npt.NDArray[np.int64]) -> None:
    falls = np.flatnonzero(time[1:] < time[:-1])
    if len(falls):
        raise DataError(f"time[{falls[0] + 1}] is before the one in front of it; sort the steps")


def _market(
    time: npt.NDArray[np.int64], spacing: float, is_even: bool, periods_per_year: PeriodsPerYear
) -> _Number:
    """Days a year on which the market trades."""
    if isinstance(periods_per_year, str):
        if periods_per_year not in _MARKETS:
            raise ParameterError(
                "periods_per_year: expected a finite number > 0, '365d', '252d' or None, "
                f"found {periods_per_year!r}"
            )
        days = _MARKETS[periods_per_year]
        return _Number(days, f"{days} days a year, as given")
    return _market_of(time, spacing, is_even)


def _market_of(time: npt.NDArray[np.int64], spacing: float, is_even: bool) -> _Number:
    if math.isnan(spacing):
        return _Number(np.nan, "not known: fewer than two moments")
    first, end = -(-int(time[0]) // _DAY), int((int(time[-1]) + spacing) // _DAY)
    first += (2 - first) % 7  # day 0, 1970-01-01, was a Thursday
    saturdays = max(0, -(-(end - first) // 7))
    if not saturdays:
        return _Number(np.nan, "not known: the data cover no whole Saturday; give periods_per_year")
    if is_even and spacing <= _DAY:
        traded = saturdays  # there is a step on every day
    else:
        with_steps, _ = _days_of(time)
        low, high = np.searchsorted(with_steps, [first, end])
        traded = int(np.count_nonzero(with_steps[low:high] % 7 == 2))
    seen = f"steps on {traded} of {saturdays} Saturdays"
    days = 365 if 2 * traded >= saturdays else 252
    return _Number(days, f"{days} days a year ({seen})")


def _periods(time: npt.NDArray[np.int64], spacing: float, market: _Number) -> _Number:
    length = spacing / _DAY
    if length > 1.5:
        named = [periods for least, most, periods in _LONG if least <= length <= most]
        periods = named[0] if named else _CALENDAR / length
        return _Number(periods, f"steps of {length:g} days (median)")
    if math.isnan(market.value):
        return market
    if length >= 5 / 6:
        return _Number(market.value, f"{market.source}, a step each")
    if market.value == 365:
        steps, how = 1 / length, f"median spacing {spacing / 1000:g} s"
    else:
        _, counts = _days_of(time)
        steps, how = float(np.median(counts)), "median"
    return _Number(market.value * steps, f"{market.source} of {steps:,g} steps ({how})")


def _days_of(
    time: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Days since 1970 that have steps, and how many each."""
    first, last = int(time[0]) // _DAY, int(time[-1]) // _DAY
    if last - first < len(time) // 8:  # many steps a day: look for the days among them
        days = np.arange(first, last + 1)
        counts = np.diff(np.searchsorted(time, np.append(days, last + 1) * _DAY))
        return days[counts > 0], counts[counts > 0]
    days = time // _DAY
    ends = np.append(np.flatnonzero(days[1:] != days[:-1]), len(days) - 1)
    return days[ends], np.diff(ends, prepend=-1)
