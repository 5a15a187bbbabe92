"""Ehlers' dominant cycle once more, naively: the discriminator as whole columns of doubles.

Every quantity is a list over the bars that count, so that "six bars ago" is an index. Doubles, not
more: what the discriminator finds in a flat stretch is decided by signs of zeros and last places.
From J. Ehlers, Rocket Science for Traders (2001), ch. 6, 7 and 10; where TA-Lib begins.
"""

from __future__ import annotations

import math

from naive_indicators import Number, Series

Columns = list[list[Number]]


def _counted(x: Series, start: int) -> list[int]:
    """The bars at which four prices in a row are known, from the (start - 2)nd such bar on."""
    full = [t for t in range(3, len(x)) if None not in x[t - 3 : t + 1]]
    return full[start - 3 :]


def _smooth(x: Series, t: int) -> float:
    return float((4 * x[t] + 3 * x[t - 1] + 2 * x[t - 2] + x[t - 3]) / 10)


def _ago(column: list[float], bars: int) -> float:
    return column[-1 - bars] if len(column) > bars else 0.0


def _ahead(column: list[float], gain: float) -> float:
    """A quarter of a cycle ahead of the column three bars ago."""
    outer = 0.0962 * _ago(column, 0) - 0.0962 * _ago(column, 6)
    return (outer - 0.5769 * _ago(column, 4) + 0.5769 * _ago(column, 2)) * gain


def discriminate(x: Series, start: int) -> list[tuple[int, float, float, float, float]]:
    """Bar, component in phase, quadrature, period, and smoothed period, where it runs."""
    smooth: list[float] = []
    detrended: list[float] = []
    quadratures: list[float] = []
    inphases: list[float] = []
    i2, q2, re, im = [0.0], [0.0], [0.0], [0.0]
    periods, smoothed = [0.0], [0.0]
    found = []
    for t in _counted(x, start):
        gain = 0.075 * periods[-1] + 0.54
        smooth.append(_smooth(x, t))
        detrended.append(_ahead(smooth, gain))
        quadratures.append(_ahead(detrended, gain))
        inphases.append(_ago(detrended, 3))
        i2.append(0.2 * (inphases[-1] - _ahead(quadratures, gain)) + 0.8 * i2[-1])
        q2.append(0.2 * (quadratures[-1] + _ahead(inphases, gain)) + 0.8 * q2[-1])
        re.append(0.2 * (i2[-1] * i2[-2] + q2[-1] * q2[-2]) + 0.8 * re[-1])
        im.append(0.2 * (i2[-1] * q2[-2] - q2[-1] * i2[-2]) + 0.8 * im[-1])
        last = period = periods[-1]
        if re[-1] != 0 and im[-1] != 0:
            period = 360 / math.degrees(math.atan(im[-1] / re[-1]))
        period = max(min(period, 1.5 * last), 0.67 * last)
        periods.append(0.2 * max(6.0, min(50.0, period)) + 0.8 * last)
        smoothed.append(0.33 * periods[-1] + 0.67 * smoothed[-1])
        found.append((t, inphases[-1], quadratures[-1], periods[-1], smoothed[-1]))
    return found


def mama(x: Series, fastlimit: float, slowlimit: float) -> Columns:
    """Begins with averages and phase of 0 at the 13th bar and shows the 33rd."""
    out: Columns = [[None] * len(x), [None] * len(x)]
    phase = mama_value = fama_value = 0.0
    for shown, (t, inphase, quadrature, _, _) in enumerate(discriminate(x, 12)):
        last, phase = phase, math.degrees(math.atan(quadrature / inphase)) if inphase else 0.0
        factor = fastlimit / max(1.0, last - phase)
        factor = max(factor, slowlimit) if last - phase > 1 else factor
        mama_value += factor * (float(x[t]) - mama_value)
        fama_value += factor / 2 * (mama_value - fama_value)
        if shown >= 20:
            out[0][t], out[1][t] = mama_value, fama_value
    return out


def trendline(x: Series) -> Columns:
    """Begins at the 38th bar and shows the 64th."""
    out: list[Number] = [None] * len(x)
    means: list[float] = []
    for shown, (t, *_, period) in enumerate(discriminate(x, 37)):
        cycle = math.floor(period + 0.5)
        known = [v for v in x[: t + 1] if v is not None]
        means.append(float(sum(known[-cycle:])) / cycle if cycle else 0.0)
        if shown >= 26:
            out[t] = (4 * means[-1] + 3 * means[-2] + 2 * means[-3] + means[-4]) / 10
    return [out]
