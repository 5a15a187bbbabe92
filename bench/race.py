"""Times side by side: every runner once a round, so that what disturbs one disturbs all.

Each round has an order of its own. Who follows a library that has filled the caches with its own
data waits for memory for several calls, and who comes next finds the input there: in one order for
all rounds the same ones would.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar

__all__ = ["CLOCKS", "Clock", "Goal", "Race", "Runner", "Spread", "Timed", "best_of", "race"]

Clock = Literal["wall", "cpu"]
_T = TypeVar("_T")

#: Time that passes, and time that the process's threads spend computing: a busy machine stretches
#: the first more than the second, which in turn hides that two threads share the work.
CLOCKS: dict[Clock, Callable[[], int]] = {
    "wall": time.perf_counter_ns,
    "cpu": time.process_time_ns,
}

_SHORTEST_NS = 2_000_000  # a sample repeats its work until it lasts about so long
_CALLS = 5  # of a sample at the least: the first wait for what others have driven from the caches
_LONG_NS = 100_000_000  # what finds caches as others have left them matters little to longer work


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
    """ns an operation, by the rounds that the runner took part in.

    `cold` has the call just before, the first after others had their turn: no more than a note.
    """

    runner: Runner
    ns: dict[int, float]
    cold: dict[int, float] = field(default_factory=dict)

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
    plans[0] = replace(plans[0], rounds=how.rounds)
    timed = [Timed(runner, {}) for runner in runners]
    for turn in range(how.rounds):
        for each, plan in _in_order_of(turn, zip(timed, plans, strict=True)):
            if _takes_part(turn, plan.rounds, how.rounds):
                if not plan.is_long:
                    each.cold[turn] = _sample(each.runner, 1, how.clock)
                each.ns[turn] = _sample(each.runner, plan.repeats, how.clock)
    return timed


@dataclass(frozen=True)
class _Plan:
    """How often a sample repeats a runner's work, its rounds, and whether a call is long."""

    repeats: int
    rounds: int
    is_long: bool


def _plan(runner: Runner, how: Race) -> _Plan:
    """Warm a runner up and see how long it takes."""
    runner.work()
    taken = max(1.0, _sample(runner, 1, "wall") * runner.n)
    is_long = taken > _LONG_NS
    repeats = 1 if is_long else max(_CALLS, round(_SHORTEST_NS / taken))
    rounds = int(how.seconds * 1e9 / (taken * (repeats if is_long else repeats + 1)))
    return _Plan(repeats, min(how.rounds, max(2, rounds)), is_long)


def _in_order_of(turn: int, runners: Iterable[_T]) -> list[_T]:
    """Shuffle, each turn otherwise and each run alike."""
    order = list(runners)
    random.Random(turn).shuffle(order)
    return order


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
