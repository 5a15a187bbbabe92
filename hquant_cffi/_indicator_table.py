"""The C core's table of indicators, read once, as Python data."""

from __future__ import annotations

import inspect
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, Final

from hquant_cffi._errors import NotFoundError, ParameterError
from hquant_cffi._ffi import ffi, lib

__all__ = [
    "FIELDS",
    "Indicator",
    "IndicatorInput",
    "IndicatorParam",
    "find",
    "number",
    "parameters",
    "table",
]

#: A bar's fields, by their numbers in the C core.
FIELDS: Final = ("open", "high", "low", "close", "volume", "buy_volume")


@dataclass(frozen=True, slots=True)
class IndicatorParam:
    """A parameter of an indicator.

    Attributes
    ----------
    name : str
    minimum, maximum : float
        Its range, both ends inclusive.
    default : float or None
        None when it must be given.
    is_integer : bool
        Whether only whole numbers are allowed.
    """

    name: str
    minimum: float
    maximum: float
    default: float | None
    is_integer: bool

    @property
    def range(self) -> str:
        """The range as text, such as ``1..1048576``."""
        return f"{self.minimum:.15g}..{self.maximum:.15g}"


@dataclass(frozen=True, slots=True)
class IndicatorInput:
    """An input of an indicator.

    Attributes
    ----------
    name : str
    field : str
        The bar's field that an engine reads unless told otherwise.
    is_fixed : bool
        Whether it is always that field.
    """

    name: str
    field: str
    is_fixed: bool


@dataclass(frozen=True, slots=True)
class Indicator:
    """A row of the table.

    Attributes
    ----------
    name : str
        Upper case, such as ``"RSI"``.
    title, formula, source : str
        What it is, one line of formula, and where that comes from.
    unit, cost : str
        Of its outputs; the work that a bar takes.
    inputs : tuple of IndicatorInput
    params : tuple of IndicatorParam
    outputs : tuple of str
        Names, lower case.
    code : int
        Its number in programs; never reused.
    """

    name: str
    title: str
    formula: str
    source: str
    unit: str
    cost: str
    inputs: tuple[IndicatorInput, ...]
    params: tuple[IndicatorParam, ...]
    outputs: tuple[str, ...]
    code: int

    def warmup(self, *params: float, **named: float) -> int:
        """Return the 0-based bar of its first value, when its inputs have one from bar 0.

        Raises
        ------
        ParameterError
            A parameter is out of its range.
        """
        values = self.bind(params, named)
        bar = int(lib.hq_indicator_warmup(self.code, values))
        if bar < 0:
            ranges = ", ".join(f"{param.name} in {param.range}" for param in self.params)
            raise ParameterError(f"{self.name}: expected {ranges}, found {values}")
        return bar

    def bind(self, params: Sequence[float], named: Mapping[str, float]) -> list[float]:
        """Return a value for each parameter from positional and named arguments and defaults.

        Raises
        ------
        TypeError
            One is missing, unknown, given twice, or no number.
        """
        bound = inspect.Signature(parameters(self)).bind(*params, **named)
        bound.apply_defaults()
        return [number(self.name, name, value) for name, value in bound.arguments.items()]


def table() -> list[Indicator]:
    """Return every indicator, in the table's order."""
    return list(_TABLE.values())


def find(name: str) -> Indicator:
    """Return the row of a name, in any case.

    Raises
    ------
    NotFoundError
        There is none; the message lists what there is.
    """
    row = _TABLE.get(name.upper()) if isinstance(name, str) else None
    if row is None:
        raise NotFoundError(f"indicator: expected one of {', '.join(_TABLE)}, found {name!r}")
    return row


# ------------------------------------------------------------------ the table


def _read_table() -> dict[str, Indicator]:
    infos = (lib.hq_indicator_info(index) for index in range(lib.hq_indicator_count()))
    rows = (_row(info) for info in infos if info.is_public)
    return {row.name: row for row in rows}


def _row(info: Any) -> Indicator:
    return Indicator(
        name=_text(info.name),
        title=_text(info.title),
        formula=_text(info.formula),
        source=_text(info.source),
        unit=_text(info.unit),
        cost=_text(info.cost),
        inputs=tuple(_input(info.inputs[i]) for i in range(info.n_inputs)),
        params=tuple(_param(info.params[i]) for i in range(info.n_params)),
        outputs=tuple(_text(info.outputs[i]) for i in range(info.n_outputs)),
        code=info.code,
    )


def _input(info: Any) -> IndicatorInput:
    return IndicatorInput(_text(info.name), FIELDS[info.field], bool(info.is_implicit))


def _param(info: Any) -> IndicatorParam:
    number = int if info.is_integer else float
    default = None if math.isnan(info.default_value) else number(info.default_value)
    return IndicatorParam(
        _text(info.name),
        number(info.minimum),
        number(info.maximum),
        default,
        bool(info.is_integer),
    )


def _text(pointer: Any) -> str:
    return ffi.string(pointer).decode()


# ------------------------------------------------------------------ arguments


def parameters(row: Indicator) -> list[inspect.Parameter]:
    """Return the parameters of a row as those of a Python function."""
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return [
        inspect.Parameter(
            p.name, kind, default=inspect.Parameter.empty if p.default is None else p.default
        )
        for p in row.params
    ]


def number(indicator: str, name: str, value: object) -> float:
    """Return the value of a parameter as the C core takes it."""
    if not isinstance(value, Real):
        raise TypeError(f"{indicator}: {name}: expected a number, found {type(value).__name__}")
    return float(value)


_TABLE: Final = _read_table()
