"""What hquant and the peers are asked to do alike, and how closely their answers are compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from hquant_cffi import Bars

Floats = npt.NDArray[np.float64]
Signals = npt.NDArray[np.int8]

CAPITAL = 10_000.0

#: Agreement asked for, relative: of prices, sizes and P&L, and of equity on every bar.
CLOSENESS = 1e-9

#: The strategy of every comparison, as a user of hquant writes it.
CROSS = """
f = SMA(close, 10)
s = SMA(close, 30)
IF CROSSOVER(f, s) THEN BUY
IF CROSSUNDER(f, s) THEN SELL
"""


@dataclass(frozen=True)
class Market:
    """Bars, and the signals that are traded on them."""

    name: str
    bars: Bars
    signals: Signals  # +1 buy, -1 sell, 0 none, at each bar's close

    @cached_property
    def time(self) -> npt.NDArray[np.int64]:
        """Open times of the bars, ms."""
        return np.array(self.bars.timestamp, np.int64)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The bars as the peers take them: Open, High, Low, Close by time."""
        columns = {
            name.capitalize(): np.array(getattr(self.bars, name), np.float64)
            for name in ("open", "high", "low", "close")
        }
        return pd.DataFrame(columns, index=pd.to_datetime(self.time, unit="ms"))

    def column(self, name: str) -> Floats:
        """Return a column of `frame`."""
        return self.frame[name].to_numpy(np.float64)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """One combination of the rules that both of a comparison have."""

    fill: Literal["next_open", "close"] = "next_open"
    sides: Literal["both", "long", "short"] = "both"
    size: float | None = None  # base asset units; None: all that the cash affords
    whole_units: bool = False  # sizes are rounded down to whole units
    unaffordable: Literal["clamp", "reject"] = "reject"
    leverage: float = 1.0
    fee: float = 0.0  # fraction of the notional, on both legs
    fee_per_unit: float = 0.0  # quote currency, on both legs
    slippage: float = 0.0  # fraction of the price, on both legs
    stop: float | None = None  # fraction of the entry's fill price
    target: float | None = None  # fraction of the entry's fill price

    def opens(self, side: int) -> bool:
        """Tell whether a position of a side (+1 long, -1 short) may be held."""
        return self.sides in ("both", "long" if side > 0 else "short")

    def __str__(self) -> str:
        size = "all-in" if self.size is None else f"{self.size:g}-units"
        words = [self.fill, self.sides, f"whole-{size}" if self.whole_units else size]
        if self.unaffordable == "clamp":
            words.append("clamp")
        if self.leverage != 1:
            words.append(f"leverage={self.leverage:g}")
        for name in ("fee", "fee_per_unit", "slippage", "stop", "target"):
            if value := getattr(self, name):
                words.append(f"{name}={value:g}")
        return " ".join(words)


#: One trade: times in ms, signed size, P&L after the fees that were paid.
TRADE = np.dtype(
    [
        ("entry_time", "i8"),
        ("exit_time", "i8"),
        ("entry_price", "f8"),
        ("exit_price", "f8"),
        ("size", "f8"),
        ("pnl", "f8"),
        ("is_open", "?"),
    ]
)


@dataclass(frozen=True)
class Outcome:
    """What a library found: trades in the order of their entries, equity at each close."""

    trades: npt.NDArray[np.void]
    equity: Floats


def outcome(rows: Iterable[tuple[Any, ...]], equity: Floats) -> Outcome:
    """Return an outcome of rows in the order of `TRADE`'s fields."""
    trades = np.array(list(rows), TRADE)
    return Outcome(trades[np.argsort(trades["entry_time"], kind="stable")], equity)


@dataclass(frozen=True)
class Difference:
    """The first place where two outcomes are not the same."""

    place: int  # number of the trade; of the bar for equity
    field: str
    text: str = ""

    def is_at(self, place: int, field: str) -> bool:
        """Tell whether this is the difference meant."""
        return (self.place, self.field) == (place, field)


def first_difference(ours: Outcome, theirs: Outcome) -> Difference | None:
    """Compare every field of every trade, then equity on every bar."""
    a, b = ours.trades, theirs.trades
    for place in range(min(len(a), len(b))):
        for field in TRADE.names or ():
            if not _close(a[place], b[place], field):
                text = f"trade {place}, {field}:\n  ours   {a[place]}\n  theirs {b[place]}"
                return Difference(place, field, text)
    if len(a) != len(b):
        return Difference(min(len(a), len(b)), "count", f"ours {len(a)}, theirs {len(b)} trades")
    off = np.flatnonzero(~(np.abs(ours.equity - theirs.equity) <= CLOSENESS * theirs.equity))
    if off.size:
        at = int(off[0])
        text = f"equity of bar {at}: ours {ours.equity[at]!r}, theirs {theirs.equity[at]!r}"
        return Difference(at, "equity", f"{text}, and {off.size - 1} more")
    return None


def assert_same(ours: Outcome, theirs: Outcome) -> None:
    """Fail with the first difference."""
    found = first_difference(ours, theirs)
    assert found is None, found.text


def _close(a: np.void, b: np.void, field: str) -> bool:
    if TRADE[field].kind in "ib":
        return bool(a[field] == b[field])
    # P&L is a difference of two values, and as exact as these.
    scale = b["size"] * b["entry_price"] if field == "pnl" else b[field]
    return bool(abs(a[field] - b[field]) <= CLOSENESS * abs(scale))
