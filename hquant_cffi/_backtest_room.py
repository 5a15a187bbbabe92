"""Room for the trades and fills of a run, which is told how many there are only at its end."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from hquant_cffi._records import FILL_DTYPE, TRADE_DTYPE

__all__ = ["Room"]

#: Bytes that were written to, and that there are, in room that is kept for the next run: the latter
#: are addresses, as two million bars ask for.
_KEPT_WRITTEN: Final = 1 << 24
_KEPT: Final = 1 << 30

_spare: list[Room] = []


class Room:
    """Tables with room for all records that there can be.

    Memory that is not written to is never taken from the system, and getting what is written to
    takes longer than writing it: so the tables of one run stay for the next.
    """

    def __init__(self, trades: int, fills: int) -> None:
        # As raw bytes, because NumPy leaves the padding behind when it copies fields.
        self.trades = np.empty(trades, np.dtype((np.void, TRADE_DTYPE.itemsize)))
        self.fills = np.empty(fills, np.dtype((np.void, FILL_DTYPE.itemsize)))

    @classmethod
    def of(cls, trades: int, fills: int) -> Room:
        """Return room for as many; nobody else has it."""
        try:
            room = _spare.pop()
        except IndexError:
            return cls(trades, fills)
        enough = len(room.trades) >= trades and len(room.fills) >= fills
        return room if enough else cls(trades, fills)

    def leave(self, trades: int, fills: int) -> tuple[npt.NDArray[np.void], npt.NDArray[np.void]]:
        """Return the records that were written, as arrays of their own; the room is given back."""
        found = self.trades[:trades].copy(), self.fills[:fills].copy()
        written = sum(each.nbytes for each in found)
        if written <= _KEPT_WRITTEN and self.trades.nbytes + self.fills.nbytes <= _KEPT:
            _spare[:] = [self]
        return found[0].view(TRADE_DTYPE), found[1].view(FILL_DTYPE)
