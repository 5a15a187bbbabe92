"""Accounting: the report's curves, trades and sums against the account rebuilt from its fills."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from hquant_cffi._backtest_report import BacktestReport
from hquant_cffi.verification.inputs import Inputs
from hquant_cffi.verification.ledger import Fault, Floats, Ledger, Round, tolerance
from hquant_cffi.verification.truncation import place_of
from hquant_cffi.verification.verdict import Check, Failure

__all__ = ["check_accounting", "check_trades"]


def _at_step(report: BacktestReport, step: int, what: str, expected: Any, found: Any) -> Fault:
    return Fault(int(report.time[step]), -1, -1, what, expected, found)


# --------------------------------------------------------------------- curves


def _curve(
    report: BacktestReport, what: str, expected: Floats, found: Floats, allowed: Floats
) -> Iterator[Fault]:
    """The first step where a curve is not the one that was rebuilt."""
    if expected.shape != found.shape:
        yield Fault(None, -1, -1, f"{what}: values", len(expected), len(found))
        return
    wrong = ~(np.abs(expected - found) <= allowed)
    rows = np.flatnonzero(wrong)
    if len(rows):
        yield _at_step(report, int(rows[0]), what, float(expected[rows[0]]), float(found[rows[0]]))


def _curves(report: BacktestReport, ledger: Ledger) -> Iterator[Fault]:
    allowed = np.array(
        [tolerance(*each) for each in zip(ledger.events, ledger.scale, strict=True)]
    )
    equity = np.maximum(ledger.cash + ledger.margin + ledger.value, 0.0)
    if ledger.liquidation_step is not None:
        equity[ledger.liquidation_step :] = 0.0
    yield from _curve(report, "equity", equity, report.equity, allowed)
    if report.margin is not None:
        yield from _curve(report, "margin", ledger.margin, report.margin, allowed)
    if report.position is not None:
        for i, name in enumerate(report.symbols):
            what = f"position of {name}" if name else "position"
            held = ledger.position[:, i]
            largest = np.maximum.accumulate(np.abs(held)) if len(held) else held
            room = 2.0**-52 * (32 + 8 * ledger.events) * largest
            yield from _curve(report, what, held, report.position[:, i], room)
    below = np.flatnonzero(~(report.equity >= 0))
    if len(below):
        yield _at_step(report, int(below[0]), "equity", ">= 0", float(report.equity[below[0]]))


# ----------------------------------------------------------------------- sums


def _sums(report: BacktestReport, ledger: Ledger) -> Iterator[tuple[str, float, float]]:
    """Name, what it should be by the fills and the curves, what the report says."""
    equity = report.equity
    final = float(equity[-1]) if len(equity) else report.capital
    yield "final_equity", final, report.final_equity
    yield "total_return", (final - report.capital) / report.capital, report.total_return
    deepest = float(min(report.drawdown.min(initial=0.0), 0.0))
    yield "max_drawdown", -1.0 if report.liquidated else deepest, report.max_drawdown
    yield "fees", ledger.fees, report.fees
    yield "funding", ledger.funding, report.funding
    yield "realized_pnl", ledger.realized, report.realized_pnl
    yield "liquidation_loss", ledger.liquidation_loss, report.liquidation_loss
    left = float(ledger.cash[-1] + ledger.margin[-1]) if len(equity) else report.capital
    yield (
        "capital + realized_pnl - fees - funding - liquidation_loss (cash and margins)",
        left,
        report.capital + report.realized_pnl - report.fees - report.funding
        - report.liquidation_loss,
    )  # fmt: skip
    yield (
        "sum of the trades' pnl (final_equity - capital + liquidation_loss)",
        report.final_equity - report.capital + report.liquidation_loss,
        float(report.trades["pnl"].sum()),
    )


def _totals(report: BacktestReport, ledger: Ledger) -> Iterator[Fault]:
    events = float(ledger.events[-1]) if len(ledger.events) else 0.0
    scale = float(ledger.scale[-1]) if len(ledger.scale) else report.capital
    for name, expected, found in _sums(report, ledger):
        size = 1.0 if name in ("total_return", "max_drawdown") else scale
        if not abs(expected - found) <= tolerance(events, size + abs(expected)):
            yield Fault(None, -1, -1, name, expected, found)


def check_accounting(inputs: Inputs, report: BacktestReport, ledger: Ledger) -> Check:
    """Fills make positions; cash, margins and equity follow from them on every bar."""
    faults = [*ledger.faults, *_curves(report, ledger), *_totals(report, ledger)]
    return Check(
        name="accounting",
        count=len(report.time),
        unit="bars' cash, margin, position and equity rebuilt "
        f"from {len(report.fills):,} fills",
        failure=first_failure(inputs, faults),
    )


def first_failure(inputs: Inputs, faults: list[Fault]) -> Failure | None:
    """The earliest of some faults, those of no bar last."""
    if not faults:
        return None
    first = min(faults, key=lambda each: (each.time is None, each.time or 0))
    if first.time is None or not any(map(len, inputs.bars)):
        return Failure(what=first.what, expected=first.expected, found=first.found)
    return Failure(
        **place_of(inputs, first.symbol, first.bar, first.time),
        what=first.what, expected=first.expected, found=first.found,
    )  # fmt: skip


# --------------------------------------------------------------------- trades


def _expected(over: Round) -> dict[str, Any]:
    """A trade as its fills make it."""
    return {
        "symbol": over.symbol,
        "side": 1 if over.side == 0 else -1,
        "entry_bar": over.entry_bar,
        "entry_time": over.entry_time,
        "entry_reason": over.entry_reason,
        "exit_bar": over.exit_bar,
        "exit_time": over.exit_time,
        "exit_reason": over.exit_reason,
        "bars_held": over.exit_bar - over.entry_bar,
        "entries": over.entries,
        "quantity": over.quantity,
        "entry_price": over.spent / over.quantity,
        "exit_price": over.got / over.quantity,
        "margin": over.margin,
        "fees": over.fees,
        "funding": over.funding,
        "pnl": over.realized - over.fees - over.funding,
    }


_EXACT = 10  # of these, from the first; the others are sums of rounded numbers


def _trade_faults(
    row: int, over: Round, trade: Any, events: float, scale: float
) -> Iterator[tuple[str, Any, Any]]:
    expected = _expected(over)
    scale = max(scale, over.spent, over.got)  # a small P&L is the difference of large values
    for i, (name, value) in enumerate(expected.items()):
        found = trade[name].item()
        size = abs(value) if name in ("quantity", "entry_price", "exit_price") else scale
        if found != value if i < _EXACT else not abs(found - value) <= tolerance(events, size):
            yield name, value, found
    gross = float(trade["pnl"] + trade["fees"] + trade["funding"])
    room = tolerance(events, scale)
    worst, best = float(trade["mae"]), float(trade["mfe"])
    if not worst <= min(gross + room, 0.0):
        yield "mae", f"<= 0 and <= {gross!r}", worst
    if not best >= max(gross - room, 0.0):
        yield "mfe", f">= 0 and >= {gross!r}", best
    multiple = trade["pnl"] / trade["risk"] if trade["risk"] > 0 else np.float64(np.nan)
    if not np.array_equal(multiple, trade["r_multiple"], equal_nan=True):
        yield "r_multiple (pnl / risk)", float(multiple), float(trade["r_multiple"])


def _missing(report: BacktestReport, rounds: list[Round]) -> Iterator[Fault]:
    """A trade too few or too many, at the first that is not where the fills have one."""
    trades = report.trades
    keys = [(each.entry_bar, each.exit_bar, each.symbol) for each in rounds]
    found = [
        (int(each["entry_bar"]), int(each["exit_bar"]), int(each["symbol"])) for each in trades
    ]
    row = next(
        (i for i, (a, b) in enumerate(zip(keys, found, strict=False)) if a != b),
        min(len(keys), len(found)),
    )
    times = [each.exit_time for each in rounds] or [int(each["exit_time"]) for each in trades]
    places = keys or found
    at = min(row, len(places) - 1)
    yield Fault(
        times[at], places[at][2], places[at][1], f"trades (the first that differs is {row})",
        f"{len(rounds)} by the fills", len(trades),
    )  # fmt: skip


def check_trades(inputs: Inputs, report: BacktestReport, ledger: Ledger) -> Check:
    """The trades are the rounds from flat to flat that the fills make, one for one."""
    faults: list[Fault] = []
    if len(report.trades) != len(ledger.rounds):
        faults += _missing(report, ledger.rounds)
    events = float(ledger.events[-1]) if len(ledger.events) else 0.0
    scale = float(ledger.scale[-1]) if len(ledger.scale) else report.capital
    for row, (over, trade) in enumerate(zip(ledger.rounds, report.trades, strict=False)):
        for name, expected, found in _trade_faults(row, over, trade, events, scale):
            faults.append(
                Fault(over.exit_time, over.symbol, over.exit_bar, f"trade {row}: {name}",
                      expected, found)
            )  # fmt: skip
    return Check(
        name="trades",
        count=len(report.trades),
        unit="trades rebuilt from flat to flat",
        failure=first_failure(inputs, faults),
    )
