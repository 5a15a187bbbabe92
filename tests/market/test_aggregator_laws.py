"""The aggregator against a naive resampler that shares no code with it, and its laws."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

import pytest
from market.naive_resampler import BUGS, Op, random_ops, resample

from hquant_cffi._errors import DataError
from hquant_cffi.market import Aggregator, AggregatorEvent, Period

PERIODS = ("500ms", "1m", "3m", "7m", "1h", "1d")


def run(ops: Sequence[Op], periods: Sequence[str] = PERIODS) -> tuple[list[AggregatorEvent], int]:
    """Feed a stream; return its events and how many bars were refused."""
    with Aggregator(periods) as aggregator:
        refused = 0
        for op in ops:
            if op == "flush":
                aggregator.flush()
                continue
            try:
                aggregator.push(*op)
            except DataError:
                refused += 1
        assert aggregator.rejected == refused
        return aggregator.poll_events(), refused


def plain(events: Sequence[AggregatorEvent], period: str) -> list[tuple[object, ...]]:
    """Events of one period as the naive resampler writes them."""
    wanted = Period(period)
    return [(e.kind, e.period.ms, astuple(e.candle)) for e in events if e.period == wanted]


def last_candles(events: Sequence[AggregatorEvent]) -> dict[tuple[int, int], object]:
    """The newest state of every candle, by period and open time."""
    return {(e.period.ms, e.candle.open_time): e.candle for e in events}


@pytest.mark.parametrize("seed", range(20))
def test_random_stream_gives_the_naive_resamplers_events_bit_for_bit(seed: int) -> None:
    ops = random_ops(seed, 300)
    events, refused = run(ops)
    assert refused > 0
    for period in PERIODS:
        assert plain(events, period) == resample(ops, Period(period).ms)


# The checker checked: each wrong behaviour that is planted shows in these same streams.
@pytest.mark.parametrize("bug", BUGS)
def test_random_streams_tell_every_known_wrong_behaviour(bug: str) -> None:
    for seed in range(20):
        ops = random_ops(seed, 300)
        events, _ = run(ops, ["7m"])
        if plain(events, "7m") != resample(ops, Period("7m").ms, bug):
            return
    pytest.fail(f"no stream shows: {bug}")


@pytest.mark.parametrize("seed", range(5))
def test_flushes_add_closes_and_change_no_candle(seed: int) -> None:
    ops = random_ops(seed, 300)
    with_flushes, _ = run(ops)
    without, _ = run([op for op in ops if op != "flush"])
    assert len(with_flushes) > len(without)
    assert [e for e in with_flushes if e.kind == "KlineUpdated"] == [
        e for e in without if e.kind == "KlineUpdated"
    ]


@pytest.mark.parametrize("seed", range(5))
def test_versions_then_the_final_bar_give_what_the_final_bar_alone_gives(seed: int) -> None:
    bars = [op for op in random_ops(seed, 300) if op != "flush"]
    accepted: list[Op] = []
    newest: int | None = None
    for bar in bars:
        if all(abs(x) <= 1e100 for x in bar[1:]) and (newest is None or bar[0] >= newest):
            if bar[0] == newest:
                accepted.pop()
            accepted.append(bar)
            newest = bar[0]
    assert len(accepted) < len(bars)
    assert last_candles(run(bars)[0]) == last_candles(run(accepted)[0])


# Whole volumes add without rounding, so that the order of the sums does not matter.
def test_candles_of_candles_are_the_candles() -> None:
    ops: list[Op] = []
    for bar in random_ops(1, 3000):
        if bar != "flush" and all(abs(x) <= 1e100 for x in bar[1:]):
            ops.append((*bar[:5], round(bar[5]) % 1000, round(bar[6]) % 1000))
    direct, _ = run([*ops, "flush"], ["1m", "1h"])
    small = [
        e.candle.as_bar_open_time()
        for e in direct
        if (e.kind, str(e.period)) == ("KlineClosed", "1m")
    ]
    twice, _ = run([*small, "flush"], ["1h"])

    def hours(events: Sequence[AggregatorEvent]) -> list[tuple[object, ...]]:
        closed = [e for e in events if (e.kind, str(e.period)) == ("KlineClosed", "1h")]
        return [astuple(e.candle)[:-1] for e in closed]

    assert len(hours(direct)) > 100
    assert hours(twice) == hours(direct)


@pytest.mark.parametrize("seed", range(3))
def test_polling_in_between_changes_no_event(seed: int) -> None:
    ops = random_ops(seed, 300)
    together, _ = run(ops)
    apart: list[AggregatorEvent] = []
    with Aggregator(PERIODS) as aggregator:
        for i, op in enumerate(ops):
            try:
                aggregator.flush() if op == "flush" else aggregator.push(*op)
            except DataError:
                continue
            if i % 3 == 0:
                apart += aggregator.poll_events()
        apart += aggregator.poll_events()
    assert apart == together


# Binance USD-M futures, FILUSDT, 1 minute, April to June 2023: 91 whole days.
def test_real_minutes_make_the_hours_and_days_that_slicing_makes(shared_data: Path) -> None:
    path = shared_data / "binance_um_FILUSDT_1m_2023-04_06.csv.gz"
    with gzip.open(path, "rt", newline="") as file:
        rows = [row for row in csv.reader(file) if row[0].isdigit()]
    times = [int(row[0]) for row in rows]
    open_, high, low, close, volume, buy = (
        [float(row[i]) for row in rows] for i in (1, 2, 3, 4, 5, 9)
    )
    with Aggregator(["1h", "1d"]) as aggregator:
        aggregator.push_bars(times, open_, high, low, close, volume, buy)
        aggregator.flush()
        closed = [e for e in aggregator.poll_events() if e.kind == "KlineClosed"]
    for text, size in (("1h", 60), ("1d", 1440)):
        candles = [e.candle for e in closed if str(e.period) == text]
        assert len(candles) == len(rows) // size == 131_040 // size
        for i, candle in enumerate(candles):
            part = slice(i * size, (i + 1) * size)
            assert candle.open_time == times[part][0]
            assert candle.close_time == candle.open_time + Period(text).ms
            assert candle.open == open_[part][0]
            assert candle.high == max(high[part])
            assert candle.low == min(low[part])
            assert candle.close == close[part][-1]
            assert candle.volume == pytest.approx(sum(volume[part]), rel=1e-12)
            assert candle.buy_volume == pytest.approx(sum(buy[part]), rel=1e-12)
            assert candle.last_update_ts == times[part][-1]
