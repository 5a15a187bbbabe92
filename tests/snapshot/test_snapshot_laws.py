"""Saved at any bar and loaded, an engine goes on with the same bits."""

from __future__ import annotations

from random import Random

import pytest
from dsl.fixed_tape import fixed_tape
from indicator.indicator_table import Spec
from snapshot.snapshot_tapes import ADDABLE, SHORT, Live

from hquant_cffi import Aggregator, HQuant, MultiHQuant


def test_most_rows_take_part() -> None:
    assert len({spec.row.name for spec in SHORT}) > 100


@pytest.mark.parametrize("spec", ADDABLE, ids=str)
def test_each_row_goes_on_with_the_same_bits(spec: Spec) -> None:
    tape = fixed_tape(300, seed=3)
    live = Live(HQuant(64))
    live.add(spec)
    for at, bar in enumerate(tape):
        if at in (0, 1, 37, 150):
            data = live.engine.save()
            loaded = live.reloaded()
            assert loaded.engine.save() == data
            for each in tape[at:]:
                loaded.engine.push_bar(*each)
        live.engine.push_bar(*bar)
        if at == 37:
            revised = bar._replace(close=bar.close + 1)
            again = live.reloaded()
            again.engine.update_last_bar(*revised)
            other = Live(live.engine, live.ids).reloaded()
            other.engine.update_last_bar(*revised)
            assert again.seen() == other.seen()
    assert loaded.seen() == live.seen()
    assert loaded.engine.save() == live.engine.save()


@pytest.mark.parametrize("timeframes", [False, True])
@pytest.mark.parametrize("seed", range(30))
def test_random_engine_goes_on_with_the_same_bits(seed: int, timeframes: bool) -> None:
    rng = Random(seed)
    tape = fixed_tape(rng.choice([40, 200, 330]), seed)
    live = Live(
        HQuant(
            rng.choice([1, 7, 64, 1000]),
            htf=rng.choice(["closed", "forming"]),
            bar_period=rng.choice([None, "1m"]),
        )
    )
    twins: list[Live] = []
    save_at = set(rng.sample(range(len(tape)), 4)) | {0}
    choices = Random(seed + 1000)
    for at, bar in enumerate(tape):
        if choices.random() < 0.05 or at == 0:
            state = choices.getstate()
            for each in [live, *twins]:
                choices.setstate(state)
                each.add_something(choices, timeframes=timeframes)
        if at in save_at:
            data = live.engine.save()
            twins.append(live.reloaded())
            assert twins[-1].engine.save() == data
        state = choices.getstate()
        for each in [live, *twins]:
            choices.setstate(state)
            each.step(choices, bar)
        if choices.random() < 0.2 or at + 1 == len(tape):
            seen = live.seen()
            assert all(each.seen() == seen for each in twins)
    data = live.engine.save()
    assert all(each.engine.save() == data for each in twins)


@pytest.mark.parametrize("emit", ["every_update", "on_close"])
@pytest.mark.parametrize("htf", ["closed", "forming"])
@pytest.mark.parametrize("seed", range(4))
def test_random_multi_goes_on_with_the_same_bits(seed: int, htf: str, emit: str) -> None:
    rng = Random(seed)
    multi = MultiHQuant(
        100, ["1m", "5m", "15m"], emit, htf=htf, bar_period=rng.choice([None, "1m"])
    )  # type: ignore[arg-type]
    tape = fixed_tape(400, seed)
    cross = "PARAM n = 3 IN 2..9 STEP 1\nIF SMA(close, n) > SMA(close@5m, n) THEN BUY\n"
    cross += "IF CROSSOVER(close, EMA(close@15m, 3)) THEN SELL"
    multis = [multi]
    save_at = set(rng.sample(range(len(tape)), 5)) | {0}
    for at, bar in enumerate(tape):
        if at in save_at:
            data = multi.save()
            multis.append(MultiHQuant.load(data))
            assert multis[-1].save() == data
            assert (multis[-1].emit, [p.ms for p in multis[-1].periods]) == (
                emit,
                [60_000, 300_000, 900_000],
            )
        if at in (5, 200):
            for each in multis:
                id = each.add_strategy("x", cross)
                each.set_param(id, "n", 4)
                each.engine("5m").add_indicator("RSI", 5)
                each.engine("5m").add_strategy("y", "IF RSI(5) > 50 THEN BUY")
        for each in multis:
            each.feed_bar(*bar)
            if at % 97 == 0:
                each.flush()
        if at % 30 == 0 or at + 1 == len(tape):
            signals = [each.poll_signals() for each in multis]
            assert all(found == signals[0] for found in signals)
    data = multi.save()
    assert all(each.save() == data for each in multis)


def test_aggregator_goes_on_with_the_same_events() -> None:
    tape = fixed_tape(200)
    aggregator = Aggregator(["5m", "1h", "7s"])
    for at, bar in enumerate(tape):
        if at % 50 == 49:
            data = aggregator.save()
            loaded = Aggregator.load(data)
            assert loaded.save() == data
            assert [p.ms for p in loaded.periods] == [300_000, 3_600_000, 7_000]
            loaded.push(*bar)
            loaded.flush()
            twin = Aggregator.load(data)
            twin.push(*bar)
            twin.flush()
            assert twin.poll_events() == loaded.poll_events()
        aggregator.push(*bar)
    assert Aggregator.load(aggregator.save()).poll_events() == aggregator.poll_events()


def test_unpolled_signals_and_drops_are_kept() -> None:
    engine = HQuant(10)
    engine.add_strategy("s", "IF close > 0 THEN BUY")
    engine.set_signal_capacity(3)
    for bar in fixed_tape(8):
        engine.push_bar(*bar)
    loaded = HQuant.load(engine.save())
    assert loaded.signals_dropped == engine.signals_dropped == 5
    assert loaded.poll_signals() == engine.poll_signals() != []


def test_rows_of_the_language_go_on_with_the_same_signals() -> None:
    tape = fixed_tape(300, seed=8)
    engine = HQuant(50)
    rules = "IF close > VALUEWHEN(CROSSOVER(close, SMA(9)), high, 3) THEN BUY\n"
    rules += "IF BARSSINCE(CROSS(close, open)) > 2 OR FALLING(close, 3) THEN SELL"
    engine.add_strategy("s", rules)
    for bar in tape[:150]:
        engine.push_bar(*bar)
    loaded = HQuant.load(engine.save())
    for bar in tape[150:]:
        engine.push_bar(*bar)
        loaded.push_bar(*bar)
    assert loaded.poll_signals() == engine.poll_signals() != []
    assert loaded.save() == engine.save()
