"""Times written as text: ISO 8601 and its relatives, day/month dates, numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import numpy as np

from hquant_cffi._errors import DataError, ParameterError

from .arrays import BoolArray, FloatArray, IntArray

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_DAY_MS = 86_400_000
_MILLISECOND = timedelta(milliseconds=1)

_ZONE = r"(Z|UTC|GMT|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?)?"
_CLOCK = r"(?:[T ]+([0-2]\d):?([0-5]\d)(?::?([0-5]\d)(?:[.,](\d{1,9}))?)?\s*" + _ZONE + ")?"
_ISO = re.compile(r"(\d{4})([-/.]?)(\d\d)\2(\d\d)" + _CLOCK, re.ASCII)
_SLASH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})" + _CLOCK, re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,40}", re.ASCII)  # int() refuses thousands of digits
_DECIMAL = re.compile(r"[+-]?\d+\.\d*", re.ASCII)

_EXPECTED = {
    "unknown": "an ISO 8601 date or datetime, or an epoch time written without an exponent",
    "iso": "an ISO 8601 date or datetime such as 2024-01-31 or 2024-01-31 23:59:00",
    "slash": "a date in the day/month order of the rest of the column",
    "integer": "an epoch time",
    "decimal": "an epoch time, fractions allowed",
}


class TextTimes(NamedTuple):
    """`integers` or `floats` is set instead of `ms` when the column holds epoch numbers."""

    ms: IntArray
    bad: BoolArray
    expected: str
    integers: IntArray | None = None
    floats: FloatArray | None = None


def text_to_ms(values: Sequence[object], time_format: str | None, where: str) -> TextTimes:
    """Convert text and Python dates; the form that most rows have is the column's form."""
    if time_format is not None:
        return _each(
            values, lambda value: _by_format(value, time_format), f"a time as {time_format!r}"
        )
    forms = [_form(value) for value in values]
    counts = Counter(form for form in forms if form is not None)
    form = counts.most_common(1)[0][0] if counts else "iso"
    if form == "decimal" or (form == "integer" and counts["decimal"]):
        return _floats(values, forms)
    if form == "integer":
        return _integers(values, forms)
    if form == "slash":
        day_first = _day_first(values, forms, where)
        return _each(values, lambda value: _slash_ms(value, day_first), _EXPECTED["slash"])
    return _each(values, iso_ms, _EXPECTED["iso" if counts else "unknown"])


def iso_ms(value: object) -> int | None:
    """Milliseconds of an ISO 8601 text or a Python date or datetime; None when it is neither."""
    if isinstance(value, str):
        match = _ISO.fullmatch(value.strip())
        if match is None:
            return None
        year, _, month, day, *clock = match.groups()
        return _civil_ms(int(year), int(month), int(day), clock)
    if isinstance(value, datetime):
        try:
            return _datetime_ms(value)
        except (TypeError, ValueError):  # pandas.NaT calls itself a datetime
            return None
    if isinstance(value, date):
        return (value.toordinal() - _EPOCH_DAY) * _DAY_MS
    return None


def _form(value: object) -> str | None:
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        return "integer" if abs(int(value)) < 2**63 else None
    if isinstance(value, float):
        return "decimal" if value == value else None
    if isinstance(value, date):
        return "iso"
    if not isinstance(value, str):
        return None
    text = value.strip()
    for form, pattern in (
        ("integer", _INTEGER),
        ("iso", _ISO),
        ("decimal", _DECIMAL),
        ("slash", _SLASH),
    ):
        if pattern.fullmatch(text):
            return form
    return None


def _each(
    values: Sequence[object], parse: Callable[[object], int | None], expected: str
) -> TextTimes:
    parsed = [parse(value) for value in values]
    bad = np.array([ms is None for ms in parsed], dtype=np.bool_)
    return TextTimes(np.array([ms or 0 for ms in parsed], dtype=np.int64), bad, expected)


def _integers(values: Sequence[object], forms: Sequence[str | None]) -> TextTimes:
    read = [
        int(str(value)) if form == "integer" else None
        for value, form in zip(values, forms, strict=True)
    ]
    kept = [n if n is not None and abs(n) < 2**63 else None for n in read]
    bad = np.array([n is None for n in kept], dtype=np.bool_)
    numbers = np.array([n or 0 for n in kept], dtype=np.int64)
    return TextTimes(
        np.zeros(len(kept), dtype=np.int64), bad, _EXPECTED["integer"], integers=numbers
    )


def _floats(values: Sequence[object], forms: Sequence[str | None]) -> TextTimes:
    known = ("integer", "decimal")
    read = [
        float(str(value)) if form in known else np.nan
        for value, form in zip(values, forms, strict=True)
    ]
    numbers = np.array(read, dtype=np.float64)
    return TextTimes(
        np.zeros(len(read), dtype=np.int64), np.isnan(numbers), _EXPECTED["decimal"], floats=numbers
    )


def _day_first(values: Sequence[object], forms: Sequence[str | None], where: str) -> bool:
    """Whether 3/4/2024 is in April; a column in which no part exceeds 12 cannot tell."""
    matches = [
        _SLASH.fullmatch(str(v).strip())
        for v, form in zip(values, forms, strict=True)
        if form == "slash"
    ]
    pairs = [(int(match[1]), int(match[2])) for match in matches if match]
    day_first = sum(first > 12 for first, _ in pairs)
    month_first = sum(second > 12 for _, second in pairs)
    if day_first == month_first:
        raise DataError(
            f"{where}: dates such as {values[0]!r} do not tell the day from the month; "
            "pass time_format='%m/%d/%Y' or '%d/%m/%Y'"
        )
    return day_first > month_first


def _slash_ms(value: object, day_first: bool) -> int | None:
    match = _SLASH.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return None
    first, second, year, *clock = match.groups()
    day, month = (first, second) if day_first else (second, first)
    return _civil_ms(int(year), int(month), int(day), clock)


def _civil_ms(year: int, month: int, day: int, clock: Sequence[str | None]) -> int | None:
    hour, minute, second, fraction, zone = clock
    try:
        days = date(year, month, day).toordinal() - _EPOCH_DAY
    except ValueError:
        return None
    if hour is None:
        return days * _DAY_MS
    if int(hour) > 23:
        return None
    ms = int(((fraction or "") + "000")[:3])
    seconds = (int(hour) * 60 + int(minute or 0)) * 60 + int(second or 0)
    return days * _DAY_MS + seconds * 1000 + ms - _zone_ms(zone)


def _zone_ms(zone: str | None) -> int:
    if zone is None or zone in ("Z", "UTC", "GMT"):
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[3:].lstrip(":") or 0)
    return (minutes if zone[0] == "+" else -minutes) * 60_000


def _by_format(value: object, time_format: str) -> int | None:
    if not isinstance(value, (str, int, np.integer)):
        return iso_ms(value)
    try:
        return _datetime_ms(datetime.strptime(str(value).strip(), time_format))
    except ValueError:
        return None
    except re.error as error:
        raise ParameterError(
            f"time_format: {time_format!r} is no strptime format: {error}"
        ) from error


def _datetime_ms(value: datetime) -> int:
    moment = value if value.tzinfo is not None else value.replace(tzinfo=UTC)
    return (moment - _EPOCH) // _MILLISECOND
