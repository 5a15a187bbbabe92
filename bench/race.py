"""Times side by side: every runner once a round, so that what disturbs one disturbs all."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = ["CLOCKS", "Clock", "Goal", "Race", "Runner", "Spread", "Timed", "best_of", "race"]

Clock = Literal["wall", "cpu"]

#: Time that passes, and time that the process's threads spend computing: a busy machine stretches
#: the first more than the second, which in turn hides that two threads share the work.
CLOCKS: dict[Clock, Callable[[], int]] = {
    "wall": time.perf_counter_ns,
    "cpu": time.process_time_ns,
}

_SHORTEST_NS = 2_000_000  # a sample repeats its work until it lasts about so long


@dataclass(frozen=True)
class Runner:
    """Something to be timed. `n` are the operations of a call; `note` is printed beside it."""

    name: str
    work: Callable[[], object]
    n: int
    note: str = ""


@dataclass(frozen=True)
class Spread:
    """A median between quartiles."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Return the spread of one value or more."""
        if len(values) == 1:
            return cls(values[0], values[0], values[0])
        low, median, high = statistics.quantiles(values, n=4, method="inclusive")
        return cls(median, low, high)


@dataclass(frozen=True)
class Timed:
    """ns an operation, by the rounds that the runner took part in."""

    runner: Runner
    ns: dict[int, float]

    @property
    def spread(self) -> Spread:
        """How long it took."""
        return Spread.of(list(self.ns.values()))

    def over(self, other: Timed) -> Spread:
        """How its times are to another's of the same rounds."""
        return Spread.of([self.ns[turn] / other.ns[turn] for turn in self.ns if turn in other.ns])


@dataclass(frozen=True)
class Goal:
    """At most how often a rival's time ours may be. Rivals are named by how their names begin."""

    rival: str
    most: float
    ours: str = ""  # the first runner


@dataclass(frozen=True)
class Race:
    """How often, for how long and by which clock."""

    rounds: int
    seconds: float  # a runner's share: slow ones take part in fewer rounds, in two at the least
    clock: Clock = "wall"


def race(runners: Sequence[Runner], how: Race) -> list[Timed]:
    """Time the runners. The first is in every round: the others are compared with it."""
    plans = [_plan(runner, how) for runner in runners]
    plans[0] = (plans[0][0], how.rounds)
    timed = [Timed(runner, {}) for runner in runners]
    for turn in range(how.rounds):
        for each, (repeats, rounds) in zip(timed, plans, strict=True):
            if _takes_part(turn, rounds, how.rounds):
                each.ns[turn] = _sample(each.runner, repeats, how.clock)
    return timed


def _plan(runner: Runner, how: Race) -> tuple[int, int]:
    """Warm a runner up; return how often a sample repeats its work, and its rounds."""
    runner.work()
    taken = max(1.0, _sample(runner, 1, "wall") * runner.n)
    repeats = max(1, round(_SHORTEST_NS / taken))
    rounds = int(how.seconds * 1e9 / (taken * repeats))
    return repeats, min(how.rounds, max(2, rounds))


def _takes_part(turn: int, rounds: int, of: int) -> bool:
    """Spread `rounds` evenly over `of`."""
    return turn * rounds // of != (turn - 1) * rounds // of


def _sample(runner: Runner, repeats: int, clock: Clock) -> float:
    now, work = CLOCKS[clock], runner.work
    started = now()
    for _ in range(repeats):
        work()
    return (now() - started) / (runner.n * repeats)


def best_of(runs: int, work: Callable[[], object], n: int) -> list[float]:
    """Return ns an operation, one value a run, of something that is timed alone."""
    return [_sample(Runner("", work, n), 1, "wall") for _ in range(runs)]
