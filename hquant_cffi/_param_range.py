"""The values of a PARAM's range."""

from __future__ import annotations

import math
from typing import Final

from hquant_cffi._errors import ParameterError

__all__ = ["VALUES_MAX", "nearest_value", "range_count", "range_values"]

#: Values of one PARAM that are listed.
VALUES_MAX: Final = 10_000_000

# How far beyond the last step the maximum may seem to lie, in steps: 0.1..0.3 by 0.1 ends with 0.3.
_TOLERANCE: Final = 1e-9
_COUNT_MAX: Final = 2.0**62  # what a step below every difference of two numbers is counted as


def range_count(minimum: float, maximum: float, step: float) -> int:
    """Return how many values a range has."""
    return math.floor(min((maximum - minimum) / step, _COUNT_MAX) + _TOLERANCE) + 1


def range_values(minimum: float, maximum: float, step: float) -> tuple[float, ...]:
    """Return minimum + i * step up to and including the maximum, which none exceeds.

    Raises
    ------
    ParameterError
        They are more than `VALUES_MAX`.
    """
    count = range_count(minimum, maximum, step)
    if count > VALUES_MAX:
        raise ParameterError(
            f"{minimum:g}..{maximum:g} by {step:g}: expected at most {VALUES_MAX:,} values, "
            f"found {count:,}"
        )
    return tuple(_value(minimum, maximum, step, i) for i in range(count))


def nearest_value(minimum: float, maximum: float, step: float, value: float) -> float:
    """Return the value of a range that is nearest to a number, the lower of two."""
    last = range_count(minimum, maximum, step) - 1
    place = round(min(max((value - minimum) / step, 0.0), float(last)))
    near = range(max(place - 1, 0), min(place + 1, last) + 1)
    values = [_value(minimum, maximum, step, i) for i in near]
    return min(values, key=lambda each: abs(each - value))


def _value(minimum: float, maximum: float, step: float, i: int) -> float:
    return min(minimum + i * step, maximum)
