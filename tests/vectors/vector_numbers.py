"""Doubles as the files write them beside their bits: what a reader has to get right first."""

from __future__ import annotations

from typing import Any, Final

from vector_inputs import Inputs
from vector_json import bits, number

_NUMBERS: Final = (
    *(0.0, -0.0, 1.0, -1.0, 0.1, 1 / 3, 100.05, 2.0**53 - 1, 2.0**53 + 2, 1e22, 1e23, -1e100),
    *(5e-324, 2.2250738585072009e-308, 2.2250738585072014e-308, 1.7976931348623157e308),
    *(9007199254740993e-16, 123456.789e-30, 8.41e21, 2.0**-1022 * 0.75, 299792.458),
    *(float("inf"), float("-inf"), float("nan")),
)


def cases() -> list[dict[str, Any]]:
    """Return numbers."""
    return [{"name": repr(each), "number": each} for each in _NUMBERS]


def answer(case: dict[str, Any], inputs: Inputs) -> str:
    """Return the bits as 16 hex digits; of NaN, whose bits do not count, its name."""
    return bits(number(case["number"]))
