"""vectorbt under the rules of a comparison.

Its default engine: compiled ahead, in Rust, where `vectorbt-rust` is installed; else by numba, at
the first call, which costs 20 seconds. Both are of one version and trade alike.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from peer_rules import CAPITAL, Floats, Market, Outcome, Rules, Signals, outcome

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of what it imports for its plots
    vectorbt = pytest.importorskip("vectorbt")


def run(market: Market, rules: Rules) -> Outcome:
    """Run the market's signals, on rows that do what a bar does."""
    # Without stops a bar is one row.
    in_phases = rules.stop is not None or rules.target is not None
    return run_in_phases(market, rules) if in_phases else run_as_it_is(market, rules)


def run_as_it_is(market: Market, rules: Rules, **options: Any) -> Outcome:
    """Run the market's signals, a row for each bar."""
    found = portfolio(market, rules, **options)
    return _outcome(found, market.time, found.value().to_numpy(np.float64))


def portfolio(market: Market, rules: Rules, **options: Any) -> Any:
    """Run the market's signals, a row for each bar, and return its own answer."""
    price = market.frame["Open" if rules.fill == "next_open" else "Close"]
    return _simulate(market.frame, price, _rows(market, rules), rules, options)


def run_in_phases(market: Market, rules: Rules) -> Outcome:
    """Run the market's signals on a tape with a row for each thing that a bar does.

    A row takes one order; a stop that its range reaches comes before its signal; a row's entry is
    not watched before the next one. So a bar is several rows. Filling at the open: the open, where
    stops may have been passed; the open again, where the order is filled; the whole bar. Filling
    at the close: the whole bar; its close, where the order is filled.
    """
    at_open = rules.fill == "next_open"
    phases = ("Open", "Open", None) if at_open else (None, "Close")
    count = len(phases)
    frame = pd.DataFrame(
        {
            name: np.column_stack([market.column(phase or name) for phase in phases]).ravel()
            for name in market.frame.columns
        }
    )
    signals = np.zeros(len(frame), np.int8)
    signals[1::count] = _rows(market, rules)
    price = frame["Open" if at_open else "Close"]
    found = _simulate(frame, price, signals, rules, {})
    equity = found.value().to_numpy(np.float64)[count - 1 :: count]
    return _outcome(found, np.repeat(market.time, count), equity)


def _rows(market: Market, rules: Rules) -> Signals:
    """Return signals on the bars where they are filled, as its rows are."""
    if rules.fill == "close":
        return market.signals
    return np.concatenate([[0], market.signals[:-1]]).astype(np.int8)


def _simulate(
    frame: pd.DataFrame, price: pd.Series, signals: Signals, rules: Rules, options: dict[str, Any]
) -> Any:
    assert not rules.fee_per_unit, "its fees are of the value, or fixed"
    assert rules.leverage == 1, "it has no leverage"
    settings = {
        "price": price,
        "open": frame["Open"],
        "high": frame["High"],
        "low": frame["Low"],
        "init_cash": CAPITAL,
        "size": np.inf if rules.size is None else rules.size,
        "size_granularity": 1.0 if rules.whole_units else np.nan,
        "allow_partial": rules.unaffordable == "clamp" or rules.size is None,
        "fees": rules.fee,
        "slippage": rules.slippage,
        "sl_stop": np.nan if rules.stop is None else rules.stop,
        "tp_stop": np.nan if rules.target is None else rules.target,
        "stop_entry_price": "fillprice",  # its default counts a stop from the close
        **_masks(signals, rules),
        **options,
    }
    return vectorbt.Portfolio.from_signals(frame["Close"], **settings)


def _masks(signals: Signals, rules: Rules) -> dict[str, Any]:
    """Return signals as the masks that it takes: all four, so that it is compiled once."""
    buys, sells, none = signals > 0, signals < 0, np.zeros(len(signals), bool)
    return {
        "entries": buys if rules.opens(1) else none,
        "exits": none if rules.opens(-1) else sells,  # a short entry closes the long as well
        "short_entries": sells if rules.opens(-1) else none,
        "short_exits": none if rules.opens(1) else buys,
    }


def _outcome(found: Any, time: npt.NDArray[np.int64], equity: Floats) -> Outcome:
    return outcome((_trade(time, record) for record in found.trades.values), equity)


def _trade(time: npt.NDArray[np.int64], record: np.void) -> tuple[Any, ...]:
    side = -1 if record["direction"] == 1 else 1
    return (
        time[record["entry_idx"]],
        time[record["exit_idx"]],
        record["entry_price"],
        record["exit_price"],
        side * record["size"],
        record["pnl"],
        record["status"] == 0,
    )
