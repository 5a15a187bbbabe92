"""Counts: what the report counts adds up, and is what its records and curves hold."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hquant_cffi._backtest_report import BacktestReport
from hquant_cffi.verification.inputs import Inputs
from hquant_cffi.verification.stream import good_bars
from hquant_cffi.verification.verdict import Check, Failure

__all__ = ["check_counts"]

_ENDS = (
    "filled_orders", "ignored_same_side", "ignored_side", "rejected_orders", "expired_orders",
    "replaced_orders", "cancelled_orders", "dropped_last_bar", "working_orders",
)  # fmt: skip


def _orders(inputs: Inputs, report: BacktestReport) -> Iterator[tuple[str, int, int]]:
    buys, sells, holds = (int(np.count_nonzero(report.actions == i)) for i in (1, 2, 3))
    yield "buy_signals (BUYs among the actions)", buys, report.buy_signals
    yield "sell_signals (SELLs among the actions)", sells, report.sell_signals
    yield "hold_signals (HOLDs among the actions)", holds, report.hold_signals
    yield "signals (of all actions)", buys + sells + holds, report.signals
    yield "orders (BUYs, SELLs and the list's)", buys + sells + len(inputs.orders), report.orders
    ends = sum(getattr(report, name) for name in _ENDS)
    yield "orders (sum of what became of them)", ends, report.orders
    rejects = sum(report.rejects.values())
    yield "rejected_orders (sum of the reasons)", rejects, report.rejected_orders
    partial = min(report.partial_orders, report.filled_orders)
    yield "partial_orders (at most the filled ones)", partial, report.partial_orders


def _records(inputs: Inputs, report: BacktestReport) -> Iterator[tuple[str, int, int]]:
    is_open = report.trades["exit_reason"] == 0
    yield "closed_trades", int(np.count_nonzero(~is_open)), report.closed_trades
    yield "open_trades", int(np.count_nonzero(is_open)), report.open_trades
    yield "fills_count", len(report.fills), report.fills_count
    good = [good_bars(bars) for bars in inputs.bars]
    bars = sum(map(len, inputs.bars))
    yield "bars", bars, report.bars
    yield "actions (one for each bar)", bars, len(report.actions)
    yield "rejected_bars", bars - sum(map(len, good)), report.rejected_bars
    times = [bars.timestamp[rows] for bars, rows in zip(inputs.bars, good, strict=True)]
    steps = np.unique(np.concatenate(times))
    yield "steps (moments of the bars)", len(steps), report.steps
    yield "steps (values of each curve)", report.steps, len(report.equity)
    at_moments = int(np.array_equal(steps, report.time))
    yield "time (1: the moments of the bars, in order)", 1, at_moments
    ambiguous = min(report.ambiguous_bars, report.bars)
    yield "ambiguous_bars (at most the bars)", ambiguous, report.ambiguous_bars
    filled = report.fills[(report.fills["reason"] == 1) | (report.fills["reason"] == 6)]
    opened = int(np.count_nonzero(filled["is_opening"]))
    # An order fills at most once on either side; with nothing filled there is no fill.
    yield "openings (at most the filled orders)", min(opened, report.filled_orders), opened


def check_counts(inputs: Inputs, report: BacktestReport) -> Check:
    """Every count against what it counts."""
    compared = [*_orders(inputs, report), *_records(inputs, report)]
    wrong = [each for each in compared if each[1] != each[2]]
    failure = None
    if wrong:
        name, expected, found = wrong[0]
        failure = Failure(what=name, expected=expected, found=found)
    return Check(name="counts", count=len(compared), unit="counts", failure=failure)
