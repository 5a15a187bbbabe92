"""flox, on PyPI now as lrvx: a backtest over a list of orders, in C++.

Prices are fixed-point numbers of 1e-8; figures are of its fills, so a drawdown is not a curve's.
Its streaming indicators go over their whole history at each bar: they are not timed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import lrvx
import numpy as np
from market import Market
from rules import FAST, FEE, SLOW, Combos, Cross, Grid, Outcome, combos, crosses
from seven import Convention, Spec

CONVENTIONS: dict[str, Convention] = {}
OUTPUTS: dict[str, tuple[int | str, ...]] = {
    "BOLL": ("upper", "middle", "lower"),
    "MACD": ("line", "signal", "histogram"),
}
_CAPITAL = 1e6  # a unit is always affordable


def indicator(spec: Spec, market: Market) -> Callable[[], Any] | None:
    """Return a call that computes one indicator."""
    close, params = market.close, spec.params
    if spec.kind == "STDDEV":
        return None
    if spec.kind == "ATR":
        return lambda: lrvx.atr(market.high, market.low, close, *params)
    function = getattr(lrvx, {"BOLL": "bollinger"}.get(spec.kind, spec.kind.lower()))
    return lambda: function(close, *params)


def backtest(market: Market) -> Callable[[], Outcome]:
    """Return a call from arrays to its statistics, a unit a trade."""

    def run() -> Outcome:
        close = market.close
        cross = crosses(lrvx.sma(close, FAST), lrvx.sma(close, SLOW), SLOW)
        stats = _engine(market).run(_orders(market, cross))
        return _outcome(market, cross, stats.to_dict())

    return run


def sweep(market: Market, grid: Grid) -> Callable[[], Combos]:
    """Return a call that runs its grid search, on one core."""

    def run() -> Combos:
        engine = _engine(market)
        averages = {n: lrvx.sma(market.close, n) for n in {*grid.fast, *grid.slow}}

        def one(point: list[float]) -> dict[str, Any]:
            fast, slow = map(int, point)
            cross = crosses(averages[fast], averages[slow], slow)
            found.append(_outcome(market, cross, engine.run(_orders(market, cross)).to_dict()))
            return {}

        search = lrvx.GridSearch()
        search.add_axis(grid.fast)
        search.add_axis(grid.slow)
        search.set_factory(one)
        found: list[Outcome] = []
        search.run()
        return combos(found)

    return run


def _outcome(market: Market, cross: Cross, stats: dict[str, Any]) -> Outcome:
    """Value what is open at the end, which its statistics leave at the price of entry."""
    last = np.flatnonzero(cross.entries | cross.exits)[-1]
    change = market.close[-1] - market.close[last] if cross.entries[last] else 0.0
    return Outcome(stats["net_pnl"] + change, stats["total_trades"], None, None, "unit")


def _engine(market: Market) -> Any:
    engine = lrvx.Engine(_CAPITAL, FEE)
    columns = market.columns()
    columns["ts"] = columns.pop("timestamp") * 1_000_000
    engine.load_ohlcv(columns)
    return engine


def _orders(market: Market, cross: Cross) -> Any:
    orders = lrvx.SignalBuilder()
    at = np.flatnonzero(cross.entries | cross.exits)
    times, buys = (market.timestamp[at] * 1_000_000).tolist(), cross.entries[at].tolist()
    for time, is_buy in zip(times, buys, strict=True):
        (orders.buy if is_buy else orders.sell)(time, 1.0)
    return orders
