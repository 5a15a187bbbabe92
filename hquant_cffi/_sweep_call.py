"""One call of ``hq_sweep()``: what it reads, and the rows that it writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hquant_cffi._backtest_messages import check_run
from hquant_cffi._backtest_options import options_struct
from hquant_cffi._backtest_symbols import Symbols, read_symbols
from hquant_cffi._errors import ParameterError
from hquant_cffi._ffi import ffi, lib
from hquant_cffi._progress import Progress, Watch

__all__ = ["METRICS_DTYPE", "ROW_DTYPE", "Call", "Found", "Task", "step_times"]

Floats = npt.NDArray[np.float64]


def _struct_dtype(name: str) -> np.dtype[np.void]:
    """The C struct's fields, but for those that say nothing."""
    kinds = {"uint64_t": "u8", "uint32_t": "u4", "double": "f8", "int32_t": "i4"}
    fields = [
        (field, kinds[each.type.cname], each.offset)
        for field, each in ffi.typeof(name).fields
        if field not in ("struct_size", "reserved")
    ]
    names, formats, offsets = map(list, zip(*fields, strict=True))
    size = ffi.sizeof(name)
    return np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": size})


#: The C structs HqSweepRow and HqMetrics.
ROW_DTYPE: Final = _struct_dtype("HqSweepRow")
METRICS_DTYPE: Final = _struct_dtype("HqMetrics")


@dataclass(frozen=True)
class Task:
    """What every combination of a sweep shares; can be pickled, strategies as their bytes."""

    data: Any
    strategy: Any
    options: Mapping[str, Any]
    periods_per_year: float
    days_per_year: float
    risk_free: float
    with_metrics: bool
    with_curves: bool


@dataclass
class Found:
    """What some combinations came to, an entry each."""

    rows: npt.NDArray[np.void]
    refused: npt.NDArray[np.bool_]
    metrics: npt.NDArray[np.void] | None
    curves: Floats | None
    refusal: str | None = None  # why the first of the refused cannot be run


class Call:
    """The inputs of a task as C reads them, ready for any number of combinations."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.symbols = read_symbols(task.data, task.strategy, None, task.options)
        self.options, self._tiers = options_struct(task.options)
        self.steps = int(lib.hq_backtest_steps(self.symbols.array, len(self.symbols.names)))
        for i in range(len(self.symbols.names)):
            self.symbols.array[i].params, self.symbols.array[i].n_params = ffi.NULL, 0

    def run(self, values: Floats, threads: int, progress: Progress | None = None) -> Found:
        """Run combinations, a row of values each.

        A combination that the strategy cannot be run with (MACD with fast >= slow) is marked as
        refused, and the others are run.

        Raises
        ------
        HQuantError
            As `backtest`; whatever `progress` raises.
        """
        values = np.ascontiguousarray(values)
        found = self._room(len(values))
        status = self._sweep(values, threads, progress, found)
        try:
            check_run(status, self.symbols.names)
        except ParameterError:
            if not self._refuse(values, found):
                raise
            self._run_rest(values, threads, progress, found)
        return found

    def _room(self, count: int) -> Found:
        rows = np.zeros(count, ROW_DTYPE)
        rows["final_equity"] = np.nan  # which no row that was written has
        metrics = None
        if self.task.with_metrics:
            # Of raw bytes, because NumPy leaves the size in front behind when it copies fields.
            room = np.zeros((count, METRICS_DTYPE.itemsize // 4), np.uint32)
            room[:, 0] = METRICS_DTYPE.itemsize
            metrics = room.view(METRICS_DTYPE)[:, 0]
        curves = np.empty((count, self.steps)) if self.task.with_curves else None
        return Found(rows, np.zeros(count, np.bool_), metrics, curves)

    def _sweep(
        self, values: Floats, threads: int, progress: Progress | None, found: Found
    ) -> int:
        task, symbols = self.task, self.symbols
        sweep, output = ffi.new("HqSweep *"), ffi.new("HqSweepOutput *")
        lib.hq_sweep_init(sweep)
        sweep.n_threads = threads
        sweep.symbols, sweep.n_symbols = symbols.array, len(symbols.names)
        sweep.options = self.options
        sweep.params = ffi.cast("double *", values.ctypes.data)
        sweep.n_combinations, sweep.n_params = values.shape
        sweep.periods_per_year, sweep.days_per_year = task.periods_per_year, task.days_per_year
        sweep.risk_free = task.risk_free
        output.struct_size = ffi.sizeof("HqSweepOutput")
        output.rows = ffi.cast("HqSweepRow *", found.rows.ctypes.data)
        if found.metrics is not None:
            output.metrics = ffi.cast("HqMetrics *", found.metrics.ctypes.data)
        if found.curves is not None:
            output.equity = ffi.cast("double *", found.curves.ctypes.data)
            output.steps_cap = self.steps
        with Watch(progress) as watch:
            status: int = lib.hq_sweep(sweep, output)
        watch.raise_error()
        return status

    # ----------------------------------------------- combinations that cannot be

    def _refuse(self, values: Floats, found: Found) -> bool:
        """Mark the combinations that the strategy cannot be linked with; whether there are any."""
        run = _NoBars(self.symbols, self.options)
        for i, row in enumerate(values):
            message = run.refusal(row)
            if message is not None:
                found.refused[i] = True
                found.refusal = found.refusal or message
        return bool(found.refused.any())

    def _run_rest(
        self, values: Floats, threads: int, progress: Progress | None, found: Found
    ) -> None:
        """Run what is neither refused nor done."""
        rest = np.flatnonzero(~found.refused & np.isnan(found.rows["final_equity"]))
        if not len(rest):
            return
        total, before = len(values), len(values) - len(rest)

        def report(done: int, _: int) -> object:
            return progress(before + done, total) if progress is not None else None

        part = self._room(len(rest))
        check_run(
            self._sweep(np.ascontiguousarray(values[rest]), threads, report, part),
            self.symbols.names,
        )
        found.rows[rest] = part.rows
        if found.metrics is not None and part.metrics is not None:
            found.metrics[rest] = part.metrics
        if found.curves is not None and part.curves is not None:
            found.curves[rest] = part.curves


class _NoBars:
    """The same run without a bar: all that is left is to link the strategies."""

    def __init__(self, symbols: Symbols, options: Any) -> None:
        self.count, self.options = len(symbols.names), ffi.new("HqBacktestOptions *", options[0])
        self.options.progress = ffi.NULL
        self.bars = ffi.new("HqBars[]", self.count)
        self.array = ffi.new("HqSymbol[]", self.count)
        for i in range(self.count):
            self.array[i], self.bars[i] = symbols.array[i], symbols.array[i].bars[0]
            self.array[i].bars, self.bars[i].length = ffi.addressof(self.bars, i), 0
        self.report = ffi.new("HqBacktestReport *")
        self.report.struct_size = ffi.sizeof("HqBacktestReport")

    def refusal(self, row: Floats) -> str | None:
        """Why a combination cannot be run; None when it can."""
        values = ffi.cast("double *", row.ctypes.data)
        for i in range(self.count):
            if self.array[i].program:
                self.array[i].params, self.array[i].n_params = values, len(row)
        status = lib.hq_backtest_run(
            self.array, self.count, ffi.NULL, 0, self.options, self.report, ffi.NULL
        )
        if status == lib.HQ_OK:
            return None
        return str(ffi.string(lib.hq_last_error().message).decode())


def step_times(task: Task) -> npt.NDArray[np.int64]:
    """Return the times of the steps that a run has, ms: of bars that are not left out.

    Raises
    ------
    HQuantError
        What `backtest` says of such data and options.
    """
    options, tiers = options_struct(task.options)
    symbols = read_symbols(task.data, None, None, task.options)
    count = len(symbols.names)
    time = np.empty(lib.hq_backtest_steps(symbols.array, count), np.int64)
    report, output = ffi.new("HqBacktestReport *"), ffi.new("HqBacktestOutput *")
    report.struct_size = ffi.sizeof("HqBacktestReport")
    output.struct_size = ffi.sizeof("HqBacktestOutput")
    output.time, output.steps_cap = ffi.from_buffer("int64_t[]", time), len(time)
    with Watch(None) as watch:
        status = lib.hq_backtest_run(symbols.array, count, ffi.NULL, 0, options, report, output)
    watch.raise_error()
    check_run(status, symbols.names)
    del tiers  # the options point into them until here
    return time[: report.steps]
