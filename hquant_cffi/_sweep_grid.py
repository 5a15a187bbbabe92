"""Combinations of PARAMs: every one of some lists of values, or a list of their own."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from hquant_cffi._arguments import has_flags, listed
from hquant_cffi._errors import ParameterError
from hquant_cffi._param_range import VALUES_MAX
from hquant_cffi._sweep_params import check_names, check_values, values_of
from hquant_cffi._sweep_where import Columns, Where, condition
from hquant_cffi.strategy import Param

__all__ = ["Combinations", "Grid", "ParamValues", "combinations"]

#: Values of a PARAM: numbers, one number, or None for those of its range.
ParamValues: TypeAlias = "Sequence[float] | npt.ArrayLike | float | None"

#: Rows of values: mappings of names, a structured array, or a 2-D array with a column a PARAM.
Grid: TypeAlias = "Sequence[Mapping[str, float]] | npt.ArrayLike"

Floats: TypeAlias = npt.NDArray[np.float64]

_PIECE: Final = 65_536  # rows looked at in one go
_MOST: Final = 2**40  # at a microsecond each, two weeks
_MOST_ASKED: Final = 2**32  # that `where` is asked of, one by one


class Combinations(Protocol):
    """Rows of values, a column a PARAM in the strategy's order, made when they are asked for.

    `hand` rows after one another differ in one PARAM alone.
    """

    hand: int

    def __len__(self) -> int: ...

    def rows(self, start: int, stop: int) -> Floats: ...


class _Product:
    """Every combination of some values, those of the last PARAM changing fastest."""

    def __init__(self, values: Sequence[Floats]) -> None:
        self.values = values
        self.shape = tuple(map(len, values))
        self.hand = next((n for n in reversed(self.shape) if n > 1), 1)

    def __len__(self) -> int:
        return math.prod(self.shape)

    def rows(self, start: int, stop: int) -> Floats:
        return self.at(np.arange(start, stop))

    def at(self, indices: npt.NDArray[np.int64]) -> Floats:
        places = np.unravel_index(indices, self.shape)
        columns = [each[at] for each, at in zip(self.values, places, strict=True)]
        return np.column_stack(columns)


class _Chosen:
    """Those of a product that a condition keeps."""

    hand = 1

    def __init__(self, product: _Product, indices: npt.NDArray[np.int64]) -> None:
        self.product, self.indices = product, indices

    def __len__(self) -> int:
        return len(self.indices)

    def rows(self, start: int, stop: int) -> Floats:
        return self.product.at(self.indices[start:stop])


class _Listed:
    """Rows that were given."""

    hand = 1

    def __init__(self, matrix: Floats) -> None:
        self.matrix = matrix

    def __len__(self) -> int:
        return len(self.matrix)

    def rows(self, start: int, stop: int) -> Floats:
        return self.matrix[start:stop]


def combinations(
    declared: Sequence[Param],
    params: Mapping[str, ParamValues] | None,
    grid: Grid | None,
    where: Where | None,
) -> Combinations:
    """Return the combinations that are asked for, checked.

    Raises
    ------
    ParameterError
        None is left; a value is outside its PARAM's range (the message names the combination).
    NotFoundError
        A name is no PARAM of the strategy.
    """
    if params is not None and grid is not None:
        raise ParameterError("params and grid exclude each other; give one of them")
    if grid is not None:
        return _listed(declared, grid, where)
    product = _Product(values_of(declared, params))
    most = _MOST if where is None else _MOST_ASKED
    if len_of(product) > most:
        raise ParameterError(
            f"params: {_sizes(declared, product)} are {len_of(product):,} combinations, more than "
            f"the {most:,} that a sweep may have{' with where' if where is not None else ''}; "
            "draw some of them and give a grid"
        )
    if where is None:
        return product
    return _Chosen(product, _kept(product, declared, where))


def len_of(product: _Product) -> int:
    """Its length, which may be beyond what `len` can say."""
    return math.prod(product.shape)


def _sizes(declared: Sequence[Param], product: _Product) -> str:
    return " x ".join(
        f"{size:,} of {param.name}"
        for param, size in zip(declared, product.shape, strict=True)
        if size > 1
    )


def _kept(product: _Product, declared: Sequence[Param], where: Where) -> npt.NDArray[np.int64]:
    keeps = condition(where, [param.name for param in declared])
    total = len(product)
    parts = [
        start + np.flatnonzero(keeps(_columns(product.rows(start, stop), declared)))
        for start, stop in pieces(total, _PIECE)
    ]
    kept = np.concatenate(parts)
    if not len(kept):
        raise ParameterError(f"where: {where!r} drops all {total:,} combinations")
    return kept


def _columns(rows: Floats, declared: Sequence[Param]) -> Columns:
    return {param.name: rows[:, k] for k, param in enumerate(declared)}


def pieces(total: int, size: int) -> Iterator[tuple[int, int]]:
    """Start and end of each of some pieces that make up a total."""
    return ((start, min(start + size, total)) for start in range(0, total, size))


# ------------------------------------------------------------------------ lists


def _listed(declared: Sequence[Param], grid: Grid, where: Where | None) -> _Listed:
    matrix = _matrix(declared, grid)
    if not len(matrix):
        raise ParameterError("grid: expected at least one combination, found none")
    check_values(declared, matrix)
    if where is None:
        return _Listed(matrix)
    keeps = condition(where, [param.name for param in declared])
    kept = matrix[keeps(_columns(matrix, declared))]
    if not len(kept):
        raise ParameterError(f"where: {where!r} drops all {len(matrix):,} combinations")
    return _Listed(kept)


def _matrix(declared: Sequence[Param], grid: Any) -> Floats:
    if isinstance(grid, Mapping):
        raise ParameterError(
            "grid: expected a list of combinations, found a mapping; values to combine go to params"
        )
    grid = _of_frame(grid)
    if not isinstance(grid, np.ndarray):
        grid = listed("grid", grid, VALUES_MAX, "combinations, or an array of them")
        if any(isinstance(row, Mapping) for row in grid):
            return _of_mappings(declared, grid)
        for i, row in enumerate(grid):
            if isinstance(row, (list, tuple)) and has_flags(row):
                raise ParameterError(f"grid[{i}]: expected numbers, found {row!r:.100}")
    elif grid.dtype.names is not None:
        return _of_records(declared, grid)
    return _of_rows(declared, grid)


def _of_frame(grid: Any) -> Any:
    """The rows of a frame of pandas or polars or of an Arrow table; whatever else as it is."""
    rows = [name for name in ("to_records", "to_dicts", "to_pylist") if hasattr(grid, name)]
    names = rows and getattr(grid, "column_names", getattr(grid, "columns", None))
    if not rows or names is None or callable(names):
        return grid
    twice = [str(name) for name, count in Counter(names).items() if count > 1]
    if twice:
        raise ParameterError(f"grid: expected a column a PARAM, found several of {twice[0]!r}")
    if rows[0] == "to_records":
        return grid.to_records(index=False)
    return getattr(grid, rows[0])() if len(grid) <= VALUES_MAX else grid  # too many are refused


def _of_mappings(declared: Sequence[Param], grid: Sequence[Mapping[str, float]]) -> Floats:
    names = {param.name: k for k, param in enumerate(declared)}
    matrix = np.tile([param.value for param in declared], (len(grid), 1))
    for i, row in enumerate(grid):
        if not isinstance(row, Mapping):
            raise ParameterError(
                f"grid[{i}]: expected a mapping of PARAMs as the others are, "
                f"found {type(row).__name__}"
            )
        check_names(f"grid[{i}]", row, declared)
        for name, value in row.items():
            matrix[i, names[name]] = _number(f"grid[{i}][{name!r}]", value)
    return _floats(matrix)


def _number(where: str, value: object) -> float:
    try:
        if isinstance(value, (str, bytes, bool, np.bool_)):
            raise TypeError
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        raise ParameterError(f"{where}: expected a number, found {value!r}") from None


def _of_records(declared: Sequence[Param], grid: npt.NDArray[np.void]) -> Floats:
    assert grid.dtype.names is not None
    if grid.ndim != 1:
        raise ParameterError(f"grid: expected one dimension of records, found {grid.ndim}")
    check_names("grid", dict.fromkeys(grid.dtype.names), declared)
    columns = [
        grid[param.name] if param.name in grid.dtype.names else np.full(len(grid), param.value)
        for param in declared
    ]
    return _floats(np.column_stack([_floats(column) for column in columns]))


def _of_rows(declared: Sequence[Param], grid: Any) -> Floats:
    try:
        found = np.asarray(grid)
    except ValueError:  # rows of different lengths
        found = np.empty(())
    matrix = _floats(found)
    if matrix.size == 0 and matrix.ndim > 0 and not len(matrix):
        return np.empty((0, len(declared)))
    if matrix.ndim != 2 or matrix.shape[1] != len(declared):
        names = ", ".join(param.name for param in declared)
        raise ParameterError(
            f"grid: expected rows of {len(declared)} values ({names}), found an array of shape "
            f"{np.shape(matrix) if matrix.ndim else 'unknown'}"
        )
    return np.ascontiguousarray(matrix)


def _floats(values: npt.NDArray[Any]) -> Floats:
    if values.dtype.kind not in "iuf" and values.size:
        raise ParameterError(f"grid: expected numbers, found an array of type {values.dtype}")
    return values.astype(np.float64) + 0.0  # -0 is 0, as in backtest()
