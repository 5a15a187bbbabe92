"""What a backtest found: counters, per-bar columns and trades."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["TRADE_DTYPE", "BacktestReport", "Fill"]

Fill: TypeAlias = Literal["next_open", "close"]

#: One round trip, the C struct HqTrade: times in ms, prices and money in quote currency, quantity
#: in base asset units, side +1 long or -1 short, exit_reason 0 still open, 1 opposite signal,
#: 2 liquidation. The last 6 of its 88 bytes are zero.
TRADE_DTYPE: Final = np.dtype(
    {
        "names": [
            "entry_time",
            "exit_time",
            "entry_bar",
            "exit_bar",
            "entry_price",
            "exit_price",
            "quantity",
            "pnl",
            "fees",
            "margin",
            "side",
            "exit_reason",
        ],
        "formats": ["i8", "i8", "u8", "u8", *["f8"] * 6, "i1", "u1"],
        "offsets": [*range(0, 80, 8), 80, 81],
        "itemsize": 88,
    }
)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class BacktestReport:
    """What a backtest found.

    Money is in quote currency. The trades' ``pnl`` add up to ``final_equity - capital +
    liquidation_loss``; every BUY or SELL signal ended in exactly one of: an opening,
    `ignored_same_side`, `dropped_last_bar`, `rejected_orders`.

    Attributes
    ----------
    bars : int
        Bars run.
    signals, buy_signals, sell_signals, hold_signals : int
        Signals emitted, and how many of each action.
    fills : int
        Legs executed by orders: opens and closes.
    closed_trades, open_trades : int
        Round trips ended, a liquidation included; 1 when one is still open after the last bar.
    ignored_same_side : int
        Signals on the side already held.
    dropped_last_bar : int
        Next-open BUY or SELL signals on the last bar.
    rejected_orders : int
        Orders that opened nothing: no cash, or liquidated.
    liquidated : bool
        Whether the account was liquidated.
    final_equity : float
        At the last close, the open position marked, not closed.
    total_return : float
        ``(final_equity - capital) / capital``.
    max_drawdown : float
        Deepest fall of equity from a peak at the bars' closes, -1..0; -1 after a liquidation.
    fees, realized_pnl, liquidation_loss : float
        Paid; P&L of closed trades before fees; equity left (> 0) or missing (< 0) at a liquidation.
    capital, leverage, fee, contract_size, maintenance_margin, fill
        The options of the run.
    time : (T,) ndarray of int64
        Open times of the bars, ms; a view of the data.
    equity : (T,) ndarray of float64
        Equity at each bar's close.
    actions : (T,) ndarray of uint8
        Each bar's signal: 0 none, 1 buy, 2 sell, 3 hold.
    trades : (N,) structured ndarray
        `TRADE_DTYPE`: the closed round trips in order, then the open one.
    """

    bars: int
    signals: int
    buy_signals: int
    sell_signals: int
    hold_signals: int
    fills: int
    closed_trades: int
    open_trades: int
    ignored_same_side: int
    dropped_last_bar: int
    rejected_orders: int
    liquidated: bool
    final_equity: float
    total_return: float
    max_drawdown: float
    fees: float
    realized_pnl: float
    liquidation_loss: float
    capital: float
    leverage: float
    fee: float
    contract_size: float
    maintenance_margin: float
    fill: Fill
    time: npt.NDArray[np.int64]
    equity: npt.NDArray[np.float64]
    actions: npt.NDArray[np.uint8]
    trades: npt.NDArray[np.void]

    def to_dict(self) -> dict[str, int | float | bool | str]:
        """Every number of the report, ready for JSON; ``trades`` is the count `closed_trades`."""
        answer = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if not isinstance(value, np.ndarray):
                answer["trades" if field.name == "closed_trades" else field.name] = value
        return answer

    def summary(self) -> str:
        """The report as a few lines of text."""
        trades = f"{self.closed_trades:,}" + (" + 1 open" if self.open_trades else "")
        rows = [
            ("bars", f"{self.bars:,}"),
            ("signals", f"{self.signals:,} ({self.buy_signals:,} buy, {self.sell_signals:,} sell)"),
            ("trades", trades),
            ("final equity", f"{self.final_equity:,.2f}"),
            ("total return", f"{self.total_return:+.2%}"),
            ("max drawdown", f"{self.max_drawdown:.2%}"),
            ("fees", f"{self.fees:,.2f}"),
            ("liquidated", "yes" if self.liquidated else "no"),
        ]
        return "\n".join(f"{name:<14}{value}" for name, value in rows)

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        end = ", liquidated" if self.liquidated else ""
        return (
            f"<BacktestReport: {self.bars} bars, {self.closed_trades} trades, "
            f"return {self.total_return:+.2%}, drawdown {self.max_drawdown:.2%}{end}>"
        )
