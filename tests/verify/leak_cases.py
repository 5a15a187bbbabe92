"""Verify a handful of runs over whatever library is loaded; print the checks that do not hold.

A program of its own, started by test_verify_leaks with a wrong library first on the library path:
``python leak_cases.py FOLDER`` refuses to run unless the library in FOLDER is the one in use.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from planted import is_in_use
from verify_runs import finer_bars, random_bars, random_run

from hquant_cffi import HQuantError, Order, Verification, verify

CLAUSES = """
IF CROSSOVER(SMA(3), SMA(9)) THEN BUY SIZE 40% STOP 1% TARGET 2%
IF CROSSUNDER(SMA(3), SMA(9)) THEN SELL TRAIL 0.8%
"""
TIMEFRAMES = """
IF close > SMA(3)@5m AND RSI(5) < 60 THEN BUY
IF close < SMA(3)@5m THEN SELL
"""
BARS = random_bars(11, 300)


def cases() -> Iterator[Verification]:
    yield verify(BARS, CLAUSES, fee=0.001, leverage=2, slippage_random=0.001)
    yield verify(BARS, CLAUSES, fill="limit", limit_offset=0.001, maker_fee=0.0001)
    yield verify(BARS, TIMEFRAMES, bar_period="1m")
    yield verify(BARS, TIMEFRAMES, bar_period="1m", htf="forming")
    yield verify(BARS, CLAUSES, intrabar="finer", finer=finer_bars(BARS, 5))
    rates = [0.001 + bar % 7 / 10_000 for bar in range(len(BARS))]
    yield verify(BARS, CLAUSES, funding=rates)
    yield verify(BARS, orders=[Order(bar=bar, side="buy", size=1.0) for bar in range(20)])
    yield verify(BARS, CLAUSES, leverage=90, maintenance_margin=0.005)
    for seed in range(6):
        data, options = random_run(seed, length=150)
        yield verify(data, cuts=20, **options)


def main(folder: Path) -> int:
    if not is_in_use(folder):
        return 2
    broken: set[str] = set()
    try:
        for verdict in cases():
            broken |= set(verdict.failed)
    except HQuantError as error:
        print(f"a run was refused: {error}", file=sys.stderr)
        return 2
    print("\n".join(sorted(broken)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
