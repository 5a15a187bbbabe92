"""Sizes and distances as users write them, and as C takes them: ``"50%"``, ``2.5``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from numbers import Real
from operator import index
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np

from hquant_cffi._errors import ParameterError
from hquant_cffi._ffi import lib
from hquant_cffi._overflow import shown

__all__ = [
    "Distance",
    "Level",
    "Size",
    "SizeUnit",
    "choice",
    "level_of",
    "number",
    "size_of",
    "whole",
]

#: What a size counts: base asset units; quote currency of the position; fraction of equity, as
#: margin; quote currency of margin.
SizeUnit: TypeAlias = Literal["units", "notional", "equity", "margin"]

#: A size: a number in its unit, ``"50%"`` of equity, or None for all that cash affords.
Size: TypeAlias = "float | str | None"

#: A distance: a number in price units, ``"3%"`` of the fill price, or None for none.
Distance: TypeAlias = "float | str | None"

_SIZE_UNITS: Final[dict[str, int]] = {
    "units": lib.HQ_SIZE_UNITS,
    "notional": lib.HQ_SIZE_NOTIONAL,
    "equity": lib.HQ_SIZE_EQUITY,
    "margin": lib.HQ_SIZE_MARGIN,
}


_PER_CENT: Final = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+) *%")


class Level(NamedTuple):
    """A number with the C constant of its unit."""

    value: float
    unit: int


def number(name: str, value: object) -> float:
    """Return a finite float; ParameterError for anything else, texts and booleans included."""
    if type(value) is float and abs(value) < float("inf"):
        return value  # as most are: it need not be asked whether it is a Real
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (Real, Decimal)):
        raise ParameterError(f"{name}: expected a number, found {value!r}")
    try:
        found = float(value)
    except OverflowError:
        found = float("inf")
    if not abs(found) < float("inf"):
        raise ParameterError(
            f"{name} must be a finite number, at most 1e100, got {shown(value)}"
        )
    return found


def whole(name: str, value: object, least: int, most: int) -> int:
    """Return an int of a range, of NumPy's types too; ParameterError for anything else."""
    try:
        found = least - 1 if isinstance(value, (bool, np.bool_)) else index(value)  # type: ignore[arg-type]
    except TypeError:
        found = least - 1
    if not least <= found <= most:
        raise ParameterError(
            f"{name}: expected a whole number {least}..{most}, found {_written(value)}"
        )
    return found


def choice(name: str, value: object, known: Mapping[str, int]) -> int:
    """Return the C constant of a word; ParameterError for another."""
    if not isinstance(value, str) or value not in known:
        raise ParameterError(f"{name}: expected one of {', '.join(known)}, found {value!r}")
    return known[value]


def _written(value: object) -> str:
    return shown(value) if isinstance(value, int) else repr(value)


def _per_cent(name: str, text: str) -> float:
    found = _PER_CENT.fullmatch(text.strip())
    if found is None:
        raise ParameterError(
            f"{name}: expected a number or a percentage such as '3%', found {text!r}"
        )
    return float(found[1]) / 100


def _above_zero(name: str, value: float, found: object) -> float:
    if not 0 < value <= 1e100:
        raise ParameterError(f"{name}: expected more than 0 and at most 1e100, found {found!r}")
    return value


def level_of(name: str, distance: Distance) -> Level:
    """Return a distance with its unit."""
    if distance is None:
        return Level(0.0, lib.HQ_DISTANCE_NONE)
    if isinstance(distance, str):
        fraction = _above_zero(name, _per_cent(name, distance), distance)
        return Level(fraction, lib.HQ_DISTANCE_FRACTION)
    return Level(_above_zero(name, number(name, distance), distance), lib.HQ_DISTANCE_PRICE)


def size_of(size: Size, unit: object, prefix: str = "") -> Level:
    """Return a size with its unit; messages call them `prefix` + ``size`` and ``size_unit``."""
    known = choice(f"{prefix}size_unit", unit, _SIZE_UNITS)
    name = f"{prefix}size"
    if size is None:
        if unit != "units":
            raise ParameterError(
                f"{prefix}size_unit: {unit!r} needs a size, and size is None (all); "
                "give a number, or leave size_unit out"
            )
        return Level(0.0, lib.HQ_SIZE_ALL)
    if isinstance(size, str):
        fraction = _above_zero(name, _per_cent(name, size), size)
        if unit not in ("units", "equity"):
            raise ParameterError(
                f"{name}: {size!r} is of equity, and size_unit is {unit!r}; "
                "give a number, or leave size_unit out"
            )
        return Level(fraction, lib.HQ_SIZE_EQUITY)
    return Level(_above_zero(name, number(name, size), size), known)
