"""What `backtest` does with its arguments."""

from __future__ import annotations

from typing import Any

from hquant_cffi._backtest_messages import check_run
from hquant_cffi._backtest_options import options_struct, refuse_without_signals
from hquant_cffi._backtest_report import BacktestReport
from hquant_cffi._backtest_run import Run, curve_names
from hquant_cffi._backtest_symbols import read_symbols
from hquant_cffi._errors import ParameterError
from hquant_cffi._progress import Watch
from hquant_cffi.orders import order_array

__all__ = ["run_backtest"]

_SOURCES = ("data", "strategy", "signals", "orders", "progress")


def run_backtest(arguments: dict[str, Any]) -> BacktestReport:
    """Run a backtest, of all arguments of `backtest` by name."""
    data, strategy, signals, orders, progress = (arguments[name] for name in _SOURCES)
    given = {name: value for name, value in arguments.items() if name not in _SOURCES}
    _check_sources(strategy, signals, orders)
    options, tiers = options_struct(given)
    if strategy is None and signals is None:
        refuse_without_signals(given)
    symbols = read_symbols(data, strategy, signals, given)
    order_rows = order_array(orders or (), symbols.names)
    run = Run(
        symbols,
        order_rows,
        curve_names(given["curves"]),
        skips_bars=given["bad_bars"] == "skip",
    )
    with Watch(progress) as watch:
        status = run.call(options)
    watch.raise_error()
    check_run(status, symbols.names)
    del tiers  # the options point into them until here
    return run.report(given)


def _check_sources(strategy: object, signals: object, orders: object) -> None:
    if strategy is not None and signals is not None:
        raise ParameterError("strategy and signals exclude each other; give one of them")
    if strategy is None and signals is None and orders is None:
        raise ParameterError("strategy: expected one, or signals, or orders, found none of them")
