"""Orders computed by hand [O1-O6]: engine and model give the numbers exactly."""

from __future__ import annotations

from typing import Any

import pytest
from golden_runs import FLAT, Golden, check, still

from hquant_cffi import Order

STOP, TARGET, TRAIL = 3, 4, 5  # reasons, of include/hquant/execution.h


def order(side: str, kind: str = "market", price: float = 0, **more: Any) -> Order:
    """Four units, given after the first bar; the price is a stop's level, or else the limit."""
    prices = {} if kind == "market" else {"stop_price" if kind == "stop" else "price": price}
    return Order(**{"bar": 0, "side": side, "size": 4, "type": kind, **prices, **more})


RATES = {"fee": 1 / 64, "maker_fee": 1 / 16}

TYPES = {
    # At 20, up to 24 at the close: 4 * 4.
    "stop order": Golden(
        [FLAT, FLAT, (16, 24, 16, 24)], {"orders": [order("buy", "stop", 20)]}, [(1, 20)], 1040
    ),
    # The open 22 is beyond 20: 4 * (24 - 22).
    "stop order, gap": Golden(
        [FLAT, FLAT, (22, 24, 22, 24)], {"orders": [order("buy", "stop", 20)]}, [(1, 22)], 1032
    ),
    # Short at 12, down to 8: 4 * 4.
    "sell stop": Golden(
        [FLAT, FLAT, (16, 16, 8, 8)], {"orders": [order("sell", "stop", 12)]}, [(-1, 12)], 1040
    ),
    # The open 10 is beyond 12: 4 * (10 - 8).
    "sell stop, gap": Golden(
        [FLAT, FLAT, (10, 10, 8, 8)], {"orders": [order("sell", "stop", 12)]}, [(-1, 10)], 1032
    ),
    # 20 is reached and is no price for a limit of 18; the next bar comes down to 18. It rested:
    # maker, 4 * 18 / 16 = 4.5; at the close 20: 1024 + 8 - 4.5.
    "stop-limit, filled later": Golden(
        [FLAT, (16, 20, 16, 20), (20, 20, 16, 20)],
        {"orders": [order("buy", "stop_limit", 18, stop_price=20)], **RATES},
        [(1, 18)], 1027.5,
    ),
    # Reached 20 and never again below 19: the limit still works.
    "stop-limit, armed only": Golden(
        [FLAT, (16, 20, 16, 20), (20, 20, 19, 20)],
        {"orders": [order("buy", "stop_limit", 18, stop_price=20)]},
        [], 1024, counts={"working_orders": 1},
    ),
    # 20 is as good as the limit 22: taker, 4 * 20 / 64 = 1.25; still 20 at the close.
    "stop-limit, filled at once": Golden(
        [FLAT, (16, 20, 16, 20)],
        {"orders": [order("buy", "stop_limit", 22, stop_price=20)], **RATES},
        [(1, 20)], 1022.75,
    ),
    # Short at the limit 14 on the bar after 12 was reached: maker, 4 * 14 / 16 = 3.5; at the close
    # 12: 1024 + 8 - 3.5.
    "sell stop-limit, filled later": Golden(
        [FLAT, (16, 16, 12, 12), (12, 14, 12, 12)],
        {"orders": [order("sell", "stop_limit", 14, stop_price=12)], **RATES},
        [(-1, 14)], 1028.5,
    ),
    # 16 is better than 20 at the first open: taker, 4 * 16 / 64 = 1.
    "limit at its first open": Golden(
        [FLAT, FLAT], {"orders": [order("buy", "limit", 20)], **RATES}, [(1, 16)], 1023
    ),
    # It rested for a bar; the open 8 is better than 12: maker, 4 * 8 / 16 = 2.
    "limit at a later open": Golden(
        [FLAT, FLAT, still(8)], {"orders": [order("buy", "limit", 12)], **RATES}, [(1, 8)], 1022
    ),
    # The open 24 is better than 20: maker, 4 * 24 / 16 = 6.
    "sell limit at a later open": Golden(
        [FLAT, FLAT, still(24)], {"orders": [order("sell", "limit", 20)], **RATES}, [(-1, 24)], 1018
    ),
    # One bar it works for and one that it does not see: 12 comes too late.
    "order that expires": Golden(
        [FLAT, FLAT, (16, 16, 8, 16)], {"orders": [order("buy", "limit", 12, bars=1)]},
        [], 1024, counts={"expired_orders": 1},
    ),
}  # fmt: skip

GROUPS = {
    # Bought at 12; the stop 20 and a limit that is given later are cancelled. At 24: 4 * 12.
    "oco": Golden(
        [FLAT, (16, 16, 12, 16), (16, 24, 4, 24)],
        {"orders": [order("buy", "limit", 12, oco=1), order("buy", "stop", 20, oco=1),
                    order("buy", "limit", 8, bar=1, oco=1)]},
        [(1, 12)], 1072, counts={"cancelled_orders": 2},
    ),
    # There is nothing to reduce; the rejected order cancels nothing. From 20 to 24: 4 * 4.
    "oco, rejected": Golden(
        [FLAT, (16, 24, 16, 24)],
        {"orders": [order("sell", reduce_only=True, oco=1), order("buy", "stop", 20, oco=1)]},
        [(1, 20)], 1040, rejects={"reduce_only": 1},
    ),
    # Short at 16, stop 18, target 12; worst for a short is the high: 4 * (16 - 18).
    "short bracket, worst": Golden(
        [FLAT, FLAT, (16, 20, 8, 16)], {"orders": [order("sell", stop=2, target=4)]},
        [(-1, 16), (1, 18)], 1016, 1, exits=[STOP],
    ),
    # 4 * (16 - 12)
    "short bracket, best": Golden(
        [FLAT, FLAT, (16, 20, 8, 16)],
        {"orders": [order("sell", stop=2, target=4)], "intrabar": "best"},
        [(-1, 16), (1, 12)], 1040, 1, exits=[TARGET],
    ),
    # The open 24 is beyond the stop 18: 4 * (16 - 24).
    "short bracket, gap": Golden(
        [FLAT, FLAT, still(24)], {"orders": [order("sell", stop=2, target=4)]},
        [(-1, 16), (1, 24)], 992, exits=[STOP],
    ),
    # 12.5% of 16 is 2: stop 14; 25% is 4: target 20. 4 * (20 - 16).
    "distances as fractions": Golden(
        [FLAT, FLAT, (16, 20, 15, 16)], {"orders": [order("buy", stop="12.5%", target="25%")]},
        [(1, 16), (-1, 20)], 1040, exits=[TARGET],
    ),
}  # fmt: skip

TRAILS = {
    # 24 - 4 = 20 counts from the bar after the high on; on the bar of the high, and down to its
    # low 14, it was 16 - 4 = 12. 4 * (20 - 16).
    "trail": Golden(
        [FLAT, FLAT, (16, 24, 14, 22), (22, 22, 18, 20)], {"orders": [order("buy", trail=4)]},
        [(1, 16), (-1, 20)], 1040, exits=[TRAIL],
    ),
    # The open 16 is beyond 20: no gain.
    "trail, gap": Golden(
        [FLAT, FLAT, (16, 24, 14, 22), FLAT], {"orders": [order("buy", trail=4)]},
        [(1, 16), (-1, 16)], 1024, exits=[TRAIL],
    ),
    # Two ticks of 1 make it 18: on the entry's bar the level is 18 - 4 = 14, and slips to 12.
    "trail of a fill that slipped": Golden(
        [FLAT, (16, 16, 13, 16)],
        {"orders": [order("buy", trail=4)], "slippage_ticks": 2, "tick_size": 1},
        [(1, 18), (-1, 12)], 1000, exits=[TRAIL],
    ),
    # 8 + 4 = 12: 4 * (16 - 12).
    "trail of a short": Golden(
        [FLAT, FLAT, (16, 18, 8, 10), (10, 14, 10, 12)], {"orders": [order("sell", trail=4)]},
        [(-1, 16), (1, 12)], 1040, exits=[TRAIL],
    ),
    # The stop 14 is nearer than the trailing 16 - 4 = 12: 4 * (14 - 16).
    "trail, the stop is nearer": Golden(
        [FLAT, FLAT, (16, 16, 8, 16)], {"orders": [order("buy", trail=4, stop=2)]},
        [(1, 16), (-1, 14)], 1016, exits=[STOP],
    ),
    # 24 - 4 = 20 is nearer than the stop 14: 4 * (20 - 16).
    "trail, nearer than the stop": Golden(
        [FLAT, FLAT, (16, 24, 16, 24), (24, 24, 8, 24)],
        {"orders": [order("buy", trail=4, stop=2)]},
        [(1, 16), (-1, 20)], 1040, exits=[TRAIL],
    ),
}  # fmt: skip

ADDITIONS = {
    # 4 at 16, 4 at 24: mean 20. The addition's stop is 24 - 4 = 20, the first one's was 12: all 8
    # at 20. The third signal is one addition too many.
    "pyramiding": Golden(
        [FLAT, FLAT, still(24), (24, 24, 18, 24)],
        {"signals": [1, 1, 1, 0], "size": 4, "stop": 4, "pyramiding": 1},
        [(1, 16, 4), (1, 24, 4), (-1, 20, 8)], 1024, counts={"ignored_same_side": 1}, exits=[STOP],
    ),
    # Mean 20; the target 16 + 16 gives way to 24 + 4 = 28, the stop 12 stays: 8 * (28 - 20).
    "addition with a target": Golden(
        [FLAT, FLAT, still(24), (24, 28, 24, 28)],
        {"orders": [order("buy", stop=4, target=16), order("buy", bar=1, target=4)]},
        [(1, 16, 4), (1, 24, 4), (-1, 28, 8)], 1088, exits=[TARGET],
    ),
    # The stop 12 of the first stays: 8 * (12 - 20).
    "addition without levels": Golden(
        [FLAT, FLAT, still(24), (24, 24, 12, 16)],
        {"orders": [order("buy", stop=4), order("buy", bar=1)]},
        [(1, 16, 4), (1, 24, 4), (-1, 12, 8)], 960, exits=[STOP],
    ),
}  # fmt: skip

SIGNALS = {
    # Long 64 at 16; sold at 12: -256; short 64 at 12, open at 12.
    "reversal": Golden(
        [FLAT, FLAT, still(12)], {"signals": [1, -1, 0], "size": 64, "orders": []},
        [(1, 16), (-1, 12), (-1, 12)], 768,
    ),
    # A list's sell of 6 closes 4 at 20, +16, and opens 2; at 12: 2 * 8.
    "reversal by an order": Golden(
        [FLAT, FLAT, still(20), still(12)],
        {"orders": [order("buy"), order("sell", bar=1, size=6)]},
        [(1, 16, 4), (-1, 20, 4), (-1, 20, 2)], 1056,
    ),
    # The same, reduce_only: the position is closed, and no more.
    "no reversal by reduce_only": Golden(
        [FLAT, FLAT, still(20), still(12)],
        {"orders": [order("buy"), order("sell", bar=1, size=6, reduce_only=True)]},
        [(1, 16, 4), (-1, 20, 4)], 1040,
    ),
    # The sell signal closes at 20, +16; the next one has nothing to close.
    "long only": Golden(
        [FLAT, FLAT, still(20), still(8)],
        {"signals": [1, -1, -1, 0], "size": 4, "sides": "long"},
        [(1, 16), (-1, 20)], 1040, counts={"ignored_side": 1},
    ),
    # The buy signal closes at 12, +16; the next one has nothing to close.
    "short only": Golden(
        [FLAT, FLAT, still(12), still(24)],
        {"signals": [-1, 1, 1, 0], "size": 4, "sides": "short"},
        [(-1, 16), (1, 12)], 1040, counts={"ignored_side": 1},
    ),
    # Long 4 and short 2 at 16. At 20 the short is closed, -8, and the long has 16 more; at 24 it
    # has 32: 1024 + 32 - 8.
    "hedged": Golden(
        [FLAT, FLAT, still(20), still(24)],
        {"orders": [order("buy"), order("sell", size=2),
                    order("buy", bar=1, size=2, reduce_only=True)], "position": "hedged"},
        [(1, 16, 4), (-1, 16, 2), (1, 20, 2)], 1048, curve=[1024, 1024, 1032, 1048],
    ),
    # Signals open both sides beside each other; the second SELL is on its own side. At 24 the two
    # of 4 cancel out but for the short's better price 20: 4 * 8 - 4 * 4.
    "hedged signals": Golden(
        [FLAT, FLAT, still(20), still(24)],
        {"signals": [1, -1, -1, 0], "size": 4, "position": "hedged"},
        [(1, 16), (-1, 20)], 1040, counts={"ignored_same_side": 1},
    ),
    # At the signal bar's own close 24; at 32: 4 * 8. The last signal trades too: closed at 32,
    # short 4 at 32.
    "fill at the close": Golden(
        [FLAT, (16, 24, 16, 24), still(32)], {"signals": [0, 1, -1], "size": 4, "fill": "close"},
        [(1, 24), (-1, 32), (-1, 32)], 1056,
    ),
    # The next open would have been that of a bar that does not come.
    "dropped": Golden(
        [FLAT, FLAT], {"signals": [0, 1], "size": 4}, [], 1024, counts={"dropped_last_bar": 1}
    ),
    # 16 * (1 - 1/4) = 12; at the close 16: 4 * 4.
    "fill by limit, buy": Golden(
        [FLAT, (16, 16, 8, 16)],
        {"signals": [1, 0], "size": 4, "fill": "limit", "limit_offset": 0.25}, [(1, 12)], 1040,
    ),
    # 16 * (1 + 1/4) = 20; at the close 16: 4 * 4.
    "fill by limit, sell": Golden(
        [FLAT, (16, 24, 16, 16)],
        {"signals": [-1, 0], "size": 4, "fill": "limit", "limit_offset": 0.25}, [(-1, 20)], 1040,
    ),
    # The limit 12 works on one bar; the next one, which comes to 8, is too late.
    "limit signal expires": Golden(
        [FLAT, FLAT, (16, 16, 8, 16)],
        {"signals": [1, 0, 0], "size": 4, "fill": "limit", "limit_offset": 0.25, "limit_bars": 1},
        [], 1024, counts={"expired_orders": 1},
    ),
    # The limit 12 gives way to 32 * 3/4 = 24, which is reached; at the close 32: 4 * 8.
    "limit signal replaced": Golden(
        [FLAT, still(32), (32, 32, 24, 32)],
        {"signals": [1, 1, 0], "size": 4, "fill": "limit", "limit_offset": 0.25},
        [(1, 24)], 1056, counts={"replaced_orders": 1},
    ),
}  # fmt: skip

GOLDENS = {**TYPES, **GROUPS, **TRAILS, **ADDITIONS, **SIGNALS}


@pytest.mark.parametrize("name", GOLDENS)
def test_orders_followed_by_hand(name: str) -> None:
    check(GOLDENS[name])
