"""Periods: the grammar as a table, buckets as laws over the whole of int64."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hquant_cffi._errors import ParameterError
from hquant_cffi._ffi import ffi, lib
from hquant_cffi.market import Period

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("1ms", 1),
        ("500ms", 500),
        ("1s", 1_000),
        ("15m", 900_000),
        ("4h", 14_400_000),
        ("1d", 86_400_000),
        ("30d", 2_592_000_000),
        ("007m", 420_000),
        ("0" * 100 + "1h", 3_600_000),
        ("9223372036854775807ms", INT64_MAX),
        ("9223372036854775s", 9_223_372_036_854_775_000),
        ("106751991167d", 9_223_372_036_828_800_000),
    ],
)
def test_digits_then_a_unit_are_a_period(text: str, ms: int) -> None:
    assert Period(text).ms == ms
    assert Period.parse(text).ms == ms


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1M", "a month has no fixed length"),
        ("1MS", "unit"),
        ("1H", "unit"),
        ("1w", "unit"),
        ("1mm", "unit"),
        ("1m ", "unit"),
        ("1 m", "unit"),
        ("1m5s", "unit"),
        ("1.5h", "unit"),
        ("1_0m", "unit"),
        ("1e3s", "unit"),
        ("15", "unit"),
        ("1m\0", "unit"),
        ("1µs", "unit"),
        ("", "begin with a digit"),
        ("m", "begin with a digit"),
        (" 1m", "begin with a digit"),
        ("-1m", "begin with a digit"),
        ("+1m", "begin with a digit"),
        ("٣m", "begin with a digit"),
        ("\uff11m", "begin with a digit"),
        ("\ud800m", "begin with a digit"),
        ("0m", "longer than 0"),
        ("000ms", "longer than 0"),
        ("9223372036854775808ms", "2^63"),
        ("9223372036854776s", "2^63"),
        ("106751991168d", "2^63"),
        ("9" * 10_000 + "d", "2^63"),
    ],
)
def test_any_other_text_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ParameterError, match="expected digits, then ms, s, m, h or d") as error:
        Period(text)
    assert reason in str(error.value)
    assert len(str(error.value)) < 300


@pytest.mark.parametrize("value", [None, 15, b"15m", 1.5])
def test_what_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(ParameterError, match="expected a text"):
        Period(value)  # type: ignore[arg-type]


@given(st.integers(1, INT64_MAX))
def test_text_of_a_period_reads_back_as_the_same_period(ms: int) -> None:
    period = Period(f"{ms}ms")
    assert period.ms == ms
    assert Period(str(period)) == period


@pytest.mark.parametrize(
    ("text", "shown"), [("60m", "1h"), ("90m", "90m"), ("1500ms", "1500ms"), ("48h", "2d")]
)
def test_period_is_shown_in_its_largest_whole_unit(text: str, shown: str) -> None:
    assert str(Period(text)) == shown
    assert repr(Period(text)) == f"Period('{shown}')"


def test_period_is_an_immutable_value() -> None:
    period = Period("60m")
    assert period == Period("1h") != Period("1m")
    assert len({period, Period("1h")}) == 1
    assert Period("1m") < period
    assert pickle.loads(pickle.dumps(period)) == copy.copy(period) == period
    with pytest.raises(AttributeError):
        period.ms = 5  # type: ignore[misc]


@given(st.integers(1, INT64_MAX), st.integers(INT64_MIN, INT64_MAX))
@example(60_000, -1)
@example(60_000, -60_000)
@example(1, INT64_MIN)
@example(2, INT64_MIN)
@example(3, INT64_MIN)
@example(3, INT64_MAX)
@example(INT64_MAX, INT64_MIN)
@example(INT64_MAX, -INT64_MAX)
@example(2**62, INT64_MIN)
def test_bucket_start_floors_to_a_multiple_wherever_it_fits(ms: int, timestamp: int) -> None:
    period = Period(f"{ms}ms")
    start = timestamp // ms * ms
    if start < INT64_MIN:
        with pytest.raises(ParameterError, match="begins before"):
            period.bucket_start(timestamp)
        assert lib.hq_period_bucket_start(ms, timestamp) == INT64_MIN
    else:
        assert period.bucket_start(timestamp) == start


# By hand: -1 ms is in the minute before 0, which truncation toward 0 would miss.
@pytest.mark.parametrize(
    ("timestamp", "start"),
    [(-60_001, -120_000), (-60_000, -60_000), (-1, -60_000), (0, 0), (59_999, 0), (60_000, 60_000)],
)
def test_bucket_of_a_negative_time_floors(timestamp: int, start: int) -> None:
    assert Period("1m").bucket_start(timestamp) == start


@pytest.mark.parametrize("timestamp", [INT64_MAX + 1, INT64_MIN - 1, 10**30])
def test_time_beyond_int64_is_refused(timestamp: int) -> None:
    with pytest.raises(ParameterError, match="int64"):
        Period("1m").bucket_start(timestamp)


@pytest.mark.parametrize("ms", [0, -1, INT64_MIN])
def test_c_bucket_of_no_period_is_refused(ms: int) -> None:
    lib.hq_clear_error()
    assert lib.hq_period_bucket_start(ms, 5) == INT64_MIN
    assert lib.hq_last_error().code == lib.HQ_EINVAL


@given(st.binary(max_size=40))
def test_c_parser_takes_any_bytes_and_leaves_the_result_alone_when_it_refuses(raw: bytes) -> None:
    ms = ffi.new("int64_t *", 77)
    if lib.hq_period_parse(raw, len(raw), ms) != lib.HQ_OK:
        assert ms[0] == 77
        ffi.string(lib.hq_last_error().message).decode("ascii")
    else:
        assert raw[:1].isdigit()
        assert ms[0] > 0
