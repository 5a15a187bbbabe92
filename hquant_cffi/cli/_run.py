"""``hquant run``."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Annotated, Any

import numpy as np
import typer

from hquant_cffi._errors import ParameterError
from hquant_cffi._run import RunResult, run
from hquant_cffi.cli._backtest import (
    AsJson,
    BarPeriodOption,
    ErrorsOption,
    HtfOption,
    ParamOption,
    params_of,
    read_data,
)
from hquant_cffi.cli._choices import BadRows, Htf
from hquant_cffi.cli._program import ModeChoice, ModeOption, read_strategy
from hquant_cffi.cli._progress import watch
from hquant_cffi.cli._save import check_targets, save_columns
from hquant_cffi.cli._table import date, every, show, signal_counts, two_columns

__all__ = ["run_command"]

_NAMED = re.compile(r"\s*([^\W\d]\w*)\s*=(?!=)(.*)", re.S)
_ACTIONS = ("", "BUY", "SELL", "HOLD")


def run_command(
    data: Annotated[
        str, typer.Argument(metavar="DATA", help="CSV or Parquet, plain, .gz, .zst or .zip.")
    ],
    strategy: Annotated[
        str | None,
        typer.Option("--strategy", "-s", metavar="FILE_OR_TEXT", help=".hq, .hqbc, or the text."),
    ] = None,
    indicator: Annotated[
        list[str] | None,
        typer.Option(
            "--indicator",
            "-i",
            metavar="[NAME=]EXPRESSION",
            help="Such as 'fast=SMA(close, 10)' or 'RSI(14)'; may be repeated.",
        ),
    ] = None,
    series: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A name that the strategy assigns; may be repeated."),
    ] = None,
    all_series: Annotated[
        bool, typer.Option("--all-series", help="Every name that the strategy assigns.")
    ] = False,
    param: ParamOption = None,
    htf: HtfOption = Htf.closed,
    bar_period: BarPeriodOption = None,
    errors: ErrorsOption = BadRows.refuse,
    mode: ModeOption = ModeChoice.seed,
    out: Annotated[
        str | None,
        typer.Option(
            "--out", "-o", metavar="FILE", help="Write a row a bar: .csv, .json or .parquet."
        ),
    ] = None,
    only_signals: Annotated[
        bool, typer.Option("--only-signals", help="Write the bars with a signal alone.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Compute a strategy's signals and any indicators over market data."""
    check_targets({"--out": out}, [data, *filter(None, [strategy])])
    if series and all_series:
        raise ParameterError("--series and --all-series exclude each other; give one of them")
    if only_signals and (out is None or strategy is None):
        raise ParameterError("--only-signals: needs a --strategy that gives them and an --out")
    program = None
    if strategy is not None:
        names_are_used = bool(series) or all_series
        program = read_strategy(strategy, mode.mode, bar_period, names_are_used=names_are_used)
    asked = _indicators(indicator or ())
    with watch(data) as progress:
        started = perf_counter()
        (bars,) = read_data([data], errors)
        loaded = perf_counter()
        result = run(
            bars,
            program,
            indicators=asked or None,
            series=series or all_series,
            params=params_of(param),
            htf=htf.value,
            bar_period=bar_period,
            mode=mode.mode,
            progress=progress,
        )
        ended = perf_counter()
    if out is not None:
        rows = np.flatnonzero(result.actions) if only_signals else np.arange(len(bars))
        columns = {name: column[rows] for name, column in result.columns().items()}
        save_columns(columns, out, lambda: result.to_arrow().take(rows))
    found = _Found(result, loaded - started, ended - loaded)
    if as_json:
        typer.echo(json.dumps(found.to_dict(), allow_nan=False))
    else:
        show(two_columns(found.rows()))


def _indicators(texts: Sequence[str]) -> dict[str, str]:
    """Return expressions by name; one without a name is its own."""
    found: dict[str, str] = {}
    for text in texts:
        named = _NAMED.match(text)
        name, expression = (named[1], named[2].strip()) if named else (text.strip(), text)
        if name in found:
            raise ParameterError(f"--indicator: expected different names, found {name!r} twice")
        found[name] = expression
    return found


@dataclass(frozen=True)
class _Found:
    """A run and how long it took."""

    result: RunResult
    load_seconds: float
    run_seconds: float

    def newest(self) -> dict[str, float | None]:
        """The values at the last bar, by column."""
        columns = self.result.columns()
        names = [name for name in columns if name not in ("time", "action", "rule")]
        values = {name: float(columns[name][-1]) for name in names if len(columns[name])}
        return {name: None if math.isnan(value) else value for name, value in values.items()}

    def latest(self) -> dict[str, Any] | None:
        """The newest signal."""
        result = self.result
        fired = np.flatnonzero(result.actions)
        if len(fired) == 0:
            return None
        bar = int(fired[-1])
        rule = int(result.rules[bar])
        return {
            "time_ms": int(result.time[bar]),
            "action": _ACTIONS[result.actions[bar]],
            "rule": rule,
            "line": result.rule_lines[rule],
        }

    def rows(self) -> Iterator[tuple[str, str]]:
        result, bars = self.result, self.result.bars
        period = every(bars.period_ms)
        yield "bars", f"{len(bars):,}" + (f" of {period}" if period else "")
        yield "period", f"{date(bars.timestamp[0])} .. {date(bars.timestamp[-1])} UTC"
        if bars.skipped:
            yield "skipped rows", f"{bars.skipped:,}: " + "; ".join(bars.skip_reasons)
        if result.rule_lines:
            yield "warm-up", f"{result.warmup_bars:,} bars"
            yield "signals", signal_counts(result)
        latest = self.latest()
        if latest:
            when = date(np.int64(latest["time_ms"]))
            yield "latest", f"{when} {latest['action']}, by the rule of line {latest['line']}"
        for name, value in self.newest().items():
            yield name, "unknown" if value is None else f"{value:,.10g}"
        load, run = self.load_seconds * 1e3, self.run_seconds * 1e3
        yield "time", f"load {load:,.1f} ms, run {run:,.1f} ms"

    def to_dict(self) -> dict[str, Any]:
        result, bars = self.result, self.result.bars
        return {
            "data": bars.source,
            "bars": len(bars),
            "first_time_ms": int(bars.timestamp[0]),
            "last_time_ms": int(bars.timestamp[-1]),
            "skipped_rows": bars.skipped,
            "warmup_bars": result.warmup_bars,
            "buy_signals": result.buy_signals,
            "sell_signals": result.sell_signals,
            "hold_signals": result.hold_signals,
            "latest_signal": self.latest(),
            "newest": self.newest(),
            "load_seconds": self.load_seconds,
            "run_seconds": self.run_seconds,
        }
