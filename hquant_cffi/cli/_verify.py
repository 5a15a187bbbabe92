"""``hquant verify``."""

from __future__ import annotations

import inspect
import json
from typing import Annotated, Any, Literal

import typer

from hquant_cffi._errors import HQuantError, ParameterError
from hquant_cffi.cli._backtest import (
    NOT_OF_THE_RUN,
    AsJson,
    backtest_command,
    by_name,
    read_data,
    run_options,
    symbol_names,
)
from hquant_cffi.cli._choices import BadRows
from hquant_cffi.cli._errors import complain
from hquant_cffi.cli._program import ModeChoice, read_strategy
from hquant_cffi.cli._progress import watch
from hquant_cffi.verification.verify import Verification, verify

__all__ = ["verify_command"]

_BAD_INPUT = 2

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
    try:
        verdict = _verdict(strategy, data, _number_of_cuts(cuts), seed, given)
    except (HQuantError, OSError) as error:
        complain(error)
        raise typer.Exit(_BAD_INPUT) from None
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


def _with_options_of_backtest() -> None:
    """Give the command every option that ``hquant backtest`` has for the run itself."""
    own = inspect.signature(verify_command, eval_str=True)
    wanted = [*own.parameters.values()][:-1]  # all but **given
    for name, parameter in inspect.signature(backtest_command, eval_str=True).parameters.items():
        if name not in NOT_OF_THE_RUN or name in ("errors", "mode"):
            wanted.append(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY))
    verify_command.__signature__ = own.replace(parameters=wanted)  # type: ignore[attr-defined]
    verify_command.__annotations__ = {each.name: each.annotation for each in wanted}


_with_options_of_backtest()
