"""Indicators without a history: the same newest values, ids of their own, and no column."""

from __future__ import annotations

import random

import numpy as np
import pytest
from indicator_table import (
    ENGINE_SPECS,
    Bars,
    Engine,
    Spec,
    batch,
    bits,
    inputs_of,
    native,
    random_bars,
    row_named,
    spec_of,
)

from hquant_cffi import HQuant, NotFoundError, ParameterError
from hquant_cffi._ffi import ffi, lib

LENGTH = 170  # five times round the 32 lines of a graph
SMA, EMA, BOLL = (row_named(name).code for name in ("SMA", "EMA", "BOLL"))
STRATEGY = "PARAM n = 5 IN 2..40 STEP 1\nIF close > SMA(n) THEN BUY"


def add_newest(engine: Engine, spec: Spec) -> int:
    return int(lib.hq_add_indicator_newest(engine.handle, native(spec)))


def has_column(engine: Engine, identity: int) -> bool:
    return bool(lib.hq_indicator_column(engine.handle, identity, 0).ptr != ffi.NULL)


def test_newest_values_are_those_of_the_batch() -> None:
    for spec in ENGINE_SPECS:
        bars = random_bars(7, LENGTH)
        expected = batch(spec, inputs_of(spec, bars))
        engine = Engine(40)
        identity = add_newest(engine, spec)
        assert identity > 0, str(spec)
        for t in range(len(bars)):
            assert engine.push(bars.bar(t)) == lib.HQ_OK
            now = [column[t] for column in expected]
            assert bits(engine.last(spec, identity)) == bits(now), (str(spec), t)
        assert not has_column(engine, identity), str(spec)


def test_blocks_and_revisions_leave_the_same_newest_values() -> None:
    rng = random.Random(3)
    for spec in ENGINE_SPECS:
        bars = random_bars(8, LENGTH)
        expected = batch(spec, inputs_of(spec, bars))
        engine = Engine(9)
        identity = add_newest(engine, spec)
        at = 0
        while at < LENGTH:
            end = min(LENGTH, at + rng.randint(1, 60))
            engine.push_all(bars[at:end])
            engine.update(bars.bar(rng.randrange(LENGTH)))
            engine.update(bars.bar(end - 1))
            now = [column[end - 1] for column in expected]
            assert bits(engine.last(spec, identity)) == bits(now), (str(spec), end)
            at = end


def test_an_equal_indicator_serves_unless_a_history_is_wanted() -> None:
    engine = Engine(10)
    sma, ema = spec_of("SMA", 5), spec_of("EMA", 5)
    assert add_newest(engine, sma) == 1
    assert add_newest(engine, sma) == 1
    assert engine.add(sma) == 2
    assert engine.add(sma) == 2
    assert engine.add(ema) == 3
    assert add_newest(engine, ema) == 3
    assert [has_column(engine, identity) for identity in (1, 2, 3)] == [False, True, True]
    assert lib.hquant_add_sma_close(engine.handle, 5) == 2


def test_parts_have_no_history_either() -> None:
    engine = Engine(10)
    assert add_newest(engine, spec_of("BOLL", 20, 2.0)) == 3
    assert not any(has_column(engine, identity) for identity in (1, 2, 3))
    assert lib.hquant_add_stddev_close(engine.handle, 20) == 4
    assert lib.hquant_add_boll(engine.handle, 20, 2.0) == 6, "its SMA is added, its STDDEV there"
    assert all(has_column(engine, identity) for identity in (4, 5, 6))
    for t, bar in enumerate(range(40)):
        engine.push((t, bar, bar + 1, bar - 1, bar + 0.5, 1, 0))
    pairs = ((1, 5), (2, 4), (3, 6))
    for without, with_history in pairs:
        one, other = (lib.hquant_indicator_last(engine.handle, i) for i in (without, with_history))
        assert (one.a, one.b, one.c) == (other.a, other.b, other.c) or one.b != one.b


def _push(engine: HQuant, bars: Bars) -> None:
    for t in range(len(bars)):
        engine.push_bar(*bars.bar(t))


def test_added_late_and_beside_changes_it_goes_on() -> None:
    bars = random_bars(4, 300)
    engine, plain = HQuant(50), HQuant(50)
    _push(engine, bars[:70])
    _push(plain, bars[:70])
    macd = engine.add_indicator("MACD", 5, 9, 3, history=False)
    assert macd == plain.add_indicator("MACD", 5, 9, 3)
    values = engine.live((macd, 2), (macd, 0))
    strategy = engine.add_strategy("s", STRATEGY)
    for begin in range(70, 300, 23):
        part = bars[begin : begin + 23]
        engine.set_param(strategy, "n", 2 + begin % 30)
        _push(engine, part)
        _push(plain, part)
        expected = plain.indicator_values(macd)
        assert engine.indicator_values(macd) == expected
        assert tuple(values) == (expected[2], expected[0])


def test_a_snapshot_has_none_and_goes_on() -> None:
    bars = random_bars(5, 200)
    engine = HQuant(64)
    with_history = engine.add_indicator("RSI", 5)
    without = engine.add_indicator("BOLL", 7, 2.0, history=False)
    _push(engine, bars[:101])
    snapshot = engine.save()
    loaded = HQuant.load(snapshot)
    assert loaded.save() == snapshot
    for part in (engine, loaded):
        _push(part, bars[101:])
    assert engine.indicator_values(without) == loaded.indicator_values(without)
    assert np.array_equal(
        engine.indicator_column(with_history).ordered(),
        loaded.indicator_column(with_history).ordered(), equal_nan=True,
    )  # fmt: skip
    assert engine.save() == loaded.save()
    with pytest.raises(ParameterError, match=r"indicator 4 \(BOLL\).*without a history"):
        loaded.indicator_column(without)
    assert loaded.add_indicator("BOLL", 7, 2.0, history=False) == without

    full = HQuant(64)
    full.add_indicator("RSI", 5)
    full.add_indicator("BOLL", 7, 2.0)
    _push(full, bars[:101])
    columns_of_five_outputs = 5 * 64 * 8
    assert len(full.save()) == len(snapshot) + columns_of_five_outputs


def test_what_is_asked_of_no_history_is_refused_by_name() -> None:
    engine = HQuant(10)
    sma = engine.add_indicator("SMA", 3, history=False)
    with pytest.raises(ParameterError, match=r"indicator 1 \(SMA\).*without a history"):
        engine.indicator_column(sma)
    with pytest.raises(NotFoundError, match="no output 1"):
        engine.indicator_column(sma, 1)
    with pytest.raises(ParameterError):
        engine.add_indicator("SMA", 0, history=False)
    assert engine.add_indicator("EMA", 3) == 2, "a refused one takes no id"
