"""The order rules of a backtest over the exact account, bar by bar and as plainly as possible."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from exact_account import ExactAccount

BUY, SELL, HOLD = 1, 2, 3
SIDES = {BUY: "long", SELL: "short"}


@dataclass
class NaiveBacktest:
    """Runs `actions` over bars (open, high, low, close); see `run`."""

    capital: float
    leverage: float
    fee: float
    maintenance: float
    fill: str
    counts: Counter[str] = field(default_factory=Counter)
    equity: list[float] = field(default_factory=list)
    trades: list[dict[str, Any]] = field(default_factory=list)
    held: dict[str, Any] | None = None

    def run(self, bars: list[tuple[float, float, float, float]], actions: list[int]) -> None:
        self.account = ExactAccount(self.capital, self.leverage, 1, 0, self.fee, self.maintenance)
        waiting = 0
        for i, ((open_, high, low, close), action) in enumerate(zip(bars, actions, strict=True)):
            self.check(i, open_)
            if waiting:
                self.order(waiting, i, open_)
            waiting = 0
            if self.held:
                self.check(i, low if self.held["side"] == "long" else high)
            self.counts["signals"] += action != 0
            if action in SIDES and self.fill == "close":
                self.order(action, i, close)
            elif action in SIDES:
                waiting = action
            self.check(i, close)
            self.account.mark(Fraction(close))
            self.equity.append(self.account.equity(close))
        self.counts["dropped_last_bar"] = int(waiting != 0)
        self.drawdown = float(self.account.drawdown)
        self.final = self.account.equity(bars[-1][3])
        if self.held:
            last = Fraction(bars[-1][3])
            self.done(len(bars) - 1, last, self.account.pnl_of(self.held["side"], last), 0)

    def check(self, i: int, price: float) -> None:
        at = Fraction(price)
        if not self.held:
            return
        pnl = self.account.pnl_of(self.held["side"], at)
        self.account.check(at)
        if self.account.dead:
            self.done(i, at, pnl, 2)

    def order(self, action: int, i: int, price: float) -> None:
        side, at = SIDES[action], Fraction(price)
        if self.account.dead:
            self.counts["rejected_orders"] += 1
            return
        if self.held and self.held["side"] == side:
            self.counts["ignored_same_side"] += 1
            return
        rate = self.account.taker
        if self.held:
            pnl, before = self.account.pnl_of(self.held["side"], at), self.account.paid
            self.account.leave(self.held["side"], at, rate)
            self.held["fees"] += self.account.paid - before
            self.counts["fills"] += 1
            self.done(i, at, pnl, 1)
        before = self.account.paid
        self.account.enter(side, at, self.account.money, rate)
        lot = self.account.lots[side]
        if not lot.units:
            self.counts["rejected_orders"] += 1
            return
        self.counts["fills"] += 1
        self.held = {
            "side": side,
            "entry_bar": i,
            "entry_price": price,
            "quantity": lot.units,
            "margin": lot.margin,
            "fees": self.account.paid - before,
        }
        self.account._round()
        self.check(i, price)

    def done(self, i: int, price: Fraction, pnl: Fraction, reason: int) -> None:
        assert self.held is not None
        pnl -= self.held["fees"]
        end = {"exit_bar": i, "exit_price": price, "pnl": pnl, "exit_reason": reason}
        self.trades.append({**self.held, **end, "side": 1 if self.held["side"] == "long" else -1})
        self.counts["trades"] += reason != 0
        self.held = None
