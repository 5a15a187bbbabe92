"""backtesting.py under the rules of a comparison."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from peer_rules import CAPITAL, Floats, Market, Outcome, Rules, outcome

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of what it imports for its plots
    backtesting = pytest.importorskip("backtesting")

#: What it says where hquant counts: an order not afforded, a trade open at the end. And pandas'.
WARNINGS = (
    "time=.*Broker canceled",
    "Some trades remain open",
    "DatetimeIndex.dayofweek is deprecated",
)


def run(market: Market, rules: Rules) -> Outcome:
    """Run the market's signals, equity noted after the fills at its bar's close."""
    stats = run_as_it_is(market, rules)
    closed, still = stats._strategy.closed_trades, stats._strategy.trades
    last = len(market.time) - 1
    rows = [_row(market, t, t.exit_bar, t.exit_price, t.pl) for t in closed]
    for trade in still:  # its P&L has no fees until the end
        paid = _fee(rules)(trade.size, trade.entry_price)
        row = _row(market, trade, last, market.column("Close")[-1], trade.pl - paid)
        rows.append((*row[:-1], True))
    equity = stats._equity_curve["Equity"].to_numpy(np.float64).copy()
    if rules.fill == "close":
        _note_fills_at_the_close(rules, equity, [*closed, *still])
    return outcome(rows, equity)


def run_as_it_is(market: Market, rules: Rules, **options: Any) -> Any:
    """Run the market's signals and return its own statistics."""
    assert not rules.slippage, "its spread is charged on entries only"
    assert rules.unaffordable == "reject", "it never cuts an order to what cash affords"
    settings = {
        "commission": _fee(rules) if rules.fee_per_unit else rules.fee,
        "margin": 1 / rules.leverage,
        "trade_on_close": rules.fill == "close",
        **options,
    }
    return run_strategy(market, strategy(market, rules), **settings)


def run_strategy(market: Market, chosen: type[Any], **settings: Any) -> Any:
    """Run a strategy and return its own statistics."""
    frame = market.frame.assign(Volume=0.0)
    test = backtesting.Backtest(frame, chosen, cash=CAPITAL, **settings)
    with warnings.catch_warnings():
        for text in WARNINGS:
            warnings.filterwarnings("ignore", text)
        return test.run()


def strategy(market: Market, rules: Rules) -> type[Any]:
    """Return a strategy that orders what hquant's signals order (rule O2)."""
    # A stop is an absolute price there: to count it from the fill, a comparison has to know the
    # fill beforehand. A strategy may know the close, but not the next open.
    opens, close = market.column("Open"), market.column("Close")
    fills = close if rules.fill == "close" else np.append(opens[1:], np.nan)
    amount = {} if rules.size is None else {"size": rules.size}

    class Cross(backtesting.Strategy):  # type: ignore[misc]
        def init(self) -> None:
            pass

        def next(self) -> None:
            bar = len(self.data) - 1
            side = int(market.signals[bar])
            if not side or self.position.size * side > 0:  # none, or held
                return
            self.position.close()
            if rules.opens(side):
                order = self.buy if side > 0 else self.sell
                order(**amount, **_bracket(rules, float(fills[bar]), side))

    return Cross


def _bracket(rules: Rules, fill: float, side: int) -> dict[str, float]:
    known = not np.isnan(fill)  # the last bar has no next open
    levels = {}
    if rules.stop is not None and known:
        levels["sl"] = fill * (1 - side * rules.stop)
    if rules.target is not None and known:
        levels["tp"] = fill * (1 + side * rules.target)
    return levels


def _fee(rules: Rules) -> Any:
    return lambda size, price: abs(size) * (price * rules.fee + rules.fee_per_unit)


def _note_fills_at_the_close(rules: Rules, equity: Floats, trades: list[Any]) -> None:
    # It notes equity of a bar before the orders of its close are filled: their fees come one bar
    # late. That is all the difference: at the close itself a fill changes nothing else.
    fee = _fee(rules)
    for trade in trades:
        equity[trade.entry_bar] -= fee(trade.size, trade.entry_price)
        if trade.exit_bar is not None and not _left_by_bracket(trade):
            equity[trade.exit_bar] -= fee(trade.size, trade.exit_price)


def _left_by_bracket(trade: Any) -> bool:
    """Tell whether a trade's stop or target ended it: no other exit gets that far."""
    side, price = np.sign(trade.size), trade.exit_price
    stopped = trade.sl is not None and side * (price - trade.sl) <= 0
    return stopped or (trade.tp is not None and side * (price - trade.tp) >= 0)


def _row(market: Market, trade: Any, exit_bar: int, price: float, pnl: float) -> tuple[Any, ...]:
    entry, left = market.time[trade.entry_bar], market.time[exit_bar]
    return (entry, left, trade.entry_price, price, trade.size, pnl, False)
