"""``hquant verify``."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import typer

from hquant_cffi._errors import ParameterError
from hquant_cffi.cli._backtest import (
    OF_METRICS,
    AsJson,
    by_name,
    read_data,
    run_options,
    symbol_names,
    with_options_of_backtest,
)
from hquant_cffi.cli._choices import BadRows
from hquant_cffi.cli._program import ModeChoice, read_strategy
from hquant_cffi.cli._progress import watch
from hquant_cffi.verification.verify import Verification, verify

__all__ = ["verify_command"]


_Strategy = Annotated[
    str, typer.Argument(metavar="STRATEGY", help=".hq, .hqbc, or the text.")
]
_Data = Annotated[
    list[str],
    typer.Argument(metavar="DATA...", help="As of backtest; several are symbols of one account."),
]
_Cuts = Annotated[
    str | None,
    typer.Option(
        metavar="all|N",
        help="Signal bars to cut the data after; every one, where that takes seconds.",
    ),
]
_Seed = Annotated[int, typer.Option(help="Of the 64 further cuts and of the revisions.")]


def verify_command(
    strategy: _Strategy,
    data: _Data,
    cuts: _Cuts = None,
    seed: _Seed = 0,
    as_json: AsJson = False,
    **given: Any,
) -> None:
    """Prove that a backtest kept its rules: no look-ahead, books that balance, fills in order.

    Takes the options of backtest. Exit code 0 when every check holds, 1 when one does not, 2 when
    the input is at fault.
    """
    verdict = _verdict(strategy, data, _number_of_cuts(cuts), seed, given)
    typer.echo(json.dumps(verdict.to_dict()) if as_json else verdict.summary())
    if not verdict.ok:
        raise typer.Exit(1)


def _verdict(
    strategy: str,
    data: list[str],
    cuts: int | Literal["all"] | None,
    seed: int,
    given: dict[str, Any],
) -> Verification:
    names = symbol_names(data)
    mode, errors = ModeChoice(given["mode"]), BadRows(given["errors"])
    program = read_strategy(strategy, mode.mode, given["bar_period"])
    options = run_options(names, given)
    with watch(data[0]) as progress:
        bars = by_name(names, read_data(data, errors))
        return verify(bars, program, cuts=cuts, seed=seed, progress=progress, **options)


def _number_of_cuts(text: str | None) -> int | Literal["all"] | None:
    if text is None:
        return None
    if text == "all":
        return "all"
    if not text.isdecimal():
        raise ParameterError(f"--cuts: expected a number >= 0 or 'all', found {text!r}")
    return int(text)


with_options_of_backtest(verify_command, without=OF_METRICS)
