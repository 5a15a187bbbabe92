"""The cycle rows once more, from Ehlers' description, with whole lists instead of carried state.

200-bit numbers throughout; what is not there yet counts as 0, as in TA-Lib. An unknown is None: the
discriminator goes on with the next four known values in a row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from mpmath import atan, cos, floor, mpf, pi, sin
from naive_indicators import Number, Series, _mpf

Columns = list[list[Number]]
SHORT, LONG = (12, 32), (37, 63)  # the bar at which TA-Lib begins, and that of its first value

# The constants are doubles in the C as well: their decimal texts are not what is computed with.
A, B, FIFTH, REST = mpf(0.0962), mpf(0.5769), mpf(0.2), mpf(0.8)


def _at(values: list[mpf], back: int) -> mpf:
    return values[-1 - back] if back < len(values) else mpf(0)


@dataclass
class Cycle:
    """The homodyne discriminator, a list for everything that it has ever computed."""

    smooth: list[mpf] = field(default_factory=list)
    detrended: list[mpf] = field(default_factory=list)
    quadrature: list[mpf] = field(default_factory=list)
    inphase: list[mpf] = field(default_factory=list)
    i2: list[mpf] = field(default_factory=list)
    q2: list[mpf] = field(default_factory=list)
    re: list[mpf] = field(default_factory=list)
    im: list[mpf] = field(default_factory=list)
    period: list[mpf] = field(default_factory=list)
    smooth_period: list[mpf] = field(default_factory=list)

    def add(self, smooth: mpf) -> None:
        last = _at(self.period, 0)
        gain = mpf(0.075) * last + mpf(0.54)

        def transform(values: list[mpf]) -> mpf:
            outer, inner = _at(values, 0) - _at(values, 6), _at(values, 2) - _at(values, 4)
            return (A * outer + B * inner) * gain

        def follow(values: list[mpf], value: mpf) -> None:
            values.append(FIFTH * value + REST * _at(values, 0))

        self.smooth.append(smooth)
        self.inphase.append(_at(self.detrended, 2))
        self.detrended.append(transform(self.smooth))
        self.quadrature.append(transform(self.detrended))
        follow(self.i2, self.inphase[-1] - transform(self.quadrature))
        follow(self.q2, self.quadrature[-1] + transform(self.inphase))
        i2, q2, i2_before, q2_before = self.i2[-1], self.q2[-1], _at(self.i2, 1), _at(self.q2, 1)
        follow(self.re, i2 * i2_before + q2 * q2_before)
        follow(self.im, i2 * q2_before - q2 * i2_before)
        turns = self.re[-1] != 0 and self.im[-1] != 0
        period = 2 * pi / atan(self.im[-1] / self.re[-1]) if turns else last
        period = max(min(period, mpf(1.5) * last), mpf(0.67) * last)
        period = FIFTH * min(max(period, mpf(6)), mpf(50)) + REST * last
        self.period.append(period)
        self.smooth_period.append(mpf(0.33) * period + mpf(0.67) * _at(self.smooth_period, 0))

    def phase(self, last: mpf) -> mpf:
        """The angle in degrees at which one cycle of smoothed prices lies."""
        length = int(floor(self.smooth_period[-1] + mpf(0.5)))
        angles = [2 * pi * k / length for k in range(length)]
        real = sum((sin(a) * _at(self.smooth, k) for k, a in enumerate(angles)), mpf(0))
        imaginary = sum((cos(a) * _at(self.smooth, k) for k, a in enumerate(angles)), mpf(0))
        phase = last if imaginary == 0 else atan(real / imaginary) * 180 / pi
        phase += 90 + 360 / self.smooth_period[-1] + (180 if imaginary < 0 else 0)
        return phase - 360 if phase > 315 else phase


def _run(x: Series, start: int, first: int, look: Callable[[Cycle, list[mpf]], list]) -> Columns:
    """Feed the discriminator from bar `start` on; `look` shows from `first`."""
    cycle, seen = Cycle(), []
    rows: list[list[Number] | None] = []
    windows = 0  # of four known values
    for t, value in enumerate(x):
        rows.append(None)
        if value is not None:
            seen.append(_mpf(value))
        if None in x[max(t - 3, 0) : t + 1] or t < 3:
            continue
        windows += 1
        if windows <= start - 3:
            continue
        weighted = zip((1, 2, 3, 4), seen[-4:], strict=True)
        cycle.add(sum((w * v for w, v in weighted), mpf(0)) / 10)
        shown = look(cycle, seen)
        rows[-1] = shown if windows > first - 3 else None
    width = max(len(row) for row in rows if row is not None)
    return [[None if row is None else row[k] for row in rows] for k in range(width)]


def dcperiod(x: Series) -> Columns:
    return _run(x, *SHORT, lambda cycle, _: [cycle.smooth_period[-1]])


def phasor(x: Series) -> Columns:
    return _run(x, *SHORT, lambda cycle, _: [cycle.inphase[-1], cycle.quadrature[-1]])


def _phases(shown: Callable[[Cycle, list[mpf], list[mpf]], list]) -> Callable[[Series], Columns]:
    def run(x: Series) -> Columns:
        phases = [mpf(0)]

        def look(cycle: Cycle, seen: list[mpf]) -> list:
            phases.append(cycle.phase(phases[-1]))
            return shown(cycle, seen, phases)

        return _run(x, *LONG, look)

    return run


def _sines(phase: mpf) -> list[mpf]:
    return [sin(phase * pi / 180), sin((phase + 45) * pi / 180)]


def trendmode(x: Series) -> Columns:
    sides, means, days = [mpf(0)], [], [0]

    def look(cycle: Cycle, seen: list[mpf], phases: list[mpf]) -> list:
        period = cycle.smooth_period[-1]
        length = int(floor(period + mpf(0.5)))
        means.append(sum((_at(seen, k) for k in range(length)), mpf(0)) / max(length, 1))
        weights = (4, 3, 2, 1)
        trendline = sum((w * _at(means, k) for k, w in enumerate(weights)), mpf(0)) / 10
        sine, lead = _sines(phases[-1])
        sides.append(sine - lead)
        now, before = sides[-1], sides[-2]
        crossed = (now > 0 and before <= 0) or (now < 0 and before >= 0)
        days.append(1 if crossed else days[-1] + 1)
        turned = (phases[-1] - phases[-2]) * period / 360
        cycles = crossed or days[-1] < period / 2 or mpf(0.67) < turned < mpf(1.5)
        far = trendline != 0 and abs(cycle.smooth[-1] / trendline - 1) >= mpf(0.015)
        return [int(far or not cycles)]

    return _phases(look)(x)


NAIVE: dict[str, Callable[..., Columns]] = {
    "HT_DCPERIOD": dcperiod,
    "HT_PHASOR": phasor,
    "HT_DCPHASE": _phases(lambda cycle, seen, phases: [phases[-1]]),
    "HT_SINE": _phases(lambda cycle, seen, phases: _sines(phases[-1])),
    "HT_TRENDMODE": trendmode,
}
