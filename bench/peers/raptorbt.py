"""raptorbt: a backtest over arrays of signals, one or a batch of them, in Rust."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import raptorbt
from market import Floats, Market
from rules import BARS_A_YEAR, CAPITAL, FAST, FEE, SLOW, Combos, Grid, Outcome, combos, crosses
from seven import Convention, Spec

_FAST = "the fast average is seeded at bar 11, TA-Lib's at bar 25"
CONVENTIONS = {
    "MACD": Convention(first=33, by=200, why=_FAST),
    "ATR": Convention(first=13, by=260, why="the first bar's range counts as a true range"),
}
OUTPUTS: dict[str, tuple[int | str, ...]] = {}


def indicator(spec: Spec, market: Market) -> Callable[[], Any] | None:
    """Return a call that computes one indicator."""
    close, params = market.close, spec.params
    if spec.kind == "STDDEV":
        return None
    if spec.kind == "ATR":
        return lambda: raptorbt.atr(market.high, market.low, close, *params)
    name = {"BOLL": "bollinger_bands"}.get(spec.kind, spec.kind.lower())
    function = getattr(raptorbt, name)
    return lambda: function(close, *params)


def stream(market: Market) -> Callable[[], tuple[float, ...]]:
    """Return a call that updates five indicators; each returns its value."""
    rows = list(zip(*(c.tolist() for c in _prices(market)), strict=True))
    make = raptorbt.Indicator

    def run() -> tuple[float, ...]:
        every = (make.sma(20), make.ema(20), make.rsi(14), make.bollinger(20, 2.0), make.macd())
        one, two, three, four, five = (each.update_bar for each in every)
        for o, h, l, c in rows:  # noqa: E741
            v, w, x, y, z = (
                one(o, h, l, c), two(o, h, l, c), three(o, h, l, c), four(o, h, l, c),
                five(o, h, l, c),
            )  # fmt: skip
        return (v, w, x, y[1], z[0])

    return run


def backtest(market: Market) -> Callable[[], Outcome]:
    """Return a call from arrays to its metrics, trades included."""

    def run() -> Outcome:
        close = market.close
        cross = crosses(raptorbt.sma(close, FAST), raptorbt.sma(close, SLOW), SLOW)
        found = raptorbt.run_single_backtest(
            *_columns(market), cross.entries, cross.exits, config=_config()
        )
        figures, trades, curve = found.metrics, found.trades(), found.equity_curve()
        assert len(trades) >= figures.total_closed_trades and len(curve) == len(close)
        return _outcome(figures)

    return run


def sweep(market: Market, grid: Grid) -> Callable[[], Combos]:
    """Return a call that runs a batch, its signals included, on every core."""

    def run() -> Combos:
        averages = {n: raptorbt.sma(market.close, n) for n in {*grid.fast, *grid.slow}}
        items = []
        for fast, slow in grid:
            cross = crosses(averages[fast], averages[slow], slow)
            items.append(
                raptorbt.BatchSingleItem(
                    f"{fast}/{slow}", cross.entries, cross.exits, config=_config()
                )
            )
        found = raptorbt.batch_single_backtest(*_columns(market), items)
        return combos([_outcome(result.metrics) for _, result in found])

    return run


def _outcome(figures: Any) -> Outcome:
    profit = figures.end_value - figures.start_value
    drawdown = figures.max_drawdown_pct / 100
    return Outcome(profit, figures.total_closed_trades, drawdown, figures.sharpe_ratio)


def _config() -> Any:
    return raptorbt.BacktestConfig(
        initial_capital=CAPITAL,
        fees=FEE,
        slippage=0.0,
        fill_timing="same_bar_close",
        periods_per_year=BARS_A_YEAR,
    )


def _prices(market: Market) -> tuple[Floats, Floats, Floats, Floats]:
    return market.open, market.high, market.low, market.close


def _columns(market: Market) -> tuple[Any, ...]:
    return (market.timestamp * 1_000_000, *_prices(market), market.volume)
