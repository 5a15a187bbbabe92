"""hquant: market data, indicators, text strategies and futures backtests on one C core.

::

    from hquant_cffi import backtest, load

    bars = load("BTCUSDT_1m.csv.gz")
    print(backtest(bars, "IF RSI(14) < 30 THEN BUY", fee=0.0004).total_return)

What streams is `HQuant`, over several periods `MultiHQuant`; `indicators` works on whole arrays.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from hquant_cffi import _compiler as _compiler  # registers the compiler of strategy text
from hquant_cffi._errors import (
    BusyError,
    CancelledError,
    ClosedError,
    CompileError,
    DataError,
    HQuantError,
    LiquidatedError,
    NotFoundError,
    OutOfMemoryError,
    ParameterError,
    ProgramError,
    SnapshotError,
    UnsupportedError,
)
from hquant_cffi._ffi import ffi, lib
from hquant_cffi.backtest import backtest
from hquant_cffi.metrics import metrics

if TYPE_CHECKING:
    from hquant_cffi import indicators
    from hquant_cffi._backtest_report import BacktestReport
    from hquant_cffi._metrics_table import Metrics
    from hquant_cffi._records import FILL_DTYPE, TRADE_DTYPE
    from hquant_cffi._run import RunResult, run
    from hquant_cffi._sweep import SweepResult, sweep
    from hquant_cffi._walk_forward import WalkForwardResult, walk_forward
    from hquant_cffi.data import Bars, load_sp500
    from hquant_cffi.data.load import load
    from hquant_cffi.engine import HQuant
    from hquant_cffi.futures import FuturesBacktest
    from hquant_cffi.market import AggregateCandle, Aggregator, AggregatorEvent, Period
    from hquant_cffi.multi import MultiHQuant
    from hquant_cffi.orders import Order
    from hquant_cffi.strategy import Strategy
    from hquant_cffi.verification.verify import Verification, verify

__all__ = [
    "FILL_DTYPE",
    "TRADE_DTYPE",
    "AggregateCandle",
    "Aggregator",
    "AggregatorEvent",
    "BacktestReport",
    "Bars",
    "BusyError",
    "CancelledError",
    "ClosedError",
    "CompileError",
    "DataError",
    "FuturesBacktest",
    "HQuant",
    "HQuantError",
    "LiquidatedError",
    "Metrics",
    "MultiHQuant",
    "NotFoundError",
    "Order",
    "OutOfMemoryError",
    "ParameterError",
    "Period",
    "ProgramError",
    "RunResult",
    "SnapshotError",
    "Strategy",
    "SweepResult",
    "UnsupportedError",
    "Verification",
    "WalkForwardResult",
    "__version__",
    "backtest",
    "indicators",
    "load",
    "load_sp500",
    "metrics",
    "run",
    "sweep",
    "verify",
    "walk_forward",
]

__version__: str = ffi.string(lib.hq_version()).decode()

# Imported when first asked for: not every program streams, loads data, trades or sweeps.
_LAZY = {
    "AggregateCandle": "market",
    "Aggregator": "market",
    "AggregatorEvent": "market",
    "BacktestReport": "_backtest_report",
    "Bars": "data",
    "FILL_DTYPE": "_records",
    "FuturesBacktest": "futures",
    "HQuant": "engine",
    "Metrics": "_metrics_table",
    "MultiHQuant": "multi",
    "Order": "orders",
    "Period": "market",
    "RunResult": "_run",
    "Strategy": "strategy",
    "SweepResult": "_sweep",
    "TRADE_DTYPE": "_records",
    "Verification": "verification.verify",
    "WalkForwardResult": "_walk_forward",
    "load": "data",
    "load_sp500": "data",
    "run": "_run",
    "sweep": "_sweep",
    "verify": "verification.verify",
    "walk_forward": "_walk_forward",
}

_MODULES = {"data", "dsl", "engine", "futures", "indicators", "market"}
_MODULES |= {"multi", "orders", "strategy"}


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_LAZY[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
