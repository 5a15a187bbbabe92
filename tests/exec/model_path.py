"""The order of prices inside a bar [P1-P3], as the slow model walks them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Candle:
    """A bar, or a finer one inside it."""

    time: int
    open: float
    high: float
    low: float
    close: float

    def holds(self, price: float) -> bool:
        return self.low <= price <= self.high


def first_extreme(bar: Candle, net: float, rule: str) -> float:
    """The extreme that comes first [P1]."""
    nearer_is_high = bar.high - bar.open < bar.open - bar.low
    nearer = bar.high if nearer_is_high else bar.low
    if rule == "nearest" and bar.high - bar.open != bar.open - bar.low:
        return nearer
    if net == 0:
        return nearer
    adverse, favourable = (bar.low, bar.high) if net > 0 else (bar.high, bar.low)
    return favourable if rule == "best" else adverse


def path(bar: Candle, net: float, rule: str) -> list[float]:
    """The turning points after the open."""
    first = first_extreme(bar, net, rule)
    second = bar.low if first == bar.high else bar.high
    return [first, second, bar.close]


def path_after_opening(
    bar: Candle, side: int, direction: int, rule: str, rest: list[float]
) -> list[float]:
    """The turning points after a position was opened inside the bar [P2].

    `direction` is the one in which the price was moving, `rest` the path as it was.
    """
    if rule == "nearest":
        return rest
    adverse, favourable = (bar.low, bar.high) if side > 0 else (bar.high, bar.low)
    if rule == "best":
        return [favourable, *([adverse] if direction == -side else []), bar.close]
    return [adverse, *([favourable] if direction == side else []), bar.close]


def opening_is_ambiguous(bar: Candle, price: float, direction: int, exits: list[float]) -> bool:
    """[P3] of a position that was opened inside the bar, with the levels that would end it."""
    inside = [level for level in exits if bar.holds(level)]
    if len(inside) == 2:
        return True
    for level in inside:
        came_before = level > price if direction < 0 else level < price
        is_beyond = bar.close >= level if level > price else bar.close <= level
        if came_before and not is_beyond:
            return True
    return False
