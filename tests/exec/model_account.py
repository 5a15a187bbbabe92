"""The account of the slow model: positions, cash, costs, margin, liquidation [S, C, M].

Written from docs/backtesting.md alone; the letters in brackets are its rules.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

#: Reasons of fills and trades, as include/hquant/execution.h numbers them.
SIGNAL, LIQUIDATION, STOP, TARGET, TRAIL, ORDER = 1, 2, 3, 4, 5, 6

DUST = 1e-12
MASK = 2**64 - 1


class RejectError(Exception):
    """An order that may not be filled; the text is the reason [S4]."""


def whole(quotient: float) -> float | None:
    """The whole number that a quotient stands for, within 1e-9, relative [S2]."""
    near = float(round(quotient))
    return near if abs(quotient - near) <= 1e-9 * abs(quotient) else None


def multiple(count: float, unit: float) -> float:
    """A number of units; where the unit divides 1, as it is written [S2]."""
    per_one = round(1 / unit)
    return count / per_one if per_one and 1 / per_one == unit else count * unit


def round_down(x: float, step: float) -> float:
    if step == 0 or not math.isfinite(x / step):
        return x
    count = whole(x / step)
    return multiple(math.floor(x / step) if count is None else count, step)


def round_up(x: float, step: float) -> float:
    if step == 0 or not math.isfinite(x / step):
        return x
    count = whole(x / step)
    return multiple(math.ceil(x / step) if count is None else count, step)


def splitmix(x: int) -> int:
    """The output function of splitmix64 on x + its increment."""
    x = (x + 0x9E3779B97F4A7C15) & MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def draw(seed: int, symbol: int, bar: int, number: int) -> float:
    """A number in [0, 1) [C3]."""
    mixed = splitmix(splitmix(splitmix(splitmix(seed) ^ symbol) ^ bar) ^ number)
    return (mixed >> 11) / 2**53


@dataclass
class Options:
    """What the account needs of the options of a run, as numbers."""

    capital: float
    leverage: float
    taker: float
    maker: float
    per_unit: float
    maintenance: float
    tiers: list[tuple[float, float, float]]
    reject_unaffordable: bool


@dataclass
class Venue:
    """The rules of one symbol's venue [S2]."""

    tick: float = 0.0
    lot: float = 0.0
    min_quantity: float = 0.0
    min_notional: float = 0.0


@dataclass
class Position:
    """A position and the record of its trade."""

    symbol: int
    side: int
    record: dict[str, Any]
    quantity: float = 0.0
    entry: float = 0.0
    margin: float = 0.0
    stop: float | None = None
    target: float | None = None
    trail: float | None = None  # distance
    best: float = 0.0  # for the trailing stop: up to the bar before
    seen: float = 0.0  # the same, this bar included
    closed_value: float = 0.0  # closings: sum of quantity * price
    closed: float = 0.0  # closings: sum of quantity
    opened_value: float = 0.0

    def pnl(self, price: float) -> float:
        return self.side * (price - self.entry) * self.quantity

    def visit(self, price: float) -> None:
        """The path was at a price while the position was held [P4]."""
        self.excursion(self.record["realized"] + self.pnl(price))
        self.seen = max(self.seen, price) if self.side > 0 else min(self.seen, price)

    def excursion(self, gross: float) -> None:
        self.record["mae"] = min(self.record["mae"], gross)
        self.record["mfe"] = max(self.record["mfe"], gross)


@dataclass
class Account:
    """Cash and positions; every opening, closing, payment and check goes through here."""

    options: Options
    venues: list[Venue]
    marks: list[float]
    cash: float = 0.0
    positions: dict[tuple[int, int], Position] = field(default_factory=dict)
    liquidated: bool = False
    fees: float = 0.0
    funding: float = 0.0
    realized: float = 0.0
    liquidation_loss: float = 0.0
    fills: list[dict[str, Any]] = field(default_factory=list)
    trades: list[dict[str, Any]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.cash = self.options.capital

    def held(self, symbol: int) -> list[Position]:
        """The long, then the short of a symbol."""
        keys = ((symbol, 1), (symbol, -1))
        return [self.positions[key] for key in keys if key in self.positions]

    def net(self, symbol: int) -> float:
        return sum(p.side * p.quantity for p in self.held(symbol))

    def worth(self) -> float:
        """Cash + margins + P&L at the marks, which may be below 0."""
        return self.cash + sum(
            p.margin + p.pnl(self.marks[p.symbol]) for p in self.positions.values()
        )

    def equity(self) -> float:
        return max(0.0, self.worth())

    # ---------------------------------------------------------- liquidation

    def maintenance(self) -> float:
        """[M2]"""
        total = 0.0
        for p in self.positions.values():
            notional = p.quantity * self.marks[p.symbol]
            if not self.options.tiers:
                total += notional * self.options.maintenance
            starts = [tier[0] for tier in self.options.tiers] + [math.inf]
            for i, tier in enumerate(self.options.tiers):
                total += tier[1] * max(0.0, min(notional, starts[i + 1]) - starts[i])
        return total

    def is_bankrupt(self) -> bool:
        """[M3]"""
        if not self.positions:
            return self.cash < 0
        return self.worth() <= self.maintenance()

    def liquidate(self, now: tuple[int, int], last: list[tuple[int, int]]) -> None:
        """Every position is gone at its mark; `last` has each symbol's bar and time."""
        del now
        self.liquidation_loss = self.worth()
        for key in sorted(self.positions, key=lambda k: (k[0], -k[1])):
            p = self.positions[key]
            price = self.marks[p.symbol]
            p.visit(price)
            gain = p.pnl(price)
            self.realized += gain
            p.record["realized"] += gain
            p.closed += p.quantity
            p.closed_value += p.quantity * price
            self.finish(p, LIQUIDATION, last[p.symbol])
        self.positions.clear()
        self.cash = 0.0
        self.liquidated = True

    def finish(self, p: Position, reason: int, when: tuple[int, int]) -> None:
        """Write a trade that ended at (bar, time)."""
        r = p.record
        p.excursion(r["realized"])
        r["exit_bar"], r["exit_time"] = when
        r["bars_held"] = r["exit_bar"] - r["entry_bar"]
        r["exit_price"] = p.closed_value / p.closed
        r["entry_price"] = p.opened_value / r["quantity"]
        r["exit_reason"] = reason
        r["pnl"] = r["realized"] - r["fees"] - r["funding"]
        r["r_multiple"] = r["pnl"] / r["risk"] if r["risk"] > 0 else math.nan
        self.trades.append(r)

    # --------------------------------------------------------------- sizes

    def cost_of_one(self, price: float, rate: float) -> float:
        """Margin and fee of one unit [S3]."""
        return price / self.options.leverage + price * rate + self.options.per_unit

    def affordable(self, price: float, rate: float) -> float:
        return max(0.0, self.cash) / self.cost_of_one(price, rate)

    def is_dust(self, quantity: float, price: float) -> bool:
        return quantity * price < DUST * self.options.capital

    def is_too_small(self, quantity: float, price: float, venue: Venue) -> bool:
        return (
            quantity <= 0
            or quantity < venue.lot * (1 - 1e-9)
            or quantity < venue.min_quantity
            or quantity * price < venue.min_notional
        )

    def most_that_tiers_allow(self, held: float, quantity: float, price: float) -> float:
        """The quantity that may be added to what is held [M2]; not below 0."""
        tiers = self.options.tiers
        if not tiers:
            return quantity
        notional = (held + quantity) * price
        i = max(k for k, tier in enumerate(tiers) if tier[0] < notional)
        if tiers[i][2] >= self.options.leverage:
            return quantity
        while i >= 0 and tiers[i][2] < self.options.leverage:
            i -= 1
        return max(0.0, tiers[i + 1][0] / price - held) if i >= 0 else 0.0

    def opening(
        self, symbol: int, side: int, wanted: float | None, price: float, rate: float
    ) -> tuple[float, bool]:
        """The quantity that is opened, None wanting all, and whether it was cut [S4]."""
        venue = self.venues[symbol]
        own = self.positions.get((symbol, side))
        held = own.quantity if own else 0.0
        quantity = self.affordable(price, rate) if wanted is None else wanted
        if self.is_dust(quantity, price):
            raise RejectError("cash")
        quantity = round_down(quantity, venue.lot)
        if self.is_too_small(quantity, price, venue):
            raise RejectError("min_size")
        # All is what may be had: it is cut, never rejected for being too much.
        rejects = self.options.reject_unaffordable and wanted is not None
        before = quantity
        limits = [("leverage", self.most_that_tiers_allow(held, quantity, price))]
        if wanted is not None:
            limits.append(("cash", self.affordable(price, rate)))
        for reason, most in limits:
            if most >= quantity:
                continue
            cut = round_down(most, venue.lot)
            if rejects and cut < quantity * (1 - 1e-9):
                raise RejectError(reason)
            quantity = cut
            if self.is_dust(quantity, price) or self.is_too_small(quantity, price, venue):
                raise RejectError(reason)
        if held + quantity > 1e100:
            raise RejectError("max_size")
        return quantity, quantity < before * (1 - 1e-9)

    # -------------------------------------------------------------- trading

    def fee(self, quantity: float, price: float, rate: float) -> float:
        return quantity * price * rate + quantity * self.options.per_unit

    def open(
        self, position: Position, quantity: float, price: float, rate: float
    ) -> tuple[float, float]:
        """Open or add to a position; returns the fee and 0, what it realised."""
        margin = quantity * price / self.options.leverage
        fee = self.fee(quantity, price, rate)
        total = position.quantity + quantity
        position.entry = (position.entry * position.quantity + price * quantity) / total
        position.quantity = total
        position.margin += margin
        position.opened_value += quantity * price
        self.positions[position.symbol, position.side] = position
        self.cash -= margin + fee
        self.fees += fee
        record = position.record
        record["quantity"] += quantity
        record["margin"] += margin
        record["fees"] += fee
        record["entries"] += 1
        return fee, 0.0

    def close(
        self, position: Position, quantity: float, price: float, rate: float
    ) -> tuple[float, float]:
        """Close a part of a position; returns the fee and what it realised."""
        everything = quantity >= position.quantity * (1 - DUST)
        quantity = position.quantity if everything else quantity
        gain = position.side * (price - position.entry) * quantity
        released = position.margin * (quantity / position.quantity)
        self.cash += released + gain
        fee = min(self.fee(quantity, price, rate), max(0.0, self.cash))
        self.cash -= fee
        self.fees += fee
        self.realized += gain
        position.margin -= released
        position.quantity = 0.0 if everything else position.quantity - quantity
        position.closed += quantity
        position.closed_value += quantity * price
        position.record["fees"] += fee
        position.record["realized"] += gain
        if everything:
            del self.positions[position.symbol, position.side]
        return fee, gain

    def pay_funding(self, position: Position, price: float, rate: float) -> None:
        """[C4]"""
        paid = position.side * position.quantity * price * rate
        self.cash -= paid
        self.funding += paid
        position.record["funding"] += paid
