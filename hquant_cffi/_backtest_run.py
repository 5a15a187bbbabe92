"""One call of ``hq_backtest_run()``: the memory that it writes to, and the report made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias

import numpy as np

from hquant_cffi._arguments import listed
from hquant_cffi._backtest_report import BacktestReport
from hquant_cffi._backtest_room import Room
from hquant_cffi._backtest_symbols import Symbols
from hquant_cffi._errors import ParameterError
from hquant_cffi._ffi import ffi, lib
from hquant_cffi._records import REJECTS
from hquant_cffi._structs import frozen_dataclass, reader

__all__ = ["Curve", "Run", "curve_names"]

#: Further curves that a report keeps when asked.
Curve: TypeAlias = Literal["position", "margin"]

_CURVES: Final = ("position", "margin")

# Counters that are called the same in C and in the report.
_COUNTERS: Final = (
    "bars",
    "steps",
    "rejected_bars",
    "warmup_bars",
    "signals",
    "buy_signals",
    "sell_signals",
    "hold_signals",
    "orders",
    "filled_orders",
    "partial_orders",
    "ignored_same_side",
    "ignored_side",
    "rejected_orders",
    "expired_orders",
    "replaced_orders",
    "cancelled_orders",
    "dropped_last_bar",
    "working_orders",
    "open_trades",
    "ambiguous_bars",
    "final_equity",
    "total_return",
    "max_drawdown",
    "fees",
    "funding",
    "realized_pnl",
    "liquidation_loss",
)
_counters: Final = reader("HqBacktestReport", _COUNTERS)
_REPORT: Final = ffi.typeof("HqBacktestReport *")
_OUTPUT: Final = ffi.typeof("HqBacktestOutput *")
_METRICS: Final = ffi.typeof("HqMetrics *")
_YEAR: Final = ffi.typeof("HqYear *")


def curve_names(curves: Sequence[Curve]) -> tuple[str, ...]:
    """Return the curves that are asked for; ParameterError for what is none."""
    wanted = [curves] if isinstance(curves, str) else listed("curves", curves, 1_000, "names")
    for name in wanted:
        if name not in _CURVES:
            raise ParameterError(f"curves: expected some of {', '.join(_CURVES)}, found {name!r}")
    return tuple(wanted)


def _struct(kind: Any) -> Any:
    struct = ffi.new(kind)
    struct.struct_size = ffi.sizeof(kind.item)
    return struct


class Run:
    """One call of ``hq_backtest_run()``: its inputs, and the memory that it writes to."""

    def __init__(
        self, symbols: Symbols, orders: Any, curves: tuple[str, ...], *, skips_bars: bool
    ) -> None:
        self.symbols, self.orders = symbols, orders
        width = len(symbols.names)
        # Of one symbol each bar is a step.
        steps = symbols.length if width == 1 else lib.hq_backtest_steps(symbols.array, width)
        turns = symbols.length + len(orders)
        # One symbol's steps are its bars, where none is left out: their times need no copy.
        self.has_own_time = width > 1 or skips_bars
        self.time = np.empty(steps, np.int64) if self.has_own_time else symbols.bars[0].timestamp
        self.margin = np.empty(steps) if "margin" in curves else None
        self.position = np.empty((steps, width)) if "position" in curves else None
        self.room = Room.of(trades=2 * (turns + width), fills=3 * turns)
        self.equity, self.actions = self.room.curves(steps, symbols.length)
        self.found, self.metrics, self.year = _struct(_REPORT), _struct(_METRICS), _struct(_YEAR)
        self.output = self._output(steps)

    def _output(self, steps: int) -> Any:
        output = _struct(_OUTPUT)
        output.steps_cap = steps
        if self.has_own_time:
            output.time = ffi.from_buffer("int64_t[]", self.time)
        if self.margin is not None:
            output.margin = ffi.from_buffer("double[]", self.margin)
        if self.position is not None:
            output.position = ffi.from_buffer("double[]", self.position)
        output.equity = ffi.from_buffer("double[]", self.equity)
        output.actions = ffi.from_buffer("uint8_t[]", self.actions)
        output.trades, output.trades_cap = self.room.trades, len(self.room.trades)
        output.fills, output.fills_cap = self.room.fills, len(self.room.fills)
        output.metrics, output.year = self.metrics, self.year
        return output

    def call(self, options: Any) -> int:
        """Run; return the C status."""
        symbols = self.symbols
        status: int = lib.hq_backtest_run(
            symbols.array,
            len(symbols.names),
            self.orders,
            len(self.orders),
            options,
            self.found,
            self.output,
        )
        return status

    def report(self, given: Mapping[str, Any]) -> BacktestReport:
        """Return what the call found, with the options that were given to it. Once."""
        found, output = self.found, self.output
        trades, fills = self.room.leave(output.trades_len, output.fills_len)
        steps = found.steps
        report = frozen_dataclass(
            BacktestReport,
            {
                **_counters(found),
                "symbols": self.symbols.names,
                "rejects": dict(zip(REJECTS, ffi.unpack(found.rejects, len(REJECTS)), strict=True)),
                "fills_count": found.fills,
                "closed_trades": found.trades,
                "liquidated": bool(found.liquidated),
                "capital": float(given["capital"]),
                "options": given,
                "time": self.time[:steps],
                "equity": self.equity[:steps],
                "margin": None if self.margin is None else self.margin[:steps],
                "position": None if self.position is None else self.position[:steps],
                "actions": self.actions,
                "trades": trades,
                "fills": fills,
            },
        )
        if output.has_metrics:  # else the report asks for them, and says why there are none
            report.keep_measured(bytes(ffi.buffer(self.metrics)), bytes(ffi.buffer(self.year)))
        return report
