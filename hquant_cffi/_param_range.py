"""The values of a PARAM's range."""

from __future__ import annotations

import math

__all__ = ["range_values"]

# How far beyond the last step the maximum may seem to lie, in steps: 0.1..0.3 by 0.1 ends with 0.3.
_TOLERANCE = 1e-9


def range_values(minimum: float, maximum: float, step: float) -> tuple[float, ...]:
    """Return minimum + i * step up to and including the maximum, which none exceeds."""
    count = math.floor((maximum - minimum) / step + _TOLERANCE) + 1
    return tuple(min(minimum + i * step, maximum) for i in range(count))
