"""The C core's table of indicators, read once, as Python data."""

from __future__ import annotations

import inspect
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, Final, Literal, TypeAlias

from hquant_cffi._errors import NotFoundError, ParameterError
from hquant_cffi._ffi import ffi, lib
from hquant_cffi._overflow import shown

__all__ = [
    "FIELDS",
    "MODES",
    "Indicator",
    "IndicatorInput",
    "IndicatorParam",
    "Mode",
    "field_numbers",
    "find",
    "mode_number",
    "number",
    "parameters",
    "spec",
    "table",
]

#: A bar's fields, by their numbers in the C core.
FIELDS: Final = ("open", "high", "low", "close", "volume", "buy_volume")

#: How an indicator starts: by this project's conventions, or with TA-Lib's values and warm-up.
Mode: TypeAlias = Literal["seed", "talib"]

#: The modes, by their numbers in the C core.
MODES: Final[tuple[Mode, ...]] = ("seed", "talib")


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
    field : str or None
        The bar's field that an engine reads unless told otherwise, ``"time"`` its open time in
        milliseconds; None when it must be told.
    is_fixed : bool
        Whether it is always that field.
    """

    name: str
    field: str | None
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
    group : str
        Such as ``"momentum"``.
    talib_name : str or None
        TA-Lib's name of it; None where TA-Lib has none.
    talib_note : str or None
        How ``mode="talib"`` differs; None where both modes are the same.
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
    group: str
    talib_name: str | None
    talib_note: str | None

    def warmup(self, *params: float, mode: Mode = "seed", output: int = 0, **named: float) -> int:
        """Return the 0-based bar of its first value, when its inputs have one from bar 0.

        Parameters
        ----------
        *params, **named : float
            Its parameters, in the row's order or by name; one left out takes the row's default.
        mode : {"seed", "talib"}
            How it starts.
        output : int
            Which of its outputs, from 0.

        Raises
        ------
        ParameterError
            A parameter is out of its range, or it has no such output.
        """
        values = self.bind(params, named)
        if not 0 <= output < len(self.outputs):
            raise ParameterError(
                f"{self.name}: output: expected 0..{len(self.outputs) - 1}, found {output}"
            )
        bar = int(lib.hq_indicator_warmup(spec(self, mode, values), output))
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
        bound = bind(self, inspect.Signature(parameters(self)), params, named)
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
        raise _unknown_indicator(name)
    return row


def _unknown_indicator(name: object) -> NotFoundError:
    from difflib import get_close_matches

    by_talib = [row.name for row in _TABLE.values() if row.talib_name == str(name).upper()]
    near = by_talib or get_close_matches(str(name).upper(), _TABLE, 3)
    hint = f"did you mean {' or '.join(near)}? " if near else ""
    return NotFoundError(
        f"indicator: found {name!r}, which the table has not; {hint}"
        f"expected one of {', '.join(_TABLE)}"
    )


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
        group=_text(info.group),
        talib_name=_optional_text(info.talib_name),
        talib_note=_optional_text(info.talib_note),
    )


def _input(info: Any) -> IndicatorInput:
    field = None if info.field < 0 else (*FIELDS, "time")[info.field]
    return IndicatorInput(_text(info.name), field, bool(info.is_implicit))


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


def _optional_text(pointer: Any) -> str | None:
    return None if pointer == ffi.NULL else _text(pointer)


# ------------------------------------------------------------------ arguments


def mode_number(mode: str) -> int:
    """Return a mode's number in the C core.

    Raises
    ------
    ParameterError
        There is no such mode.
    """
    if mode not in MODES:
        raise ParameterError(f"mode: expected one of {', '.join(MODES)}, found {mode!r}")
    return MODES.index(mode)


def spec(row: Indicator, mode: str, values: Sequence[float], fields: Sequence[int] = ()) -> Any:
    """Return what the C core takes for an indicator: an owned ``HqIndicatorSpec *``."""
    made = ffi.new("HqIndicatorSpec *")
    made.struct_size = ffi.sizeof("HqIndicatorSpec")
    made.code = row.code
    made.mode = mode_number(mode)
    made.n_params = len(values)
    made.params[0 : len(values)] = values
    made.n_fields = len(fields)
    made.fields[0 : len(fields)] = fields
    return made


def parameters(row: Indicator) -> list[inspect.Parameter]:
    """Return the parameters of a row as those of a Python function."""
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return [
        inspect.Parameter(
            p.name, kind, default=inspect.Parameter.empty if p.default is None else p.default
        )
        for p in row.params
    ]


def bind(
    row: Indicator, signature: inspect.Signature, args: Sequence[Any], named: Mapping[str, Any]
) -> inspect.BoundArguments:
    """Return the arguments of a call by name; a refusal says what the indicator takes."""
    try:
        return signature.bind(*args, **named)
    except TypeError as error:
        raise TypeError(f"{row.name}: {error}; expected {row.name.lower()}{signature}") from None


def number(indicator: str, name: str, value: object) -> float:
    """Return the value of a parameter as the C core takes it."""
    if not isinstance(value, Real):
        raise TypeError(f"{indicator}: {name}: expected a number, found {type(value).__name__}")
    try:
        return float(value)
    except OverflowError:
        raise ParameterError(
            f"{indicator}: {name}: expected a number, found {shown(value)}, which no double holds"
        ) from None


def field_numbers(row: Indicator, field: str | Sequence[str]) -> list[int]:
    """Return a field for each input of a row that can be told what to read."""
    free = [item.name for item in row.inputs if not item.is_fixed]
    if not free:
        names = ", ".join(item.name for item in row.inputs)
        raise ParameterError(f"{row.name}: field: it always reads {names}")
    given = [field] * len(free) if isinstance(field, str) else list(field)
    if len(given) != len(free):
        raise ParameterError(
            f"{row.name}: field: expected {len(free)}, for {', '.join(free)}, found {given}"
        )
    numbers = iter(map(_field_number, given))
    return [0 if item.is_fixed else next(numbers) for item in row.inputs]


def _field_number(field: str) -> int:
    if field not in FIELDS:
        raise ParameterError(f"field: expected one of {', '.join(FIELDS)}, found {field!r}")
    return FIELDS.index(field)


_TABLE: Final = _read_table()
