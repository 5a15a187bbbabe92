"""Trading in the slow model: an order's turn [O2, O3], exits [O4], slippage [C3], counts [O6]."""

from __future__ import annotations

import math
from typing import Any

from model_account import (
    ORDER,
    SIGNAL,
    STOP,
    TARGET,
    TRAIL,
    Account,
    Position,
    RejectError,
    draw,
    round_down,
    round_up,
)
from model_orders import Amount, Ticket, distance_at, rounded


class Trading:
    """One run's orders over its account. The clock (execution_model) says where the price is."""

    def __init__(self, account: Account, given: dict[str, Any]) -> None:
        self.account, self.given = account, given
        self.resting: list[Ticket] = []  # of the list, in its order
        self.waiting: dict[int, Ticket] = {}  # a symbol's signal order
        self.future: list[Ticket] = []  # of the list, not yet at work
        self.groups_done: set[int] = set()
        self.now: list[tuple[int, int]] = [(0, 0)] * len(account.venues)  # bar and time
        self.numbers = [0] * len(account.venues)  # running number on the bar [C3]
        self.toward: float | None = None  # the end of the part of the path being walked

    # ---------------------------------------------------------------- counts

    def count(self, name: str) -> None:
        self.account.counts[name] += 1

    def reject(self, reason: str) -> None:
        self.count("rejected_orders")
        self.count("reject_" + reason)

    def done(self, ticket: Ticket, *, partial: bool = False) -> None:
        """A filled order, which cancels the others of its group."""
        self.count("filled_orders")
        if partial:
            self.count("partial_orders")
        if ticket.oco == 0:
            return
        self.groups_done.add(ticket.oco)
        for tickets in (self.resting, self.future):
            for other in [t for t in tickets if t.oco == ticket.oco and t is not ticket]:
                tickets.remove(other)
                self.count("cancelled_orders")

    # ----------------------------------------------------------- liquidation

    def check(self, symbol: int | None = None, price: float = 0.0) -> bool:
        """Mark a symbol and liquidate the account if it must be; whether it is gone [M3]."""
        account = self.account
        if symbol is not None:
            account.marks[symbol] = price
        if account.liquidated or not account.is_bankrupt():
            return account.liquidated
        if symbol is not None and self.toward is not None:
            account.marks[symbol] = self.toward
        account.liquidate((0, 0), self.now)
        for _ in [*self.resting, *self.waiting.values()]:
            self.reject("liquidated")
        self.resting.clear()
        self.waiting.clear()
        return True

    # ---------------------------------------------------------------- prices

    def slipped(self, symbol: int, side: int, price: float, slips: bool) -> float:
        """The fill's price; counts on, whether it slips or not [C3]."""
        given, tick = self.given, self.account.venues[symbol].tick
        number = self.numbers[symbol]
        self.numbers[symbol] += 1
        if not slips:
            return price
        if given["slippage_ticks"]:
            moved = price + side * given["slippage_ticks"] * tick
        elif given["slippage"]:
            moved = price * (1 + side * given["slippage"])
        elif given["slippage_random"]:
            share = draw(given["slippage_seed"], symbol, self.now[symbol][0], number)
            moved = price * (1 + side * given["slippage_random"] * share)
        else:
            return price
        moved = round_up(moved, tick) if side > 0 else round_down(moved, tick)
        return max(moved, min(tick, price)) if side < 0 else moved

    def wanted(self, symbol: int, size: Amount, price: float) -> float | None:
        """A size as a quantity; None for all [S1]."""
        leverage = self.account.options.leverage
        if size.unit == "all":
            return None
        if size.unit == "units":
            return size.value
        if size.unit == "notional":
            return size.value / price
        if size.unit == "equity":
            return size.value * self.equity_at(symbol, price) * leverage / price
        return size.value * leverage / price

    def equity_at(self, symbol: int, price: float) -> float:
        """Equity with one symbol at a fill's price."""
        marks = self.account.marks
        mark, marks[symbol] = marks[symbol], price
        equity = self.account.equity()
        marks[symbol] = mark
        return equity

    # ----------------------------------------------------------------- fills

    def note(
        self,
        p: Position,
        side: int,
        quantity: float,
        price: float,
        paid: tuple[float, float],
        order: int,
        reason: int,
        maker: bool,
        opening: bool,
    ) -> None:
        bar, time = self.now[p.symbol]
        self.account.fills.append(
            {
                "time": time,
                "bar": bar,
                "order": order,
                "price": price,
                "quantity": quantity,
                "fee": paid[0],
                "pnl": paid[1],
                "position": self.account.net(p.symbol),
                "symbol": p.symbol,
                "side": side,
                "reason": reason,
                "is_maker": int(maker),
                "is_opening": int(opening),
            }
        )

    def rate(self, maker: bool) -> float:
        return self.account.options.maker if maker else self.account.options.taker

    def close(
        self,
        p: Position,
        quantity: float,
        price: float,
        raw: float,
        *,
        order: int,
        reason: int,
        maker: bool,
    ) -> None:
        p.visit(raw)
        before = p.quantity
        paid = self.account.close(p, quantity, price, self.rate(maker))
        self.note(
            p, -p.side, before - p.quantity, price, paid, order, reason, maker, opening=False
        )
        if p.quantity == 0:
            self.account.finish(p, reason, self.now[p.symbol])

    def open(
        self, ticket: Ticket, wanted: float | None, price: float, raw: float, maker: bool
    ) -> bool:
        """Open or add; returns whether it was cut."""
        account, symbol, side = self.account, ticket.symbol, ticket.side
        quantity, cut = account.opening(symbol, side, wanted, price, self.rate(maker))
        p = account.positions.get((symbol, side))
        new = p is None
        reason = SIGNAL if ticket.index < 0 else ORDER
        if p is None:
            p = Position(symbol, side, self.new_record(symbol, side, reason))
        paid = account.open(p, quantity, price, self.rate(maker))
        self.set_levels(p, ticket, price, raw, new=new)
        nearer = self.nearer_stop(p)
        p.record["risk"] += quantity * (math.nan if nearer is None else abs(price - nearer[0]))
        p.visit(raw)
        self.note(p, side, quantity, price, paid, ticket.index, reason, maker, opening=True)
        return cut

    def new_record(self, symbol: int, side: int, reason: int) -> dict[str, Any]:
        bar, time = self.now[symbol]
        zero = ("quantity", "margin", "risk", "fees", "funding", "realized", "mae", "mfe")
        return {
            **dict.fromkeys(zero, 0.0),
            "entry_time": time,
            "entry_bar": bar,
            "entries": 0,
            "symbol": symbol,
            "side": side,
            "entry_reason": reason,
        }

    # ---------------------------------------------------------------- levels

    def set_levels(
        self, p: Position, ticket: Ticket, price: float, raw: float, *, new: bool
    ) -> None:
        """Stop, target and trailing stop from a fill [O4]."""
        tick = self.account.venues[p.symbol].tick
        stop, target = distance_at(ticket.stop, price), distance_at(ticket.target, price)
        trail = distance_at(ticket.trail, price)
        if stop is not None:
            p.stop = rounded(price - p.side * stop, -p.side, tick, is_stop=True)
        if target is not None:
            p.target = rounded(price + p.side * target, -p.side, tick, is_stop=False)
        if new or trail is not None:
            p.trail, p.best, p.seen = trail, price, price

    def nearer_stop(self, p: Position) -> tuple[float, int] | None:
        """The stop or the trailing stop, whichever is nearer, and its reason."""
        tick = self.account.venues[p.symbol].tick
        found = [(p.stop, STOP)] if p.stop is not None else []
        if p.trail is not None:
            level = rounded(p.best - p.side * p.trail, -p.side, tick, is_stop=True)
            found.append((level, TRAIL))
        return max(found, key=lambda pair: p.side * pair[0]) if found else None

    def exits(self, p: Position) -> list[tuple[float, bool, int]]:
        """The levels that end a position: price, whether reached from there down, reason."""
        answer = []
        stop = self.nearer_stop(p)
        if stop is not None:
            answer.append((stop[0], p.side > 0, stop[1]))
        if p.target is not None:
            answer.append((p.target, p.side < 0, TARGET))
        return answer

    def exit(self, p: Position, raw: float, reason: int) -> None:
        maker = reason == TARGET
        price = self.slipped(p.symbol, -p.side, raw, not maker)
        self.close(p, p.quantity, price, raw, order=-1, reason=reason, maker=maker)
        self.toward = None
        self.check(p.symbol, raw)

    # ------------------------------------------------------------ their turn

    def may_hold(self, side: int) -> bool:
        return bool(self.given["sides"] in ("both", "long" if side > 0 else "short"))

    def turn(self, ticket: Ticket, raw: float, *, slips: bool, maker: bool) -> Position | None:
        """An order's turn at a price; returns the position that it opened or added to."""
        if self.account.liquidated:
            self.reject("liquidated")
            return None
        take = self.signal_turn if ticket.index < 0 else self.order_turn
        fills, opened = len(self.account.fills), None
        try:
            opened = take(ticket, raw, slips, maker)
        except RejectError as error:
            self.reject(str(error))
        if len(self.account.fills) > fills:
            self.toward = None  # what is found after a fill is found at its price
            self.check(ticket.symbol, raw)
        return opened

    def signal_turn(self, t: Ticket, raw: float, slips: bool, maker: bool) -> Position | None:
        """[O2]"""
        positions = self.account.positions
        own = positions.get((t.symbol, t.side))
        other = positions.get((t.symbol, -t.side)) if self.is_netted() else None
        if own is not None and own.record["entries"] > self.given["pyramiding"]:
            self.count("ignored_same_side")
            return None
        if other is None and not self.may_hold(t.side):
            self.count("ignored_side")
            return None
        self.account.marks[t.symbol] = raw
        price = self.slipped(t.symbol, t.side, raw, slips)
        if other is not None:
            quantity = other.quantity
            self.close(other, quantity, price, raw, order=-1, reason=SIGNAL, maker=maker)
            if not self.may_hold(t.side):
                self.done(t)
                return None
        cut = self.open(t, self.wanted(t.symbol, t.size, price), price, raw, maker)
        self.done(t, partial=cut)
        return positions.get((t.symbol, t.side))

    def is_netted(self) -> bool:
        return bool(self.given["position"] == "netted")

    def order_turn(self, t: Ticket, raw: float, slips: bool, maker: bool) -> Position | None:
        """[O3]"""
        positions = self.account.positions
        reduces = self.is_netted() or t.reduce_only
        other = positions.get((t.symbol, -t.side)) if reduces else None
        if t.reduce_only and other is None:
            raise RejectError("reduce_only")
        if other is None and not self.may_hold(t.side):
            raise RejectError("side")
        self.account.marks[t.symbol] = raw
        price = self.slipped(t.symbol, t.side, raw, slips)
        rest = quantity = self.wanted(t.symbol, t.size, price)
        if other is not None:
            if quantity is not None:
                quantity = round_down(quantity, self.account.venues[t.symbol].lot)
                if quantity <= 0:
                    raise RejectError("min_size")
            part = other.quantity if quantity is None else min(quantity, other.quantity)
            before = other.quantity
            self.close(other, part, price, raw, order=t.index, reason=ORDER, maker=maker)
            closed = before - other.quantity
            if quantity is not None:
                rest = quantity - closed
                if rest < 1e-12 * quantity:
                    rest = 0.0
            if t.reduce_only or rest == 0 or not self.may_hold(t.side):
                self.done(t)
                return None
        try:
            cut = self.open(t, rest, price, raw, maker)
        except RejectError:
            if other is None:
                raise
            self.done(t)
            return None
        self.done(t, partial=cut)
        return positions.get((t.symbol, t.side))
