"""A whole backtest in one call: bars and a strategy in, a report out."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy.typing as npt

if TYPE_CHECKING:
    from hquant_cffi._backtest_options import (
        BadBars,
        Fill,
        Intrabar,
        MarginTier,
        Position,
        Sides,
        Unaffordable,
    )
    from hquant_cffi._backtest_report import BacktestReport
    from hquant_cffi._backtest_run import Curve
    from hquant_cffi._levels import Distance, Size, SizeUnit
    from hquant_cffi._progress import Progress
    from hquant_cffi._timeframes import BarPeriod, Htf
    from hquant_cffi.data.load import Source
    from hquant_cffi.orders import Order
    from hquant_cffi.strategy import Strategy

__all__ = ["StrategyLike", "backtest"]

#: Text, a path, a compiled program, or a Strategy.
StrategyLike: TypeAlias = "str | bytes | os.PathLike[str] | Strategy"

def backtest(
    data: Source | Mapping[str, Source],
    strategy: StrategyLike | Mapping[str, StrategyLike] | None = None,
    *,
    signals: npt.ArrayLike | Mapping[str, npt.ArrayLike] | None = None,
    orders: Sequence[Order] | None = None,
    capital: float = 10_000.0,
    leverage: float = 1.0,
    contract_size: float = 1.0,
    fee: float = 0.0,
    maker_fee: float | None = None,
    fee_per_unit: float = 0.0,
    slippage: float = 0.0,
    slippage_ticks: float = 0.0,
    slippage_random: float = 0.0,
    slippage_seed: int = 0,
    funding: npt.ArrayLike | Mapping[str, npt.ArrayLike] | None = None,
    funding_interval: BarPeriod = None,
    funding_missing: Literal["error", "zero"] | float = "error",
    maintenance_margin: float = 0.0,
    margin_tiers: Sequence[MarginTier] | None = None,
    fill: Fill = "next_open",
    limit_offset: float = 0.0,
    limit_bars: int = 0,
    intrabar: Intrabar = "worst",
    finer: Source | Mapping[str, Source] | None = None,
    sides: Sides = "both",
    position: Position = "netted",
    pyramiding: int = 0,
    size: Size = None,
    size_unit: SizeUnit = "units",
    stop: Distance = None,
    target: Distance = None,
    trail: Distance = None,
    tick_size: float | Mapping[str, float] = 0.0,
    lot_size: float | Mapping[str, float] = 0.0,
    min_quantity: float | Mapping[str, float] = 0.0,
    min_notional: float | Mapping[str, float] = 0.0,
    unaffordable: Unaffordable = "clamp",
    bad_bars: BadBars = "error",
    params: Mapping[str, float] | None = None,
    htf: Htf = "closed",
    bar_period: BarPeriod = None,
    curves: Sequence[Curve] = (),
    progress: Progress | None = None,
) -> BacktestReport:
    """Run strategies, signals or orders over bars through one account.

    docs/backtesting.md has every rule; the names in brackets are its.

    Parameters
    ----------
    data : Bars or anything that `hquant_cffi.data.load` accepts, or a mapping of names to these
        The candles of one symbol, or of several on one account. Prices must be > 0.
    strategy : str, path, bytes or Strategy, or a mapping of names to these, optional
        Text, a file ending in ``.hq`` (text) or ``.hqbc`` (compiled), a compiled program, or a
        Strategy: one for all symbols, or by name.
    signals : (T,) array_like of -1, 0, 1, or a mapping of names to these, optional
        In place of a strategy: what it wants at each bar's close, sell, nothing or buy.
    orders : sequence of Order, optional
        Further orders [O3]; those of one symbol in the order of their bars.
    capital : float, optional
        Starting cash, quote currency, > 0.
    leverage : float, optional
        Notional over margin, >= 1.
    contract_size : float, optional
        Base asset units per contract; does not change the result.
    fee, maker_fee : float, optional
        Fractions of notional, >= 0, such as 0.0004: of takers and of makers [C2]. The maker's is
        the taker's unless given.
    fee_per_unit : float, optional
        Quote currency per base asset unit, >= 0, on top.
    slippage, slippage_ticks, slippage_random : float, optional
        Against market and stop fills [C3]: a fraction of the price, a number of ticks, or at most
        a fraction, drawn from `slippage_seed`. One of them.
    slippage_seed : int, optional
        0..2**64 - 1.
    funding : (T,) array_like of float, or a mapping of names to these, optional
        Funding rates by bar, fractions of notional, NaN where missing [C4].
    funding_interval : Period, str or int, optional
        Such as ``"8h"``: due at the first bar at or after each multiple of it. Left out: at every
        bar.
    funding_missing : {"error", "zero"} or float, optional
        What a missing rate is where one is due; a number is that rate.
    maintenance_margin : float, optional
        Fraction of notional, >= 0. Equity at or below it, or at 0, liquidates [M3].
    margin_tiers : sequence of (notional_from, maintenance_rate, max_leverage), optional
        In its place, by the size of a position [M2].
    fill : {"next_open", "close", "limit"}, optional
        Where a signal trades [O1].
    limit_offset, limit_bars : float, int, optional
        With ``fill="limit"``: fraction off the close, 0 <= offset < 1; bars it stays for, 0: until
        the next signal.
    intrabar : {"worst", "best", "nearest", "finer"}, optional
        What is assumed of the order of prices inside a bar [P1].
    finer : as `data`, optional
        Bars of a shorter period, for ``intrabar="finer"``.
    sides : {"both", "long", "short"}, optional
        What may be held; a signal of the other side only closes.
    position : {"netted", "hedged"}, optional
        One net position a symbol, or a long and a short beside each other.
    pyramiding : int, optional
        Additions to a position that signals may make.
    size, size_unit : optional
        How much a signal without SIZE opens [S1]: None for all that cash affords, ``"50%"`` of
        equity, or a number of ``"units"``, ``"notional"``, ``"equity"`` (a fraction) or
        ``"margin"``.
    stop, target, trail : float or str, optional
        Of a signal without such a clause [O4]: a distance in price, or ``"3%"`` of the fill price.
    tick_size, lot_size, min_quantity, min_notional : float or mapping of names, optional
        Rules of the venue, >= 0 [S2]; 0: none.
    unaffordable : {"clamp", "reject"}, optional
        An order beyond what cash or the tiers allow is cut, or rejected [S3].
    bad_bars : {"error", "skip"}, optional
        Bars that cannot be traded (a price <= 0) end the run, or are left out and counted; one of
        `finer` ends it.
    params : mapping of str to float, optional
        Values for the strategies' PARAMs, such as ``{"fast": 12}``; the others keep their own.
    htf : {"closed", "forming"}, optional
        What strategies see of a higher timeframe (``close@4h``): its last candle that is complete,
        or the one in progress, made of the bars so far.
    bar_period : Period, str or int, optional
        The bars' own period (``"1m"``, or ms): a candle is then complete with the bar that ends
        where it ends. Left out, it is taken as unknown, not guessed from the data: a candle is
        complete when the first bar at or after its end comes.
    curves : sequence of {"position", "margin"}, optional
        Further curves to keep.
    progress : callable, optional
        Called with (bars done, bars in all) about every 65,536 bars and at the end. A true answer
        stops the run; an exception stops it and is raised here, Ctrl-C included.

    Returns
    -------
    BacktestReport
        Counters, curves, trades and fills.

    Raises
    ------
    ParameterError
        An option, an order or a parameter outside its range, options that contradict each other, a
        timeframe that is no multiple of `bar_period`, a strategy that reads buy_volume over data
        without it, a funding rate that is missing.
    NotFoundError
        A name in `params` is no PARAM of the strategy.
    DataError
        A bar that cannot be traded, such as a price <= 0; the message names it.
    CompileError, ProgramError
        The strategy's text does not compile; the bytes are not a valid program.
    CancelledError
        `progress` asked for it.

    Examples
    --------
    >>> from hquant_cffi import backtest, load_sp500
    >>> report = backtest(load_sp500(), "IF RSI(14) < 30 THEN BUY STOP 5% TARGET 10%", fee=0.0004)
    >>> report.closed_trades
    16
    """
    given = dict(locals())
    from hquant_cffi._backtest_call import run_backtest  # here: who streams needs nothing of it

    return run_backtest(given)
