"""Times of every usual form are read as the right millisecond, and ambiguous ones are refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest

from hquant_cffi._errors import DataError
from hquant_cffi.data import load

PRICES = {"open": 10, "high": 12, "low": 9, "close": 11, "volume": 1}
# 2024-02-29T12:34:56Z, from `date -u -d '2024-02-29 12:34:56' +%s`
SECONDS = 1_709_210_096


def _times(values, **options):
    table = {name: np.full(len(values), float(v)) for name, v in PRICES.items()}
    return load({"time": values, **table}, **options).timestamp.tolist()


def _csv(file, texts, **options):
    rows = [f"{text},10,12,9,11,1" for text in texts]
    path = file("\n".join(["Date,Open,High,Low,Close,Volume", *rows]))
    return load(path, **options).timestamp.tolist()


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("2024-02-29", 1_709_164_800_000),
        ("20240229", 1_709_164_800_000),
        ("2024/02/29", 1_709_164_800_000),
        ("2024.02.29", 1_709_164_800_000),
        ("1969-12-31", -86_400_000),
        ("2024-02-29 12:34:56", SECONDS * 1000),
        ("2024-02-29T12:34:56", SECONDS * 1000),
        ("2024-02-29T12:34:56Z", SECONDS * 1000),
        ("2024-02-29 12:34:56 UTC", SECONDS * 1000),
        ("2024-02-29T12:34:56+00:00", SECONDS * 1000),
        ("2024-02-29T18:04:56+05:30", SECONDS * 1000),
        ("2024-02-29T07:34:56-0500", SECONDS * 1000),
        ("2024-02-29T07:34:56-05", SECONDS * 1000),
        ("2024-02-29T12:34:56.7", SECONDS * 1000 + 700),
        ("2024-02-29T12:34:56.789999999Z", SECONDS * 1000 + 789),
        ("2024-02-29 12:34", SECONDS * 1000 - 56_000),
        ("20240229 12:34:56", SECONDS * 1000),
        ("20240229 123456", SECONDS * 1000),
        ("20240229T123456Z", SECONDS * 1000),
        (f"{SECONDS}", SECONDS * 1000),
        (f"{SECONDS}.789", SECONDS * 1000 + 789),
        (f"{SECONDS}.0", SECONDS * 1000),
        (f"{SECONDS}789", SECONDS * 1000 + 789),
        (f"{SECONDS}789999", SECONDS * 1000 + 789),
        (f"{SECONDS}789999999", SECONDS * 1000 + 789),
        (f"-{SECONDS}", -SECONDS * 1000),
        ("2/29/2024", 1_709_164_800_000),
        ("29/2/2024", 1_709_164_800_000),
        ("02/29/2024 12:34:56", SECONDS * 1000),
    ],
)
def test_text_is_read_as_this_millisecond(text, ms, file):
    assert _csv(file, [text]) == [ms]


@pytest.mark.parametrize(
    "text",
    [
        "2023-02-29", "2024-13-01", "2024-1-1", "2024-02-29 24:00", "2024-02-29 12:60",
        "2024-02", "2024-W09-4", "today", "now", "NaT", "", "2024-02/29", "20230229 10:00",
        "2024-02-29T12:34:56+5", "99999999999999999999", "20240229123456", "31/31/2024", "1e12",
    ],
)  # fmt: skip
def test_text_that_is_no_time_is_refused(text, file):
    with pytest.raises(DataError, match="Date"):
        _csv(file, [text])


def test_day_and_month_come_from_the_whole_column(file):
    first, thirteenth = 1_704_067_200_000, 1_705_104_000_000
    assert _csv(file, ["1/1/2024", "1/13/2024"]) == [first, thirteenth]
    assert _csv(file, ["01/01/2024", "13/01/2024"]) == [first, thirteenth]
    with pytest.raises(
        DataError, match="do not tell the day from the month.*time_format='%m/%d/%Y'"
    ):
        _csv(file, ["1/2/2024", "1/3/2024"])
    assert _csv(file, ["1/2/2024"], time_format="%d/%m/%Y") == [1_706_745_600_000]
    with pytest.raises(DataError, match="line 4, column 'Date'.*day/month order"):
        _csv(file, ["1/13/2024", "1/14/2024", "15/1/2024"])


def test_time_format_reads_any_text_and_names_what_it_cannot(file):
    options = {"time_format": "%d %b %Y %H.%M %z"}
    assert _csv(file, ["29 Feb 2024 14.34 +0200"], **options) == [SECONDS * 1000 - 56_000]
    with pytest.raises(DataError, match="line 3.*expected a time as '%d %b %Y %H.%M %z', found"):
        _csv(file, ["29 Feb 2024 14.34 +0200", "soon"], **options)


def test_mixed_forms_are_bad_rows(file):
    with pytest.raises(DataError, match="line 4, column 'Date': expected an ISO 8601"):
        _csv(file, ["2024-01-01", "2024-01-02", "1704240000000"])
    with pytest.raises(DataError, match="line 4, column 'Date': expected an epoch time"):
        _csv(file, ["1704067200", "1704067260", "2024-01-02"])


@pytest.mark.parametrize(
    ("unit", "factor"), [("s", 1), ("ms", 10**3), ("us", 10**6), ("ns", 10**9)]
)
@pytest.mark.parametrize("dtype", [np.int64, np.uint64, object, float])
def test_magnitude_tells_the_unit_of_the_whole_column(unit, factor, dtype):
    values = [(SECONDS + 60 * i) * factor for i in range(3)]
    expected = [(SECONDS + 60 * i) * 1000 for i in range(3)]
    assert _times(np.array(values, dtype=dtype)) == expected
    assert _times(np.array(values, dtype=dtype), time_unit=unit) == expected


def test_binance_ms_then_us_in_one_file_is_refused(file):
    """The spot files of 2024 are in ms and those of 2025 in us; joined they still increase."""
    rows = [1735689480000, 1735689540000, 1735689600000000, 1735689660000000]
    with pytest.raises(DataError, match="column 'Date': expected an epoch time in"):
        _csv(file, rows)
    with pytest.raises(DataError, match="line 4, column 'Date': expected .* milliseconds"):
        _csv(file, rows[:3])
    with pytest.raises(DataError, match="line 2, column 'Date': expected .* microseconds"):
        _csv(file, rows[1:])


def test_small_numbers_are_milliseconds_unless_told():
    assert _times(np.arange(5) * 60_000) == [0, 60_000, 120_000, 180_000, 240_000]
    assert _times(np.arange(3) * 60, time_unit="s") == [0, 60_000, 120_000]


def test_finer_than_a_millisecond_rounds_down_also_before_1970():
    assert _times(np.array([-1500, 1500]), time_unit="us") == [-2, 1]
    assert _times(np.array([-1500.5, 1500.5]), time_unit="us") == [-2, 1]
    assert _times(np.array([-1_500_000, 1_500_000], "M8[ns]")) == [-2, 1]


def test_calendar_numbers_are_dates():
    assert _times(np.array([20240228, 20240229, 20240301])) == [
        1_709_078_400_000, 1_709_164_800_000, 1_709_251_200_000,
    ]  # fmt: skip
    assert _times(np.array([20240228, 20240229]), time_unit="s") == [20240228000, 20240229000]
    with pytest.raises(DataError, match="found 20240230"):
        _times(np.array([20240228, 20240229, 20240230, 20240301]))


@pytest.mark.parametrize("unit", ["D", "h", "m", "s", "ms", "us", "ns"])
def test_datetime64_of_every_unit(unit):
    days = np.array(["2024-02-28", "2024-02-29"], f"M8[{unit}]")
    assert _times(days) == [1_709_078_400_000, 1_709_164_800_000]
    with pytest.raises(DataError, match="row 1 .*'time': expected a time, not NaT, found NaT"):
        _times(np.array([days[0], "NaT"], days.dtype))


def test_python_dates_and_datetimes():
    zone = timezone(timedelta(hours=5, minutes=30))
    assert _times([date(2024, 2, 28), date(2024, 2, 29)]) == [1_709_078_400_000, 1_709_164_800_000]
    assert _times([datetime(2024, 2, 29, 12, 34, 56)]) == [SECONDS * 1000]
    assert _times([datetime(2024, 2, 29, 12, 34, 56, 789999, UTC)]) == [SECONDS * 1000 + 789]
    assert _times([datetime(2024, 2, 29, 18, 4, 56, tzinfo=zone)]) == [SECONDS * 1000]


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e300])
def test_float_times_that_are_no_number_are_bad_rows(bad):
    with pytest.raises(DataError, match="row 1 .*'time'"):
        _times(np.array([SECONDS, bad, SECONDS + 120.0]))


def test_seconds_beyond_int64_are_bad_rows():
    with pytest.raises(DataError, match="row 1 .*'time'"):
        _times(np.array([SECONDS, 2**62]), time_unit="s")
    with pytest.raises(DataError, match="'time'"):
        _times(np.array([2**63 + 5], np.uint64), time_unit="s")


def test_masked_times_are_bad_rows():
    masked = np.ma.MaskedArray([SECONDS, 0, SECONDS + 120], mask=[False, True, False])
    with pytest.raises(DataError, match="row 1 .*'time'"):
        _times(masked)


def test_other_column_types_are_refused():
    with pytest.raises(DataError, match="'time': expected times"):
        _times(np.array([True, False]))
    with pytest.raises(DataError, match="'time': expected times"):
        _times(np.array([1, 2], "m8[s]"))
