"""Check the checkers: each lie about a run is caught by the check whose business it is.

A lie is told in every report of a run, the cut ones included: nothing but the rules can tell.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

import numpy as np
import pytest
from lies import (
    Lie,
    Tell,
    assert_caught,
    changed,
    in_record,
    more,
    times,
    twice,
    verdict_on,
    without,
)

from hquant_cffi import BacktestReport, backtest
from hquant_cffi.data import load_sp500

BARS = load_sp500()[:1500]
STRATEGY = """
IF CROSSOVER(SMA(5), SMA(20)) THEN BUY STOP 3% TARGET 4%
IF CROSSUNDER(SMA(5), SMA(20)) THEN SELL STOP 3% TARGET 4%
"""
OPTIONS: dict[str, Any] = {"fee": 0.001, "maker_fee": 0.0002, "leverage": 2}
TRUE = backtest(BARS, STRATEGY, **OPTIONS)
ROW, TRADE, STEP = 30, 11, 700  # what is lied about
FILL = TRUE.fills[ROW]
EXIT = int(TRUE.trades["exit_bar"][TRADE])
SIGNAL = int(np.flatnonzero(TRUE.actions)[9])
SILENT = int(np.flatnonzero(TRUE.actions[100:] == 0)[0]) + 100
STOPPED = int(np.flatnonzero(TRUE.fills["reason"] == 3)[5])

def swapped(report: BacktestReport) -> BacktestReport:
    if len(report.fills) <= ROW + 1:
        return report
    order = np.arange(len(report.fills))
    order[[ROW, ROW + 1]] = ROW + 1, ROW
    return replace(report, fills=report.fills[order])


def counted(name: str, by: float) -> Tell:
    return lambda report: replace(report, **{name: getattr(report, name) + by})


def rejected(report: BacktestReport) -> BacktestReport:
    return replace(report, rejects={**report.rejects, "cash": report.rejects["cash"] + 1})


def equity_of_the_next_bar(report: BacktestReport) -> BacktestReport:
    equity = np.append(report.equity[1:], report.equity[-1:])
    return replace(report, equity=equity)


def other_each_time() -> Tell:
    calls = count()
    return lambda report: changed("equity", STEP, lambda value: value + 1e-9 * next(calls))(report)


BEFORE = int(BARS.timestamp[FILL["bar"] - 1])
LIES = [
    Lie(
        "a fill a bar earlier",
        in_record("fills", ROW, bar=lambda old: int(old) - 1, time=lambda _: BEFORE),
        "order", FILL["bar"] - 1, "fill 30: ",
    ),
    Lie(
        "a fill at a price of another bar",
        in_record("fills", ROW, price=lambda _: BARS.open[FILL["bar"] - 1]),
        "order", FILL["bar"], "fill 30: price",
    ),
    Lie(
        "a fill at a price a millionth better",
        in_record("fills", ROW, price=times(1 - 1e-6 * FILL["side"])),
        "order", FILL["bar"], "fill 30: price, at the open",
    ),
    Lie(
        "a stop at a price outside its bar",
        in_record("fills", STOPPED, price=lambda _: BARS.high[TRUE.fills["bar"][STOPPED]] + 1),
        "order", TRUE.fills["bar"][STOPPED], f"fill {STOPPED}: price, inside the bar",
    ),
    Lie(
        "a fill's time is not its bar's",
        in_record("fills", ROW, time=more(1)),
        "order", FILL["bar"], "fill 30: time",
    ),
    Lie(
        "a fill on the other side",
        in_record("fills", ROW, side=times(-1)),
        "order", FILL["bar"], "fill 30: signal at bar",
    ),
    Lie(
        "a fill for a reason that it cannot have",
        in_record("fills", ROW, reason=lambda _: 2),
        "order", FILL["bar"], "fill 30: reason",
    ),
    Lie("fills out of order", swapped, "order", FILL["bar"], "fill 31: time"),
    Lie(
        "a fill twice", twice("fills", ROW), "order", FILL["bar"],
        "fill 31: fills of one order on one side",
    ),
    Lie(
        "a fill left out", without("fills", ROW),
        "accounting", FILL["bar"], "equity",
    ),
    Lie(
        "a fee too small", in_record("fills", ROW, fee=times(0.99)),
        "accounting", FILL["bar"], "fill 30: fee",
    ),
    Lie(
        "a maker who is none", in_record("fills", ROW, is_maker=lambda _: 1),
        "accounting", FILL["bar"], "fill 30: fee",
    ),
    Lie(
        "a fill's P&L", in_record("fills", STOPPED, pnl=more(0.01)),
        "accounting", TRUE.fills["bar"][STOPPED], f"fill {STOPPED}: P&L",
    ),
    Lie(
        "a fill's position", in_record("fills", ROW, position=more(1e-6)),
        "accounting", FILL["bar"], "fill 30: position",
    ),
    Lie(
        "a quantity a millionth larger", in_record("fills", ROW, quantity=times(1 + 1e-6)),
        "accounting", FILL["bar"], "fill 30: ",
    ),
    Lie(
        "equity a millionth of a unit off", changed("equity", STEP, more(1e-6)),
        "accounting", STEP, "equity",
    ),
    Lie("equity below 0", changed("equity", STEP, lambda _: -1.0), "accounting", STEP, "equity"),
    Lie("no equity", changed("equity", STEP, lambda _: np.nan), "accounting", STEP, "equity"),
    Lie("a position", changed("position", STEP, more(1e-6)), "accounting", STEP, "position"),
    Lie("a margin", changed("margin", STEP, more(1e-6)), "accounting", STEP, "margin"),
    Lie("the sum of fees", counted("fees", 1e-6), "accounting", -1, "fees"),
    Lie("the funding", counted("funding", 1e-6), "accounting", -1, "funding"),
    Lie("the realized P&L", counted("realized_pnl", 1e-6), "accounting", -1, "realized_pnl"),
    Lie("the last equity", counted("final_equity", 1e-6), "accounting", -1, "final_equity"),
    Lie("the return", counted("total_return", 1e-9), "accounting", -1, "total_return"),
    Lie("the drawdown", counted("max_drawdown", 1e-9), "accounting", -1, "max_drawdown"),
    Lie("a liquidation that was none", counted("liquidated", 1), "accounting", -1, "max_drawdown"),
    Lie(
        "a loss of liquidation", counted("liquidation_loss", 1.0),
        "accounting", -1, "liquidation_loss",
    ),
    Lie("a trade left out", without("trades", TRADE), "trades", EXIT, "trades (the first that"),
    Lie("a trade twice", twice("trades", TRADE), "trades", -2, "trades (the first that"),
    Lie(
        "a trade's P&L", in_record("trades", TRADE, pnl=more(1e-6)),
        "trades", EXIT, "trade 11: pnl",
    ),
    Lie(
        "a trade's price", in_record("trades", TRADE, entry_price=times(1 + 1e-9)),
        "trades", EXIT, "trade 11: entry_price",
    ),
    Lie(
        "a trade entered earlier", in_record("trades", TRADE, entry_bar=lambda old: int(old) - 1),
        "trades", EXIT, "trade 11: entry_bar",
    ),
    Lie(
        "a trade's worst P&L", in_record("trades", TRADE, mae=lambda _: 1.0),
        "trades", EXIT, "trade 11: mae",
    ),
    Lie(
        "a trade's best P&L", in_record("trades", TRADE, mfe=lambda _: -1.0),
        "trades", EXIT, "trade 11: mfe",
    ),
    Lie(
        "a trade's multiple of risk", in_record("trades", TRADE, r_multiple=more(1e-9)),
        "trades", EXIT, "trade 11: r_multiple",
    ),
    Lie(
        "an order filled too many", counted("filled_orders", 1),
        "counts", -1, "orders (sum of what became of them)",
    ),
    Lie("a signal too many", counted("buy_signals", 1), "counts", -1, "buy_signals"),
    Lie("a trade too many", counted("closed_trades", 1), "counts", -1, "closed_trades"),
    Lie("a fill too many", counted("fills_count", 1), "counts", -1, "fills_count"),
    Lie("a bar too few", counted("bars", -1), "counts", -1, "bars"),
    Lie("a step too many", counted("steps", 1), "counts", -1, "steps (moments"),
    Lie("a reject without an order", rejected, "counts", -1, "rejected_orders"),
    Lie("a moment", changed("time", STEP, more(1)), "counts", -1, "time (1:"),
    Lie(
        "a signal that was none", changed("actions", SILENT, lambda _: 1),
        "stream", SILENT, "signal",
    ),
    Lie("a signal hidden", changed("actions", SIGNAL, lambda _: 0), "stream", SIGNAL, "signal"),
    Lie(
        "a signal turned round", changed("actions", SIGNAL, lambda old: 3 - old),
        "updates", SIGNAL, "signal",
    ),
    Lie("the next bar's equity", equity_of_the_next_bar, "truncation", -2, "equity"),
    Lie("other numbers each time", other_each_time(), "replay", STEP, "equity"),
]  # fmt: skip


def test_truth_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    verdict = verdict_on(monkeypatch, lambda report: report, BARS, STRATEGY, **OPTIONS)
    assert verdict.ok, str(verdict)
    assert FILL["is_opening"] and FILL["reason"] == 1


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.name)
def test_lie_is_caught_by_its_check_at_its_bar(lie: Lie, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_caught(lie, verdict_on(monkeypatch, lie.tell, BARS, STRATEGY, **OPTIONS))
