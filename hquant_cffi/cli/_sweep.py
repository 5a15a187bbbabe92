"""``hquant sweep``."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer

from hquant_cffi._errors import NotFoundError, ParameterError
from hquant_cffi._sweep import SweepResult, sweep
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
from hquant_cffi.strategy import Strategy

__all__ = ["sweep_command"]


def sweep_command(
    data: DataArgument,
    strategy: StrategyOption,
    param: ParamOption = None,
    where: WhereOption = None,
    metric: MetricOption = "sharpe",
    minimize: MinimizeOption = False,
    top: Annotated[int, typer.Option(min=1, help="Rows to print, best first.")] = 10,
    metrics: Annotated[
        str | None, typer.Option(metavar="all|NAME,...", help="Further figures; slower.")
    ] = None,
    jobs: JobsOption = 1,
    backend: BackendOption = "threads",
    out: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write the whole table: .csv, .json or .parquet."),
    ] = None,
    heatmap: Annotated[
        str | None, typer.Option(metavar="NAME,NAME", help="Draw the metric over two PARAMs.")
    ] = None,
    heatmap_out: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Where to: .png (needs matplotlib) or .html; left out, heatmap.html.",
        ),
    ] = None,
    as_json: AsJson = False,
    **given: Any,
) -> None:
    """Run a strategy with every combination of its PARAMs' values.

    Takes the options of backtest.
    """
    check_targets({"--out": out}, files_read(data, strategy, given["finer"]))
    names = symbol_names(data)
    program = read_strategy(strategy, ModeChoice(given["mode"]).mode, given["bar_period"])
    picture = _picture(heatmap, heatmap_out, program)
    options = sweep_run_options(names, given)
    started = perf_counter()
    with watch(data[0], long_bytes=0) as progress:
        found = sweep(
            by_name(names, read_data(data, BadRows(given["errors"]))),
            program,
            param_values(param),
            where=where,
            metric=metric,
            maximize=not minimize,
            metrics=metrics if metrics in (None, "all") else metrics.split(","),
            n_jobs=jobs,
            backend=backend,
            progress=progress,
            **options,
        )
    seconds = perf_counter() - started
    if out is not None:
        save_columns(found.columns(), out, found.to_arrow)
    if picture is not None:
        x, y, path = picture
        found.heatmap(x, y, path=path)
    _print(found, top, seconds, as_json)


def _picture(
    heatmap: str | None, file: str | None, program: Strategy
) -> tuple[str, str, str] | None:
    """The two PARAMs of a heat map and its file, checked before anything runs."""
    path = "heatmap.html" if file is None else file
    if heatmap is None and file is not None:
        raise ParameterError("--heatmap-out: give --heatmap NAME,NAME, too: what to draw")
    if heatmap is None:
        return None
    names = [part.strip() for part in heatmap.split(",")]
    if len(names) != 2 or names[0] == names[1]:
        raise ParameterError(f"--heatmap: expected two PARAMs such as fast,slow, found {heatmap!r}")
    known = [each.name for each in program.params]
    for name in names:
        if name not in known:
            raise NotFoundError(f"--heatmap: {name}: expected a PARAM: {', '.join(known)}")
    if not path.endswith((".png", ".html")):
        raise ParameterError(f"--heatmap-out: {path}: expected a file ending in .png or .html")
    if not Path(path).parent.is_dir():
        raise ParameterError(f"--heatmap-out: {path}: there is no folder {Path(path).parent}")
    return names[0], names[1], path


def _print(found: SweepResult, top: int, seconds: float, as_json: bool) -> None:
    if not as_json:
        typer.echo(f"{found.summary(top)}\ntime  {seconds * 1e3:,.1f} ms")
        return
    print_json(
        {
            "combinations": found.combinations,
            "refused": found.refused,
            "refusal": found.refusal,
            "metric": found.metric,
            "maximize": found.maximize,
            "params": {name: list(values) for name, values in found.params.items()},
            "best": found.best.params,
            "top": rows_of(found.top(top)),
            "seconds": seconds,
        }
    )


with_options_of_backtest(sweep_command, without=("param",))
