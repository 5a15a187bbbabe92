"""Room for the trades and fills of a run, which is told how many there are only at its end."""

from __future__ import annotations

from typing import Any, Final
from weakref import ref

import numpy as np
import numpy.typing as npt

from hquant_cffi._records import FILL_DTYPE, TRADE_DTYPE

__all__ = ["Room"]

#: Bytes that were written to, and that there are, in room that is kept for the next run: the latter
#: are addresses, as two million bars ask for.
_KEPT_WRITTEN: Final = 1 << 24
_KEPT: Final = 1 << 30

#: Reports whose records stand in room that is kept: of further ones they are copied, so that many
#: reports take what their records take.
_LENT: Final = 2

_spare: list[Room] = []  # in no run; some of them lent


class _Lease:
    """What a report's records stand on: it is there as long as anybody holds some of them."""

    __slots__ = ("__array_interface__", "__weakref__", "_table")

    def __init__(self, table: npt.NDArray[np.void]) -> None:
        self._table = table
        self.__array_interface__: dict[str, Any] = table.__array_interface__


class Room:
    """Tables with room for all records that there can be.

    Memory that is not written to is never taken from the system, and getting what is written to
    takes longer than writing it: so the tables of one run stay for the next. A report's records
    stand in them until nobody holds these any longer.
    """

    def __init__(self, trades: int, fills: int) -> None:
        # As raw bytes, because NumPy leaves the padding behind when it copies fields.
        self.trades = np.empty(trades, np.dtype((np.void, TRADE_DTYPE.itemsize)))
        self.fills = np.empty(fills, np.dtype((np.void, FILL_DTYPE.itemsize)))
        self._leases: list[ref[_Lease]] = []

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
        _spare.extend(lent)
        return cls(trades, fills) if found is None else found

    @property
    def is_lent(self) -> bool:
        """Whether somebody holds records of it."""
        return any(lease() is not None for lease in self._leases)

    def _lend(self, table: npt.NDArray[np.void], count: int) -> npt.NDArray[np.void]:
        lease = _Lease(table)
        self._leases.append(ref(lease))
        return np.asarray(lease)[:count]

    def leave(self, trades: int, fills: int) -> tuple[npt.NDArray[np.void], npt.NDArray[np.void]]:
        """Return the records that were written; the room is given back."""
        tables = (self.trades, trades), (self.fills, fills)
        is_kept = (
            sum(count * table.itemsize for table, count in tables) <= _KEPT_WRITTEN
            and sum(table.nbytes for table, _ in tables) <= _KEPT
        )
        if is_kept and sum(room.is_lent for room in _spare) < _LENT:
            self._leases.clear()
            found = [self._lend(table, count) for table, count in tables]
        else:
            found = [table[:count].copy() for table, count in tables]
        if is_kept:
            _spare.append(self)
            del _spare[: -(_LENT + 1)]  # in place: what another thread has taken must not come back
        return found[0].view(TRADE_DTYPE), found[1].view(FILL_DTYPE)
