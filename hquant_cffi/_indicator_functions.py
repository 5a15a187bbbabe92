"""Rows of the indicator table as Python functions over whole columns."""

from __future__ import annotations

import inspect
from collections import namedtuple
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from hquant_cffi._errors import ParameterError
from hquant_cffi._ffi import check, ffi, lib
from hquant_cffi._indicator_table import (
    Indicator,
    bind,
    number,
    parameters,
    spec,
)

__all__ = ["function", "result_name", "result_type"]

Floats: TypeAlias = npt.NDArray[np.float64]
Function: TypeAlias = Callable[..., "Floats | tuple[Floats, ...]"]
ResultType: TypeAlias = Callable[..., tuple[Floats, ...]]

_INPUT_NOTE = """\
    float64 arrays without gaps are read where they are; others are converted. A value that is not
    finite, or masked, counts as unknown."""
_RAISES_NOTE = "    A parameter out of its range, several dimensions, or different lengths."


def function(row: Indicator, result: ResultType | None) -> Function:
    """Return a row as a function of its inputs and parameters, whose outputs `result` holds."""
    names = [inspect.Parameter(i.name, inspect.Parameter.POSITIONAL_ONLY) for i in row.inputs]
    mode = inspect.Parameter("mode", inspect.Parameter.KEYWORD_ONLY, default="seed")
    signature = inspect.Signature([*names, *parameters(row), mode])

    def run(*args: Any, **kwargs: Any) -> Floats | tuple[Floats, ...]:
        bound = bind(row, signature, args, kwargs)
        bound.apply_defaults()
        *given, (_, mode) = bound.arguments.items()
        columns = _columns(row, given[: len(row.inputs)])
        params = [number(row.name, *pair) for pair in given[len(row.inputs) :]]
        outputs = _batch(row, mode, columns, params)
        return outputs[0] if result is None else result(*outputs)

    run.__name__ = run.__qualname__ = row.name.lower()
    run.__doc__ = _docstring(row)
    run.__signature__ = signature  # type: ignore[attr-defined]
    return run


def _columns(row: Indicator, given: list[tuple[str, Any]]) -> list[Floats]:
    columns = [_column(row, name, values) for name, values in given]
    for (name, _), column in zip(given, columns, strict=True):
        if len(column) != len(columns[0]):
            raise ParameterError(
                f"{row.name}: {name}: expected {len(columns[0])} values, as many as "
                f"{given[0][0]}, found {len(column)}"
            )
    return columns


def _column(row: Indicator, name: str, values: npt.ArrayLike) -> Floats:
    given = np.asanyarray(values)
    if given.ndim != 1:
        raise ParameterError(
            f"{row.name}: {name}: expected one dimension, found shape {given.shape}"
        )
    if given.dtype.kind not in "fiu" and len(given):
        raise ParameterError(f"{row.name}: {name}: expected numbers, found {given.dtype}")
    if isinstance(given, np.ma.MaskedArray):  # what is masked is not known
        return np.ascontiguousarray(np.ma.filled(given.astype(np.float64), np.nan))
    column = np.ascontiguousarray(given, np.float64)
    if isinstance(values, np.ma.MaskedArray):
        return np.where(np.ma.getmaskarray(values), np.nan, column)
    return column


def _batch(row: Indicator, mode: str, columns: list[Floats], params: list[float]) -> list[Floats]:
    length = len(columns[0])
    outputs = [np.empty(length) for _ in row.outputs]
    inputs = [ffi.from_buffer("double[]", column) for column in columns]
    room = [ffi.from_buffer("double[]", output, require_writable=True) for output in outputs]
    check(
        lib.hq_indicator_batch(
            spec(row, mode, params),
            ffi.new("double *[]", inputs),
            length,
            ffi.new("double *[]", room),
        )
    )
    return outputs


def result_type(row: Indicator) -> ResultType | None:
    """Return what holds several outputs; None for a single one."""
    if len(row.outputs) == 1:
        return None
    result = namedtuple(result_name(row), row.outputs)  # type: ignore[misc]
    result.__module__ = "hquant_cffi.indicators"  # where it stands, for pickle
    result.__doc__ = f"{row.title}: {', '.join(row.outputs)}, (T,) arrays each."
    return result


def result_name(row: Indicator) -> str:
    """Return the name of a row's result type."""
    return f"{row.name.title().replace('_', '')}Result"


def _mode_note(row: Indicator) -> str:
    if row.talib_note:
        return f"How it starts. As TA-Lib: {row.talib_note}."
    return "How it starts: both are the same here."


def _docstring(row: Indicator) -> str:
    names = ", ".join(item.name for item in row.inputs)
    lines = [f"{row.title}: {row.formula}.", "", "Parameters", "----------"]
    lines += [f"{names} : (T,) array_like of float", _INPUT_NOTE]
    for param in row.params:
        kind = "int" if param.is_integer else "float"
        optional = "" if param.default is None else f", default {param.default:g}"
        lines += [f"{param.name} : {kind}{optional}", f"    {param.range}."]
    lines += ['mode : {"seed", "talib"}', f"    {_mode_note(row)}"]
    lines += ["", "Returns", "-------"]
    if len(row.outputs) == 1:
        lines += ["(T,) ndarray of float64"]
    else:
        lines += [result_name(row), f"    ``({', '.join(row.outputs)})``, (T,) each."]
    lines += [f"    Unit: {row.unit}. NaN where there is no value yet.", "", "Raises", "------"]
    lines += ["ParameterError", _RAISES_NOTE, "", "References", "----------"]
    return "\n".join([*lines, f".. [1] {row.source}", ""])
