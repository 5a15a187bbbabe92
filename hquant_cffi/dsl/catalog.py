"""What can be named: series, operators, and the functions of the C core's indicator table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from hquant_cffi.dsl.bytecode import Op

__all__ = [
    "AVERAGES",
    "OPERATORS",
    "SERIES",
    "Function",
    "Input",
    "Operator",
    "Parameter",
    "Row",
    "functions",
    "indexed_row",
    "load_rows",
    "refuse_params",
]

# A bar's fields, by their number in programs.
SERIES = {"open": 0, "high": 1, "low": 2, "close": 3, "volume": 4, "buy_volume": 5}

# Series that are the mean of fields, added from left to right.
AVERAGES = {
    "hl2": ("high", "low"),
    "hlc3": ("high", "low", "close"),
    "ohlc4": ("open", "high", "low", "close"),
}


@dataclass(frozen=True, slots=True)
class Input:
    """An input of a row; `field` is the series that stands in, None when it must be given."""

    name: str
    field: int | None
    is_implicit: bool
    is_condition: bool


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a row; `default` is None when it must be given."""

    name: str
    minimum: float
    maximum: float
    default: float | None
    is_integer: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the indicator table."""

    name: str
    code: int
    inputs: tuple[Input, ...]
    params: tuple[Parameter, ...]
    outputs: tuple[str, ...]
    is_condition: bool
    unit: str
    group: str

    @property
    def explicit_inputs(self) -> tuple[Input, ...]:
        """The inputs that a call may give."""
        return tuple(each for each in self.inputs if not each.is_implicit)


@dataclass(frozen=True, slots=True)
class Operator:
    """A function that is one operation on numbers; `default` stands in for the last operand."""

    name: str
    op: Op
    operands: tuple[str, ...]
    default: float | None = None


Function: TypeAlias = Row | Operator

OPERATORS = (
    Operator("ABS", Op.ABS, ("x",)),
    Operator("SQRT", Op.SQRT, ("x",)),
    Operator("LOG", Op.LOG, ("x",)),
    Operator("MIN", Op.MIN, ("a", "b")),
    Operator("MAX", Op.MAX, ("a", "b")),
    Operator("NZ", Op.NZ, ("x", "d"), 0.0),
)


@cache
def functions() -> dict[str, Function]:
    """Return every function by its upper-case name."""
    known: list[Function] = [*load_rows(), *OPERATORS]
    return {function.name: function for function in known}


@cache
def indexed_row() -> Row:
    """Return the row that `x[n]` stands for."""
    return next(row for row in load_rows() if row.name == "LAG")


@cache
def load_rows() -> tuple[Row, ...]:
    """Read the indicator table of the C core."""
    from hquant_cffi._ffi import ffi, lib

    def text(pointer: object) -> str:
        word = ffi.string(pointer)
        assert isinstance(word, bytes)
        return word.decode()

    def row(index: int) -> Row:
        info = lib.hq_indicator_info(index)
        return Row(
            name=text(info.name),
            code=info.code,
            inputs=tuple(
                Input(
                    name=text(each.name),
                    field=each.field if each.field >= 0 else None,
                    is_implicit=bool(each.is_implicit),
                    is_condition=bool(each.is_boolean),
                )
                for each in info.inputs[0 : info.n_inputs]
            ),
            params=tuple(
                Parameter(
                    name=text(each.name),
                    minimum=each.minimum,
                    maximum=each.maximum,
                    default=None if math.isnan(each.default_value) else each.default_value,
                    is_integer=bool(each.is_integer),
                )
                for each in (info.params[0 : info.n_params] if info.n_params else ())
            ),
            outputs=tuple(text(info.outputs[i]) for i in range(info.n_outputs)),
            is_condition=bool(info.is_boolean),
            unit=text(info.unit),
            group=text(info.group),
        )

    return tuple(row(index) for index in range(lib.hq_indicator_count()))


def refuse_params(row: Row, values: list[float]) -> str | None:
    """Return why the C core refuses parameters that are each in range; None when it takes them."""
    from hquant_cffi._ffi import ffi, last_error, lib

    spec = ffi.new("HqIndicatorSpec *")
    spec.struct_size = ffi.sizeof("HqIndicatorSpec")
    spec.code = row.code
    spec.n_params = len(values)
    spec.params[0 : len(values)] = values
    return str(last_error()) if lib.hq_indicator_warmup(spec, 0) < 0 else None
