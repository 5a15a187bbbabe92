"""push_bars() is push_bar() bar by bar: signals, columns, snapshots, and what comes afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

import numpy as np
import pytest
from dsl.generate import random_program
from dsl.timeframe_laws import MINUTE, SETTINGS, Setting, gapped_bars, rows
from indicator.indicator_table import ENGINE_SPECS, Engine, random_bars, same_bits
from run.block_runs import bars_struct

from hquant_cffi import Bars, DataError, HQuant
from hquant_cffi._ffi import ffi, lib

BARS = gapped_bars(2_600, 5)
CAPACITIES = [1, 2, 33, 700, 4_000]


def chunks(rng: Random, length: int) -> Iterator[slice]:
    """Cuts of many sizes: below what blocks are worth, around a block, several blocks."""
    at = 0
    while at < length:
        end = at + rng.choice([0, 1, 2, 63, 64, 65, 66, 67, 300, 1_024, 1_025, 1_026, 1_100])
        yield slice(at, min(end, length))
        at = end


def push_one_by_one(engine: HQuant, bars: Bars) -> None:
    for row in rows(bars):
        engine.push_bar(*row)  # type: ignore[arg-type]


def busy_engine(seed: int, setting: Setting, capacity: int) -> HQuant:
    """Strategies, some across timeframes, and indicators whose rows remember in every way."""
    rng = Random(seed)
    engine = HQuant(capacity, htf=setting.htf, bar_period=setting.bar_period)
    for i in range(rng.randint(0, 4)):
        engine.add_strategy(f"s{i}", random_program(rng, timeframes=rng.random() < 0.6))
    engine.add_boll(rng.randint(2, 40), 2)
    engine.add_macd(3, 7, 4)
    engine.add_indicator("HIGHEST", n=rng.randint(1, 50))
    engine.add_indicator("MEDIAN", 9)
    engine.set_signal_capacity(rng.choice([1, 7, 65_536]))
    return engine


def same_engines(a: HQuant, b: HQuant, *where: object) -> None:
    """Everything that can be asked; the snapshot has every bit of state."""
    assert a.save() == b.save(), where
    for id in range(1, 8):
        np.testing.assert_array_equal(
            a.indicator_column(id).ordered(), b.indicator_column(id).ordered(), str(where)
        )
        assert repr(a.indicator_values(id)) == repr(b.indicator_values(id)), where
    assert a.signals_dropped == b.signals_dropped
    assert a.poll_signals() == b.poll_signals(), where


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
@pytest.mark.parametrize("capacity", CAPACITIES)
def test_an_engine_pushed_by_blocks_is_one_pushed_bar_by_bar(
    setting: Setting, capacity: int
) -> None:
    for seed in range(6):
        rng = Random(seed)
        ours, slow = (busy_engine(seed, setting, capacity) for _ in range(2))
        for part in chunks(rng, len(BARS)):
            assert ours.push_bars(BARS[part]) == len(BARS[part])
            push_one_by_one(slow, BARS[part])
            if rng.random() < 0.5:
                same_engines(ours, slow, seed, part)
        same_engines(ours, slow, seed)


def _update(engine: HQuant, bar: Bars) -> None:
    for price in (0.97, 1.02, 1.0):
        (row,) = rows(bar)
        stamp, *prices = row
        engine.update_last_bar(int(stamp), *(x * price for x in prices))


def _add_late(engine: HQuant, bar: Bars) -> None:
    engine.add_indicator("EMA", 11, field="volume")
    engine.add_strategy("late", "IF CROSSOVER(SMA(4), EMA(close@15m, 3)) THEN BUY")


def _set_param(engine: HQuant, bar: Bars) -> None:
    engine.set_param(
        engine.add_strategy("p", "PARAM n = 5 IN 2..30\nIF SMA(n) < close THEN HOLD"), "n", 17
    )


def _push_more(engine: HQuant, bar: Bars) -> None:
    push_one_by_one(engine, BARS[2_300:2_400])


AFTERWARDS = [_update, _add_late, _set_param, _push_more]


@pytest.mark.parametrize("what", AFTERWARDS)
def test_what_comes_after_a_block_cannot_tell(what: Callable[[HQuant, Bars], None]) -> None:
    for seed in range(6):
        engines = [busy_engine(seed, SETTINGS[seed % 4], 300) for _ in range(2)]
        engines[0].push_bars(BARS[:2_300])
        push_one_by_one(engines[1], BARS[:2_300])
        for engine in engines:
            what(engine, BARS[2_299:2_300])
        same_engines(*engines, seed, what)
        engines[0].push_bars(BARS[2_400:])
        push_one_by_one(engines[1], BARS[2_400:])
        same_engines(*engines, seed, what)


ROWS = [1, 2, 700, 1_024, 1_025, 1_026, 1_027, 2_599]
FAULTS = [("not finite", 0), *((fault, row) for fault in ("not finite", "order") for row in ROWS)]


@pytest.mark.parametrize(("fault", "row"), FAULTS)
def test_a_refused_bar_leaves_what_pushing_one_by_one_leaves(fault: str, row: int) -> None:
    """And the engine goes on; the bar before it can still be updated."""
    columns = {name: column.copy() for name, column in BARS.columns.items()}
    if fault == "not finite":
        columns["low"][row] = np.nan
    else:
        columns["timestamp"][row] = columns["timestamp"][row - 1] - MINUTE
    for seed in range(4):
        ours, slow = (busy_engine(seed, SETTINGS[0], 300) for _ in range(2))
        for engine in (ours, slow):
            engine.add_strategy("candles", "IF close > close@5m THEN BUY")
        pushed = ffi.new("size_t *")
        status = lib.hq_push_bars(ours._handle, bars_struct(columns), pushed)
        assert status == (lib.HQ_EBAR if fault == "not finite" else lib.HQ_EORDER)
        assert pushed[0] == row
        push_one_by_one(slow, BARS[:row])
        with pytest.raises(DataError):
            slow.push_bar(*(column[row].item() for column in columns.values()))
        same_engines(ours, slow, seed)
        for engine in (ours, slow):
            if row > 0:
                _update(engine, BARS[row - 1 : row])
            push_one_by_one(engine, BARS[row + 5 : row + 90])
        same_engines(ours, slow, seed)


def test_every_indicator_of_the_table_by_blocks() -> None:
    bars = random_bars(12, 400)
    ours, slow = Engine(150), Engine(150)
    ids = [(each, ours.add(each), slow.add(each)) for each in ENGINE_SPECS[::3]]
    ours.push_all(bars[:300])
    ours.push_all(bars[300:])
    for bar in range(len(bars)):
        slow.push(bars.bar(bar))
    for each, a, b in ids:
        assert same_bits(ours.columns(each, a), slow.columns(each, b)), str(each)
        assert repr(ours.last(each, a)) == repr(slow.last(each, b)), str(each)


def test_bars_without_buy_volume_are_bars_with_zeros() -> None:
    bare = {name: column for name, column in BARS.columns.items() if name != "buy_volume"}
    zeros = Bars(**BARS.columns | {"buy_volume": np.zeros(len(BARS))})  # type: ignore[arg-type]
    for capacity in CAPACITIES:
        engines = [HQuant(capacity) for _ in range(2)]
        engines[0].push_bars(Bars(**bare))  # type: ignore[arg-type]
        push_one_by_one(engines[1], zeros)
        for name in ("timestamp", "close", "buy_volume"):
            np.testing.assert_array_equal(
                engines[0].column(name).ordered(), engines[1].column(name).ordered()
            )
