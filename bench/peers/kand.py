"""kand: TA-Lib's values but for the seed of MACD's fast average; streaming by pure functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import kand
from market import Market
from seven import Convention, Spec

_SUMS = "running sums of squares"
CONVENTIONS = {
    "STDDEV": Convention(within=1e-6, why=_SUMS),
    "BOLL": Convention(within=1e-8, why=_SUMS),
    "MACD": Convention(by=200, why="the fast average is seeded at bar 11, TA-Lib's at bar 25"),
}
OUTPUTS: dict[str, tuple[int | str, ...]] = {"STDDEV": (0,), "RSI": (0,)}


def indicator(spec: Spec, market: Market) -> Callable[[], Any] | None:
    """Return a call that computes one indicator."""
    close, params = market.close, spec.params
    if spec.kind == "ATR":
        return lambda: kand.atr(market.high, market.low, close, *params)
    if spec.kind == "BOLL":
        length, k = params
        return lambda: kand.bbands(close, length, k, k)
    function = getattr(kand, spec.kind.lower())
    return lambda: function(close, *params)


def stream(market: Market) -> Callable[[], tuple[float, ...]]:
    """Return a call that steps five indicators; their state is kept in Python."""
    close = market.close.tolist()
    history = market.close[:100].copy()
    macd_of, bands_of = kand.macd_inc, kand.bbands_inc
    sma_of, ema_of, rsi_of = kand.sma_inc, kand.ema_inc, kand.rsi_inc

    def run() -> tuple[float, ...]:
        sma, ema = kand.sma(history, 20)[-1], kand.ema(history, 20)[-1]
        rsi, gain, loss = (column[-1] for column in kand.rsi(history, 14))
        _, _, _, mean, _, total, squares = (c[-1] for c in kand.bbands(history, 20, 2.0, 2.0))
        macd, signal, _, fast, slow = (c[-1] for c in kand.macd(history, 12, 26, 9))
        upper, before = 0.0, close[99]
        for at in range(100, len(close)):
            x, old = close[at], close[at - 20]
            sma = sma_of(sma, x, old, 20)
            ema = ema_of(x, ema, 20)
            rsi, gain, loss = rsi_of(x, before, gain, loss, 14)
            upper, _, _, mean, total, squares = bands_of(x, mean, total, squares, old, 20, 2.0, 2.0)
            macd, signal, _ = macd_of(x, fast, slow, signal, 12, 26, 9)
            fast, slow = ema_of(x, fast, 12), ema_of(x, slow, 26)
            before = x
        return (sma, ema, rsi, upper, macd)

    return run
