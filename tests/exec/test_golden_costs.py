"""Costs and the venue's rules computed by hand [C1-C4, S2]: engine and model give them exactly."""

from __future__ import annotations

import math
from typing import Any

import pytest
from backtest_tapes import MINUTE, bars_of, flat_bars
from execution_model import MissingFundingError, model_backtest
from golden_runs import FLAT, Golden, check, still

from hquant_cffi import Order, ParameterError, backtest

BRACKET = Order(bar=0, side="buy", size=4, stop=2, target=4)  # at 16: stop 14, target 20
BUY = Order(bar=0, side="buy", size=4)
SELL = Order(bar=0, side="sell", size=4)

FEES = {
    # Taker: 4 * 16 / 64 = 1; maker, at the target: 4 * 20 / 16 = 5; 1024 + 16 - 6.
    "taker and maker": Golden(
        [FLAT, FLAT, (16, 20, 16, 16)],
        {"orders": [BRACKET], "fee": 1 / 64, "maker_fee": 1 / 16}, [(1, 16), (-1, 20)], 1034,
        totals={"fees": 6},
    ),
    # Taker twice, a stop being one: 4 * 16 / 64 = 1 and 4 * 14 / 64 = 7/8; 1024 - 8 - 15/8.
    "a stop is a taker": Golden(
        [FLAT, FLAT, (16, 16, 12, 16)],
        {"orders": [BRACKET], "fee": 1 / 64, "maker_fee": 1 / 16}, [(1, 16), (-1, 14)], 1014.125,
        totals={"fees": 1.875},
    ),
    # 4 units at 1/2 each on both fills; 1024 + 16 - 4.
    "fee per unit": Golden(
        [FLAT, FLAT, (16, 20, 16, 16)],
        {"orders": [BRACKET], "fee_per_unit": 0.5}, [(1, 16), (-1, 20)], 1036, totals={"fees": 4},
    ),
    # A unit costs 16 and a fee of 16: 32 of them for 512 + 512. Sold at 8 they leave 512 - 256,
    # less than the fee of 512, which is cut to it: 512 + 256.
    "a closing's fee is cut to the cash": Golden(
        [FLAT, FLAT, still(8)],
        {"orders": [Order(bar=0, side="buy"), Order(bar=1, side="sell", reduce_only=True)],
         "fee_per_unit": 16},
        [(1, 16, 32), (-1, 8, 32)], 0, totals={"fees": 768, "liquidated": 0},
    ),
}  # fmt: skip

SLIPPAGE = {
    # Bought at 16 * (1 + 1/16) = 17, still open at 16: 1024 - 4.
    "by a fraction": Golden([FLAT, FLAT], {"orders": [BUY], "slippage": 1 / 16}, [(1, 17)], 1020),
    # Sold at 16 * (1 - 1/16) = 15: 1024 - 4.
    "of a sale": Golden([FLAT, FLAT], {"orders": [SELL], "slippage": 1 / 16}, [(-1, 15)], 1020),
    # Two ticks of 1/4: 16.5; 1024 - 4 / 2.
    "by ticks": Golden(
        [FLAT, FLAT], {"orders": [BUY], "slippage_ticks": 2, "tick_size": 0.25}, [(1, 16.5)], 1022
    ),
    # In at 16.5; the stop is 2 below that, 14.5, and slips to 14: 4 * (14 - 16.5).
    "of a stop": Golden(
        [FLAT, FLAT, (16, 16, 12, 16)],
        {"orders": [BRACKET], "slippage_ticks": 2, "tick_size": 0.25}, [(1, 16.5), (-1, 14)], 1014,
    ),
    # A limit and a target do not slip: 4 * (16 - 12).
    "not of limits and targets": Golden(
        [FLAT, (14, 14, 12, 12), (12, 16, 12, 12)],
        {"orders": [Order(bar=0, side="buy", size=4, type="limit", price=12, target=4)],
         "slippage": 1 / 16},
        [(1, 12), (-1, 16)], 1040,
    ),
    # 16 * (1 + 1/64) = 16.25, on ticks of 1/2 against the buyer: 16.5.
    "rounded up for a buy": Golden(
        [FLAT, FLAT], {"orders": [BUY], "slippage": 1 / 64, "tick_size": 0.5}, [(1, 16.5)], 1022
    ),
    # 16 * (1 - 1/64) = 15.75, against the seller: 15.5.
    "rounded down for a sale": Golden(
        [FLAT, FLAT], {"orders": [SELL], "slippage": 1 / 64, "tick_size": 0.5}, [(-1, 15.5)], 1022
    ),
}  # fmt: skip

RATE, NAN = 1 / 64, math.nan  # of 4 * 16: 1 each time


def funded(order: Order, rates: list[float], equity: float, **more: Any) -> Golden:
    """Four units at 16 from the second bar on, at a price that stands still."""
    side = 1 if order.side == "buy" else -1
    options = {"orders": [order], "funding": rates, **more}
    totals = {"funding": 1024 - equity}
    return Golden([FLAT] * len(rates), options, [(side, 16)], equity, totals=totals)


FUNDING = {
    # At bar 2 only: at bar 1 nothing was held yet.
    "each bar": funded(BUY, [RATE] * 3, 1023),
    # The long's payment is the short's income: 1024 + 1.
    "a short receives": funded(SELL, [RATE] * 3, 1025),
    "a long receives a negative rate": funded(BUY, [-RATE] * 3, 1025),
    # Long 4, short 2 beside it: 1 - 1/2.
    "hedged": Golden(
        [FLAT] * 3,
        {"orders": [BUY, Order(bar=0, side="sell", size=2)], "position": "hedged",
         "funding": [RATE] * 3},
        [(1, 16), (-1, 16)], 1023.5, totals={"funding": 0.5},
    ),
    # Of the open, not of the close or the entry: 4 * 32 / 64 = 2; at the close 16.
    "of the open": Golden(
        [FLAT, FLAT, (32, 32, 16, 16)], {"orders": [BUY], "funding": [RATE] * 3}, [(1, 16)], 1022
    ),
    # Due at minutes 2 and 4 of 0..5.
    "each two minutes": funded(BUY, [RATE] * 6, 1022, funding_interval="2m"),
    # Bars at minutes 0, 3, 6, 9; held from 3 on. At 6 for 4 and 6, once; at 9 for 8.
    "the first bar after it": Golden(
        bars_of([FLAT] * 4, step=3 * MINUTE),
        {"orders": [BUY], "funding": [RATE] * 4, "funding_interval": "2m"}, [(1, 16)], 1022,
    ),
    # Nothing at bar 2, 1 at bar 3.
    "missing: zero": funded(BUY, [RATE, RATE, NAN, RATE], 1023, funding_missing="zero"),
    # 4 * 16 / 32 = 2 at bar 2, 1 at bar 3.
    "missing: a constant": funded(BUY, [RATE, RATE, NAN, RATE], 1021, funding_missing=1 / 32),
    # Missing where nothing is held, and where none is due: no error; 1 each at bars 2 and 4.
    "missing where it is not due": funded(
        BUY, [NAN, NAN, RATE, NAN, RATE], 1022, funding_interval="2m"
    ),
}  # fmt: skip


def limit(side: str, price: float) -> Order:
    return Order(bar=0, side=side, size=4, type="limit", price=price)


def stop(side: str, price: float) -> Order:
    return Order(bar=0, side=side, size=4, type="stop", stop_price=price)


VENUE = {
    # 12.25 on ticks of 1/2 is 12 for a buyer; at the close 16: 4 * 4.
    "limit of a buy, down": Golden(
        [FLAT, (16, 16, 12, 16)], {"orders": [limit("buy", 12.25)], "tick_size": 0.5},
        [(1, 12)], 1040,
    ),
    "limit of a buy, not reached": Golden(
        [FLAT, (16, 16, 12.25, 16)], {"orders": [limit("buy", 12.25)], "tick_size": 0.5},
        [], 1024, counts={"working_orders": 1},
    ),
    # 19.75 is 20: 4 * (20 - 16).
    "limit of a sell, up": Golden(
        [FLAT, (16, 20, 16, 16)], {"orders": [limit("sell", 19.75)], "tick_size": 0.5},
        [(-1, 20)], 1040,
    ),
    # 19.75 is 20: 4 * (16 - 20).
    "stop of a buy, up": Golden(
        [FLAT, (16, 20, 16, 16)], {"orders": [stop("buy", 19.75)], "tick_size": 0.5},
        [(1, 20)], 1008,
    ),
    # 12.25 is 12: 4 * (12 - 16).
    "stop of a sell, down": Golden(
        [FLAT, (16, 16, 12, 16)], {"orders": [stop("sell", 12.25)], "tick_size": 0.5},
        [(-1, 12)], 1008,
    ),
    # 16 - 2.25 = 13.75 is 13.5, as a sell stop: 4 * (13.5 - 16).
    "stop of a long, down": Golden(
        [FLAT, FLAT, (16, 16, 12, 16)],
        {"orders": [Order(bar=0, side="buy", size=4, stop=2.25)], "tick_size": 0.5},
        [(1, 16), (-1, 13.5)], 1014,
    ),
    # 16 + 3.75 = 19.75 is 20, as a sell limit: 4 * (20 - 16).
    "target of a long, up": Golden(
        [FLAT, FLAT, (16, 20, 16, 16)],
        {"orders": [Order(bar=0, side="buy", size=4, target=3.75)], "tick_size": 0.5},
        [(1, 16), (-1, 20)], 1040,
    ),
    # 3.75 units in lots of 1/2 are 3.5, up 4 at the close: 1024 + 14.
    "lot": Golden(
        [FLAT, (16, 20, 16, 20)],
        {"orders": [Order(bar=0, side="buy", size=3.75)], "lot_size": 0.5}, [(1, 16, 3.5)], 1038,
    ),
    # Less than one lot.
    "no lot": Golden(
        [FLAT, FLAT], {"orders": [BUY], "lot_size": 8}, [], 1024, rejects={"min_size": 1}
    ),
    # 4 is enough and 64 is: at the close 20, 4 * 4.
    "min_quantity met": Golden(
        [FLAT, (16, 20, 16, 20)], {"orders": [BUY], "min_quantity": 4}, [(1, 16)], 1040
    ),
    "min_quantity missed": Golden(
        [FLAT, FLAT], {"orders": [BUY], "min_quantity": 4.5}, [], 1024, rejects={"min_size": 1}
    ),
    "min_notional met": Golden(
        [FLAT, (16, 20, 16, 20)], {"orders": [BUY], "min_notional": 64}, [(1, 16)], 1040
    ),
    "min_notional missed": Golden(
        [FLAT, FLAT], {"orders": [BUY], "min_notional": 65}, [], 1024, rejects={"min_size": 1}
    ),
    # A closing of 1 is below both and filled nonetheless: 4 * 4.
    "closings are never too small": Golden(
        [FLAT, FLAT, still(20)],
        {"orders": [BUY, Order(bar=1, side="sell", size=1)], "min_quantity": 2, "min_notional": 64},
        [(1, 16, 4), (-1, 20, 1)], 1040,
    ),
}  # fmt: skip

GROUPS = {"fee": FEES, "slippage": SLIPPAGE, "funding": FUNDING, "venue": VENUE}
GOLDENS = {f"{group}: {name}": g for group, found in GROUPS.items() for name, g in found.items()}


@pytest.mark.parametrize("name", GOLDENS)
def test_costs_computed_by_hand(name: str) -> None:
    check(GOLDENS[name])


def test_a_missing_rate_that_is_due_is_an_error() -> None:
    given = {"orders": [BUY], "funding": [RATE, RATE, NAN, RATE]}
    with pytest.raises(ParameterError, match=r"^funding: the symbol has none .* bar 2, "):
        backtest(flat_bars(4), **given)
    with pytest.raises(MissingFundingError, match=r"bar 2$"):
        model_backtest(flat_bars(4), **given)


# ------------------------------------------------------------------ random slippage


def mixed(x: int) -> int:
    """splitmix64's output on the state x + its increment (Steele, Lea, Flood 2014)."""
    mask = (1 << 64) - 1
    z = (x + 0x9E3779B97F4A7C15) & mask
    z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & mask
    z = ((z ^ z >> 27) * 0x94D049BB133111EB) & mask
    return z ^ z >> 31


def drawn(seed: int, symbol: int, bar: int, number: int) -> float:
    """The upper 53 bits of m(m(m(m(seed) ^ symbol) ^ bar) ^ number), as a fraction [C3]."""
    state = mixed(seed)
    for value in (symbol, bar, number):
        state = mixed(state ^ value)
    return (state >> 11) / 2**53


def test_random_slippage_is_the_draw_of_its_seed_symbol_bar_and_number() -> None:
    assert mixed(0) == 0xE220A8397B1DCDAF  # the first number of a generator seeded with 0
    size: dict[str, Any] = {"bar": 0, "size": 4}
    orders = [
        Order(side="buy", symbol="a", **size),  # bar 1 of symbol 0: number 0
        Order(side="sell", symbol="b", reduce_only=True, **size),  # rejected: takes no number
        Order(side="sell", symbol="b", **size),  # bar 1 of symbol 1: number 0
        Order(side="buy", symbol="a", **size),  # number 1
        Order(side="buy", symbol="a", type="limit", price=16, **size),  # takes number 2, no slip
        Order(side="buy", symbol="a", **size),  # number 3
        Order(side="sell", symbol="a", bar=1, size=20),  # bar 2: number 0, both parts
    ]
    # A quarter of the draw, of a price of 16: 4 times the draw.
    wanted = [
        (0, 16 + 4 * drawn(7, 0, 1, 0)),
        (0, 16 + 4 * drawn(7, 0, 1, 1)),
        (0, 16.0),
        (0, 16 + 4 * drawn(7, 0, 1, 3)),
        (1, 16 - 4 * drawn(7, 1, 1, 0)),
        (0, 16 - 4 * drawn(7, 0, 2, 0)),
        (0, 16 - 4 * drawn(7, 0, 2, 0)),
    ]
    data = {"a": flat_bars(3), "b": flat_bars(3)}
    given = {"orders": orders, "slippage_random": 0.25, "slippage_seed": 7, "capital": 1024.0}
    for run in (backtest(data, **given), model_backtest(data, **given)):
        assert [(f["symbol"], f["price"]) for f in run.fills] == wanted
