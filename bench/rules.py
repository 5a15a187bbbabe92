"""The backtest of W3 and W4, as every library is asked to run it.

A cross of two simple averages of the close, traded at the close: bought when the fast one comes
above the slow one, sold when it falls below, long only. The fee is 0.01 % of the value: ten times
that, over a million bars and 19,585 trades, leaves so little that libraries differ in when they
give up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from market import Floats

__all__ = [
    "BARS_A_YEAR",
    "CAPITAL", "FAST", "FEE", "SLOW", "Combos", "Cross", "Grid", "Outcome", "combos", "crosses",
    "sharpe_of_sums",
]  # fmt: skip

CAPITAL = 100_000.0
FEE = 0.0001
FAST, SLOW = 10, 30
BARS_A_YEAR = 525_600  # minutes, of a market that never closes

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Outcome:
    """What a backtest came to. `sized`: by all the cash there is, or one unit a trade."""

    profit: float  # quote currency
    trades: int  # closed
    drawdown: float | None  # 0..1; None: the library's is of another curve, and so on
    sharpe: float | None  # of bars, times the root of `BARS_A_YEAR`
    sized: str = "cash"
    still_open: int = 0  # hquant's only: the frozen loops count trades when they open


@dataclass(frozen=True)
class Grid:
    """Lengths of the two averages; the slow one varies fastest."""

    fast: tuple[int, ...]
    slow: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.fast) * len(self.slow)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return ((fast, slow) for fast in self.fast for slow in self.slow)


@dataclass(frozen=True)
class Combos:
    """What a sweep came to, an entry a combination."""

    profit: Floats
    trades: npt.NDArray[np.int64]
    drawdown: Floats | None
    sharpe: Floats | None
    sized: str = "cash"
    still_open: npt.NDArray[np.int64] | None = None


@dataclass(frozen=True)
class Cross:
    """Where to buy and where to sell, by bar."""

    entries: Flags
    exits: Flags


def combos(outcomes: Sequence[Outcome]) -> Combos:
    """Return the outcomes of a sweep as columns."""
    return Combos(
        np.array([each.profit for each in outcomes]),
        np.array([each.trades for each in outcomes], np.int64),
        _column([each.drawdown for each in outcomes]),
        _column([each.sharpe for each in outcomes]),
        outcomes[0].sized,
        np.array([each.still_open for each in outcomes], np.int64),
    )


def _column(values: Sequence[float | None]) -> Floats | None:
    return None if None in values else np.array(values, np.float64)


def sharpe_of_sums(total: Floats, squares: Floats, bars: int) -> Floats:
    """Return Sharpe ratios from sums over the returns of a curve of as many bars."""
    returns = bars - 1
    mean = total / returns
    deviation = np.sqrt((squares - total * mean) / (returns - 1))
    return np.asarray(mean / deviation * np.sqrt(BARS_A_YEAR), np.float64)


def crosses(fast: Floats, slow: Floats, length: int) -> Cross:
    """Return the crosses of two averages from bar `length` on, the slow one's length."""
    above = fast > slow
    entries, exits = np.zeros((2, len(above)), np.bool_)
    np.logical_and(above[1:], ~above[:-1], out=entries[1:])
    np.logical_and(above[:-1], ~above[1:], out=exits[1:])
    begin = length + int(np.argmax(entries[length:]))  # nothing to sell before
    entries[:length] = exits[:begin] = False
    return Cross(entries, exits)
