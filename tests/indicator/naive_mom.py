"""Momentum rows once more, naively: full windows and plain recurrences in 200-bit arithmetic.

Written from the rules, not from the C. Every rule takes ``talib``: TA-Lib's way to begin. An
unknown is None: it makes unknown what reads it and leaves recurrences where they were.
"""

from __future__ import annotations

from collections.abc import Callable

from mpmath import mpf
from naive_indicators import Number, Series, _mpf, _smooth, ema_as_talib

Column = list[Number]
Columns = list[Column]

# Typical prices this close to each other may come of equal sums of ticks.
PRICE_NOISE = mpf(2) ** -50
RSI_NOISE = mpf("1e-12")


# ------------------------------------------------------------------ small pieces


def _each(rule: Callable[..., Number], *columns: Series) -> Column:
    rows = zip(*columns, strict=True)
    return [None if None in row else rule(*row) for row in rows]


def _rolling(x: Series, n: int, rule: Callable[[list[mpf]], Number]) -> Column:
    out: Column = []
    for t in range(len(x)):
        window = list(x[max(0, t - n + 1) : t + 1])
        out.append(None if len(window) < n or None in window else rule(window))
    return out


def _lag(x: Series, n: int) -> Column:
    return [x[t - n] if t >= n else None for t in range(len(x))]


def _minus(x: Series, y: Series) -> Column:
    return _each(lambda a, b: a - b, x, y)


def _ratio(x: Series, y: Series, scale: int, at_zero: Number) -> Column:
    return _each(lambda a, b: at_zero if b == 0 else scale * a / b, x, y)


def _at_rest(talib: bool) -> Number:
    return mpf(0) if talib else None


def _skip(x: Series, n: int) -> Column:
    """Without the first n known values."""
    known = [t for t, v in enumerate(x) if v is not None]
    return [None if t in known[:n] else v for t, v in enumerate(x)]


def _together(columns: Columns) -> Columns:
    rows = [row if None not in row else [None] * len(row) for row in zip(*columns, strict=True)]
    return [list(column) for column in zip(*rows, strict=True)]


def _seeded(x: Series, n: int, factor: mpf) -> Column:
    """Mean of the first n known values, then e += factor * (x - e)."""
    known = [t for t, v in enumerate(x) if v is not None]
    out: Column = [None] * len(x)
    average = None
    for i, t in enumerate(known):
        if i == n - 1:
            average = sum((x[k] for k in known[:n]), mpf(0)) / n
        elif i >= n:
            average += factor * (x[t] - average)
        out[t] = average
    return out


def _ema(x: Series, period: int, talib: bool) -> Column:
    return ema_as_talib(x, period)[0] if talib else _smooth(x, mpf(2) / (period + 1))


def _sma(x: Series, n: int) -> Column:
    return _rolling(x, n, lambda w: sum(w, mpf(0)) / n)


def _wma(x: Series, n: int) -> Column:
    total = n * (n + 1) // 2
    return _rolling(x, n, lambda w: sum((i * v for i, v in enumerate(w, 1)), mpf(0)) / total)


def _kama(x: Series, period: int) -> Column:
    """Begins at the value before its first efficiency; c is between those of EMA(30) and EMA(2)."""
    past = _lag(x, 1)
    moved = _each(lambda a, b: abs(a - b), x, _lag(x, period))
    steps = _rolling(_each(lambda a, b: abs(a - b), x, past), period, lambda w: sum(w, mpf(0)))
    out: Column = []
    average = None
    for value, last, share in zip(x, past, _ratio(moved, steps, 1, mpf(1)), strict=True):
        if value is None or share is None:
            out.append(None)
            continue
        speed = min(share, 1) * (mpf(2) / 3 - mpf(2) / 31) + mpf(2) / 31
        average = last if average is None else average
        average += speed**2 * (value - average)
        out.append(average)
    return out


def _average(x: Series, period: int, kind: int, talib: bool) -> Column:
    """The moving averages 0 SMA, 1 EMA, 2 WMA, 3 DEMA, 4 TEMA, 5 TRIMA, 6 KAMA, 13 RMA."""
    if period == 1:
        return list(x)
    chain = [x]
    for _ in range(3):
        chain.append(_ema(chain[-1], period, talib))
    half = (period + 1) // 2
    return {
        0: lambda: _sma(x, period),
        1: lambda: chain[1],
        2: lambda: _wma(x, period),
        3: lambda: _each(lambda a, b: 2 * a - b, chain[1], chain[2]),
        4: lambda: _each(lambda a, b, c: 3 * a - 3 * b + c, *chain[1:]),
        5: lambda: _sma(_sma(x, half), period + 1 - half),
        6: lambda: _kama(x, period),
        13: lambda: _seeded(x, period, mpf(1) / period),
    }[kind]()


# ------------------------------------------------------------------ change


def mom(x: Series, period: int, talib: bool) -> Columns:
    return [_minus(x, _lag(x, period))]


def _rate(scale: int, of_change: bool) -> Callable[..., Columns]:
    def rule(x: Series, period: int, talib: bool) -> Columns:
        past = _lag(x, period)
        return [_ratio(_minus(x, past) if of_change else x, past, scale, _at_rest(talib))]

    return rule


def trix(x: Series, period: int, talib: bool) -> Columns:
    for _ in range(3):
        x = _ema(x, period, talib)
    past = _lag(x, 1)
    return [_ratio(_minus(x, past), past, 100, _at_rest(talib))]


# ------------------------------------------------------------------ differences of averages


def _pair(x: Series, fast: int, slow: int, kind: int, talib: bool) -> Columns:
    shorter, longer = sorted((fast, slow))
    return [_average(x, n, kind, talib) for n in (shorter, longer)]


def apo(x: Series, fast: int, slow: int, kind: int, talib: bool) -> Columns:
    return [_minus(*_pair(x, fast, slow, kind, talib))]


def ppo(x: Series, fast: int, slow: int, kind: int, talib: bool) -> Columns:
    shorter, longer = _pair(x, fast, slow, kind, talib)
    return [_ratio(_minus(shorter, longer), longer, 100, _at_rest(talib))]


def _with_signal(line: Column, period: int, kind: int, talib: bool) -> Columns:
    signal = _average(line, period, kind, talib)
    return _together([line, signal, _minus(line, signal)])


def macd_as_talib(x: Series, fast: int, slow: int, signal: int, talib: bool) -> Columns:
    """Both averages begin where the longer one can."""
    fast, slow = sorted((fast, slow))
    late = _ema(_skip(x, slow - fast), fast, True)
    return _with_signal(_minus(late, _ema(x, slow, True)), signal, 1, True)


def macdfix(x: Series, signal: int, talib: bool) -> Columns:
    if talib:
        fast, slow = _seeded(_skip(x, 14), 12, mpf(0.15)), _seeded(x, 26, mpf(0.075))
    else:
        fast, slow = _smooth(x, mpf(0.15)), _smooth(x, mpf(0.075))
    return _with_signal(_minus(fast, slow), signal, 1, talib)


def _first(column: Series) -> int:
    return next(t for t, v in enumerate(column) if v is not None)


def macdext(
    x: Series, fast: int, fast_kind: int, slow: int, slow_kind: int, signal: int, kind: int,
    talib: bool,
) -> Columns:  # fmt: skip
    pair = [(fast, fast_kind), (slow, slow_kind)]
    if talib:
        pair.sort(key=lambda each: each[0])
        ramp = [mpf(t) for t in range(1000)]
        first = [_first(_average(ramp, *each, True)) for each in pair]
        late = [_skip(x, max(first) - each) for each in first]
    else:
        late = [x, x]
    line = _minus(*[_average(y, *each, talib) for y, each in zip(late, pair, strict=True)])
    return _with_signal(line, signal, kind, talib)


# ------------------------------------------------------------------ directional movement


def _moves(high: Series, low: Series) -> Columns:
    up, down = _minus(high, _lag(high, 1)), _minus(_lag(low, 1), low)
    plus = _each(lambda u, d: u if u > d and u > 0 else mpf(0), up, down)
    return [plus, _each(lambda u, d: d if d > u and d > 0 else mpf(0), up, down)]


def _true_range(high: Series, low: Series, close: Series) -> Column:
    return _each(
        lambda top, low_, last: max(top, last) - min(low_, last), high, low, _lag(close, 1)
    )


def _wilder(x: Series, period: int, talib: bool) -> Column:
    """Wilder's average; or as TA-Lib his running sum, begun with period - 1 values."""
    if not talib:
        return _seeded(x, period, mpf(1) / period)
    out: Column = [None] * len(x)
    total, count = mpf(0), 0
    for t, value in enumerate(x):
        if value is None:
            continue
        total = total + value if count < period - 1 else total - total / period + value
        count += 1
        out[t] = total if count >= period - 1 else None
    return out


def _dm(side: int) -> Callable[..., Columns]:
    def rule(high: Series, low: Series, period: int, talib: bool) -> Columns:
        return [_wilder(_moves(high, low)[side], period, talib)]

    return rule


def _di(side: int) -> Callable[..., Columns]:
    def rule(high: Series, low: Series, close: Series, period: int, talib: bool) -> Columns:
        moved = _wilder(_moves(high, low)[side], period, talib)
        range_ = _wilder(_true_range(high, low, close), period, talib)
        share = _ratio(moved, range_, 100, mpf(0))
        return [_skip(share, 1) if talib and period > 1 else share]

    return rule


def _directions(high: Series, low: Series, close: Series, period: int, talib: bool) -> Column:
    """DX, and "none" where neither side has moved."""
    sides = [_di(side)(high, low, close, period, talib)[0] for side in (0, 1)]
    return _each(lambda p, m: 100 * abs(p - m) / (p + m) if p + m else "none", *sides)


def dx(high: Series, low: Series, close: Series, period: int, talib: bool) -> Columns:
    out: Column = []
    for value in _directions(high, low, close, period, talib):
        last = out[-1] if out and out[-1] is not None else mpf(0)
        out.append(last if value == "none" else value)
    return [out]


def adx(high: Series, low: Series, close: Series, period: int, talib: bool) -> Columns:
    out: Column = []
    total, count, average = mpf(0), 0, None
    for value in _directions(high, low, close, period, talib):
        if value is None:
            out.append(None)
            continue
        count += 1
        if count <= period:
            total += mpf(0) if value == "none" else value
            average = total / period if count == period else None
        elif value != "none":
            average += (value - average) / period
        out.append(average)
    return [out]


def adxr(high: Series, low: Series, close: Series, period: int, talib: bool) -> Columns:
    now = adx(high, low, close, period, talib)[0]
    return [_each(lambda a, b: (a + b) / 2, now, _lag(now, period - 1))]


# ------------------------------------------------------------------ places in a window


def aroon(high: Series, low: Series, period: int, talib: bool) -> Columns:
    def place(x: Series, best: Callable[[list[mpf]], mpf]) -> Column:
        """Of equal extremes the newest counts."""
        return _rolling(
            x, period + 1, lambda w: 100 * mpf(period - w[::-1].index(best(w))) / period
        )

    return [place(low, min), place(high, max)]


def aroonosc(high: Series, low: Series, period: int, talib: bool) -> Columns:
    down, up = aroon(high, low, period, talib)
    return [_minus(up, down)]


def _place(
    x: Series, high: Series, low: Series, period: int, talib: bool, noise: Number, from_top: bool
) -> Column:
    top, bottom = _rolling(high, period, max), _rolling(low, period, min)
    return _each(
        lambda v, h, b: (
            100 * (v - (h if from_top else b)) / (h - b) if h - b > noise else _at_rest(talib)
        ),
        x,
        top,
        bottom,
    )


def willr(high: Series, low: Series, close: Series, period: int, talib: bool) -> Columns:
    return [_place(close, high, low, period, talib, mpf(0), True)]


def stochf(
    high: Series, low: Series, close: Series, fastk: int, fastd: int, kind: int, talib: bool,
    noise: Number = 0,
) -> Columns:  # fmt: skip
    fast = _place(close, high, low, fastk, talib, noise, False)
    both = [fast, _average(fast, fastd, kind, talib)]
    return _together(both) if talib else both


def stoch(
    high: Series, low: Series, close: Series, fastk: int, slowk: int, slowk_kind: int, slowd: int,
    slowd_kind: int, talib: bool,
) -> Columns:  # fmt: skip
    fast = _place(close, high, low, fastk, talib, mpf(0), False)
    slow = _average(fast, slowk, slowk_kind, talib)
    both = [slow, _average(slow, slowd, slowd_kind, talib)]
    return _together(both) if talib else both


def _from_last_known(x: Series) -> Column:
    """Changes since the last known value: what RSI takes for a change after a gap."""
    out: Column = []
    last = None
    for value in x:
        out.append(None if value is None or last is None else value - last)
        last = last if value is None else value
    return out


def rsi(x: Series, period: int, talib: bool) -> Columns:
    gains, losses = (_wilder(side, period, False) for side in _parts(_from_last_known(x)))
    rest = mpf(0) if talib else mpf(50)
    return [_each(lambda up, down: 100 * up / (up + down) if up + down else rest, gains, losses)]


def stochrsi(x: Series, period: int, fastk: int, fastd: int, kind: int, talib: bool) -> Columns:
    strength = rsi(x, period, talib)[0]
    return stochf(strength, strength, strength, fastk, fastd, kind, talib, RSI_NOISE)


# ------------------------------------------------------------------ what rises in all that moves


def _share(up: Series, down: Series, period: int, at_zero: Number) -> Column:
    ups, downs = (_rolling(x, period, lambda w: sum(w, mpf(0))) for x in (up, down))
    return _each(lambda u, d: 100 * u / (u + d) if u + d else at_zero, ups, downs)


def _parts(x: Series) -> Columns:
    return [_each(lambda v: max(v, mpf(0)), x), _each(lambda v: max(-v, mpf(0)), x)]


def cmo(x: Series, period: int, talib: bool) -> Columns:
    share = (
        rsi(x, period, False)[0] if talib else _share(*_parts(_minus(x, _lag(x, 1))), period, None)
    )
    return [_each(lambda v: 2 * v - 100, share)]


def imi(open_: Series, close: Series, period: int, talib: bool) -> Columns:
    return [_share(*_parts(_minus(close, open_)), period, mpf(50) if talib else None)]


def _typical(high: Series, low: Series, close: Series) -> Column:
    return _each(lambda *three: sum(three) / 3, high, low, close)


def mfi(
    high: Series, low: Series, close: Series, volume: Series, period: int, talib: bool
) -> Columns:
    price = _typical(high, low, close)

    def flow(side: int) -> Column:
        return _each(
            lambda p, last, v: p * v if side * (p - last) > PRICE_NOISE * abs(p) else mpf(0),
            price,
            _lag(price, 1),
            volume,
        )

    return [_share(flow(1), flow(-1), period, _at_rest(talib))]


def ultosc(
    high: Series, low: Series, close: Series, a: int, b: int, c: int, talib: bool
) -> Columns:
    range_ = _true_range(high, low, close)
    bought = _each(lambda x, bottom, last: x - min(bottom, last), close, low, _lag(close, 1))
    shares = []
    for period in sorted((a, b, c)):
        up, all_ = (_rolling(x, period, lambda w: sum(w, mpf(0))) for x in (bought, range_))
        shares.append(_ratio(up, all_, 100, _at_rest(talib)))
    return [_each(lambda x, y, z: (4 * x + 2 * y + z) / 7, *shares)]


def bop(open_: Series, high: Series, low: Series, close: Series, talib: bool) -> Columns:
    return [
        _each(
            lambda o, top, bottom, c: (c - o) / (top - bottom) if top > bottom else mpf(0),
            open_,
            high,
            low,
            close,
        )
    ]


def cci(high: Series, low: Series, close: Series, period: int, talib: bool) -> Columns:
    def rule(window: list[mpf]) -> Number:
        mean = sum(window, mpf(0)) / period
        deviation = sum((abs(v - mean) for v in window), mpf(0)) / period
        if deviation <= PRICE_NOISE * abs(window[-1]):
            return _at_rest(talib)
        return (window[-1] - mean) / (mpf("0.015") * deviation)

    return [_rolling(_typical(high, low, close), period, rule)]


# ------------------------------------------------------------------ the list


def _twin(rule: Callable[..., Columns], talib: bool) -> Callable[..., Columns]:
    """Take numbers as Fractions, as all twins do, and reckon with mpmath's."""

    def twin(*args: object) -> Columns:
        given = [
            [None if v is None else _mpf(v) for v in each] if isinstance(each, list) else int(each)
            for each in args
        ]
        return rule(*given, talib)

    return twin


_BOTH: dict[str, Callable[..., Columns]] = {
    "ROC": _rate(100, True),
    "ROCP": _rate(1, True),
    "ROCR": _rate(1, False),
    "ROCR100": _rate(100, False),
    "TRIX": trix,
    "APO": apo,
    "PPO": ppo,
    "MACDFIX": macdfix,
    "MACDEXT": macdext,
    "PLUS_DM": _dm(0),
    "MINUS_DM": _dm(1),
    "PLUS_DI": _di(0),
    "MINUS_DI": _di(1),
    "DX": dx,
    "ADX": adx,
    "ADXR": adxr,
    "WILLR": willr,
    "STOCHF": stochf,
    "STOCH": stoch,
    "STOCHRSI": stochrsi,
    "CMO": cmo,
    "IMI": imi,
    "MFI": mfi,
    "ULTOSC": ultosc,
    "CCI": cci,
}
_ONE = {"MOM": mom, "AROON": aroon, "AROONOSC": aroonosc, "BOP": bop}

NAIVE: dict[str, Callable[..., Columns]] = {
    **{name: _twin(rule, False) for name, rule in (_BOTH | _ONE).items()},
    **{f"{name} as TA-Lib": _twin(rule, True) for name, rule in _BOTH.items()},
    "RSI as TA-Lib": _twin(rsi, True),
    "MACD as TA-Lib": _twin(macd_as_talib, True),
}
