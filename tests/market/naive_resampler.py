"""The candle rule written the slow way: every candle from the whole list of bars, every time.

Shares no code with the package. `bug` names a known wrong behaviour to plant, so that a test can
show that its streams tell right from wrong.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Sequence
from typing import Literal

BarTuple = tuple[int, float, float, float, float, float, float]
CandleTuple = tuple[int, int, float, float, float, float, float, float, int]
Event = tuple[str, int, CandleTuple]  # kind, period in ms, candle
Op = BarTuple | Literal["flush"]

BUGS = (
    "bucket truncates toward 0",
    "re-sent bar counts twice",
    "volume corrected by subtraction",
    "late bar is let in",
    "bar after a flush begins the candle anew",
    "flush repeats",
    "non-finite bar is let in",
)


def resample(ops: Sequence[Op], period: int, bug: str | None = None) -> list[Event]:
    """Events of one period for a whole stream of bars and flushes."""
    events: list[Event] = []
    slots: list[list[BarTuple]] = []  # a slot a base bar: its versions, newest last
    in_progress = False
    begin = 0  # first slot that counts
    for op in ops:
        if op == "flush":
            if slots and (in_progress or bug == "flush repeats"):
                events.append(("KlineClosed", period, _candle(slots[begin:], period, bug)))
            in_progress = False
            if bug == "bar after a flush begins the candle anew":
                begin = len(slots)
            continue
        if _refused(op, slots, bug):
            continue
        if in_progress and _bucket(slots[-1][-1][0], period, bug) != _bucket(op[0], period, bug):
            events.append(("KlineClosed", period, _candle(slots[begin:], period, bug)))
        again = len(slots) > begin and slots[-1][-1][0] == op[0]
        if again and bug != "re-sent bar counts twice":
            slots[-1].append(op)
        else:
            slots.append([op])
        in_progress = True
        events.append(("KlineUpdated", period, _candle(slots[begin:], period, bug)))
    return events


def random_ops(seed: int, length: int) -> list[Op]:
    """A stream from before 1970 to after it: gaps, re-sent, late and non-finite bars, flushes."""
    rng = random.Random(seed)
    ops: list[Op] = []
    time = -rng.randrange(length // 2 * 60_000, length * 60_000)
    for _ in range(length):
        draw = rng.random()
        if draw < 0.08:
            ops += ["flush"] * rng.choice([1, 1, 2])
        elif draw < 0.14:
            ops.append(_random_bar(rng, time - rng.choice([1, 60_000, 3_600_000])))
        elif draw < 0.18:
            bad = list(_random_bar(rng, time + rng.choice([0, 60_000])))
            bad[rng.randrange(1, 7)] = rng.choice([math.nan, math.inf, -math.inf, 1.1e100])
            ops.append(tuple(bad))
        else:
            if draw < 0.75:
                time += rng.choice([60_000, 60_000, 60_000, 250, 5 * 60_000, 7_300_000])
            ops.append(_random_bar(rng, time))
    return ops


def _refused(bar: BarTuple, slots: list[list[BarTuple]], bug: str | None) -> bool:
    late = bool(slots) and bar[0] < slots[-1][-1][0] and bug != "late bar is let in"
    bad = any(not abs(x) <= 1e100 for x in bar[1:]) and bug != "non-finite bar is let in"
    return late or bad


def _bucket(time: int, period: int, bug: str | None) -> int:
    if bug == "bucket truncates toward 0":
        return math.trunc(time / period) * period
    return time // period * period


def _candle(slots: list[list[BarTuple]], period: int, bug: str | None) -> CandleTuple:
    start = _bucket(slots[-1][-1][0], period, bug)
    inside = [s for s in slots if _bucket(s[-1][0], period, bug) == start]
    bars = [versions[-1] for versions in inside]
    volume, buy_volume = (_sum([[b[i] for b in s] for s in inside], bug) for i in (5, 6))
    return (
        start,
        start + period,
        bars[0][1],
        max(b[2] for b in bars),
        min(b[3] for b in bars),
        bars[-1][4],
        volume,
        buy_volume,
        bars[-1][0],
    )


def _sum(slots: list[list[float]], bug: str | None) -> float:
    """One rounding an addition, in the order of time (the built-in sum() compensates)."""
    total = 0.0
    for versions in slots:
        if bug == "volume corrected by subtraction":
            total += versions[0]
            for old, new in itertools.pairwise(versions):
                total += new - old
        else:
            total += versions[-1]
    return total


def _random_bar(rng: random.Random, time: int) -> BarTuple:
    low, open_, close, high = sorted(rng.uniform(90, 110) for _ in range(4))
    if rng.random() < 0.5:
        open_, close = close, open_
    volume = rng.choice([0.0, rng.expovariate(0.1), rng.expovariate(1e-9)])
    return (time, open_, high, low, close, volume, volume * rng.random())
