"""Every benchmark, a JSON line each: ``python bench/run.py``. What a line says is in README.md."""

from __future__ import annotations

import argparse
from pathlib import Path

import compile_text
import frozen_stream
import one_call
import python_call
from measure import print_skipped

from hquant_cffi import load_sp500

SHARED = Path(__file__).resolve().parents[2] / "shared"
STREAM = SHARED / "limit" / "stream.c"
MINUTES = SHARED / "data" / "binance_um_FILUSDT_1m_2023-04_06.csv.gz"


def main() -> None:
    options = _options()
    runs = 1 if options.tiny else 3
    python_call.print_lines(load_sp500(), options.programs, runs=runs if options.tiny else 50)
    compile_text.print_lines(runs=runs if options.tiny else 100)
    if not STREAM.exists():
        for name in ("stream", "backtest.one_call"):
            print_skipped(name, "no ../shared/limit/stream.c")
        return
    bars = 20_000 if options.tiny else 1_000_000
    program = frozen_stream.build(STREAM, options.programs)
    cases = frozen_stream.measure(program, bars=bars, runs=runs)
    frozen_stream.print_lines(cases, bars=bars)
    if MINUTES.exists():
        one_call.print_lines(MINUTES, stream_d=min(cases["d"]), runs=runs if options.tiny else 15)
    else:
        print_skipped("backtest.one_call", f"no ../shared/data/{MINUTES.name}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--programs", type=Path, default=Path("build/bench"), help="where programs are built"
    )
    parser.add_argument(
        "--tiny", action="store_true", help="few bars, one run: whether it works, not how fast"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
