"""What every backend is asked to run."""

from __future__ import annotations

import os
from typing import Any

from hquant_cffi import SweepResult, load_sp500, sweep

TEXT = """
PARAM fast = 10 IN 5..50
PARAM slow = 100 IN 20..200
IF CROSSOVER(SMA(close, fast), SMA(close, slow)) THEN BUY STOP 5% TARGET 9%
IF CROSSUNDER(SMA(close, fast), SMA(close, slow)) THEN SELL TRAIL 4%
IF MACD(fast, slow, 9).hist > 1e6 THEN HOLD
"""
BARS = load_sp500()[:1500]
# Once with a combination that is refused: fast >= slow in MACD.
VALUES = {"fast": list(range(5, 45, 4)), "slow": list(range(25, 85, 12))}


def run(**how: Any) -> SweepResult:
    data = {"A": BARS, "B": BARS[100:1300]}
    funding = {"A": [1e-4] * 1500, "B": [2e-5] * 1200}
    return sweep(data, TEXT, VALUES, metrics="all", curves=True, size="40%", fee=0.0004,
                 funding=funding, tick_size={"A": 0.25, "B": 0.5}, **how)  # fmt: skip


def interrupt_after(calls: list[tuple[int, int]], count: int) -> Any:
    """A progress function during whose call the user presses Ctrl-C."""

    def progress(done: int, total: int) -> None:
        calls.append((done, total))
        if len(calls) == count:
            import signal

            os.kill(os.getpid(), signal.SIGINT)

    return progress
