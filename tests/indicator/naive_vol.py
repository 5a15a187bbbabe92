"""Volatility, volume, price and statistic rows once more, naively.

Full windows of Fractions, square roots and arctangents by mpmath; nothing of the C is shared.
An unknown is None.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction

from mpmath import atan, mpf, pi, sqrt
from naive_indicators import Number, Series, _mean, _mpf, _smooth, _wilder, _window

Columns = list[list[Number]]


def _each(x: Series, n: int, rule: Callable[[list[Fraction]], Number]) -> Columns:
    windows = [_window(x, t, n) for t in range(len(x))]
    return [[None if w is None else rule(w) for w in windows]]


def _ratio(a: Number, b: Number, of_zero: Number = None) -> Number:
    if a is None or b is None:
        return None
    return of_zero if b == 0 else a / b


# ------------------------------------------------------------------ volatility


def _ranges(high: Series, low: Series, close: Series, needs_close: bool) -> list[Number]:
    """True ranges; where the close before is not known, none or that of the bar alone."""
    out: list[Number] = []
    for top, bottom, before in zip(high, low, [None, *close], strict=False):
        if top is None or bottom is None or (before is None and needs_close):
            out.append(None)
        elif before is None:
            out.append(top - bottom)
        else:
            out.append(max(top, before) - min(bottom, before))
    return out


def trange(high: Series, low: Series, close: Series) -> Columns:
    return [_ranges(high, low, close, needs_close=False)]


def trange_as_talib(high: Series, low: Series, close: Series) -> Columns:
    return [_ranges(high, low, close, needs_close=True)]


def _averages(ranges: list[Number], period: float) -> list[Number]:
    """Wilder's, over the known ranges; unknown ones leave it unmoved."""
    known = [t for t, r in enumerate(ranges) if r is not None]
    averages = _wilder([_mpf(ranges[t]) for t in known], int(period))
    at = dict(zip(known, averages, strict=True))
    return [at.get(t) for t in range(len(ranges))]


def atr_as_talib(high: Series, low: Series, close: Series, period: float) -> Columns:
    """The first bar's range, which has no close before it, is left out."""
    return [_averages(_ranges(high, low, close, needs_close=True), period)]


def _normalised(
    needs_close: bool, of_zero: Number
) -> Callable[[Series, Series, Series, float], Columns]:
    def rule(high: Series, low: Series, close: Series, period: float) -> Columns:
        average = _averages(_ranges(high, low, close, needs_close), period)
        percent = [None if a is None else 100 * a for a in average]
        return [[_ratio(a, c, of_zero) for a, c in zip(percent, close, strict=True)]]

    return rule


# ------------------------------------------------------------------- statistic


def _variance(w: list[Fraction]) -> Fraction:
    mean = _mean(w)
    return sum(((v - mean) ** 2 for v in w), Fraction(0)) / len(w)


def var(x: Series, period: float) -> Columns:
    return _each(x, int(period), _variance)


def _score(w: list[Fraction]) -> Number:
    variance = _variance(w)
    return None if variance == 0 else _mpf(w[-1] - _mean(w)) / sqrt(_mpf(variance))


def zscore(x: Series, period: float) -> Columns:
    return _each(x, int(period), _score)


def _mean_distance(w: list[Fraction]) -> Fraction:
    mean = _mean(w)
    return sum((abs(v - mean) for v in w), Fraction(0)) / len(w)


def avgdev(x: Series, period: float) -> Columns:
    return _each(x, int(period), _mean_distance)


def _line(w: list[Fraction]) -> tuple[Fraction, Fraction]:
    """Value at the oldest bar and slope, by the normal equations."""
    n, index = len(w), range(len(w))
    first, second = sum(index), sum(i * i for i in index)
    total, product = sum(w, Fraction(0)), sum((i * v for i, v in zip(index, w, strict=True)), 0)
    slope = Fraction(n * product - first * total) / (n * second - first * first)
    return (total - slope * first) / n, slope


def _on_line(ahead: int) -> Callable[[Series, float], Columns]:
    def rule(w: list[Fraction]) -> Number:
        start, slope = _line(w)
        return start + slope * (len(w) - 1 + ahead)

    return lambda x, period: _each(x, int(period), rule)


def slope(x: Series, period: float) -> Columns:
    return _each(x, int(period), lambda w: _line(w)[1])


def angle(x: Series, period: float) -> Columns:
    return _each(x, int(period), lambda w: atan(_mpf(_line(w)[1])) * 180 / pi)


def intercept(x: Series, period: float) -> Columns:
    return _each(x, int(period), lambda w: _line(w)[0])


def _both(
    x: Series, y: Series, n: int, rule: Callable[[list[Fraction], list[Fraction]], Number]
) -> Columns:
    out: list[Number] = []
    for t in range(len(x)):
        a, b = _window(x, t, n), _window(y, t, n)
        out.append(None if a is None or b is None else rule(a, b))
    return [out]


def _covariance(a: list[Fraction], b: list[Fraction]) -> Fraction:
    mean_a, mean_b = _mean(a), _mean(b)
    products = ((p - mean_a) * (q - mean_b) for p, q in zip(a, b, strict=True))
    return sum(products, Fraction(0)) / len(a)


def _correlation(of_flat: Number) -> Callable[[Series, Series, float], Columns]:
    def rule(a: list[Fraction], b: list[Fraction]) -> Number:
        variances = _variance(a) * _variance(b)
        return of_flat if variances == 0 else _mpf(_covariance(a, b)) / sqrt(_mpf(variances))

    return lambda x, y, period: _both(x, y, int(period), rule)


def _changes(x: Series, of_zero: Number) -> list[Number]:
    """Relative changes as doubles: a window of two of them magnifies what rounding did to them."""
    out: list[Number] = [None]
    for before, now in itertools.pairwise(x):
        known = before is not None and now is not None
        change = _ratio(now - before, before, of_zero) if known else None
        out.append(None if change is None else Fraction(float(change)))
    return out


def _beta(of_zero: Number) -> Callable[[Series, Series, float], Columns]:
    def rule(a: list[Fraction], b: list[Fraction]) -> Number:
        return _ratio(_covariance(a, b), _variance(a), of_zero)

    return lambda x, y, n: _both(_changes(x, of_zero), _changes(y, of_zero), int(n), rule)


def median(x: Series, period: float) -> Columns:
    n = int(period)
    return _each(x, n, lambda w: sum(sorted(w)[(n - 1) // 2 : n // 2 + 1]) / (2 - n % 2))


def percentile(x: Series, period: float, percent: float) -> Columns:
    """The smallest value that at least so many per cent of the window do not exceed."""

    def rule(w: list[Fraction]) -> Number:
        enough = [v for v in w if Fraction(percent) * len(w) <= 100 * sum(u <= v for u in w)]
        return min(enough)

    return _each(x, int(period), rule)


def percentrank(x: Series, period: float) -> Columns:
    n = int(period)
    return _each(x, n + 1, lambda w: Fraction(100 * sum(v <= w[-1] for v in w[:-1]), n))


def percentrank_as_talib(x: Series, period: float) -> Columns:
    n = int(period)
    return _each(x, n + 1, lambda w: Fraction(100 * sum(v < w[-1] for v in w[:-1]), n))


# ---------------------------------------------------------------------- volume


def _running(terms: list[Number]) -> list[Number]:
    total = Fraction(0)
    out: list[Number] = []
    for term in terms:
        total += 0 if term is None else term
        out.append(None if term is None else total)
    return out


def _against_the_last(
    x: Series, volume: Series, first: Callable[[Number], Number], rule: Callable[..., Number]
) -> Columns:
    """Terms of price, the last price that was counted, and volume; unknown bars are not counted."""
    last: Number = None
    terms: list[Number] = []
    for price, traded in zip(x, volume, strict=True):
        if price is None or traded is None:
            terms.append(None)
            continue
        terms.append(first(traded) if last is None else rule(price, last, traded))
        last = price
    return [_running(terms)]


def obv(x: Series, volume: Series) -> Columns:
    return _against_the_last(x, volume, lambda v: v, lambda a, b, v: v * ((a > b) - (a < b)))


def pvt(x: Series, volume: Series) -> Columns:
    return _against_the_last(
        x, volume, lambda _: Fraction(0), lambda a, b, v: v * (a - b) / b if b else Fraction(0)
    )


def _flow(high: Series, low: Series, close: Series, volume: Series) -> list[Number]:
    out: list[Number] = []
    for top, bottom, last, traded in zip(high, low, close, volume, strict=True):
        if None in (top, bottom, last, traded):
            out.append(None)
        elif top > bottom:
            out.append(traded * ((last - bottom) - (top - last)) / (top - bottom))
        else:
            out.append(Fraction(0))
    return out


def ad(high: Series, low: Series, close: Series, volume: Series) -> Columns:
    return [_running(_flow(high, low, close, volume))]


def adosc(
    high: Series, low: Series, close: Series, volume: Series, fast: float, slow: float
) -> Columns:
    line = ad(high, low, close, volume)[0]
    first, second = (_smooth(line, mpf(2) / (mpf(p) + 1)) for p in (fast, slow))
    return [[None if a is None else a - b for a, b in zip(first, second, strict=True)]]


def adosc_as_talib(
    high: Series, low: Series, close: Series, volume: Series, fast: float, slow: float
) -> Columns:
    """Seeded with the first value; begins where the slower average would from a mean."""
    values = adosc(high, low, close, volume, fast, slow)[0]
    known = [t for t, v in enumerate(values) if v is not None]
    for t in known[: int(max(fast, slow)) - 1]:
        values[t] = None
    return [values]


def _money_flow(of_none: Number) -> Callable[..., Columns]:
    def rule(high: Series, low: Series, close: Series, volume: Series, n: float) -> Columns:
        flow = _each(_flow(high, low, close, volume), int(n), sum)[0]
        traded = _each(volume, int(n), sum)[0]
        return [[_ratio(a, b, of_none) for a, b in zip(flow, traded, strict=True)]]

    return rule


# ----------------------------------------------------------------------- price


def _weighted_mean(weights: tuple[int, ...], values: tuple[Fraction, ...]) -> Fraction:
    products = (w * v for w, v in zip(weights, values, strict=True))
    return sum(products, Fraction(0)) / sum(weights)


def _price(*weights: int) -> Callable[..., Columns]:
    def rule(*fields: Series) -> Columns:
        bars = zip(*fields, strict=True)
        return [[None if None in bar else _weighted_mean(weights, bar) for bar in bars]]

    return rule


NAIVE: dict[str, Callable[..., Columns]] = {
    "TR as TA-Lib": trange_as_talib,
    "TRANGE": trange,
    "TRANGE as TA-Lib": trange_as_talib,
    "ATR as TA-Lib": atr_as_talib,
    "NATR": _normalised(False, None),
    "NATR as TA-Lib": _normalised(True, mpf(0)),
    "VAR": var,
    "ZSCORE": zscore,
    "AVGDEV": avgdev,
    "LINREG": _on_line(0),
    "LINREG_SLOPE": slope,
    "LINREG_ANGLE": angle,
    "LINREG_INTERCEPT": intercept,
    "LINEARREG": _on_line(0),
    "LINEARREG_SLOPE": slope,
    "LINEARREG_ANGLE": angle,
    "LINEARREG_INTERCEPT": intercept,
    "TSF": _on_line(1),
    "CORREL": _correlation(None),
    "CORREL as TA-Lib": _correlation(mpf(0)),
    "BETA": _beta(None),
    "BETA as TA-Lib": _beta(Fraction(0)),
    "MEDIAN": median,
    "PERCENTILE": percentile,
    "PERCENTRANK": percentrank,
    "PERCENTRANK as TA-Lib": percentrank_as_talib,
    "OBV": obv,
    "PVT": pvt,
    "AD": ad,
    "ADOSC": adosc,
    "ADOSC as TA-Lib": adosc_as_talib,
    "CMF": _money_flow(None),
    "CMF as TA-Lib": _money_flow(Fraction(0)),
    "AVGPRICE": _price(1, 1, 1, 1),
    "MEDPRICE": _price(1, 1),
    "TYPPRICE": _price(1, 1, 1),
    "WCLPRICE": _price(1, 1, 2),
}
