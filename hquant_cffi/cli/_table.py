"""What people read: a run and the indicators as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from inspect import signature
from typing import TYPE_CHECKING

import numpy as np

from hquant_cffi._backtest_report import BacktestReport
from hquant_cffi._run import RunResult
from hquant_cffi.backtest import backtest
from hquant_cffi.data import Bars
from hquant_cffi.indicators import Indicator
from hquant_cffi.strategy import Strategy

if TYPE_CHECKING:
    from rich.table import Table

__all__ = [
    "Run",
    "date",
    "every",
    "indicator_table",
    "report_table",
    "show",
    "signal_counts",
    "two_columns",
]


@dataclass(frozen=True)
class Run:
    """A backtest with what went in and how long it took."""

    bars: list[Bars]
    strategy: Strategy
    report: BacktestReport
    load_seconds: float
    run_seconds: float


def show(table: Table) -> None:
    """Print a table to standard output; without colours when that is no terminal."""
    from rich.console import Console

    Console(highlight=False).print(table)


def report_table(run: Run) -> Table:
    """Return a run as two columns: what, and how much."""
    return two_columns(_rows(run))


def two_columns(rows: Iterable[tuple[str, str]]) -> Table:
    """Return names and values, one a row."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(name, Text(value))
    return table


def indicator_table(rows: Sequence[Indicator]) -> Table:
    """Return the indicators, one a row."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in ("call", "outputs", "what"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, (call(row), ", ".join(row.outputs), row.title)))
    return table


def call(row: Indicator) -> str:
    """Return how a strategy calls an indicator, such as ``SMA(x=close, period)``."""
    inputs = [
        i.name if i.field is None else f"{i.name}={i.field}" for i in row.inputs if not i.is_fixed
    ]
    params = [p.name if p.default is None else f"{p.name}={p.default:g}" for p in row.params]
    return f"{row.name}({', '.join(inputs + params)})"


def _rows(run: Run) -> Iterator[tuple[str, str]]:
    report = run.report
    periods = dict.fromkeys(filter(None, (every(bars.period_ms) for bars in run.bars)))
    yield "bars", f"{report.bars:,}" + (f" of {', '.join(periods)}" if periods else "")
    if len(report.symbols) > 1:
        yield "symbols", ", ".join(report.symbols)
    first = min(bars.timestamp[0] for bars in run.bars)
    last = max(bars.timestamp[-1] for bars in run.bars)
    yield "period", f"{date(first)} .. {date(last)} UTC"
    if report.warmup_bars:
        yield "warm-up", f"{report.warmup_bars:,} bars"
    for bars in run.bars:
        if bars.skipped:
            yield "skipped rows", f"{bars.skipped:,}: " + "; ".join(bars.skip_reasons)
    yield "account", _account(report)
    if chosen := _chosen(report):
        yield "options", chosen
    yield "signals", signal_counts(report)
    yield "trades", f"{report.closed_trades:,} closed, {report.open_trades} open"
    yield from report.oddities()
    yield "return", f"{report.total_return:+,.2%}"
    yield "final equity", f"{report.final_equity:,.2f}"
    yield "max drawdown", f"{report.max_drawdown:.2%}"
    yield "fees", f"{report.fees:,.2f}"
    if report.funding:
        yield "funding", f"{report.funding:,.2f}"
    yield "liquidated", report.liquidation()
    yield "time", f"load {run.load_seconds * 1e3:,.1f} ms, run {run.run_seconds * 1e3:,.1f} ms"


def _account(report: BacktestReport) -> str:
    options = report.options
    words = f"{report.capital:,.2f} at {options['leverage']:g}x, fee {options['fee']:.4%}"
    if options["maintenance_margin"]:
        words += f", maintenance {options['maintenance_margin']:.4%}"
    return f"{words}, fill {options['fill']}, intrabar {options['intrabar']}"


def _chosen(report: BacktestReport) -> str:
    """Return what was asked for beside the account, and is not the default."""
    shown = {"capital", "leverage", "fee", "maintenance_margin", "fill", "intrabar"}
    defaults = signature(backtest).parameters
    return ", ".join(
        f"{name} {value}"
        for name, value in report.to_dict()["options"].items()
        if name not in shown and value not in (defaults[name].default, [])
    )


def signal_counts(report: BacktestReport | RunResult) -> str:
    """Return how many signals there are, in all and of each action."""
    kinds = f"{report.buy_signals:,} buy, {report.sell_signals:,} sell"
    hold = f", {report.hold_signals:,} hold" if report.hold_signals else ""
    total = report.buy_signals + report.sell_signals + report.hold_signals
    return f"{total:,} ({kinds}{hold})"


def every(period_ms: int | None) -> str:
    """Return a period as people write it; nothing where it is not known."""
    if period_ms is None:
        return ""
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)):
        if period_ms % size == 0:
            return f"{period_ms // size}{unit}"
    return f"{period_ms}ms"


def date(time_ms: np.int64) -> str:
    """Return a time as a date, with the time of day where it is not midnight."""
    return str(np.datetime64(int(time_ms), "ms")).removesuffix(".000").removesuffix("T00:00:00")
