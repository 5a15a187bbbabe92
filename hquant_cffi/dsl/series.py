"""Texts whose assigned names are wanted as columns, besides their signals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from hquant_cffi._errors import NotFoundError
from hquant_cffi._indicator_table import Mode, mode_number
from hquant_cffi.dsl import syntax
from hquant_cffi.dsl.bytecode import Image
from hquant_cffi.dsl.check import Checked, check
from hquant_cffi.dsl.diagnostics import Report, did_you_mean
from hquant_cffi.dsl.lower import lower_keeping
from hquant_cffi.dsl.parse import parse
from hquant_cffi.dsl.source import Source, Span

__all__ = ["Series", "assigned_names", "compile_expression", "compile_names"]

_VALUE = "value"


@dataclass(frozen=True, slots=True)
class Series:
    """A value of a program.

    Attributes
    ----------
    registers : tuple of int
        Where it stands, on the base clock: one for each of its outputs.
    row : str or None
        The indicator whose outputs these are; None for a single column.
    """

    registers: tuple[int, ...]
    row: str | None

    def moved(self, by: int) -> Series:
        """Return it in a program where its registers stand further on."""
        return Series(tuple(register + by for register in self.registers), self.row)


def assigned_names(text: str, name: str) -> tuple[str, ...]:
    """Return the names that a strategy assigns, in the order of its text."""
    return tuple(_assigned(_checked(Source(text, name))))


def compile_names(
    text: str, names: Iterable[str], *, name: str, mode: Mode
) -> tuple[Image, dict[str, Series]]:
    """Compile a strategy, and say where the values of assigned names stand.

    Raises
    ------
    CompileError
        The text does not compile.
    NotFoundError
        The text assigns no such name.
    """
    source = Source(text, name)
    checked = _checked(source)
    known = _assigned(checked)
    wanted = list(dict.fromkeys(names))
    for each in wanted:
        if each not in known:
            raise _unknown_name(each, known)
    return _lowered(checked, source, mode, wanted)


@lru_cache(maxsize=1024)
def compile_expression(text: str, *, name: str, mode: Mode) -> tuple[Image, Series]:
    """Compile one expression, such as ``SMA(close, 10)``, as a program without rules.

    Raises
    ------
    CompileError
        The text is no expression.
    """
    source = Source(f"{_VALUE} = {text}", name)
    checked = _checked(source)
    statements = checked.program.statements
    if len(statements) != 1 or not isinstance(statements[0], syntax.Assign):
        report = Report(source)
        where = statements[1].span if len(statements) > 1 else Span(0, len(source.text))
        report.fatal("E1005", where, "expected one expression, found more", "leave the rest out")
    image, series = _lowered(checked, source, mode, [_VALUE])
    return image, series[_VALUE]


def _checked(source: Source) -> Checked:
    report = Report(source)
    return check(parse(report), report)


def _assigned(checked: Checked) -> list[str]:
    statements = checked.program.statements
    return [each.name for each in statements if isinstance(each, syntax.Assign)]


def _lowered(
    checked: Checked, source: Source, mode: Mode, names: list[str]
) -> tuple[Image, dict[str, Series]]:
    image, registers = lower_keeping(checked, source, mode_number(mode), names)
    rows = {each: checked.names.values[each].row for each in names}
    return image, {
        each: Series(registers[each], row.name if row and len(row.outputs) > 1 else None)
        for each, row in rows.items()
    }


def _unknown_name(name: str, known: list[str]) -> NotFoundError:
    if not known:
        return NotFoundError(f"series: {name}: this strategy assigns no names")
    hint = did_you_mean(name, known)
    return NotFoundError(
        f"series: expected names that the strategy assigns ({', '.join(known)}), found {name!r}"
        + (f"; {hint}" if hint else "")
    )
