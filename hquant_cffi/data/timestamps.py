"""Times of any form as milliseconds since the epoch.

Numbers are epoch times. The median magnitude of the column tells their unit:

============  ===========================
magnitude     read as
============  ===========================
1e8 .. 1e10   seconds (1973 to 2286)
1e14 .. 1e16  microseconds (1973 to 2286)
1e17 and up   nanoseconds
anything else milliseconds, up to 1e13
============  ===========================

Eight-digit numbers that are calendar dates are read as ``YYYYMMDD``.
In a column of present-day milliseconds, what looks like seconds or ``YYYYMMDD`` is a bad row.
The choice is made once for the whole column: a value of another unit is a bad row, never converted
on its own (Binance's spot files turned from milliseconds to microseconds on 2025-01-01).
Naive dates and datetimes are UTC. What is finer than a millisecond is rounded down.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from hquant_cffi._errors import DataError

from .arrays import BoolArray, FloatArray, IntArray, RawArray
from .times_text import text_to_ms

TimeUnit: TypeAlias = Literal["s", "ms", "us", "ns"]
UNITS: tuple[TimeUnit, ...] = ("s", "ms", "us", "ns")

_NAMES = {"s": "seconds", "ms": "milliseconds", "us": "microseconds", "ns": "nanoseconds"}
_BANDS: dict[TimeUnit, tuple[float, float]] = {
    "s": (1e8, 1e10),
    "ms": (0.0, 1e13),  # small numbers too: milliseconds are this package's own unit
    "us": (1e14, 1e16),
    "ns": (1e17, np.inf),
}
_CALENDAR = (18000101, 22001232)  # YYYYMMDD


class Times(NamedTuple):
    """A converted column: `bad` marks what could not be read, whose `ms` is 0."""

    ms: IntArray
    bad: BoolArray
    expected: str


def to_ms(raw: RawArray, unit: TimeUnit | None, time_format: str | None, where: str) -> Times:
    """Convert a 1-D column of times.

    Parameters
    ----------
    raw : (T,) ndarray
        datetime64, integers, floats, text, or Python dates and datetimes; may be masked.
    unit : {"s", "ms", "us", "ns"}, optional
        Unit of numbers; None finds it as the module says.
    time_format : str, optional
        ``datetime.strptime`` format of text.
    where : str
        Source and column, for error messages.

    Returns
    -------
    Times
        int64 milliseconds, sharing memory with `raw` when it is int64 or datetime64[ms] without
        nulls.
    """
    nulls = np.ma.getmaskarray(raw) if isinstance(raw, np.ma.MaskedArray) else None
    data = np.asarray(raw)
    times = _convert(data, nulls, unit, time_format, where)
    if nulls is None or not nulls.any():
        return times
    return Times(np.where(nulls, 0, times.ms), times.bad | nulls, times.expected)


def ms_if_rising(raw: RawArray, unit: TimeUnit | None) -> IntArray | None:
    """Return what `to_ms` gives if the times rise, told by their ends alone; None where it cannot.

    The answer is `raw` itself: int64 or datetime64[ms].
    """
    if not len(raw) or isinstance(raw, np.ma.MaskedArray) or not raw.flags.c_contiguous:
        return None
    if raw.dtype not in (np.dtype(np.int64), np.dtype("datetime64[ms]")) or not raw.flags.aligned:
        return None
    ms = np.asarray(raw).view(np.int64)
    first, last = int(ms[0]), int(ms[-1])
    if raw.dtype.kind == "M":
        return None if np.isnat(raw[0]) else ms  # NaT is the lowest number: none comes later
    return ms if unit == "ms" or (unit is None and _plain_unit(first, last) == "ms") else None


def _convert(
    data: RawArray,
    nulls: BoolArray | None,
    unit: TimeUnit | None,
    time_format: str | None,
    where: str,
) -> Times:
    kind = data.dtype.kind
    if kind == "M":
        return _from_datetime64(data)
    if kind in "iu":
        return from_integers(_as_int64(data), nulls, unit)
    if kind == "f":
        return from_floats(data.astype(np.float64, copy=False), nulls, unit)
    if kind not in "OUST":
        raise DataError(
            f"{where}: expected times (datetime64, epoch numbers or text), found {data.dtype}"
        )
    found = text_to_ms([_plain(value) for value in data.tolist()], time_format, where)
    if found.floats is not None:
        times = from_floats(found.floats, found.bad, unit)
    elif found.integers is not None:
        times = from_integers(found.integers, found.bad, unit)
    else:
        return Times(found.ms, found.bad, found.expected)
    return Times(np.where(found.bad, 0, times.ms), times.bad | found.bad, times.expected)


def _plain(value: object) -> object:
    return value.decode("ascii", "replace") if isinstance(value, bytes) else value


def _from_datetime64(data: RawArray) -> Times:
    ms: IntArray = np.require(
        data.astype("datetime64[ms]", copy=False), requirements=["C", "A"]
    ).view(np.int64)
    bad = np.isnat(data)
    return Times(np.where(bad, 0, ms) if bad.any() else ms, bad, "a time, not NaT")


def _as_int64(data: RawArray) -> IntArray:
    if data.dtype.kind == "u":
        data = np.minimum(data, np.iinfo(np.int64).max)
    return np.require(data, dtype=np.int64, requirements=["C", "A"])


def from_integers(values: IntArray, ignore: BoolArray | None, unit: TimeUnit | None) -> Times:
    """Epoch numbers or YYYYMMDD; rows marked in `ignore` have no say in the unit."""
    if unit is None and len(values):
        plain = _plain_unit(int(values.min()), int(values.max()))
        if plain is not None:
            none = np.zeros(len(values), dtype=np.bool_)
            return Times(_scale_integers(values, plain), none, _expected(plain))
    if unit is None:
        dates = _calendar_dates(values)
        known = dates.bad if ignore is None else dates.bad[~ignore]
        if len(known) and 2 * np.count_nonzero(~known) > len(known):
            return dates
    chosen, bad = _unit_of(values.astype(np.float64), ignore, unit)
    return Times(
        _scale_integers(np.where(bad, 0, values) if bad.any() else values, chosen),
        bad,
        _expected(chosen),
    )


def from_floats(values: FloatArray, ignore: BoolArray | None, unit: TimeUnit | None) -> Times:
    """As from_integers; fractions are kept to the millisecond."""
    unusable = ~(np.abs(values) < 2.0**62)
    usable = np.where(unusable, 0.0, values)
    ignore = unusable if ignore is None else ignore | unusable
    if np.array_equal(usable, np.floor(usable)):
        times = from_integers(usable.astype(np.int64), ignore, unit)
    else:
        chosen, bad = _unit_of(usable, ignore, unit)
        factor = {"s": 1e3, "ms": 1.0, "us": 1e-3, "ns": 1e-6}[chosen]
        # Seconds like 1.001 have no exact double, so rounding to the nearest comes before flooring.
        ms = np.floor(np.round(np.where(bad, 0.0, usable) * factor, 3)).astype(np.int64)
        times = Times(ms, bad, _expected(chosen))
    return Times(np.where(unusable, 0, times.ms), times.bad | unusable, times.expected)


def _plain_unit(low: int, high: int) -> TimeUnit | None:
    """The unit of a column whose every number is in its band, and no other reading is near."""
    for unit in UNITS:
        least, end = _BANDS[unit]
        if max(least, _BANDS["s"][1] if unit == "ms" else 0) <= low and high < end:
            return unit
    return None


def _unit_of(
    values: FloatArray, ignore: BoolArray | None, unit: TimeUnit | None
) -> tuple[TimeUnit, BoolArray]:
    size = np.abs(values)
    if unit is not None:
        return unit, size > (9.2e15 if unit == "s" else np.inf)
    known = size if ignore is None else size[~ignore]
    middle = float(np.median(known)) if len(known) else 0.0
    chosen: TimeUnit = next((u for u in UNITS if _BANDS[u][0] <= middle < _BANDS[u][1]), "ms")
    low, high = _BANDS[chosen]
    bad = (size < low) | (size >= high)
    if chosen == "ms" and middle >= _BANDS["s"][1]:  # else seconds would read as January 1970
        for first, end in (_BANDS["s"], _CALENDAR):
            bad |= (size >= first) & (size < end)
    return chosen, bad


def _scale_integers(values: IntArray, unit: TimeUnit) -> IntArray:
    if unit == "ms":
        return values
    return values * 1000 if unit == "s" else values // (1000 if unit == "us" else 1_000_000)


def _calendar_dates(values: IntArray) -> Times:
    bad = (values < _CALENDAR[0]) | (values >= _CALENDAR[1])
    safe = np.where(bad, 19700101, values)
    month, day = safe // 100 % 100, safe % 100
    months = ((safe // 10000 - 1970) * 12 + month - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]") + (day - 1)
    bad |= (month < 1) | (month > 12) | (day < 1) | (days.astype("datetime64[M]") != months)
    ms = np.where(bad, 0, days.astype("datetime64[ms]").astype(np.int64))
    return Times(ms, bad, "a date as YYYYMMDD, as in the rest of the column")


def _expected(unit: TimeUnit) -> str:
    return f"an epoch time in {_NAMES[unit]}, as in the rest of the column"
