"""The aggregator against candles worked out by hand, and its manners as a Python object."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from hquant_cffi import market
from hquant_cffi._errors import BusyError, ClosedError, DataError, ParameterError
from hquant_cffi._ffi import ffi
from hquant_cffi.market import AggregateCandle, Aggregator, Bar, Period

MINUTE = 60_000


def kinds(aggregator: Aggregator) -> list[tuple[str, int]]:
    """Drain the events: kind and the candle's open time."""
    return [(event.kind, event.candle.open_time) for event in aggregator.poll_events()]


def push_flat(aggregator: Aggregator, timestamp: int, price: float, volume: float = 1.0) -> None:
    aggregator.push(timestamp, price, price, price, price, volume, volume / 2)


def test_candle_is_open_first_high_max_low_min_close_last_and_volumes_summed() -> None:
    with Aggregator(["5m"]) as aggregator:
        aggregator.push(5 * MINUTE, 10, 12, 9, 11, 3, 1)
        aggregator.push(6 * MINUTE, 11, 15, 11, 14, 2, 0.5)
        aggregator.push(9 * MINUTE, 14, 14, 7, 8, 4)
        aggregator.push(10 * MINUTE, 8, 9, 8, 9, 1, 1)
        events = aggregator.poll_events()
    assert [event.kind for event in events] == [
        "KlineUpdated",
        "KlineUpdated",
        "KlineUpdated",
        "KlineClosed",
        "KlineUpdated",
    ]
    assert events[3].period == Period("5m")
    assert events[3].candle == AggregateCandle(
        5 * MINUTE, 10 * MINUTE, 10.0, 15.0, 7.0, 8.0, 9.0, 1.5, 9 * MINUTE
    )
    assert events[4].candle == AggregateCandle(
        10 * MINUTE, 15 * MINUTE, 8.0, 9.0, 8.0, 9.0, 1.0, 1.0, 10 * MINUTE
    )


def test_events_of_one_bar_come_period_by_period_the_closed_candle_first() -> None:
    aggregator = Aggregator(["2m", Period("1m")])
    push_flat(aggregator, 0, 1)
    push_flat(aggregator, MINUTE, 2)
    aggregator.poll_events()
    push_flat(aggregator, 2 * MINUTE, 3)
    assert [(e.kind, str(e.period), e.candle.open_time) for e in aggregator.poll_events()] == [
        ("KlineClosed", "2m", 0),
        ("KlineUpdated", "2m", 2 * MINUTE),
        ("KlineClosed", "1m", MINUTE),
        ("KlineUpdated", "1m", 2 * MINUTE),
    ]


def test_gap_gives_no_empty_candles() -> None:
    aggregator = Aggregator(["1m"])
    push_flat(aggregator, 0, 1)
    push_flat(aggregator, 1000 * MINUTE, 2)
    assert kinds(aggregator) == [
        ("KlineUpdated", 0),
        ("KlineClosed", 0),
        ("KlineUpdated", 1000 * MINUTE),
    ]


def test_minute_before_1970_is_a_candle_of_its_own() -> None:
    aggregator = Aggregator(["2m"])
    for minute in (-3, -2, -1, 0):
        push_flat(aggregator, minute * MINUTE, 1)
    aggregator.flush()
    closed = [e.candle for e in aggregator.poll_events() if e.kind == "KlineClosed"]
    assert [(c.open_time, c.close_time, c.volume) for c in closed] == [
        (-4 * MINUTE, -2 * MINUTE, 1.0),
        (-2 * MINUTE, 0, 2.0),
        (0, 2 * MINUTE, 1.0),
    ]


def test_re_sent_bar_replaces_high_low_close_and_volume() -> None:
    aggregator = Aggregator(["5m"])
    aggregator.push(0, 10, 11, 9, 10, 4, 2)
    aggregator.push(MINUTE, 10, 99, 1, 50, 100, 100)
    aggregator.push(MINUTE, 10, 12, 8, 11, 1, 1)
    candle = aggregator.poll_events()[-1].candle
    assert candle == AggregateCandle(0, 5 * MINUTE, 10.0, 12.0, 8.0, 11.0, 5.0, 3.0, MINUTE)


def test_re_sent_first_bar_replaces_the_open_too() -> None:
    aggregator = Aggregator(["5m"])
    aggregator.push(0, 10, 99, 1, 50, 100, 100)
    aggregator.push(0, 20, 22, 18, 21, 4, 2)
    candle = aggregator.poll_events()[-1].candle
    assert candle == AggregateCandle(0, 5 * MINUTE, 20.0, 22.0, 18.0, 21.0, 4.0, 2.0, 0)


# 1e16 + 0.5 - 1e16 is 0.0 in doubles: a sum corrected by subtraction loses the half.
def test_absurd_volume_leaves_nothing_behind_once_re_sent() -> None:
    aggregator = Aggregator(["5m"])
    push_flat(aggregator, 0, 1, volume=0.5)
    push_flat(aggregator, MINUTE, 1, volume=1e16)
    push_flat(aggregator, MINUTE, 1, volume=0.25)
    assert aggregator.poll_events()[-1].candle.volume == 0.75


def test_identical_bar_sent_again_is_one_more_update_of_the_same_candle() -> None:
    aggregator = Aggregator(["5m"])
    push_flat(aggregator, 0, 1)
    push_flat(aggregator, 0, 1)
    first, second = aggregator.poll_events()
    assert first == second
    assert first.kind == "KlineUpdated"


def test_second_flush_emits_nothing() -> None:
    aggregator = Aggregator(["1m", "5m"])
    aggregator.flush()
    assert kinds(aggregator) == []
    push_flat(aggregator, 0, 1)
    aggregator.flush()
    aggregator.flush()
    assert kinds(aggregator) == [("KlineUpdated", 0)] * 2 + [("KlineClosed", 0)] * 2


def test_bar_after_a_flush_continues_the_candle_and_it_closes_again() -> None:
    aggregator = Aggregator(["5m"])
    push_flat(aggregator, 0, 10)
    aggregator.flush()
    push_flat(aggregator, MINUTE, 7)
    push_flat(aggregator, 5 * MINUTE, 8)
    events = aggregator.poll_events()
    assert [e.kind for e in events] == [
        "KlineUpdated",
        "KlineClosed",
        "KlineUpdated",
        "KlineClosed",
        "KlineUpdated",
    ]
    assert events[3].candle == AggregateCandle(
        0, 5 * MINUTE, 10.0, 10.0, 7.0, 7.0, 2.0, 1.0, MINUTE
    )


def test_candle_closed_by_a_flush_is_not_closed_again_by_the_next_bucket() -> None:
    aggregator = Aggregator(["1m"])
    push_flat(aggregator, 0, 1)
    aggregator.flush()
    push_flat(aggregator, MINUTE, 1)
    assert kinds(aggregator) == [("KlineUpdated", 0), ("KlineClosed", 0), ("KlineUpdated", MINUTE)]


def test_re_sent_bar_replaces_across_a_flush() -> None:
    aggregator = Aggregator(["5m"])
    push_flat(aggregator, 0, 10, volume=100)
    aggregator.flush()
    push_flat(aggregator, 0, 20, volume=4)
    push_flat(aggregator, MINUTE, 30, volume=100)
    aggregator.flush()
    push_flat(aggregator, MINUTE, 15, volume=1)
    aggregator.flush()
    candle = aggregator.poll_events()[-1].candle
    assert candle == AggregateCandle(0, 5 * MINUTE, 20.0, 20.0, 15.0, 15.0, 5.0, 2.5, MINUTE)


def test_late_bar_is_refused_counted_and_changes_nothing() -> None:
    aggregator = Aggregator(["1m", "5m"])
    push_flat(aggregator, MINUTE, 1)
    aggregator.poll_events()
    with pytest.raises(DataError, match=r"bar at 59999 ms: expected .* 60000 ms"):
        push_flat(aggregator, MINUTE - 1, 99)
    assert aggregator.rejected == 1
    assert aggregator.events_len() == 0
    push_flat(aggregator, 2 * MINUTE, 1)
    assert [e.candle.high for e in aggregator.poll_events()] == [1.0, 1.0, 1.0]


def test_late_bar_is_refused_after_a_flush_too() -> None:
    aggregator = Aggregator(["1m"])
    push_flat(aggregator, MINUTE, 1)
    aggregator.flush()
    with pytest.raises(DataError):
        push_flat(aggregator, 0, 1)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf"), 1.0001e100, -1e101])
@pytest.mark.parametrize("field", range(1, 7))
def test_bar_with_a_field_not_finite_or_beyond_1e100_is_refused_whole(
    field: int, bad: float
) -> None:
    aggregator = Aggregator(["1m"])
    push_flat(aggregator, 0, 1)
    before = aggregator.poll_events()[0].candle
    for timestamp in (0, MINUTE):
        bar: list[float] = [timestamp, 2, 2, 2, 2, 2, 2]
        bar[field] = bad
        with pytest.raises(DataError, match=Bar._fields[field]):
            aggregator.push(*bar)  # type: ignore[arg-type]
    assert aggregator.rejected == 2
    assert aggregator.events_len() == 0
    aggregator.flush()
    assert aggregator.poll_events()[0].candle == before


def test_fields_of_1e100_are_within_the_limit_and_sum_to_a_finite_number() -> None:
    aggregator = Aggregator(["1d"])
    for minute in range(1000):
        aggregator.push(minute, 1e100, 1e100, -1e100, -1e100, 1e100, -1e100)
    candle = aggregator.poll_events()[-1].candle
    assert candle.volume == pytest.approx(1e103)
    assert candle.buy_volume == pytest.approx(-1e103)


@pytest.mark.parametrize("timestamp", [2**63 - 1, -(2**63), 2**63, -(2**63) - 1])
def test_time_whose_candle_leaves_int64_is_refused(timestamp: int) -> None:
    aggregator = Aggregator(["1ms", "7m"])
    with pytest.raises(ParameterError, match="expected"):
        push_flat(aggregator, timestamp, 1)
    assert aggregator.events_len() == 0


@pytest.mark.parametrize(
    ("periods", "message"),
    [
        ([], "empty"),
        (["1m", "5m", "60s"], "60000 ms twice"),
        (["1m", "1M"], "month"),
        ("15m", "expected a list"),
        ([f"{i}ms" for i in range(1, 65537)], "at most 65535, found 65536"),
    ],
)
def test_bad_list_of_periods_is_refused(periods: list[str], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        Aggregator(periods)


def test_candle_as_a_bar_carries_the_open_time() -> None:
    candle = AggregateCandle(300, 600, 1.0, 4.0, 0.5, 2.0, 8.0, 3.0, 540)
    assert candle.as_bar_open_time() == (300, 1.0, 4.0, 0.5, 2.0, 8.0, 3.0)
    aggregator = Aggregator(["300ms"])
    aggregator.push(*candle.as_bar_open_time())
    assert aggregator.poll_events()[0].candle.volume == 8.0


def test_closed_aggregator_raises_and_closes_twice() -> None:
    with Aggregator(["1m"]) as aggregator:
        push_flat(aggregator, 0, 1)
    aggregator.close()
    calls = [
        lambda: push_flat(aggregator, 0, 1),
        lambda: aggregator.push_bars([], [], [], [], [], []),
        aggregator.flush,
        aggregator.poll_events,
        aggregator.events_len,
        lambda: aggregator.rejected,
        aggregator.__enter__,
    ]
    for call in calls:
        with pytest.raises(ClosedError, match="closed"):
            call()


def test_columns_go_in_as_bars_do_one_by_one() -> None:
    times = np.arange(0, 500 * MINUTE, MINUTE)
    price = 100 + np.sin(times)
    one, many, lists = (Aggregator(["3m", "1h"]) for _ in range(3))
    for row in range(len(times)):
        push_flat(one, int(times[row]), price[row], price[row])
    columns = (price, price, price, price, price, price / 2)
    many.push_bars(times, *columns)
    lists.push_bars(times.tolist(), *(column.tolist() for column in columns))
    events = one.poll_events()
    assert len(events) > 1000
    assert many.poll_events() == events == lists.poll_events()


def test_refused_row_is_named_and_the_rows_before_it_are_in() -> None:
    aggregator = Aggregator(["1m"])
    ones = np.ones(4)
    with pytest.raises(DataError, match="row 2: bar at 0 ms"):
        aggregator.push_bars(np.array([0, MINUTE, 0, 2 * MINUTE]), ones, ones, ones, ones, ones)
    assert kinds(aggregator)[-1] == ("KlineUpdated", MINUTE)
    assert aggregator.rejected == 1


@pytest.mark.parametrize(
    ("times", "rows", "message"),
    [
        ([0, 1], 3, "open: expected 2 values"),
        ([0.0, 1.0], 2, "expected a column of integers"),
        ([[0, 1]], 2, "2 dimensions"),
        (5, 1, "0 dimensions"),
        (np.array([0, 2**63], dtype=np.uint64), 2, "int64"),
        (np.array([0, 1], dtype="datetime64[ms]"), 2, "datetime64"),
    ],
)
def test_bad_columns_are_refused_before_any_bar_is_fed(
    times: object, rows: int, message: str
) -> None:
    aggregator = Aggregator(["1m"])
    ones = np.ones(rows)
    with pytest.raises(ParameterError, match=message):
        aggregator.push_bars(times, ones, ones, ones, ones, ones)  # type: ignore[arg-type]
    assert aggregator.events_len() == 0


def test_no_rows_are_fine() -> None:
    aggregator = Aggregator(["1m"])
    aggregator.push_bars([], [], [], [], [], [])
    assert aggregator.poll_events() == []


def test_second_thread_inside_the_object_is_refused_and_nothing_is_harmed() -> None:
    aggregator = Aggregator([f"{i}ms" for i in range(1, 65536)])  # long calls: threads do meet
    push_flat(aggregator, 0, 1)
    refused = threading.Event()
    deadline = time.monotonic() + 60

    def flush_until_refused() -> None:
        while not refused.is_set() and time.monotonic() < deadline:
            try:
                aggregator.flush()
            except BusyError:
                refused.set()

    threads = [threading.Thread(target=flush_until_refused) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused.is_set()
    assert aggregator.events_len() == 2 * 65535


def test_memory_is_freed_with_the_last_reference() -> None:
    def resident_bytes() -> int:
        pages = Path("/proc/self/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    periods = [Period(f"{i}ms") for i in range(1, 65536)]
    push_flat(Aggregator(periods), 0, 1)
    before = resident_bytes()
    for _ in range(20):
        push_flat(Aggregator(periods), 0, 1)  # about 16 MB each
    assert resident_bytes() - before < 100_000_000


@pytest.mark.parametrize(
    ("dtype", "struct"),
    [(market._BAR, "Bar"), (market._CANDLE, "HqCandle"), (market._EVENT, "HqCandleEvent")],
)
def test_numpy_layout_is_the_compiled_one(dtype: np.dtype[np.void], struct: str) -> None:
    assert dtype.itemsize == ffi.sizeof(struct)
    fields = dict(ffi.typeof(struct).fields)
    assert list(fields) == list(dtype.names or ())
    for name, field in fields.items():
        assert dtype.fields is not None
        member, offset = dtype.fields[name][:2]
        assert offset == field.offset
        assert member.itemsize == ffi.sizeof(field.type)
