"""Mistakes planted in the model: the comparison has to see each within few tapes.

A mistake in the model is to it what the same mistake in the engine would be.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import execution_model
import model_account
import pytest
from execution_campaign import check
from model_account import Account, Position
from model_orders import Ticket
from model_trading import Trading
from random_runs import random_run

TAPES = 60

Patch = Callable[[pytest.MonkeyPatch], None]


def _fee_of_makers_is_the_takers(m: pytest.MonkeyPatch) -> None:
    m.setattr(Trading, "rate", lambda self, maker: self.account.options.taker)


def _per_unit_fee_forgotten(m: pytest.MonkeyPatch) -> None:
    m.setattr(Account, "fee", lambda self, quantity, price, rate: quantity * price * rate)


def _funding_paid_twice(m: pytest.MonkeyPatch) -> None:
    pay = Account.pay_funding

    def twice(self: Account, p: Position, price: float, rate: float) -> None:
        pay(self, p, price, 2 * rate)

    m.setattr(Account, "pay_funding", twice)


def _never_liquidated(m: pytest.MonkeyPatch) -> None:
    m.setattr(Account, "is_bankrupt", lambda self: False)


def _no_maintenance(m: pytest.MonkeyPatch) -> None:
    m.setattr(Account, "maintenance", lambda self: 0.0)


def _best_extreme_first(m: pytest.MonkeyPatch) -> None:
    path = execution_model.path
    m.setattr(execution_model, "path", lambda bar, net, rule: path(bar, -net, rule))


def _path_kept_after_an_opening(m: pytest.MonkeyPatch) -> None:
    m.setattr(execution_model, "path_after_opening", lambda *a: a[-1])


def _nothing_slips(m: pytest.MonkeyPatch) -> None:
    m.setattr(Trading, "slipped", lambda self, symbol, side, price, slips: price)


def _reduce_only_ignored(m: pytest.MonkeyPatch) -> None:
    turn = Trading.order_turn

    def opens_too(self: Trading, t: Ticket, *rest: Any) -> Any:
        t.reduce_only = False
        return turn(self, t, *rest)

    m.setattr(Trading, "order_turn", opens_too)


def _group_cancels_nothing(m: pytest.MonkeyPatch) -> None:
    done = Trading.done

    def alone(self: Trading, ticket: Ticket, *, partial: bool = False) -> None:
        group, ticket.oco = ticket.oco, 0
        done(self, ticket, partial=partial)
        ticket.oco = group

    m.setattr(Trading, "done", alone)


def _lots_rounded_up(m: pytest.MonkeyPatch) -> None:
    m.setattr(model_account, "round_down", model_account.round_up)


def _orders_never_expire(m: pytest.MonkeyPatch) -> None:
    m.setattr(execution_model.Run, "grow_older", lambda self, t: None)


def _trailing_stop_stands_still(m: pytest.MonkeyPatch) -> None:
    visit = Position.visit

    def forgets(self: Position, price: float) -> None:
        seen = self.seen
        visit(self, price)
        self.seen = seen

    m.setattr(Position, "visit", forgets)


PLANTED = [
    _fee_of_makers_is_the_takers, _per_unit_fee_forgotten, _funding_paid_twice, _never_liquidated,
    _no_maintenance, _best_extreme_first, _path_kept_after_an_opening, _nothing_slips,
    _reduce_only_ignored, _group_cancels_nothing, _lots_rounded_up, _orders_never_expire,
    _trailing_stop_stands_still,
]  # fmt: skip


@pytest.mark.parametrize("plant", PLANTED, ids=lambda f: f.__name__.strip("_"))
def test_a_planted_mistake_is_found(plant: Patch, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    assert any(check(random_run(seed)).wrong for seed in range(TAPES))
