"""Futures accounts, call by call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from vector_inputs import Inputs, status_of
from vector_json import number

from hquant_cffi import FuturesBacktest

_FEE: Final = 0.0004  # the rate that max_open_margin is asked for

#: What is read after each call, at its price.
_READ: Final[dict[str, Callable[[FuturesBacktest, float], float]]] = {
    "cash": lambda account, price: account.cash(),
    "equity": lambda account, price: account.equity(price),
    "locked_margin": lambda account, price: account.locked_margin(),
    "total_notional": lambda account, price: account.total_notional(price),
    "maintenance_margin": lambda account, price: account.maintenance_margin(price),
    "max_open_margin": lambda account, price: account.max_open_margin(_FEE),
    "long_contracts": lambda account, price: account.contracts("long"),
    "short_contracts": lambda account, price: account.contracts("short"),
    "long_entry": lambda account, price: account.entry_price("long"),
    "short_entry": lambda account, price: account.entry_price("short"),
    "fees": lambda account, price: account.fees(),
    "realized_pnl": lambda account, price: account.realized_pnl(),
    "liquidation_loss": lambda account, price: account.liquidation_loss(),
}
_RESULT: Final = ("equity", "profit", "profit_rate", "max_drawdown_rate")
_PARAMS: Final = (
    *("initial_margin", "leverage", "contract_size", "maker_fee_rate", "taker_fee_rate"),
    "maintenance_margin_rate",
)


def cases() -> list[dict[str, Any]]:
    """Return accounts and the calls on them: a call's second entry is its price."""
    prices = [100 + (bar * 13 % 17 - 8) / 2 for bar in range(40)]
    signals = [
        ["apply_signal", price, ("BUY", "HOLD", "SELL")[i * 5 % 3], 40.0 * (i % 7)]
        for i, price in enumerate(prices)
    ]
    by_hand = [
        ["open_long", 50.0, 200.0, 0.0004],
        ["open_long", 48.0, 1e9, 0.0002],
        ["open_short", 47.5, 10.0, 0.0004],
        ["on_price", 52.25],
        ["close_long", 53.0, 0.0002],
        ["close_long", 53.0, 0.0002],
        ["open_short", 53.5, 300.0, 0.0004],
        ["open_short", 55.0, 100.0, 0.0004],
        ["on_price", 40.125],
        ["close_short", 39.0, 0.0004],
        ["open_long", 39.0, None, 0.0004],
        ["open_long", -1.0, 10.0, 0.0004],
        ["apply_signal", 39.0, "BUY", "inf"],
        ["on_price", None],
    ]
    ruin = [
        ["open_long", 100.0, 900.0, 0.0005],
        ["on_price", 99.0],
        ["open_short", 98.5, 50.0, 0.0005],
        ["on_price", 94.0],
        ["open_long", 94.0, 10.0, 0.0005],
        ["apply_signal", 94.0, "SELL", 10.0],
        ["on_price", 200.0],
    ]
    return [
        _case("signals", [1000.0, 3.0, 0.01, 0.0002, 0.0005, 0.004], signals),
        _case("signals that ruin", [1000.0, 60.0, 1.0, 0.0002, 0.0005, 0.01], signals),
        _case("by hand", [1000.0, 10.0, 1.0, 0.0002, 0.0004, 0.005], by_hand),
        _case("ruin", [1000.0, 20.0, 5.0, 0.0002, 0.0005, 0.005], ruin),
    ]


def answer(case: dict[str, Any], inputs: Inputs) -> dict[str, Any]:
    """Return the status of each call, and what the account is after it."""
    account = FuturesBacktest(**case["params"])
    statuses: list[str] = []
    columns: dict[str, list[float]] = {name: [] for name in (*_READ, *_RESULT[1:])}
    liquidated: list[int] = []
    price = 1.0
    for kind, at, *rest in case["calls"]:
        statuses.append(status_of(lambda: _call(account, kind, number(at), rest))[0])  # noqa: B023
        price = number(at) if number(at) > 0 else price  # a refused one cannot be asked about
        for name, read in _READ.items():
            columns[name].append(read(account, price))
        result = account.result(price)
        assert result["equity"] == columns["equity"][-1]
        for name in _RESULT[1:]:
            columns[name].append(result[name])  # type: ignore[literal-required]
        liquidated.append(int(result["liquidated"]))
    return {"statuses": statuses, **columns, "liquidated": liquidated}


def _call(account: FuturesBacktest, kind: str, price: float, rest: list[Any]) -> None:
    if kind == "apply_signal":
        account.apply_signal(rest[0], price, number(rest[1]))
    else:
        getattr(account, kind)(price, *map(number, rest))


def _case(name: str, params: list[float], calls: list[list[Any]]) -> dict[str, Any]:
    return {"name": name, "params": dict(zip(_PARAMS, params, strict=True)), "calls": calls}
