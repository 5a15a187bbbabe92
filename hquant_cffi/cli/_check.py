"""``hquant check``: everything that is wrong with strategies' texts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated

import typer

from hquant_cffi._errors import CompileError
from hquant_cffi._timeframes import bar_period_ms
from hquant_cffi.cli._program import ModeChoice, ModeOption
from hquant_cffi.cli._texts import Text, read_texts
from hquant_cffi.dsl import Diagnostic, compile_text
from hquant_cffi.dsl.diagnostics import DiagnosticDict, render
from hquant_cffi.dsl.source import Source

__all__ = ["check_command"]


def check_command(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE.hq...", help="Texts; - is standard input.")
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON array instead of text.")
    ] = False,
    bar_period: Annotated[
        str | None,
        typer.Option(
            metavar="PERIOD", help="Of the bars, such as 15m: warn about timeframes not above it."
        ),
    ] = None,
    warnings_as_errors: Annotated[
        bool, typer.Option("--warnings-as-errors", "-W", help="Exit with 1 on warnings too.")
    ] = False,
    mode: ModeOption = ModeChoice.seed,
) -> None:
    """Check strategies: errors and warnings, each with its place and what to do.

    Exit code 0 when all texts compile, else 1. `hquant explain CODE` tells more about a finding.
    """
    period = bar_period_ms(bar_period) or None
    found: list[DiagnosticDict] = []
    is_unread = False
    for text in read_texts(files):
        if text is None:
            is_unread = True
            continue
        source, diagnostics, rendered = _diagnose(text, mode, period)
        found += [each.to_dict(source) for each in diagnostics]
        if rendered and not as_json:
            typer.echo(rendered)
    if as_json:
        typer.echo(json.dumps(found, indent=2))
    errors = sum(each["severity"] == "error" for each in found)
    _summarise(len(files), errors, len(found) - errors)
    if errors or is_unread or (warnings_as_errors and found):
        raise typer.Exit(1)


def _diagnose(
    text: Text, mode: ModeChoice, period_ms: int | None
) -> tuple[Source, Sequence[Diagnostic], str]:
    try:
        compiled = compile_text(text.text, name=text.name, mode=mode.mode, bar_period_ms=period_ms)
    except CompileError as error:
        assert error.source is not None  # the compiler's errors have all
        return error.source, error.diagnostics, str(error)
    return compiled.source, compiled.warnings, render(compiled.warnings, compiled.source)


def _summarise(files: int, errors: int, warnings: int) -> None:
    counts = (_counted(files, "file"), _counted(errors, "error"), _counted(warnings, "warning"))
    typer.echo(", ".join(counts), err=True)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
