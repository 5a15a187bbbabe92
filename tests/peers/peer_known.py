"""Where rounding, not a rule, decides otherwise than in a peer: the first trade that differs.

Each is a tie in exact arithmetic, which a library rounds one way or the other.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """The first difference of a case, and its reason."""

    trade: int
    field: str
    reason: str


_AFFORDS_EXACTLY = (
    "cash is a whole number of units to the last digit; hquant takes a quotient within 1e-9 of a "
    "whole number for it (rule S2), the peer's floor division falls on the unit below"
)
_TOUCHED_EXACTLY = (
    "the bar's high is the stop's level to the last digit: 5.4 + 0.5 % = 5.427; as 5.4 * 1.005 it "
    "is 5.427, as 5.4 + 5.4 * 0.005 one unit in the last place above it, and not touched"
)

#: By peer, market and rules.
KNOWN: dict[tuple[str, str, str], Known] = {
    **{
        (peer, "FIL", "next_open long whole-all-in"): Known(165, "size", _AFFORDS_EXACTLY)
        for peer in ("backtesting.py", "vectorbt")
    },
    ("vectorbt", "FIL", "close both whole-all-in"): Known(4992, "size", _AFFORDS_EXACTLY),
    **{
        (peer, "FIL", "next_open both 10-units fee=0.0005 stop=0.005 target=0.01"): Known(
            5119, "exit_time", _TOUCHED_EXACTLY
        )
        for peer in ("backtesting.py", "vectorbt")
    },
}
