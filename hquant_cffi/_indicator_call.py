"""The call of an indicator over whole columns, written out for each number of inputs and outputs.

Over few bars Python takes longer than the C core. Loops over a column or three are a good part of
that, so what users call is made from a source without any, once for each shape.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

import numpy as np

from hquant_cffi._ffi import check, ffi, lib

__all__ = ["FEW", "MISSING", "batch_function", "make_call"]

#: Stands for a column or a parameter that was not given.
MISSING: Final = object()

#: Bars up to which several outputs stand in one block of memory: one array is made, and shown to
#: cffi, in place of one for each. Who keeps one of them keeps all, which of so few bars is little.
FEW: Final = 1024

# What C reads as it is goes straight to it. Whatever else is given, `convert` takes or refuses.
_SOURCE: Final = """\
def make(spec_of, by_place, convert, result):
    def call({parameters}, /, *params, mode="seed", **named):
        if {are_columns}:
            length = len(x0)
            try:
                given = by_place(params, named) if named else params
                spec, {pointers} = spec_of(mode, *given), {views}
            except (TypeError, ValueError):  # `convert` says why, or does without
                pass
            else:
                {run}
                if status:
                    check(status)
                return {answer}
        return convert(({inputs},), params, mode, named)
    return call
"""

_ONE_BY_ONE: Final = "{rooms}; status = batch(spec, length, {n_inputs}, {pointers}, {places})"
_IN_A_BLOCK: Final = """\
if length > few:
                    {one_by_one}
                else:
                    block = empty(({n_outputs}, length))
                    status = batch_block(spec, length, {pointers}, from_buffer(doubles, block))
                    {outputs} = {rows}"""


def make_call(
    n_inputs: int,
    n_outputs: int,
    spec_of: Callable[..., Any],
    by_place: Callable[..., Sequence[Any]],
    convert: Callable[..., Any],
    result: type | None,
) -> Callable[..., Any]:
    """Return a function of so many columns, then parameters, ``mode`` and names.

    Parameters
    ----------
    n_inputs, n_outputs : int
    spec_of : callable
        ``(mode, *params)``: an ``HqIndicatorSpec *``, or TypeError or ValueError.
    by_place : callable
        ``(params, names)``: all parameters in their order, or TypeError.
    convert : callable
        ``(columns, params, mode, names)``: called with what C does not read as it is; `MISSING` for
        a column that is not there.
    result : type or None
        The named tuple of several outputs.
    """
    made: Callable[..., Any] = _maker(n_inputs, n_outputs)(spec_of, by_place, convert, result)
    return made


def batch_function(n_columns: int) -> Callable[..., int]:
    """Return ``hq_indicator_batch()`` of so many inputs and outputs, which are arguments."""
    function: Callable[..., int] = getattr(lib, f"hq_python_batch_{n_columns}")
    return function


@cache
def _maker(n_inputs: int, n_outputs: int) -> Callable[..., Any]:
    inputs = [f"x{i}" for i in range(n_inputs)]
    outputs = [f"y{i}" for i in range(n_outputs)]
    columns = [f"type({x}) is ndarray and {x}.dtype is float64 and {x}.ndim == 1" for x in inputs]
    columns += [f"len({x}) == len(x0)" for x in inputs[1:]]
    pointers = ", ".join(f"p{i}" for i in range(n_inputs))
    run = _ONE_BY_ONE.format(
        rooms="; ".join(f"{y} = empty(length)" for y in outputs),
        n_inputs=n_inputs,
        pointers=pointers,
        places=", ".join(f"from_buffer(doubles, {y})" for y in outputs),
    )
    if n_outputs > 1:
        run = _IN_A_BLOCK.format(
            one_by_one=run,
            n_outputs=n_outputs,
            pointers=pointers,
            outputs=", ".join(outputs),
            rows=", ".join(f"block[{i}]" for i in range(n_outputs)),
        )
    source = _SOURCE.format(
        parameters=", ".join(f"{x}=missing" for x in inputs),
        inputs=", ".join(inputs),
        are_columns=" and ".join(columns),
        pointers=pointers,
        views=", ".join(f"from_buffer(doubles, {x})" for x in inputs),
        run=run,
        answer="y0" if n_outputs == 1 else f"new(result, ({', '.join(outputs)}))",
    )
    names = {
        "batch": batch_function(n_inputs + n_outputs),
        "batch_block": n_outputs > 1 and getattr(lib, f"hq_python_block_{n_inputs}_{n_outputs}"),
        "few": FEW,
        "check": check,
        "doubles": ffi.typeof("double[]"),
        "empty": np.empty,
        "float64": np.dtype(np.float64),
        "from_buffer": ffi.from_buffer,
        "missing": MISSING,
        "ndarray": np.ndarray,
        "new": tuple.__new__,
    }
    exec(compile(source, f"<an indicator of {n_inputs} columns>", "exec"), names)
    made: Callable[..., Any] = names["make"]
    return made
