"""What a rebuilt account is written down in: rounds, curves, and what breaks a law."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = [
    "LONG",
    "OPEN",
    "SHORT",
    "Fault",
    "Floats",
    "Ledger",
    "Leg",
    "Round",
    "SymbolLegs",
    "tolerance",
]

LONG, SHORT = 0, 1
OPEN: Final = 0  # the reason of a round that is not over

Floats = npt.NDArray[np.float64]


def tolerance(events: float, scale: float) -> float:
    """What rounding may add up to: a few units in the last place an event, of the largest sum."""
    return 2.0**-52 * (32 + 8 * events) * scale


class Fault(NamedTuple):
    """A fill or a step that breaks a law; without a time, the run as a whole."""

    time: int | None
    symbol: int
    bar: int
    what: str
    expected: object
    found: object


@dataclass
class Round:
    """A position of one side from flat to flat."""

    symbol: int
    side: int
    entry_bar: int
    entry_time: int
    entry_reason: int
    exit_bar: int = -1
    exit_time: int = 0
    exit_reason: int = OPEN
    quantity: float = 0.0
    spent: float = 0.0  # price * quantity of its openings
    got: float = 0.0  # the same of its closings
    margin: float = 0.0
    fees: float = 0.0
    funding: float = 0.0
    realized: float = 0.0
    entries: int = 0


@dataclass
class Leg:
    """One side of a symbol [M1]."""

    quantity: float = 0.0
    entry: float = 0.0
    margin: float = 0.0
    round: Round | None = None

    def pnl(self, side: int, price: Any) -> Any:
        return (price - self.entry if side == LONG else self.entry - price) * self.quantity


@dataclass
class SymbolLegs:
    """A symbol's bars on the run's clock, and its legs while the fills go by."""

    bars: npt.NDArray[np.intp]  # that were run
    steps: npt.NDArray[np.intp]  # of these bars
    mark: Floats  # by step: its last close so far
    rate: Floats  # by bar that was run: open * rate where funding is due, else 0
    legs: tuple[Leg, Leg] = field(default_factory=lambda: (Leg(), Leg()))
    paid: int = 0  # bars whose funding is paid
    since: int = 0  # the first step whose curves are not written


class Ledger:
    """What the fills add up to: columns by step, rounds in the order they ended, sums."""

    def __init__(self, steps: int, symbols: int) -> None:
        self.cash = np.zeros(steps)
        self.margin = np.zeros(steps)
        self.value = np.zeros(steps)  # P&L of the open positions
        self.position = np.zeros((steps, symbols))
        self.scale = np.zeros(steps)  # the largest sum so far
        self.events = np.zeros(steps)  # fills and funding payments so far
        self.rounds: list[Round] = []
        self.faults: list[Fault] = []
        self.fees = self.funding = self.realized = self.liquidation_loss = 0.0
        self.liquidation_step: int | None = None
