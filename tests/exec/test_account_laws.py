"""FuturesBacktest against exact rational arithmetic, and the same laws against planted errors."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any

import pytest
from account_laws import CALLS, walk
from exact_account import FLAT, ExactAccount, Lot

from hquant_cffi.futures import FuturesBacktest

SEEDS = range(24)


def test_random_sequences_keep_every_law_and_agree_with_exact_arithmetic() -> None:
    assert CALLS >= 500
    reached: Counter[str] = Counter()
    for seed in SEEDS:
        found = walk(FuturesBacktest, seed)
        assert not found.violations, "\n".join(found.violations)
        reached += found.reached
    for event in ("liquidation", "survival", "merge", "reversal", "hedge", "clamp"):
        assert reached[event] >= 5, (event, reached)


# --------------------------------------------------------------- planted errors


class ExitBilledAsMaker(ExactAccount):
    def leave(self, side: str, price: Fraction, rate: Fraction) -> None:
        super().leave(side, price, self.maker)


class PnlScaledByContractSize(ExactAccount):
    def pnl_of(self, side: str, price: Fraction) -> Fraction:
        return super().pnl_of(side, price) * self.contract_size


class AllInRefused(ExactAccount):
    def enter(self, side: str, price: Fraction, margin: Fraction, rate: Fraction) -> None:
        if margin * (1 + self.leverage * rate) <= self.money:
            super().enter(side, price, margin, rate)


class OpeningFeeForgotten(ExactAccount):
    def enter(self, side: str, price: Fraction, margin: Fraction, rate: Fraction) -> None:
        super().enter(side, price, margin, Fraction(0))


class AddingReplacesTheEntry(ExactAccount):
    def enter(self, side: str, price: Fraction, margin: Fraction, rate: Fraction) -> None:
        super().enter(side, price, margin, rate)
        lot = self.lots[side]
        self.lots[side] = Lot(lot.units, lot.units * price, lot.margin)


class NeverLiquidated(ExactAccount):
    def check(self, price: Fraction) -> None:
        pass


class LiquidatedWhileFlat(ExactAccount):
    def is_open(self) -> bool:
        return True

    def needed(self, price: Fraction) -> Fraction:
        return super().needed(price) + (0 if super().is_open() else self.money)


class LiquidationLossLost(ExactAccount):
    def check(self, price: Fraction) -> None:
        super().check(price)
        self.loss = Fraction(0)


class CashSurvivesLiquidation(ExactAccount):
    def check(self, price: Fraction) -> None:
        super().check(price)
        if self.dead:
            self.money = max(self.loss, Fraction(0))


class SignalDoesNotClose(ExactAccount):
    def leave(self, side: str, price: Fraction, rate: Fraction) -> None:
        if self.lots["long"] is FLAT or self.lots["short"] is FLAT:
            super().leave(side, price, rate)


class DrawdownFromTheStart(ExactAccount):
    def mark(self, price: Fraction) -> None:
        self.peak = self.start
        super().mark(price)
        self.peak = self.start


class ResultMarks(ExactAccount):
    def result(self, price: float) -> dict[str, float | bool]:
        self.on_price(price)
        return super().result(price)


class ShortGainsOnTheWayUp(ExactAccount):
    def pnl_of(self, side: str, price: Fraction) -> Fraction:
        return abs(super().pnl_of(side, price)) if side == "short" else super().pnl_of(side, price)


PLANTED = [
    ExitBilledAsMaker,
    PnlScaledByContractSize,
    AllInRefused,
    OpeningFeeForgotten,
    AddingReplacesTheEntry,
    NeverLiquidated,
    LiquidatedWhileFlat,
    LiquidationLossLost,
    CashSurvivesLiquidation,
    SignalDoesNotClose,
    DrawdownFromTheStart,
    ResultMarks,
    ShortGainsOnTheWayUp,
]


@pytest.mark.parametrize("wrong", PLANTED, ids=lambda kind: kind.__name__)
def test_laws_catch_a_planted_error(wrong: type[ExactAccount]) -> None:
    assert any(walk(wrong, seed).violations for seed in SEEDS)


def test_exact_account_agrees_with_itself() -> None:
    def make(*params: Any) -> ExactAccount:
        return ExactAccount(*params)

    assert not any(walk(make, seed).violations for seed in range(4))
