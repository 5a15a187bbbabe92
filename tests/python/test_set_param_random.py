"""Random strategies in one engine, changed at random: each is what it is in its own engine."""

from __future__ import annotations

from random import Random

import pytest
from dsl.generate import LENGTH_PARAM
from dsl.timeframe_laws import SETTINGS, Setting, gapped_bars, random_programs, rows

from hquant_cffi import HQuant, Strategy

BARS = gapped_bars(150, 11)
STRATEGIES = 4


class Alone:
    """A strategy by itself: the engine that speaks, and the one that takes over with a push."""

    def __init__(self, setting: Setting, capacity: int, program: Strategy) -> None:
        self.setting = setting
        self.capacity = capacity
        self.program = program
        self.engine = self.fed([])
        self.next: HQuant | None = None

    def fed(self, ring: list[tuple[float, ...]]) -> HQuant:
        engine = self.setting.engine(self.capacity)
        engine.add_strategy("s", self.program)
        for row in ring:
            engine.push_bar(*row)  # type: ignore[arg-type]
        engine.poll_signals()
        return engine

    def change(self, length: int, ring: list[tuple[float, ...]]) -> None:
        self.program = self.program.with_params(**{LENGTH_PARAM: length})
        self.next = self.fed(ring)

    def push(self, row: tuple[float, ...]) -> list[str]:
        if self.next is not None:
            self.engine, self.next = self.next, None
        self.engine.push_bar(*row)  # type: ignore[arg-type]
        return self.actions(self.engine)

    def update(self, row: tuple[float, ...]) -> list[str]:
        if self.next is not None:
            self.next.update_last_bar(*row)  # type: ignore[arg-type]
            self.next.poll_signals()
        self.engine.update_last_bar(*row)  # type: ignore[arg-type]
        return self.actions(self.engine)

    @staticmethod
    def actions(engine: HQuant) -> list[str]:
        return [str(signal["action"]) for signal in engine.poll_signals()]


def programs_with_a_length(rng: Random, count: int) -> list[Strategy]:
    found: list[Strategy] = []
    for text in random_programs(range(start := rng.randrange(10**6), start + 200)):
        if f"PARAM {LENGTH_PARAM}" in text and len(found) < count:
            found.append(Strategy.compile(text))
    return found


@pytest.mark.parametrize("seed", range(24))
def test_each_strategy_is_what_it_is_alone(seed: int) -> None:
    rng = Random(seed)
    setting = SETTINGS[seed % 4]
    capacity = rng.choice([2, 3, 8, 40, 1000])
    programs = programs_with_a_length(rng, STRATEGIES)
    together = setting.engine(capacity)
    together.add_boll(5, 2)
    alone = [Alone(setting, capacity, program) for program in programs]
    for program in programs:
        together.add_strategy("s", program)
    ring: list[tuple[float, ...]] = []
    fired = 0
    for bar, row in enumerate(rows(BARS)):
        final = row
        for version in range(rng.choice([1, 1, 2, 3])):
            final = row if version == 0 else (row[0], *(x * rng.uniform(0.9, 1.1) for x in row[1:]))
            if version == 0:
                together.push_bar(*final)  # type: ignore[arg-type]
                expected = [each.push(final) for each in alone]
                ring = [*ring, final][-capacity:]
            else:
                together.update_last_bar(*final)  # type: ignore[arg-type]
                expected = [each.update(final) for each in alone]
                ring = [*ring[:-1], final]
            signals = together.poll_signals()
            found = [
                [s["action"] for s in signals if s["strategy_id"] == i + 1]
                for i in range(STRATEGIES)
            ]
            assert found == expected, (seed, bar, version)
            fired += len(signals)
            if rng.random() < 0.15:
                which, length = rng.randrange(STRATEGIES), rng.randint(2, 9)
                together.set_param(which + 1, LENGTH_PARAM, length)
                alone[which].change(length, ring)
    assert fired > 20
