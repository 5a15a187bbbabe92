"""SMA, SUM, STDDEV, VAR and BOLL against exact windows, on the inputs that break running sums.

The bounds are the rule's: SMA within 1e-12 of mean|x|, SUM of n * mean|x|, STDDEV within 1e-12 of
its true value and exactly 0 on a flat window, VAR so too, BOLL within what they imply. Windows are
recomputed in whole numbers of any size (exact_windows). The worst errors stand in the messages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import pytest
from exact_windows import boll_error, sma_error, stddev_error, sum_error, var_error, window
from indicator_table import Floats, batch, spec_of

Series = Callable[[np.random.Generator, int], Floats]

BOUND = 1e-12
PERIODS = (2, 3, 14, 20, 200, 1000, 5000)
LENGTH = 10_000_000
WIDTH = 2.5


@dataclass
class Worst:
    """Largest error of each kind, over the windows that were looked at."""

    errors: dict[str, float] = field(default_factory=dict)
    flat: int = 0

    def look(self, x: Floats, period: int, at: Iterable[int]) -> None:
        """Compare the five rows with the exact windows that end at the given bars."""
        mean = batch(spec_of("SMA", period), [x])[0]
        total = batch(spec_of("SUM", period), [x])[0]
        deviation = batch(spec_of("STDDEV", period), [x])[0]
        variance = batch(spec_of("VAR", period), [x])[0]
        bands = batch(spec_of("BOLL", period, WIDTH), [x])
        for t in at:
            exact = window(x[t - period + 1 : t + 1])
            values = [each[t] for each in (mean, total, deviation, variance, *bands)]
            assert np.isfinite(values).all(), (t, values)
            self.flat += exact.spread == 0
            self._keep("SMA", sma_error(mean[t], exact))
            self._keep("SUM", sum_error(total[t], exact))
            self._keep("STDDEV", stddev_error(deviation[t], exact))
            self._keep("VAR", var_error(variance[t], exact))
            self._keep("BOLL", boll_error([band[t] for band in bands], WIDTH, exact))

    def _keep(self, name: str, error: float) -> None:
        self.errors[name] = max(error, self.errors.get(name, 0.0))

    def check(self) -> None:
        assert len(self.errors) == 5
        assert all(error <= BOUND for error in self.errors.values()), self.errors


def positions(rng: np.random.Generator, length: int, period: int, count: int) -> list[int]:
    """Random bars, and the last hundred in steps; fewer of long windows."""
    count = max(8, count * 20 // (20 + period // 10))
    random = rng.integers(period - 1, length, count)
    return [*random.tolist(), *range(length - 1, length - 1 - count, -7)]


def walk(rng: np.random.Generator, length: int) -> Floats:
    """A price near 60000 that moves by 0, 1 or 2 ticks of 0.001, and rests now and then."""
    steps = rng.integers(-2, 3, length, dtype=np.int64)
    steps[(np.arange(length) >> 9) % 16 == 0] = 0
    return np.round(60000 + np.cumsum(steps) * 0.001, 3)


def noise(rng: np.random.Generator, length: int) -> Floats:
    """60000 +- 0.001: where a sum of squares less the square of a sum is 40 % off."""
    return np.round(60000 + rng.integers(-1, 2, length) * 0.001, 3)


@pytest.mark.parametrize("series", [walk, noise], ids=lambda f: f.__name__)
@pytest.mark.parametrize("period", PERIODS)
def test_no_drift_after_ten_million_bars(series: Series, period: int) -> None:
    rng = np.random.default_rng(period)
    x = series(rng, LENGTH)
    worst = Worst()
    worst.look(x, period, positions(rng, LENGTH, period, 150))
    worst.check()


def around(at: int, period: int) -> set[int]:
    """Bars just after `period` bars have passed since `at`, and two windows on."""
    return {at + period + i for i in (0, 1, 2, period // 2, period - 1, period, 2 * period)}


@pytest.mark.parametrize("print_", [1e17, 1e20, -1e20, 1e100])
@pytest.mark.parametrize("period", PERIODS)
def test_absurd_print_leaves_no_trace_once_it_has_left_the_window(
    period: int, print_: float
) -> None:
    """At every place that matters in a segment of period - 1 bars: its ends and its middle."""
    rng = np.random.default_rng(period)
    m = period - 1
    for offset in {0, 1, m // 2, max(m - 2, 0), m - 1} if m > 1 else {0}:
        at = 2 * m + offset
        x = walk(rng, at + 3 * period + 1)
        x[at] = print_
        worst = Worst()
        worst.look(x, period, sorted(around(at, period)))
        worst.check()


@pytest.mark.parametrize("period", [2, 3, 14, 20, 200])
def test_windows_that_hold_an_absurd_print_are_right_too(period: int) -> None:
    rng = np.random.default_rng(period)
    for at in range(2 * period, 4 * period, max(1, period // 8)):
        x = walk(rng, at + period)
        x[at] = 1e20
        worst = Worst()
        worst.look(x, period, range(at, at + period, max(1, period // 7)))
        worst.check()


@pytest.mark.parametrize("period", PERIODS)
def test_flat_windows_after_moves_are_exactly_flat(period: int) -> None:
    """Rests of exactly `period` bars and of a bar less, beginning anywhere in a segment."""
    rng = np.random.default_rng(period)
    x = walk(rng, 12 * period + 40)
    starts = [3 * period, 5 * period + 1, 7 * period + period // 2, 9 * period + period // 3]
    for i, start in enumerate(starts):
        x[start : start + period - i % 2] = 59999.999 + i
    worst = Worst()
    worst.look(x, period, [start + period - 1 for start in starts])
    assert worst.flat >= 2
    worst.check()
    deviation = batch(spec_of("STDDEV", period), [x])[0]
    assert [deviation[start + period - 1] == 0 for start in starts[::2]] == [True, True]


# ------------------------------------------------------------ series made against the method
#
# Sums are taken of x - K, K being the last bar of a segment of period - 1 bars. When K is itself
# the outlier of the window, the shift is as bad as a shift can be while K is inside the window.


def outlier_at_segment_ends(rng: np.random.Generator, m: int) -> Floats:
    """Noise of a tick near 60000, and a gap on the last bar of every second segment."""
    x = np.round(60000 + rng.standard_normal(6 * m + 1), 3)
    x[2 * m - 1] = 66000.007
    x[4 * m - 1] = 78000.011
    return x


def tiny_values_and_a_huge_one(rng: np.random.Generator, m: int) -> Floats:
    """0.1 for ever, save for 100000.3 where the shift is taken."""
    x = np.full(6 * m + 1, 0.1)
    x[2 * m - 1] = 100000.3
    return x


def alternating_scales(rng: np.random.Generator, m: int) -> Floats:
    """Every other value a million times larger."""
    x = rng.standard_normal(6 * m + 1)
    x[::2] *= 1e6
    return x


def level_shift_at_segment_ends(rng: np.random.Generator, m: int) -> Floats:
    """A new level, noise of a tick around it, from the last bar of each segment on."""
    level = 60000.0 + 1000 * ((np.arange(6 * m + 1) + 1) // m)
    return np.round(level + 0.001 * rng.integers(-1, 2, 6 * m + 1), 3)


SERIES = [
    outlier_at_segment_ends,
    tiny_values_and_a_huge_one,
    alternating_scales,
    level_shift_at_segment_ends,
]


# The last periods of plain sums, of two halves the first and last, of pairs the first, long ones.
PERIODS_MADE_AGAINST = (20, 100, 128, 129, 200, 256, 257, 500, 1000, 2000, 5000, 20000)


def look_at_all_of(series: Series, period: int) -> Worst:
    m = period - 1
    x = series(np.random.default_rng(period), m)
    worst = Worst()
    for start in (2 * m, 4 * m):
        worst.look(x, period, [start, start + 1, start + m // 4, start + m // 2, start + m - 1])
    return worst


@pytest.mark.parametrize("series", SERIES, ids=lambda f: f.__name__)
@pytest.mark.parametrize("period", PERIODS_MADE_AGAINST)
def test_series_made_against_the_shift_are_right_too(series: Series, period: int) -> None:
    """A shift that is the window's outlier costs a factor of the period's square in plain sums."""
    look_at_all_of(series, period).check()


@pytest.mark.parametrize("series", SERIES, ids=lambda f: f.__name__)
@pytest.mark.parametrize("period", [129, 130, 191, 200, 255, 256])
def test_series_made_against_the_shift_of_a_half_are_right_too(series: Series, period: int) -> None:
    """Windows of 129 to 256 bars are two halves, each with a shift of its own."""
    for half in {period // 2, period - period // 2}:
        m = half - 1
        x = series(np.random.default_rng(period), m)
        worst = Worst()
        worst.look(x, period, sorted({4 * m, 4 * m + 1, *range(4 * m - 1, 6 * m + 1, half // 9)}))
        worst.check()


@pytest.mark.parametrize("outlier", [1e17, 60000 + 1e3])  # an absurd print; a million deviations
@pytest.mark.parametrize("period", [128, 129, 256, 257, 300, 5000])
def test_outlier_as_the_shift_is_right_in_every_window_that_holds_it(
    outlier: float, period: int
) -> None:
    m = period - 1
    x = np.round(60000 + 0.001 * np.random.default_rng(period).standard_normal(4 * m), 3)
    x[2 * m - 1] = outlier
    worst = Worst()
    worst.look(x, period, range(2 * m - 1, 2 * m + period, max(1, m // 40)))
    worst.check()
