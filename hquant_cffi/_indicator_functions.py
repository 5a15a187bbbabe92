"""Rows of the indicator table as Python functions over whole columns."""

from __future__ import annotations

import inspect
from collections import namedtuple
from collections.abc import Callable, Sequence
from functools import lru_cache
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

_FLOAT64 = np.dtype(np.float64)
_DOUBLES = ffi.typeof("double[]")
_POINTERS = ffi.typeof("double *[]")

_INPUT_NOTE = """\
    float64 arrays without gaps are read where they are; others are converted. A value that is not
    finite, or masked, counts as unknown."""
_RAISES_NOTE = "    A parameter out of its range, several dimensions, or different lengths."


def function(row: Indicator, result: ResultType | None) -> Function:
    """Return a row as a function of its inputs and parameters, whose outputs `result` holds."""
    names = [inspect.Parameter(i.name, inspect.Parameter.POSITIONAL_ONLY) for i in row.inputs]
    mode = inspect.Parameter("mode", inspect.Parameter.KEYWORD_ONLY, default="seed")
    signature = inspect.Signature([*names, *parameters(row), mode])

    n_inputs, n_outputs = len(row.inputs), len(row.outputs)
    defaults = [None] * n_inputs + [param.default for param in row.params]
    least = n_inputs + sum(param.default is None for param in row.params)

    def arguments(args: tuple[Any, ...], named: dict[str, Any]) -> tuple[str, tuple[Any, ...]]:
        if least <= len(args) <= len(defaults) and (not named or named.keys() == {"mode"}):
            return named.get("mode", "seed"), (*args, *defaults[len(args) :])
        bound = bind(row, signature, args, named)
        bound.apply_defaults()
        *values, mode = bound.arguments.values()
        return mode, tuple(values)

    def make_spec(mode: str, *params: Any) -> Any:
        named = zip(row.params, params, strict=True)
        return spec(row, mode, [number(row.name, param.name, value) for param, value in named])

    # By type too, so that what equals a number without being one is refused.
    kept_spec = lru_cache(maxsize=256, typed=True)(make_spec)

    def spec_of(mode: str, params: tuple[Any, ...]) -> Any:
        try:
            return kept_spec(mode, *params)
        except TypeError:  # one cannot be hashed, or is no number: that is said without a cache
            pass
        return make_spec(mode, *params)

    def run(*args: Any, **kwargs: Any) -> Floats | tuple[Floats, ...]:
        mode, values = arguments(args, kwargs)
        columns = _columns(row, values[:n_inputs])
        outputs = _batch(spec_of(mode, values[n_inputs:]), columns, n_outputs)
        return outputs[0] if result is None else result(*outputs)

    run.__name__ = run.__qualname__ = row.name.lower()
    run.__doc__ = _docstring(row)
    run.__signature__ = signature  # type: ignore[attr-defined]
    return run


def _columns(row: Indicator, given: Sequence[Any]) -> list[Floats]:
    columns = [
        values if _is_column(values) else _column(row, row.inputs[index].name, values)
        for index, values in enumerate(given)
    ]
    for index in range(1, len(columns)):
        if len(columns[index]) != len(columns[0]):
            raise ParameterError(
                f"{row.name}: {row.inputs[index].name}: expected {len(columns[0])} values, as many "
                f"as {row.inputs[0].name}, found {len(columns[index])}"
            )
    return columns


def _is_column(values: Any) -> bool:
    """Whether the C core reads it as it is."""
    return (
        type(values) is np.ndarray
        and values.dtype is _FLOAT64
        and values.ndim == 1
        and values.flags.c_contiguous
    )


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


def _batch(spec: Any, columns: list[Floats], n_outputs: int) -> list[Floats]:
    length = len(columns[0])
    outputs = [np.empty(length) for _ in range(n_outputs)]
    places = ffi.new(_POINTERS, [ffi.from_buffer(_DOUBLES, each) for each in columns + outputs])
    check(lib.hq_indicator_batch(spec, places, length, places + len(columns)))
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
