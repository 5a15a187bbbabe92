"""`hq_run()` with the options that only C has, and the same of an engine fed bar by bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hquant_cffi import Strategy
from hquant_cffi._ffi import check, ffi, lib
from hquant_cffi.dsl.bytecode import decode
from hquant_cffi.dsl.compiler import compile_text

Floats = npt.NDArray[np.float64]


@dataclass
class Found:
    """What a run wrote, its columns one below the other."""

    actions: npt.NDArray[np.uint8]
    rules: npt.NDArray[np.int16]
    values: Floats
    counts: dict[str, int]

    def bits(self) -> tuple[bytes, ...]:
        return (self.actions.tobytes(), self.rules.tobytes(), self.values.tobytes())


def bars_struct(columns: dict[str, npt.NDArray[Any]]) -> Any:
    """An ``HqBars *`` over the columns that are given; the others are NULL."""
    struct = ffi.new("HqBars *", {"length": len(next(iter(columns.values())))})
    for name, column in columns.items():
        kind = "int64_t *" if name == "timestamp" else "double *"
        setattr(struct, name, ffi.cast(kind, column.ctypes.data))
    return struct


def run_c(
    columns: dict[str, npt.NDArray[Any]],
    program: Strategy | None = None,
    registers: Sequence[int] = (),
    specs: Sequence[tuple[Any, int]] = (),
    values: Floats | None = None,
    **options: Any,
) -> Found:
    """Call ``hq_run()``: registers of the program, then outputs of indicators, as columns.

    They are rows of `values`, or of an array that is made.
    """
    length, n = len(next(iter(columns.values()))), len(registers) + len(specs)
    rows = np.empty((n, length)) if values is None else values
    found = Found(np.full(length, 9, np.uint8), np.full(length, -9, np.int16), rows, {})
    asked = ffi.new("HqRunColumn[]", n)
    for i, column in enumerate(asked):
        if i < len(registers):
            column.index = registers[i]
        else:
            column.indicator, column.index = specs[i - len(registers)]
        column.values = ffi.cast("double *", found.values[i].ctypes.data)
    settings = ffi.new("HqRunOptions *")
    lib.hq_run_options_init(settings)
    for name, value in options.items():
        setattr(settings, name, value)
    result = ffi.new("HqRunResult *", {"struct_size": ffi.sizeof("HqRunResult")})
    result.columns, result.n_columns = asked, n
    result.actions = ffi.cast("uint8_t *", found.actions.ctypes.data)
    result.rules = ffi.cast("int16_t *", found.rules.ctypes.data)
    handle = ffi.NULL if program is None else program.program_handle()
    check(lib.hq_run(bars_struct(columns), handle, settings, result))
    unknown = found.values[np.isnan(found.values)].view(np.uint64)
    assert np.all(unknown == np.array(np.nan).view(np.uint64)), "a NaN of other bits"
    names = (
        "bars",
        "rejected_bars",
        "warmup_bars",
        "signals",
        "buy_signals",
        "sell_signals",
        "hold_signals",
    )
    found.counts = {name: getattr(result, name) for name in names}
    return found


def base_registers(strategy: Strategy) -> list[int]:
    """The registers of a program that can be asked for: all but those of higher timeframes."""
    return [i for i, each in enumerate(decode(strategy.bytecode).code) if each.timeframe == 0]


def same_values(found: Floats, expected: Floats, *where: object) -> None:
    """Equal to the bit; what is unknown is unknown in both."""
    known = ~np.isnan(expected)
    assert np.array_equal(known, ~np.isnan(found)), (*where, "unknown at other bars")
    assert np.array_equal(found[known].view(np.uint64), expected[known].view(np.uint64)), (
        *where,
        "other bits",
    )


def compiled(text: str) -> Strategy:
    return Strategy.from_bytecode(compile_text(text).bytecode)
