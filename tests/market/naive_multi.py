"""MultiHQuant's rules written the slow way: every candle from the whole list of bars, every time.

Shares no code with the package. `bug` names a known wrong behaviour to plant, so that a test can
show that its streams tell right from wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from market.naive_resampler import BarTuple, Op

Candle = tuple[int, float, float, float, float, float]  # open time, OHLC, volume
Evaluation = tuple[int, int]  # period index (0: cross-period), timestamp

BUGS = (
    "flush evaluates again",
    "close evaluates what is written",
    "re-sent identical bar is evaluated",
    "candle is evaluated twice after a flush",
    "cross-period signals carry the candle's time",
)


def candles(slots: Sequence[BarTuple], period: int) -> list[Candle]:
    """Candles of one period, oldest first, from the newest version of each base bar."""
    found: dict[int, list[BarTuple]] = {}
    for bar in slots:
        found.setdefault(bar[0] // period * period, []).append(bar)
    return [_candle(start, bars) for start, bars in found.items()]


def _candle(start: int, bars: Sequence[BarTuple]) -> Candle:
    volume = 0.0
    for bar in bars:
        volume += bar[5]
    high, low = max(bar[2] for bar in bars), min(bar[3] for bar in bars)
    return (start, bars[0][1], high, low, bars[-1][4], volume)


@dataclass
class NaiveMulti:
    """The base bars so far, and when a strategy that always fires has been evaluated."""

    periods: Sequence[int]
    emit: str
    bug: str | None = None
    slots: list[BarTuple] = field(default_factory=list)  # newest version of each base bar
    refused: int = 0
    evaluations: list[Evaluation] = field(default_factory=list)
    _done: set[Evaluation] = field(default_factory=set)
    _flushed: bool = False

    def run(self, ops: Sequence[Op]) -> list[Evaluation]:
        for op in ops:
            if op == "flush":
                self.flush()
            else:
                self.feed(op)
        return self.evaluations

    def feed(self, bar: BarTuple) -> bool:
        """Take a bar; whether it was let in."""
        if any(not abs(x) <= 1e100 for x in bar[1:]) or (self.slots and bar[0] < self.slots[-1][0]):
            self.refused += 1
            return False
        before = self.slots
        again = bool(before) and before[-1][0] == bar[0]
        if self.emit == "on_close" and before:
            self._finish([p for p in self.periods if bar[0] // p != before[-1][0] // p])
        self.slots = [*(before[:-1] if again else before), bar]
        if self.emit == "every_update":
            self._update(before, again)
        self._flushed = False
        return True

    def flush(self) -> None:
        if self.emit == "on_close" and self.slots:
            self._finish(list(self.periods))
        if self.bug == "flush evaluates again" and self.slots and not self._flushed:
            self._evaluate(list(self.periods))
        self._flushed = True

    def _update(self, before: Sequence[BarTuple], again: bool) -> None:
        changed = [
            p
            for p in self.periods
            if not again
            or self._newest(before, p) != self._newest(self.slots, p)
            or self.bug == "re-sent identical bar is evaluated"
        ]
        if self.bug == "close evaluates what is written" and before:
            self.evaluations += [
                (i, before[-1][0] // p * p)
                for i, p in enumerate(self.periods, 1)
                if before[-1][0] // p != self.slots[-1][0] // p
            ]
        self._evaluate(changed)

    def _newest(self, slots: Sequence[BarTuple], period: int) -> tuple[float, ...]:
        start = slots[-1][0] // period * period
        inside = [bar for bar in slots if bar[0] >= start]
        buy = 0.0
        for bar in inside:
            buy += bar[6]
        return (*_candle(start, inside), buy)

    def _finish(self, ending: Sequence[int]) -> None:
        time = self.slots[-1][0]
        due = [p for p in ending if (p, time // p * p) not in self._done]
        if self.bug == "candle is evaluated twice after a flush" and not self._flushed:
            due = list(ending)
        self._done |= {(p, time // p * p) for p in due}
        self._evaluate(due, cross=self.periods[0] in due)

    def _evaluate(self, due: Sequence[int], cross: bool = True) -> None:
        time = self.slots[-1][0]
        for i, period in enumerate(self.periods, 1):
            if period in due:
                self.evaluations.append((i, time // period * period))
        if due and cross:
            late = self.bug == "cross-period signals carry the candle's time"
            first = self.periods[0]
            self.evaluations.append((0, time // first * first if late else time))
