"""HQuant: a ring of bars, indicators over them, strategies over those, signals out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import nan
from operator import index
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, Never, Self

import numpy as np

from hquant_cffi._columns import Column, ColumnState, push_blocks
from hquant_cffi._errors import NotFoundError, ParameterError
from hquant_cffi._ffi import check, ffi, last_error, lib
from hquant_cffi._handles import read_only_view
from hquant_cffi._indicator_table import FIELDS, Mode, field_numbers, find, spec
from hquant_cffi._overflow import out_of_range, shown
from hquant_cffi._signals import SIGNAL_DTYPE, QueueFunctions, Signal, SignalQueue
from hquant_cffi._snapshots import load_handle, save_handle
from hquant_cffi._timeframes import BarPeriod, Htf, bar_period_ms, htf_number
from hquant_cffi.strategy import Strategy, name_bytes, program_bytes, set_param

if TYPE_CHECKING:
    from hquant_cffi.data.load import Source

__all__ = [
    "SIGNAL_DTYPE",
    "Column",
    "ColumnState",
    "HQuant",
    "IndicatorValue",
    "Signal",
]

Field = Literal["open", "high", "low", "close", "volume", "buy_volume"]

#: No indicator has more.
_MAX_OUTPUTS: Final = 5
_KINDS: Final[dict[int, Literal["scalar", "triple"]]] = {
    lib.INDICATOR_SCALAR: "scalar",
    lib.INDICATOR_TRIPLE: "triple",
}

# Bound once: looking a function up in `lib` costs a tenth of the call.
_push_bar = lib.hq_push_bar
_update_last_bar = lib.hq_update_last_bar


class IndicatorValue(NamedTuple):
    """The newest value of an indicator; NaN where it has none yet.

    Attributes
    ----------
    kind : {"scalar", "triple"}
    a : float
        The value; the upper band of BOLL, the line of MACD.
    b, c : float
        The second and third output (BOLL: mid, lower; MACD: signal, hist); NaN for a scalar.
    """

    kind: Literal["scalar", "triple"]
    a: float
    b: float
    c: float


class HQuant(SignalQueue):
    """A single-period engine.

    Parameters
    ----------
    capacity : int
        Bars that the ring keeps, 1..2**27. Indicators need no room in it: any period works with
        any capacity.
    bar_period : Period, str or int, optional
        The period of the bars that are pushed (``"1m"``, or ms). A candle of a higher timeframe is
        then complete with the bar that ends where it ends; without it, when the first bar at or
        after its end comes.
    htf : {"closed", "forming"}, optional
        What strategies see of a higher timeframe (``close@4h``): its last candle that is complete,
        or the one in progress, made of the bars so far.

    Raises
    ------
    ParameterError
        `capacity` or `bar_period` is out of its range, another `htf`.
    OutOfMemoryError
        The system gave no memory.

    Notes
    -----
    Usable as a context manager. Every method raises ``ClosedError`` after `close`, and
    ``BusyError`` while another thread is inside the object. Adding the same indicator twice gives
    the same id. Indicators and strategies that are added late are warmed from the bars that the
    ring holds, as if a fresh engine had been fed just those.

    While a strategy reads a higher timeframe, bars must come in order, and an update must have the
    newest bar's time: its candles are made of them.

    Examples
    --------
    >>> from hquant_cffi import HQuant
    >>> with HQuant(1024) as engine:
    ...     sma = engine.add_sma_close(2)
    ...     rule = engine.add_strategy("up", "IF close > SMA(2) THEN BUY")
    ...     engine.push_bar(0, 10, 12, 9, 10, 3.0)
    ...     engine.push_bar(60_000, 10, 15, 10, 14, 2.0)
    ...     engine.indicator_last(sma), engine.poll_signals()
    (12.0, [{'strategy_id': 1, 'action': 'BUY', 'timestamp': 60000}])
    """

    _queue = QueueFunctions(
        lib.hquant_signals_len,
        lib.hquant_poll_signals,
        lib.hq_signals_dropped,
        lib.hq_set_signal_capacity,
    )

    def __init__(self, capacity: int, *, bar_period: BarPeriod = None, htf: Htf = "closed") -> None:
        period_ms = bar_period_ms(bar_period)
        number = htf_number(htf)
        try:
            handle = lib.hquant_new(capacity)
        except OverflowError:
            raise ParameterError(f"capacity: expected 1..2**27 bars, found {capacity}") from None
        if handle == ffi.NULL:
            raise last_error()
        super().__init__(ffi.gc(handle, lib.hquant_free))
        self._owner: object = self._handle
        check(lib.hq_engine_set_htf(self._handle, number, period_ms))

    @classmethod
    def _borrow(cls, handle: Any, owner: object) -> Self:
        """Return an engine around a handle that belongs to `owner`, which it keeps alive."""
        self = cls.__new__(cls)
        SignalQueue.__init__(self, handle)
        self._owner = (handle, owner)
        return self

    def close(self) -> None:
        super().close()
        self._owner = None

    # ------------------------------------------------------------- snapshots

    def save(self) -> bytes:
        """Return the whole state as bytes, from which `load` goes on with the same bits.

        That is bars, indicators with their columns, strategies with their parameters, candles in
        progress, counters, and the signals that nobody has polled yet. The bytes
        fit the library of this snapshot version on little-endian machines, see docs/snapshot.md.

        Raises
        ------
        BusyError
            Another thread is inside the object.
        """
        return save_handle(lib.hq_engine_save, self._opened())

    @classmethod
    def load(cls, data: bytes | bytearray | memoryview) -> Self:
        """Make one from the bytes that `save` returned.

        Raises
        ------
        SnapshotError
            The bytes are not such a snapshot, are damaged, or are of another version.
        """
        self = cls.__new__(cls)
        handle = load_handle(lib.hq_engine_load, lib.hquant_free, "HQuant", data)
        SignalQueue.__init__(self, handle)
        self._owner = handle
        return self

    # ------------------------------------------------------------ indicators

    def add_rsi(self, period: int) -> int:
        """Add the relative strength index of the close, 0..100, and return its id.

        Parameters
        ----------
        period : int
            Bars, 1..2**20. The first value is at bar `period` (0-based).

        Returns
        -------
        int
            From 1; the id that it already has when an equal one was added before.

        Raises
        ------
        ParameterError
            A parameter is out of its range. Nothing is left behind, no id is used up. This holds
            for every ``add_`` method.
        """
        return self._added(lib.hquant_add_rsi, period)

    def add_ema_close(self, period: int) -> int:
        """Add the exponential moving average of the close, seeded with the first; as `add_rsi`."""
        return self._added(lib.hquant_add_ema_close, period)

    def add_sma_close(self, period: int) -> int:
        """Add the mean of the last `period` closes; as `add_rsi`."""
        return self._added(lib.hquant_add_sma_close, period)

    def add_stddev_close(self, period: int) -> int:
        """Add the population standard deviation of the last `period` closes; as `add_rsi`."""
        return self._added(lib.hquant_add_stddev_close, period)

    def add_boll(self, period: int, k: float) -> int:
        """Add Bollinger bands of the close: SMA + k*STDDEV, SMA, SMA - k*STDDEV.

        Parameters
        ----------
        period : int
            Bars, 1..2**20.
        k : float
            Width in standard deviations, >= 0.

        Returns
        -------
        int
            Its id. Its SMA and STDDEV are added first and take ids of their own.
        """
        return self._added(lib.hquant_add_boll, period, k)

    def add_macd(self, fast: int, slow: int, signal: int) -> int:
        """Add moving average convergence/divergence of the close: line, signal line, histogram.

        Parameters
        ----------
        fast, slow, signal : int
            Bars, 1..2**20, ``fast < slow``.

        Returns
        -------
        int
            Its id. The EMAs of `fast` and `slow` are added first and take ids of their own.
        """
        return self._added(lib.hquant_add_macd, fast, slow, signal)

    def add_atr(self, period: int) -> int:
        """Add the average true range; as `add_rsi`."""
        return self.add_indicator("ATR", period)

    def add_indicator(
        self,
        name: str,
        *params: float,
        field: Field | Sequence[Field] | None = None,
        mode: Mode = "seed",
        history: bool = True,
        **named: float,
    ) -> int:
        """Add any indicator of the table.

        Parameters
        ----------
        name : str
            In any case, such as ``"HIGHEST"``; ``hquant_cffi.indicators.table()`` lists them.
        *params, **named : float
            Its parameters, in the row's order or by name; one left out takes the row's default.
        field : {"open", "high", "low", "close", "volume", "buy_volume"} or a sequence, optional
            What it reads, one for each input where it has several (CORREL); the row's own default
            when left out.
        mode : {"seed", "talib"}
            How it starts: by this project's conventions, or with TA-Lib's values and warm-up.
        history : bool, optional
            Whether `indicator_column` has its values over the ring's bars. Without, the newest
            ones are all that is kept (`live`, `indicator_value`): a bar comes cheaper, and 8 bytes
            an output and bar of the ring are saved.

        Returns
        -------
        int
            Its id, from 1. Without a history, that of an equal indicator where there is one,
            with a history or not; with one, an equal indicator without counts as another.

        Raises
        ------
        NotFoundError
            No indicator has this name.
        ParameterError
            A parameter is out of its range, or the indicator's inputs are fixed (ATR, TR).
        TypeError
            A parameter is missing, unknown, given twice, or no number.

        Examples
        --------
        >>> from hquant_cffi import HQuant
        >>> HQuant(100).add_indicator("SMA", period=20, field="volume")
        1
        """
        row = find(name)
        values = row.bind(params, named)
        fields = [] if field is None else field_numbers(row, field)
        add = lib.hq_add_indicator if history else lib.hq_add_indicator_newest
        return self._added(add, spec(row, mode, values, fields))

    def indicator_last(self, id: int) -> float:
        """Return the newest value of an indicator, the first one where it has three.

        Parameters
        ----------
        id : int
            As returned when it was added.

        Returns
        -------
        float
            NaN where it has no value yet.

        Raises
        ------
        NotFoundError
            No indicator has this id.
        """
        try:
            value: float = lib.hq_python_indicator_last(self._opened(), index(id))
        except (TypeError, OverflowError):
            value = nan  # which id that is, is said below
        return value if value == value else self.indicator_value(id).a

    def indicator_value(self, id: int) -> IndicatorValue:
        """Return the newest values of an indicator; as `indicator_last`."""
        handle = self._opened()
        number = _indicator_number(id)
        value = lib.hquant_indicator_last(handle, number)
        if value.a != value.a:  # not yet a value, or not at all: only the error tells
            lib.hq_clear_error()
            value = lib.hquant_indicator_last(handle, number)
            check(lib.hq_last_error().code)
        return IndicatorValue(_KINDS[value.kind], value.a, value.b, value.c)

    def indicator_values(self, id: int) -> tuple[float, ...]:
        """Return the newest value of every output of an indicator, in the row's order.

        Returns
        -------
        tuple of float
            NaN where there is none yet.

        Raises
        ------
        NotFoundError
            No indicator has this id.

        Examples
        --------
        >>> from hquant_cffi import HQuant
        >>> engine = HQuant(10)
        >>> id = engine.add_indicator("HA")
        >>> engine.push_bar(0, 1.0, 4.0, 0.5, 2.5, 10.0)
        >>> engine.indicator_values(id)
        (1.75, 4.0, 0.5, 2.0)
        """
        handle = self._opened()
        number = _indicator_number(id)
        values = ffi.new("double[]", _MAX_OUTPUTS)
        lib.hq_clear_error()
        count = lib.hq_indicator_values(handle, number, values, _MAX_OUTPUTS)
        check(lib.hq_last_error().code)
        return tuple(values[0:count])

    def live(self, *outputs: int | tuple[int, int]) -> memoryview[float]:
        """Return the newest values of indicators as memory that follows the bars.

        Reading it is no call: ``values[0]`` costs a tenth of `indicator_last`. After every
        `push_bar`, `update_last_bar` and `push_bars` it shows the newest values.

        Parameters
        ----------
        *outputs : int or tuple of (int, int)
            Ids as returned when the indicators were added, each for its first output, or pairs of
            an id and an output, 0 for the first.

        Returns
        -------
        memoryview of float
            One value each, in this order, read-only; NaN where there is none yet. The same bits
            as `indicator_values`. ``numpy.asarray`` views it without a copy.

        Raises
        ------
        NotFoundError
            No indicator has such an id, or it has no such output.
        ParameterError
            No output is named, or more than 65,536.

        Notes
        -----
        There may be several; asking for the same outputs again gives a view of the same memory.
        Each costs a copy a value and call, from here on as long as the engine lives: make them
        once, not per bar. Indicators that are added later and `set_param` do not disturb them.
        A snapshot does not hold them: ask the loaded engine again. After `close` a view stays
        valid and keeps what it showed last.

        Read it in the thread that pushes, or while no call is inside the engine.

        Examples
        --------
        >>> from hquant_cffi import HQuant
        >>> engine = HQuant(1024)
        >>> sma, macd = engine.add_sma_close(2), engine.add_macd(2, 4, 3)
        >>> values = engine.live(sma, (macd, 2))
        >>> for bar, close in enumerate([10.0, 14.0, 18.0]):
        ...     engine.push_bar(bar * 60_000, close, close, close, close, 1.0)
        ...     average, histogram = values
        ...     print(average, round(histogram, 3))
        nan 0.0
        12.0 0.533
        16.0 0.764
        """
        handle = self._opened()
        wanted = ffi.new("HqIndicatorOutput[]", [_output_numbers(output) for output in outputs])
        values = lib.hq_engine_watch(handle, wanted, len(outputs))
        if values == ffi.NULL:
            raise last_error()
        size = len(outputs) * ffi.sizeof("double")
        return read_only_view(values, size, np.dtype(np.uint8), self._owner).data.cast("d")

    # ------------------------------------------------------------ strategies

    def add_strategy(self, name: str, dsl: str | bytes | bytearray | memoryview | Strategy) -> int:
        """Add a strategy; it emits nothing until the next push or update.

        Parameters
        ----------
        name : str
            What messages call it.
        dsl : str, bytes or Strategy
            Its text, a compiled program (HQBC), or a Strategy.

        Returns
        -------
        int
            Its id, from 1.

        Raises
        ------
        CompileError
            The text does not compile; the error carries a diagnostic for each thing that is wrong.
        ProgramError
            The bytes are not a valid program.
        ParameterError
            It reads a timeframe that is no multiple of the engine's `bar_period`.
        DataError
            It reads a higher timeframe, and the bars that the ring holds are not in order.
        UnsupportedError
            The program asks for what this engine cannot execute.
        """
        raw = name_bytes(name)
        program = program_bytes(dsl, name)
        return self._added(lib.hquant_add_strategy, raw, len(raw), program, len(program))

    def set_param(self, strategy_id: int, name: str, value: float) -> None:
        """Set a PARAM of a strategy while it runs.

        Its new nodes are warmed from the bars that the ring holds, inside the call, and take over
        at the next push: from then on it gives what the strategy with this value gives that a
        fresh engine was fed those bars with. Other strategies and indicators notice nothing.

        Parameters
        ----------
        strategy_id : int
            As returned when it was added.
        name : str
            Of the PARAM.
        value : float
            In the PARAM's range, and in that of the indicators that it goes to.

        Raises
        ------
        NotFoundError
            No strategy has this id, or it has no such PARAM.
        ParameterError
            `value` is out of its range. Nothing has changed.

        Examples
        --------
        >>> from hquant_cffi import HQuant
        >>> engine = HQuant(100)
        >>> id = engine.add_strategy("s", "PARAM p = 14 IN 2..50\\nIF RSI(p) < 30 THEN BUY")
        >>> engine.set_param(id, "p", 7)
        """
        set_param(lib.hq_engine_set_param, self._opened(), strategy_id, name, value)

    # ------------------------------------------------------------- ingestion

    def push_bar(
        self,
        timestamp: int,
        open: float,
        high: float,
        low: float,
        close: float,
        volume: float,
        buy_volume: float | None = None,
    ) -> None:
        """Append a bar; it forms until the next one comes. Strategies are evaluated.

        Parameters
        ----------
        timestamp : int
            Open time, ms.
        open, high, low, close : float
            Prices.
        volume : float
            Traded quantity, base asset units.
        buy_volume : float, optional
            The part of it where the buyer was the taker; 0 when left out.

        Raises
        ------
        DataError
            A field is not finite or beyond 1e100, or the bar is out of order while a strategy
            reads a higher timeframe. Nothing changes but `rejected_bars`.
        """
        try:
            if _push_bar(
                self._handle,
                timestamp,
                open,
                high,
                low,
                close,
                volume,
                0.0 if buy_volume is None else buy_volume,
            ):
                self._fail()
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

    def update_last_bar(
        self,
        timestamp: int,
        open: float,
        high: float,
        low: float,
        close: float,
        volume: float,
        buy_volume: float | None = None,
    ) -> None:
        """Replace the newest bar, as if only this version had been pushed.

        Strategies are evaluated again. Does nothing while there is no bar. Otherwise as `push_bar`.
        """
        try:
            if _update_last_bar(
                self._handle,
                timestamp,
                open,
                high,
                low,
                close,
                volume,
                0.0 if buy_volume is None else buy_volume,
            ):
                self._fail()
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

    def push_bars(self, data: Source) -> int:
        """Push whole columns: what `push_bar` does with each bar in turn, to the last bit.

        Parameters
        ----------
        data : Bars or anything that `hquant_cffi.load` accepts
            The candles. The columns of a Bars are read where they are. Other threads run meanwhile.

        Returns
        -------
        int
            How many were pushed: all.

        Raises
        ------
        DataError
            The data does not load, and nothing is pushed. Or a bar is refused: the message names
            its row and how many bars before it were pushed.
        KeyboardInterrupt
            Ctrl-C, seen between blocks of 65,536 rows; a note on it says how many were pushed.
        """
        from hquant_cffi.data import load  # here: who pushes single bars needs no loaders

        handle = self._opened()
        bars = load(data)
        return push_blocks(lib.hq_push_bars, handle, bars, "pushed")

    # --------------------------------------------------------------- reading

    def __len__(self) -> int:
        """Bars held, 0..capacity."""
        return self._count(lib.hquant_len)

    @property
    def capacity(self) -> int:
        """Bars that fit."""
        return self._count(lib.hquant_capacity)

    @property
    def rejected_bars(self) -> int:
        """Bars refused so far."""
        return self._count(lib.hq_rejected_bars)

    @property
    def total_bars(self) -> int:
        """Bars pushed so far, those that the ring has dropped included."""
        return self._count(lib.hq_total_bars)

    def column(self, name: str) -> Column[Any]:
        """Return a column of the ring as a live view.

        Parameters
        ----------
        name : str
            A bar's field, or ``"timestamp"`` (int64, ms).

        Raises
        ------
        NotFoundError
            No column has this name.
        """
        handle = self._opened()
        function = _COLUMNS.get(name)
        if function is None:
            raise NotFoundError(f"column: expected one of {', '.join(_COLUMNS)}, found {name!r}")
        return Column(name, lambda: function(handle), self._owner)

    def indicator_column(self, id: int, output: int = 0) -> Column[np.float64]:
        """Return the ring column of an indicator's output; NaN where it had no value.

        Parameters
        ----------
        id : int
            As returned when it was added.
        output : int, optional
            0 for its first output. An indicator added late has its values over the bars that it
            was warmed from.

        Raises
        ------
        NotFoundError
            No indicator has this id, or it has no such output.
        ParameterError
            It was added without a history.

        Notes
        -----
        Values reach the column in batches: an access of the Column brings it up to date, an array
        taken earlier may lag behind until then.
        """
        handle = self._opened()
        number = _indicator_number(id)
        which = _output_number(output)
        column: Column[np.float64] = Column(
            f"indicator {id}, output {output}",
            lambda: lib.hq_indicator_column(handle, number, which),
            self._owner,
        )
        column.state()
        return column

    def close_column(self) -> ColumnState[np.float64]:
        """Return ``(raw, capacity, len, head)`` of the closes, without a copy.

        Returns
        -------
        ColumnState
            ``raw`` is the ring's memory, read-only; later bars show up in it, while ``len`` and
            ``head`` are those of this moment. It stays valid after `close`.
        """
        return self.column("close").state()

    def open_column(self) -> ColumnState[np.float64]:
        """As `close_column`, of the opens."""
        return self.column("open").state()

    def high_column(self) -> ColumnState[np.float64]:
        """As `close_column`, of the highs."""
        return self.column("high").state()

    def low_column(self) -> ColumnState[np.float64]:
        """As `close_column`, of the lows."""
        return self.column("low").state()

    def volume_column(self) -> ColumnState[np.float64]:
        """As `close_column`, of the volumes."""
        return self.column("volume").state()

    def buy_volume_column(self) -> ColumnState[np.float64]:
        """As `close_column`, of the taker-buy volumes."""
        return self.column("buy_volume").state()

    def timestamp_column(self) -> ColumnState[np.int64]:
        """As `close_column`, of the open times, int64, ms."""
        return self.column("timestamp").state()

    # -------------------------------------------------------------- internals

    def _added(self, function: Callable[..., int], *arguments: object) -> int:
        """Call a function that adds something: its id, or why not."""
        handle = self._opened()
        try:
            id = int(function(handle, *arguments))
        except OverflowError:
            raise ParameterError(
                f"expected whole numbers in 1..2**20, found {', '.join(map(shown, arguments))}"
            ) from None
        if id == 0:
            raise last_error()
        return id

    def _fail(self) -> Never:
        self._opened()
        raise last_error()


_COLUMNS: Final[dict[str, Callable[[Any], Any]]] = {
    name: getattr(lib, f"hquant_{name}_column") for name in ("timestamp", *FIELDS)
}


def _indicator_number(id: int) -> int:
    """Return an id as C takes it; what does not fit there names no indicator."""
    try:
        number = index(id)
    except TypeError:
        raise TypeError(f"id: expected an int, found {type(id).__name__} {id!r}") from None
    if not 0 <= number < 2**32:
        raise NotFoundError(
            f"indicator: expected an id as returned when it was added, found {shown(id)}"
        )
    return number


def _output_number(output: int) -> int:
    """Return the number of an output as C takes it; no indicator has more than a few."""
    try:
        number = index(output)
    except TypeError:
        raise TypeError(
            f"output: expected an int, found {type(output).__name__} {output!r}"
        ) from None
    if not 0 <= number < _MAX_OUTPUTS:
        raise NotFoundError(f"output: expected 0..{_MAX_OUTPUTS - 1}, found {shown(output)}")
    return number


def _output_numbers(output: int | tuple[int, int]) -> tuple[int, int]:
    """Return an indicator's id and one of its outputs as C takes them."""
    if not isinstance(output, tuple):
        return _indicator_number(output), 0
    if len(output) != 2:
        raise TypeError(f"output: expected an id or (id, output), found {output!r}")
    id, number = output
    return _indicator_number(id), _output_number(number)
