"""Text to program: the stages, one after the other."""

from __future__ import annotations

from dataclasses import dataclass

from hquant_cffi._errors import ParameterError
from hquant_cffi._indicator_table import Mode, mode_number
from hquant_cffi.dsl import syntax
from hquant_cffi.dsl.bytecode import encode
from hquant_cffi.dsl.check import check
from hquant_cffi.dsl.diagnostics import Diagnostic, Report
from hquant_cffi.dsl.lint import lint
from hquant_cffi.dsl.lower import lower
from hquant_cffi.dsl.parse import parse
from hquant_cffi.dsl.source import Source

__all__ = ["Compiled", "CompiledParam", "compile_text"]


@dataclass(frozen=True, slots=True)
class CompiledParam:
    """A PARAM of a program.

    Attributes
    ----------
    name : str
    value : float
        Its default.
    minimum, maximum, step : float or None
        Its range, both ends inclusive; None when the text gives none. The step is 1 when the
        text gives a range without one.
    line : int
        Where it stands, from 1.
    """

    name: str
    value: float
    minimum: float | None
    maximum: float | None
    step: float | None
    line: int


@dataclass(frozen=True, slots=True)
class Compiled:
    """A strategy, compiled.

    Attributes
    ----------
    bytecode : bytes
        The program (HQBC).
    params : tuple of CompiledParam
        Its PARAMs, in the order of the text.
    warnings : tuple of Diagnostic
        What is allowed and probably not meant; ``render(source)`` prints one.
    has_clauses : bool
        Whether a rule carries SIZE, STOP, TARGET or TRAIL.
    timeframes : tuple of int
        The higher timeframes that it reads, milliseconds.
    tree : syntax.Program
        What the text says.
    source : Source
        The text, with which spans become lines and columns.
    """

    bytecode: bytes
    params: tuple[CompiledParam, ...]
    warnings: tuple[Diagnostic, ...]
    has_clauses: bool
    timeframes: tuple[int, ...]
    tree: syntax.Program
    source: Source


def compile_text(
    text: str,
    *,
    name: str = "<strategy>",
    mode: Mode = "seed",
    bar_period_ms: int | None = None,
) -> Compiled:
    """Compile a strategy.

    Parameters
    ----------
    text : str
        The strategy, at most 64 KiB as UTF-8.
    name : str
        What messages call it, such as its file's name.
    mode : {"seed", "talib"}
        How its indicators start.
    bar_period_ms : int, optional
        The period of the bars that it is meant for; with it, higher timeframes that are none are
        warned about.

    Returns
    -------
    Compiled
        The same text gives the same bytes on every machine.

    Raises
    ------
    CompileError
        The text does not compile; the error carries a diagnostic for each thing that is wrong.
    ParameterError
        There is no such mode; `bar_period_ms` is not above 0.
    TypeError
        `text` is not a str.
    """
    if not isinstance(text, str):
        raise TypeError(f"text: expected str, found {type(text).__name__}")
    number = mode_number(mode)
    if bar_period_ms is not None and bar_period_ms <= 0:
        raise ParameterError(f"bar_period_ms: expected more than 0, found {bar_period_ms}")
    source = Source(text, name)
    report = Report(source)
    checked = check(parse(report), report)
    lint(checked, report, bar_period_ms)
    image = lower(checked, source, number)
    return Compiled(
        bytecode=encode(image),
        params=tuple(_param(param, source) for param in checked.params.values()),
        warnings=tuple(sorted(report.warnings, key=lambda warning: warning.span)),
        has_clauses=bool(image.clauses),
        timeframes=tuple(image.timeframes),
        tree=checked.program,
        source=source,
    )


def _param(param: syntax.Param, source: Source) -> CompiledParam:
    line, _ = source.position(param.span.start)
    if param.minimum is None or param.maximum is None:
        return CompiledParam(param.name, param.value.value, None, None, None, line)
    step = 1.0 if param.step is None else param.step.value
    return CompiledParam(
        param.name, param.value.value, param.minimum.value, param.maximum.value, step, line
    )
