"""A whole backtest in one call: bars and a strategy in, a report out."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias

import numpy as np

from hquant_cffi._backtest_report import TRADE_DTYPE, BacktestReport, Fill
from hquant_cffi._columns import bars_struct
from hquant_cffi._errors import ParameterError
from hquant_cffi._ffi import check, ffi, lib
from hquant_cffi._timeframes import BarPeriod, Htf, bar_period_ms, htf_number
from hquant_cffi.strategy import Strategy

if TYPE_CHECKING:
    from hquant_cffi.data.load import Source

__all__ = ["BacktestReport", "backtest"]

#: Called with the bars done and the bars in all; a true answer stops the run.
Progress: TypeAlias = Callable[[int, int], object]

_FILLS: Final[dict[str, int]] = {"next_open": 0, "close": 1}


def backtest(
    data: Source,
    strategy: str | bytes | os.PathLike[str] | Strategy,
    *,
    capital: float = 10_000.0,
    leverage: float = 1.0,
    fee: float = 0.0,
    fill: Fill = "next_open",
    contract_size: float = 1.0,
    maintenance_margin: float = 0.0,
    params: Mapping[str, float] | None = None,
    htf: Htf = "closed",
    bar_period: BarPeriod = None,
    progress: Progress | None = None,
) -> BacktestReport:
    """Run a strategy over bars through a futures account.

    BUY holds a long, SELL a short, each with all affordable equity after fees; an opposite signal
    reverses, one on the side already held is ignored and counted. Inside a bar: liquidation check
    at the open; the waiting order fills there; check at the adverse extreme; the signal; equity
    and drawdown at the close. An open position is marked at the end, not closed.

    Parameters
    ----------
    data : Bars or anything that `hquant_cffi.data.load` accepts
        The candles. Prices must be > 0.
    strategy : str, path, bytes or Strategy
        Text, a file ending in ``.hq`` (text) or ``.hqbc`` (compiled), a compiled program, or a
        Strategy.
    capital : float, optional
        Starting cash, quote currency, > 0.
    leverage : float, optional
        Notional over margin, >= 1.
    fee : float, optional
        Fraction of notional on both legs, >= 0, such as 0.0004.
    fill : {"next_open", "close"}, optional
        Where a signal fills: at the next bar's open, or at its own bar's close.
    contract_size : float, optional
        Base asset units per contract; does not change the result.
    maintenance_margin : float, optional
        Fraction of notional, >= 0. Equity at or below it, or at 0, liquidates.
    params : mapping of str to float, optional
        Values for the strategy's PARAMs, such as ``{"fast": 12}``; the others keep their own.
    htf : {"closed", "forming"}, optional
        What the strategy sees of a higher timeframe (``close@4h``): its last candle that is
        complete, or the one in progress, made of the bars so far.
    bar_period : Period, str or int, optional
        The bars' own period (``"1m"``, or ms): a candle is then complete with the bar that ends
        where it ends. Left out, it is taken as unknown, not guessed from the data: a candle is
        complete when the first bar at or after its end comes.
    progress : callable, optional
        Called with (bars done, bars in all) about every 65,536 bars and at the end. A true answer
        stops the run; an exception stops it and is raised here, Ctrl-C included.

    Returns
    -------
    BacktestReport
        Counters, per-bar columns and trades.

    Raises
    ------
    ParameterError
        An option or a parameter outside its range, a timeframe that is no multiple of
        `bar_period`, or a strategy that reads buy_volume over data without it.
    NotFoundError
        A name in `params` is no PARAM of the strategy.
    DataError
        A bar that cannot be traded, such as a price <= 0; the message names it.
    CompileError, ProgramError
        The strategy's text does not compile; the bytes are not a valid program.
    UnsupportedError
        The strategy has SIZE, STOP, TARGET or TRAIL clauses.
    CancelledError
        `progress` asked for it.
    """
    from hquant_cffi.data import load  # here: who streams needs no loaders

    if fill not in _FILLS:
        raise ParameterError(f"fill: expected 'next_open' or 'close', found {fill!r}")
    bars = load(data)
    chosen = _strategy(strategy)
    program = chosen.program_handle()
    values = chosen.param_values(params or {})
    settings = {
        "capital": _number("capital", capital),
        "leverage": _number("leverage", leverage),
        "fee": _number("fee", fee),
        "contract_size": _number("contract_size", contract_size),
        "maintenance_margin": _number("maintenance_margin", maintenance_margin),
    }
    options = _options(_FILLS[fill], **settings)
    kept = ffi.new("double[]", values)  # until the run is over
    options.params, options.n_params = kept, len(values)
    options.htf, options.bar_period_ms = htf_number(htf), bar_period_ms(bar_period)
    equity = np.empty(len(bars), np.float64)
    actions = np.empty(len(bars), np.uint8)
    # At most one opening a bar; pages that are not written to are never taken. As raw bytes,
    # because NumPy leaves the padding behind when it copies fields.
    trades = np.empty(len(bars), np.dtype((np.void, TRADE_DTYPE.itemsize)))
    output = ffi.new(
        "HqBacktestOutput *",
        {
            "struct_size": ffi.sizeof("HqBacktestOutput"),
            "equity": ffi.from_buffer("double[]", equity, require_writable=True),
            "actions": ffi.from_buffer("uint8_t[]", actions, require_writable=True),
            "trades": ffi.cast("HqTrade *", trades.ctypes.data),
            "trades_cap": len(trades),
        },
    )
    found = ffi.new("HqBacktestReport *", {"struct_size": ffi.sizeof("HqBacktestReport")})
    with _Watch(progress) as watch:
        status = lib.hq_backtest_run(bars_struct(bars), program, options, found, output)
    watch.raise_error()
    _check(status)
    return BacktestReport(
        bars=found.bars,
        signals=found.signals,
        buy_signals=found.buy_signals,
        sell_signals=found.sell_signals,
        hold_signals=found.hold_signals,
        fills=found.fills,
        closed_trades=found.trades,
        open_trades=found.open_trades,
        ignored_same_side=found.ignored_same_side,
        dropped_last_bar=found.dropped_last_bar,
        rejected_orders=found.rejected_orders,
        liquidated=bool(found.liquidated),
        final_equity=found.final_equity,
        total_return=found.total_return,
        max_drawdown=found.max_drawdown,
        fees=found.fees,
        realized_pnl=found.realized_pnl,
        liquidation_loss=found.liquidation_loss,
        **settings,
        fill=fill,
        time=bars.timestamp,
        equity=equity,
        actions=actions,
        trades=trades[: output.trades_len].copy().view(TRADE_DTYPE),
    )


def _number(name: str, value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        raise ParameterError(f"{name} must be at most 1e100, got an integer beyond it") from None


# What the C struct's fields are called here.
_OPTION_NAMES: Final[dict[str, str]] = {
    "initial_margin": "capital",
    "taker_fee_rate": "fee",
    "maintenance_margin_rate": "maintenance_margin",
}


def _check(status: int) -> None:
    try:
        check(status)
    except ParameterError as error:
        field, space, rest = str(error).partition(" ")
        raise ParameterError(_OPTION_NAMES.get(field, field) + space + rest) from None


# ------------------------------------------------------------------- strategy


def _strategy(strategy: str | bytes | os.PathLike[str] | Strategy) -> Strategy:
    """Return whatever stands for a strategy as one."""
    if isinstance(strategy, Strategy):
        return strategy
    if isinstance(strategy, (bytes, bytearray, memoryview)):
        return Strategy.from_bytecode(strategy)
    if isinstance(strategy, os.PathLike) or _names_a_file(strategy):
        return Strategy.load(strategy)
    return Strategy.compile(strategy)


def _names_a_file(strategy: object) -> bool:
    if not isinstance(strategy, str):
        raise TypeError(
            "strategy: expected text, the path of a .hq or .hqbc file, bytes or a Strategy, "
            f"found {type(strategy).__name__}"
        )
    return "\n" not in strategy and strategy.endswith((".hq", ".hqbc"))


# ------------------------------------------------------------------ arguments


def _options(
    fill: int,
    *,
    capital: float,
    leverage: float,
    fee: float,
    contract_size: float,
    maintenance_margin: float,
) -> Any:
    options = ffi.new("HqBacktestOptions *")
    lib.hq_backtest_options_init(options)
    options.fill = fill
    options.account.initial_margin = capital
    options.account.leverage = leverage
    options.account.contract_size = contract_size
    options.account.taker_fee_rate = fee
    options.account.maintenance_margin_rate = maintenance_margin
    options.progress = lib.hq_python_progress  # without one, too: it is where Ctrl-C is noticed
    return options


# ------------------------------------------------------------------- progress


class _Current(threading.local):
    """The run that this thread is inside."""

    watch: _Watch | None = None


_current = _Current()


class _Watch:
    """Keeps the progress function of a run and the exception that ended it.

    An exception cannot pass through the C frames: the callback stops the run, the exception waits
    here. Runs nest, when a progress function starts one.
    """

    def __init__(self, progress: Progress | None) -> None:
        self.progress = progress
        self.error: BaseException | None = None
        self._outer: _Watch | None = None

    def __enter__(self) -> Self:
        self._outer, _current.watch = _current.watch, self
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _current.watch = self._outer

    def raise_error(self) -> None:
        if self.error is not None:
            raise self.error


def _keep_error(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    watch = _current.watch
    assert watch is not None
    watch.error = error.with_traceback(trace)


@ffi.def_extern(error=1, onerror=_keep_error)
def hq_python_progress(user: object, done: int, total: int) -> int:
    watch = _current.watch
    assert watch is not None
    return 1 if watch.progress is not None and watch.progress(done, total) else 0
