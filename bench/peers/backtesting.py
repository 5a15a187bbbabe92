"""backtesting.py: an event loop in Python over bars of whole units."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import backtesting
import pandas as pd
from market import Floats, Market
from rules import FAST, FEE, SLOW, Outcome

_CAPITAL = 1e6  # a unit is always affordable


def backtest(market: Market) -> Callable[[], Outcome]:
    """Return a call from arrays to its statistics, a unit a trade."""

    def run() -> Outcome:
        names = ("open", "high", "low", "close", "volume")
        columns = {name.capitalize(): getattr(market, name) for name in names}
        frame = pd.DataFrame(columns, index=pd.to_datetime(market.timestamp, unit="ms"))
        test = backtesting.Backtest(
            frame, _Cross, cash=_CAPITAL, commission=FEE, trade_on_close=True
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # trades open at the end, pandas' to its code
            stats = test.run()
        profit = stats["Equity Final [$]"] - _CAPITAL
        return Outcome(profit, stats["# Trades"], None, None, "unit")

    return run


def _average(close: Floats, length: int) -> pd.Series:
    return pd.Series(close).rolling(length).mean()


class _Cross(backtesting.Strategy):  # type: ignore[misc]
    def init(self) -> None:
        self.fast = self.I(_average, self.data.Close, FAST)
        self.slow = self.I(_average, self.data.Close, SLOW)

    def next(self) -> None:
        if backtesting.lib.crossover(self.fast, self.slow):
            self.buy(size=1)
        elif backtesting.lib.crossover(self.slow, self.fast) and self.position:
            self.position.close()
