"""Check the checkers: lies about the fills of a list of orders, and about several symbols."""

from __future__ import annotations

from typing import Any

import pytest
from lies import Lie, assert_caught, changed, in_record, more, verdict_on

from hquant_cffi import Bars, Order, verify
from hquant_cffi.data import load_sp500

BARS = load_sp500()[:60]
TIME, OPEN = BARS.timestamp.tolist(), BARS.open.tolist()
ABOVE = ((BARS.open + BARS.high) / 2).tolist()  # reached on the way to the high
BELOW = ((BARS.open + BARS.low) / 2).tolist()
ORDERS = [
    Order(bar=2, side="buy", size=2.0),
    Order(bar=5, side="sell", size=1.0, type="limit", price=ABOVE[6]),
    Order(bar=10, side="buy", size=1.0, type="stop", stop_price=ABOVE[11]),
    Order(bar=15, side="sell", size=1.0, reduce_only=True),
    Order(bar=20, side="buy", size=1.0, type="limit", price=1e4, bars=2),
]
PLACES = [3, 6, 11, 16, 21]


def moved(row: int, bar: int, **changes: Any) -> Any:
    """A fill at the open of another bar."""
    return in_record(
        "fills", row, bar=lambda _: bar, time=lambda _: TIME[bar], price=lambda _: OPEN[bar],
        **changes,
    )  # fmt: skip


def priced(row: int, price: float) -> Any:
    return in_record("fills", row, price=lambda _: price)


LIES = [
    Lie("filled on the bar that it was given at", moved(0, 2), "order", 2, "fill 0: bar, of order"),
    Lie(
        "a market order filled late", moved(0, 4),
        "order", 4, "fill 0: bars that a market order worked",
    ),
    Lie(
        "an order filled after its time", moved(4, 24),
        "order", 24, "fill 4: bars that order 4 worked",
    ),
    Lie(
        "a limit filled at a worse price", priced(1, (OPEN[6] + ABOVE[6]) / 2),
        "order", 6, "fill 1: price, of a limit",
    ),
    Lie(
        "a stop filled at a better price", priced(2, (OPEN[11] + ABOVE[11]) / 2),
        "order", 11, "fill 2: price, of a stop",
    ),
    Lie("a market order not at the open", priced(0, BELOW[3]), "order", 3, "fill 0: price, at the"),
    Lie(
        "an opening by an order that may only reduce",
        in_record("fills", 3, is_opening=lambda _: 1),
        "order", 16, "fill 3: order 3 is reduce_only",
    ),
    Lie(
        "a fill of an order given later", in_record("fills", 0, order=lambda _: 4),
        "order", 3, "fill 0: bar, of order 4",
    ),
    Lie(
        "a fill of an order that is not there", in_record("fills", 0, order=lambda _: 99),
        "order", 3, "fill 0: order",
    ),
    Lie(
        "a fill on the order's other side", in_record("fills", 0, side=lambda _: -1),
        "order", 3, "fill 0: side, of order 0",
    ),
    Lie(
        "a fill of a symbol that is not there", in_record("fills", 0, symbol=lambda _: 5),
        "order", 3, "fill 0: symbol",
    ),
    Lie(
        "a fill at a bar that is not there", in_record("fills", 0, bar=lambda _: 5_000),
        "order", 3, "fill 0: bar",
    ),
    Lie(
        "a fill of nothing", in_record("fills", 0, quantity=lambda _: 0.0),
        "order", 3, "fill 0: quantity",
    ),
]  # fmt: skip


def test_truth_holds() -> None:
    verdict = verify(BARS, orders=ORDERS)
    assert verdict.ok, str(verdict)
    assert verdict.report.fills["bar"].tolist() == PLACES


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.name)
def test_lie_about_an_order_is_caught(lie: Lie, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_caught(lie, verdict_on(monkeypatch, lie.tell, BARS, orders=ORDERS))


def test_failure_names_the_symbol_it_is_of(monkeypatch: pytest.MonkeyPatch) -> None:
    both = {"calm": BARS, "wild": load_sp500()[2000:2060]}
    text = "IF CROSSOVER(SMA(2), SMA(5)) THEN BUY SIZE 20%\nIF CROSSUNDER(SMA(2), SMA(5)) THEN SELL"
    true = verify(both, text).report
    row = int((true.fills["symbol"] == 1).argmax())
    lie = in_record("fills", row, price=more(1e-6))
    failure = verdict_on(monkeypatch, lie, both, text)["order"].failure
    assert failure is not None and failure.symbol == "wild"
    assert failure.bar == true.fills["bar"][row]
    assert failure.where.startswith(f"wild, bar {failure.bar} (")
    hidden = changed("actions", len(BARS) + int(failure.bar) - 1, lambda _: 0)
    stream = verdict_on(monkeypatch, hidden, both, text)["stream"].failure
    assert stream is not None and (stream.symbol, stream.bar) == ("wild", failure.bar - 1)


def test_failure_before_1970_has_its_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = {name: column.copy() for name, column in BARS.columns.items()}
    columns["timestamp"] -= 50 * 365 * 86_400_000
    lie = changed("equity", 40, more(1e-6))
    failure = verdict_on(monkeypatch, lie, Bars(**columns), orders=ORDERS)["accounting"].failure
    assert failure is not None and failure.where.startswith("bar 40 (1949-")
