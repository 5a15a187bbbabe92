"""Room that a run writes to: trades and fills, whose number only its end tells, and its curve."""

from __future__ import annotations

from typing import Any, Final
from weakref import ref

import numpy as np
import numpy.typing as npt

from hquant_cffi._ffi import ffi
from hquant_cffi._records import FILL_DTYPE, TRADE_DTYPE

__all__ = ["Room"]

#: Bytes that were written to, and that there are, in room that is kept for the next run: the latter
#: are addresses, as two million bars ask for.
_KEPT_WRITTEN: Final = 1 << 24
_KEPT: Final = 1 << 30

#: Bytes of a curve and its actions that stay, too. Memory of long ones the allocator keeps itself;
#: that of short ones it hands back to the system, as the core's for a block is free beside it.
_KEPT_CURVES: Final = 1 << 21

#: Reports whose records stand in room that is kept: of further ones they are copied, so that many
#: reports take what their records take.
_LENT: Final = 2

_spare: list[Room] = []  # in no run; some of them lent


class Room:
    """Tables with room for all records that there can be, and for a short curve.

    Memory that is not written to is never taken from the system, and getting what is written to
    takes longer than writing it: so the tables of one run stay for the next. A report's records
    stand in them until nobody holds these any longer.
    """

    def __init__(self, trades: int, fills: int) -> None:
        self.trades = _table("HqTrade[]", trades * TRADE_DTYPE.itemsize)
        self.fills = _table("HqFill[]", fills * FILL_DTYPE.itemsize)
        self._curves: Any = None
        self._curves_lease: Any = None  # of the run at hand
        self._leases: list[ref[Any]] = []

    @classmethod
    def of(cls, trades: int, fills: int) -> Room:
        """Return room for as many; nobody else has it."""
        lent: list[Room] = []
        found = None
        while found is None and _spare:
            try:
                room = _spare.pop()
            except IndexError:  # another thread was faster
                break
            if room.is_lent:
                lent.append(room)
            elif len(room.trades) >= trades and len(room.fills) >= fills:
                found = room
        if lent:
            _spare.extend(lent)
        return cls(trades, fills) if found is None else found

    @property
    def is_lent(self) -> bool:
        """Whether somebody holds records of it."""
        return any(lease() is not None for lease in self._leases)

    def curves(
        self, steps: int, bars: int
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.uint8]]:
        """Return where a run's equity and actions go: in this room, where they are short."""
        size = 8 * steps + bars
        if size > _KEPT_CURVES:
            return np.empty(steps), np.empty(bars, np.uint8)
        kept = self._curves
        if kept is None or not size <= len(kept) <= 2 * size + 4096:  # a report holds little more
            self._curves = kept = _table("uint8_t[]", size)
        lease: Any = ffi.buffer(kept)
        self._curves_lease = lease
        actions = np.frombuffer(lease, np.uint8, bars, offset=8 * steps)
        return np.frombuffer(lease, np.float64, steps), actions

    def leave(self, trades: int, fills: int) -> tuple[npt.NDArray[np.void], npt.NDArray[np.void]]:
        """Return the records that were written; the room is given back."""
        # What records stand on: it is there as long as anybody holds some of them.
        leases: list[Any] = [ffi.buffer(self.trades), ffi.buffer(self.fills)]
        found = (
            np.frombuffer(leases[0], TRADE_DTYPE, trades),
            np.frombuffer(leases[1], FILL_DTYPE, fills),
        )
        is_kept = (
            found[0].nbytes + found[1].nbytes <= _KEPT_WRITTEN
            and len(leases[0]) + len(leases[1]) <= _KEPT
        )
        if is_kept and sum([room.is_lent for room in _spare]) < _LENT:
            if self._curves_lease is not None:
                leases.append(self._curves_lease)
            self._leases = [ref(lease) for lease in leases]
        else:
            found = _copied(found[0]), _copied(found[1])
            self._curves = None  # the report's own from now on
        self._curves_lease = None
        if is_kept:
            _spare.append(self)
            del _spare[: -(_LENT + 1)]  # in place: what another thread has taken must not come back
        return found


def _table(kind: str, size: int) -> Any:
    """Return memory of so many bytes, as C sees it."""
    return ffi.from_buffer(kind, np.empty(size, np.uint8))


def _copied(records: npt.NDArray[np.void]) -> npt.NDArray[np.void]:
    """Return a copy, padding included, which NumPy leaves behind when it copies fields."""
    return records.view(np.uint8).copy().view(records.dtype)
