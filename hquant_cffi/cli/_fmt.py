"""``hquant fmt``: strategies' texts in the one layout."""

from __future__ import annotations

import difflib
from typing import Annotated

import typer

from hquant_cffi._errors import CompileError, HQuantError, ParameterError
from hquant_cffi.cli._texts import STANDARD_INPUT, Text, read_texts
from hquant_cffi.dsl import compile_text
from hquant_cffi.dsl.layout import format_text, without_places

__all__ = ["fmt_command"]


def fmt_command(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE.hq...", help="Texts; - is standard input to output."),
    ],
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; list what would change, exit with 1.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Write nothing; show what would change, exit with 1.")
    ] = False,
) -> None:
    """Format strategies in place: spacing, case and line ends.

    What a text means stays: before a file is written its program is compared. Exit code 1 when a
    text cannot be read, or with --check and --diff when one would change.
    """
    if STANDARD_INPUT in files and len(files) > 1:
        raise ParameterError("-: expected standard input alone, found files beside it")
    is_failed = False
    for text in read_texts(files):
        if text is None:
            is_failed = True
            continue
        try:
            formatted = format_text(text.text, name=text.name)
        except CompileError as error:
            typer.echo(str(error), err=True)
            is_failed = True
            continue
        _refuse_other_meaning(text, formatted)
        is_changed = formatted != text.text
        is_failed |= is_changed and (check or diff)
        if check or diff:
            _show(text, formatted, is_changed, diff)
        else:
            _write(text, formatted, is_changed)
    if is_failed:
        raise typer.Exit(1)


def _show(text: Text, formatted: str, is_changed: bool, as_diff: bool) -> None:
    if is_changed and as_diff:
        before, after = (each.splitlines(keepends=True) for each in (text.text, formatted))
        lines = difflib.unified_diff(before, after, text.name, f"{text.name} (formatted)")
        for line in lines:
            typer.echo(line, nl=not line.endswith("\n"))
    elif is_changed:
        typer.echo(text.name)


def _write(text: Text, formatted: str, is_changed: bool) -> None:
    if text.path is None:
        typer.echo(formatted, nl=False)
    elif is_changed:
        text.path.write_bytes(formatted.encode())
        typer.echo(f"formatted {text.name}", err=True)


def _refuse_other_meaning(text: Text, formatted: str) -> None:
    """Guard the file: a text that compiles must give the same program as before."""
    try:
        before = compile_text(text.text).bytecode
    except CompileError:
        return  # errors of names and types are no matter of layout
    if without_places(before) != without_places(compile_text(formatted).bytecode):
        raise HQuantError(f"{text.name}: formatting would change its meaning; please report it")
