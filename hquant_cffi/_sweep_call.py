"""One call of ``hq_sweep()``: what it reads, and the rows that it writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hquant_cffi._backtest_messages import check_run
from hquant_cffi._backtest_options import options_struct
from hquant_cffi._backtest_symbols import read_symbols
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
    metrics: npt.NDArray[np.void] | None
    curves: Floats | None
    refusal: str | None = None  # why the first of the refused cannot be run

    @property
    def refused(self) -> npt.NDArray[np.bool_]:
        """Which cannot be run: all that is known of them."""
        return np.asarray(self.rows["status"] != lib.HQ_OK)


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
        check_run(self._sweep(values, threads, progress, found), self.symbols.names)
        if found.refused.any():
            found.refusal = str(ffi.string(lib.hq_last_error().message).decode())
        return found

    def _room(self, count: int) -> Found:
        rows, metrics = np.zeros(count, ROW_DTYPE), None
        if self.task.with_metrics:
            # Of raw bytes, because NumPy leaves the size in front behind when it copies fields.
            room = np.zeros((count, METRICS_DTYPE.itemsize // 4), np.uint32)
            room[:, 0] = METRICS_DTYPE.itemsize
            metrics = room.view(METRICS_DTYPE)[:, 0]
        curves = np.empty((count, self.steps)) if self.task.with_curves else None
        return Found(rows, metrics, curves)

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
