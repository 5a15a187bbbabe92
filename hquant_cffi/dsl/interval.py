"""Intervals: between which values a number can lie, worked out without running anything."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import NamedTuple

__all__ = ["ANY", "NONE", "Bounds", "Interval", "add", "divide", "hull", "multiply", "of_points"]


class Interval(NamedTuple):
    """Both ends inclusive; the lower above the upper when there is no value: always unknown."""

    low: float
    high: float

    @property
    def is_empty(self) -> bool:
        return not self.low <= self.high

    @property
    def is_point(self) -> bool:
        return self.low == self.high


ANY = Interval(-math.inf, math.inf)
NONE = Interval(math.inf, -math.inf)


class Bounds(NamedTuple):
    """What a condition says of a value: an interval whose ends may be left out."""

    low: float
    low_is_open: bool
    high: float
    high_is_open: bool

    def joined(self, other: Bounds) -> Bounds:
        """Return what holds when both hold."""
        low, low_is_open = max((self.low, self.low_is_open), (other.low, other.low_is_open))
        high, high_is_closed = min(
            (self.high, not self.high_is_open), (other.high, not other.high_is_open)
        )
        return Bounds(low, low_is_open, high, not high_is_closed)

    @property
    def is_empty(self) -> bool:
        return self.low > self.high or (
            self.low == self.high and (self.low_is_open or self.high_is_open)
        )


def hull(intervals: Iterable[Interval]) -> Interval:
    """Return the smallest interval around all of them."""
    known = [each for each in intervals if not each.is_empty]
    if not known:
        return NONE
    return Interval(min(each.low for each in known), max(each.high for each in known))


def of_points(values: Iterable[float]) -> Interval:
    """Return the interval around values; where one does not exist nothing is known."""
    points = list(values)
    if any(math.isnan(value) for value in points):
        return ANY
    found = Interval(min(points), max(points))
    # What is not finite is unknown; a single point that is not has no value at all.
    return NONE if found.is_point and math.isinf(found.low) else found


def _corners(a: Interval, b: Interval, op: Callable[[float, float], float]) -> Interval:
    if a.is_empty or b.is_empty:
        return NONE
    return of_points(op(x, y) for x in a for y in b)


def add(a: Interval, b: Interval) -> Interval:
    """Return where sums lie."""
    if a.is_empty or b.is_empty:
        return NONE
    return of_points((a.low + b.low, a.high + b.high))


def multiply(a: Interval, b: Interval) -> Interval:
    """Return where products lie."""
    # 0 times an end that is only approached is 0.
    return _corners(a, b, lambda x, y: 0.0 if x == 0 or y == 0 else x * y)


def divide(a: Interval, b: Interval) -> Interval:
    """Return where quotients lie; a division by 0 is unknown and lies nowhere."""
    if b == (0, 0):
        return NONE
    if b.low <= 0 <= b.high:
        return NONE if a.is_empty else ANY
    return _corners(a, b, lambda x, y: math.nan if math.isinf(x) and math.isinf(y) else x / y)
