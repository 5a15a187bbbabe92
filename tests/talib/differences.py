"""Where talib mode is meant to differ from TA-Lib, each with its reason.

An entry that no longer differs fails the tests, so that the list stays true.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DIFFERENCES", "Intended", "reason_for"]


@dataclass(frozen=True)
class Intended:
    """A difference that stays.

    Attributes
    ----------
    names : frozenset of str
        TA-Lib's functions.
    inputs : frozenset of str
        The inputs on which they differ, for at least one set of parameters.
    reason : str
    """

    names: frozenset[str]
    inputs: frozenset[str]
    reason: str


_DRIFT = """\
TA-Lib adds to and subtracts from running sums. One print of 1e9 among prices of 100 leaves its
rounding error of about 1e-7 in them for good; the windows here forget what has left them."""

DIFFERENCES: tuple[Intended, ...] = (
    Intended(
        frozenset(
            {
                "CMOU", "ER", "HT_DCPERIOD", "HT_DCPHASE", "HT_SINE", "KAMA", "LINEARREG_ANGLE",
                "MAMA", "PPO", "ULTOSC", "VORTEX",
            }
        ),
        frozenset({"spike"}),
        _DRIFT,
    ),
    Intended(
        frozenset({"STOCHRSI"}),
        frozenset({"spike"}),
        """\
While RSI's averages hold a print of 1e9, prices near 100 move RSI in its last digits only, and
its own range is made of these. Either result is right to some 2e-7 of the scale there.""",
    ),
    Intended(
        frozenset({"STDDEV"}),
        frozenset(
            {
                "walk", "alternating", "ramp", "falling", "ties", "tiny", "gaps", "spike",
                "stretches", "FIL", "GOOG",
            }
        ),
        "STDDEV has no parameter nbdev here: STDDEV(x, period) * nbdev says the same.",
    ),
    Intended(
        frozenset({"HT_DCPHASE", "HT_SINE"}),
        frozenset({"alternating"}),
        """\
Prices that alternate every bar have no cycle of 6 to 50 bars: the transform's imaginary part is the
rounding error of a sum that is 0, and its sign decides the phase.""",
    ),
    Intended(
        frozenset({"MAMA"}),
        frozenset({"FIL"}),
        """\
Where the price rests, both phase components are 0 here; in TA-Lib they are the rounding errors of
its running weighted sum, and the phase is the arctangent of their ratio.""",
    ),
    Intended(
        frozenset({"BETA"}),
        frozenset({"FIL"}),
        """\
TA-Lib takes n*Sxx - Sx*Sx of running sums; where a window hardly moves, the difference has few
digits left. Here the sums are of distances from a value of the window.""",
    ),
    Intended(
        frozenset({"MACDEXT"}),
        frozenset({"ramp"}),
        """\
On a straight line the averages are exact and their difference is exactly 0 here; TA-Lib's is 1e-16,
which is its own scale.""",
    ),
)  # fmt: skip


def reason_for(name: str, kind: str) -> Intended | None:
    """Return the entry for a function on an input; None where the two must agree."""
    found = (each for each in DIFFERENCES if name in each.names and kind in each.inputs)
    return next(found, None)
