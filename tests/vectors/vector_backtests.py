"""Whole backtests: every option once, reports with their trades, fills and curves."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from vector_inputs import Inputs
from vector_json import number
from vector_runs import named_params
from vector_tapes import MINUTE

from hquant_cffi import BacktestReport, Order, backtest

#: Called one way here and another in the report of C.
_OTHER_NAMES: Final = {"closed_trades": "trades", "fills_count": "fills"}
_COUNTS: Final = (
    *("liquidated", "bars", "steps", "rejected_bars", "warmup_bars", "signals", "buy_signals"),
    *("sell_signals", "hold_signals", "orders", "filled_orders", "ignored_same_side"),
    *("ignored_side", "rejected_orders", "expired_orders", "replaced_orders", "cancelled_orders"),
    *("dropped_last_bar", "working_orders", "partial_orders", "fills_count", "closed_trades"),
    *("open_trades", "ambiguous_bars"),
)
_NUMBERS: Final = (
    *("final_equity", "total_return", "max_drawdown", "fees", "funding", "realized_pnl"),
    "liquidation_loss",
)
_ACCOUNT: Final = {
    "initial_margin": 10_000.0,
    "leverage": 1.0,
    "contract_size": 1.0,
    "maker_fee_rate": 0.0,
    "taker_fee_rate": 0.0,
    "maintenance_margin_rate": 0.0,
}
_FEES: Final = {"maker_fee_rate": 0.0002, "taker_fee_rate": 0.0005}
_SAME: Final = (
    *("fill", "intrabar", "sides", "unaffordable", "bad_bars", "pyramiding", "limit_offset"),
    *("limit_bars", "fee_per_unit", "slippage_seed", "htf"),
)
_VENUE: Final = ("tick_size", "lot_size", "min_quantity", "min_notional")


def cases() -> list[dict[str, Any]]:
    """Return runs: symbols, options as the C struct names them, orders."""
    trends = {"tape": "trends", "program": "cross"}
    rates = [None if bar % 7 == 3 else (bar % 5 - 2) * 0.0004 for bar in range(160)]
    signals = [1 if bar % 9 == 2 else -1 if bar % 9 == 6 else 0 for bar in range(112)]
    case = backtest_case
    return [
        case("as it comes", [trends]),
        case("fees and leverage", [{**trends, "params": [3.0, 14.0]}], leverage=5.0, **_FEES),
        case("fill at the close, long only", [trends], fill="close", sides="long",
             size=0.5, size_unit="equity", **_FEES),
        case("limits", [trends], fill="limit", limit_offset=0.004, limit_bars=3, sides="short"),
        case("brackets of clauses, worst", [{"tape": "trends", "program": "bracket"}],
             leverage=3.0, maintenance_margin_rate=0.005, **_FEES),
        case("brackets of clauses, best", [{"tape": "trends", "program": "bracket"}],
             intrabar="best", leverage=3.0, **_FEES),
        case("brackets of options, nearest", [{"tape": "ordinary", "program": "levels"}],
             intrabar="nearest", stop=0.008, stop_unit="fraction", target=0.75,
             target_unit="price", trail=0.02, trail_unit="fraction", pyramiding=2, size=1500.0,
             size_unit="notional"),
        case("finer bars", [{"tape": "candles", "finer": "trends", "signals": [1, 0, -1] * 11}],
             intrabar="finer", stop=1.2, stop_unit="price", target=1.8, target_unit="price"),
        case("slippage in ticks, lots", [{**trends, "tick_size": 0.05, "lot_size": 0.5,
             "min_quantity": 1.0, "min_notional": 50.0}], slippage_kind="ticks", slippage=2.0,
             fee_per_unit=0.01, unaffordable="reject", size=166.0, size_unit="units"),
        case("slippage as a fraction", [trends], slippage_kind="fraction", slippage=0.0007),
        case("slippage at random", [trends], slippage_kind="random", slippage=0.002,
             slippage_seed=2**53 - 1),
        case("funding", [{**trends, "funding_rate": rates}], leverage=4.0,
             funding_missing="zero", funding_interval_ms=8 * MINUTE),
        case("funding with a constant", [{**trends, "funding_rate": rates}],
             funding_missing="constant", funding_constant=-0.0001),
        case("liquidation", [trends], leverage=40.0, maintenance_margin_rate=0.01, **_FEES),
        case("margin tiers", [trends], leverage=20.0,
             tiers=[[0.0, 0.005, 50.0], [30_000.0, 0.01, 20.0], [90_000.0, 0.05, 5.0]]),
        case("hedged, signals of the caller", [{"tape": "ordinary", "signals": signals}],
             hedged=1, size=700.0, size_unit="margin", leverage=2.0, pyramiding=1),
        case("timeframes that form", [{"tape": "trends", "program": "timeframes"}],
             htf="forming", bar_period_ms=MINUTE),
        case("bars that are left out", [{"tape": "negative", "program": "levels"}],
             bad_bars="skip"),
        case("several symbols", [trends, {"tape": "ordinary", "program": "levels"},
             {"tape": "gaps", "program": "words"}], size=0.2, size_unit="equity", leverage=2.0,
             maintenance_margin_rate=0.02, **_FEES),
        case("orders", [{"tape": "ordinary"}], orders=_orders(), **_FEES),
    ]  # fmt: skip


def answer(case: dict[str, Any], inputs: Inputs) -> dict[str, Any]:
    """Return the report, the curves, the signals, the trades and the fills."""
    report = backtest(**_arguments(case, inputs))
    names = (*_COUNTS, *_NUMBERS)
    counts = {_OTHER_NAMES.get(name, name): getattr(report, name) for name in names}
    counts["liquidated"] = int(report.liquidated)
    assert report.position is not None
    return {
        "report": counts | {"rejects": list(report.rejects.values())},
        "time": report.time,
        "equity": report.equity,
        "margin": report.margin,
        "position": report.position.ravel(),
        "actions": report.actions,
        "trades": _columns(report.trades),
        "fills": _columns(report.fills),
    }


def run_of(case: dict[str, Any], inputs: Inputs) -> BacktestReport:
    """Return the report of a case."""
    return backtest(**_arguments(case, inputs))


def options_of(case: dict[str, Any], inputs: Inputs) -> dict[str, Any]:
    """Return the options of a case by the names of `backtest`, for sweeps too."""
    given = case["options"]
    account, slippage = given["account"], given["slippage_kind"]
    options: dict[str, Any] = {name: given[name] for name in _SAME}
    options |= {
        "capital": account["initial_margin"],
        "leverage": account["leverage"],
        "contract_size": account["contract_size"],
        "maintenance_margin": account["maintenance_margin_rate"],
        "fee": account["taker_fee_rate"],
        "maker_fee": account["maker_fee_rate"],
        "margin_tiers": given["tiers"] or None,
        "position": "hedged" if given["hedged"] else "netted",
        "bar_period": given["bar_period_ms"] or None,
    }
    if slippage != "none":
        name = "slippage" if slippage == "fraction" else f"slippage_{slippage}"
        options[name] = given["slippage"]
    if given["size_unit"] != "all":
        options |= {"size": given["size"], "size_unit": given["size_unit"]}
    options |= {name: _distance(given, name) for name in ("stop", "target", "trail")}
    names = [f"s{i}" for i in range(len(case["symbols"]))]
    symbols = dict(zip(names, case["symbols"], strict=True))
    rates = {
        name: [number(rate) for rate in each["funding_rate"]]
        for name, each in symbols.items()
        if each["funding_rate"] is not None
    }
    if rates:
        missing = given["funding_missing"]
        options |= {
            "funding": rates,
            "funding_interval": given["funding_interval_ms"] or None,
            "funding_missing": given["funding_constant"] if missing == "constant" else missing,
        }
    if given["intrabar"] == "finer":
        options["finer"] = {name: inputs.bars(each["finer"]) for name, each in symbols.items()}
    for rule in _VENUE:
        options[rule] = {name: each[rule] for name, each in symbols.items()}
    return options


def data_of(case: dict[str, Any], inputs: Inputs) -> dict[str, Any]:
    """Return the bars of the symbols of a case."""
    return {f"s{i}": inputs.bars(each["tape"]) for i, each in enumerate(case["symbols"])}


def strategies_of(case: dict[str, Any], inputs: Inputs) -> dict[str, Any]:
    """Return the strategies of the symbols of a case that have one, their params in them."""
    found = {}
    for i, each in enumerate(case["symbols"]):
        if each["program"] is not None:
            strategy = inputs.program(each["program"])
            found[f"s{i}"] = strategy.with_params(**named_params(strategy, each["params"]))
    return found


def _arguments(case: dict[str, Any], inputs: Inputs) -> dict[str, Any]:
    signals = {
        f"s{i}": each["signals"]
        for i, each in enumerate(case["symbols"])
        if each["signals"] is not None
    }
    return {
        **options_of(case, inputs),
        "data": data_of(case, inputs),
        "strategy": strategies_of(case, inputs) or None,
        "signals": signals or None,
        "orders": [_order(each) for each in case["orders"]] or None,
        "curves": ("position", "margin"),
    }


def _distance(given: dict[str, Any], name: str) -> float | str | None:
    unit, value = given[f"{name}_unit"], given[name]
    return None if unit == "none" else value if unit == "price" else _per_cent(value)


def _per_cent(value: float) -> str:
    """Return a fraction as the text that is read as it."""
    text = f"{round(value * 100, 9):g}%"
    assert float(text[:-1]) / 100 == value, value
    return text


def _order(given: dict[str, Any]) -> Order:
    kind = given["type"]
    return Order(
        bar=given["bar"],
        side="buy" if given["side"] > 0 else "sell",
        symbol=f"s{given['symbol']}",
        size=None if given["size_unit"] == "all" else given["size"],
        size_unit="units" if given["size_unit"] == "all" else given["size_unit"],
        type=kind,
        price=given["price"] if kind in ("limit", "stop_limit") else None,
        stop_price=given["stop_price"] if kind in ("stop", "stop_limit") else None,
        reduce_only=bool(given["reduce_only"]),
        oco=given["oco"],
        bars=given["bars"],
        **{name: _distance(given, name) for name in ("stop", "target", "trail")},
    )


def _columns(table: np.ndarray[Any, Any]) -> dict[str, Any]:
    return {name: table[name] for name in table.dtype.names or () if name != "reserved"}


# ---------------------------------------------------------------------- cases


def backtest_case(
    name: str, symbols: list[dict[str, Any]], orders: Any = (), **given: Any
) -> dict[str, Any]:
    """Return a run: symbols, and options other than the defaults."""
    account = {key: given.pop(key, value) for key, value in _ACCOUNT.items()}
    return {
        "name": name,
        "symbols": [_symbol(**each) for each in symbols],
        "options": {"account": account} | options(**given),
        "orders": list(orders),
    }


def options(**given: Any) -> dict[str, Any]:
    """Return every option but the account's, as the C struct names them."""
    defaults: dict[str, Any] = {
        "tiers": [],
        "htf": "closed",
        "bar_period_ms": 0,
        "fill": "next_open",
        "intrabar": "worst",
        "sides": "both",
        "hedged": 0,
        "unaffordable": "clamp",
        "bad_bars": "error",
        "slippage_kind": "none",
        "slippage": 0.0,
        "slippage_seed": 0,
        "funding_missing": "error",
        "funding_interval_ms": 0,
        "funding_constant": 0.0,
        "size_unit": "all",
        "size": 0.0,
        "stop_unit": "none",
        "stop": 0.0,
        "target_unit": "none",
        "target": 0.0,
        "trail_unit": "none",
        "trail": 0.0,
        "pyramiding": 0,
        "limit_bars": 0,
        "limit_offset": 0.0,
        "fee_per_unit": 0.0,
    }
    assert not given.keys() - defaults.keys(), given
    return defaults | given


def _symbol(tape: str, **given: Any) -> dict[str, Any]:
    nothing = dict.fromkeys(("program", "params", "signals", "funding_rate", "finer"))
    return {"tape": tape, **nothing, **dict.fromkeys(_VENUE, 0.0), **given}


def _orders() -> list[dict[str, Any]]:
    def order(bar: int, side: int, **given: Any) -> dict[str, Any]:
        nothing = {"symbol": 0, "type": "market", "bars": 0, "oco": 0, "reduce_only": 0}
        levels = {f"{name}_unit": "none" for name in ("stop", "target", "trail")}
        levels |= dict.fromkeys(("stop", "target", "trail", "price", "stop_price", "size"), 0.0)
        return {"bar": bar, "side": side, **nothing, "size_unit": "all", **levels, **given}

    return [
        order(-1, 1, size=10.0, size_unit="units"),
        order(9, -1, reduce_only=1),
        order(20, 1, type="limit", price=102.5, bars=30, size=0.25, size_unit="equity", oco=1,
              stop=0.02, stop_unit="fraction", target=2.0, target_unit="price"),
        order(20, -1, type="stop", stop_price=99.0, size=2000.0, size_unit="margin", oco=1),
        order(70, -1, type="stop_limit", stop_price=104.0, price=104.5, size=3000.0,
              size_unit="notional", trail=0.01, trail_unit="fraction"),
        order(90, 1, type="limit", price=1.0, bars=5, size=1.0, size_unit="units"),
    ]  # fmt: skip
