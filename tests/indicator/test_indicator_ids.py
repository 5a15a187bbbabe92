"""Ids: deduplication, dependencies first, failures that burn none; and what late adding gives."""

from __future__ import annotations

import itertools

import indicator_laws as laws
import numpy as np
import pytest
from indicator_table import (
    ENGINE_SPECS,
    Bars,
    Engine,
    Spec,
    batch,
    inputs_of,
    native_spec,
    random_bars,
    row_named,
    same_bits,
    spec_of,
)

from hquant_cffi._ffi import ffi, lib

SMA = row_named("SMA").code


def test_fresh_boll_takes_ids_1_2_3_dependencies_first() -> None:
    engine = Engine(10)
    assert lib.hquant_add_boll(engine.handle, 20, 2.0) == 3
    assert lib.hquant_add_sma_close(engine.handle, 20) == 1
    assert lib.hquant_add_stddev_close(engine.handle, 20) == 2
    assert lib.hquant_add_boll(engine.handle, 20, 2.0) == 3
    assert lib.hquant_add_boll(engine.handle, 20, 3.0) == 4
    assert lib.hquant_add_rsi(engine.handle, 14) == 5


def test_fresh_macd_takes_ids_1_2_3_fast_then_slow() -> None:
    engine = Engine(10)
    assert lib.hquant_add_macd(engine.handle, 12, 26, 9) == 3
    assert lib.hquant_add_ema_close(engine.handle, 12) == 1
    assert lib.hquant_add_ema_close(engine.handle, 26) == 2
    assert lib.hquant_add_macd(engine.handle, 12, 30, 9) == 5
    assert lib.hquant_add_ema_close(engine.handle, 30) == 4


def test_dependencies_that_exist_are_shared() -> None:
    engine = Engine(10)
    assert lib.hquant_add_stddev_close(engine.handle, 5) == 1
    assert lib.hquant_add_boll(engine.handle, 5, 2.0) == 3
    assert lib.hquant_add_sma_close(engine.handle, 5) == 2


def test_equal_specs_share_an_id_by_either_door() -> None:
    engine = Engine(10)
    assert lib.hquant_add_sma_close(engine.handle, 7) == 1
    assert lib.hq_add_indicator(engine.handle, native_spec(SMA, [7.0], [3])) == 1
    assert lib.hq_add_indicator(engine.handle, native_spec(SMA, [7.0])) == 1


def test_another_field_or_parameter_is_another_indicator() -> None:
    engine = Engine(10)
    ids = [
        lib.hq_add_indicator(engine.handle, native_spec(SMA, [p], [f]))
        for f in range(6)
        for p in (3.0, 4.0)
    ]
    assert ids == list(range(1, 13))


def test_every_spec_added_twice_has_one_id_and_ids_have_no_gap() -> None:
    engine = Engine(4)
    first = [engine.add(spec) for spec in ENGINE_SPECS]
    assert first == [engine.add(spec) for spec in ENGINE_SPECS]
    assert len(set(first)) == len(first)
    count = max(first)
    for identity in range(1, count + 1):
        assert lib.hq_indicator_column(engine.handle, identity, 0).ptr != ffi.NULL
    assert lib.hq_indicator_column(engine.handle, count + 1, 0).ptr == ffi.NULL


def test_unknown_ids_answer_nan_and_no_column() -> None:
    engine = Engine(4)
    engine.add(spec_of("SMA", 1))
    engine.push(random_bars(1, 1).bar(0))
    for identity in (0, 2, 2**32 - 1):
        lib.hq_clear_error()
        value = lib.hquant_indicator_last(engine.handle, identity)
        assert value.kind == 1
        assert all(np.isnan(x) for x in (value.a, value.b, value.c))
        assert lib.hq_last_error().code == lib.HQ_ENOTFOUND
        assert lib.hq_indicator_column(engine.handle, identity, 0).ptr == ffi.NULL
    assert lib.hq_indicator_column(engine.handle, 1, 1).ptr == ffi.NULL


BAD_ADDS = {
    "period 0": lambda h: lib.hquant_add_sma_close(h, 0),
    "period beyond the maximum": lambda h: lib.hquant_add_ema_close(h, 2**20 + 1),
    "period 2^64 - 1": lambda h: lib.hquant_add_rsi(h, 2**64 - 1),
    "BOLL of period 0": lambda h: lib.hquant_add_boll(h, 0, 2.0),
    "BOLL with a NaN width": lambda h: lib.hquant_add_boll(h, 20, float("nan")),
    "BOLL with a negative width": lambda h: lib.hquant_add_boll(h, 20, -1.0),
    "BOLL with an infinite width": lambda h: lib.hquant_add_boll(h, 20, float("inf")),
    "MACD fast = slow": lambda h: lib.hquant_add_macd(h, 12, 12, 9),
    "MACD fast > slow": lambda h: lib.hquant_add_macd(h, 26, 12, 9),
    "MACD signal 0": lambda h: lib.hquant_add_macd(h, 12, 26, 0),
    "unknown code": lambda h: lib.hq_add_indicator(h, native_spec(9999, [1.0])),
    "hidden code": lambda h: lib.hq_add_indicator(h, native_spec(4096, [1.0])),
    "unknown mode": lambda h: lib.hq_add_indicator(h, native_spec(SMA, [1.0], mode=2)),
    "field 6": lambda h: lib.hq_add_indicator(h, native_spec(SMA, [1.0], [6])),
    "two fields": lambda h: lib.hq_add_indicator(h, native_spec(SMA, [1.0], [3, 3])),
    "seven fields": lambda h: lib.hq_add_indicator(h, native_spec(SMA, [1.0], [3] * 7)),
    "NULL": lambda h: lib.hq_add_indicator(h, ffi.NULL),
    "a spec of size 0": lambda h: lib.hq_add_indicator(h, ffi.new("HqIndicatorSpec *")),
    "no period": lambda h: lib.hq_add_indicator(h, native_spec(SMA)),
    "two periods": lambda h: lib.hq_add_indicator(h, native_spec(SMA, [3.0, 4.0])),
    "nine parameters": lambda h: lib.hq_add_indicator(h, native_spec(SMA, [3.0] * 9)),
    "half a bar": lambda h: lib.hq_add_indicator(h, native_spec(SMA, [1.5])),
    "condition input": lambda h: lib.hq_add_indicator(
        h, native_spec(row_named("BARSSINCE").code, [], [3])
    ),
    "input without a default": lambda h: lib.hq_add_indicator(
        h, native_spec(row_named("CROSS").code)
    ),
}


@pytest.mark.parametrize("bad", BAD_ADDS.values(), ids=BAD_ADDS.keys())
@pytest.mark.parametrize("bars_before", [0, 50])
def test_failed_add_burns_no_id_and_leaves_nothing(bad, bars_before: int) -> None:
    """Neither a dependency nor a change of what is there."""
    bars = random_bars(2, 90)
    engine, untouched = Engine(16), Engine(16)
    spec = spec_of("SMA", 3)
    assert engine.add(spec) == untouched.add(spec) == 1
    for e in (engine, untouched):
        e.push_all(bars[:bars_before])
    lib.hq_clear_error()
    assert bad(engine.handle) == 0
    error = lib.hq_last_error()
    assert error.code in (lib.HQ_EINVAL, lib.HQ_ENOTFOUND)
    assert len(ffi.string(error.message)) > 20
    assert lib.hq_indicator_column(engine.handle, 2, 0).ptr == ffi.NULL
    assert lib.hquant_add_ema_close(engine.handle, 12) == 2
    assert lib.hquant_add_ema_close(untouched.handle, 12) == 2
    for e in (engine, untouched):
        e.push_all(bars[bars_before:])
    for identity in (1, 2):
        assert same_bits([engine.column(identity)], [untouched.column(identity)])


# ---------------------------------------------------------------------- late adding


def test_late_add_disturbs_nothing_that_exists() -> None:
    """Adding at any moment, over- or underfull, while a bar forms: the others never notice."""
    bars = random_bars(5, 140)
    kept = [s for s in ENGINE_SPECS if s.period in (2, 12, 14, 33)]
    late = [s for s in ENGINE_SPECS if s not in kept]
    quiet, busy = Engine(20), Engine(20)
    quiet_ids, busy_ids = [quiet.add(s) for s in kept], [busy.add(s) for s in kept]
    rng = np.random.default_rng(6)
    for t in range(len(bars)):
        for engine in (quiet, busy):
            engine.push(bars.bar(t))
        for i in rng.integers(0, len(late), 2):
            busy.add(late[i])
        for engine in (quiet, busy):
            engine.update(bars.bar(t))
    for spec, a, b in zip(kept, quiet_ids, busy_ids, strict=True):
        wanted = laws.tail(batch(spec, inputs_of(spec, bars)), 20)
        assert same_bits(quiet.columns(spec, a), wanted), str(spec)
        assert same_bits(busy.columns(spec, b), wanted), str(spec)


def test_late_add_over_older_parts_equals_a_fresh_engine() -> None:
    """The part that it shares an id with has seen bars that the ring no longer holds."""
    bars = random_bars(8, 200)
    for part, whole in (
        (spec_of("SMA", 7), spec_of("BOLL", 7, 2)),
        (spec_of("EMA", 12), spec_of("MACD", 12, 26, 9)),
    ):
        engine, fresh = Engine(30), Engine(30)
        assert engine.add(part) == 1
        engine.push_all(bars[:101])
        assert engine.add(whole) == fresh.add(whole) == 3
        fresh.push_all(engine.ring_bars())
        for t in range(101, 200):
            laws.compare(whole, (engine, 3), (fresh, 3))
            engine.push(bars.bar(t))
            fresh.push(bars.bar(t))
        wanted = batch(part, inputs_of(part, bars))[0][-30:]
        assert same_bits([engine.column(1)], [wanted])


@pytest.mark.parametrize("first", [0, 1, 19, 20, 21, 70])
def test_indicators_added_late_one_after_another_equal_fresh_ones(first: int) -> None:
    """Later additions count their own first bar, not the one of an earlier late addition."""
    bars = random_bars(9, 260)
    engine = Engine(20)
    pairs: list[tuple[Spec, int, Engine, int]] = []
    late = [spec_of("EMA", 9), spec_of("RSI", 5), spec_of("MACD", 2, 5, 2), spec_of("SMA", 14)]
    for i, spec in enumerate(late):
        feed(engine, [p[2] for p in pairs], bars[first + 23 * i : first + 23 * (i + 1)])
        fresh = Engine(20)
        identity, same = engine.add(spec), fresh.add(spec)
        if lib.hquant_len(engine.handle):
            fresh.push_all(engine.ring_bars())
        pairs.append((spec, identity, fresh, same))
    feed(engine, [p[2] for p in pairs], bars[160:260])
    for spec, identity, fresh, same in pairs:
        laws.compare(spec, (engine, identity), (fresh, same))


def feed(engine: Engine, others: list[Engine], bars: Bars) -> None:
    for e in (engine, *others):
        e.push_all(bars)


TWINS = [spec_of("SMA", 7), spec_of("STDDEV", 7), spec_of("BOLL", 7, 2)]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("before", [0, 1, 2, 6, 7, 13, 31, 32, 33, 63, 70])
@pytest.mark.parametrize("capacity", [200, 20])
def test_rows_over_one_window_never_disturb_each_other(
    order: tuple[int, ...], before: int, capacity: int
) -> None:
    """SMA, STDDEV and BOLL may share work: added in any order, at any time, no bit moves."""
    bars = random_bars(10, 170)
    engine = Engine(capacity)
    added: list[tuple[Spec, int, Engine, int]] = []
    t = newest = 0
    for place, which in enumerate(order):
        for _ in range(before if place else 3):
            feed(engine, [a[2] for a in added], bars[t : t + 1])
            t += 1
        engine.update(bars.bar(100))
        for a in added:
            a[2].update(bars.bar(100))
        spec = TWINS[which]
        fresh = Engine(capacity)
        identity, same = engine.add(spec), fresh.add(spec)
        fresh.push_all(engine.ring_bars())
        if identity > newest:  # else it is a part of one that came before, and as old as that
            added.append((spec, identity, fresh, same))
            newest = identity
        for other in added:
            laws.compare(other[0], (engine, other[1]), (other[2], other[3]))
        for e in (engine, *(a[2] for a in added)):
            e.update(bars.bar(t - 1))
    for i in range(60):
        for e in (engine, *(a[2] for a in added)):
            e.push(bars.bar(110 + i))
            if i % 3 == 0:
                e.update(bars.bar(i))
                e.update(bars.bar(110 + i))
        for spec, identity, fresh, same in added:
            laws.compare(spec, (engine, identity), (fresh, same), whole=i % 17 == 3)
