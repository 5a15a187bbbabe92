"""Bars of the test vectors: whole ticks, from a generator that any machine agrees with.

Every price is such a number divided or multiplied once, which IEEE rounds alike everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

MINUTE: Final = 60_000
START: Final = 1_700_000_040_000  # 2023-11-14 22:14 UTC: no candle of 5 minutes begins there


class Digits:
    """Knuth's MMIX generator (The Art of Computer Programming 2, 3.3.4, table 1, line 26)."""

    def __init__(self, seed: int) -> None:
        self._state = seed

    def below(self, n: int) -> int:
        """Return the next number of 0..n-1."""
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self._state >> 33) % n


Column = list[Any]
Tape = dict[str, Column]
FIELDS: Final = ("timestamp", "open", "high", "low", "close", "volume", "buy_volume")


def _walk(
    seed: int,
    length: int,
    start: int,
    step: int,
    price: Callable[[int], float],
    time: Callable[[int, Digits], int],
    calm: Callable[[int], bool] = lambda bar: False,
    least: int | None = 1,
) -> Tape:
    """A walk in ticks. Where `calm`, a bar stays where the one before it closed."""
    digits, last, now = Digits(seed), start, START
    tape: Tape = {name: [] for name in FIELDS}
    for bar in range(length):
        now = time(now, digits) if bar else now
        size = 0 if calm(bar) else step
        opened = last + digits.below(size + 1) - size // 2
        closed = opened + digits.below(2 * size + 1) - size
        high = max(opened, closed) + digits.below(size + 1)
        low = min(opened, closed) - digits.below(size + 1)
        if least is not None:
            opened, closed, high, low = (max(each, least) for each in (opened, closed, high, low))
        volume = 0 if calm(bar) and bar % 2 else 3 + digits.below(40)
        ticks = (opened, high, low, closed)
        row = (now, *map(price, ticks), float(volume), digits.below(volume + 1) / 4)
        for name, value in zip(FIELDS, row, strict=True):
            tape[name].append(value)
        last = closed
    return tape


def _next_minute(now: int, digits: Digits) -> int:
    return now + MINUTE


def _with_gaps(now: int, digits: Digits) -> int:
    return now + MINUTE * (1 if digits.below(6) else 1 + digits.below(40))


def _candles(tape: Tape, minutes: int) -> Tape:
    """Return the candles of a tape without gaps: buckets of time, the first one shorter."""
    buckets: dict[int, list[int]] = {}
    for bar, time in enumerate(tape["timestamp"]):
        buckets.setdefault(time // (minutes * MINUTE) * minutes * MINUTE, []).append(bar)
    parts = buckets.values()
    return {
        "timestamp": list(buckets),
        "open": [tape["open"][bars[0]] for bars in parts],
        "high": [max(tape["high"][bar] for bar in bars) for bars in parts],
        "low": [min(tape["low"][bar] for bar in bars) for bars in parts],
        "close": [tape["close"][bars[-1]] for bars in parts],
        "volume": [float(sum(tape["volume"][bar] for bar in bars)) for bars in parts],
        "buy_volume": [float(sum(tape["buy_volume"][bar] for bar in bars)) for bars in parts],
    }


def tapes() -> dict[str, Tape]:
    """Return the tapes by name."""
    cents = lambda ticks: ticks / 100  # noqa: E731
    trends = _walk(2, 160, 6_000, 160, cents, _next_minute)
    return {
        "ordinary": _walk(1, 112, 10_000, 90, cents, _next_minute),
        "trends": trends,
        "candles": _candles(trends, 5),
        "gaps": _walk(3, 60, 25_000, 700, cents, _with_gaps),
        "flat": _walk(4, 60, 5_000, 40, cents, _next_minute, calm=lambda bar: bar % 20 > 7),
        "huge": _walk(5, 48, 900, 70, lambda ticks: ticks * 7e96, _next_minute),
        "tiny": _walk(6, 48, 300, 40, lambda ticks: ticks * 5e-324, _next_minute),
        "negative": _walk(7, 48, 0, 300, lambda ticks: ticks / 8, _next_minute, least=None),
    }
