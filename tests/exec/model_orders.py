"""Orders of the slow model: what they ask for, when they are reached, sizes and distances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from model_account import round_down, round_up


@dataclass(frozen=True)
class Amount:
    """A size or a distance with its unit; unit "none" or "all" has no value."""

    value: float
    unit: str


def size_of(size: float | str | None, unit: str) -> Amount:
    if size is None:
        return Amount(0.0, "all")
    if isinstance(size, str):
        return Amount(float(size[:-1]) / 100, "equity")
    return Amount(float(size), unit)


def distance_of(distance: float | str | None) -> Amount:
    if distance is None:
        return Amount(0.0, "none")
    if isinstance(distance, str):
        return Amount(float(distance[:-1]) / 100, "fraction")
    return Amount(float(distance), "price")


def distance_at(amount: Amount, fill: float) -> float | None:
    """A distance in price, of a position filled at `fill` [O4]."""
    if amount.unit == "none":
        return None
    return amount.value * fill if amount.unit == "fraction" else amount.value


@dataclass
class Ticket:
    """An order at work: of the list, or what a signal ordered."""

    symbol: int
    side: int
    kind: str  # market, limit, stop, stop_limit
    size: Amount
    stop: Amount
    target: Amount
    trail: Amount
    index: int = -1  # in the list; -1: a signal's
    bar: int = -1
    limit: float = 0.0
    trigger: float = 0.0
    reduce_only: bool = False
    oco: int = 0
    bars_left: int | None = None
    is_armed: bool = False  # a stop-limit whose stop was reached
    has_rested: bool = False
    is_new: bool = True  # no bar of its symbol has come since  # an open of its own is behind it

    def level(self) -> tuple[float, bool]:
        """The price that it waits for, and whether it is reached from there down."""
        if self.kind == "limit" or self.is_armed:
            return self.limit, self.side > 0
        return self.trigger, self.side < 0

    def is_reached(self, price: float) -> bool:
        if self.kind == "market":
            return True
        level, below = self.level()
        return price <= level if below else price >= level


def rounded(price: float, side: int, tick: float, is_stop: bool) -> float:
    """A level on the venue's ticks, away from the price that has to reach it [S2]."""
    up = (side > 0) == is_stop
    return round_up(price, tick) if up else round_down(price, tick)


def ticket_of(order: Any, index: int, symbol: int, tick: float) -> Ticket:
    """What an order of the list asks for [O3]."""
    side = 1 if order.side == "buy" else -1
    return Ticket(
        symbol,
        side,
        order.type,
        size_of(order.size, order.size_unit),
        distance_of(order.stop),
        distance_of(order.target),
        distance_of(order.trail),
        index,
        order.bar,
        rounded(order.price or 0.0, side, tick, is_stop=False),
        rounded(order.stop_price or 0.0, side, tick, is_stop=True),
        order.reduce_only,
        order.oco,
        order.bars or None,
    )
