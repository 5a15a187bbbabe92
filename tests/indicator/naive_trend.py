"""SAR, SAREXT and SUPERTREND once more, naively, side by side for long and short.

In doubles: which side is held hangs on comparisons with levels as they are rounded.
"""

from __future__ import annotations

from collections.abc import Callable

from mpmath import mpf
from naive_indicators import Number, Series
from naive_vol import Columns, _averages, _ranges

Bar = tuple[float, float]


def _known(*series: Series) -> list[tuple[int, ...]]:
    bars = enumerate(zip(*series, strict=True))
    return [(t, *map(float, bar)) for t, bar in bars if None not in bar]


def sarext(
    high: Series, low: Series, start: float, offset: float,
    first_long: float, step_long: float, most_long: float,
    first_short: float, step_short: float, most_short: float,
) -> Columns:  # fmt: skip
    """Wilder's rules over the known bars; the level is negative while short, as TA-Lib shows it."""
    out: list[Number] = [None] * len(high)
    bars = _known(high, low)
    if len(bars) < 2:
        return [out]
    long = (min(first_long, most_long), min(step_long, most_long), most_long)
    short = (min(first_short, most_short), min(step_short, most_short), most_short)
    (_, h0, l0), (_, h1, l1) = bars[:2]
    falls = l0 - l1 > 0 and h1 - h0 < l0 - l1
    is_long = start > 0 or (start == 0 and not falls)
    level = abs(start) if start else l0 if is_long else h0
    extreme = h1 if is_long else l1
    factor = (long if is_long else short)[0]
    last_high, last_low = h1, l1
    for t, hi, lo in bars[1:]:
        if is_long and lo <= level:
            is_long, factor = False, short[0]
            level = max(extreme, last_high, hi)
            level += level * offset
            out[t], extreme = -level, lo
            level = max(level + factor * (extreme - level), last_high, hi)
        elif not is_long and hi >= level:
            is_long, factor = True, long[0]
            level = min(extreme, last_low, lo)
            level -= level * offset
            out[t], extreme = level, hi
            level = min(level + factor * (extreme - level), last_low, lo)
        elif is_long:
            out[t] = level
            if hi > extreme:
                extreme, factor = hi, min(factor + long[1], long[2])
            level = min(level + factor * (extreme - level), last_low, lo)
        else:
            out[t] = -level
            if lo < extreme:
                extreme, factor = lo, min(factor + short[1], short[2])
            level = max(level + factor * (extreme - level), last_high, hi)
        last_high, last_low = hi, lo
    return [out]


def sar(high: Series, low: Series, acceleration: float, maximum: float) -> Columns:
    both = (acceleration, acceleration, maximum) * 2
    return [[None if v is None else abs(v) for v in sarext(high, low, 0, 0, *both)[0]]]


def _supertrend(begins: int, needs_close: bool) -> Callable[..., Columns]:
    """The direction it begins with is that of the first bar that has bands."""

    def rule(high: Series, low: Series, close: Series, period: float, width: float) -> Columns:
        ranges = _averages(_ranges(high, low, close, needs_close), period)
        upper = lower = None
        direction = begins
        out: Columns = [[None] * len(close), [None] * len(close)]
        for t, (hi, lo, c, r) in enumerate(zip(high, low, close, ranges, strict=True)):
            if None in (hi, lo, c, r):
                continue
            middle, before = mpf(float(hi + lo)) / 2, close[t - 1] if t else None
            top, bottom = middle + width * r, middle - width * r
            has_begun = upper is not None
            passed_up = before is not None and upper is not None and float(before) > upper
            passed_down = before is not None and lower is not None and float(before) < lower
            upper = top if upper is None or passed_up else min(top, upper)
            lower = bottom if lower is None or passed_down else max(bottom, lower)
            if has_begun and direction < 0 and float(c) > upper:
                direction = 1
            elif has_begun and direction > 0 and float(c) < lower:
                direction = -1
            out[0][t], out[1][t] = (lower if direction > 0 else upper), direction
        return out

    return rule


NAIVE: dict[str, Callable[..., Columns]] = {
    "SAR": sar,
    "SAREXT": sarext,
    "SUPERTREND": _supertrend(-1, needs_close=False),
    "SUPERTREND as TA-Lib": _supertrend(1, needs_close=True),
}
