"""Rows of the indicator table as Python functions over whole columns."""

from __future__ import annotations

import inspect
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from hquant_cffi._errors import ParameterError
from hquant_cffi._ffi import check, ffi
from hquant_cffi._indicator_call import FEW, MISSING, batch_function, make_call
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
ResultType: TypeAlias = "type[tuple[Floats, ...]]"

_INPUT_NOTE = """\
    float64 arrays without gaps are read where they are; others are converted. A value that is not
    finite, or masked, counts as unknown."""
_BLOCK_NOTE = f"""\
Of up to {FEW:,} bars they may be views of one
    block of memory: copy one to keep it alone."""
_RAISES_NOTE = "    A parameter out of its range, several dimensions, or different lengths."


def function(row: Indicator, result: ResultType | None) -> Function:
    """Return a row as a function of its inputs and parameters, whose outputs `result` holds."""
    names = [inspect.Parameter(i.name, inspect.Parameter.POSITIONAL_ONLY) for i in row.inputs]
    mode = inspect.Parameter("mode", inspect.Parameter.KEYWORD_ONLY, default="seed")
    signature = inspect.Signature([*names, *parameters(row), mode])

    n_inputs, n_outputs = len(row.inputs), len(row.outputs)
    no_columns = (None,) * n_inputs

    def make_spec(mode: str, *given: Any) -> Any:
        bound = bind(row, signature, (*no_columns, *given), {"mode": mode})
        bound.apply_defaults()
        params = zip(row.params, list(bound.arguments.values())[n_inputs:-1], strict=True)
        return spec(row, mode, [number(row.name, param.name, value) for param, value in params])

    # By type too, so that what equals a number without being one is refused.
    kept_spec = lru_cache(maxsize=256, typed=True)(make_spec)

    def spec_of(mode: str, given: Sequence[Any]) -> Any:
        try:
            return kept_spec(mode, *given)
        except TypeError:  # one cannot be hashed, or is no number: that is said without a cache
            pass
        return make_spec(mode, *given)

    def convert(
        columns: Sequence[Any], params: Sequence[Any], mode: str, named: Mapping[str, Any]
    ) -> Floats | tuple[Floats, ...]:
        args = (*(each for each in columns if each is not MISSING), *params)
        if named or len(args) < n_inputs:
            bound = bind(row, signature, args, {**named, "mode": mode})
            bound.apply_defaults()
            args = tuple(bound.arguments.values())[:-1]
        columns = _columns(row, args[:n_inputs])
        outputs = _batch(spec_of(mode, args[n_inputs:]), columns, n_outputs)
        return outputs[0] if result is None else result(*outputs)

    by_place = _placing(row)
    call = make_call(n_inputs, n_outputs, kept_spec, by_place, convert, result)
    call.__name__ = call.__qualname__ = row.name.lower()
    call.__doc__ = _docstring(row)
    call.__signature__ = signature  # type: ignore[attr-defined]
    return call


def _placing(row: Indicator) -> Callable[[Sequence[Any], Mapping[str, Any]], list[Any]]:
    """Return what puts parameters given by name behind those given by place."""
    defaults = {x.name: MISSING if x.default is None else x.default for x in row.params}
    names = list(defaults)

    def by_place(params: Sequence[Any], named: Mapping[str, Any]) -> list[Any]:
        values = {**defaults, **named}
        if len(values) > len(names) or not named.keys().isdisjoint(names[: len(params)]):
            raise TypeError("a name that there is not, or given twice")
        return [*params, *[values[name] for name in names[len(params) :]]]

    return by_place


def _columns(row: Indicator, given: Sequence[Any]) -> Sequence[Floats]:
    columns = [_column(row, item.name, x) for item, x in zip(row.inputs, given, strict=True)]
    if len(set(map(len, columns))) > 1:
        raise _lengths_differ(row, columns)
    return columns


def _lengths_differ(row: Indicator, columns: Sequence[Floats]) -> ParameterError:
    first, *rest = row.inputs
    index = next(i for i, column in enumerate(columns) if len(column) != len(columns[0]))
    return ParameterError(
        f"{row.name}: {rest[index - 1].name}: expected {len(columns[0])} values, as many as "
        f"{first.name}, found {len(columns[index])}"
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


def _batch(spec: Any, columns: Sequence[Floats], n_outputs: int) -> list[Floats]:
    length = len(columns[0])
    outputs = [np.empty(length) for _ in range(n_outputs)]
    pointers = [ffi.from_buffer("double[]", each) for each in (*columns, *outputs)]
    check(batch_function(len(pointers))(spec, length, len(columns), *pointers))
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
        lines += [result_name(row), f"    ``({', '.join(row.outputs)})``, (T,) each. {_BLOCK_NOTE}"]
    lines += [f"    Unit: {row.unit}. NaN where there is no value yet.", "", "Raises", "------"]
    lines += ["ParameterError", _RAISES_NOTE, "", "References", "----------"]
    return "\n".join([*lines, f".. [1] {row.source}", ""])
