"""One column of any source as the array that a Bars holds."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from numbers import Real
from typing import TypeAlias, TypeGuard

import numpy as np
import numpy.typing as npt

from hquant_cffi._errors import DataError

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]
#: A column as its source has it: any dtype, masked where the source has a null.
RawArray: TypeAlias = npt.NDArray[np.generic]


def as_floats(raw: npt.ArrayLike, name: str, source: str) -> FloatArray:
    """`raw` as contiguous float64; nulls become NaN.

    Aligned, contiguous float64 in native byte order is returned as it is. Anything else is copied.
    """
    array = one_dimensional(raw, name, source)
    if is_as_read(array):
        return array
    if array.dtype.kind == "O":
        return np.array(
            [_number(value, name, source) for value in array.tolist()], dtype=np.float64
        )
    if array.dtype.kind not in "iuf":
        raise DataError(
            f"{source}, column {name!r}: expected numbers, found {array.dtype}; convert it first"
        )
    if isinstance(array, np.ma.MaskedArray):
        array = np.ma.MaskedArray(array, dtype=np.float64).filled(np.nan)
    return np.require(array, dtype=np.float64, requirements=["C", "A"])


def is_as_read(column: object) -> TypeGuard[FloatArray]:
    """Whether C reads a column as it is: asked first, because asking takes no time."""
    if type(column) is not np.ndarray or column.dtype != np.float64 or column.ndim != 1:
        return False
    return bool(column.flags.c_contiguous and column.flags.aligned)


def one_dimensional(raw: npt.ArrayLike, name: str, source: str) -> RawArray:
    """`raw` as a 1-D array, whatever its dtype; a masked array keeps its mask."""
    array: RawArray = np.asanyarray(raw)
    if array.ndim != 1:
        raise DataError(
            f"{source}, column {name!r}: expected one dimension, found shape {array.shape}"
        )
    return array


def equal_lengths(columns: Iterable[tuple[str, npt.NDArray[np.generic]]], source: str) -> int:
    """The common length, or a DataError that names the column that differs."""
    first_name, length = "", -1
    for name, array in columns:
        if length < 0:
            first_name, length = name, len(array)
        elif len(array) != length:
            raise DataError(
                f"{source}: columns differ in length: {first_name!r} has {length} rows, "
                f"{name!r} has {len(array)}"
            )
    return length


def frozen(array: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    """A read-only view; the flags of `array` itself stay as they are."""
    view = array.view()
    view.setflags(write=False)
    return view


def _number(value: object, name: str, source: str) -> float:
    if value is None:
        return np.nan
    if isinstance(value, (Real, Decimal)) and not isinstance(value, bool):
        try:
            return float(value)
        except (OverflowError, ValueError) as error:
            raise DataError(
                f"{source}, column {name!r}: expected numbers within float64, "
                f"found {type(value).__name__}: {error}"
            ) from error
    kind = type(value).__name__
    if kind == "NAType":  # pandas.NA, in an object column
        return np.nan
    raise DataError(
        f"{source}, column {name!r}: expected numbers, found {kind} {value!r}; "
        "convert the column first"
    )
