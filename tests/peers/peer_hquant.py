"""hquant under the rules of a comparison."""

from __future__ import annotations

from typing import Any

import numpy as np
from peer_rules import CAPITAL, CROSS, Market, Outcome, Rules, Signals, outcome

import hquant_cffi
from hquant_cffi import BacktestReport, Bars


def signals_of(bars: Bars) -> Signals:
    """Return the signals of the strategy `CROSS`."""
    actions = hquant_cffi.backtest(bars, CROSS).actions
    return np.where(actions == 1, 1, np.where(actions == 2, -1, 0)).astype(np.int8)


def run(market: Market, rules: Rules, **options: Any) -> Outcome:
    """Run the market's signals."""
    found = report(market, rules, **options)
    return outcome(map(_row, found.trades), found.equity)


def report(market: Market, rules: Rules, **options: Any) -> BacktestReport:
    """Run the market's signals and return the report."""
    settings: dict[str, Any] = {
        "signals": market.signals,
        "capital": CAPITAL,
        "fill": rules.fill,
        "sides": rules.sides,
        "size": rules.size,
        "lot_size": 1.0 if rules.whole_units else 0.0,
        "unaffordable": rules.unaffordable,
        "leverage": rules.leverage,
        "fee": rules.fee,
        "fee_per_unit": rules.fee_per_unit,
        "slippage": rules.slippage,
        "stop": _percent(rules.stop),
        "target": _percent(rules.target),
        **options,
    }
    return hquant_cffi.backtest(market.bars, **settings)


def _percent(fraction: float | None) -> str | None:
    return None if fraction is None else f"{fraction * 100:.15g}%"


def _row(trade: np.void) -> tuple[Any, ...]:
    return (
        trade["entry_time"],
        trade["exit_time"],
        trade["entry_price"],
        trade["exit_price"],
        int(trade["side"]) * trade["quantity"],
        trade["pnl"],
        trade["exit_reason"] == 0,
    )
