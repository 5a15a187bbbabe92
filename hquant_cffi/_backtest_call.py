"""What `backtest` does with its arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hquant_cffi._backtest_messages import check_run
from hquant_cffi._backtest_options import options_struct, refuse_without_signals
from hquant_cffi._backtest_report import BacktestReport
from hquant_cffi._backtest_run import Run, curve_names
from hquant_cffi._backtest_symbols import names_of, read_symbols
from hquant_cffi._errors import ParameterError
from hquant_cffi._ffi import lib
from hquant_cffi._progress import Watch
from hquant_cffi.orders import order_array

if TYPE_CHECKING:
    from hquant_cffi.data import Bars

__all__ = ["run_backtest"]

_SOURCES = ("data", "strategy", "signals", "orders", "progress")

_NO_ORDERS: Final = order_array((), ())


def run_backtest(arguments: dict[str, Any]) -> BacktestReport:
    """Run a backtest, of all arguments of `backtest` by name."""
    try:
        report = _run_unchecked(arguments)
    except Exception:  # what is wrong is told below, where rows are checked in their turn
        report = None
    return _run(arguments) if report is None else report


def _run_unchecked(arguments: dict[str, Any]) -> BacktestReport | None:
    """Run over a table of which no row has been checked: the run does so, as it reads them.

    None where rows are to be checked before it.
    """
    # What may be an iterator or a stream is over once it was read, or would be told twice.
    is_given_once = (
        arguments["orders"] is not None
        or arguments["finer"] is not None
        or arguments["progress"] is not None
        or not isinstance(arguments["curves"], (str, tuple, list))
    )
    if is_given_once or arguments["bad_bars"] != "error":
        return None
    from hquant_cffi.data.load import plain, unchecked  # here: who streams needs no loaders

    data = arguments["data"]
    bars = plain(data)  # which is one symbol, without being asked for its names
    if bars is None and names_of(data) is None:
        bars = unchecked(data)
    return None if bars is None else _run(arguments, bars)


def _run(arguments: dict[str, Any], unchecked: Bars | None = None) -> BacktestReport:
    """Run; over bars of which no row has been checked where they are given."""
    given = arguments.copy()
    data, strategy, signals, orders, progress = map(given.pop, _SOURCES)
    _check_sources(strategy, signals, orders)
    options, tiers = options_struct(given)
    if unchecked is not None:
        data, options.bad_bars = unchecked, lib.HQ_BAD_BARS_CANDLES
    if strategy is None and signals is None:
        refuse_without_signals(given)
    symbols = read_symbols(data, strategy, signals, given)
    order_rows = _NO_ORDERS if orders is None else order_array(orders, symbols.names)
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
