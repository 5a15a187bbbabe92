"""MultiHQuant: engines over several periods fed from one stream of bars, strategies across them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, Literal, Self

from hquant_cffi._columns import push_blocks
from hquant_cffi._errors import NotFoundError, ParameterError
from hquant_cffi._ffi import check, ffi, last_error, lib
from hquant_cffi._overflow import out_of_range
from hquant_cffi._signals import QueueFunctions, SignalQueue
from hquant_cffi._snapshots import load_handle, read_periods, save_handle
from hquant_cffi._timeframes import BarPeriod, Htf, bar_period_ms, htf_number
from hquant_cffi.engine import HQuant
from hquant_cffi.market import Period
from hquant_cffi.strategy import Strategy, name_bytes, program_bytes, set_param

if TYPE_CHECKING:
    from hquant_cffi.data.load import Source

__all__ = ["Emit", "MultiHQuant"]

Emit = Literal["every_update", "on_close"]

_EMIT: Final[dict[str, int]] = {"every_update": 0, "on_close": 1}


class MultiHQuant(SignalQueue):
    """An engine for each of several periods, fed with the candles of one stream of base bars.

    Parameters
    ----------
    capacity : int
        Candles that each period's ring keeps, 1..2**27.
    periods : iterable of str or Period
        1..65535 of them, each once, such as ``["15m", "4h"]``. What a cross-period strategy reads
        without ``@period`` is the first one's.
    emit : {"every_update", "on_close"}, optional
        When strategies are evaluated: at every bar that changes their candle, or once a candle,
        when it is final: when a bar of a later candle comes, or at `flush`.
    htf : {"forming", "closed"}, optional
        What strategies see of a period that they read by ``@period``: its candle in progress, made
        of the bars so far, or its last one that is complete.
    bar_period : Period, str or int, optional
        The period of the bars that are fed: a candle is then complete with the bar that ends where
        it ends; without it, when the first bar at or after its end comes.

    Raises
    ------
    ParameterError
        A capacity out of range, no period, one twice, a text that is no period, another `emit` or
        `htf`.
    OutOfMemoryError
        The system gave no memory.

    Notes
    -----
    Every method raises ``ClosedError`` after `close`, and ``BusyError`` while another thread is
    inside the object or, where bars are fed and strategies added, inside one of its engines.

    The first period is the clock of cross-period strategies, and they always see its candle in
    progress. Their ``CROSSOVER``, ``LAG`` and the like over several periods count its candles.
    Added late, such a strategy is warmed from the candles that the rings hold; what a longer
    period's candle was in the middle of it is built again from the first period's candles.

    Examples
    --------
    >>> from hquant_cffi import MultiHQuant
    >>> with MultiHQuant(1024, ["1m", "5m"]) as multi:
    ...     up = multi.add_multi_strategy("up", "IF close > open@5m THEN BUY")
    ...     multi.feed_bar(0, 10, 12, 9, 10, 3.0)
    ...     multi.feed_bar(60_000, 10, 15, 10, 14, 2.0)
    ...     multi.engine("5m").column("close").ordered(), multi.poll_signals()
    (array([14.]), [{'strategy_id': 1, 'action': 'BUY', 'timestamp': 60000}])
    """

    _queue = QueueFunctions(
        lib.hq_multi_signals_len,
        lib.hq_multi_poll_signals,
        lib.hq_multi_signals_dropped,
        lib.hq_multi_set_signal_capacity,
    )

    def __init__(
        self,
        capacity: int,
        periods: Iterable[Period | str],
        emit: Emit = "every_update",
        *,
        htf: Htf = "forming",
        bar_period: BarPeriod = None,
    ) -> None:
        number, period_ms = htf_number(htf), bar_period_ms(bar_period)
        if isinstance(periods, str):
            raise ParameterError(f"periods: expected a list such as [{periods!r}], found a text")
        if emit not in _EMIT:
            raise ParameterError(f"emit: expected one of {', '.join(_EMIT)}, found {emit!r}")
        self._periods = tuple(_period(period) for period in periods)
        self._emit: Emit = emit
        out = ffi.new("HqMulti **")
        ms = [period.ms for period in self._periods]
        try:
            status = lib.hq_multi_new(capacity, ms, len(ms), _EMIT[emit], out)
        except OverflowError:
            raise ParameterError(f"capacity: expected 1..2**27 bars, found {capacity}") from None
        check(status)
        super().__init__(ffi.gc(out[0], lib.hq_multi_free))
        check(lib.hq_multi_set_htf(self._handle, number, period_ms))

    # ------------------------------------------------------------- snapshots

    def save(self) -> bytes:
        """Return the whole state as bytes, from which `load` goes on with the same bits.

        That is every engine, candles in progress, cross-period strategies with their parameters,
        counters, and the signals that nobody has polled yet. The bytes
        fit the library of this snapshot version on little-endian machines, see docs/snapshot.md.

        Raises
        ------
        BusyError
            Another thread is inside the object.
        """
        return save_handle(lib.hq_multi_save, self._opened())

    @classmethod
    def load(cls, data: bytes | bytearray | memoryview) -> Self:
        """Make one from the bytes that `save` returned.

        Raises
        ------
        SnapshotError
            The bytes are not such a snapshot, are damaged, or are of another version.
        """
        self = cls.__new__(cls)
        handle = load_handle(lib.hq_multi_load, lib.hq_multi_free, "HqMulti", data)
        SignalQueue.__init__(self, handle)
        self._periods = tuple(
            Period(f"{ms}ms") for ms in read_periods(lib.hq_multi_periods, handle)
        )
        self._emit = (
            "on_close" if lib.hq_multi_emit(handle) == _EMIT["on_close"] else "every_update"
        )
        return self

    @staticmethod
    def decode_id(strategy_id: int) -> tuple[int, int]:
        """Split the ``strategy_id`` of a signal.

        Parameters
        ----------
        strategy_id : int
            0..2**32 - 1.

        Returns
        -------
        period_index : int
            0 for a cross-period strategy; i for the engine of ``periods[i - 1]``.
        local_id : int
            The id that adding the strategy returned, 1..65535.

        Raises
        ------
        ParameterError
            `strategy_id` is out of its range.
        """
        if not 0 <= strategy_id < 2**32:
            raise ParameterError(f"strategy_id: expected 0..2**32 - 1, found {strategy_id}")
        return strategy_id >> 16, strategy_id & 0xFFFF

    @property
    def periods(self) -> tuple[Period, ...]:
        """The periods, in the order given."""
        return self._periods

    @property
    def emit(self) -> Emit:
        """When strategies are evaluated."""
        return self._emit

    def engine(self, period: Period | str | int) -> HQuant:
        """Return a period's engine, to add indicators and strategies to and to read columns from.

        Parameters
        ----------
        period : Period, str or int
            One of `periods`, an int in ms.

        Returns
        -------
        HQuant
            Bars reach it through this object alone, and its signals leave through it. It keeps the
            memory alive and stays readable after `close`.

        Raises
        ------
        NotFoundError
            The period is not one of `periods`.
        """
        handle = self._opened()
        ms = period if isinstance(period, int) else _period(period).ms
        if ms not in [known.ms for known in self._periods]:
            raise NotFoundError(
                f"period: expected one of {', '.join(map(str, self._periods))}, found {period}"
            )
        engine = lib.hq_multi_engine(handle, ms)
        if engine == ffi.NULL:
            raise last_error()
        return HQuant._borrow(engine, handle)

    # ------------------------------------------------------------ strategies

    def add_multi_strategy(
        self, name: str, dsl: str | bytes | bytearray | memoryview | Strategy
    ) -> int:
        """Add a strategy across periods; it emits nothing until the next bar.

        Parameters
        ----------
        name : str
            What messages call it.
        dsl : str, bytes or Strategy
            Its text, a compiled program (HQBC), or a Strategy. ``close@4h`` reads the engine of
            4h, which must be one of `periods`; ``close`` reads the first period's.

        Returns
        -------
        int
            Its id, 1..65535. Its signals carry the timestamp of the last bar fed.

        Raises
        ------
        CompileError, ProgramError
            The text does not compile; the bytes are not a valid program.
        NotFoundError
            It reads a period that is not one of `periods`.
        UnsupportedError
            It has SIZE, STOP, TARGET or TRAIL, which bare signals cannot carry.
        """
        handle = self._opened()
        raw = name_bytes(name)
        program = program_bytes(dsl, name)
        id = int(lib.hq_multi_add_strategy(handle, raw, len(raw), program, len(program)))
        if id == 0:
            raise last_error()
        return id

    add_strategy = add_multi_strategy

    def set_param(self, strategy_id: int, name: str, value: float) -> None:
        """Set a PARAM of a cross-period strategy, as `HQuant.set_param`.

        It takes over when the first period's next candle begins. A strategy of one period's engine
        is set there: ``multi.engine("15m").set_param(...)``.
        """
        set_param(lib.hq_multi_set_param, self._opened(), strategy_id, name, value)

    # ------------------------------------------------------------- ingestion

    def feed_bar(
        self,
        timestamp: int,
        open: float,
        high: float,
        low: float,
        close: float,
        volume: float,
        buy_volume: float | None = None,
    ) -> None:
        """Feed one base bar. A bar with the last one's timestamp takes its place.

        Parameters
        ----------
        timestamp : int
            Open time, ms; not before the last bar's.
        open, high, low, close : float
            Prices.
        volume : float
            Traded quantity, base asset units.
        buy_volume : float, optional
            The part of it where the buyer was the taker; 0 when left out.

        Raises
        ------
        DataError
            A field is not finite or beyond 1e100, or the bar is older than the last one. Nothing
            changes but `rejected_bars`.
        ParameterError
            The time is so far out that a candle's edge would leave int64.
        """
        bar = (timestamp, open, high, low, close, volume, 0.0 if buy_volume is None else buy_volume)
        try:
            status = lib.hq_multi_feed_bar(self._handle, bar)
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
        if status:
            self._opened()
            check(status)

    def feed_bars(self, data: Source) -> int:
        """Feed whole columns, bar by bar, as `feed_bar` does.

        Parameters
        ----------
        data : Bars or anything that `hquant_cffi.load` accepts
            The base bars.

        Returns
        -------
        int
            How many were fed: all.

        Raises
        ------
        DataError
            The data does not load, and nothing is fed. Or a bar is refused: the message names its
            row; the rows before it are in, it and the rest are not.
        KeyboardInterrupt
            Ctrl-C, seen between blocks of 65,536 rows; a note on it says how many were fed.
        """
        from hquant_cffi.data import load  # here: who feeds single bars needs no loaders

        handle = self._opened()
        bars = load(data)
        return push_blocks(lib.hq_multi_feed_bars, handle, bars, "fed")

    def flush(self) -> None:
        """Close every candle in progress, as at the end of the data.

        With ``emit="on_close"`` they are evaluated, unless they have been. A later bar of the same
        candle continues it; it is not evaluated again.
        """
        check(lib.hq_multi_flush(self._opened()))

    @property
    def rejected_bars(self) -> int:
        """Bars refused so far: not finite, out of order, or at a time out of range."""
        return self._count(lib.hq_multi_rejected)


def _period(period: Period | str) -> Period:
    return period if isinstance(period, Period) else Period(period)
