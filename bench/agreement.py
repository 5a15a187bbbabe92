"""Whether all computed the same thing, told before anything is timed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from market import Floats
from rules import CAPITAL, Combos, Outcome, combos
from seven import Convention

__all__ = ["Agreement", "as_columns", "of_combos", "of_outcomes", "of_series", "of_values"]

_SETTLED = 2_000  # bars after which a seed no longer shows
_MONEY = 1e-9  # of the capital, for all-cash runs
_DRAWDOWN = 1e-9
# A Sharpe ratio may differ by 1 / bars of itself: peers count the first bar's return, a zero, too.
_FIXED_POINT = 1e-8  # of the capital, for runs of a unit a trade: flox counts in 1e-8


@dataclass(frozen=True)
class Agreement:
    """Whether it is what was expected, and in words."""

    holds: bool
    text: str


def as_columns(result: Any, keys: Sequence[int | str], like: Sequence[Floats]) -> list[Floats]:
    """Return a library's result as columns as long and as many as `like`'s.

    `keys` pick the outputs where they are not the first ones; a warm-up left out is put back.
    """
    if keys:
        found = [_pick(result, key) for key in keys]
    else:
        found = list(result) if isinstance(result, (tuple, list)) else [result]
    columns = [np.asarray(each, np.float64).ravel() for each in found[: len(like)]]
    n = len(like[0])
    return [np.concatenate([np.full(n - len(c), np.nan), c]) for c in columns]


def _pick(result: Any, key: int | str) -> Any:
    if isinstance(key, str) and not isinstance(result, dict):
        return getattr(result, key)
    return result[key]


def of_series(ours: Sequence[Floats], theirs: Sequence[Floats], expected: Convention) -> Agreement:
    """Compare the outputs of an indicator, bar by bar."""
    if len(ours) != len(theirs):
        return Agreement(False, f"{len(theirs)} outputs, hquant {len(ours)}")
    first, own = _first(theirs), _first(ours)
    apart = np.max([_apart(a, b) for a, b in zip(ours, theirs, strict=True)], axis=0)
    off = np.flatnonzero(~(apart[max(first, own) :] <= expected.within))
    since = max(first, own) + (int(off[-1]) + 1 if len(off) else 0)
    never = since >= len(apart)
    right = never if expected.by is None else since <= max(expected.by, first, own)
    holds = right and first == (own if expected.first is None else expected.first)
    text = f"first {first}, "
    text += "never agrees" if never else f"agrees from {since}"
    text += f" ({np.max(apart[_SETTLED:]):.0e})"
    return Agreement(holds, f"{text}; {expected.why}" if expected.why else text)


def _first(columns: Sequence[Floats]) -> int:
    known = np.all(np.isfinite(columns), axis=0)
    return int(np.argmax(known)) if known.any() else len(known)


def _apart(ours: Floats, theirs: Floats) -> Floats:
    """Return differences relative to the value, or to its usual size where it passes zero."""
    scale = np.maximum(np.abs(ours), np.nanmedian(np.abs(ours)))
    return np.asarray(np.abs(ours - theirs) / scale, np.float64)


def of_values(ours: Sequence[float], theirs: Sequence[float], within: float = 1e-6) -> Agreement:
    """Compare the last values of streams."""
    apart = max(abs(a - b) / max(1e-3, abs(a)) for a, b in zip(ours, theirs, strict=True))
    return Agreement(apart <= within, f"last values within {apart:.0e}")


def of_outcomes(ours: Outcome, theirs: Outcome, bars: int) -> Agreement:
    """Compare two backtests."""
    return of_combos(combos([ours]), combos([theirs]), bars)


def of_combos(ours: Combos, theirs: Combos, bars: int) -> Agreement:
    """Compare two sweeps over as many bars, combination by combination."""
    apart = _farthest(ours.profit, theirs.profit) / CAPITAL
    holds = apart <= (_MONEY if theirs.sized == "cash" else _FIXED_POINT)
    holds &= np.array_equal(ours.trades, theirs.trades)
    found, own = int(np.sum(theirs.trades)), int(np.sum(ours.trades))
    text = f"{found:,} trades" + ("" if found == own else f" for {own:,}")
    text += f", profit within {apart:.0e}"
    if theirs.drawdown is not None:
        deep = _farthest(ours.drawdown, theirs.drawdown)
        holds &= deep <= _DRAWDOWN
        text += f", drawdown {deep:.0e}"
    if theirs.sharpe is not None:
        ratio = _farthest(np.divide(theirs.sharpe, ours.sharpe), 1.0)
        holds &= ratio <= 1 / bars
        text += f", Sharpe {ratio:.0e}"
    return Agreement(bool(holds), text + ("" if theirs.sized == "cash" else "; a unit a trade"))


def _farthest(ours: Any, theirs: Any) -> float:
    """Return the largest difference; NaN, which is within nothing, where either has one."""
    return float(np.max(np.abs(np.subtract(ours, theirs))))
