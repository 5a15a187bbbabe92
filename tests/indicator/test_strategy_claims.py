"""How an engine evaluates strategies: when, in which order, over which past; and its queue."""

from __future__ import annotations

import numpy as np
import pytest
from indicator_table import Engine, batch, bits, inputs_of, random_bars, spec_of

from hquant_cffi._ffi import ffi, lib
from hquant_cffi.dsl import compile_text

BUY, SELL, HOLD = 1, 2, 3


def add(engine: Engine, text: str) -> int:
    identity = engine.add_program(compile_text(text + "\n").bytecode)
    assert identity > 0, ffi.string(lib.hq_last_error().message)
    return identity


def bar(t: int, close: float) -> tuple[float, ...]:
    return (t, close, close, close, close, 1.0, 0.5)


def fired(text: str, closes: list[float]) -> list[tuple[int, int]]:
    """Bar and action of every signal that pushing the closes gives."""
    engine = Engine(3)
    add(engine, text)
    for t, close in enumerate(closes):
        engine.push(bar(t, close))
    return [(t, action) for _, action, t in engine.signals()]


def test_first_true_rule_wins_and_hold_emits_too() -> None:
    text = "IF close > 30 THEN SELL\nIF close > 20 THEN HOLD\nIF close > 10 THEN BUY"
    assert fired(text, [5, 15, 25, 35]) == [(1, BUY), (2, HOLD), (3, SELL)]


def test_unknown_rule_is_passed_over_for_the_next() -> None:
    assert fired("IF SMA(3) > 0 THEN BUY\nIF close > 0 THEN SELL", [1, 1, 1, 1]) == [
        (0, SELL),
        (1, SELL),
        (2, BUY),
        (3, BUY),
    ]


def test_signals_are_level_triggered() -> None:
    assert fired("IF close > 1 THEN BUY", [2, 2, 1, 2]) == [(0, BUY), (1, BUY), (3, BUY)]


def test_strategies_signal_in_the_order_of_their_ids() -> None:
    engine = Engine(4)
    assert [add(engine, f"IF close > {n} THEN BUY") for n in (0, 2, 1)] == [1, 2, 3]
    engine.push(bar(9, 1.5))
    engine.push(bar(10, 2.5))
    assert engine.signals() == [(1, BUY, 9), (3, BUY, 9)] + [(i, BUY, 10) for i in (1, 2, 3)]


def test_evaluated_after_every_push_and_effective_update_and_nothing_else() -> None:
    engine = Engine(4)
    add(engine, "IF close > 0 THEN BUY")
    engine.update(bar(0, 1.0))  # there is no bar yet
    assert engine.signals() == []
    engine.push(bar(1, 1.0))
    engine.update(bar(1, 2.0))
    engine.update(bar(2, 2.0))
    engine.push(bar(3, float("nan")))
    engine.update(bar(3, float("inf")))
    engine.update(bar(4, -1.0))
    assert engine.signals() == [(1, BUY, 1), (1, BUY, 1), (1, BUY, 2)]


def test_adding_emits_nothing_until_the_next_push_or_update() -> None:
    engine = Engine(4)
    engine.push(bar(1, 5.0))
    add(engine, "IF close > 0 THEN BUY")
    assert lib.hquant_signals_len(engine.handle) == 0
    engine.update(bar(1, 6.0))
    engine.push(bar(2, 7.0))
    assert engine.signals() == [(1, BUY, 1), (1, BUY, 2)]


def test_previous_of_a_crossover_is_the_last_committed_bar() -> None:
    """However often the forming bar goes to and fro: its own drafts are nobody's past."""
    engine = Engine(4)
    add(engine, "IF CROSSOVER(close, 10) THEN BUY\nIF CROSSUNDER(close, 10) THEN SELL")
    engine.push(bar(0, 9.0))
    engine.push(bar(1, 11.0))
    for close in (12.0, 9.0, 11.0, 8.0, 11.0):
        engine.update(bar(1, close))
    actions = [action for _, action, _ in engine.signals()]
    assert actions == [BUY, BUY, BUY, BUY]  # at 11, 12, 11, 11; never SELL at 9 or 8
    engine.push(bar(2, 11.0))
    assert engine.signals() == []
    engine.update(bar(2, 10.0))
    assert engine.signals() == []
    engine.update(bar(2, 9.5))
    assert engine.signals() == [(1, SELL, 2)]


def test_crossing_needs_a_strict_side_now_and_takes_equality_before() -> None:
    up = "IF CROSSOVER(close, 10) THEN BUY"
    assert fired(up, [10, 10, 11, 11, 10, 11]) == [(2, BUY), (5, BUY)]
    down = "IF CROSSUNDER(close, 10) THEN SELL"
    assert fired(down, [10, 10, 9, 9, 10, 9]) == [(2, SELL), (5, SELL)]
    assert fired("IF CROSS(close, 10) THEN HOLD", [9, 11, 10, 9]) == [(1, HOLD), (3, HOLD)]


def test_lag_counts_committed_bars() -> None:
    engine = Engine(2)
    add(engine, "IF close[3] == 1 THEN BUY\nIF close[3] > 1 THEN SELL")
    for t, close in enumerate([1.0, 2.0, 3.0, 4.0, 5.0]):
        engine.push(bar(t, 77.0))
        engine.update(bar(t, 88.0))
        engine.update(bar(t, close))
    assert engine.signals() == [(1, BUY, 3)] * 3 + [(1, SELL, 4)] * 3


@pytest.mark.parametrize("k", [0, 1, 3])
def test_barssince_and_valuewhen_stream_as_the_batch_says(k: int) -> None:
    """The rows that take a condition run in strategies alone; their values show in comparisons."""
    bars = random_bars(41, 170, "steps")
    condition = np.where(bars.fields[3] > bars.fields[0], 1.0, 0.0)
    since = batch(spec_of("BARSSINCE"), [condition])[0]
    when = batch(spec_of("VALUEWHEN", k), [condition, bars.fields[3]])[0]
    cases = {
        **{f"BARSSINCE(close > open) == {n}": since == n for n in (0, 1, 2, 5)},
        f"VALUEWHEN(close > open, close, {k}) < close": when < bars.fields[3],
        f"VALUEWHEN(close > open, close, {k}) == 11": when == 11,
    }
    for text, wanted in cases.items():
        engine = Engine(7)
        add(engine, f"IF {text} THEN BUY")
        for t in range(len(bars)):  # every bar is first another one
            engine.push((int(bars.timestamp[t]), *random_bars(42 + t % 3, 1, "steps").bar(0)[1:]))
            engine.signals()
            engine.update(bars.bar(t))
            assert bool(engine.signals()) == wanted[t], (text, t)


PROGRAMS = [
    "IF CROSSOVER(SMA(3), SMA(9)) THEN BUY\nIF CROSSUNDER(SMA(3), SMA(9)) THEN SELL",
    "IF RSI(5) < 40 AND close > EMA(8) THEN BUY\nIF NOT RSI(5) < 60 THEN SELL",
    "x = CHANGE(close, 2)\nIF x > 0 AND x[1] <= 0 THEN BUY\nIF BARSSINCE(x > 0) > 3 THEN SELL",
    "IF RISING(EMA(close, 4), 3) THEN BUY\nIF FALLING(SUM(volume, 3), 2) THEN SELL",
    "IF close > BOLL(7, 1.5).upper THEN SELL\nIF VALUEWHEN(close > open, high, 1) < low THEN BUY",
]


@pytest.mark.parametrize("text", PROGRAMS)
@pytest.mark.parametrize("before", [0, 1, 19, 20, 21, 33, 90])
def test_late_strategy_equals_a_fresh_engine_fed_the_rings_bars(text: str, before: int) -> None:
    bars = random_bars(43, 300)
    late, fresh = Engine(20), Engine(20)
    add(late, "IF SMA(3) > EMA(8) THEN HOLD\nIF RSI(5) > 50 THEN HOLD")  # something to share
    add(fresh, "IF close < 0 THEN HOLD")  # so that both are strategy 2
    late.push_all(bars[:before])
    if before:
        fresh.push_all(late.ring_bars())
    assert add(late, text) == add(fresh, text) == 2
    late.signals()
    fresh.signals()
    for t in range(before, 300):
        for engine in (late, fresh):
            engine.push(bars.bar(t))
    found = [s for s in late.signals() if s[0] == 2]
    assert found == fresh.signals()
    assert len(found) > 5


def test_late_strategy_disturbs_no_indicator_and_no_other_strategy() -> None:
    bars = random_bars(44, 250)
    quiet, busy = Engine(20), Engine(20)
    for engine in (quiet, busy):
        assert engine.add(spec_of("BOLL", 7, 1.5)) == 3
        add(engine, PROGRAMS[0])
    for t in range(250):
        if t in (0, 1, 19, 20, 21, 33, 90):
            add(busy, PROGRAMS[t % 5])
        for engine in (quiet, busy):
            engine.push(bars.bar(t))
    assert [s for s in busy.signals() if s[0] == 1] == quiet.signals()
    wanted = batch(spec_of("BOLL", 7, 1.5), inputs_of(spec_of("BOLL", 7, 1.5), bars))
    for output in range(3):
        assert bits(busy.column(3, output)) == bits(wanted[output][-20:])


# ------------------------------------------------------------------ the queue


def test_queue_of_65536_drops_the_oldest_and_counts() -> None:
    engine = Engine(1)
    add(engine, "IF close > 0 THEN HOLD")
    for t in range(65_536 + 5):
        engine.push(bar(t, 1.0))
    assert lib.hquant_signals_len(engine.handle) == 65_536
    assert lib.hq_signals_dropped(engine.handle) == 5
    signals = engine.signals()
    assert [t for _, _, t in signals] == list(range(5, 65_541))
    assert lib.hquant_signals_len(engine.handle) == 0


def test_queue_capacity_can_be_set_and_the_newest_stay() -> None:
    engine = Engine(1)
    add(engine, "IF close > 0 THEN BUY")
    for t in range(10):
        engine.push(bar(t, 1.0))
    assert lib.hq_set_signal_capacity(engine.handle, 4) == lib.HQ_OK
    assert lib.hq_signals_dropped(engine.handle) == 6
    engine.push(bar(10, 1.0))
    assert lib.hq_signals_dropped(engine.handle) == 7
    assert [t for _, _, t in engine.signals()] == [7, 8, 9, 10]
    for bad in (0, 2**24 + 1, 2**64 - 1):
        assert lib.hq_set_signal_capacity(engine.handle, bad) == lib.HQ_EINVAL


def test_polling_in_parts_keeps_the_order() -> None:
    engine = Engine(1)
    add(engine, "IF close > 0 THEN BUY")
    assert lib.hq_set_signal_capacity(engine.handle, 7) == lib.HQ_OK
    seen: list[int] = []
    out = ffi.new("Signal[]", 3)
    for t in range(100):
        engine.push(bar(t, 1.0))
        if t % 3 == 2:
            count = lib.hquant_poll_signals(engine.handle, out, 3)
            seen += [out[i].timestamp for i in range(count)]
    assert seen == list(range(99))
    assert lib.hquant_poll_signals(engine.handle, ffi.NULL, 0) == 0
    assert lib.hquant_poll_signals(engine.handle, ffi.NULL, 5) == 0
    assert lib.hquant_signals_len(engine.handle) == 1


def test_text_is_compiled_by_the_registered_compiler() -> None:
    import hquant_cffi  # noqa: F401  (registers it)

    engine = Engine(4)
    text = b"IF close > 1 THEN BUY\n"
    assert lib.hquant_add_strategy(engine.handle, ffi.NULL, 0, text, len(text)) == 1
    bad = b"# one\nIF close > THEN BUY\n"
    assert lib.hquant_add_strategy(engine.handle, b"mine", 4, bad, len(bad)) == 0
    error = lib.hq_last_error()
    assert error.code == lib.HQ_ECOMPILE
    assert error.line == 2
    assert lib.hquant_add_strategy(engine.handle, ffi.NULL, 0, b"\xff", 1) == 0
    assert lib.hq_last_error().code == lib.HQ_EUTF8
    assert lib.hquant_add_strategy(engine.handle, ffi.NULL, 0, text, len(text)) == 2


def test_strategy_shares_windows_with_indicators_and_disturbs_none() -> None:
    """Windows over computed series too: a strategy that comes late moves no bit of theirs."""
    bars = random_bars(45, 220)
    texts = [
        "IF SMA(RSI(3), 5) > 50 THEN BUY",
        "IF STDDEV(RSI(3), 5) > 20 THEN SELL",
        "IF close > SMA(7) + STDDEV(7) THEN SELL\nIF STDDEV(close, 5) < 0.5 THEN BUY",
    ]
    whole = Engine(300)
    for text in texts:
        add(whole, text)
    whole.push_all(bars)
    wanted = whole.signals()
    for moments in ((0, 40, 80), (33, 1, 2), (90, 64, 7)):
        engine = Engine(300)
        sma = engine.add(spec_of("SMA", 7))
        order = sorted(range(3), key=lambda i: moments[i])
        names: dict[int, int] = {}
        for t in range(220):
            for i in order:
                if moments[i] == t:
                    names[add(engine, texts[i])] = i + 1
            engine.push(bars.bar(t))
        found = [(names[s], action, t) for s, action, t in engine.signals()]
        started = {i + 1: 60_000 * moments[i] for i in range(3)}
        assert sorted(found) == sorted(s for s in wanted if s[2] >= started[s[0]])
        expected = batch(spec_of("SMA", 7), [bars.fields[3]])[0]
        assert bits(engine.column(sma)) == bits(expected)
