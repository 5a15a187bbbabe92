"""``hquant compile`` and ``hquant disasm``; what stands for a strategy on the command line."""

from __future__ import annotations

import os
from collections.abc import Set
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from hquant_cffi._errors import CompileError, ParameterError, ProgramError
from hquant_cffi._indicator_table import Mode
from hquant_cffi._timeframes import BarPeriod
from hquant_cffi.strategy import Strategy


class ModeChoice(StrEnum):
    """What ``--mode`` takes."""

    seed = "seed"
    talib = "talib"

    @property
    def mode(self) -> Mode:
        return "talib" if self is ModeChoice.talib else "seed"


ModeOption: TypeAlias = Annotated[
    ModeChoice,
    typer.Option(help="How indicators start: this project's conventions, or TA-Lib's values."),
]


class Emit(StrEnum):
    """What ``--emit`` takes."""

    hqbc = "hqbc"
    c_header = "c-header"

    @property
    def suffixes(self) -> tuple[str, ...]:
        return (".hqbc",) if self is Emit.hqbc else (".h", ".hpp")


_UNUSED_NAME = "W9002"

__all__ = ["Emit", "ModeChoice", "ModeOption", "compile_command", "disasm_command", "read_strategy"]


def read_strategy(
    file_or_text: str,
    mode: Mode = "seed",
    bar_period: BarPeriod = None,
    *,
    names_are_used: bool = False,
) -> Strategy:
    """Return the strategy of an argument; what its text probably does not mean is printed.

    With `names_are_used` a name that no rule reads is meant. One line is a file's name when it ends
    in .hq or .hqbc, when it has no blank, which every rule has, or when there is such a file.
    """
    if not file_or_text.strip():
        raise ParameterError("strategy: expected a file or a text, found an empty one")
    if _names_a_file(file_or_text):
        strategy = _load(file_or_text, mode, bar_period)
    else:
        strategy = Strategy.compile(_utf8(file_or_text), mode=mode, bar_period=bar_period)
    _print_warnings(strategy, {_UNUSED_NAME} if names_are_used else set())
    return strategy


def compile_command(
    source: Annotated[Path, typer.Argument(metavar="FILE.hq", help="The strategy's text.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Default: beside the text."),
    ] = None,
    emit: Annotated[
        Emit, typer.Option(help="A program's file, or C source that holds the program as an array.")
    ] = Emit.hqbc,
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of the C array. Default: from the file's.")
    ] = None,
    mode: ModeOption = ModeChoice.seed,
) -> None:
    """Compile a strategy's text to a program (HQBC) that C programs run without a compiler."""
    if source.suffix != ".hq":
        raise ParameterError(f"{source}: expected a strategy's text, a file ending in .hq")
    if name is not None and emit is not Emit.c_header:
        raise ParameterError(f"--name {name}: is the name of a C array; add --emit c-header")
    target = output or source.with_suffix(emit.suffixes[0])
    if target.suffix not in emit.suffixes:
        raise ParameterError(f"{target}: expected an output ending in {' or '.join(emit.suffixes)}")
    strategy = Strategy.load(source, mode=mode.mode)
    program = strategy.bytecode
    content = strategy.c_header(name).encode() if emit is Emit.c_header else program
    _print_warnings(strategy)
    target.write_bytes(content)
    # As bytes, because a path need not be text.
    typer.echo(os.fsencode(target) + f": {len(program)} bytes".encode())


def disasm_command(
    program: Annotated[
        str, typer.Argument(metavar="PROGRAM", help="A .hqbc or .hq file, or a strategy's text.")
    ],
    mode: ModeOption = ModeChoice.seed,
) -> None:
    """Print a program, a line an instruction."""
    typer.echo(read_strategy(program, mode.mode).disassemble().rstrip("\n"))


def _names_a_file(file_or_text: str) -> bool:
    if "\n" in file_or_text or not file_or_text.strip():
        return False
    is_word = len(file_or_text.split()) == 1
    return is_word or file_or_text.endswith((".hq", ".hqbc")) or os.path.exists(file_or_text)


def _load(path: str, mode: Mode, bar_period: BarPeriod) -> Strategy:
    if path.endswith(".hqbc") and mode != "seed":
        raise ParameterError(
            f"--mode {mode}: {path} keeps the mode it was compiled with; "
            f"compile its text with --mode {mode}"
        )
    try:
        return Strategy.load(path, mode=mode, bar_period=bar_period)
    except ProgramError as error:
        raise ProgramError(f"{path}: {error}") from None


def _utf8(argument: str) -> str:
    """Return an argument whose bytes were UTF-8."""
    try:
        return os.fsencode(argument).decode()
    except UnicodeDecodeError as error:
        raise CompileError(f"<strategy>: not UTF-8 at byte {error.start}") from None


def _print_warnings(strategy: Strategy, meant: Set[str] = frozenset()) -> None:
    warnings = [each for each in strategy.warnings if each.code not in meant]
    if warnings and strategy.source is not None:
        from hquant_cffi.dsl.diagnostics import render
        from hquant_cffi.dsl.source import Source

        source = Source(strategy.source, strategy.name)
        typer.echo(render(warnings, source), err=True)
