"""What ``hquant sweep`` and ``hquant walk-forward`` have in common."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TypeAlias

import numpy as np
import typer

from hquant_cffi._errors import ParameterError
from hquant_cffi._param_range import range_values
from hquant_cffi.cli._backtest import run_options

__all__ = [
    "BackendOption",
    "DataArgument",
    "JobsOption",
    "MetricOption",
    "MinimizeOption",
    "ParamOption",
    "WhereOption",
    "param_values",
    "print_json",
    "rows_of",
    "sweep_run_options",
]

DataArgument: TypeAlias = Annotated[
    list[str],
    typer.Argument(metavar="DATA...", help="As of backtest; several are symbols of one account."),
]
ParamOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=VALUES",
        help="fast=5..25..5 (from..to..step), fast=5,10,20, or fast alone for its range; "
        "may be repeated. Left out: the range of every PARAM that has one.",
    ),
]
WhereOption: TypeAlias = Annotated[
    str | None, typer.Option(metavar="EXPRESSION", help="Combinations to keep: 'fast < slow'.")
]
MetricOption: TypeAlias = Annotated[
    str, typer.Option(help="What the best is: a column of the table, or any figure of metrics.")
]
MinimizeOption: TypeAlias = Annotated[
    bool, typer.Option("--minimize", help="Less of the metric is better.")
]
JobsOption: TypeAlias = Annotated[int, typer.Option(help="Threads or workers; -1: all cores.")]
BackendOption: TypeAlias = Annotated[
    str, typer.Option(help="threads, or a backend of joblib: loky, multiprocessing, dask, ray.")
]


def param_values(given: Sequence[str] | None) -> dict[str, Sequence[float] | None] | None:
    """Read each NAME=VALUES; None where there is none."""
    if not given:
        return None
    found: dict[str, Sequence[float] | None] = {}
    for text in given:
        name, equals, values = (part.strip() for part in text.partition("="))
        if name in found:
            raise ParameterError(f"--param: expected {name} once, found it twice")
        if not name or (equals and not values):
            raise _no_values(text)
        found[name] = _values(text, values) if equals else None
    return found


def _values(text: str, values: str) -> Sequence[float]:
    try:
        if ".." not in values:
            return [float(part) for part in values.split(",")]
        ends = [float(part) for part in values.split("..")]
    except ValueError:
        raise _no_values(text) from None
    low, high, step = ends if len(ends) == 3 else (*ends, 1.0) if len(ends) == 2 else (0, 0, 0)
    if not (low <= high and step > 0 and math.isfinite(high - low) and math.isfinite(step)):
        raise _no_values(text)
    try:
        return range_values(low, high, step)
    except ParameterError as error:
        raise ParameterError(f"--param {text}: {error}") from None


def _no_values(text: str) -> ParameterError:
    return ParameterError(
        "--param: expected NAME=FROM..TO..STEP such as fast=5..25..5, NAME=VALUE,VALUE or NAME, "
        f"found {text!r}"
    )


def sweep_run_options(names: list[str], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of the run that stand on the command line."""
    options = run_options(names, {**given, "param": None})
    del options["params"]
    return options


def rows_of(table: Any) -> list[dict[str, Any]]:
    """Return the rows of a structured array by name, as JSON has them."""
    return [dict(zip(table.dtype.names, map(_plain, row), strict=True)) for row in table.tolist()]


def print_json(answer: Mapping[str, Any]) -> None:
    """Print one object; NaN and infinities are null."""
    typer.echo(json.dumps({name: _plain(value) for name, value in answer.items()}, allow_nan=False))


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return value
