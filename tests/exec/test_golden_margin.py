"""Sizes, margin and liquidation computed by hand [S1, S3, S4, M]: engine and model give them."""

from __future__ import annotations

from typing import Any

import pytest
from backtest_tapes import MINUTE, bars_of
from golden_runs import FLAT, Golden, check, still

from hquant_cffi import Order

OPEN, LIQUIDATED, STOP, TARGET = 0, 2, 3, 4  # reasons, of include/hquant/execution.h


def order(side: str = "buy", size: float | str | None = None, **more: Any) -> Order:
    return Order(**{"bar": 0, "side": side, "size": size, **more})


# Of 1024 at a price of 16: what a size is in units at a leverage of 1 and of 2.
SIZES: dict[str, tuple[dict[str, Any], float, float]] = {
    "units": ({"size": 4}, 4, 4),
    # 128 / 16
    "notional": ({"size": 128, "size_unit": "notional"}, 8, 8),
    # 1024 / 4 = 256 of margin; 256 * leverage / 16
    "percent": ({"size": "25%"}, 16, 32),
    "equity": ({"size": 0.25, "size_unit": "equity"}, 16, 32),
    # 128 * leverage / 16
    "margin": ({"size": 128, "size_unit": "margin"}, 8, 16),
    # 1024 * leverage / 16
    "all": ({}, 64, 128),
}
ROWS = [FLAT, (16, 20, 16, 20)]  # each unit of a long gains 4
SIZED = {
    f"{name} of a {way} at {leverage}x": Golden(
        ROWS, {**given, "leverage": leverage}, [(1, 16, units)], 1024 + 4 * units
    )
    for name, (size, *quantities) in SIZES.items()
    for leverage, units in zip((1, 2), quantities, strict=True)
    for way, given in {
        "signal": {"signals": [1, 0], **size}, "order": {"orders": [order(**size)]}
    }.items()
}  # fmt: skip

SIZED_BY = {
    # 32 at 16; at 32 they have gained 512, equity is 1536. A quarter is 384: 12 units at 32.
    "equity at the fill's price": Golden(
        [FLAT, FLAT, still(32)], {"orders": [order(size=32), order(size="25%", bar=1)]},
        [(1, 16, 32), (1, 32, 12)], 1536,
    ),
    # A tick of 16 makes it 32: 128 / 32 = 4 units; at 16: 4 * -16.
    "the price with slippage": Golden(
        [FLAT, FLAT],
        {"orders": [order(size=128, size_unit="notional")], "slippage_ticks": 1, "tick_size": 16},
        [(1, 32, 4)], 960,
    ),
    # A unit costs 16 and a fee of 16 / 16 + 15: 1024 / 32; 32 * 4 - 32 * 16.
    "all with its fee": Golden(
        ROWS, {"orders": [order()], "fee": 1 / 16, "fee_per_unit": 15}, [(1, 16, 32)], 640
    ),
}  # fmt: skip

REJECTED = {
    # 100 * 16 is more than 1024: cut to 64; 64 * 4.
    "cut to the cash": Golden(
        ROWS, {"orders": [order(size=100)]}, [(1, 16, 64)], 1280, counts={"partial_orders": 1}
    ),
    # The same with 32 a unit, fee included: 1024 / 32; 32 * 4 - 32 * 16.
    "cut to the cash, with fees": Golden(
        ROWS, {"orders": [order(size=100)], "fee_per_unit": 16}, [(1, 16, 32)], 640,
        counts={"partial_orders": 1},
    ),
    # 64 in lots of 24: 48; 48 * 4.
    "cut to the cash, in lots": Golden(
        ROWS, {"orders": [order(size=100)], "lot_size": 24}, [(1, 16, 48)], 1216,
        counts={"partial_orders": 1},
    ),
    "more than the cash": Golden(
        ROWS, {"orders": [order(size=100)], "unaffordable": "reject"}, [], 1024,
        rejects={"cash": 1},
    ),
    # What may be had is never too much.
    "all is not more than the cash": Golden(
        ROWS, {"orders": [order()], "unaffordable": "reject"}, [(1, 16, 64)], 1280
    ),
    # 64 units cost all the cash; a gain that is not realised is not cash.
    "no cash left": Golden(
        [FLAT, FLAT, still(32)], {"orders": [order(), order(size=4, bar=1)]},
        [(1, 16, 64)], 2048, rejects={"cash": 1},
    ),
    # A notional of 1024 is the last that allows more than 2: 64 units; 64 * 4.
    "cut to the tier": Golden(
        ROWS,
        {"orders": [order(size=100)], "leverage": 4,
         "margin_tiers": [(0, 1 / 64, 8), (1024, 1 / 16, 2)]},
        [(1, 16, 64)], 1280, counts={"partial_orders": 1},
    ),
    # All would be 256 units.
    "all, cut to the tier": Golden(
        ROWS,
        {"orders": [order()], "leverage": 4, "margin_tiers": [(0, 1 / 64, 8), (1024, 1 / 16, 2)]},
        [(1, 16, 64)], 1280, counts={"partial_orders": 1},
    ),
    # 64 units end in the first tier, up to and including 1024.
    "at the end of the tier": Golden(
        ROWS,
        {"orders": [order(size=64)], "leverage": 4, "unaffordable": "reject",
         "margin_tiers": [(0, 1 / 64, 8), (1024, 1 / 16, 2)]},
        [(1, 16, 64)], 1280,
    ),
    "more than the tier": Golden(
        ROWS,
        {"orders": [order(size=100)], "leverage": 4, "unaffordable": "reject",
         "margin_tiers": [(0, 1 / 64, 8), (1024, 1 / 16, 2)]},
        [], 1024, rejects={"leverage": 1},
    ),
    # The tier is full: nothing is left of the second order.
    "a full tier": Golden(
        ROWS,
        {"orders": [order(size=64), order(size=4)], "leverage": 4,
         "margin_tiers": [(0, 1 / 64, 8), (1024, 1 / 16, 2)]},
        [(1, 16, 64)], 1280, rejects={"leverage": 1},
    ),
    "the wrong side": Golden(
        ROWS, {"orders": [order("sell", 4)], "sides": "long"}, [], 1024, rejects={"side": 1}
    ),
    "the other wrong side": Golden(
        ROWS, {"orders": [order(size=4)], "sides": "short"}, [], 1024, rejects={"side": 1}
    ),
    "nothing to reduce": Golden(
        ROWS, {"orders": [order("sell", 4, reduce_only=True)]}, [], 1024, rejects={"reduce_only": 1}
    ),
    # Hedged, a buy reduces the short; there is a long only.
    "nothing to reduce beside a long": Golden(
        ROWS,
        {"orders": [order(size=4), order(size=4, reduce_only=True)], "position": "hedged"},
        [(1, 16, 4)], 1040, rejects={"reduce_only": 1},
    ),
}  # fmt: skip

# All at a leverage of 4: 256 units at 16, of which a price of 12 leaves nothing.
ALL = {"leverage": 4, "orders": [order()]}
# At a price p: 64 + (256 p - 1024) / 4 = 64 p - 192; equity is 256 p - 3072, and equal at 15.
TIERS = [(0, 1 / 16, 8), (1024, 1 / 4, 4)]

LIQUIDATIONS = {
    # At the low 12 they have lost 1024, the whole account.
    "long": Golden(
        [FLAT, FLAT, (16, 16, 12, 16)], ALL, [(1, 16)], 0,
        exits=[LIQUIDATED], totals={"liquidated": 1, "liquidation_loss": 0},
    ),
    "not yet": Golden(
        [FLAT, FLAT, (16, 16, 12.25, 16)], ALL, [(1, 16)], 1024,
        exits=[OPEN], totals={"liquidated": 0},
    ),
    # At the high 20: 1024 - 256 * 4.
    "short": Golden(
        [FLAT, FLAT, (16, 20, 16, 16)], {"leverage": 4, "orders": [order("sell")]}, [(-1, 16)], 0,
        exits=[LIQUIDATED], totals={"liquidated": 1, "liquidation_loss": 0},
    ),
    # 256 p / 4 is the equity 256 p - 3072 at p = 16, that is at once; all 1024 are gone.
    "maintenance, at once": Golden(
        [FLAT, FLAT], {**ALL, "maintenance_margin": 1 / 4}, [(1, 16)], 0,
        exits=[LIQUIDATED], totals={"liquidation_loss": 1024},
    ),
    # 128 units: 128 p / 4 is the equity 128 p - 1024 at p = 32 / 3. The low 11 is above it; at 10
    # the equity of 256 is less than 320, and gone.
    "maintenance": Golden(
        [FLAT, FLAT, (16, 16, 11, 16), (16, 16, 10, 16)],
        {**ALL, "leverage": 2, "maintenance_margin": 1 / 4}, [(1, 16)], 0,
        exits=[LIQUIDATED], totals={"liquidation_loss": 256}, curve=[1024, 1024, 1024, 0],
    ),
    # 15.25 is above the 15 of the steps.
    "tiers, not yet": Golden(
        [FLAT, FLAT, (16, 16, 15.25, 16)], {**ALL, "margin_tiers": TIERS}, [(1, 16)], 1024,
        exits=[OPEN],
    ),
    # At 15 equity is 1024 - 256 = 768 and so is the maintenance margin, 64 + (3840 - 1024) / 4.
    "tiers": Golden(
        [FLAT, FLAT, (16, 16, 15, 16)], {**ALL, "margin_tiers": TIERS}, [(1, 16)], 0,
        exits=[LIQUIDATED], totals={"liquidation_loss": 768},
    ),
    # The stop 14 comes first: 1024 - 256 * 2.
    "a stop before it": Golden(
        [FLAT, FLAT, (16, 16, 8, 16)], {**ALL, "orders": [order(stop=2)]}, [(1, 16), (-1, 14)], 512,
        exits=[STOP], totals={"liquidated": 0},
    ),
    # The stop 10 comes too late. The price is the low 8: 1024 - 256 * 8.
    "a stop after it": Golden(
        [FLAT, FLAT, (16, 16, 8, 16)], {**ALL, "orders": [order(stop=6)]}, [(1, 16)], 0,
        exits=[LIQUIDATED], totals={"liquidation_loss": -1024},
    ),
    # The low 12 takes all, the target 20 gains 256 * 4: it depends on which came first.
    "worst before a target": Golden(
        [FLAT, FLAT, (16, 24, 12, 16)], {**ALL, "orders": [order(target=4)]}, [(1, 16)], 0, 1,
        exits=[LIQUIDATED],
    ),
    "best before it": Golden(
        [FLAT, FLAT, (16, 24, 12, 16)],
        {**ALL, "orders": [order(target=4)], "intrabar": "best"}, [(1, 16), (-1, 20)], 2048, 1,
        exits=[TARGET],
    ),
    # The open 11 is beyond both, the account is asked first: 1024 - 256 * 5.
    "at an open": Golden(
        [FLAT, FLAT, still(11)], {**ALL, "orders": [order(stop=2)]}, [(1, 16)], 0,
        exits=[LIQUIDATED], totals={"liquidation_loss": -256}, curve=[1024, 1024, 0],
    ),
    # One limit rests when it comes, one is given later.
    "orders after it": Golden(
        [FLAT, FLAT, (16, 16, 12, 16), FLAT],
        {"leverage": 4,
         "orders": [order(), order(size=4, type="limit", price=8), order(size=4, bar=2)]},
        [(1, 16)], 0, rejects={"liquidated": 2}, totals={"liquidated": 1},
    ),
    # Long and short of 32 beside each other never lose: 1024, at a price that doubles.
    "hedged": Golden(
        [FLAT, FLAT, still(32)],
        {"orders": [order(size=32), order("sell", 32)], "position": "hedged"},
        [(1, 16), (-1, 16)], 1024, exits=[OPEN, OPEN], curve=[1024, 1024, 1024],
    ),
}  # fmt: skip


def each(symbol: str, size: float, side: str = "buy") -> Order:
    return order(side, size, symbol=symbol)


SYMBOLS = {
    # 128 of each lock 512 + 512 at a leverage of 4. At 8 the first has lost 1024, which is all.
    "one's loss is the other's": Golden(
        {"a": bars_of([FLAT, FLAT, (16, 16, 8, 16)]), "b": bars_of([FLAT] * 3)},
        {"orders": [each("a", 128), each("b", 128)], "leverage": 4},
        [(1, 16, 128, 0), (1, 16, 128, 1)], 0, exits=[LIQUIDATED, LIQUIDATED],
        totals={"liquidation_loss": 0}, curve=[1024, 1024, 0],
    ),
    # A short of the other has gained as much at the same open: nothing is lost.
    "one's gain is the other's": Golden(
        {"a": bars_of([FLAT, FLAT, still(8)]), "b": bars_of([FLAT, FLAT, still(8)])},
        {"orders": [each("a", 128), each("b", 128, "sell")], "leverage": 4},
        [(1, 16, 128, 0), (-1, 16, 128, 1)], 1024, exits=[OPEN, OPEN],
    ),
    # Cash of 1024 is 64 units of the first; the second finds none.
    "one's margin is the other's lack": Golden(
        {"a": bars_of([FLAT, FLAT]), "b": bars_of([FLAT, FLAT])},
        {"orders": [each("a", 64), each("b", 4)]}, [(1, 16, 64, 0)], 1024, rejects={"cash": 1},
    ),
    # "a" has bars at minutes 0, 1, 2, 3, "b" at 0, 2, 4; 4 units each, of "b" from minute 2 on.
    # Closes: a 16, 20, 24 at 1, 2, 3: +0, +16, +32; b 16, 32 at 2, 4: +0, +64.
    "two clocks": Golden(
        {"a": bars_of([FLAT, FLAT, (16, 20, 16, 20), (20, 24, 20, 24)]),
         "b": bars_of([FLAT, FLAT, (16, 32, 16, 32)], step=2 * MINUTE)},
        {"orders": [each("a", 4), each("b", 4)]},
        [(1, 16, 4, 0), (1, 16, 4, 1)], 1120, curve=[1024, 1024, 1040, 1056, 1120],
    ),
    # "b" has its next bar at minute 2, which opens at 8; at its close 16: 4 * 8.
    "an order waits for its symbol": Golden(
        {"a": bars_of([FLAT] * 4), "b": bars_of([FLAT, (8, 16, 8, 16)], step=2 * MINUTE)},
        {"orders": [each("b", 4)]}, [(1, 8, 4, 1)], 1056, curve=[1024, 1024, 1056, 1056],
    ),
}  # fmt: skip

GOLDENS = {**SIZED, **SIZED_BY, **REJECTED, **LIQUIDATIONS, **SYMBOLS}


@pytest.mark.parametrize("name", GOLDENS)
def test_an_account_kept_by_hand(name: str) -> None:
    check(GOLDENS[name])
