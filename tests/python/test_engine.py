"""HQuant through Python: ids, failures, updates, signals."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from hquant_cffi import (
    CompileError,
    DataError,
    HQuant,
    NotFoundError,
    ParameterError,
    ProgramError,
    Strategy,
)
from hquant_cffi._columns import bars_struct
from hquant_cffi._ffi import ffi
from hquant_cffi.data import Bars
from hquant_cffi.engine import SIGNAL_DTYPE

Add = Callable[[HQuant], int]


def push_closes(engine: HQuant, closes: list[float], start: int = 0) -> None:
    for row, close in enumerate(closes, start):
        engine.push_bar(row, close, close, close, close, 1.0)


# -------------------------------------------------------------------- adding


def test_boll_takes_id_3_behind_its_sma_and_stddev() -> None:
    engine = HQuant(16)
    assert engine.add_boll(5, 2.0) == 3
    assert (engine.add_sma_close(5), engine.add_stddev_close(5)) == (1, 2)
    assert engine.add_boll(5, 2.0) == 3
    assert engine.add_boll(5, 2.5) == 4  # shares them


def test_macd_takes_id_3_behind_its_two_emas() -> None:
    engine = HQuant(16)
    assert engine.add_macd(12, 26, 9) == 3
    assert (engine.add_ema_close(12), engine.add_ema_close(26)) == (1, 2)
    assert engine.add_macd(12, 26, 9) == 3


def test_named_methods_and_add_indicator_mean_the_same() -> None:
    engine = HQuant(16)
    assert engine.add_rsi(14) == engine.add_indicator("RSI") == engine.add_indicator("rsi", 14)
    assert engine.add_sma_close(9) == engine.add_indicator("SMA", period=9, field="close")
    assert engine.add_ema_close(9) == engine.add_indicator("EMA", 9)
    assert engine.add_stddev_close(9) == engine.add_indicator("STDDEV", 9)
    assert engine.add_boll(20, 2.0) == engine.add_indicator("BOLL")
    assert engine.add_macd(12, 26, 9) == engine.add_indicator("MACD", signal=9)
    assert engine.add_atr(14) == engine.add_indicator("ATR")


def test_field_chooses_what_an_indicator_reads() -> None:
    engine = HQuant(16)
    volume, high = (
        engine.add_indicator("SMA", 2, field="volume"),
        engine.add_indicator("HIGHEST", 2),
    )
    assert volume != engine.add_sma_close(2)
    engine.push_bar(0, 10.0, 12.0, 9.0, 11.0, 3.0)
    engine.push_bar(1, 10.0, 11.0, 9.0, 11.0, 5.0, 2.0)
    assert engine.indicator_last(volume) == 4.0
    assert engine.indicator_last(high) == 12.0


BAD_ADDS: list[tuple[Add, type[Exception], str]] = [
    (lambda e: e.add_rsi(0), ParameterError, "RSI"),
    (lambda e: e.add_rsi(2**20 + 1), ParameterError, "RSI"),
    (lambda e: e.add_rsi(-1), ParameterError, "found -1"),
    (lambda e: e.add_rsi(2**64), ParameterError, "found 18446744073709551616"),
    (lambda e: e.add_boll(5, -1.0), ParameterError, "BOLL"),
    (lambda e: e.add_boll(5, math.nan), ParameterError, "BOLL"),
    (lambda e: e.add_macd(26, 12, 9), ParameterError, "MACD"),
    (lambda e: e.add_indicator("SMA", 2.5), ParameterError, "SMA"),
    (lambda e: e.add_indicator("SMMA", 3), NotFoundError, "found 'SMMA'.*SMA, EMA"),
    (lambda e: e.add_indicator("CROSSOVER"), NotFoundError, "CROSSOVER"),
    (lambda e: e.add_indicator("SMA"), TypeError, "period"),
    (lambda e: e.add_indicator("SMA", 3, 4), TypeError, "too many"),
    (lambda e: e.add_indicator("SMA", 3, period=3), TypeError, "multiple values"),
    (lambda e: e.add_indicator("SMA", n=3), TypeError, "n"),
    (lambda e: e.add_indicator("SMA", "3"), TypeError, "SMA: period: expected a number"),
    (lambda e: e.add_indicator("ATR", 3, field="close"), ParameterError, "reads high, low, close"),
    (lambda e: e.add_indicator("SMA", 3, field="hl2"), ParameterError, "field: expected one of"),
    (lambda e: e.add_strategy("s", "IF close >"), CompileError, "1:"),
    (lambda e: e.add_strategy("s", b"HQBC"), ProgramError, "expected|truncated|short|bytes"),
    (lambda e: e.add_strategy("s", b"IF close > 1 THEN BUY"), ProgramError, "expected at least"),
    (lambda e: e.add_strategy("s", 1), TypeError, "dsl: expected text, bytes or a Strategy"),
]


@pytest.mark.parametrize(("add", "error", "message"), BAD_ADDS)
def test_failed_add_raises_and_burns_no_id(add: Add, error: type[Exception], message: str) -> None:
    engine = HQuant(16)
    assert engine.add_sma_close(3) == 1
    with pytest.raises(error, match=message):
        add(engine)
    assert engine.add_sma_close(4) == 2
    assert engine.add_strategy("s", "IF close > 1 THEN BUY") == 1


@pytest.mark.parametrize("capacity", [0, -1, 2**27 + 1, 2**40, 2**64])
def test_capacity_out_of_range_is_refused(capacity: int) -> None:
    with pytest.raises(ParameterError, match="capacity"):
        HQuant(capacity)


# ------------------------------------------------------------------- reading


def test_indicator_last_is_nan_in_warmup_and_an_error_for_an_unknown_id() -> None:
    engine = HQuant(4)
    id = engine.add_sma_close(2)
    assert math.isnan(engine.indicator_last(id))
    push_closes(engine, [1.0])
    assert math.isnan(engine.indicator_last(id))
    push_closes(engine, [2.0], 1)
    assert engine.indicator_last(id) == 1.5
    for unknown in (0, 2, -1, 2**32):
        with pytest.raises(NotFoundError):
            engine.indicator_last(unknown)


def test_nan_answer_does_not_mistake_an_older_failure_for_its_own() -> None:
    engine = HQuant(4)
    id = engine.add_sma_close(2)
    with pytest.raises(ParameterError):
        engine.add_rsi(0)
    assert math.isnan(engine.indicator_last(id))
    assert len(engine) == engine.signals_len() == engine.total_bars == 0


def test_indicator_value_of_a_triple_and_a_scalar() -> None:
    engine = HQuant(4)
    boll = engine.add_boll(2, 1.0)
    push_closes(engine, [1.0, 3.0])
    assert engine.indicator_value(boll) == ("triple", 3.0, 2.0, 1.0)
    assert engine.indicator_last(boll) == 3.0
    scalar = engine.indicator_value(1)
    assert scalar[:2] == ("scalar", 2.0)
    assert math.isnan(scalar.b) and math.isnan(scalar.c)


# ----------------------------------------------------------------- ingestion


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 2e100])
@pytest.mark.parametrize("position", range(1, 7))
def test_bar_that_is_not_finite_is_refused_whole(bad: float, position: int) -> None:
    engine = HQuant(4)
    sma = engine.add_sma_close(1)
    bar: list[Any] = [0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    engine.push_bar(*bar)
    bar[position] = bad
    for method in (engine.push_bar, engine.update_last_bar):
        with pytest.raises(ValueError) as caught:
            method(*bar)
        assert isinstance(caught.value, DataError)
    assert (engine.rejected_bars, engine.total_bars, len(engine)) == (2, 1, 1)
    assert engine.indicator_last(sma) == 1.0


@pytest.mark.parametrize("time", [2**63, -(2**63) - 1])
def test_time_that_is_no_int64_is_refused(time: int) -> None:
    engine = HQuant(4)
    for method in (engine.push_bar, engine.update_last_bar):
        with pytest.raises(ParameterError, match=f"timestamp: expected an int64, ms, found {time}"):
            method(time, 1.0, 1.0, 1.0, 1.0, 1.0)
    assert engine.total_bars == 0


def test_buy_volume_left_out_or_none_is_0() -> None:
    engine = HQuant(4)
    engine.push_bar(0, 1.0, 1.0, 1.0, 1.0, 5.0)
    engine.push_bar(1, 1.0, 1.0, 1.0, 1.0, 5.0, None)
    engine.push_bar(2, 1.0, 1.0, 1.0, 1.0, 5.0, 3.0)
    engine.push_bar(timestamp=3, open=1.0, high=1.0, low=1.0, close=1.0, volume=5.0, buy_volume=4.0)
    assert engine.column("buy_volume").ordered().tolist() == [0.0, 0.0, 3.0, 4.0]


def random_closes(seed: int, count: int) -> list[float]:
    return [float(x) for x in 100 + np.random.default_rng(seed).normal(size=count).cumsum()]


def watched_engine(capacity: int) -> HQuant:
    engine = HQuant(capacity)
    engine.add_rsi(3)
    engine.add_boll(4, 2.0)
    engine.add_macd(2, 5, 3)
    engine.add_atr(3)
    engine.add_strategy("s", "IF RSI(3) < 40 THEN BUY\nIF RSI(3) > 60 THEN SELL")
    return engine


def state(engine: HQuant) -> list[str]:
    return [repr(engine.indicator_value(id)) for id in range(1, 9)]


def test_updates_then_a_push_equal_pushing_only_the_final_bars() -> None:
    revised, plain = watched_engine(8), watched_engine(8)
    closes, noise = random_closes(1, 60), random_closes(2, 240)
    for row, close in enumerate(closes):
        wrong = noise[4 * row]
        revised.push_bar(row, wrong, wrong + 1, wrong - 1, wrong, 1.0)
        for other in (*noise[4 * row + 1 : 4 * row + 4], close):
            revised.update_last_bar(row, other, other + 1, other - 1, other, 1.0)
        plain.push_bar(row, close, close + 1, close - 1, close, 1.0)
        assert state(revised) == state(plain)
        assert len(revised) == len(plain)
    assert revised.column("close").ordered().tolist() == plain.column("close").ordered().tolist()


def test_update_without_a_bar_does_nothing() -> None:
    engine = watched_engine(8)
    engine.update_last_bar(0, 1.0, 1.0, 1.0, 1.0, 1.0)
    assert (len(engine), engine.total_bars, engine.signals_len()) == (0, 0, 0)


def test_added_late_equals_a_fresh_engine_fed_the_rings_bars() -> None:
    closes = random_closes(3, 50)
    late = HQuant(20)
    push_closes(late, closes)
    late_ids = (late.add_rsi(5), late.add_macd(3, 6, 4), late.add_boll(7, 2.0))
    late.add_strategy(
        "s", "IF CROSSOVER(close, SMA(4)) THEN BUY\nIF close < LAG(close, 3) THEN SELL"
    )
    fresh = HQuant(20)
    assert (fresh.add_rsi(5), fresh.add_macd(3, 6, 4), fresh.add_boll(7, 2.0)) == late_ids
    fresh.add_strategy(
        "s", "IF CROSSOVER(close, SMA(4)) THEN BUY\nIF close < LAG(close, 3) THEN SELL"
    )
    push_closes(fresh, closes[-20:], 30)
    fresh.poll_signals()
    assert late.poll_signals() == []
    for row, close in enumerate(random_closes(4, 30), 50):
        for engine in (late, fresh):
            push_closes(engine, [close], row)
        for id in late_ids:
            assert repr(late.indicator_value(id)) == repr(fresh.indicator_value(id))
    assert (signals := late.poll_signals()) == fresh.poll_signals()
    assert {"BUY", "SELL"} == {signal["action"] for signal in signals}


# ------------------------------------------------------------------ push_bars


def columns(closes: list[float]) -> dict[str, Any]:
    close = np.array(closes)
    time = np.arange(len(closes)) * 60_000
    return dict(timestamp=time, open=close, high=close + 1, low=close - 1, close=close,
                volume=np.ones(len(closes)))  # fmt: skip


def test_push_bars_equals_pushing_bar_by_bar() -> None:
    data = columns(random_closes(5, 100))
    whole, single = watched_engine(16), watched_engine(16)
    assert whole.push_bars(data) == 100
    for row in range(100):
        single.push_bar(*(data[name][row].item() for name in data))
    assert state(whole) == state(single)
    assert whole.poll_signals() == single.poll_signals()
    assert whole.total_bars == single.total_bars == 100


def test_push_bars_reads_the_columns_of_bars_where_they_are() -> None:
    bars = Bars(**columns([1.0, 2.0, 3.0]))
    struct = bars_struct(bars)
    for name, column in bars.columns.items():
        assert int(ffi.cast("uintptr_t", getattr(struct, name))) == column.ctypes.data
    assert struct.buy_volume == ffi.NULL and struct.length == 3


def test_push_bars_takes_bars_of_any_length() -> None:
    bars = Bars(**columns([1.0, 2.0, 3.0]))
    engine = HQuant(4)
    assert [engine.push_bars(bars), engine.push_bars(bars[:0]), engine.push_bars(bars[1:2])] == [
        3,
        0,
        1,
    ]
    assert engine.column("close").ordered().tolist() == [1.0, 2.0, 3.0, 2.0]


def test_push_bars_names_the_refused_row_and_counts_the_taken() -> None:
    close = np.array([1.0, 2.0, 3.0, 4.0])
    bars = Bars(np.arange(4), close, close, close, close, close)
    close[2] = math.nan  # behind the back of the check
    engine = HQuant(8)
    with pytest.raises(DataError, match=r"row 2: .*the 2 bars before it were pushed"):
        engine.push_bars(bars)
    assert (len(engine), engine.rejected_bars) == (2, 1)


def test_push_bars_pushes_nothing_of_data_that_does_not_load() -> None:
    data = columns([1.0, math.nan, 3.0])
    engine = HQuant(8)
    with pytest.raises(DataError, match="row"):
        engine.push_bars(data)
    with pytest.raises(DataError):
        engine.push_bars({"close": [1.0]})
    assert (engine.total_bars, engine.rejected_bars) == (0, 0)


# -------------------------------------------------------------------- signals


def test_signals_come_oldest_first_and_once() -> None:
    engine = HQuant(8)
    up = engine.add_strategy("up", "IF close > 5 THEN BUY\nIF close < 2 THEN SELL")
    hold = engine.add_strategy("hold", Strategy.compile("IF close == 3 THEN HOLD"))
    push_closes(engine, [1.0, 3.0, 6.0])
    assert engine.signals_len() == 3
    assert engine.poll_signals() == [
        {"strategy_id": up, "action": "SELL", "timestamp": 0},
        {"strategy_id": hold, "action": "HOLD", "timestamp": 1},
        {"strategy_id": up, "action": "BUY", "timestamp": 2},
    ]
    assert engine.poll_signals() == []
    assert engine.poll_signals_array().shape == (0,)


def test_signals_array_holds_the_c_structs() -> None:
    engine = HQuant(8)
    engine.add_strategy("s", Strategy.compile("IF close > 5 THEN SELL").bytecode)
    push_closes(engine, [6.0, 1.0, 7.0])
    array = engine.poll_signals_array()
    assert array.dtype.names == ("strategy_id", "action", "timestamp")
    assert array.tolist() == [(1, 2, 0), (1, 2, 2)]


def test_signal_dtype_is_the_c_struct() -> None:
    assert ffi.sizeof("Signal") == SIGNAL_DTYPE.itemsize
    fields = SIGNAL_DTYPE.fields
    assert fields is not None
    for name, (kind, offset, *_) in fields.items():
        assert ffi.offsetof("Signal", name) == offset
        item = dict(ffi.typeof("Signal").fields)[name].type
        assert ffi.sizeof(item) == kind.itemsize


def test_full_signal_queue_drops_the_oldest_and_counts() -> None:
    engine = HQuant(8)
    engine.add_strategy("s", "IF close > 0 THEN BUY")
    engine.set_signal_capacity(3)
    push_closes(engine, [1.0] * 5)
    assert engine.signals_dropped == 2
    assert [signal["timestamp"] for signal in engine.poll_signals()] == [2, 3, 4]
    for bad in (0, -1, 2**24 + 1, 2**64):
        with pytest.raises(ParameterError):
            engine.set_signal_capacity(bad)


@pytest.mark.parametrize("id", [np.float32(1.9), Decimal(1), Fraction(3, 2), 1.0, "1", None])
def test_an_id_that_is_no_whole_number_is_refused(id: object) -> None:
    engine = HQuant(8)
    assert engine.add_indicator("SMA", 2) == 1
    engine.push_bar(0, 1, 1, 1, 1, 1)
    engine.push_bar(60_000, 2, 2, 2, 2, 1)
    assert engine.indicator_last(np.int64(1)) == 1.5  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="^id: expected an int, found"):
        engine.indicator_last(id)  # type: ignore[arg-type]
