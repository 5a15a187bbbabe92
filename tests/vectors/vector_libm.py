"""What the machine's libm computes, which IEEE leaves open in the last bit: sin, atan, log, pow."""

from __future__ import annotations

import math
from typing import Any

import vector_indicators
import vector_programs


def probes() -> dict[str, list[float]]:
    """Return values of what the core calls, by which one libm is told from another."""
    points = [0.0137 * i * i + 0.001 for i in range(1, 49)]
    return {
        "sin": [math.sin(x) for x in points],
        "cos": [math.cos(x) for x in points],
        "atan": [math.atan(x) for x in points],
        "log": [math.log(x) for x in points],
        "pow": [math.pow(1.0 + x / 7, 23 / x) for x in points],
    }


def touches(topic: str, case: dict[str, Any]) -> bool:
    """Whether values of a case go through libm; figures that do have names of their own."""
    names = {case.get("indicator"), case.get("program"), *(case.get("programs") or ())}
    libm = vector_indicators.WITH_LIBM | vector_programs.WITH_LIBM
    return topic not in ("tapes", "programs") and bool(names & libm)
