"""``hquant indicators``, ``hquant config``, ``hquant --version``."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from hquant_cffi._config import describe
from hquant_cffi.cli._indicator_page import indicator_page
from hquant_cffi.cli._table import indicator_table, show
from hquant_cffi.indicators import find, table

__all__ = ["config_command", "indicators_command", "print_version"]


def print_version(wanted: bool) -> None:
    """Print the version and end, when `wanted`."""
    if wanted:
        typer.echo(f"hquant {describe()['version']}")
        raise typer.Exit()


def indicators_command(
    names: Annotated[
        list[str] | None, typer.Argument(help="Print the pages of these, in any case.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON array instead of text.")
    ] = False,
) -> None:
    """List the indicators, or print what there is to know of some.

    Inputs, parameters with their ranges, outputs, formulas, sources, and where TA-Lib differs.
    """
    rows = [find(name) for name in names] if names else table()
    if as_json:
        typer.echo(json.dumps([asdict(row) for row in rows], indent=2, allow_nan=False))
    elif names:
        typer.echo("\n".join(map(indicator_page, rows)), nl=False)
    else:
        show(indicator_table(rows))


def config_command(
    cflags: Annotated[bool, typer.Option("--cflags", help="Compiler flags.")] = False,
    libs: Annotated[bool, typer.Option("--libs", help="Linker flags.")] = False,
    includedir: Annotated[bool, typer.Option("--includedir", help="Folder of headers.")] = False,
    libdir: Annotated[bool, typer.Option("--libdir", help="Folder of libhquant.so.")] = False,
    cmakedir: Annotated[
        bool, typer.Option("--cmakedir", help="Folder of the CMake package (hquant_DIR).")
    ] = False,
) -> None:
    """Print where the C library is, and how to build against it.

    One option prints its value alone; several print a line each, flags together; none prints all
    with their names.
    """
    asked = {"cflags": cflags, "libs": libs, "includedir": includedir}
    asked |= {"libdir": libdir, "cmakedir": cmakedir}
    values = describe()
    if not any(asked.values()):
        for name, value in values.items():
            typer.echo(f"{name}: {value}")
        return
    flags = [values[name] for name in ("cflags", "libs") if asked[name]]
    folders = [values[name] for name in ("includedir", "libdir", "cmakedir") if asked[name]]
    for line in ([" ".join(flags)] if flags else []) + folders:
        typer.echo(line)
