"""``hquant walk-forward``."""

from __future__ import annotations

from time import perf_counter
from typing import Annotated, Any

import numpy as np
import typer

from hquant_cffi._walk_forward import WalkForwardResult, walk_forward
from hquant_cffi.cli._backtest import (
    AsJson,
    StrategyOption,
    by_name,
    files_read,
    read_data,
    symbol_names,
    with_options_of_backtest,
)
from hquant_cffi.cli._choices import BadRows
from hquant_cffi.cli._program import ModeChoice, read_strategy
from hquant_cffi.cli._progress import watch
from hquant_cffi.cli._save import check_targets, save_columns
from hquant_cffi.cli._sweep_options import (
    BackendOption,
    DataArgument,
    JobsOption,
    MetricOption,
    MinimizeOption,
    ParamOption,
    WhereOption,
    param_values,
    print_json,
    rows_of,
    sweep_run_options,
)

__all__ = ["walk_forward_command"]

_HELP = "Bars (500) or a time (90d, 12h)."


def walk_forward_command(
    data: DataArgument,
    strategy: StrategyOption,
    train: Annotated[str, typer.Option(metavar="LENGTH", help=f"Of a training. {_HELP}")],
    test: Annotated[str, typer.Option(metavar="LENGTH", help="Of a test.")],
    step: Annotated[
        str | None, typer.Option(metavar="LENGTH", help="From fold to fold; the test's.")
    ] = None,
    anchored: Annotated[
        bool, typer.Option("--anchored", help="Train from the first bar on.")
    ] = False,
    purge: Annotated[
        str, typer.Option(metavar="LENGTH", help="Left out at the end of a training.")
    ] = "0",
    embargo: Annotated[
        str, typer.Option(metavar="LENGTH", help="Left out of later trainings behind a test.")
    ] = "0",
    param: ParamOption = None,
    where: WhereOption = None,
    metric: MetricOption = "sharpe",
    minimize: MinimizeOption = False,
    jobs: JobsOption = 1,
    backend: BackendOption = "threads",
    out: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write the folds: .csv, .json or .parquet."),
    ] = None,
    equity: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write the tests' equity by time.")
    ] = None,
    as_json: AsJson = False,
    **given: Any,
) -> None:
    """Choose PARAMs on each fold's training bars and trade its test bars with them.

    Takes the options of backtest.
    """
    check_targets({"--out": out, "--equity": equity}, files_read(data, strategy, given["finer"]))
    names = symbol_names(data)
    program = read_strategy(strategy, ModeChoice(given["mode"]).mode, given["bar_period"])
    options = sweep_run_options(names, given)
    started = perf_counter()
    with watch(data[0], long_bytes=0) as progress:
        found = walk_forward(
            by_name(names, read_data(data, BadRows(given["errors"]))),
            program,
            param_values(param),
            train=_length(train),
            test=_length(test),
            step=None if step is None else _length(step),
            anchored=anchored,
            purge=_length(purge),
            embargo=_length(embargo),
            where=where,
            metric=metric,
            maximize=not minimize,
            n_jobs=jobs,
            backend=backend,
            progress=progress,
            **options,
        )
    seconds = perf_counter() - started
    _save(found, out, equity)
    if as_json:
        print_json({
            "folds": rows_of(found.folds),
            "metric": found.metric,
            "maximize": found.maximize,
            "metrics": found.metrics.to_dict(),
            "seconds": seconds,
        })  # fmt: skip
    else:
        typer.echo(f"{found.summary()}\ntime  {seconds * 1e3:,.1f} ms")


def _length(text: str) -> int | str:
    return int(text) if text.isdecimal() and len(text) < 19 else text


def _save(found: WalkForwardResult, out: str | None, equity: str | None) -> None:
    from hquant_cffi._tables import arrow_table

    if out is not None:
        save_columns(found.columns(), out, found.to_arrow)
    if equity is not None:
        curve: dict[str, np.ndarray[Any, Any]] = {
            "time": found.time.astype("datetime64[ms]"),
            "equity": found.equity,
        }
        save_columns(curve, equity, lambda: arrow_table(curve))


with_options_of_backtest(walk_forward_command, without=("param",))
