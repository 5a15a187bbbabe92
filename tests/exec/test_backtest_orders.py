"""Orders of the caller's list: how they reach the engine, and what is refused before it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from backtest_tapes import bars_of, flat_bars

from hquant_cffi import Bars, Order, ParameterError, backtest

TWO = {"A": flat_bars(4), "B": flat_bars(4, 32)}

# ---------------------------------------------------------------------- they arrive


def test_a_bracket_worked_out_by_hand() -> None:
    data = bars_of([(16, 16, 16, 16), (16, 17, 16, 17), (17, 20, 17, 19), (19, 19, 19, 19)])
    order = Order(bar=0, side="buy", size=4, target=2, stop="25%")
    report = backtest(data, orders=[order], fee=1 / 64, maker_fee=0)
    # 4 units at 16 pay 1; the target of 18 is a maker's
    assert report.fills["price"].tolist() == [16, 18]
    assert report.fills["fee"].tolist() == [1, 0]
    assert report.fills["is_maker"].tolist() == [0, 1]
    assert report.fills["order"].tolist() == [0, -1]
    assert report.trades["risk"].tolist() == [16]  # 4 units of 4
    assert report.trades["pnl"].tolist() == [7] and report.trades["r_multiple"].tolist() == [7 / 16]
    assert report.columns("trades")["exit_reason"].tolist() == ["target"]
    assert report.columns("trades")["entry_reason"].tolist() == ["order"]
    assert (report.orders, report.filled_orders, report.signals) == (1, 1, 0)


def test_types_prices_and_groups_reach_the_engine() -> None:
    data = bars_of([(16, 16, 16, 16), (16, 18, 14, 16), (16, 21, 11, 16), (16, 16, 16, 16)])
    orders = [
        Order(bar=-1, side="buy", size=2),
        Order(bar=-1, side="buy", size=1, type="limit", price=14.5, bars=2),
        Order(bar=-1, side="buy", size=1, type="limit", price=2, bars=2),
        Order(bar=0, side="sell", type="stop", stop_price=12, oco=1, reduce_only=True),
        Order(bar=0, side="sell", type="limit", price=20, oco=1, reduce_only=True),
        Order(bar=1, side="sell", size=1, type="stop_limit", stop_price=10, price=9),
    ]
    report = backtest(data, orders=orders, capital=1024)
    rows = [
        (fill["order"], fill["bar"], fill["price"], fill["side"] * fill["quantity"])
        for fill in report.fills
    ]
    assert rows == [(0, 0, 16, 2), (1, 1, 14.5, 1), (3, 2, 12, -3)]
    assert (report.expired_orders, report.cancelled_orders, report.working_orders) == (1, 1, 1)


def test_sizes_are_read_in_their_unit() -> None:
    for size, unit, quantity in [
        (3, "units", 3),
        (64, "notional", 4),
        (0.5, "equity", 64),
        (128, "margin", 16),
        ("25%", "units", 32),
        ("25%", "equity", 32),
        (None, "units", 128),
    ]:
        order = Order(bar=0, side="sell", size=size, size_unit=unit)  # type: ignore[arg-type]
        report = backtest(flat_bars(3), orders=[order], capital=1024, leverage=2)
        assert report.fills["quantity"].tolist() == [quantity] and report.fills["side"][0] == -1


def test_orders_go_to_their_symbol() -> None:
    orders = [
        Order(bar=0, side="buy", size=1, symbol="B"),
        Order(bar=0, side="buy", size=2, symbol="A"),
    ]
    report = backtest(TWO, orders=orders)
    assert report.fills["order"].tolist() == [1, 0]  # A is first in each step
    assert report.columns("fills")["symbol"].tolist() == ["A", "B"]
    assert report.fills["price"].tolist() == [16, 32]


def test_signals_and_orders_may_go_together() -> None:
    orders = [Order(bar=1, side="sell", reduce_only=True)]
    report = backtest(flat_bars(4), signals=[1, 0, 0, 0], orders=orders)
    assert report.columns("fills")["reason"].tolist() == ["signal", "order"]
    assert report.orders == report.filled_orders == 2


def test_numbers_of_numpy_are_numbers() -> None:
    bars = np.flatnonzero([0, 1, 0])
    orders = [Order(bar=bar, side="buy", size=np.float32(1), oco=np.int8(1)) for bar in bars]  # type: ignore[arg-type]
    assert backtest(flat_bars(3), orders=orders).fills["bar"].tolist() == [2]


def test_an_order_is_frozen_and_takes_names_only() -> None:
    order = Order(bar=0, side="buy")
    with pytest.raises(dataclasses.FrozenInstanceError):
        order.bar = 1  # type: ignore[misc]
    with pytest.raises(TypeError):
        Order(0, "buy")  # type: ignore[misc]
    assert order == Order(bar=0, side="buy") and hash(order)


# ------------------------------------------------------------------------- bad input

BAD: list[tuple[dict[str, object], str]] = [
    ({"bar": -2}, r"bar: expected a whole number -1\.\.\d+, found -2"),
    ({"bar": 4}, r"bar must be -1 or the index of a bar of its symbol, got 4"),
    ({"bar": 1.0}, "bar: expected a whole number"),
    ({"bar": True}, "bar: expected a whole number"),
    ({"side": "long"}, "side: expected one of buy, sell, found 'long'"),
    ({"side": 1}, "side: expected one of buy, sell, found 1"),
    ({"type": "iceberg"}, "type: expected one of market, limit, stop, stop_limit"),
    ({"size": 0}, "size: expected more than 0"),
    ({"size": float("nan")}, "size must be a finite number"),
    ({"size": -1}, "size: expected more than 0"),
    ({"size": "x"}, "size: expected a number or a percentage"),
    ({"size_unit": "margin"}, "size_unit: 'margin' needs a size"),
    ({"size_unit": "lots"}, "size_unit: expected one of"),
    ({"price": 5}, "price: a market order has none, found 5"),
    ({"stop_price": 5}, "stop_price: a market order has none, found 5"),
    ({"type": "limit"}, "price: a limit order needs one"),
    ({"type": "limit", "price": 0}, "price: expected more than 0"),
    ({"type": "limit", "price": float("inf")}, "price must be a finite number"),
    ({"type": "limit", "price": 5, "stop_price": 5}, "stop_price: a limit order has none"),
    ({"type": "stop"}, "stop_price: a stop order needs one"),
    ({"type": "stop", "stop_price": -1}, "stop_price: expected more than 0"),
    ({"type": "stop_limit", "stop_price": 5}, "price: a stop_limit order needs one"),
    ({"symbol": "C"}, "symbol: expected one of A, B, found 'C'"),
    ({"symbol": None}, "symbol: expected one of A, B, found None"),
    ({"reduce_only": "no"}, "reduce_only: expected True or False, found 'no'"),
    ({"oco": -1}, "oco: expected a whole number"),
    ({"oco": 2}, "oco must be 0 .* got 2"),
    ({"bars": -1}, "bars: expected a whole number"),
    ({"stop": 0}, "stop: expected more than 0"),
    ({"target": "3"}, "target: expected a number or a percentage"),
    ({"trail": float("nan")}, "trail must be a finite number"),
]


@pytest.mark.parametrize(("fields", "message"), BAD, ids=[str(i) for i in range(len(BAD))])
def test_bad_orders_are_refused_by_place_field_and_value(
    fields: dict[str, object], message: str
) -> None:
    bad = Order(**{"bar": 0, "side": "buy", "symbol": "A", **fields})  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match=rf"^orders\[0\]\.{message}"):
        backtest(TWO, orders=[bad])


def test_orders_of_a_symbol_are_in_the_order_of_their_bars() -> None:
    later, sooner = (Order(bar=bar, side="buy", size=1, symbol="A") for bar in (2, 1))
    with pytest.raises(ParameterError, match=r"^orders\[1\].bar must be not before"):
        backtest(TWO, orders=[later, sooner])
    other = dataclasses.replace(sooner, symbol="B")
    assert backtest(TWO, orders=[later, other]).filled_orders == 2


def test_what_is_no_order_and_a_name_without_names_are_refused() -> None:
    with pytest.raises(TypeError, match="^orders: expected a list of Order, found Order"):
        backtest(flat_bars(3), orders=Order(bar=0, side="buy"))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"orders\[1\]: expected an Order, found dict"):
        backtest(flat_bars(2), orders=[Order(bar=0, side="buy"), {}])  # type: ignore[list-item]
    for name in ("A", ""):
        with pytest.raises(ParameterError, match="one symbol, without a name"):
            backtest(flat_bars(2), orders=[Order(bar=0, side="buy", symbol=name)])


def test_a_size_that_varies_does_so_beside_a_stop_that_does_not() -> None:
    """Whichever clause comes last: each order is for the volume of its signal's bar."""
    close = 100 + np.arange(60.0)
    volume = np.arange(1.0, 61.0)
    bars = Bars(np.arange(60) * 86_400_000, close, close, close, close, volume)
    for clauses in ("SIZE volume / 100 STOP 90%", "STOP 90% SIZE volume / 100"):
        text = f"IF volume == 10 OR volume == 30 THEN BUY {clauses}\n"
        text += "IF volume == 20 OR volume == 40 THEN SELL"
        report = backtest(bars, text, sides="long", fill="close")
        assert report.trades["quantity"].tolist() == [0.1, 0.3]
