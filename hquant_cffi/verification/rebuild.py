"""The account once more, from nothing but a report's fills, the bars and the options.

docs/backtesting.md has the rules in brackets. Written from them, not from the engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import numpy.typing as npt

from hquant_cffi._backtest_report import BacktestReport
from hquant_cffi._timeframes import bar_period_ms
from hquant_cffi.verification.inputs import Inputs
from hquant_cffi.verification.ledger import (
    LONG,
    OPEN,
    SHORT,
    Fault,
    Floats,
    Ledger,
    Leg,
    Round,
    SymbolLegs,
    tolerance,
)
from hquant_cffi.verification.stream import good_bars

if TYPE_CHECKING:
    from hquant_cffi.data import Bars

__all__ = ["rebuild"]

_SIGN: Final = (1, -1)
_LIQUIDATED: Final = 2  # a reason
_DUST: Final = 1e-12  # a closing that would leave less of a position closes it all [S3]

# --------------------------------------------------------------------- funding


def _funding_due(bars: Bars, good: npt.NDArray[np.intp], interval_ms: int) -> npt.NDArray[np.bool_]:
    """Whether a bar is the first that was run at or after a multiple of the interval [C4]."""
    due = np.ones(len(good), dtype=bool)
    if interval_ms > 0:
        periods = bars.timestamp[good] // interval_ms
        due[1:] = periods[1:] > periods[:-1]
    return due


def _funding_rate(inputs: Inputs, symbol: int, good: npt.NDArray[np.intp]) -> Floats:
    """What a unit held at a bar's open pays: open * rate where funding is due."""
    column = inputs.columns["funding"][symbol]
    bars = inputs.bars[symbol]
    if column is None:
        return np.zeros(len(good))
    missing = inputs.options.get("funding_missing", "error")
    constant = 0.0 if isinstance(missing, str) else float(missing)
    rates = np.asarray(column, dtype=np.float64)[good]
    rates = np.where(np.isnan(rates), constant, rates)
    interval = inputs.options.get("funding_interval")
    due = _funding_due(bars, good, 0 if interval is None else bar_period_ms(interval))
    return np.where(due, bars.open[good] * rates, 0.0)


# ---------------------------------------------------------------------- ledger


class _Rebuilder:
    """Goes through the fills in their order."""

    def __init__(self, inputs: Inputs, report: BacktestReport) -> None:
        self.report = report
        self.options = cast("Mapping[str, Any]", report.options)
        steps = len(report.time)
        self.symbols = [self._symbol(inputs, i) for i in range(len(inputs.bars))]
        self.flow, self.paid, self.count, self.gross = (np.zeros(steps) for _ in range(4))
        self.book = Ledger(steps, len(self.symbols))
        self.cash = float(self.options["capital"])
        self.scale = self.cash
        self.events = 0

    def _symbol(self, inputs: Inputs, index: int) -> SymbolLegs:
        bars = inputs.bars[index]
        good = good_bars(bars)
        steps = np.searchsorted(self.report.time, bars.timestamp[good])
        latest = np.searchsorted(bars.timestamp[good], self.report.time, "right") - 1
        closes = bars.close[good]
        mark = np.where(latest >= 0, closes[np.maximum(latest, 0)], 0.0) if len(good) else (
            np.zeros(len(self.report.time))
        )  # fmt: skip
        return SymbolLegs(good, steps, mark, _funding_rate(inputs, index, good))

    # ------------------------------------------------------------------ curves

    def write(self, index: int, step: int) -> None:
        """A symbol's legs change in a step: write its curves until then."""
        symbol = self.symbols[index]
        rows = slice(symbol.since, step)
        mark = symbol.mark[rows]
        for side, leg in enumerate(symbol.legs):
            if leg.quantity > 0:
                self.book.value[rows] += leg.pnl(side, mark)
                self.book.margin[rows] += leg.margin
                self.book.position[rows, index] += _SIGN[side] * leg.quantity
                self.gross[rows] += leg.quantity * mark
        symbol.since = max(step, symbol.since)

    def pay_funding(self, step: int) -> None:
        """What was due until the open of a step, to all symbols [T2]."""
        for symbol in self.symbols:
            end = int(np.searchsorted(symbol.steps, step, "right"))
            rows = slice(symbol.paid, end)
            symbol.paid = max(end, symbol.paid)
            for side, leg in enumerate(symbol.legs):
                due = symbol.rate[rows] * (_SIGN[side] * leg.quantity)
                total = float(due.sum())
                if leg.round is None or not due.any():
                    continue
                self.paid[symbol.steps[rows]] += due
                leg.round.funding += total
                self.book.funding += total
                self.cash -= total
                self.events += int(np.count_nonzero(due))

    # ------------------------------------------------------------------- fills

    def fault(self, fill: Any, what: str, expected: object, found: object) -> None:
        self.book.faults.append(
            Fault(int(fill["time"]), int(fill["symbol"]), int(fill["bar"]), what, expected, found)
        )

    def expect(self, fill: Any, what: str, expected: float, found: float, scale: float) -> None:
        if not abs(expected - found) <= tolerance(self.events, scale):
            self.fault(fill, what, expected, found)

    def fee(self, fill: Any) -> float:
        """What a fill owes [C1, C2]."""
        rate = float(self.options["fee"])
        if fill["is_maker"] and self.options["maker_fee"] is not None:
            rate = float(self.options["maker_fee"])
        quantity = float(fill["quantity"])
        price, per_unit = float(fill["price"]), float(self.options["fee_per_unit"])
        return price * quantity * rate + quantity * per_unit

    def take(self, row: int, fill: Any) -> None:
        """One fill."""
        index = int(fill["symbol"])
        step = int(np.searchsorted(self.report.time, fill["time"]))
        if not (0 <= index < len(self.symbols)) or step >= len(self.report.time):
            self.book.faults.append(
                Fault(int(fill["time"]), 0, int(fill["bar"]), f"fill {row}: its symbol and time",
                      "those of a bar", (index, int(fill["time"])))
            )  # fmt: skip
            return
        if not fill["quantity"] > 0:
            self.fault(fill, f"fill {row}: quantity", "> 0", float(fill["quantity"]))
            return
        self.pay_funding(step)
        self.write(index, step)
        symbol = self.symbols[index]
        self.events += 1
        self.scale = max(self.scale, abs(self.cash), float(fill["price"] * fill["quantity"]))
        before = self.cash
        if fill["is_opening"]:
            self.open(row, fill, symbol)
        else:
            self.close(row, fill, symbol)
        self.flow[step] += self.cash - before
        self.count[step] += 1
        long, short = symbol.legs
        largest = max(long.quantity, short.quantity, float(fill["quantity"]))
        net = long.quantity - short.quantity
        self.expect(fill, f"fill {row}: position", net, float(fill["position"]), largest)

    def open(self, row: int, fill: Any, symbol: SymbolLegs) -> None:
        side = LONG if fill["side"] > 0 else SHORT
        leg = symbol.legs[side]
        quantity, price, fee = (float(fill[name]) for name in ("quantity", "price", "fee"))
        if leg.round is None:
            leg.round = Round(
                int(fill["symbol"]), side, int(fill["bar"]), int(fill["time"]), int(fill["reason"])
            )
        margin = quantity * price / float(self.options["leverage"])
        total = leg.quantity + quantity
        leg.entry = leg.entry + (price - leg.entry) * (quantity / total)
        leg.quantity = total
        leg.margin += margin
        leg.round.quantity += quantity
        leg.round.spent += price * quantity
        leg.round.margin += margin
        leg.round.fees += fee
        leg.round.entries += 1
        self.cash -= margin + fee
        self.book.fees += fee
        self.expect(fill, f"fill {row}: fee", self.fee(fill), fee, self.scale)
        self.expect(fill, f"fill {row}: P&L of an opening", 0.0, float(fill["pnl"]), 0.0)
        if self.cash < -tolerance(self.events, self.scale):
            self.fault(fill, f"fill {row}: cash after an opening", ">= 0", self.cash)

    def close(self, row: int, fill: Any, symbol: SymbolLegs) -> None:
        side = LONG if fill["side"] < 0 else SHORT
        leg = symbol.legs[side]
        quantity, price, fee = (float(fill[name]) for name in ("quantity", "price", "fee"))
        if leg.round is None or not quantity <= leg.quantity * (1 + _DUST):
            self.fault(fill, f"fill {row}: closed", f"at most {leg.quantity!r} held", quantity)
            return
        pnl = (price - leg.entry if side == LONG else leg.entry - price) * quantity
        is_all = leg.quantity - quantity <= leg.quantity * _DUST
        released = leg.margin if is_all else leg.margin * (quantity / leg.quantity)
        closed = leg.round
        closed.got += price * quantity
        closed.fees += fee
        closed.realized += pnl
        owed, covered = self.fee(fill), max(self.cash + released + pnl, 0.0)
        self.expect(fill, f"fill {row}: P&L", pnl, float(fill["pnl"]), self.scale)
        self.expect(fill, f"fill {row}: fee", min(owed, covered), fee, self.scale)
        self.cash += released + pnl - fee
        self.book.fees += fee
        self.book.realized += pnl
        leg.quantity -= quantity
        leg.margin -= released
        if is_all:
            self.end(closed, int(fill["bar"]), int(fill["time"]), int(fill["reason"]))
            self.clear(leg)

    def end(self, over: Round, bar: int, time: int, reason: int) -> None:
        over.exit_bar, over.exit_time, over.exit_reason = bar, time, reason
        self.book.rounds.append(over)

    def clear(self, leg: Leg) -> None:
        leg.quantity = leg.entry = leg.margin = 0.0
        leg.round = None

    # --------------------------------------------------------------------- end

    def liquidate(self) -> None:
        """Everything is lost in the first step without equity, at the prices of the trades [M3]."""
        gone = np.flatnonzero(self.report.equity == 0)
        if not len(gone):
            return
        step = int(gone[0])
        self.book.liquidation_step = step
        self.pay_funding(step)
        trades = self.report.trades
        prices = {
            (int(trade["symbol"]), 0 if trade["side"] > 0 else 1): trade
            for trade in trades[trades["exit_reason"] == _LIQUIDATED]
        }
        before, pnl, locked = self.cash, 0.0, 0.0
        for index, symbol in enumerate(self.symbols):
            self.write(index, step)
            for side, leg in enumerate(symbol.legs):
                if leg.round is None or (index, side) not in prices:
                    continue
                trade = prices[index, side]
                # Its rest left at what makes the mean of all that left the trade's exit price.
                rest = (float(trade["exit_price"]) * leg.round.quantity - leg.round.got)
                rest_pnl = (rest - leg.entry * leg.quantity) * _SIGN[side]
                leg.round.got += rest
                leg.round.realized += rest_pnl
                pnl += rest_pnl
                locked += leg.margin
                self.end(leg.round, int(trade["exit_bar"]), int(trade["exit_time"]), _LIQUIDATED)
                self.clear(leg)
        self.book.realized += pnl
        self.book.liquidation_loss = before + locked + pnl
        self.flow[step] -= before
        self.cash = 0.0

    def finish(self) -> Ledger:
        if self.report.liquidated:
            self.liquidate()
        steps = len(self.report.time)
        self.pay_funding(steps)
        for index, symbol in enumerate(self.symbols):
            self.write(index, steps)
            for side, leg in enumerate(symbol.legs):
                if leg.round is None:
                    continue
                over, mark = leg.round, float(symbol.mark[-1])
                over.got += leg.quantity * mark
                over.realized += leg.pnl(side, mark)
                bar = int(symbol.bars[-1])
                self.end(over, bar, int(self.report.time[symbol.steps[-1]]), OPEN)
        book = self.book
        paid = np.cumsum(self.paid)
        book.cash = float(self.options["capital"]) + np.cumsum(self.flow) - paid
        book.events = np.cumsum(self.count + (self.paid != 0))
        sums = [np.abs(book.cash), book.margin, self.gross, np.abs(paid)]
        largest = np.maximum.reduce(sums) if steps else np.zeros(0)
        book.scale = np.maximum(np.maximum.accumulate(largest), float(self.options["capital"]))
        return book


def rebuild(inputs: Inputs, report: BacktestReport) -> Ledger:
    """Rebuild cash, margins, positions and trades from the fills."""
    rebuilder = _Rebuilder(inputs, report)
    for row, fill in enumerate(report.fills):
        rebuilder.take(row, fill)
    return rebuilder.finish()
