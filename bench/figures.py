"""Single figures: what a call of the core, of Python and of the compiler costs."""

from __future__ import annotations

import compile_text
import frozen_stream
import one_call
import python_call
from context import Bench
from limits import LIMIT

from hquant_cffi import load_sp500

__all__ = ["run"]

_SHARED = LIMIT.parents[1]
_STREAM = _SHARED / "limit" / "stream.c"
_MINUTES = _SHARED / "data" / "binance_um_FILUSDT_1m_2023-04_06.csv.gz"


def run(bench: Bench) -> None:
    """Measure them all."""
    short, output = bench.short, bench.output
    output.say("\nfigures: the least of several runs, beside what it is compared with")
    python_call.show(output, load_sp500(), bench.programs, runs=1 if short else 50)
    compile_text.show(output, runs=1 if short else 100)
    if not _STREAM.exists():
        for name in ("stream", "backtest.one_call"):
            output.skipped(name, "no ../shared/limit/stream.c")
        return
    bars, runs = (20_000, 1) if short else (1_000_000, 3)
    program = frozen_stream.build(_STREAM, bench.programs)
    cases = frozen_stream.measure(program, bars=bars, runs=runs)
    frozen_stream.show(output, cases, bars=bars)
    if _MINUTES.exists():
        one_call.show(output, _MINUTES, stream_d=min(cases["d"]), runs=1 if short else 15)
    else:
        output.skipped("backtest.one_call", f"no ../shared/data/{_MINUTES.name}")
