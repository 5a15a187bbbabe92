"""Strategies of the test vectors: every kind of statement, as text and compiled."""

from __future__ import annotations

import base64
from typing import Any, Final

from hquant_cffi import Strategy

TEXTS: Final = {
    "cross": """\
PARAM fast = 4 IN 2..10 STEP 1
PARAM slow = 11 IN 5..40 STEP 1
f = SMA(close, fast)
s = SMA(close, slow)
IF CROSSOVER(f, s) THEN BUY
IF CROSSUNDER(f, s) THEN SELL
""",
    "bracket": """\
PARAM width = 1.5 IN 0.5..4 STEP 0.5
distance = width * ATR(7)
IF close > HIGHEST(12)[1] THEN BUY SIZE 40% STOP distance TARGET 2 * distance
IF close < LOWEST(12)[1] THEN SELL SIZE 2.5 STOP 3% TRAIL distance
""",
    "levels": """\
IF RSI(5) < 35 THEN BUY
IF RSI(5) > 65 THEN SELL
IF RSI(5) > 49 AND RSI(5) < 51 THEN HOLD
""",
    "timeframes": """\
PARAM n = 3 IN 2..6 STEP 1
trend = EMA(close@5m, n)
range = ATR(4)@5m
IF close > trend AND high@15m - close < 2 * range AND RISING(close, 2) THEN BUY
IF close < trend[1] AND FALLING(close, 2) THEN SELL
""",
    "words": """\
since = BARSSINCE(close > open AND volume > 10)
level = VALUEWHEN(CROSS(close, EMA(close, 6)), hlc3, 1)
part = NZ(buy_volume / volume, 0.5)
jump = ABS(CHANGE(close, 2)) / MAX(STDDEV(close, 9), 0.01)
root = SQRT(MIN(volume, 25)) + LAG(ohlc4, 3) * 0 + SUM(volume, 5)[2] * 0.001
IF since >= 2 AND part < 0.6 AND NOT jump > 3 THEN BUY
IF close < level OR root > 6 AND !(jump <= 2.5) THEN SELL
""",
    "unknowns": """\
IF NOT RSI(14) > 70 AND close / (volume - volume) != 1 THEN SELL
IF NOT RSI(14) > 70 THEN BUY
IF open / volume > 2 OR SQRT(close - 100) < 1 THEN HOLD
""",
    "bands": """\
b = BOLL(close, 10, 1.5)
m = MACD(close, 4, 9, 3).hist
k = STOCH(5, 3, 0, 3, 0).slowd
IF close < BOLL(close, 10, 1.5).lower AND k < 30 THEN BUY
IF close > b AND m > 0 THEN SELL
""",
    "oscillator": """\
PARAM fast = 4 IN 2..12 STEP 1
PARAM slow = 9 IN 3..20 STEP 1
IF MACD(fast, slow, 3).hist > 0 THEN BUY
IF MACD(fast, slow, 3).hist < 0 THEN SELL
""",
    "talib": """\
IF MACD(4, 9, 3).hist > 0 AND ADX(5) > 20 THEN BUY
IF EMA(8) > close THEN SELL
""",
    "periods": """\
PARAM mark = 0 IN 0..2 STEP 0.5
IF close@5m > open@5m + mark AND RSI(3) < 60 THEN BUY
IF CROSSUNDER(close, SMA(close@5m, 2)) THEN SELL
""",
    "logarithm": """\
r = LOG(close / close[1])
IF r > 0 AND STDDEV(r, 6) < 0.01 THEN BUY
""",
}
_MODES: Final = {"talib": "talib"}

#: Whose values go through the machine's libm.
WITH_LIBM: Final = {"logarithm"}


def strategy(name: str) -> Strategy:
    """Return the compiled strategy of a name."""
    return Strategy.compile(TEXTS[name], name=name, mode=_MODES.get(name, "seed"))


def programs() -> dict[str, Any]:
    """Return what a file says of each."""
    return {name: _entry(name) for name in TEXTS}


def _entry(name: str) -> dict[str, Any]:
    compiled = strategy(name)
    return {
        "text": TEXTS[name],
        "mode": _MODES.get(name, "seed"),
        "hqbc": base64.b64encode(compiled.bytecode).decode(),
        "params": [
            {
                "name": each.name,
                "value": each.value,
                "minimum": each.minimum,
                "maximum": each.maximum,
                "step": each.step,
            }
            for each in compiled.params
        ],
        "timeframes_ms": list(compiled.timeframes),
        "has_clauses": compiled.has_clauses,
        "reads_buy_volume": compiled.reads_buy_volume,
    }
