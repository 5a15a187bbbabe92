"""Tulip Indicators, by newtulipy: outputs without their warm-up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tulipy
from market import Market
from seven import Convention, Spec

_FIRST = "seeded with the first value, not a mean"
_SUMS = "running sums of squares"
CONVENTIONS = {
    "EMA": Convention(first=0, by=160, why=_FIRST),
    "STDDEV": Convention(within=1e-6, why=_SUMS),
    "BOLL": Convention(within=1e-8, why=_SUMS),
    "MACD": Convention(first=25, by=None, why="MACD(12, 26) uses the factors 0.15 and 0.075"),
    "ATR": Convention(first=13, by=260, why="the first bar's range counts as a true range"),
}
OUTPUTS: dict[str, tuple[int | str, ...]] = {"BOLL": (2, 1, 0)}


def indicator(spec: Spec, market: Market) -> Callable[[], Any] | None:
    """Return a call that computes one indicator."""
    close, params = market.close, spec.params
    if spec.kind == "ATR":
        return lambda: tulipy.atr(market.high, market.low, close, *params)
    function = tulipy.bbands if spec.kind == "BOLL" else getattr(tulipy, spec.kind.lower())
    return lambda: function(close, *params)
