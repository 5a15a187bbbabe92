"""Periods, and candles of several periods built from one stream of base bars."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from hquant_cffi._errors import HQuantError, ParameterError
from hquant_cffi._ffi import check, ffi, lib
from hquant_cffi._handles import Handle
from hquant_cffi._overflow import out_of_range
from hquant_cffi._snapshots import load_handle, read_periods, save_handle

__all__ = ["AggregateCandle", "Aggregator", "AggregatorEvent", "Bar", "Period"]

EventKind = Literal["KlineUpdated", "KlineClosed"]

_KINDS: Final[dict[int, EventKind]] = {1: "KlineUpdated", 2: "KlineClosed"}
_UNITS: Final = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1}
_FIELDS: Final = ("open", "high", "low", "close", "volume", "buy_volume")

# The structs Bar, HqCandle and HqCandleEvent; a test compares them with the compiled module's.
_BAR: Final = np.dtype([("timestamp", "i8"), *((name, "f8") for name in _FIELDS)])
_CANDLE: Final = np.dtype(
    [
        ("open_time", "i8"),
        ("close_time", "i8"),
        *((name, "f8") for name in _FIELDS),
        ("last_update_ts", "i8"),
    ]
)
_EVENT: Final = np.dtype(
    [("kind", "u4"), ("period_index", "u4"), ("period_ms", "i8"), ("candle", _CANDLE)]
)


class Bar(NamedTuple):
    """One bar, in the order in which ``push_bar(*bar)`` takes it.

    Attributes
    ----------
    timestamp : int
        Open time, ms since the Unix epoch, UTC.
    open, high, low, close : float
        Prices.
    volume, buy_volume : float
        Traded quantity, base asset units, and the part of it where the buyer was the taker.
    """

    timestamp: int
    open: float
    high: float
    low: float
    close: float
    volume: float
    buy_volume: float = 0.0


@dataclass(frozen=True, init=False, order=True, slots=True, repr=False)
class Period:
    """A candle's length.

    Periods of one length are equal however they were written: ``Period("60m") == Period("1h")``.

    Parameters
    ----------
    text : str
        Digits, then ``ms``, ``s``, ``m``, ``h`` or ``d``, with nothing around: ``"15m"``.

    Attributes
    ----------
    ms : int
        Milliseconds, 1..2**63 - 1.

    Raises
    ------
    ParameterError
        Any other text, a length of 0 (``"0m"``), or one beyond the range.
    """

    ms: int

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise ParameterError(f"period: expected a text such as '15m', found {text!r}")
        raw = text.encode("utf-8", "surrogatepass")
        ms = ffi.new("int64_t *")
        check(lib.hq_period_parse(raw, len(raw), ms))
        object.__setattr__(self, "ms", int(ms[0]))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return ``Period(text)``."""
        return cls(text)

    def bucket_start(self, timestamp: int) -> int:
        """Open time of the candle that holds a time.

        Parameters
        ----------
        timestamp : int
            ms, an int64; may be negative.

        Returns
        -------
        int
            ms: the largest multiple of the period that is not after `timestamp`.

        Raises
        ------
        ParameterError
            `timestamp`, or the bucket's start, lies outside int64.
        """
        try:
            start = int(lib.hq_period_bucket_start(self.ms, timestamp))
        except OverflowError:
            raise _outside_int64(timestamp) from None
        # A start below int64 is answered by -2**63, which is then no multiple of the period.
        if start % self.ms:
            raise ParameterError(
                f"timestamp: the {self} bucket of {timestamp} ms begins before -2**63 ms"
            )
        return start

    def __str__(self) -> str:
        unit = next(name for name, ms in _UNITS.items() if self.ms % ms == 0)
        return f"{self.ms // _UNITS[unit]}{unit}"

    def __repr__(self) -> str:
        return f"Period({str(self)!r})"


@dataclass(frozen=True, slots=True)
class AggregateCandle:
    """A candle in progress or done.

    Attributes
    ----------
    open_time, close_time : int
        ms; ``close_time`` is ``open_time`` plus the period.
    open, high, low, close : float
        Of the first base bar, the highest, the lowest, and of the last base bar.
    volume, buy_volume : float
        Sums, base asset units.
    last_update_ts : int
        Open time of the newest base bar in it, ms.
    """

    open_time: int
    close_time: int
    open: float
    high: float
    low: float
    close: float
    volume: float
    buy_volume: float
    last_update_ts: int

    def as_bar_open_time(self) -> Bar:
        """Return the candle as a bar whose timestamp is the candle's open time."""
        return Bar(
            self.open_time,
            self.open,
            self.high,
            self.low,
            self.close,
            self.volume,
            self.buy_volume,
        )


@dataclass(frozen=True, slots=True)
class AggregatorEvent:
    """What happened to a candle.

    Attributes
    ----------
    kind : {"KlineUpdated", "KlineClosed"}
        A base bar went into it; or a bar of a later candle, or a flush, ended it.
    period : Period
        Its length.
    candle : AggregateCandle
        The candle at that moment.
    """

    kind: EventKind
    period: Period
    candle: AggregateCandle


class Aggregator(Handle):
    """Candles of several periods from one stream of base bars.

    Parameters
    ----------
    periods : iterable of Period or str
        1..65535 distinct periods.

    Raises
    ------
    ParameterError
        The list is empty or too long, or a period is not valid or stands in it twice.

    Notes
    -----
    Usable as a context manager. Every method raises ``ClosedError`` after `close`, and
    ``BusyError`` while another thread is inside the object. Base bars must not be longer than
    the shortest period for the candles to mean anything.

    Examples
    --------
    >>> from hquant_cffi.market import Aggregator
    >>> with Aggregator(["5m"]) as aggregator:
    ...     aggregator.push(0, 10, 12, 9, 11, 3.0)
    ...     aggregator.push(60_000, 11, 15, 11, 14, 2.0)
    ...     aggregator.flush()
    ...     closed = aggregator.poll_events()[-1]
    >>> closed.kind, closed.candle.high, closed.candle.volume
    ('KlineClosed', 15.0, 5.0)
    """

    def __init__(self, periods: Iterable[Period | str]) -> None:
        if isinstance(periods, str):
            raise ParameterError(f"periods: expected a list such as [{periods!r}], found a text")
        self._periods = tuple(p if isinstance(p, Period) else Period(p) for p in periods)
        out = ffi.new("HqAggregator **")
        ms = [period.ms for period in self._periods]
        check(lib.hq_aggregator_new(ms, len(ms), out))
        super().__init__(ffi.gc(out[0], lib.hq_aggregator_free))

    def save(self) -> bytes:
        """Return the whole state as bytes, from which `load` goes on with the same bits.

        That is the candles in progress, the counter, and the events that nobody has polled yet.
        The bytes fit the library of this snapshot version on little-endian machines, see
        docs/snapshot.md.

        Raises
        ------
        BusyError
            Another thread is inside the object.
        """
        return save_handle(lib.hq_aggregator_save, self._opened())

    @classmethod
    def load(cls, data: bytes | bytearray | memoryview) -> Self:
        """Make one from the bytes that `save` returned.

        Raises
        ------
        SnapshotError
            The bytes are not such a snapshot, are damaged, or are of another version.
        """
        self = cls.__new__(cls)
        handle = load_handle(lib.hq_aggregator_load, lib.hq_aggregator_free, "HqAggregator", data)
        Handle.__init__(self, handle)
        self._periods = tuple(
            Period(f"{ms}ms") for ms in read_periods(lib.hq_aggregator_periods, handle)
        )
        return self

    @property
    def periods(self) -> tuple[Period, ...]:
        """The periods, in the order given."""
        return self._periods

    @property
    def rejected(self) -> int:
        """Bars refused so far: not finite, out of order, or at a time out of range."""
        return self._count(lib.hq_aggregator_rejected)

    def push(
        self,
        timestamp: int,
        open: float,
        high: float,
        low: float,
        close: float,
        volume: float,
        buy_volume: float = 0.0,
    ) -> None:
        """Feed one base bar. A bar with the last one's timestamp takes its place.

        Parameters
        ----------
        timestamp : int
            Open time, ms; not before the last bar's.
        open, high, low, close : float
            Prices.
        volume, buy_volume : float
            Traded quantity, base asset units, and the part of it where the buyer was the taker.

        Raises
        ------
        DataError
            A field is not finite or beyond 1e100, or the bar is older than the last one.
        ParameterError
            The time is so far out that a candle's edge would leave int64.

        Notes
        -----
        A refused bar changes nothing but `rejected`. A `timestamp` that is no int64 is refused
        before it is counted.
        """
        bar = (timestamp, open, high, low, close, volume, buy_volume)
        try:
            status = lib.hq_aggregator_push(self._opened(), bar)
        except OverflowError:
            raise out_of_range(
                timestamp=timestamp,
                open=open,
                high=high,
                low=low,
                close=close,
                volume=volume,
                buy_volume=buy_volume,
            ) from None
        check(status)

    def push_bars(
        self,
        timestamp: npt.ArrayLike,
        open: npt.ArrayLike,
        high: npt.ArrayLike,
        low: npt.ArrayLike,
        close: npt.ArrayLike,
        volume: npt.ArrayLike,
        buy_volume: npt.ArrayLike | None = None,
    ) -> None:
        """Feed whole columns, bar by bar, as `push` does. The columns are copied once.

        Parameters
        ----------
        timestamp : (T,) array_like of int
            Open times, ms.
        open, high, low, close, volume, buy_volume : (T,) array_like of float
            As in `push`; `buy_volume` is 0 when left out.

        Raises
        ------
        DataError
            A bar is refused; the message names its row. The rows before it are in, it and the
            rest are not.
        ParameterError
            Columns of different lengths, times that are not integers; nothing is fed. Or a time
            out of range, as for a refused bar.
        """
        bars = bar_structs(timestamp, (open, high, low, close, volume, buy_volume))
        handle = self._opened()
        rows = ffi.from_buffer("Bar[]", bars.data)
        for row in range(len(bars)):
            try:
                check(lib.hq_aggregator_push(handle, rows[row]))
            except HQuantError as error:
                raise type(error)(f"row {row}: {error}") from None

    def flush(self) -> None:
        """Close every candle in progress.

        A later bar of the same bucket continues its candle, and it closes again. A second flush
        without a bar in between does nothing.
        """
        check(lib.hq_aggregator_flush(self._opened()))

    def events_len(self) -> int:
        """Return how many events wait for `poll_events`."""
        return self._count(lib.hq_aggregator_events_len)

    def poll_events(self) -> list[AggregatorEvent]:
        """Take the waiting events.

        Returns
        -------
        list of AggregatorEvent
            Oldest first. For one bar: period by period, the candle that it ended, then the one
            that it went into.
        """
        events = np.zeros(self.events_len(), _EVENT)
        if len(events) == 0:
            return []
        out = ffi.from_buffer("HqCandleEvent[]", events.data, require_writable=True)
        taken = self._count(lib.hq_aggregator_poll_events, out, len(events))
        return [
            AggregatorEvent(_KINDS[kind], self._periods[index], AggregateCandle(*candle))
            for kind, index, _, candle in events[:taken].tolist()
        ]


def _outside_int64(timestamp: object) -> ParameterError:
    return ParameterError(f"timestamp: expected an int64, ms, found {timestamp}")


def bar_structs(
    timestamp: npt.ArrayLike, fields: tuple[npt.ArrayLike | None, ...]
) -> npt.NDArray[np.void]:
    """Return columns as an array of the C struct Bar."""
    times = np.asarray(timestamp)
    if times.ndim != 1 or (times.dtype.kind not in "iu" and len(times) > 0):
        raise ParameterError(
            f"timestamp: expected a column of integers, ms, found {times.ndim} dimensions "
            f"of {times.dtype}"
        )
    if times.dtype.kind == "u" and len(times) > 0 and times.max() > np.iinfo(np.int64).max:
        raise _outside_int64(times.max())
    bars = np.zeros(len(times), _BAR)
    bars["timestamp"] = times
    for name, values in zip(_FIELDS, fields, strict=True):
        if values is None:
            continue
        column = np.asarray(values, dtype=np.float64)
        if column.shape != times.shape:
            raise ParameterError(
                f"{name}: expected {len(times)} values, as many as timestamps, "
                f"found shape {column.shape}"
            )
        bars[name] = column
    return bars
