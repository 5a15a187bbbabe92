"""talipp: incremental indicators in pure Python."""

from __future__ import annotations

from collections.abc import Callable

from market import Market
from talipp.indicators import BB, EMA, MACD, RSI, SMA


def stream(market: Market) -> Callable[[], tuple[float, ...]]:
    """Return a call that adds every bar to five indicators and reads them."""
    close = market.close.tolist()

    def run() -> tuple[float, ...]:
        sma, ema, rsi, bands, macd = SMA(20), EMA(20), RSI(14), BB(20, 2.0), MACD(12, 26, 9)
        for x in close:
            sma.add(x), ema.add(x), rsi.add(x), bands.add(x), macd.add(x)
            last = (sma[-1], ema[-1], rsi[-1], bands[-1], macd[-1])
        a, b, c, d, e = last
        return (a, b, c, d.ub, e.macd)

    return run
