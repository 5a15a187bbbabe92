"""vectorbt: whole matrices at a time; its Rust engine where that is installed, else Numba's."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import vectorbt
from market import Market
from rules import CAPITAL, FAST, FEE, SLOW, Combos, Grid, Outcome, combos, crosses
from seven import Convention, Spec

_COLUMNS_AT_A_TIME = 40  # of a sweep: memory grows with them

_SUMS = "running sums of squares"
_FIRST = "averages are seeded with the first value, not a mean"
_WILDER = "Wilder's smoothing of 14 bars is an exponential one of 27, seeded with the first value"
CONVENTIONS = {
    "EMA": Convention(by=160, why=_FIRST),
    "STDDEV": Convention(within=1e-6, why=_SUMS),
    "BOLL": Convention(within=1e-8, why=_SUMS),
    "MACD": Convention(by=320, why=_FIRST),
    "RSI": Convention(first=27, by=300, why=_WILDER),
    "ATR": Convention(first=26, by=300, why=_WILDER),
}
OUTPUTS: dict[str, tuple[int | str, ...]] = {
    "SMA": ("ma",), "EMA": ("ma",), "STDDEV": ("mstd",), "RSI": ("rsi",), "ATR": ("atr",),
    "BOLL": ("upper", "middle", "lower"), "MACD": ("macd", "signal", "hist"),
}  # fmt: skip


def indicator(spec: Spec, market: Market) -> Callable[[], Any] | None:
    """Return a call that computes one indicator."""
    close, params = market.close, spec.params
    wilder = 2 * int(params[0]) - 1
    calls: dict[str, Callable[[], Any]] = {
        "SMA": lambda: vectorbt.MA.run(close, *params),
        "EMA": lambda: vectorbt.MA.run(close, *params, ewm=True),
        "STDDEV": lambda: vectorbt.MSTD.run(close, *params),
        "RSI": lambda: vectorbt.RSI.run(close, wilder, ewm=True),
        "BOLL": lambda: vectorbt.BBANDS.run(close, window=params[0], alpha=params[1]),
        "MACD": lambda: vectorbt.MACD.run(close, *params, macd_ewm=True, signal_ewm=True),
        "ATR": lambda: vectorbt.ATR.run(market.high, market.low, close, wilder, ewm=True),
    }
    return _quietly(calls[spec.kind])


def backtest(market: Market) -> Callable[[], Outcome]:
    """Return a call from arrays to four figures."""

    def run() -> Outcome:
        (found,) = _outcomes(_cross(market))
        return found

    return _quietly(run)


def backtest_in_full(market: Market) -> Callable[[], Outcome]:
    """Return a call from arrays to what the others' runs give: trades, equity and statistics.

    Those of the portfolio, and those of daily returns, quantiles among them.
    """

    def run() -> Outcome:
        portfolio = _cross(market)
        trades, curve, figures = portfolio.trades.records, portfolio.value(), portfolio.stats()
        daily = portfolio.daily_returns().vbt.returns(freq="1D").stats()
        assert len(trades) == figures["Total Trades"] and len(curve) == len(market)
        assert daily["Value at Risk"] < 0
        return Outcome(
            figures["End Value"] - CAPITAL, int(figures["Total Closed Trades"]),
            figures["Max Drawdown [%]"] / 100, figures["Sharpe Ratio"],
        )  # fmt: skip

    return _quietly(run)


def sweep(market: Market, grid: Grid) -> Callable[[], Combos]:
    """Return a call that runs the grid, some columns at a time."""

    def run() -> Combos:
        close = market.close
        lengths = {*grid.fast, *grid.slow}
        averages = {n: vectorbt.MA.run(close, n).ma.to_numpy() for n in lengths}
        found: list[Outcome] = []
        pairs = list(grid)
        for begin in range(0, len(pairs), _COLUMNS_AT_A_TIME):
            chosen = pairs[begin : begin + _COLUMNS_AT_A_TIME]
            some = [crosses(averages[fast], averages[slow], slow) for fast, slow in chosen]
            entries = np.column_stack([cross.entries for cross in some])
            exits = np.column_stack([cross.exits for cross in some])
            found += _outcomes(_portfolio(close[:, None], entries, exits))
        return combos(found)

    return _quietly(run)


def _cross(market: Market) -> Any:
    close = pd.Series(market.close, pd.to_datetime(market.timestamp, unit="ms"))
    fast, slow = (vectorbt.MA.run(close, length) for length in (FAST, SLOW))
    return _portfolio(close, fast.ma_crossed_above(slow), fast.ma_crossed_below(slow))


def _portfolio(close: Any, entries: Any, exits: Any) -> Any:
    return vectorbt.Portfolio.from_signals(
        close, entries, exits, init_cash=CAPITAL, fees=FEE, freq="1min"
    )


def _outcomes(portfolio: Any) -> Iterator[Outcome]:
    figures = (
        portfolio.total_return(),
        portfolio.trades.closed.count(),
        portfolio.max_drawdown(),
        portfolio.sharpe_ratio(),
    )
    for total, trades, drawdown, sharpe in zip(*map(np.atleast_1d, figures), strict=True):
        yield Outcome(CAPITAL * float(total), int(trades), -float(drawdown), float(sharpe))


def _quietly(call: Callable[[], Any]) -> Callable[[], Any]:
    def run() -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # numba's and pandas' to vectorbt's own code
            return call()

    return run
