"""A strategy and indicators over whole columns in one call: signals and values by bar."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from hquant_cffi import indicators as _functions
from hquant_cffi._arguments import mapping
from hquant_cffi._errors import ParameterError
from hquant_cffi._ffi import check, ffi, lib
from hquant_cffi._indicator_functions import result_name
from hquant_cffi._indicator_table import Mode, find
from hquant_cffi._progress import Progress, Watch
from hquant_cffi._run_plan import Indicators, Item, Plan, SeriesNames, make_plan
from hquant_cffi._run_result import Floats, RunResult, Values
from hquant_cffi._timeframes import BarPeriod, Htf, bar_period_ms, htf_number
from hquant_cffi.backtest import StrategyLike

if TYPE_CHECKING:
    from hquant_cffi.data import Bars
    from hquant_cffi.data.load import Source

__all__ = ["RunResult", "run"]

_FLOAT64: Final = np.dtype(np.float64)
_DOUBLES: Final = ffi.typeof("double[]")
_TIMES: Final = ffi.typeof("int64_t[]")
_ADDRESS: Final = ffi.typeof("uintptr_t")


def run(
    data: Source,
    strategy: StrategyLike | None = None,
    *,
    indicators: Indicators | None = None,
    series: SeriesNames | None = None,
    params: Mapping[str, float] | None = None,
    htf: Htf = "closed",
    bar_period: BarPeriod = None,
    mode: Mode = "seed",
    out: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> RunResult:
    """Compute a strategy's signals, its named series, and indicators over bars.

    Everything is computed in one pass over the data, a block of bars at a time. Signals and values
    equal those of an `HQuant` that is fed the bars one by one, to the last bit: each bar sees
    those up to it alone. docs/running.md has more.

    Parameters
    ----------
    data : Bars or anything that `hquant_cffi.data.load` accepts
        The candles. The columns of a Bars are read where they are.
    strategy : str, path, bytes or Strategy, optional
        Text, a file ending in ``.hq`` (text) or ``.hqbc`` (compiled), a compiled program, or a
        Strategy. Its clauses (SIZE, STOP, ...) say how `backtest` trades a signal, and take no
        part.
    indicators : mapping of str to str, or sequence of str, optional
        What else to compute: expressions of the strategy language by name, such as
        ``{"fast": "SMA(close, 10)", "bands": "BOLL(20, 2)", "trend": "EMA(close@4h, 50)"}``. A
        text in a list is its own name.
    series : sequence of str or True, optional
        Names that the strategy's text assigns; True for all of them.
    params : mapping of str to float, optional
        Values for the strategy's PARAMs, such as ``{"fast": 12}``; the others keep their own.
    htf : {"closed", "forming"}, optional
        What is seen of a higher timeframe (``close@4h``): its last candle that is complete, or the
        one in progress, made of the bars so far.
    bar_period : Period, str or int, optional
        The bars' own period (``"1m"``, or ms): a candle is then complete with the bar that ends
        where it ends. Left out, it is taken as unknown, not guessed from the data: a candle is
        complete when the first bar at or after its end comes.
    mode : {"seed", "talib"}, optional
        How the indicators of texts that are given here start; a Strategy and a file's content
        keep their own.
    out : mapping of str to ndarray, optional
        Where to put values, by the name of the series or indicator: (T,) arrays of float64,
        contiguous and writable; one for each output where there are several. The others are made.
    progress : callable, optional
        Called with (bars done, bars in all) about every 65,536 bars and at the end. A true answer
        stops the run; an exception stops it and is raised here, Ctrl-C included.

    Returns
    -------
    RunResult

    Raises
    ------
    ParameterError
        A parameter outside its range, a name that is taken, an array in `out` that cannot be
        written to or overlaps another, a timeframe that is no multiple of `bar_period`, something
        that reads buy_volume over data without it.
    NotFoundError
        A name in `params` or `series` that the strategy has not.
    DataError
        The data does not load.
    CompileError, ProgramError
        A text does not compile; the bytes are not a valid program.
    CancelledError
        `progress` asked for it.

    Examples
    --------
    >>> from hquant_cffi import load_sp500, run
    >>> result = run(
    ...     load_sp500(),
    ...     "fast = SMA(10)\\nIF CROSSOVER(fast, SMA(50)) THEN BUY",
    ...     series=["fast"],
    ...     indicators={"bands": "BOLL(20, 2)"},
    ... )
    >>> result
    <RunResult: 5031 bars, 67 buy, 0 sell, 0 hold, with fast, bands>
    >>> result.series["fast"][8:11].round(3)
    array([     nan, 1248.328, 1250.718])
    >>> float(result.indicators["bands"].upper[-1].round(3))
    2804.436
    """
    if strategy is None and indicators is None:
        raise ParameterError("strategy: expected one, or indicators, found neither")
    plan, compiled = make_plan(strategy, series, indicators, mode)
    given = mapping("params", params, "PARAMs")
    if compiled is None and given:
        raise ParameterError("params: there is no strategy to take them")
    values = [] if compiled is None else compiled.param_values(given)
    bars = _loader()(data)
    options, kept = _options(values, htf, bar_period)
    fields = plan.fields if bar_period is None else plan.fields | {"timestamp"}  # it is checked
    room = _Room(plan, len(bars), out)
    columns = _Columns(bars, fields)
    if room.given:
        _refuse_overlaps(room.given, columns.pointers, len(bars))
    call = _Call(plan, columns, room)
    with Watch(progress) as watch:
        status = lib.hq_run(columns.struct, plan.program, options, call.result)
    watch.raise_error()
    check(status)
    del kept  # the options point into it until here
    return call.found()


@cache
def _loader() -> Callable[[Source], Bars]:
    from hquant_cffi.data import load  # here: who streams needs no loaders

    return load


def _options(params: list[float], htf: Htf, bar_period: BarPeriod) -> tuple[Any, Any]:
    """Return an ``HqRunOptions *`` and what must live as long as it."""
    options = ffi.new("HqRunOptions *")
    lib.hq_run_options_init(options)
    values = ffi.new("double[]", params)
    options.params, options.n_params = values, len(params)
    options.htf = htf_number(htf)
    options.bar_period_ms = bar_period_ms(bar_period)
    options.progress = lib.hq_python_progress  # without one, too: it is where Ctrl-C is noticed
    return options, values


# ---------------------------------------------------------------------- columns


class _Room:
    """Arrays for the values of a run: the caller's, or new ones.

    Attributes
    ----------
    arrays, pointers : dict
        Of each series and indicator, one for each of its outputs; the pointers keep the arrays.
    given : list
        Of the caller's arrays name and pointer.
    """

    def __init__(self, plan: Plan, length: int, out: Mapping[str, Any] | None) -> None:
        given = mapping("out", out, "arrays")
        names = [item.name for item in plan.items]
        for name in given:
            if name not in names:
                expected = ", ".join(names) or "nothing, for nothing is asked for"
                raise ParameterError(f"out: expected {expected}, found {name!r}")
        self.arrays = {item.name: _arrays(item, length, given) for item in plan.items}
        self.pointers = {
            name: [ffi.from_buffer(_DOUBLES, array) for array in arrays]
            for name, arrays in self.arrays.items()
        }
        self.given = [(name, pointer) for name in given for pointer in self.pointers[name]]


def _arrays(item: Item, length: int, given: Mapping[str, Any]) -> list[Floats]:
    if item.name not in given:
        return [np.empty(length) for _ in item.registers]
    arrays = given[item.name]
    if item.row is None:
        return [_checked(arrays, length, item.name)]
    arrays = list(arrays)
    if len(arrays) != len(item.registers):
        raise ParameterError(
            f"out[{item.name!r}]: expected {len(item.registers)} arrays, for "
            f"{', '.join(item.outputs)}, found {len(arrays)}"
        )
    return [
        _checked(array, length, item.name, output)
        for output, array in zip(item.outputs, arrays, strict=True)
    ]


def _checked(array: object, length: int, where: str, output: str = "") -> Floats:
    if (
        isinstance(array, np.ndarray)
        and array.shape == (length,)
        and (array.dtype is _FLOAT64 or array.dtype == _FLOAT64)
        and array.flags.carray  # contiguous, aligned, writable
    ):
        return array
    name = f"out[{where!r}]{output and '.'}{output}"
    wanted = f"a writable, contiguous, aligned array of {length} float64"
    if not isinstance(array, np.ndarray):
        raise TypeError(f"{name}: expected {wanted}, found {type(array).__name__}")
    found = f"{array.dtype} of shape {array.shape}"
    if array.shape == (length,) and array.dtype == np.float64:
        found = _flaws(array)
    raise ParameterError(f"{name}: expected {wanted}, found {found}")


def _flaws(array: Floats) -> str:
    """Return what keeps an array of the right type and length from being written to by C."""
    flags = array.flags
    flaws = {
        "has gaps": not flags.c_contiguous,
        "is read-only": not flags.writeable,
        "is not aligned to 8 bytes": not flags.aligned,
    }
    return f"one that {' and '.join(flaw for flaw, is_so in flaws.items() if is_so)}"


class _Columns:
    """The columns of bars that are read, as C takes them; the bars must outlive it."""

    def __init__(self, bars: Bars, fields: frozenset[str]) -> None:
        self.bars = bars
        self.pointers = {name: _column(bars, name) for name in fields}
        self.struct = ffi.new("HqBars *", {"length": len(bars), **self.pointers})


def _column(bars: Bars, name: str) -> Any:
    column = getattr(bars, name)
    if column is None:
        raise ParameterError(
            f"{name}: the strategy or an indicator reads it, and the data has no such column"
        )
    return ffi.from_buffer(_TIMES if name == "timestamp" else _DOUBLES, column)


def _refuse_overlaps(
    written: Sequence[tuple[str, Any]], read: Mapping[str, Any], length: int
) -> None:
    """Refuse arrays in others' memory, which would be read after they are written.

    All are as long as the bars, so that neighbours tell.
    """
    size = length * _FLOAT64.itemsize
    places = [_address(each) for _, each in written]
    places += {_address(each) for each in read.values()}
    places.sort()
    if all(second - first >= size for first, second in pairwise(places)):
        return  # most do
    spans = [(_address(each), repr(name), True) for name, each in written]
    spans += [(_address(each), f"the bars' {name}", False) for name, each in read.items()]
    spans.sort()
    for (begin, name, is_written), (other, second, is_too) in pairwise(spans):
        if other < begin + size and (is_written or is_too):
            raise ParameterError(
                f"out: expected an array of its own for each, found {name} and {second} "
                "in the same memory"
            )


def _address(pointer: Any) -> int:
    return int(ffi.cast(_ADDRESS, pointer))


# ------------------------------------------------------------------------- call


class _Call:
    """One call of ``hq_run()``: the memory that it writes to."""

    def __init__(self, plan: Plan, columns: _Columns, room: _Room) -> None:
        self.plan, self.bars, self.room = plan, columns.bars, room
        length = len(self.bars)
        self.actions = np.zeros(length, np.uint8)
        self.rules: npt.NDArray[np.int16] = _no_rules(length)
        self.asked = ffi.new(
            "HqRunColumn[]",
            [
                (ffi.NULL, register, 0, pointer)
                for item in plan.items
                for register, pointer in zip(item.registers, room.pointers[item.name], strict=True)
            ],
        )
        self.result = ffi.new("HqRunResult *", {"struct_size": ffi.sizeof("HqRunResult")})
        self.result.columns, self.result.n_columns = self.asked, len(self.asked)
        if plan.rule_lines:
            self.rules = np.empty(length, np.int16)
            self.result.actions = ffi.from_buffer("uint8_t[]", self.actions)
            self.result.rules = ffi.from_buffer("int16_t[]", self.rules)

    def found(self) -> RunResult:
        """Return what the call has written."""
        plan, arrays, found = self.plan, self.room.arrays, self.result
        return RunResult(
            bars=self.bars,
            actions=self.actions,
            rules=self.rules,
            rule_lines=plan.rule_lines,
            series={each.name: _values(each, arrays[each.name]) for each in plan.series},
            indicators={each.name: _values(each, arrays[each.name]) for each in plan.indicators},
            warmup_bars=found.warmup_bars,
            buy_signals=found.buy_signals,
            sell_signals=found.sell_signals,
            hold_signals=found.hold_signals,
        )


@lru_cache(maxsize=16)
def _no_rules(length: int) -> npt.NDArray[np.int16]:
    """Return -1 for each bar, read-only: one number that stands for all."""
    return np.broadcast_to(np.int16(-1), length)


def _values(item: Item, arrays: list[Floats]) -> Values:
    if item.row is None:
        return arrays[0]
    return _result_type(item.row)(*arrays)


@cache
def _result_type(row: str) -> Callable[..., tuple[Floats, ...]]:
    found: Callable[..., tuple[Floats, ...]] = getattr(_functions, result_name(find(row)))
    return found
