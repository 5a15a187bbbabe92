"""A futures account, driven trade by trade."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from math import isnan
from typing import Final, Literal, TypedDict, TypeVar

from hquant_cffi._errors import LiquidatedError, ParameterError
from hquant_cffi._ffi import check, ffi, last_error, lib
from hquant_cffi._handles import Handle
from hquant_cffi._overflow import out_of_range

__all__ = ["BacktestResult", "FuturesBacktest"]

Side = Literal["long", "short"]
Answer = TypeVar("Answer")

_ACTIONS: Final = {"BUY": lib.ACTION_BUY, "SELL": lib.ACTION_SELL, "HOLD": lib.ACTION_HOLD}
_SIDES: Final = {"long": 1, "short": -1}


class BacktestResult(TypedDict):
    """An account valued at a price, as :meth:`FuturesBacktest.result` returns it."""

    equity: float
    profit: float
    profit_rate: float
    max_drawdown_rate: float
    liquidated: bool


class FuturesBacktest(Handle):
    """A futures account with a long and a short position.

    A position of margin m holds ``m * leverage`` of notional. Opening takes margin and fee from
    cash, closing gives margin and P&L back and takes the fee, as far as there is cash for it.
    While a position is open, equity at or below the maintenance margin liquidates the account:
    positions gone, cash 0, no more trades. At every moment::

        initial_margin + realized_pnl - fees - liquidation_loss == cash + locked_margin

    Parameters
    ----------
    initial_margin : float
        Starting cash, quote currency, > 0.
    leverage : float
        Notional over margin, >= 1.
    contract_size : float
        Base asset units per contract, >= 1e-100. Changes the contract count, never the P&L.
    maker_fee_rate, taker_fee_rate : float
        Fractions of notional, >= 0, such as 0.0004. Signals pay the taker rate on both legs.
    maintenance_margin_rate : float
        Fraction of notional, >= 0.

    Raises
    ------
    ParameterError
        A value outside its range, not finite or above 1e100; the message names it.

    Notes
    -----
    Usable as a context manager. Prices are quote currency per base asset unit, > 0 and at most
    1e100; margins are quote currency, >= 0; fee rates fractions of notional, >= 0. Outside these a
    call raises ``ParameterError`` and changes nothing. Every method raises ``ClosedError`` after
    `close`, and ``BusyError`` while another thread is inside the object.

    Examples
    --------
    >>> from hquant_cffi.futures import FuturesBacktest
    >>> with FuturesBacktest(1000, 10, 1, 0, 0, 0) as account:
    ...     account.apply_signal("BUY", 50, 100)
    ...     account.apply_signal("SELL", 55, 0)
    ...     account.cash(), account.result(55)["profit_rate"]
    (1100.0, 0.1)
    """

    def __init__(
        self,
        initial_margin: float,
        leverage: float,
        contract_size: float,
        maker_fee_rate: float,
        taker_fee_rate: float,
        maintenance_margin_rate: float,
    ) -> None:
        params = (
            initial_margin,
            leverage,
            contract_size,
            maker_fee_rate,
            taker_fee_rate,
            maintenance_margin_rate,
        )
        try:
            handle = lib.hq_backtest_new(params)
        except OverflowError:
            raise out_of_range(
                initial_margin=initial_margin,
                leverage=leverage,
                contract_size=contract_size,
                maker_fee_rate=maker_fee_rate,
                taker_fee_rate=taker_fee_rate,
                maintenance_margin_rate=maintenance_margin_rate,
            ) from None
        if handle == ffi.NULL:
            raise last_error()
        super().__init__(ffi.gc(handle, lib.hq_backtest_free))

    # ------------------------------------------------------------- trading

    def apply_signal(self, action: str, price: float, margin: float) -> None:
        """Trade at market: close the opposite side, then open or add to this one.

        In order: liquidation check at this price, close, open, mark with the check again. After a
        liquidation nothing happens; `liquidated` tells.

        Parameters
        ----------
        action : {"BUY", "SELL", "HOLD"}
            In any case. HOLD only marks.
        price : float
            Quote currency.
        margin : float
            To commit; clamped to what cash affords including the fee. 0 only closes.

        Raises
        ------
        ParameterError
            Another action, a bad price or margin; nothing changes. Or a position too small or too
            large to hold (0 or above 1e100 base asset units): it is not opened.
        """
        code = _ACTIONS.get(action.upper()) if isinstance(action, str) else None
        if code is None:
            raise ParameterError(f"action: expected 'BUY', 'SELL' or 'HOLD', found {action!r}")
        with suppress(LiquidatedError):  # a loop over signals runs on after a liquidation
            self._void(lib.hq_backtest_apply_signal, action=code, price=price, margin=margin)

    def on_price(self, price: float) -> None:
        """Mark the account: drawdown, then liquidation. After a liquidation nothing happens."""
        self._void(lib.hq_backtest_on_price, price=price)

    def open_long(self, price: float, margin: float, fee_rate: float) -> None:
        """Open or add to the long, which merges at the quantity-weighted entry price.

        Parameters
        ----------
        price : float
            Quote currency.
        margin : float
            To commit; clamped to what cash affords including the fee. Nothing affordable: nothing
            opens.
        fee_rate : float
            Maker or taker, the caller's choice.

        Raises
        ------
        LiquidatedError
            The account was, or is by this call, liquidated.
        ParameterError
            A bad argument, or a position too small or too large to hold; nothing changes.
        """
        self._trade(lib.hq_backtest_open_long, price=price, margin=margin, fee_rate=fee_rate)

    def open_short(self, price: float, margin: float, fee_rate: float) -> None:
        """Open or add to the short; as `open_long`."""
        self._trade(lib.hq_backtest_open_short, price=price, margin=margin, fee_rate=fee_rate)

    def close_long(self, price: float, fee_rate: float) -> None:
        """Close the whole long. Nothing happens when there is none.

        Raises
        ------
        LiquidatedError
            The account was, or is by this call, liquidated.
        ParameterError
            A bad argument; nothing changes.
        """
        self._trade(lib.hq_backtest_close_long, price=price, fee_rate=fee_rate)

    def close_short(self, price: float, fee_rate: float) -> None:
        """Close the whole short; as `close_long`."""
        self._trade(lib.hq_backtest_close_short, price=price, fee_rate=fee_rate)

    # ------------------------------------------------------------- reading

    def result(self, price: float) -> BacktestResult:
        """Value the account at a price. Changes nothing.

        Returns
        -------
        dict
            ``equity`` (quote currency, >= 0), ``profit`` (equity - initial_margin),
            ``profit_rate`` (profit / initial_margin), ``max_drawdown_rate`` (deepest fall of marked
            equity from a peak, this price included, -1..0) and ``liquidated``.
        """
        handle = self._opened()
        lib.hq_clear_error()
        try:
            answer = lib.hq_backtest_result(handle, price)
        except OverflowError:
            raise out_of_range(price=price) from None
        if isnan(answer.equity):
            check(lib.hq_last_error().code)
        return {
            "equity": answer.equity,
            "profit": answer.profit,
            "profit_rate": answer.profit_rate,
            "max_drawdown_rate": answer.max_drawdown_rate,
            "liquidated": bool(answer.liquidated),
        }

    def cash(self) -> float:
        """Free cash, quote currency. Below 0 only while an open position's profit covers it."""
        return self._number(lib.hq_backtest_cash)

    def liquidated(self) -> bool:
        """Whether the account has been liquidated."""
        handle = self._opened()
        lib.hq_clear_error()
        answer = bool(lib.hq_backtest_liquidated(handle))
        check(lib.hq_last_error().code)
        return answer

    def max_open_margin(self, fee_rate: float) -> float:
        """Largest m with ``m + m * leverage * fee_rate <= cash``, in floating point, too."""
        return self._number(lib.hq_backtest_max_open_margin, fee_rate=fee_rate)

    def equity(self, price: float) -> float:
        """Cash + margin + unrealised P&L at a price, at least 0."""
        return self._number(lib.hq_backtest_equity, price=price)

    def locked_margin(self) -> float:
        """Margin of the open positions, quote currency."""
        return self._number(lib.hq_backtest_locked_margin)

    def total_notional(self, price: float) -> float:
        """Value of both positions at a price, quote currency."""
        return self._number(lib.hq_backtest_total_notional, price=price)

    def maintenance_margin(self, price: float) -> float:
        """``total_notional(price) * maintenance_margin_rate``."""
        return self._number(lib.hq_backtest_maintenance_margin, price=price)

    def contracts(self, side: Side) -> float:
        """Contracts held on a side, ``"long"`` or ``"short"``; 0 when it is flat."""
        return self._number(lib.hq_backtest_contracts, side=_side(side))

    def entry_price(self, side: Side) -> float:
        """Quantity-weighted entry price of a side; NaN when it is flat."""
        return self._number(lib.hq_backtest_entry_price, side=_side(side))

    def fees(self) -> float:
        """Fees paid since the start, quote currency."""
        return self._number(lib.hq_backtest_fees)

    def realized_pnl(self) -> float:
        """Realised P&L before fees since the start, quote currency."""
        return self._number(lib.hq_backtest_realized_pnl)

    def liquidation_loss(self) -> float:
        """Equity that was left (> 0) or missing (< 0) at the liquidation; 0 before one."""
        return self._number(lib.hq_backtest_liquidation_loss)

    def _void(self, function: Callable[..., None], **arguments: object) -> None:
        """Call a function that tells a failure by the last error alone."""
        handle = self._opened()
        lib.hq_clear_error()
        _called(function, handle, arguments)
        check(lib.hq_last_error().code)

    def _trade(self, function: Callable[..., int], **arguments: object) -> None:
        """Call a function that answers a status."""
        check(_called(function, self._opened(), arguments))

    def _number(self, function: Callable[..., float], **arguments: object) -> float:
        """Call a function that answers a failure by NaN."""
        handle = self._opened()
        lib.hq_clear_error()
        answer = _called(function, handle, arguments)
        if isnan(answer):
            check(lib.hq_last_error().code)
        return answer


def _called(
    function: Callable[..., Answer], handle: object, arguments: dict[str, object]
) -> Answer:
    try:
        return function(handle, *arguments.values())
    except OverflowError:
        raise out_of_range(**arguments) from None


def _side(side: Side) -> int:
    if side not in _SIDES:
        raise ParameterError(f"side: expected 'long' or 'short', found {side!r}")
    return _SIDES[side]
