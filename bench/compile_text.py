"""What a strategy's text costs: to compile it, and to import the package."""

from __future__ import annotations

import subprocess
import sys
from time import perf_counter_ns

from output import Output
from race import best_of

from hquant_cffi.dsl import compile_text

__all__ = ["show"]

TEN_LINES = """# momentum.hq
PARAM fast = 10 IN 5..50 STEP 5
PARAM slow = 30 IN 20..200 STEP 10
f = SMA(close, fast)
s = SMA(close, period=slow)
trend = EMA(close@4h, 50)
range = ATR(14)
IF CROSSOVER(f, s) AND close > trend AND NOT RSI(14) > 70 THEN BUY SIZE 50% STOP 2 * range
IF CROSSUNDER(f, s) OR BOLL(20, 2).upper < high THEN SELL
IF close < trend - range THEN SELL
"""
_COMPILE_LIMIT_NS = 3e6
_IMPORT_LIMIT_NS = 120e6
_IMPORT = "from time import perf_counter_ns as t; a = t(); import hquant_cffi; print(t() - a)"


def show(output: Output, *, runs: int) -> None:
    """Print a compilation and a cold import over what the project allows for them."""
    started = perf_counter_ns()
    compile_text(TEN_LINES)
    first = perf_counter_ns() - started
    output.figure(
        "dsl.compile",
        input=f"ten lines; the first text of a process takes {first / 1e6:.0f} ms more",
        n=1,
        values=best_of(runs, lambda: compile_text(TEN_LINES), 1),
        rival="3 ms",
        rival_min=_COMPILE_LIMIT_NS,
        limit=1.0,
    )
    output.figure(
        "python.import",
        input="import hquant_cffi in a fresh process",
        n=1,
        values=[_import_ns() for _ in range(max(1, runs // 10))],
        rival="120 ms",
        rival_min=_IMPORT_LIMIT_NS,
        limit=1.0,
    )


def _import_ns() -> float:
    command = [sys.executable, "-c", _IMPORT]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
