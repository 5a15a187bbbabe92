"""The functions of the language over whole columns, each window gone through in full.

An unknown number or condition is None.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

Number = float | None
Condition = bool | None
Column = list[Number]
Conditions = list[Condition]


def known(compute: Callable[[], float]) -> Number:
    """A result, or None when it is no finite number."""
    try:
        result = compute()
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return result if math.isfinite(result) else None


def mean(window: Sequence[float]) -> float:
    return math.fsum(window) / len(window)


def deviation(window: Sequence[float]) -> float:
    center = mean(window)
    return math.sqrt(math.fsum((x - center) ** 2 for x in window) / len(window))


WINDOWED: dict[str, Callable[[Sequence[float]], float]] = {
    "SMA": mean, "STDDEV": deviation, "HIGHEST": max, "LOWEST": min, "SUM": math.fsum,
}  # fmt: skip


def of_known(function: Callable[..., float]) -> Callable[..., Number]:
    """The function, unknown where an argument is."""
    return lambda *x: None if None in x else known(lambda: function(*x))


POINTWISE: dict[str, Callable[..., Number]] = {
    "ABS": of_known(abs),
    "SQRT": of_known(math.sqrt),
    "LOG": of_known(math.log),
    "MIN": of_known(min),
    "MAX": of_known(max),
    "NZ": lambda x, d: d if x is None else x,
}


def windowed(x: Column, n: int, function: Callable[[Sequence[float]], float]) -> Column:
    result: Column = []
    for bar in range(len(x)):
        window = x[max(0, bar - n + 1) : bar + 1]
        whole = len(window) == n and None not in window
        result.append(known(lambda window=window: function(window)) if whole else None)
    return result


def lag(x: list, n: int) -> list:
    return [x[bar - n] if bar >= n else None for bar in range(len(x))]


def ema(x: Column, period: float) -> Column:
    alpha = 2.0 / (period + 1.0)
    average: Number = None
    result: Column = []
    for value in x:
        if value is None:
            result.append(None)
            continue
        average = value if average is None else average + alpha * (value - average)
        result.append(average)
    return result


def wilder(x: Column, n: int) -> Column:
    """Of a column without unknown values."""
    result: Column = []
    for bar in range(len(x)):
        if bar < n - 1:
            result.append(None)
        elif bar == n - 1:
            result.append(mean(x[:n]))
        else:
            result.append(result[-1] + (x[bar] - result[-1]) / n)
    return result


def rsi(x: Column, n: int) -> Column:
    result: Column = []
    last: Number = None
    changes: list[float] = []
    gain = loss = 0.0
    for value in x:
        if value is None:
            result.append(None)
            continue
        if last is not None:
            changes.append(value - last)
        last = value
        if len(changes) < n:
            result.append(None)
            continue
        if len(changes) == n:
            gain = mean([max(change, 0.0) for change in changes])
            loss = mean([max(-change, 0.0) for change in changes])
        else:
            gain += (max(changes[-1], 0.0) - gain) / n
            loss += (max(-changes[-1], 0.0) - loss) / n
        result.append(50.0 if gain + loss == 0 else 100.0 * gain / (gain + loss))
    return result


def true_range(high: Column, low: Column, close: Column) -> Column:
    result: Column = []
    for bar in range(len(close)):
        tops, bottoms = [high[bar]], [low[bar]]
        if bar > 0:
            tops.append(close[bar - 1])
            bottoms.append(close[bar - 1])
        result.append(max(tops) - min(bottoms))
    return result


def bollinger(x: Column, period: float, k: float) -> list[Column]:
    mids = windowed(x, int(period), mean)
    widths = windowed(x, int(period), deviation)
    pairs = list(zip(mids, widths, strict=True))
    upper = [None if None in pair else known(lambda p=pair: p[0] + k * p[1]) for pair in pairs]
    lower = [None if None in pair else known(lambda p=pair: p[0] - k * p[1]) for pair in pairs]
    return [upper, mids, lower]


def macd(x: Column, fast: float, slow: float, signal: float) -> list[Column]:
    def difference(a: Column, b: Column) -> Column:
        return [
            None if None in pair else known(lambda p=pair: p[0] - p[1])
            for pair in zip(a, b, strict=True)
        ]

    line = difference(ema(x, fast), ema(x, slow))
    smooth = ema(line, signal)
    return [line, smooth, difference(line, smooth)]


def bars_since(condition: Conditions) -> Column:
    result: Column = []
    for bar in range(len(condition)):
        hits = [past for past in range(bar + 1) if condition[past] is True]
        result.append(float(bar - hits[-1]) if hits else None)
    return result


def value_when(condition: Conditions, x: Column, k: int) -> Column:
    result: Column = []
    for bar in range(len(condition)):
        hits = [past for past in range(bar + 1) if condition[past] is True]
        result.append(x[hits[-1 - k]] if len(hits) > k else None)
    return result
