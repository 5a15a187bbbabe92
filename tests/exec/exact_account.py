"""The rules of the futures account in rational numbers, written from the specification alone.

State is rounded to 2**-240 after each call, so that 500 calls stay small; everything else is exact.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from hquant_cffi._errors import LiquidatedError

_GRID = 2**240


class Lot(NamedTuple):
    """A position: base asset units, what they cost, and the margin behind them."""

    units: Fraction
    cost: Fraction
    margin: Fraction


FLAT = Lot(Fraction(0), Fraction(0), Fraction(0))


class ExactAccount:
    """Same methods as FuturesBacktest; every getter answers the nearest float."""

    def __init__(
        self,
        initial_margin: float,
        leverage: float,
        contract_size: float,
        maker_fee_rate: float,
        taker_fee_rate: float,
        maintenance_margin_rate: float,
    ) -> None:
        self.start = Fraction(initial_margin)
        self.leverage = Fraction(leverage)
        self.contract_size = Fraction(contract_size)
        self.maker = Fraction(maker_fee_rate)
        self.taker = Fraction(taker_fee_rate)
        self.maintenance_rate = Fraction(maintenance_margin_rate)
        self.money = self.start
        self.lots = {"long": FLAT, "short": FLAT}
        self.peak = self.start
        self.drawdown = Fraction(0)
        self.paid = Fraction(0)
        self.realized = Fraction(0)
        self.loss = Fraction(0)
        self.dead = False

    # ------------------------------------------------------------- the rules

    def pnl_of(self, side: str, price: Fraction) -> Fraction:
        lot = self.lots[side]
        gain = lot.units * price - lot.cost
        return gain if side == "long" else -gain

    def worth(self, price: Fraction) -> Fraction:
        locked = sum(lot.margin for lot in self.lots.values())
        return self.money + locked + self.pnl_of("long", price) + self.pnl_of("short", price)

    def needed(self, price: Fraction) -> Fraction:
        return sum(lot.units for lot in self.lots.values()) * price * self.maintenance_rate

    def is_open(self) -> bool:
        return any(lot.units for lot in self.lots.values())

    def check(self, price: Fraction) -> None:
        if not self.is_open() or self.worth(price) > self.needed(price):
            return
        self.loss = self.worth(price)
        self.realized += self.pnl_of("long", price) + self.pnl_of("short", price)
        self.lots = {"long": FLAT, "short": FLAT}
        self.money = Fraction(0)
        self.drawdown = Fraction(-1)
        self.dead = True

    def mark(self, price: Fraction) -> None:
        worth = max(self.worth(price), Fraction(0))
        self.peak = max(self.peak, worth)
        self.drawdown = min(self.drawdown, (worth - self.peak) / self.peak)
        self.check(price)

    def enter(self, side: str, price: Fraction, margin: Fraction, rate: Fraction) -> None:
        most = max(self.money, Fraction(0)) / (1 + self.leverage * rate)
        margin = min(margin, most)
        units = margin * self.leverage / price
        fee = units * price * rate
        old = self.lots[side]
        self.lots[side] = Lot(old.units + units, old.cost + units * price, old.margin + margin)
        self.money -= margin + fee
        self.paid += fee

    def leave(self, side: str, price: Fraction, rate: Fraction) -> None:
        lot = self.lots[side]
        self.money += lot.margin + self.pnl_of(side, price)
        self.realized += self.pnl_of(side, price)
        fee = min(lot.units * price * rate, max(self.money, Fraction(0)))
        self.money -= fee
        self.paid += fee
        self.lots[side] = FLAT

    # ------------------------------------------------------------- the calls

    def apply_signal(self, action: str, price: float, margin: float) -> None:
        if self.dead:
            return
        at = Fraction(price)
        self.check(at)
        if not self.dead:
            if action != "HOLD":
                side, other = ("long", "short") if action == "BUY" else ("short", "long")
                self.leave(other, at, self.taker)
                self.enter(side, at, Fraction(margin), self.taker)
            self.mark(at)
        self._round()

    def on_price(self, price: float) -> None:
        if not self.dead:
            self.mark(Fraction(price))
            self._round()

    def open_long(self, price: float, margin: float, fee_rate: float) -> None:
        self._trade("long", Fraction(price), Fraction(margin), Fraction(fee_rate))

    def open_short(self, price: float, margin: float, fee_rate: float) -> None:
        self._trade("short", Fraction(price), Fraction(margin), Fraction(fee_rate))

    def close_long(self, price: float, fee_rate: float) -> None:
        self._trade("long", Fraction(price), None, Fraction(fee_rate))

    def close_short(self, price: float, fee_rate: float) -> None:
        self._trade("short", Fraction(price), None, Fraction(fee_rate))

    def _trade(self, side: str, price: Fraction, margin: Fraction | None, rate: Fraction) -> None:
        if not self.dead and margin is None and not self.lots[side].units:
            return
        if not self.dead:
            self.check(price)
        if not self.dead:
            if margin is None:
                self.leave(side, price, rate)
            else:
                self.enter(side, price, margin, rate)
            self.mark(price)
        self._round()
        if self.dead:
            raise LiquidatedError("liquidated")

    def _round(self) -> None:
        def near(x: Fraction) -> Fraction:
            return Fraction(round(x * _GRID), _GRID)

        for name in ("money", "peak", "drawdown", "paid", "realized", "loss"):
            setattr(self, name, near(getattr(self, name)))
        self.lots = {side: Lot(*map(near, lot)) for side, lot in self.lots.items()}

    # ----------------------------------------------------------- the getters

    def cash(self) -> float:
        return float(self.money)

    def liquidated(self) -> bool:
        return self.dead

    def equity(self, price: float) -> float:
        return float(max(self.worth(Fraction(price)), Fraction(0)))

    def locked_margin(self) -> float:
        return float(sum(lot.margin for lot in self.lots.values()))

    def total_notional(self, price: float) -> float:
        return float(sum(lot.units for lot in self.lots.values()) * Fraction(price))

    def maintenance_margin(self, price: float) -> float:
        return float(self.needed(Fraction(price)))

    def contracts(self, side: str) -> float:
        return float(self.lots[side].units / self.contract_size)

    def entry_price(self, side: str) -> float:
        lot = self.lots[side]
        return float(lot.cost / lot.units) if lot.units else float("nan")

    def fees(self) -> float:
        return float(self.paid)

    def realized_pnl(self) -> float:
        return float(self.realized)

    def liquidation_loss(self) -> float:
        return float(self.loss)

    def result(self, price: float) -> dict[str, float | bool]:
        worth = max(self.worth(Fraction(price)), Fraction(0))
        peak = max(self.peak, worth)
        return {
            "equity": float(worth),
            "profit": float(worth - self.start),
            "profit_rate": float((worth - self.start) / self.start),
            "max_drawdown_rate": float(min(self.drawdown, (worth - peak) / peak)),
            "liquidated": self.dead,
        }
