"""Inside a bar, computed by hand [P1-P3]: engine and model give the numbers exactly."""

from __future__ import annotations

import pytest
from backtest_tapes import MINUTE, bars_of
from golden_runs import FLAT, Golden, Row, check

from hquant_cffi import Order

BUY = Order(bar=0, side="buy", size=4, stop=2, target=4)  # at 16: stop 14, target 20
BOTH: Row = (16, 24, 12, 16)  # touches stop and target; the low is nearer

# The extremes are equally far from the open, so that an account that is flat sees the low first:
# 16, 8, 24, close.
ENDS_LOW: Row = (16, 24, 8, 14)
ENDS_HIGH: Row = (16, 24, 8, 18)


def limit(side: str, price: float, **exits: float) -> Order:
    return Order(bar=0, side=side, size=4, type="limit", price=price, **exits)


def stop(side: str, price: float, **exits: float) -> Order:
    return Order(bar=0, side=side, size=4, type="stop", stop_price=price, **exits)


def inside(
    rule: str, bar: Row, order: Order, fills: list[tuple[float, ...]], equity: float, ambiguous: int
) -> Golden:
    """An order that opens inside the one bar after it was given."""
    options = {"orders": [order], "intrabar": rule}
    return Golden([FLAT, bar], options, fills, equity, ambiguous)


PATHS = {
    # 1024 - 4 * (16 - 14)
    "worst: the stop": Golden([FLAT, FLAT, BOTH], {"orders": [BUY]}, [(1, 16), (-1, 14)], 1016, 1),
    # 1024 + 4 * (20 - 16)
    "best: the target": Golden(
        [FLAT, FLAT, BOTH], {"orders": [BUY], "intrabar": "best"}, [(1, 16), (-1, 20)], 1040, 1
    ),
    # The low, 4 below the open, is nearer than the high, 8 above it.
    "nearest: the low": Golden(
        [FLAT, FLAT, BOTH], {"orders": [BUY], "intrabar": "nearest"}, [(1, 16), (-1, 14)], 1016, 1
    ),
    # The high, 4 above the open, is nearer than the low, 8 below it: target 20.
    "nearest: the high": Golden(
        [FLAT, FLAT, (16, 20, 8, 16)], {"orders": [BUY], "intrabar": "nearest"},
        [(1, 16), (-1, 20)], 1040, 1,
    ),
    # The open 8 is beyond the stop 14: 1024 - 4 * 8.
    "gap through the stop": Golden(
        [FLAT, FLAT, (8, 8, 8, 8)], {"orders": [BUY]}, [(1, 16), (-1, 8)], 992
    ),
    # The open 32 is better than the target 20: 1024 + 4 * 16.
    "gap through the target": Golden(
        [FLAT, FLAT, (32, 32, 32, 32)], {"orders": [BUY]}, [(1, 16), (-1, 32)], 1088
    ),
    # Two bars, one position in each: 1024 - 8 - 8.
    "two ambiguous bars": Golden(
        [FLAT, BOTH, BOTH],
        {"orders": [BUY, Order(bar=1, side="buy", size=4, stop=2, target=4)]},
        [(1, 16), (-1, 14), (1, 16), (-1, 14)], 1008, 2,
    ),
    # 16 to 14: -8. Then the limit 12 opens a position with the stop 10 and the target 16 in the
    # same bar: 4 * (10 - 12) = -8. Ambiguous twice, counted once.
    "one bar is ambiguous once": Golden(
        [FLAT, ENDS_LOW], {"orders": [BUY, limit("buy", 12, stop=2, target=4)]},
        [(1, 16), (-1, 14), (1, 12), (-1, 10)], 1008, 1,
    ),
    # Two ticks of 4 make it 24, and the stop 20 is reached at once: out at 16, less two ticks: 8.
    # The target 28 and the limit 12 are not in doubt then: 12 is filled; 4 * (8 - 24 + 16 - 12).
    "a stop that is reached already": Golden(
        [FLAT, (16, 32, 12, 16)],
        {"orders": [Order(bar=0, side="buy", size=4, stop=4, target=4), limit("buy", 12)],
         "slippage_ticks": 2, "tick_size": 4},
        [(1, 24), (-1, 8), (1, 12)], 976, 0,
    ),
}  # fmt: skip

TWO = 2 * MINUTE
FINER = {
    # The first minute reaches the target 20, the second one the stop 14: 1024 + 16.
    "finer: the target came first": Golden(
        bars_of([FLAT, BOTH], step=TWO),
        {"orders": [BUY], "intrabar": "finer",
         "finer": bars_of([(16, 20, 16, 20), (20, 24, 12, 16)], start=TWO)},
        [(1, 16), (-1, 20)], 1040,
    ),
    # The first minute reaches the stop 14: 1024 - 8.
    "finer: the stop came first": Golden(
        bars_of([FLAT, BOTH], step=TWO),
        {"orders": [BUY], "intrabar": "finer",
         "finer": bars_of([(16, 16, 12, 16), (16, 24, 16, 16)], start=TWO)},
        [(1, 16), (-1, 14)], 1016,
    ),
    # The second minute touches both 14 and 20: the worst, and ambiguous.
    "finer: a finer bar touches both": Golden(
        bars_of([FLAT, BOTH], step=TWO),
        {"orders": [BUY], "intrabar": "finer", "finer": bars_of([FLAT, BOTH], start=TWO)},
        [(1, 16), (-1, 14)], 1016, 1,
    ),
    # Opened inside the second minute by the limit 12: it was falling, the low 8 is to come, and the
    # target 16 need not be reached again by the close 14. At 14: 4 * 2.
    "finer: opened inside a finer bar": Golden(
        bars_of([FLAT, ENDS_LOW], step=TWO),
        {"orders": [limit("buy", 12, target=4)], "intrabar": "finer",
         "finer": bars_of([FLAT, ENDS_LOW], start=TWO)},
        [(1, 12)], 1032, 1,
    ),
    # The finer bar after the opening is walked whole: its high 24 has the target 16.
    "finer: opened in the finer bar before": Golden(
        bars_of([FLAT, ENDS_LOW], step=TWO),
        {"orders": [limit("buy", 12, target=4)], "intrabar": "finer",
         "finer": bars_of([(14, 14, 8, 8), (8, 24, 8, 14)], start=TWO)},
        [(1, 12), (-1, 16)], 1040, 0,
    ),
    # The only finer bars are of the last bar, after the stop was filled by the rule "worst".
    "finer: a bar without finer bars": Golden(
        bars_of([FLAT, BOTH, FLAT], step=TWO),
        {"orders": [BUY], "intrabar": "finer", "finer": bars_of([FLAT, FLAT], start=2 * TWO)},
        [(1, 16), (-1, 14)], 1016, 1,
    ),
}  # fmt: skip

# A position opened inside a bar. The price was falling to 12 when a buy limit or a sell stop was
# filled there, rising to 20 when a sell limit or a buy stop was.
OPENED = {
    # Long at 12, stop 10, target 16. Worst: the low 8 still comes: 4 * (10 - 12) = -8.
    "worst: buy limit": inside(
        "worst", ENDS_LOW, limit("buy", 12, stop=2, target=4), [(1, 12), (-1, 10)], 1016, 1),
    # Best: the high 24 comes first: 4 * (16 - 12) = 16.
    "best: buy limit": inside(
        "best", ENDS_LOW, limit("buy", 12, stop=2, target=4), [(1, 12), (-1, 16)], 1040, 1),
    # Nearest: the path goes on to the low.
    "nearest: buy limit": inside(
        "nearest", ENDS_LOW, limit("buy", 12, stop=2, target=4), [(1, 12), (-1, 10)], 1016, 1),
    # The high may have come before 12: no target. At the close 14: 4 * 2 = 8.
    "worst: the target of a buy limit": inside(
        "worst", ENDS_LOW, limit("buy", 12, target=4), [(1, 12)], 1032, 1),
    # The close 18 is beyond the target 16 and certainly came later: 16, nothing ambiguous.
    "worst: the target before the close": inside(
        "worst", ENDS_HIGH, limit("buy", 12, target=4), [(1, 12), (-1, 16)], 1040, 0),
    "best: the target of a buy limit": inside(
        "best", ENDS_LOW, limit("buy", 12, target=4), [(1, 12), (-1, 16)], 1040, 1),
    "nearest: the target of a buy limit": inside(
        "nearest", ENDS_LOW, limit("buy", 12, target=4), [(1, 12), (-1, 16)], 1040, 1),
    # The price was falling, the low 8 was certainly to come: also the best has the stop 10.
    "best: the stop of a buy limit": inside(
        "best", ENDS_LOW, limit("buy", 12, stop=2), [(1, 12), (-1, 10)], 1016, 0),

    # Short at 20, stop 22, target 16. Worst: the high 24 still comes: 4 * (20 - 22) = -8.
    "worst: sell limit": inside(
        "worst", ENDS_HIGH, limit("sell", 20, stop=2, target=4), [(-1, 20), (1, 22)], 1016, 1),
    # Best: the low 8 comes first: 4 * (20 - 16) = 16.
    "best: sell limit": inside(
        "best", ENDS_HIGH, limit("sell", 20, stop=2, target=4), [(-1, 20), (1, 16)], 1040, 1),
    # Nearest: the low is over, the path goes on to the high.
    "nearest: sell limit": inside(
        "nearest", ENDS_HIGH, limit("sell", 20, stop=2, target=4), [(-1, 20), (1, 22)], 1016, 1),
    # The low may have come before 20: no target. At the close 18: 4 * 2 = 8.
    "worst: the target of a sell limit": inside(
        "worst", ENDS_HIGH, limit("sell", 20, target=4), [(-1, 20)], 1032, 1),
    "best: the target of a sell limit": inside(
        "best", ENDS_HIGH, limit("sell", 20, target=4), [(-1, 20), (1, 16)], 1040, 1),
    # The low came before 20 on this path.
    "nearest: the target of a sell limit": inside(
        "nearest", ENDS_HIGH, limit("sell", 20, target=4), [(-1, 20)], 1032, 1),
    # The high 24 was certainly to come: also the best has the stop 22.
    "best: the stop of a sell limit": inside(
        "best", ENDS_HIGH, limit("sell", 20, stop=2), [(-1, 20), (1, 22)], 1016, 0),

    # Long at 20, stop 16, target 22. Worst: the low 8 may come again: 4 * (16 - 20) = -16.
    "worst: buy stop": inside(
        "worst", ENDS_HIGH, stop("buy", 20, stop=4, target=2), [(1, 20), (-1, 16)], 1008, 1),
    # Best: the high 24: 4 * (22 - 20) = 8.
    "best: buy stop": inside(
        "best", ENDS_HIGH, stop("buy", 20, stop=4, target=2), [(1, 20), (-1, 22)], 1032, 1),
    # Nearest: the path goes on to the high.
    "nearest: buy stop": inside(
        "nearest", ENDS_HIGH, stop("buy", 20, stop=4, target=2), [(1, 20), (-1, 22)], 1032, 1),
    # The high 24 was certainly to come: also the worst has the target 22.
    "worst: the target of a buy stop": inside(
        "worst", ENDS_HIGH, stop("buy", 20, target=2), [(1, 20), (-1, 22)], 1032, 0),
    # The low is over under best and nearest. At the close 18: 4 * -2 = -8.
    "best: the stop of a buy stop": inside(
        "best", ENDS_HIGH, stop("buy", 20, stop=4), [(1, 20)], 1016, 1),
    "nearest: the stop of a buy stop": inside(
        "nearest", ENDS_HIGH, stop("buy", 20, stop=4), [(1, 20)], 1016, 1),

    # Short at 12, stop 16, target 10. Worst: the high 24 comes: 4 * (12 - 16) = -16.
    "worst: sell stop": inside(
        "worst", ENDS_LOW, stop("sell", 12, stop=4, target=2), [(-1, 12), (1, 16)], 1008, 1),
    # Best: the low 8: 4 * (12 - 10) = 8.
    "best: sell stop": inside(
        "best", ENDS_LOW, stop("sell", 12, stop=4, target=2), [(-1, 12), (1, 10)], 1032, 1),
    # Nearest: the path goes on to the low.
    "nearest: sell stop": inside(
        "nearest", ENDS_LOW, stop("sell", 12, stop=4, target=2), [(-1, 12), (1, 10)], 1032, 1),
    # The low 8 was certainly to come: also the worst has the target 10.
    "worst: the target of a sell stop": inside(
        "worst", ENDS_LOW, stop("sell", 12, target=2), [(-1, 12), (1, 10)], 1032, 0),
    # Best: the high was before. At the close 14: 4 * -2 = -8.
    "best: the stop of a sell stop": inside(
        "best", ENDS_LOW, stop("sell", 12, stop=4), [(-1, 12)], 1016, 1),
    # Nearest: the high 24 is still to come on this path: 4 * (12 - 16) = -16.
    "nearest: the stop of a sell stop": inside(
        "nearest", ENDS_LOW, stop("sell", 12, stop=4), [(-1, 12), (1, 16)], 1008, 1),
}  # fmt: skip

GOLDENS = {**PATHS, **FINER, **OPENED}


@pytest.mark.parametrize("name", GOLDENS)
def test_a_bar_walked_by_hand(name: str) -> None:
    check(GOLDENS[name])
