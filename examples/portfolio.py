"""Two markets on one account, with stops, costs and margin: run it, then change it.

    python portfolio.py                      the S&P 500 that ships with hquant, and a fund on it
    python portfolio.py BTC.csv.gz ETH.csv   your own candles; the files' names name the symbols
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from hquant_cffi import BacktestReport, Bars, Order, backtest, load, load_sp500

BREAKOUT = """
PARAM length = 55 IN 20..100 STEP 5
IF close > HIGHEST(length)[1] THEN BUY SIZE 40% STOP 3*ATR(20)
IF close < LOWEST(length)[1] THEN SELL SIZE 40% STOP 3*ATR(20)
"""


def doubled(bars: Bars) -> Bars:
    """A fund that makes twice the market's move each day, as funds of that kind promise."""
    before = np.concatenate((bars.open[:1], bars.close[:-1]))
    growth = 2 * bars.close / before - 1
    base = 100 * np.concatenate(([1.0], np.cumprod(growth)[:-1]))
    columns = {
        name: base * (2 * getattr(bars, name) / before - 1)
        for name in ("open", "high", "low", "close")
    }
    return Bars(bars.timestamp, **columns, volume=bars.volume, source="doubled")


def markets(files: list[str]) -> dict[str, Bars]:
    """The files' candles by name, or the shipped ones."""
    if files:
        return {Path(file).name.split(".")[0]: load(file) for file in files}
    index = load_sp500()
    return {"index": index, "double": doubled(index)}


def run(data: dict[str, Bars]) -> BacktestReport:
    """The breakout on every market, trailing stops included, and one order of our own."""
    first = next(iter(data))
    return backtest(
        data,
        BREAKOUT,
        orders=[Order(bar=5, side="buy", size="10%", symbol=first, stop="5%", target="5%")],
        capital=100_000,
        leverage=2,
        sides="long",  # a SELL closes and opens nothing
        fee=0.0005,  # of takers: market orders and stops
        maker_fee=0.0002,  # of makers: limits and targets
        slippage=0.0005,
        margin_tiers=[(0, 0.005, 50), (250_000, 0.01, 20), (1_000_000, 0.025, 5)],
        trail="15%",  # of rules that name no TRAIL: all of them
        tick_size=0.01,
        curves=("position", "margin"),
    )


def main() -> None:
    report = run(markets(sys.argv[1:]))
    print(report, end="\n\n")

    trades = report.columns("trades")
    for symbol in report.symbols:
        pnl = trades["pnl"][trades["symbol"] == symbol]
        won = np.count_nonzero(pnl > 0)
        print(f"{symbol:<8}{len(pnl):>4} trades, {won:>3} won, P&L {pnl.sum():>12,.2f}")
    reasons, counts = np.unique(trades["exit_reason"].astype(str), return_counts=True)
    print("\nended by", ", ".join(f"{name} {n}" for name, n in zip(reasons, counts, strict=True)))
    print(f"margin in use, at most: {report.columns()['margin'].max():,.2f}")


if __name__ == "__main__":
    main()
