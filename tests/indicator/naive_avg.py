"""Averages, bands and trend rows once more, naively, in both modes.

Full windows of Fractions and recurrences of 200 bits, written from the formulas; nothing of the C
is shared. Branches that depend on a tie of rounded numbers (SAR) are taken in doubles. An unknown
is None: it makes every window around it unknown and leaves recurrences where they were.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from functools import cache

from mpmath import mpf
from naive_cycle import mama, trendline
from naive_indicators import Number, Series, _mean, _mpf, _smooth, _window, lag, stddev
from naive_vol import Columns, _averages, _each, _ranges, _ratio, zscore

Line = list[Number]


def _map(rule: Callable[..., Number], *series: Series) -> Line:
    """A rule bar by bar; unknown where any of its series is."""
    return [None if None in bar else rule(*bar) for bar in zip(*series, strict=True)]


def _from(x: Series, skip: int) -> Line:
    """x without its first `skip` known values."""
    known = [t for t, v in enumerate(x) if v is not None][:skip]
    return [None if t in known else v for t, v in enumerate(x)]


# -------------------------------------------------------------------- averages


def _seeded(x: Series, n: int, factor: mpf) -> Line:
    """a += factor * (x - a) from the mean of the first n known values on."""
    seed: list[mpf] = []
    a: mpf | None = None
    out: Line = []
    for value in x:
        if value is None:
            out.append(None)
            continue
        if a is not None:
            a += factor * (_mpf(value) - a)
        else:
            seed.append(_mpf(value))
            a = sum(seed, mpf(0)) / n if len(seed) == n else None
        out.append(a)
    return out


Ema = Callable[[Series, float], Line]


def _ema(x: Series, period: float) -> Line:
    return _smooth(x, mpf(2) / (mpf(period) + 1))


def _ema_as_talib(x: Series, period: float) -> Line:
    return _seeded(x, int(period), mpf(2) / (mpf(period) + 1))


def rma(x: Series, period: float) -> Columns:
    return [_seeded(x, int(period), 1 / mpf(period))]


def sma(x: Series, period: float) -> Line:
    return _each(x, int(period), _mean)[0]


def wma(x: Series, period: float) -> Line:
    n = int(period)
    weights = range(1, n + 1)

    def mean(w: list[Fraction]) -> Number:
        return sum((k * v for k, v in zip(weights, w, strict=True)), Fraction(0)) / sum(weights)

    return _each(x, n, mean)[0]


def _chain(ema: Ema, x: Series, period: float, n: int) -> list[Line]:
    lines = [ema(x, period)]
    while len(lines) < n:
        lines.append(ema(lines[-1], period))
    return lines


def _dema(ema: Ema) -> Callable[..., Columns]:
    return lambda x, p: [_map(lambda a, b: 2 * a - b, *_chain(ema, x, p, 2))]


def _tema(ema: Ema) -> Callable[..., Columns]:
    return lambda x, p: [_map(lambda a, b, c: 3 * a - 3 * b + c, *_chain(ema, x, p, 3))]


def _t3(ema: Ema) -> Callable[..., Columns]:
    """(1 + v - v E)^3 of the third of six EMAs in a row, E the step to the next of them."""

    def rule(x: Series, period: float, vfactor: float = 0.7) -> Columns:
        v = mpf(vfactor)
        weights = [math.comb(3, k) * (1 + v) ** (3 - k) * (-v) ** k for k in range(4)]
        lines = _chain(ema, x, period, 6)[2:]
        return [_map(lambda *e: sum(w * a for w, a in zip(weights, e, strict=True)), *lines)]

    return rule


def _zlema(ema: Ema) -> Callable[..., Columns]:
    def rule(x: Series, period: float) -> Columns:
        late = lag(x, (int(period) - 1) // 2)[0]
        return [ema(_map(lambda a, b: 2 * a - b, x, late), period)]

    return rule


def trima(x: Series, period: float) -> Columns:
    """Weights that rise to the middle and fall again."""
    n = int(period)
    weights = [min(i + 1, n - i) for i in range(n)]

    def mean(w: list[Fraction]) -> Number:
        return sum((k * v for k, v in zip(weights, w, strict=True)), Fraction(0)) / sum(weights)

    return _each(x, n, mean)


def kama(x: Series, period: float) -> Columns:
    n = int(period)
    fast, slow = mpf(2) / 3, mpf(2) / 31
    a: mpf | None = None
    out: Line = []
    for t in range(len(x)):
        w = _window(x, t, n + 1)
        if w is None:
            out.append(None)
            continue
        path = sum(abs(w[i + 1] - w[i]) for i in range(n))
        ratio = _mpf(abs(w[-1] - w[0])) / _mpf(path) if path else mpf(1)
        start = _mpf(w[-2]) if a is None else a
        a = start + (ratio * (fast - slow) + slow) ** 2 * (_mpf(w[-1]) - start)
        out.append(a)
    return [out]


def hma(x: Series, period: float) -> Columns:
    n = int(period)
    ahead = _map(lambda a, b: 2 * a - b, wma(x, max(1, n // 2)), wma(x, n))
    return [wma(ahead, math.isqrt(n))]


def vwma(x: Series, volume: Series, period: float) -> Columns:
    n = int(period)
    flow = _each(_map(lambda p, v: p * v, x, volume), n, sum)[0]
    return [[_ratio(a, b) for a, b in zip(flow, _each(volume, n, sum)[0], strict=True)]]


def _typical(high: Series, low: Series, close: Series) -> Line:
    return _map(lambda hi, lo, c: (hi + lo + c) / 3, high, low, close)


def rvwap(high: Series, low: Series, close: Series, volume: Series, period: float) -> Columns:
    return vwma(_typical(high, low, close), volume, period)


def vwap(
    high: Series, low: Series, close: Series, volume: Series, time: Series, *session: float
) -> Columns:
    """Over all bars so far of the bar's own session."""
    length, offset = (Fraction(minutes) * 60000 for minutes in session)
    price = _typical(high, low, close)
    bars = _map(lambda p, v, t: ((t - offset) // length, p * v, v), price, volume, time)
    out: Line = []
    for t, bar in enumerate(bars):
        same = [b for b in bars[: t + 1] if b is not None and bar is not None and b[0] == bar[0]]
        out.append(_ratio(sum(b[1] for b in same), sum(b[2] for b in same)) if same else None)
    return [out]


Average = Callable[[Series, float], Line]


def _kinds(ema: Ema) -> list[Average]:
    """By TA-Lib's numbers."""
    return [
        sma,
        ema,
        wma,
        lambda x, n: _dema(ema)(x, n)[0],
        lambda x, n: _tema(ema)(x, n)[0],
        lambda x, n: trima(x, n)[0],
        lambda x, n: kama(x, n)[0],
        lambda x, _: mama(x, 0.5, 0.05)[0],
        lambda x, n: _t3(ema)(x, n)[0],
        lambda x, n: hma(x, n)[0],
        lambda x, _: list(x),
        sma,
        lambda x, n: _zlema(ema)(x, n)[0],
        lambda x, n: rma(x, n)[0],
    ]


def _average(ema: Ema, x: Series, period: float, matype: float) -> Line:
    return list(x) if period == 1 else _kinds(ema)[int(matype)](x, period)


def _ma(ema: Ema) -> Callable[..., Columns]:
    return lambda x, period, matype: [_average(ema, x, period, matype)]


def _mavp(ema: Ema, together: bool) -> Callable[..., Columns]:
    @cache
    def first(period: float, matype: float) -> int:
        line = _average(ema, [Fraction(1)] * 220, period, matype)
        return next(t for t, v in enumerate(line) if v is not None)

    def rule(x: Series, periods: Series, low: float, high: float, matype: float) -> Columns:
        longest = _average(ema, x, high, matype)
        lines = {}
        for n in {math.floor(min(max(p, low), high)) for p in periods if p is not None}:
            late = first(high, matype) - first(n, matype) if together else 0
            lines[n] = _average(ema, _from(x, late), n, matype)
        out: Line = []
        for t, period in enumerate(periods):
            known = period is not None and longest[t] is not None
            out.append(lines[math.floor(min(max(period, low), high))][t] if known else None)
        return [out]

    return rule


# ----------------------------------------------------------------------- bands


def _together(*lines: Line) -> Columns:
    return [_map(lambda *bar, o=o: bar[o], *lines) for o in range(len(lines))]


def _around(middle: Series, width: Series, up: float, down: float) -> Columns:
    upper = _map(lambda m, w: _mpf(m) + mpf(up) * w, middle, width)
    lower = _map(lambda m, w: _mpf(m) - mpf(down) * w, middle, width)
    return _together(upper, list(middle), lower)


def _bbands(ema: Ema) -> Callable[..., Columns]:
    def rule(x: Series, period: float, up: float, down: float, matype: float) -> Columns:
        width = [None if w is None else _mpf(w) for w in stddev(x, period)[0]]
        return _around(_average(ema, x, period, matype), width, up, down)

    return rule


def bbp(x: Series, period: float, k: float) -> Columns:
    return [_map(lambda z: mpf(1) / 2 + z / (2 * mpf(k)), zscore(x, period)[0])]


def bbw(x: Series, period: float, k: float) -> Columns:
    pairs = zip(stddev(x, period)[0], sma(x, period), strict=True)
    return [[_ratio(None if w is None else 2 * Fraction(k) * w, m) for w, m in pairs]]


def keltner(
    high: Series, low: Series, close: Series, period: float, atr_period: float, k: float
) -> Columns:
    ranges = _averages(_ranges(high, low, close, needs_close=False), atr_period)
    return _around(_ema(close, period), ranges, k, k)


def keltner_as_talib(
    high: Series, low: Series, close: Series, period: float, atr_period: float, k: float
) -> Columns:
    first = max(int(period) - 1, int(atr_period))
    ranges = _ranges(high, low, close, needs_close=True)
    width = rma(_from(ranges, first - int(atr_period)), atr_period)[0]
    price = _from(_typical(high, low, close), first - int(period) + 1)
    return _around(_ema_as_talib(price, period), width, k, k)


def _highest(x: Series, n: float) -> Line:
    return _each(x, int(n), max)[0]


def _lowest(x: Series, n: float) -> Line:
    return _each(x, int(n), min)[0]


def _halfway(a: Series, b: Series) -> Line:
    return _map(lambda p, q: (p + q) / 2, a, b)


def donchian(high: Series, low: Series, period: float) -> Columns:
    top, bottom = _highest(high, period), _lowest(low, period)
    return _together(top, _halfway(top, bottom), bottom)


def midprice(high: Series, low: Series, period: float) -> Columns:
    return [_halfway(_highest(high, period), _lowest(low, period))]


def midpoint(x: Series, period: float) -> Columns:
    return midprice(x, x, period)


def accbands(high: Series, low: Series, close: Series, period: float) -> Columns:
    def four_widths(hi: Fraction, lo: Fraction) -> Fraction:
        return 4 * (hi - lo) / (hi + lo) if hi + lo else Fraction(0)

    upper = _map(lambda hi, lo: hi * (1 + four_widths(hi, lo)), high, low)
    lower = _map(lambda hi, lo: lo * (1 - four_widths(hi, lo)), high, low)
    return _together(sma(upper, period), sma(close, period), sma(lower, period))


def ichimoku(high: Series, low: Series, *periods: float) -> Columns:
    tenkan, kijun, senkou = (midprice(high, low, n)[0] for n in periods[:3])
    return [tenkan, kijun, *(lag(s, periods[3])[0] for s in (_halfway(tenkan, kijun), senkou))]


NAIVE: dict[str, Callable[..., Columns]] = {
    "RMA": rma,
    "WMA": lambda x, period: [wma(x, period)],
    "DEMA": _dema(_ema),
    "DEMA as TA-Lib": _dema(_ema_as_talib),
    "TEMA": _tema(_ema),
    "TEMA as TA-Lib": _tema(_ema_as_talib),
    "T3": _t3(_ema),
    "T3 as TA-Lib": _t3(_ema_as_talib),
    "ZLEMA": _zlema(_ema),
    "ZLEMA as TA-Lib": _zlema(_ema_as_talib),
    "TRIMA": trima,
    "KAMA": kama,
    "HMA": hma,
    "VWMA": vwma,
    "VWAP": vwap,
    "RVWAP": rvwap,
    "MA": _ma(_ema),
    "MA as TA-Lib": _ma(_ema_as_talib),
    "MAVP": _mavp(_ema, together=False),
    "MAVP as TA-Lib": _mavp(_ema_as_talib, together=True),
    "MAMA": mama,
    "HT_TRENDLINE": trendline,
    "BBANDS": _bbands(_ema),
    "BBANDS as TA-Lib": _bbands(_ema_as_talib),
    "BBP": bbp,
    "BBW": bbw,
    "KELTNER": keltner,
    "KELTNER as TA-Lib": keltner_as_talib,
    "DONCHIAN": donchian,
    "MIDPOINT": midpoint,
    "MIDPRICE": midprice,
    "ACCBANDS": accbands,
    "ICHIMOKU": ichimoku,
}
