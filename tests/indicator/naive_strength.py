"""The rest of TA-Lib's momentum, and its volume and range rows that are made of averages, naively.

Written from the rules, not from the C, with the pieces of naive_mom. An unknown is None.
"""

from __future__ import annotations

from collections.abc import Callable

from mpmath import mpf, sqrt
from naive_indicators import Number, Series
from naive_mom import (
    Column,
    Columns,
    _at_rest,
    _average,
    _each,
    _ema,
    _lag,
    _minus,
    _parts,
    _rate,
    _ratio,
    _rolling,
    _seeded,
    _sma,
    _together,
    _true_range,
    _twin,
    _wma,
    ppo,
)


def _sum(x: Series, n: int) -> Column:
    return _rolling(x, n, lambda w: sum(w, mpf(0)))


def _absolute(x: Series) -> Column:
    return _each(abs, x)


def _change(x: Series, n: int = 1) -> Column:
    return _minus(x, _lag(x, n))


# ------------------------------------------------------------------ momentum


def ao(high: Series, low: Series, fast: int, slow: int, talib: bool) -> Columns:
    middle = _each(lambda h, b: (h + b) / 2, high, low)
    return [_minus(_sma(middle, fast), _sma(middle, slow))]


def ac(high: Series, low: Series, fast: int, slow: int, signal: int, talib: bool) -> Columns:
    line = ao(high, low, fast, slow, talib)[0]
    return [_minus(line, _sma(line, signal))]


def coppock(x: Series, wma: int, roc1: int, roc2: int, talib: bool) -> Columns:
    rates = [_rate(100, True)(x, n, talib)[0] for n in (roc1, roc2)]
    return [_wma(_each(lambda a, b: a + b, *rates), wma)]


def dpo(x: Series, period: int, talib: bool) -> Columns:
    return [_minus(_lag(x, period // 2 + 1), _sma(x, period))]


def er(x: Series, period: int, talib: bool) -> Columns:
    path = _sum(_absolute(_change(x)), period)
    return [_ratio(_absolute(_change(x, period)), path, 1, mpf(1) if talib else None)]


def vhf(x: Series, period: int, talib: bool) -> Columns:
    extent = _rolling(x, period, lambda w: max(w) - min(w))
    return [_ratio(extent, _sum(_absolute(_change(x)), period), 1, _at_rest(talib))]


def eri(high: Series, low: Series, close: Series, period: int, talib: bool) -> Columns:
    average = _ema(close, period, talib)
    return _together([_minus(high, average), _minus(low, average)])


def _forecast(window: list[mpf]) -> mpf:
    """The least-squares line through the window, a bar after its end."""
    n = len(window)
    middle, mean = mpf(n - 1) / 2, sum(window, mpf(0)) / n
    slope = sum(((i - middle) * v for i, v in enumerate(window)), mpf(0))
    return mean + (n - middle) * slope / sum((i - middle) ** 2 for i in range(n))


def fosc(x: Series, period: int, talib: bool) -> Columns:
    forecast = _lag(_rolling(x, period, _forecast), 1)
    return [_ratio(_minus(x, forecast), x, 100, _at_rest(talib))]


def qstick(open_: Series, close: Series, period: int, talib: bool) -> Columns:
    return [_sma(_minus(close, open_), period)]


def _twice(x: Series, first: int, second: int, talib: bool) -> Column:
    return _ema(_ema(x, first, talib), second, talib)


def tsi(x: Series, first: int, second: int, talib: bool) -> Columns:
    change = _change(x)
    up, all_ = (_twice(y, first, second, talib) for y in (change, _absolute(change)))
    return [_ratio(up, all_, 100, _at_rest(talib))]


def smi(
    high: Series, low: Series, close: Series, period: int, fast: int, slow: int, signal: int,
    talib: bool,
) -> Columns:  # fmt: skip
    top, bottom = _rolling(high, period, max), _rolling(low, period, min)
    distance = _each(lambda c, h, b: c - (h + b) / 2, close, top, bottom)
    above, range_ = (_twice(y, slow, fast, talib) for y in (distance, _minus(top, bottom)))
    line = _ratio(above, range_, 200, _at_rest(talib))
    return _together([line, _ema(line, signal, talib)])


def cmou(x: Series, period: int, talib: bool) -> Columns:
    up, down = (_sum(side, period) for side in _parts(_change(x)))
    return [_ratio(_minus(up, down), _each(lambda a, b: a + b, up, down), 100, _at_rest(talib))]


def rvi(x: Series, period: int, stddev: int, talib: bool) -> Columns:
    def deviation(window: list[mpf]) -> mpf:
        mean = sum(window, mpf(0)) / stddev
        return sqrt(sum(((v - mean) ** 2 for v in window), mpf(0)) / stddev)

    width, change = _rolling(x, stddev, deviation), _change(x)
    up, down = (
        _seeded(
            _each(lambda w, c, s=side: w if s * c > 0 else mpf(0), width, change),
            period,
            mpf(1) / period,
        )
        for side in (1, -1)
    )
    rest = mpf(50) if talib else None
    return [_ratio(up, _each(lambda a, b: a + b, up, down), 100, rest)]


def vortex(high: Series, low: Series, close: Series, period: int, talib: bool) -> Columns:
    range_ = _sum(_true_range(high, low, close), period)
    sides = []
    for now, last in ((high, low), (low, high)):
        moved = _sum(_absolute(_minus(now, _lag(last, 1))), period)
        sides.append(_ratio(moved, range_, 1, _at_rest(talib)))
    return _together(sides)


def kdj(
    high: Series, low: Series, close: Series, fastk: int, slowk: int, slowk_kind: int, slowd: int,
    slowd_kind: int, talib: bool,
) -> Columns:  # fmt: skip
    top, bottom = _rolling(high, fastk, max), _rolling(low, fastk, min)
    raw = _ratio(_minus(close, bottom), _minus(top, bottom), 100, _at_rest(talib))
    k = _average(raw, slowk, slowk_kind, talib)
    d = _average(k, slowd, slowd_kind, talib)
    return _together([k, d, _each(lambda a, b: 3 * a - 2 * b, k, d)])


def wad(high: Series, low: Series, close: Series, talib: bool) -> Columns:
    total = mpf(0)
    out: Column = []
    for top, bottom, now, last in zip(high, low, close, _lag(close, 1), strict=True):
        if None in (top, bottom, now):
            out.append(None)
            continue
        if last is not None and now > last:
            total += now - min(bottom, last)
        elif last is not None and now < last:
            total += now - max(top, last)
        out.append(total)
    return [out]


# ------------------------------------------------------------------ bars


def ha(open_: Series, high: Series, low: Series, close: Series, talib: bool) -> Columns:
    rows: list[list[Number]] = []
    body: Number = None
    for bar in zip(open_, high, low, close, strict=True):
        if None in bar:
            rows.append([None] * 4)
            continue
        mean = sum(bar) / 4
        start = (bar[0] + bar[3]) / 2 if body is None else body
        rows.append([start, max(bar[1], start, mean), min(bar[2], start, mean), mean])
        body = (start + mean) / 2
    return [list(column) for column in zip(*rows, strict=True)]


def fractal(high: Series, low: Series, left: int, right: int, talib: bool) -> Columns:
    def swings(x: Series, sign: int) -> Column:
        def rule(window: list[mpf]) -> mpf:
            pivot, *others = window[left], *window[:left], *window[left + 1 :]
            return mpf(100) if all(sign * (pivot - v) > 0 for v in others) else mpf(0)

        return _rolling(x, left + right + 1, rule)

    return _together([swings(high, 1), swings(low, -1)])


# ------------------------------------------------------------------ volume and ranges


def efi(close: Series, volume: Series, period: int, talib: bool) -> Columns:
    return [_ema(_each(lambda a, b: a * b, _change(close), volume), period, talib)]


def marketfi(high: Series, low: Series, volume: Series, talib: bool) -> Columns:
    return [_ratio(_minus(high, low), volume, 1, mpf(0))]


def _volume_index(side: int) -> Callable[..., Columns]:
    def rule(close: Series, volume: Series, talib: bool) -> Columns:
        index = mpf(1000)
        out: Column = []
        for t, (price, size) in enumerate(zip(close, volume, strict=True)):
            before = (close[t - 1], volume[t - 1]) if t else (None, None)
            if None not in (price, size, *before) and side * (size - before[1]) > 0 and before[0]:
                index *= price / before[0]
            out.append(None if price is None or size is None else index)
        return [out]

    return rule


def rvol(volume: Series, period: int, talib: bool) -> Columns:
    return [_ratio(volume, _lag(_sma(volume, period), 1), 1, None)]


def adr(high: Series, low: Series, period: int, talib: bool) -> Columns:
    return [_sma(_minus(high, low), period)]


def cvi(high: Series, low: Series, period: int, roc: int, talib: bool) -> Columns:
    return _rate(100, True)(_ema(_minus(high, low), period, talib), roc, talib)


def massi(high: Series, low: Series, fast: int, slow: int, talib: bool) -> Columns:
    once = _ema(_minus(high, low), fast, talib)
    ratio = _ratio(once, _ema(once, fast, talib), 1, mpf(1) if talib else None)
    return [_sum(ratio, slow)]


# ------------------------------------------------------------------ the list

_BOTH: dict[str, Callable[..., Columns]] = {
    "COPPOCK": coppock,
    "ER": er,
    "VHF": vhf,
    "ERI": eri,
    "FOSC": fosc,
    "TSI": tsi,
    "SMI": smi,
    "CMOU": cmou,
    "RVI": rvi,
    "VORTEX": vortex,
    "KDJ": kdj,
    "EFI": efi,
    "PVO": ppo,
    "CVI": cvi,
    "MASSI": massi,
}
_ONE: dict[str, Callable[..., Columns]] = {
    "AO": ao,
    "AC": ac,
    "DPO": dpo,
    "QSTICK": qstick,
    "WAD": wad,
    "HA": ha,
    "FRACTAL": fractal,
    "MARKETFI": marketfi,
    "NVI": _volume_index(-1),
    "PVI": _volume_index(1),
    "RVOL": rvol,
    "ADR": adr,
}

NAIVE: dict[str, Callable[..., Columns]] = {
    **{name: _twin(rule, False) for name, rule in (_BOTH | _ONE).items()},
    **{f"{name} as TA-Lib": _twin(rule, True) for name, rule in _BOTH.items()},
}
