"""Signals, as C structs in an array and as dicts, and the queue that objects keep them in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final, Literal, NamedTuple, TypedDict

import numpy as np
import numpy.typing as npt

from hquant_cffi._errors import ParameterError
from hquant_cffi._ffi import check, ffi, lib
from hquant_cffi._handles import Handle

__all__ = ["SIGNAL_DTYPE", "Action", "QueueFunctions", "Signal", "SignalQueue"]

Action = Literal["BUY", "SELL", "HOLD"]

#: The C struct Signal; `action` is 1 buy, 2 sell, 3 hold.
SIGNAL_DTYPE: Final = np.dtype(
    {
        "names": ["strategy_id", "action", "timestamp"],
        "formats": ["u4", "u1", "i8"],
        "offsets": [0, 4, 8],
        "itemsize": 16,
    }
)

_ACTIONS: Final[dict[int, Action]] = {
    lib.ACTION_BUY: "BUY",
    lib.ACTION_SELL: "SELL",
    lib.ACTION_HOLD: "HOLD",
}


class Signal(TypedDict):
    """What a strategy asked for on a bar."""

    strategy_id: int
    action: Action
    timestamp: int


class QueueFunctions(NamedTuple):
    """The C functions of one kind of handle's queue."""

    length: Callable[[Any], int]
    poll: Callable[[Any, Any, int], int]
    dropped: Callable[[Any], int]
    set_capacity: Callable[[Any, int], int]


class SignalQueue(Handle):
    """A handle with a queue of signals that wait to be polled."""

    _queue: ClassVar[QueueFunctions]

    def poll_signals(self) -> list[Signal]:
        """Take the waiting signals, oldest first.

        Returns
        -------
        list of dict
            ``strategy_id`` (int), ``action`` ("BUY", "SELL", "HOLD") and ``timestamp`` (ms): the
            bar's; of a MultiHQuant the candle's open time, or that of the last bar fed where the
            strategy goes across periods.
        """
        return [
            {"strategy_id": strategy_id, "action": _ACTIONS[action], "timestamp": timestamp}
            for strategy_id, action, timestamp in self.poll_signals_array().tolist()
        ]

    def poll_signals_array(self) -> npt.NDArray[np.void]:
        """Take the waiting signals, oldest first, as an array.

        Returns
        -------
        (n,) ndarray of `SIGNAL_DTYPE`
            Fields ``strategy_id``, ``action`` (1 buy, 2 sell, 3 hold) and ``timestamp`` (ms).
        """
        signals = np.zeros(self.signals_len(), SIGNAL_DTYPE)
        if len(signals) == 0:
            return signals
        out = ffi.cast("Signal *", signals.ctypes.data)
        return signals[: self._count(self._queue.poll, out, len(signals))]

    def signals_len(self) -> int:
        """Return how many signals wait to be polled."""
        return self._count(self._queue.length)

    @property
    def signals_dropped(self) -> int:
        """Signals lost because the queue was full."""
        return self._count(self._queue.dropped)

    def set_signal_capacity(self, capacity: int) -> None:
        """Let `capacity` signals wait, 1..2**24; 65,536 unless set.

        A full queue drops the oldest and counts it in `signals_dropped`. Waiting signals stay, as
        far as there is room, the newest first.

        Raises
        ------
        ParameterError
            `capacity` is out of its range.
        """
        handle = self._opened()
        try:
            status = self._queue.set_capacity(handle, capacity)
        except OverflowError:
            raise ParameterError(f"capacity: expected 1..2**24 signals, found {capacity}") from None
        check(status)
