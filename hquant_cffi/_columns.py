"""Ring columns as NumPy arrays, and whole columns of bars as C reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from hquant_cffi._errors import DataError
from hquant_cffi._ffi import check, ffi, last_error, lib
from hquant_cffi._handles import read_only_view

if TYPE_CHECKING:
    from hquant_cffi.data import Bars

__all__ = ["Column", "ColumnState", "bars_struct", "columns_struct", "push_blocks"]

#: Rows between two looks for Ctrl-C: some milliseconds.
_BLOCK: Final = 65_536

_BARS: Final = ffi.typeof("HqBars *")
_TIMES: Final = ffi.typeof("int64_t[]")
_DOUBLES: Final = ffi.typeof("double[]")

Scalar = TypeVar("Scalar", np.float64, np.int64)

_DTYPES: Final[dict[object, np.dtype[Any]]] = {
    ffi.typeof("HqColumnF64"): np.dtype(np.float64),
    ffi.typeof("HqColumnI64"): np.dtype(np.int64),
}


class ColumnState(NamedTuple, Generic[Scalar]):
    """A ring column at one moment, in the order in which ``close_column()`` returns it.

    Attributes
    ----------
    raw : (capacity,) ndarray
        The ring's memory, read-only and without a copy: later bars show up in it.
    capacity : int
        Elements that fit.
    len : int
        Elements held.
    head : int
        Where the next element goes. The oldest stands at 0 while ``len < capacity``, at `head`
        once the ring is full.
    """

    raw: npt.NDArray[Scalar]
    capacity: int
    len: int
    head: int


class Column(Generic[Scalar]):
    """A column of the ring, live: each access shows the bars of that moment.

    Usable after its engine has been closed, whose memory it keeps.
    """

    __slots__ = ("_name", "_owner", "_read")

    def __init__(self, name: str, read: Callable[[], Any], owner: object) -> None:
        self._name = name
        self._read = read
        self._owner = owner

    def state(self) -> ColumnState[Scalar]:
        """Return memory, capacity, length and head, all of one moment."""
        found = self._read()
        if found.ptr == ffi.NULL:
            raise last_error()
        dtype = _DTYPES[ffi.typeof(found)]
        raw = read_only_view(found.ptr, found.capacity, dtype, self._owner)
        return ColumnState(raw, found.capacity, found.len, found.head)

    @property
    def raw(self) -> npt.NDArray[Scalar]:
        """The ring's memory, (capacity,), read-only, in the ring's order; slots beyond `len` mean
        nothing."""
        return self.state().raw

    @property
    def capacity(self) -> int:
        """Elements that fit."""
        return self.state().capacity

    @property
    def len(self) -> int:
        """Elements held, 0..capacity."""
        return self.state().len

    @property
    def head(self) -> int:
        """Where in `raw` the next element goes, 0..capacity-1."""
        return self.state().head

    def slices(self) -> tuple[npt.NDArray[Scalar], npt.NDArray[Scalar]]:
        """Return the elements as two views, one behind the other oldest first, without a copy.

        The second one is empty while the ring has not wrapped. A later bar overwrites the oldest
        element: take the slices again after a push.
        """
        raw, capacity, length, head = self.state()
        if length < capacity:
            return raw[:length], raw[:0]
        return raw[head:], raw[:head]

    def ordered(self) -> npt.NDArray[Scalar]:
        """Return a copy, (len,), oldest first."""
        return np.concatenate(self.slices())

    def __len__(self) -> int:
        return self.len

    def __repr__(self) -> str:
        _, capacity, length, _ = self.state()
        return f"<Column {self._name}: {length} of {capacity}>"


def bars_struct(bars: Bars) -> Any:
    """Return bars as an ``HqBars *`` that views them; `bars` must outlive it."""
    struct, from_buffer = ffi.new(_BARS), ffi.from_buffer
    struct.length = len(bars.timestamp)
    struct.timestamp = from_buffer(_TIMES, bars.timestamp)
    struct.open = from_buffer(_DOUBLES, bars.open)
    struct.high = from_buffer(_DOUBLES, bars.high)
    struct.low = from_buffer(_DOUBLES, bars.low)
    struct.close = from_buffer(_DOUBLES, bars.close)
    struct.volume = from_buffer(_DOUBLES, bars.volume)
    if bars.buy_volume is not None:
        struct.buy_volume = from_buffer(_DOUBLES, bars.buy_volume)
    return struct


def columns_struct(columns: Mapping[str, npt.NDArray[Any]]) -> Any:
    """Return contiguous columns of one length, by the names of a bar's fields, as `bars_struct`."""
    struct = ffi.new(_BARS, {"length": len(columns["timestamp"])})
    for name, column in columns.items():
        kind = _TIMES if name == "timestamp" else _DOUBLES
        setattr(struct, name, ffi.from_buffer(kind, column))
    return struct


def push_blocks(function: Callable[..., int], handle: Any, bars: Bars, done: str) -> int:
    """Hand bars to a C function in blocks, between which Python looks for Ctrl-C.

    Parameters
    ----------
    function : callable
        ``(handle, HqBars *, size_t *)``: a status, and how many bars it took.
    handle : cffi pointer
    bars : Bars
    done : str
        What has happened to the bars that were taken, for messages.

    Returns
    -------
    int
        How many bars there were.
    """
    whole, length = bars_struct(bars), len(bars)
    row, taken = 0, ffi.new("size_t *")
    try:
        while True:
            block = ffi.new("HqBars *", {"length": min(_BLOCK, length - row)})
            for name in bars.columns:
                setattr(block, name, getattr(whole, name) + row)
            status = function(handle, block, taken)
            # One assignment, so that an interrupt never counts a block twice.
            row, taken = row + int(taken[0]), ffi.new("size_t *")
            if status in (lib.HQ_EBAR, lib.HQ_EORDER):
                raise DataError(
                    f"{bars.source}: row {row}: {last_error()}; "
                    f"the {row} bars before it were {done}, it and the rest were not"
                )
            check(status)
            if row >= length:
                return row
    except KeyboardInterrupt as interrupt:
        interrupt.add_note(f"{row + int(taken[0])} of {length} bars were {done}")
        raise
