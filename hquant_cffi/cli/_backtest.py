"""``hquant backtest`` and ``hquant demo``."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from enum import StrEnum
from importlib.resources import files
from time import perf_counter
from typing import Annotated

import typer

from hquant_cffi._errors import ParameterError
from hquant_cffi.backtest import BacktestReport, backtest
from hquant_cffi.cli._program import ModeChoice, ModeOption, read_strategy
from hquant_cffi.cli._progress import watch
from hquant_cffi.cli._table import Run, report_table, show
from hquant_cffi.data import Bars, load, load_sp500
from hquant_cffi.strategy import Strategy

__all__ = ["backtest_command", "demo_command"]

_FEE = 0.0004  # what a taker pays on large futures venues
_DEMO_SOURCE = "S&P 500 index, daily, 1999-2018 (arch/data/sp500 of the PyPI package arch 8.0.0)"


class _Fill(StrEnum):
    next_open = "next_open"
    close = "close"


class _Htf(StrEnum):
    closed = "closed"
    forming = "forming"


class _BadRows(StrEnum):
    refuse = "raise"
    skip = "skip"


_AsJson = Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")]


def backtest_command(
    data: Annotated[
        str, typer.Argument(metavar="DATA", help="CSV or Parquet, plain, .gz, .zst or .zip.")
    ],
    strategy: Annotated[
        str,
        typer.Option("--strategy", "-s", metavar="FILE_OR_TEXT", help=".hq, .hqbc, or the text."),
    ],
    capital: Annotated[float, typer.Option(help="Starting cash, quote currency.")] = 10_000.0,
    leverage: Annotated[float, typer.Option(help="Notional over margin, >= 1.")] = 1.0,
    fee: Annotated[float, typer.Option(help="Fraction of notional, on both legs.")] = _FEE,
    fill: Annotated[_Fill, typer.Option(help="Where a signal trades.")] = _Fill.next_open,
    maintenance_margin: Annotated[
        float, typer.Option(help="Fraction of notional; equity at or below it liquidates.")
    ] = 0.0,
    param: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="A value for a PARAM; may be repeated."),
    ] = None,
    htf: Annotated[
        _Htf, typer.Option(help="The candle of a higher timeframe that is seen.")
    ] = _Htf.closed,
    bar_period: Annotated[
        str | None, typer.Option(metavar="PERIOD", help="The bars' own period, such as 1m.")
    ] = None,
    errors: Annotated[
        _BadRows, typer.Option(help="Refuse data with a bad row, or leave such rows out.")
    ] = _BadRows.refuse,
    mode: ModeOption = ModeChoice.seed,
    as_json: _AsJson = False,
) -> None:
    """Run a strategy over market data through a futures account."""
    program = read_strategy(strategy, mode.mode, bar_period)
    params = dict(map(_param, param or ()))
    with watch(data) as progress:
        run = _timed(
            program,
            lambda: load(data, errors="skip" if errors is _BadRows.skip else "raise"),
            lambda bars: backtest(
                bars,
                program,
                capital=capital,
                leverage=leverage,
                fee=fee,
                fill="close" if fill is _Fill.close else "next_open",
                maintenance_margin=maintenance_margin,
                params=params,
                htf="forming" if htf is _Htf.forming else "closed",
                bar_period=bar_period,
                progress=progress,
            ),
        )
    _print(run, as_json)


def demo_command(as_json: _AsJson = False) -> None:
    """Run an example strategy over the S&P 500 series that ships with the package."""
    text = files(__package__).joinpath("golden_cross.hq").read_text(encoding="utf-8")
    program = Strategy.compile(text, name="golden_cross.hq")
    run = _timed(program, load_sp500, lambda bars: backtest(bars, program, fee=_FEE))
    if not as_json:
        typer.echo(f"{_DEMO_SOURCE}\n\n{text}")
    _print(run, as_json)


def _param(text: str) -> tuple[str, float]:
    """Read NAME=VALUE."""
    name, _, value = text.partition("=")
    try:
        return name.strip(), float(value)
    except ValueError:
        raise ParameterError(
            f"--param: expected NAME=VALUE such as fast=12, found {text!r}"
        ) from None


def _timed(
    program: Strategy, read: Callable[[], Bars], run: Callable[[Bars], BacktestReport]
) -> Run:
    started = perf_counter()
    bars = read()
    loaded = perf_counter()
    report = run(bars)
    return Run(bars, program, report, loaded - started, perf_counter() - loaded)


def _print(run: Run, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(_json_object(run), allow_nan=False))
    else:
        show(report_table(run))


def _json_object(run: Run) -> dict[str, object]:
    """Return the run as JSON has it: NaN and infinities are null."""
    report = run.report
    answer: dict[str, object] = {
        "data": run.bars.source,
        "strategy": run.strategy.name,
        "first_time_ms": int(report.time[0]),
        "last_time_ms": int(report.time[-1]),
        "skipped_rows": run.bars.skipped,
        **report.to_dict(),
        "load_seconds": run.load_seconds,
        "run_seconds": run.run_seconds,
        "seconds": run.load_seconds + run.run_seconds,
    }
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in answer.items()
    }
