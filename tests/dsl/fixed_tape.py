"""A tape of bars that is the same on every machine and under every version of Python and NumPy."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

MINUTE_MS = 60_000
START_MS = 1_700_000_040_000 // MINUTE_MS * MINUTE_MS


class TapeBar(NamedTuple):
    """One bar of the tape, in the order that `HQuant.push_bar` takes it."""

    timestamp: int
    open: float
    high: float
    low: float
    close: float
    volume: float
    buy_volume: float


def fixed_tape(count: int, seed: int = 1) -> list[TapeBar]:
    """Walk `count` bars of a minute, in cents.

    Only `Random.random` is drawn, the one method that Python promises to keep for a seed.
    """
    rng = Random(seed)

    def draw(n: int) -> int:
        return int(rng.random() * n)

    bars = []
    close = 10_000
    for i in range(count):
        begin = close + draw(21) - 10
        close = max(begin + draw(161) - 80 + (40 if i // 50 % 2 else -40), 2_000)
        high = max(begin, close) + draw(60)
        low = min(begin, close) - draw(60)
        volume = 1 + draw(10_000)
        prices = (each / 100 for each in (begin, high, low, close))
        bars.append(TapeBar(START_MS + i * MINUTE_MS, *prices, volume, draw(volume)))
    return bars
