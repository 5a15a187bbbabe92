"""TA-Lib 0.8: the values that hquant's TA-Lib mode gives, and streaming handles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import talib
from market import Market
from seven import Convention, Spec
from talib import stream as handles

CONVENTIONS: dict[str, Convention] = {}
OUTPUTS: dict[str, tuple[int | str, ...]] = {}


def indicator(spec: Spec, market: Market) -> Callable[[], Any] | None:
    """Return a call that computes one indicator."""
    close, params = market.close, spec.params
    function = getattr(talib, {"BOLL": "BBANDS"}.get(spec.kind, spec.kind))
    if spec.kind == "ATR":
        return lambda: function(market.high, market.low, close, *params)
    if spec.kind == "BOLL":
        length, k = params
        return lambda: function(close, length, k, k)
    return lambda: function(close, *params)


def stream(market: Market) -> Callable[[], tuple[float, ...]]:
    """Return a call that feeds five handles; they open on history, which is not timed."""
    close = market.close.tolist()
    history = np.array(close[:100])
    rest = close[100:]

    def run() -> tuple[float, ...]:
        sma, ema = handles.SMA(history, 20), handles.EMA(history, 20)
        rsi, macd = handles.RSI(history, 14), handles.MACD(history, 12, 26, 9)
        bands = handles.BBANDS(history, 20, 2.0, 2.0)
        one, two, three, four, five = (h.update for h in (sma, ema, rsi, bands, macd))
        for x in rest:
            a, b, c, d, e = one(x), two(x), three(x), four(x), five(x)
        return (a, b, c, d[0], e[0])

    return run
