"""MultiHQuant against a naive model, a plain engine and itself; then what it refuses."""

from __future__ import annotations

import itertools
import math
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from market.naive_multi import BUGS, NaiveMulti, candles
from market.naive_resampler import BarTuple, Op, random_ops

from hquant_cffi import (
    BusyError,
    ClosedError,
    CompileError,
    DataError,
    HQuant,
    MultiHQuant,
    NotFoundError,
    ParameterError,
    Period,
    ProgramError,
    Strategy,
    UnsupportedError,
    load,
)
from hquant_cffi._ffi import lib
from hquant_cffi.multi import Emit

PERIODS = ("1m", "7m", "1h")
MS = [Period(text).ms for text in PERIODS]
ALWAYS = "IF close == close THEN HOLD"
EMITS: tuple[Emit, ...] = ("every_update", "on_close")


def feed(multi: MultiHQuant, op: Op) -> bool:
    """Feed one op; whether it was let in."""
    if op == "flush":
        multi.flush()
        return True
    try:
        multi.feed_bar(*op)
    except DataError:
        return False
    return True


def with_repeats(ops: Sequence[Op]) -> list[Op]:
    """The stream with every fifth op sent twice."""
    return [op for i, op in enumerate(ops) for _ in range(2 if i % 5 == 0 else 1)]


def emitted(ops: Sequence[Op], emit: Emit) -> tuple[list[tuple[int, int]], int]:
    """Evaluations of a strategy that always fires, in every engine and across them."""
    with MultiHQuant(64, PERIODS, emit) as multi:
        for period in PERIODS:
            assert multi.engine(period).add_strategy("always", ALWAYS) == 1
        assert multi.add_multi_strategy("always", ALWAYS) == 1
        for op in ops:
            feed(multi, op)
        found = [(s["strategy_id"], s["timestamp"]) for s in multi.poll_signals()]
        decoded = [(MultiHQuant.decode_id(id), time) for id, time in found]
        assert {local for (_, local), _ in decoded} == {1}
        return [(index, time) for (index, _), time in decoded], multi.rejected_bars


# ------------------------------------------------------------------- against the naive model


@pytest.mark.parametrize("emit", EMITS)
@pytest.mark.parametrize("seed", range(8))
def test_evaluations_are_the_naive_models(seed: int, emit: Emit) -> None:
    ops = with_repeats(random_ops(seed, 250))
    model = NaiveMulti(MS, emit)
    expected = model.run(ops)
    found, refused = emitted(ops, emit)
    assert found == expected
    assert refused == model.refused > 0
    assert len(found) > 50


# The checker checked: each wrong behaviour that is planted shows in these same streams.
@pytest.mark.parametrize("bug", BUGS)
def test_streams_tell_every_known_wrong_behaviour(bug: str) -> None:
    for seed, emit in itertools.product(range(8), EMITS):
        ops = with_repeats(random_ops(seed, 250))
        if emitted(ops, emit)[0] != NaiveMulti(MS, emit, bug).run(ops):
            return
    pytest.fail(f"no stream shows: {bug}")


@pytest.mark.parametrize("seed", range(6))
def test_on_close_evaluates_each_candle_once(seed: int) -> None:
    ops = [*random_ops(seed, 250), "flush"]
    found, _ = emitted(ops, "on_close")
    model = NaiveMulti(MS, "on_close")
    model.run(ops)
    for index, period in enumerate(MS, 1):
        times = [time for i, time in found if i == index]
        assert times == [candle[0] for candle in candles(model.slots, period)]
    assert sum(i == 0 for i, _ in found) == sum(i == 1 for i, _ in found)


# ------------------------------------------------------------------- against a plain engine

COLUMNS = ("timestamp", "open", "high", "low", "close", "volume", "buy_volume")


def add_all(engine: HQuant) -> list[int]:
    return [
        engine.add_rsi(5),
        engine.add_ema_close(4),
        engine.add_boll(6, 2.0),
        engine.add_macd(3, 6, 4),
        engine.add_indicator("ATR", period=5),
    ]


def state(engine: HQuant, ids: Sequence[int]) -> list[bytes]:
    """Everything that an engine shows, bit for bit."""
    columns = [engine.column(name).ordered().tobytes() for name in COLUMNS]
    columns += [engine.indicator_column(id).ordered().tobytes() for id in ids]
    return [*columns, *(np.float64(engine.indicator_last(id)).tobytes() for id in ids)]


def buy_volumes(slots: Sequence[BarTuple], period: int) -> list[float]:
    found: dict[int, float] = {}
    for bar in slots:
        start = bar[0] // period * period
        found[start] = found.get(start, 0.0) + bar[6]
    return list(found.values())


@pytest.mark.parametrize("emit", EMITS)
@pytest.mark.parametrize("capacity", [5, 512])
@pytest.mark.parametrize("seed", range(4))
def test_engine_equals_a_plain_one_fed_the_naive_candles(
    seed: int, capacity: int, emit: Emit
) -> None:
    ops = with_repeats(random_ops(seed, 200))
    model = NaiveMulti(MS, emit)
    multi = MultiHQuant(capacity, PERIODS, emit)
    ids = [add_all(multi.engine(period)) for period in PERIODS]
    for i, op in enumerate(ops):
        assert feed(multi, op) == (model.flush() is None if op == "flush" else model.feed(op))
        if i % 40 != 39 and i != len(ops) - 1:
            continue
        for period, ms, engine_ids in zip(PERIODS, MS, ids, strict=True):
            plain = HQuant(capacity)
            assert add_all(plain) == engine_ids
            naive = zip(candles(model.slots, ms), buy_volumes(model.slots, ms), strict=True)
            for candle, buy_volume in naive:
                plain.push_bar(*candle, buy_volume)
            assert len(plain) > 0
            assert state(multi.engine(period), engine_ids) == state(plain, engine_ids)


RULES = """
f = EMA(close, 3)
IF CROSSOVER(close, f) AND BARSSINCE(close < LAG(close, 2)) < 3 THEN BUY
IF RSI(5) > 60 OR CHANGE(close) < -3 THEN SELL
"""


@pytest.mark.parametrize("seed", range(4))
def test_final_candles_give_the_signals_of_a_plain_engine(seed: int) -> None:
    ops = [op for op in random_ops(seed, 400) if op != "flush"]
    model = NaiveMulti(MS, "on_close")
    multi = MultiHQuant(32, PERIODS, "on_close")
    for period in PERIODS:
        multi.engine(period).add_strategy("rules", RULES)
    for op in [*ops, "flush"]:
        feed(multi, op)
        model.run([op])
    signals = multi.poll_signals()
    for index, ms in enumerate(MS, 1):
        plain = HQuant(32)
        plain.add_strategy("rules", RULES)
        for candle in candles(model.slots, ms):
            plain.push_bar(*candle)
        expected = [(s["action"], s["timestamp"]) for s in plain.poll_signals()]
        found = [
            (s["action"], s["timestamp"])
            for s in signals
            if MultiHQuant.decode_id(s["strategy_id"])[0] == index
        ]
        assert found == expected
        assert len(found) > 5


# ------------------------------------------------------------------------- across periods


def cross_signals(multi: MultiHQuant, ops: Sequence[Op]) -> list[tuple[int, int, str]]:
    """Number of the op, local id and action of each cross-period signal."""
    found = []
    for number, op in enumerate(ops):
        feed(multi, op)
        for signal in multi.poll_signals():
            index, local = MultiHQuant.decode_id(signal["strategy_id"])
            if index == 0:
                found.append((number, local, signal["action"]))
    return found


# Three spellings of one strategy: in the first engine's graph, with some series imported into the
# graph across periods, and with all of them.
@pytest.mark.parametrize("emit", EMITS)
@pytest.mark.parametrize("seed", range(4))
def test_first_periods_suffix_changes_nothing(seed: int, emit: Emit) -> None:
    ops = with_repeats(random_ops(seed, 300))
    some = RULES.replace("EMA(close, 3)", "EMA(close@1m, 3)").replace("RSI(5)", "RSI(5)@1m")
    every = some.replace("close", "close@1m").replace("@1m@1m", "@1m")
    multi = MultiHQuant(32, PERIODS, emit)
    for number, text in enumerate((RULES, some, every), 1):
        assert multi.add_multi_strategy("rules", text) == number
    multi.engine("1m").add_strategy("rules", RULES)
    found = cross_signals(multi, ops)
    by_strategy = [[(n, action) for n, id, action in found if id == i] for i in (1, 2, 3)]
    assert by_strategy[0] == by_strategy[1] == by_strategy[2]
    assert len(by_strategy[0]) > 10


# Exact in floating point, so that the model below can say what it must be.
MIXED = "IF CROSSOVER(close, HIGHEST(open@7m, 2)) THEN BUY"


def naive_mixed(ops: Sequence[Op], emit: Emit) -> list[int]:
    """Numbers of the ops at which `MIXED` fires."""
    model = NaiveMulti(MS, emit)
    lines: dict[int, tuple[float, float | None]] = {}  # by open time of the first period's candle
    fired = []
    for number, op in enumerate(ops):
        now = _mixed_line(model.slots)
        if now and emit == "on_close":  # the state before this op is what a closing candle has
            lines[now[0]] = now[1]
        seen = len(model.evaluations)
        model.run([op])
        if emit == "every_update" and (now := _mixed_line(model.slots)):
            lines[now[0]] = now[1]
        if any(index == 0 for index, _ in model.evaluations[seen:]):
            assert now is not None
            before = max((time for time in lines if time < now[0]), default=None)
            if before is not None and _crosses(lines[before], lines[now[0]]):
                fired.append(number)
    return fired


def _mixed_line(slots: Sequence[BarTuple]) -> tuple[int, tuple[float, float | None]] | None:
    if not slots:
        return None
    first, opens = candles(slots, MS[0])[-1], [c[1] for c in candles(slots, MS[1])[-2:]]
    return first[0], (first[4], max(opens) if len(opens) == 2 else None)


def _crosses(before: tuple[float, float | None], now: tuple[float, float | None]) -> bool:
    if before[1] is None or now[1] is None:
        return False
    return before[0] <= before[1] and now[0] > now[1]


@pytest.mark.parametrize("emit", EMITS)
@pytest.mark.parametrize("seed", range(6))
def test_mixed_clocks_step_with_the_first_periods_candles(seed: int, emit: Emit) -> None:
    ops = with_repeats(random_ops(seed, 250))
    multi = MultiHQuant(4, PERIODS, emit)
    multi.add_multi_strategy("mixed", MIXED)
    found = [number for number, _, _ in cross_signals(multi, ops)]
    assert found == naive_mixed(ops, emit)
    assert len(found) > 3


LATE = """
up = BARSSINCE(close > HIGHEST(high@7m, 2)) < 4
IF CROSSOVER(close, LAG(open@1h, 1)) OR up AND RSI(4) > 50 THEN BUY
IF VALUEWHEN(low < LAG(low@7m, 1), close, 1) > close AND EMA(close@7m, 3) > EMA(close, 5) THEN SELL
"""


# A year-long ring: both strategies have seen everything. The streams end candles at base bars, so
# that the candles rebuilt for the late one are exactly those that the other has seen.
@pytest.mark.parametrize("emit", EMITS)
@pytest.mark.parametrize("seed", range(8))
def test_late_strategy_equals_an_early_one(seed: int, emit: Emit) -> None:
    ops = with_repeats(random_ops(seed, 300))
    early, late = MultiHQuant(4096, PERIODS, emit), MultiHQuant(4096, PERIODS, emit)
    early.add_multi_strategy("early", LATE)
    cut = 120 + 17 * seed
    cross_signals(early, ops[:cut])
    cross_signals(late, ops[:cut])
    assert late.add_multi_strategy("late", LATE) == 1
    assert late.signals_len() == 0
    found = cross_signals(late, ops[cut:])
    assert found == cross_signals(early, ops[cut:])
    assert len(found) > 10


def test_late_strategy_shares_nothing_with_an_unrelated_one() -> None:
    ops = random_ops(3, 300)
    alone, beside = MultiHQuant(64, PERIODS), MultiHQuant(64, PERIODS)
    alone.add_multi_strategy("late", LATE)
    beside.add_multi_strategy("late", LATE)
    first = cross_signals(alone, ops[:150])
    assert first == cross_signals(beside, ops[:150])
    beside.add_multi_strategy("mixed", MIXED)
    beside.engine("7m").add_strategy("rules", RULES)
    beside.engine("1m").add_boll(20, 2.0)
    found = [signal for signal in cross_signals(beside, ops[150:]) if signal[1] == 1]
    assert found == cross_signals(alone, ops[150:])


# Binance USD-M futures, FILUSDT, 1 minute, April to June 2023.
def test_real_minutes_give_the_signals_that_arithmetic_gives(shared_data: Path) -> None:
    bars = load(shared_data / "binance_um_FILUSDT_1m_2023-04_06.csv.gz")[:20_000]
    multi = MultiHQuant(64, ["1m", "4h"], "on_close")
    multi.add_strategy("breakout", "IF close > LAG(high@4h, 1) THEN BUY")
    assert multi.feed_bars(bars) == 20_000
    multi.flush()
    four_hours = bars.timestamp // 14_400_000
    starts = np.flatnonzero(np.diff(four_hours, prepend=-1))
    highs = np.maximum.reduceat(bars.high, starts)
    candle = np.searchsorted(starts, np.arange(len(bars)), side="right") - 1
    before = np.where(candle > 0, highs[candle - 1], np.inf)
    expected = bars.timestamp[bars.close > before]
    assert [s["timestamp"] for s in multi.poll_signals()] == expected.tolist()
    assert len(expected) > 1000


# ------------------------------------------------------------------------------ the interface


def test_periods_ids_and_queue() -> None:
    multi = MultiHQuant(8, ["15m", Period("4h")])
    assert multi.periods == (Period("15m"), Period("4h"))
    assert multi.emit == "every_update"
    four_hours = multi.engine("240m").add_strategy("always", ALWAYS)
    assert multi.engine(14_400_000).capacity == multi.engine(Period("4h")).capacity == 8
    assert four_hours == 1
    assert multi.add_strategy("always", ALWAYS) == 1
    assert multi.add_multi_strategy("always", Strategy.compile(ALWAYS)) == 2
    assert multi.add_multi_strategy("always", Strategy.compile(ALWAYS).bytecode) == 3
    multi.feed_bar(900_000, 1, 1, 1, 1, 1)
    assert multi.signals_len() == 4
    assert multi.poll_signals() == [
        {"strategy_id": 2 << 16 | 1, "action": "HOLD", "timestamp": 0},
        {"strategy_id": 1, "action": "HOLD", "timestamp": 900_000},
        {"strategy_id": 2, "action": "HOLD", "timestamp": 900_000},
        {"strategy_id": 3, "action": "HOLD", "timestamp": 900_000},
    ]
    multi.set_signal_capacity(3)
    multi.feed_bar(900_001, 1, 1, 1, 1, 1)
    assert multi.signals_dropped == 1
    assert [MultiHQuant.decode_id(s["strategy_id"]) for s in multi.poll_signals()] == [
        (0, 1),
        (0, 2),
        (0, 3),
    ]
    assert multi.poll_signals() == []


def test_feed_bars_equals_feed_bar() -> None:
    columns = {
        "timestamp": np.arange(50) * 60_000,
        "open": np.linspace(10, 20, 50),
        "high": np.linspace(10, 20, 50) + 1,
        "low": np.linspace(10, 20, 50) - 1,
        "close": np.linspace(10, 20, 50),
        "volume": np.ones(50),
    }
    whole, single = MultiHQuant(64, PERIODS), MultiHQuant(64, PERIODS)
    assert whole.feed_bars(columns) == 50
    for row in zip(*columns.values(), strict=True):
        single.feed_bar(*(value.item() for value in row))
    for period in PERIODS:
        assert state(whole.engine(period), []) == state(single.engine(period), [])
    with pytest.raises(DataError, match=r"row 0: .*expected a time not before the last bar's"):
        whole.feed_bars(columns)
    assert whole.rejected_bars == 1


@pytest.mark.parametrize(
    ("capacity", "periods", "emit", "words"),
    [
        (0, ["1m"], "every_update", "capacity"),
        (-1, ["1m"], "every_update", "capacity"),
        (2**40, ["1m"], "every_update", "capacity"),
        (8, [], "every_update", "at least one"),
        (8, ["1m", "60s"], "every_update", "60000 ms twice"),
        (8, ["1M"], "every_update", "month"),
        (8, "1m", "every_update", r"expected a list such as \['1m'\]"),
        (8, ["1m"], "close", "expected one of every_update, on_close, found 'close'"),
    ],
)
def test_bad_arguments_are_refused(
    capacity: int, periods: list[str], emit: Emit, words: str
) -> None:
    with pytest.raises(ParameterError, match=words):
        MultiHQuant(capacity, periods, emit)


def test_bad_strategies_are_refused_and_use_up_no_id() -> None:
    multi = MultiHQuant(8, PERIODS)
    with pytest.raises(NotFoundError, match="period 4h: expected one of .* 1m, 7m, 1h"):
        multi.add_multi_strategy("s", "IF close@4h > 1 THEN BUY")
    with pytest.raises(UnsupportedError, match="line 1"):
        multi.add_multi_strategy("s", "IF close > 1 THEN BUY SIZE 10%")
    with pytest.raises(CompileError, match="IF clos > 1"):
        multi.add_multi_strategy("s", "IF clos > 1 THEN BUY")
    with pytest.raises(ProgramError, match="magic|160 bytes"):
        multi.add_multi_strategy("s", b"HQBC")
    with pytest.raises(NotFoundError, match="expected one of 1m, 7m, 1h, found 5m"):
        multi.engine("5m")
    with pytest.raises(NotFoundError, match="found 300000"):
        multi.engine(300_000)
    with pytest.raises(ParameterError, match="@5m: expected a multiple of the bars' own period"):
        multi.engine("7m").add_strategy("s", "IF close@5m > 1 THEN BUY")
    assert multi.add_multi_strategy("s", ALWAYS) == 1


def test_bad_bars_are_refused_and_change_nothing() -> None:
    multi = MultiHQuant(8, PERIODS)
    multi.feed_bar(60_000, 1, 2, 1, 2, 5, 3)
    before = [state(multi.engine(period), []) for period in PERIODS]
    with pytest.raises(DataError, match="close"):
        multi.feed_bar(60_000, 1, 2, 1, float("nan"), 5)
    with pytest.raises(DataError, match="send bars in order"):
        multi.feed_bar(59_999, 1, 2, 1, 2, 5)
    with pytest.raises(ParameterError, match="candle fits"):
        multi.feed_bar(2**63 - 1, 1, 2, 1, 2, 5)
    assert multi.rejected_bars == 3
    with pytest.raises(ParameterError, match="int64"):
        multi.feed_bar(2**63, 1, 2, 1, 2, 5)
    with pytest.raises(ParameterError, match="hq_multi_feed_bar"):
        multi.engine("1m").push_bar(120_000, 1, 2, 1, 2, 5)
    assert [state(multi.engine(period), []) for period in PERIODS] == before


def test_closed_object_raises_and_its_engine_lives_on() -> None:
    with MultiHQuant(8, PERIODS) as multi:
        multi.feed_bar(0, 1, 2, 1, 2, 5)
        engine = multi.engine("7m")
        view = engine.column("close").raw
    multi.close()
    calls: list[Callable[[], object]] = [
        partial(multi.feed_bar, 0, 1, 2, 1, 2, 5),
        partial(multi.feed_bars, {"timestamp": [0]}),
        multi.flush,
        partial(multi.engine, "1m"),
        partial(multi.add_multi_strategy, "s", ALWAYS),
        multi.poll_signals,
        multi.signals_len,
        partial(multi.set_signal_capacity, 5),
        partial(getattr, multi, "signals_dropped"),
        partial(getattr, multi, "rejected_bars"),
        multi.__enter__,
    ]
    for call in calls:
        with pytest.raises(ClosedError, match="this MultiHQuant has been closed"):
            call()
    del call
    assert engine.column("close").ordered().tolist() == [2.0]
    del calls, multi, engine
    assert view[0] == 2.0


def test_two_threads_get_busy_errors_and_lose_nothing() -> None:
    multi = MultiHQuant(64, ["1m"])
    multi.engine("1m").add_strategy("always", ALWAYS)
    multi.set_signal_capacity(2**20)
    fed = [0, 0]

    def work(who: int) -> None:
        for i in range(3000):
            try:
                multi.feed_bar(0, 1, 2, 1, 2, i + who / 2)
                fed[who] += 1
            except BusyError:
                pass

    threads = [threading.Thread(target=work, args=(who,)) for who in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert multi.signals_len() == sum(fed) > 0
    assert multi.rejected_bars == 0


@pytest.mark.parametrize(
    ("id", "expected"), [(1, (0, 1)), (0x1FFFF, (1, 65535)), (2**32 - 1, (65535, 65535))]
)
def test_decode_id_splits_16_bits(id: int, expected: tuple[int, int]) -> None:
    assert MultiHQuant.decode_id(id) == expected


@pytest.mark.parametrize("id", [-1, 2**32])
def test_decode_id_refuses_what_is_no_id(id: int) -> None:
    with pytest.raises(ParameterError, match="strategy_id"):
        MultiHQuant.decode_id(id)


# ------------------------------------------------------------- visible candles


def minutes(count: int) -> list[tuple[float, ...]]:
    closes = [100 + 7 * math.sin(i / 3) + i % 5 for i in range(count)]
    return [(60_000 * i, x, x + 1, x - 1, x, 10, 4) for i, x in enumerate(closes)]


def seen_close(**options: object) -> list[int]:
    """The minute whose close a strategy has for close@4m, fed minutes into periods 2m and 4m."""
    multi = MultiHQuant(50, ["2m", "4m"], **options)  # type: ignore[arg-type]
    for minute in range(12):
        multi.add_strategy(str(minute), f"IF close@4m == {minute} THEN BUY")
    found = []
    for minute in range(12):
        multi.feed_bar(60_000 * minute, *[float(minute)] * 4, 1)
        signals = multi.poll_signals()
        found.append(signals[0]["strategy_id"] - 1 if signals else -1)
    return found


def test_htf_chooses_the_candle_that_strategies_across_periods_see() -> None:
    assert seen_close() == list(range(12))
    assert seen_close(htf="closed") == [-1] * 4 + [3] * 4 + [7] * 4
    assert seen_close(htf="closed", bar_period="1m") == [-1] * 3 + [3] * 4 + [7] * 4 + [11]
    # Once a candle of 2m, when the minute after it comes, which completes a candle of 4m too.
    found = seen_close(htf="closed", emit="on_close")
    assert found == [-1, -1, -1, -1, 3, -1, 3, -1, 7, -1, 7, -1]


def test_flush_completes_no_candle_before_its_end() -> None:
    multi = MultiHQuant(50, ["1m", "4m"], "on_close", htf="closed")
    multi.add_strategy("s", "IF close@4m > 0 THEN BUY")
    for bar in minutes(3):
        multi.feed_bar(*bar)  # type: ignore[arg-type]
    multi.flush()
    assert multi.poll_signals() == []


@pytest.mark.parametrize("emit", ["every_update", "on_close"])
@pytest.mark.parametrize("bar_period", [None, "1m"])
@pytest.mark.parametrize("htf", ["closed", "forming"])
def test_late_strategy_has_what_an_early_one_has(
    emit: str, bar_period: str | None, htf: str
) -> None:
    """With rings that hold every candle."""
    text = (
        "x = close - SMA(close@12m, 2)\nIF CROSSOVER(x, close@4m - close@12m) THEN BUY\n"
        "IF RISING(EMA(close@4m, 3), 2) AND x[1] > x THEN SELL\nIF BARSSINCE(x > 2) > 3 THEN HOLD"
    )
    for late in range(30, 62):
        early, other = (
            MultiHQuant(100, ["2m", "4m", "12m"], emit, htf=htf, bar_period=bar_period)  # type: ignore[arg-type]
            for _ in range(2)
        )
        early.add_strategy("s", text)
        for minute, bar in enumerate(minutes(120)):
            if minute == late:
                other.add_strategy("s", text)
                early.poll_signals()
            for multi in (early, other):
                multi.feed_bar(*bar)  # type: ignore[arg-type]
            if minute >= late:
                assert other.poll_signals() == early.poll_signals(), (late, minute)


def test_htf_is_chosen_before_a_strategy_that_reads_it() -> None:
    multi = MultiHQuant(50, ["1m", "4m"])
    multi.engine("1m").add_strategy("s", "IF close@4m > 0 THEN BUY")
    assert lib.hq_multi_set_htf(multi._handle, 0, 0) == lib.HQ_EINVAL
    engine = HQuant(5)
    assert lib.hq_engine_set_htf(engine._handle, 1, 60_000) == lib.HQ_OK
    engine.add_strategy("s", "IF close@4m > 0 THEN BUY")
    assert lib.hq_engine_set_htf(engine._handle, 0, 0) == lib.HQ_EINVAL
