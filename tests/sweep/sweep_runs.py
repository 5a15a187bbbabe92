"""Random sweeps: programs with PARAMs everywhere, data, options and combinations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt
from dsl.generate import random_program
from verify.verify_runs import random_run

from hquant_cffi import BacktestReport, Metrics, Strategy, backtest

CLAUSES = """
PARAM own = 4 IN 2..12
PARAM dist = 2 IN 0.25..6 STEP 0.25
IF CROSSOVER(close, SMA(close, own)) THEN BUY SIZE 40% STOP dist% TARGET 2*ATR(own)
IF CROSSUNDER(EMA(close, own), close) THEN SELL TRAIL dist*1.5%
"""

#: Where a report calls a figure of a row otherwise.
REPORT = {"fills": "fills_count", "trades": "closed_trades"}
#: Figures of a row that are the metrics'.
OF_METRICS = (
    "cagr", "volatility", "sharpe", "calmar", "win_rate", "profit_factor", "expectancy",
)  # fmt: skip
OF_REPORT = (
    "signals", "orders", "rejected_orders", "fills", "trades", "open_trades", "ambiguous_bars",
    "warmup_bars", "liquidated", "final_equity", "total_return", "max_drawdown", "fees",
    "funding", "realized_pnl", "liquidation_loss",
)  # fmt: skip
NOT_OF_TABLE = {
    "periods_per_year", "periods_per_year_from", "days_per_year", "days_per_year_from",
    "risk_free",
}  # fmt: skip


@dataclass
class RandomSweep:
    """What sweep() is given."""

    data: Any
    strategy: Strategy
    grid: list[dict[str, float]]
    options: dict[str, Any]

    def single(self, params: Mapping[str, float]) -> BacktestReport:
        return backtest(self.data, self.strategy, params=params, **self.options)


def random_strategy(rng: Random) -> str:
    """A program of every construct, with clauses, PARAMs in both."""
    program = random_program(rng, timeframes=rng.random() < 0.3)
    return CLAUSES + program if rng.random() < 0.5 else program + CLAUSES


def random_sweep(seed: int, *, length: int = 250, rows: int = 6) -> RandomSweep:
    rng = Random(seed)
    data, options = random_run(seed, length)
    del options["signals"], options["orders"]
    strategy = Strategy.compile(random_strategy(rng))
    grid = []
    for _ in range(rows):
        drawn = {}
        for param in strategy.params:
            if rng.random() < 0.2:
                continue  # its own value
            low, high = param.minimum, param.maximum
            whole = param.name in ("own", "length")
            assert not whole or low is not None
            if low is None or high is None:
                drawn[param.name] = rng.uniform(0, 3)
            elif whole:
                drawn[param.name] = rng.randint(int(low), int(high))
            else:
                drawn[param.name] = rng.uniform(low, high)
        grid.append(drawn)
    grid.append(dict(grid[0]))  # one of them twice
    return RandomSweep(data, strategy, grid, options)


def same(a: Any, b: Any) -> bool:
    """Whether two figures are the same, to the last bit."""
    first, second = np.float64(a), np.float64(b)
    both_unknown = bool(np.isnan(first) and np.isnan(second))
    return both_unknown or first.tobytes() == second.tobytes()


def same_bits(a: npt.NDArray[Any], b: npt.NDArray[Any]) -> bool:
    """Whether two tables or curves are."""
    if a.dtype != b.dtype or a.shape != b.shape:
        return False
    if a.dtype.names is None:
        return bool(np.array_equal(a, b, equal_nan=a.dtype.kind == "f"))
    return all(same_bits(a[name], b[name]) for name in a.dtype.names)


def differences(row: np.void, report: BacktestReport, metrics: Metrics) -> list[str]:
    """The figures of a row that are not those of a run of its own."""
    expected = {name: getattr(report, REPORT.get(name, name)) for name in OF_REPORT}
    expected |= {name: getattr(metrics, name) for name in OF_METRICS}
    expected |= {
        field.name: getattr(metrics, field.name)
        for field in fields(Metrics)
        if field.name not in NOT_OF_TABLE and field.name not in expected
    }
    names = set(row.dtype.names or ())
    assert set(expected) <= names, set(expected) - names
    return [
        f"{name}: sweep {row[name]!r}, backtest {value!r}"
        for name, value in expected.items()
        if not same(row[name], value)
    ]
