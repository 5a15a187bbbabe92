"""Every row of the table once more, naively: full windows, exact or 200-bit arithmetic, loops.

Written from the rules, not from the C. An unknown is None; numbers are Fractions or mpmath's.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from fractions import Fraction

from exact_windows import window
from mpmath import mp, mpf

mp.prec = 200

Number = Fraction | mpf | int | None
Series = Sequence[Number]


def _window(x: Series, t: int, n: int) -> list[Number] | None:
    """The last n values at t, None when one of them is missing or unknown."""
    if t < n - 1:
        return None
    values = list(x[t - n + 1 : t + 1])
    return None if None in values else values


def _each(x: Series, n: int, rule: Callable[[list[Fraction]], Number]) -> list[list[Number]]:
    windows = [_window(x, t, n) for t in range(len(x))]
    return [[None if w is None else rule(w) for w in windows]]


def _mean(values: list[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _deviation(values: list[Fraction]) -> Fraction:
    return window([float(v) for v in values]).deviation


def sma(x: Series, period: float) -> list[list[Number]]:
    return _each(x, int(period), _mean)


def stddev(x: Series, period: float) -> list[list[Number]]:
    return _each(x, int(period), _deviation)


def total(x: Series, n: float) -> list[list[Number]]:
    return _each(x, int(n), sum)


def highest(x: Series, n: float) -> list[list[Number]]:
    return _each(x, int(n), max)


def lowest(x: Series, n: float) -> list[list[Number]]:
    return _each(x, int(n), min)


def boll(x: Series, period: float, k: float) -> list[list[Number]]:
    mid, width = sma(x, period)[0], stddev(x, period)[0]
    bands: list[list[Number]] = []
    for sign in (1, 0, -1):
        factor = sign * Fraction(k)
        bands.append(
            [None if m is None else m + factor * w for m, w in zip(mid, width, strict=True)]
        )
    return bands


def _smooth(x: Series, factor: mpf) -> list[Number]:
    """e += factor * (x - e) from the first known value on; an unknown leaves it unmoved."""
    e: mpf | None = None
    out: list[Number] = []
    for value in x:
        if value is None:
            out.append(None)
            continue
        number = _mpf(value)
        e = number if e is None else e + factor * (number - e)
        out.append(e)
    return out


def _mpf(value: Number) -> mpf:
    return mpf(value.numerator) / value.denominator if isinstance(value, Fraction) else mpf(value)


def ema(x: Series, period: float) -> list[list[Number]]:
    return [_smooth(x, mpf(2) / (mpf(period) + 1))]


def ema_as_talib(x: Series, period: float) -> list[list[Number]]:
    """Seeded with the plain mean of the first `period` known values."""
    n, factor = int(period), mpf(2) / (mpf(period) + 1)
    seed: list[mpf] = []
    out: list[Number] = []
    for value in x:
        if value is None:
            out.append(None)
        elif len(seed) < n:
            seed.append(_mpf(value))
            out.append(sum(seed, mpf(0)) / n if len(seed) == n else None)
        else:
            last = next(v for v in reversed(out) if v is not None)
            out.append(last + factor * (_mpf(value) - last))
    return [out]


def _minus(a: Series, b: Series) -> list[Number]:
    return [None if p is None or q is None else p - q for p, q in zip(a, b, strict=True)]


def macd(x: Series, fast: float, slow: float, signal: float) -> list[list[Number]]:
    line = _minus(ema(x, fast)[0], ema(x, slow)[0])
    smooth = ema(line, signal)[0]
    return [line, smooth, _minus(line, smooth)]


def _wilder(values: list[mpf], period: int) -> list[Number]:
    """Mean of the first `period`, then a += (v - a)/period."""
    out: list[Number] = [None] * (period - 1)
    average = sum(values[:period], mpf(0)) / period
    for t in range(period - 1, len(values)):
        if t >= period:
            average += (values[t] - average) / period
        out.append(average)
    return out[: len(values)]


def rsi(x: Series, period: float) -> list[list[Number]]:
    """Of a series whose unknowns, if any, all stand at its beginning."""
    known = [_mpf(v) for v in x if v is not None]
    changes = [b - a for a, b in itertools.pairwise(known)]
    gains = _wilder([max(c, mpf(0)) for c in changes], int(period))
    losses = _wilder([max(-c, mpf(0)) for c in changes], int(period))
    values: list[Number] = []
    for gain, loss in zip(gains, losses, strict=True):
        if gain is None or loss is None:
            values.append(None)
        elif loss == 0:
            values.append(mpf(50) if gain == 0 else mpf(100))
        else:
            values.append(100 - 100 / (1 + gain / loss))
    return [[None] * (len(x) - len(values)) + values]


def true_range(high: Series, low: Series, close: Series) -> list[list[Number]]:
    out: list[Number] = [high[0] - low[0]]
    for t in range(1, len(close)):
        out.append(max(high[t], close[t - 1]) - min(low[t], close[t - 1]))
    return [out]


def atr(high: Series, low: Series, close: Series, period: float) -> list[list[Number]]:
    ranges = [_mpf(v) for v in true_range(high, low, close)[0]]
    return [_wilder(ranges, int(period))]


def lag(x: Series, n: float) -> list[list[Number]]:
    return [[x[t - int(n)] if t >= n else None for t in range(len(x))]]


def change(x: Series, n: float) -> list[list[Number]]:
    return [_minus(x, lag(x, n)[0])]


def _crosses(a: Series, b: Series, over: bool, under: bool) -> list[list[Number]]:
    out: list[Number] = [None]
    for t in range(1, len(a)):
        if None in (a[t], b[t], a[t - 1], b[t - 1]):
            out.append(None)
        else:
            went_over = a[t] > b[t] and a[t - 1] <= b[t - 1]
            went_under = a[t] < b[t] and a[t - 1] >= b[t - 1]
            out.append(int((over and went_over) or (under and went_under)))
    return [out]


def crossover(a: Series, b: Series) -> list[list[Number]]:
    return _crosses(a, b, True, False)


def crossunder(a: Series, b: Series) -> list[list[Number]]:
    return _crosses(a, b, False, True)


def cross(a: Series, b: Series) -> list[list[Number]]:
    return _crosses(a, b, True, True)


def rising(x: Series, n: float) -> list[list[Number]]:
    return _each(x, int(n) + 1, lambda w: int(all(a < b for a, b in itertools.pairwise(w))))


def falling(x: Series, n: float) -> list[list[Number]]:
    return _each(x, int(n) + 1, lambda w: int(all(a > b for a, b in itertools.pairwise(w))))


def barssince(condition: Series) -> list[list[Number]]:
    out: list[Number] = []
    for t in range(len(condition)):
        true = [i for i in range(t + 1) if condition[i] == 1]
        out.append(t - true[-1] if true else None)
    return [out]


def valuewhen(condition: Series, x: Series, k: float) -> list[list[Number]]:
    out: list[Number] = []
    for t in range(len(condition)):
        true = [i for i in range(t + 1) if condition[i] == 1]
        out.append(x[true[-1 - int(k)]] if len(true) > k else None)
    return [out]


NAIVE: dict[str, Callable[..., list[list[Number]]]] = {
    "SMA": sma,
    "EMA": ema,
    "EMA as TA-Lib": ema_as_talib,
    "STDDEV": stddev,
    "RSI": rsi,
    "BOLL": boll,
    "MACD": macd,
    "ATR": atr,
    "TR": true_range,
    "HIGHEST": highest,
    "LOWEST": lowest,
    "SUM": total,
    "CHANGE": change,
    "LAG": lag,
    "CROSSOVER": crossover,
    "CROSSUNDER": crossunder,
    "CROSS": cross,
    "RISING": rising,
    "FALLING": falling,
    "BARSSINCE": barssince,
    "VALUEWHEN": valuewhen,
}
