"""Windows recomputed in whole numbers of any size, and how far off a float is from them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

GUARD_BITS = 220


@dataclass(frozen=True)
class Window:
    """Exact moments of a window: every value times 2**scale is whole."""

    count: int
    scale: int
    total: int
    squares: int
    magnitude: int

    @property
    def mean(self) -> Fraction:
        return Fraction(self.total, self.count << self.scale)

    @property
    def sum(self) -> Fraction:
        return Fraction(self.total, 1 << self.scale)

    @property
    def mean_magnitude(self) -> Fraction:
        """Mean of the absolute values."""
        return Fraction(self.magnitude, self.count << self.scale)

    @property
    def spread(self) -> int:
        """(count * 2**scale * STDDEV) squared, a whole number."""
        return self.count * self.squares - self.total * self.total

    @property
    def deviation(self) -> Fraction:
        """Population standard deviation, right to more than sixty digits."""
        root = math.isqrt(self.spread << (2 * GUARD_BITS))
        return Fraction(root, self.count << (self.scale + GUARD_BITS))


def window(values: Iterable[float]) -> Window:
    """Return the exact moments of finite floats."""
    ratios = [float(v).as_integer_ratio() for v in values]
    scale = max(d for _, d in ratios).bit_length() - 1
    whole = [n << (scale + 1 - d.bit_length()) for n, d in ratios]
    return Window(len(whole), scale, sum(whole), sum(v * v for v in whole), sum(map(abs, whole)))


def sma_error(found: float, exact: Window) -> float:
    """Error of a mean in units of mean|x|."""
    return _relative(Fraction(found) - exact.mean, exact.mean_magnitude)


def sum_error(found: float, exact: Window) -> float:
    """Error of a sum in units of n * mean|x|."""
    return _relative(Fraction(found) - exact.sum, exact.mean_magnitude * exact.count)


def stddev_error(found: float, exact: Window) -> float:
    """Relative error of a standard deviation; infinite unless exactly 0 on a flat window."""
    return _relative(Fraction(found) - exact.deviation, exact.deviation)


def var_error(found: float, exact: Window) -> float:
    """Relative error of a variance; infinite unless exactly 0 on a flat window."""
    variance = Fraction(exact.spread, (exact.count << exact.scale) ** 2)
    return _relative(Fraction(found) - variance, variance)


def boll_error(found: Sequence[float], k: float, exact: Window) -> float:
    """Worst error of upper, mid and lower in units of mean|x| + k * STDDEV."""
    width = Fraction(k) * exact.deviation
    true = (exact.mean + width, exact.mean, exact.mean - width)
    off = max(abs(Fraction(f) - t) for f, t in zip(found, true, strict=True))
    return _relative(off, exact.mean_magnitude + width)


def _relative(off: Fraction, size: Fraction) -> float:
    if off == 0:
        return 0.0
    return float(abs(off) / size) if size else math.inf
