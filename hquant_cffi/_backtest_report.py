"""What a backtest found: counters, curves, trades and fills."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hquant_cffi._errors import ParameterError
from hquant_cffi._records import Column, Table, Words, record_columns
from hquant_cffi._tables import arrow_table, pandas_frame, polars_frame

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from hquant_cffi._metrics_table import Metrics

__all__ = ["BacktestReport"]

_LISTED = 64  # entries of an option that `to_dict` writes out: as many as there may be margin tiers


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class BacktestReport:
    """What a backtest found. Money is in quote currency.

    The trades' ``pnl`` add up to ``final_equity - capital + liquidation_loss``; `orders` is the sum
    of `filled_orders`, `ignored_same_side`, `ignored_side`, `rejected_orders`, `expired_orders`,
    `replaced_orders`, `cancelled_orders`, `dropped_last_bar` and `working_orders`.

    Attributes
    ----------
    symbols : tuple of str
        Names of the symbols, in the order of their columns.
    bars, steps : int
        Bars given; moments of the curves.
    rejected_bars, warmup_bars : int
        Bars left out with ``bad_bars="skip"``; bars before the first on which a rule's condition
        was known, the most of any symbol.
    signals, buy_signals, sell_signals, hold_signals : int
        Signals emitted, and how many of each action.
    orders : int
        BUY and SELL signals, and the caller's orders.
    filled_orders, partial_orders : int
        Done; of these, cut to what cash or the margin tiers allow.
    ignored_same_side, ignored_side : int
        Signals on the side already held; of a side that may not be held, with nothing to close.
    rejected_orders, rejects : int, dict of str to int
        Orders that opened nothing, in all and by reason: clause, liquidated, cash, min_size,
        leverage, side, reduce_only, max_size.
    expired_orders, replaced_orders, cancelled_orders : int
        Not reached in their time; a later signal's took their place; another order of their group
        was filled.
    dropped_last_bar, working_orders : int
        Given at the last bar, whose next bar is not there; still resting at the end.
    fills_count : int
        Executions.
    closed_trades, open_trades : int
        Positions closed, a liquidation included; positions open after the last bar.
    ambiguous_bars : int
        Bars whose order of prices was assumed, and mattered or may have.
    liquidated : bool
        Whether the account was liquidated.
    final_equity, total_return, max_drawdown : float
        At the last close, open positions marked, not closed; ``(final_equity - capital) /
        capital``; deepest fall of equity from a peak at the steps' closes, -1..0.
    fees, funding, realized_pnl, liquidation_loss : float
        Paid; paid, < 0 when received; P&L of closings before both; equity left (> 0) or missing
        (< 0) at a liquidation.
    capital : float
        Starting cash.
    options : mapping of str to object
        The options of the run, as they were given, those left out included.
    time : (S,) ndarray of int64
        Times of the steps, ms; of one symbol the data's own column, read-only, where no bar was
        left out.
    equity : (S,) ndarray of float64
        Equity at each step's close.
    position : (S, N) ndarray of float64 or None
        Signed base asset units of each symbol at each step's close; None unless asked for.
    margin : (S,) ndarray of float64 or None
        Margin locked at each step's close; None unless asked for.
    actions : (T,) ndarray of uint8
        Each bar's signal, symbol after symbol: 0 none, 1 buy, 2 sell, 3 hold.
    trades, fills : structured ndarray
        `TRADE_DTYPE`: positions in the order they ended, open ones last; `FILL_DTYPE`: executions
        in order.
    """

    symbols: tuple[str, ...]
    bars: int
    steps: int
    rejected_bars: int
    warmup_bars: int
    signals: int
    buy_signals: int
    sell_signals: int
    hold_signals: int
    orders: int
    filled_orders: int
    partial_orders: int
    ignored_same_side: int
    ignored_side: int
    rejected_orders: int
    rejects: dict[str, int]
    expired_orders: int
    replaced_orders: int
    cancelled_orders: int
    dropped_last_bar: int
    working_orders: int
    fills_count: int
    closed_trades: int
    open_trades: int
    ambiguous_bars: int
    liquidated: bool
    final_equity: float
    total_return: float
    max_drawdown: float
    fees: float
    funding: float
    realized_pnl: float
    liquidation_loss: float
    capital: float
    options: Mapping[str, object]
    time: npt.NDArray[np.int64]
    equity: npt.NDArray[np.float64]
    position: npt.NDArray[np.float64] | None
    margin: npt.NDArray[np.float64] | None
    actions: npt.NDArray[np.uint8]
    trades: npt.NDArray[np.void]
    fills: npt.NDArray[np.void]

    @property
    def drawdown(self) -> npt.NDArray[np.float64]:
        """(S,) ndarray: fall of equity from its peak so far, the capital included, -1..0."""
        peak = np.maximum.accumulate(np.concatenate(([self.capital], self.equity)))[1:]
        return self.equity / peak - 1

    @cached_property
    def metrics(self) -> Metrics:
        """Ratios, risk and trades in figures.

        What makes a year is read off the times of the steps, and there is no benchmark. To give
        either, call `hquant_cffi.metrics` with the report's curve and trades.

        Raises
        ------
        ParameterError
            The curve cannot be measured: there are no steps, or equity was below 0.
        """
        # Here: not every program reads them.
        from hquant_cffi._metrics import equity_metrics, read_metrics

        measured: tuple[bytes, bytes] | None = vars(self).get("_measured")
        if measured is not None:
            return read_metrics(*measured)
        return equity_metrics(
            self.equity,
            self.time,
            None,
            initial=self.capital,
            trades=self.trades,
            risk_free=0.0,
        )

    def keep_measured(self, metrics: bytes, year: bytes) -> None:
        """Take an ``HqMetrics`` and an ``HqYear`` as the run has made them, of a new report.

        They are no field: a copy with another curve (`dataclasses.replace`) is measured itself.
        """
        vars(self)["_measured"] = metrics, year

    # ------------------------------------------------------------------ tables

    def columns(self, what: Table = "curves") -> dict[str, npt.NDArray[Any]]:
        """Return a table as columns by name, without another library.

        Parameters
        ----------
        what : {"curves", "trades", "fills"}, optional
            Curves: time, equity, drawdown, and those that were asked for, a row a step. Trades and
            fills: the fields of `trades` and `fills`.

        Returns
        -------
        dict of str to ndarray
            Times are datetime64[ms], UTC; symbols, sides ("long", "short"; "buy", "sell") and
            reasons are texts.

        Raises
        ------
        ParameterError
            There is no such table.
        """
        return {
            name: column.texts() if isinstance(column, Words) else column
            for name, column in self._columns(what).items()
        }

    def to_pandas(self, what: Table = "curves") -> pd.DataFrame:
        """Return a table, as of `columns`, for pandas: curves are indexed by time.

        Times have the zone UTC; symbols, sides and reasons are categories.

        Raises
        ------
        UnsupportedError
            pandas is not installed.
        ParameterError
            There is no such table.
        """
        frame = pandas_frame(self._columns(what))
        return frame.set_index("time") if what == "curves" else frame

    def to_polars(self, what: Table = "curves") -> pl.DataFrame:
        """Return a table, as of `columns`, for polars.

        Times have the zone UTC; symbols, sides and reasons are Enums.

        Raises
        ------
        UnsupportedError
            polars is not installed.
        ParameterError
            There is no such table.
        """
        return polars_frame(self._columns(what))

    def to_arrow(self, what: Table = "curves") -> pa.Table:
        """Return a table, as of `columns`, for pyarrow.

        Times have the zone UTC; symbols, sides and reasons are dictionaries.

        Raises
        ------
        UnsupportedError
            pyarrow is not installed.
        ParameterError
            There is no such table.
        """
        return arrow_table(self._columns(what))

    def _columns(self, what: Table) -> dict[str, Column]:
        if what == "trades":
            return record_columns(self.trades, what, self.symbols)
        if what == "fills":
            return record_columns(self.fills, what, self.symbols)
        if what != "curves":
            raise ParameterError(f"what: expected 'curves', 'trades' or 'fills', found {what!r}")
        columns: dict[str, Column] = {
            "time": self.time.astype("datetime64[ms]"),
            "equity": self.equity,
            "drawdown": self.drawdown,
        }
        if self.margin is not None:
            columns["margin"] = self.margin
        if self.position is not None:
            for i, name in enumerate(self.symbols):
                key = "position" if len(self.symbols) == 1 else f"position_{name}"
                columns[key] = np.ascontiguousarray(self.position[:, i])
        return columns

    # -------------------------------------------------------------------- text

    def to_dict(self) -> dict[str, Any]:
        """Every number of the report and its options, ready for JSON; ``trades`` is the count
        `closed_trades`."""
        answer: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray) or value is None:
                continue
            name = "trades" if field.name == "closed_trades" else field.name
            answer[name] = list(value) if isinstance(value, tuple) else value
        answer["options"] = {name: _plain(value) for name, value in self.options.items()}
        return answer

    def oddities(self) -> Iterator[tuple[str, str]]:
        """What a reader should know before believing the numbers: name and words, none if all is
        plain."""
        if self.ambiguous_bars:
            yield (
                "ambiguous bars",
                f"{self.ambiguous_bars:,}: the order of prices in them was assumed",
            )
        if self.rejected_bars:
            yield "bars left out", f"{self.rejected_bars:,} that cannot be traded"
        if self.rejected_orders:
            reasons = (f"{count:,} {name}" for name, count in self.rejects.items() if count)
            yield "rejected", f"{self.rejected_orders:,} orders: " + ", ".join(reasons)
        counts = (
            ("partial", self.partial_orders, "orders cut to what cash or tiers allow"),
            ("ignored", self.ignored_same_side, "signals on the side already held"),
            ("side not held", self.ignored_side, "signals of a side that may not be held"),
            ("expired", self.expired_orders, "orders not reached in their time"),
            ("replaced", self.replaced_orders, "orders by a later signal"),
            ("cancelled", self.cancelled_orders, "orders by another of their group"),
            ("dropped", self.dropped_last_bar, "orders given at the last bar"),
            ("working", self.working_orders, "orders still resting at the end"),
        )
        for name, count, words in counts:
            if count:
                yield name, f"{count:,} {words}"

    def liquidation(self) -> str:
        """Return in words whether the account was liquidated, and what was left or missing."""
        if not self.liquidated:
            return "no"
        end = "left" if self.liquidation_loss >= 0 else "missing"
        return f"yes, {abs(self.liquidation_loss):,.2f} {end}"

    def summary(self) -> str:
        """The report as a few lines of text."""
        trades = f"{self.closed_trades:,}"
        if self.open_trades:
            trades += f" + {self.open_trades} open"
        rows = [
            ("bars", f"{self.bars:,}"),
            *([("warm-up", f"{self.warmup_bars:,} bars")] if self.warmup_bars else []),
            ("signals", f"{self.signals:,} ({self.buy_signals:,} buy, {self.sell_signals:,} sell)"),
            ("trades", trades),
            ("final equity", f"{self.final_equity:,.2f}"),
            ("total return", f"{self.total_return:+.2%}"),
            ("max drawdown", f"{self.max_drawdown:.2%}"),
            ("fees", f"{self.fees:,.2f}"),
            *([("funding", f"{self.funding:,.2f}")] if self.funding else []),
            ("liquidated", self.liquidation()),
            *self.oddities(),
        ]
        width = max(len(name) for name, _ in rows) + 2
        return "\n".join(f"{name:<{width}}{value}" for name, value in rows)

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        end = ", liquidated" if self.liquidated else ""
        return (
            f"<BacktestReport: {self.bars} bars, {self.closed_trades} trades, "
            f"return {self.total_return:+.2%}, drawdown {self.max_drawdown:.2%}{end}>"
        )


def _plain(value: object) -> object:
    """Return an option as JSON has it; data, arrays and long lists are named, not listed."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, (str, int, float, bool, type(None))):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)) and len(value) <= _LISTED:
        return [_plain(each) for each in value]
    return f"<{type(value).__name__}>"
