"""``hquant backtest`` and ``hquant demo``."""

from __future__ import annotations

import inspect
import json
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeVar

import typer

from hquant_cffi._backtest_report import BacktestReport
from hquant_cffi._errors import ParameterError
from hquant_cffi.backtest import backtest
from hquant_cffi.cli._choices import (
    BadBars,
    BadRows,
    Fill,
    Htf,
    Intrabar,
    Position,
    Sides,
    SizeUnit,
    Unaffordable,
)
from hquant_cffi.cli._program import ModeChoice, ModeOption, read_strategy
from hquant_cffi.cli._progress import watch
from hquant_cffi.cli._save import check_targets, save_table
from hquant_cffi.cli._table import Run, report_table, show
from hquant_cffi.data import Bars, load, load_sp500
from hquant_cffi.metrics import metrics
from hquant_cffi.strategy import Strategy

if TYPE_CHECKING:
    from hquant_cffi._metrics_table import Metrics

__all__ = [
    "NOT_OF_THE_RUN",
    "OF_METRICS",
    "AsJson",
    "BarPeriodOption",
    "ErrorsOption",
    "HtfOption",
    "ParamOption",
    "StrategyOption",
    "backtest_command",
    "by_name",
    "demo_command",
    "files_read",
    "params_of",
    "read_data",
    "run_options",
    "symbol_names",
    "with_options_of_backtest",
]

_T = TypeVar("_T")


_DEMO_FEE = 0.0004  # what a taker pays on large futures venues
_DEMO_SOURCE = "S&P 500 index, daily, 1999-2018 (arch/data/sp500 of the PyPI package arch 8.0.0)"


StrategyOption = Annotated[
    str, typer.Option("--strategy", "-s", metavar="FILE_OR_TEXT", help=".hq, .hqbc, or the text.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")]
ParamOption = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=VALUE", help="A value for a PARAM; may be repeated."),
]
HtfOption = Annotated[Htf, typer.Option(help="The candle of a higher timeframe that is seen.")]
BarPeriodOption = Annotated[
    str | None, typer.Option(metavar="PERIOD", help="The bars' own period, such as 1m.")
]
ErrorsOption = Annotated[
    BadRows, typer.Option(help="Refuse data with a bad row, or leave such rows out.")
]
_Level = Annotated[
    str | None, typer.Option(metavar="LEVEL", help="A price distance, or '3%' of the fill price.")
]


#: Parameters of the command that are no options of `backtest`.
NOT_OF_THE_RUN = ("data", "strategy", "errors", "mode", "trades", "fills", "equity", "with_metrics",
                  "as_json")

#: Options of `metrics`, and of sweeps and walk-forwards, which choose by them; as left out.
OF_METRICS: Final = {"periods_per_year": None, "days_per_year": None, "risk_free": 0.0}


def backtest_command(
    data: Annotated[
        list[str],
        typer.Argument(
            metavar="DATA...",
            help="CSV or Parquet, plain, .gz, .zst or .zip; several are symbols of one account.",
        ),
    ],
    strategy: StrategyOption,
    capital: Annotated[float, typer.Option(help="Starting cash, quote currency.")] = 10_000.0,
    leverage: Annotated[float, typer.Option(help="Notional over margin, >= 1.")] = 1.0,
    fee: Annotated[float, typer.Option(help="Fraction of notional, of takers.")] = 0.0,
    maker_fee: Annotated[
        float | None, typer.Option(help="Of makers; the taker's unless given.")
    ] = None,
    fee_per_unit: Annotated[
        float, typer.Option(help="Quote currency per base asset unit, on top.")
    ] = 0.0,
    slippage: Annotated[float, typer.Option(help="Fraction of the price, against you.")] = 0.0,
    slippage_ticks: Annotated[float, typer.Option(help="Ticks, against you.")] = 0.0,
    slippage_random: Annotated[
        float, typer.Option(help="Fraction of the price, drawn from 0 up to it.")
    ] = 0.0,
    slippage_seed: Annotated[int, typer.Option(help="Of what --slippage-random draws.")] = 0,
    maintenance_margin: Annotated[
        float, typer.Option(help="Fraction of notional; equity at or below it liquidates.")
    ] = 0.0,
    fill: Annotated[Fill, typer.Option(help="Where a signal trades.")] = Fill.next_open,
    limit_offset: Annotated[
        float, typer.Option(help="With --fill limit: fraction off the close.")
    ] = 0.0,
    limit_bars: Annotated[
        int, typer.Option(help="With --fill limit: bars it stays for; 0: until the next signal.")
    ] = 0,
    intrabar: Annotated[
        Intrabar, typer.Option(help="What is assumed of the order of prices inside a bar.")
    ] = Intrabar.worst,
    finer: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE", help="Finer bars, one for each DATA, in their order."),
    ] = None,
    sides: Annotated[Sides, typer.Option(help="What may be held.")] = Sides.both,
    position: Annotated[
        Position, typer.Option(help="One net position, or long and short beside each other.")
    ] = Position.netted,
    pyramiding: Annotated[int, typer.Option(help="Additions that signals may make.")] = 0,
    size: Annotated[
        str | None, typer.Option(help="A number, or '50%' of equity; left out: all of the cash.")
    ] = None,
    size_unit: Annotated[SizeUnit, typer.Option(help="What --size counts.")] = SizeUnit.units,
    stop: _Level = None,
    target: _Level = None,
    trail: _Level = None,
    tick_size: Annotated[float, typer.Option(help="Quote currency; 0: any price.")] = 0.0,
    lot_size: Annotated[float, typer.Option(help="Base asset units; 0: any quantity.")] = 0.0,
    min_quantity: Annotated[float, typer.Option(help="Of an opening, base asset units.")] = 0.0,
    min_notional: Annotated[float, typer.Option(help="Of an opening, quote currency.")] = 0.0,
    unaffordable: Annotated[
        Unaffordable, typer.Option(help="An order beyond what cash affords.")
    ] = Unaffordable.clamp,
    bad_bars: Annotated[
        BadBars, typer.Option(help="Bars that cannot be traded, such as a price of 0.")
    ] = BadBars.error,
    param: ParamOption = None,
    htf: HtfOption = Htf.closed,
    bar_period: BarPeriodOption = None,
    errors: ErrorsOption = BadRows.refuse,
    mode: ModeOption = ModeChoice.seed,
    trades: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write the trades: .csv, .json or .parquet.")
    ] = None,
    fills: Annotated[str | None, typer.Option(metavar="FILE", help="Write the fills.")] = None,
    equity: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write equity and drawdown by time.")
    ] = None,
    with_metrics: Annotated[
        bool, typer.Option("--metrics", help="Sharpe and the like, too: docs/metrics.md.")
    ] = False,
    periods_per_year: Annotated[
        str | None,
        typer.Option(
            metavar="NUMBER|365d|252d", help="Steps of a year, or its days; left out, of the data."
        ),
    ] = None,
    days_per_year: Annotated[
        float | None, typer.Option(help="Daily returns of a year; left out, of the data.")
    ] = None,
    risk_free: Annotated[float, typer.Option(help="Yearly return without risk, a fraction.")] = 0.0,
    as_json: AsJson = False,
) -> None:
    """Run a strategy over market data through a futures account."""
    given = dict(locals())
    targets = {"--trades": trades, "--fills": fills, "--equity": equity}
    check_targets(targets, files_read(data, strategy, finer))
    names = symbol_names(data)
    program = read_strategy(strategy, mode.mode, bar_period)
    options = run_options(names, given)
    year = {name: options.pop(name) for name in OF_METRICS}
    for name, value in year.items():
        if not with_metrics and value != OF_METRICS[name]:
            raise ParameterError(f"--{name.replace('_', '-')}: give --metrics, too: what it is for")
    with watch(data[0]) as progress:
        run = _timed(
            program,
            lambda: read_data(data, errors),
            lambda bars: backtest(by_name(names, bars), program, progress=progress, **options),
        )
    found = _metrics_of(run.report, year) if with_metrics else None
    for what, path in {"trades": trades, "fills": fills, "curves": equity}.items():
        if path is not None:
            save_table(run.report, what, path)
    _print(run, as_json, found)


def with_options_of_backtest(
    command: Callable[..., None], *, without: Collection[str] = ()
) -> None:
    """Give a command, in place of its ``**given``, what ``hquant backtest`` has for the run itself.

    `without` names options that the command has its own way for.
    """
    own = inspect.signature(command, eval_str=True)
    wanted = [*own.parameters.values()][:-1]  # all but **given
    for name, parameter in inspect.signature(backtest_command, eval_str=True).parameters.items():
        is_of_run = name not in NOT_OF_THE_RUN or name in ("errors", "mode")
        if is_of_run and name not in without:
            wanted.append(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY))
    command.__signature__ = own.replace(parameters=wanted)  # type: ignore[attr-defined]
    command.__annotations__ = {each.name: each.annotation for each in wanted}


def demo_command(as_json: AsJson = False) -> None:
    """Run an example strategy over the S&P 500 series that ships with the package."""
    text = files(__package__).joinpath("golden_cross.hq").read_text(encoding="utf-8")
    program = Strategy.compile(text, name="golden_cross.hq")
    run = _timed(
        program, lambda: [load_sp500()], lambda bars: backtest(bars[0], program, fee=_DEMO_FEE)
    )
    if not as_json:
        typer.echo(f"{_DEMO_SOURCE}\n\n{text}")
    _print(run, as_json)


# ------------------------------------------------------------------- arguments


def run_options(names: list[str], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keyword arguments of `backtest` that stand on the command line."""
    options: dict[str, Any] = {
        name: value.value if isinstance(value, StrEnum) else value
        for name, value in given.items()
        if name not in NOT_OF_THE_RUN
    }
    for name in ("size", "stop", "target", "trail", "periods_per_year"):
        if name in options:
            options[name] = _number_or_text(options[name])
    options["params"] = params_of(options.pop("param"))
    finer = options["finer"]
    if finer and len(finer) != len(names):
        raise ParameterError(
            f"--finer: expected one for each of {len(names)} DATA, found {len(finer)}"
        )
    options["finer"] = by_name(names, finer) if finer else None
    return options


def files_read(data: Sequence[str], strategy: str, finer: Sequence[str] | None) -> list[str]:
    """Return the files that a command reads; a strategy's text names none."""
    return [*data, strategy, *(finer or ())]


def read_data(data: list[str], errors: BadRows) -> list[Bars]:
    """Load the files, bad rows refused or left out."""
    skips: Literal["skip", "raise"] = "skip" if errors is BadRows.skip else "raise"
    return [load(each, errors=skips) for each in data]


def by_name(names: list[str], values: Sequence[_T]) -> dict[str, _T]:
    """Return each symbol's value."""
    return dict(zip(names, values, strict=True))


def symbol_names(data: list[str]) -> list[str]:
    """Return the files' names without their endings, which name the symbols."""
    names = [Path(each).name.lstrip(".").split(".")[0] or each for each in data]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ParameterError(f"DATA: expected files of different names, found {min(twice)} twice")
    return names


def _number_or_text(text: str | None) -> float | str | None:
    """Return a number where the text is one; what else it is, the library judges."""
    if text is None:
        return None
    try:
        return float(text)
    except ValueError:
        return text


def params_of(texts: Sequence[str] | None) -> dict[str, float] | None:
    """Return what ``--param`` says; None where it is not given."""
    if not texts:
        return None
    found: dict[str, float] = {}
    for name, value in map(_param, texts):
        if name in found:
            raise ParameterError(f"--param: expected {name} once, found it twice")
        found[name] = value
    return found


def _param(text: str) -> tuple[str, float]:
    """Read NAME=VALUE."""
    name, _, value = text.partition("=")
    try:
        return name.strip(), float(value)
    except ValueError:
        raise ParameterError(
            f"--param: expected NAME=VALUE such as fast=12, found {text!r}"
        ) from None


# --------------------------------------------------------------------- the run


def _timed(
    program: Strategy,
    read: Callable[[], list[Bars]],
    run: Callable[[list[Bars]], BacktestReport],
) -> Run:
    started = perf_counter()
    bars = read()
    loaded = perf_counter()
    report = run(bars)
    return Run(bars, program, report, loaded - started, perf_counter() - loaded)


def _metrics_of(report: BacktestReport, year: Mapping[str, Any]) -> Metrics:
    return metrics(
        report.equity, report.time, initial=report.capital, trades=report.trades, **year
    )


def _print(run: Run, as_json: bool, found: Metrics | None = None) -> None:
    if as_json:
        figures = {"metrics": found.to_dict()} if found else {}
        typer.echo(json.dumps(_finite({**_json_object(run), **figures}), allow_nan=False))
        return
    show(report_table(run))
    if found:
        typer.echo(f"\n{found.summary()}")


def _finite(value: Any) -> Any:
    """Return a value as JSON has it: NaN and infinities are null."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {name: _finite(each) for name, each in value.items()}
    return value


def _json_object(run: Run) -> dict[str, object]:
    report = run.report
    sources = [bars.source for bars in run.bars]
    return {
        "data": sources[0] if len(sources) == 1 else sources,
        "strategy": run.strategy.name,
        "first_time_ms": min(int(bars.timestamp[0]) for bars in run.bars),
        "last_time_ms": max(int(bars.timestamp[-1]) for bars in run.bars),
        "skipped_rows": sum(bars.skipped for bars in run.bars),
        **report.to_dict(),
        "load_seconds": run.load_seconds,
        "run_seconds": run.run_seconds,
        "seconds": run.load_seconds + run.run_seconds,
    }
