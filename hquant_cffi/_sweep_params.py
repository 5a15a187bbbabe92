"""The PARAMs that a sweep is over: which there are, which values they take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import numpy as np
import numpy.typing as npt

from hquant_cffi._arguments import has_flags, listed
from hquant_cffi._errors import NotFoundError, ParameterError
from hquant_cffi._param_range import VALUES_MAX, range_count
from hquant_cffi.strategy import Param, Strategy

__all__ = ["check_names", "check_values", "declared_params", "values_of"]


def declared_params(
    strategies: Sequence[Strategy | None], symbols: Sequence[str]
) -> tuple[Param, ...]:
    """Return the PARAMs of the strategies, which are the same for all.

    Raises
    ------
    ParameterError
        There is no strategy, or it has no PARAM, or two have different ones.
    """
    known = [(name, each) for name, each in zip(symbols, strategies, strict=True) if each]
    if not known:
        raise ParameterError("strategy: expected one whose PARAMs to sweep, found none")
    first, strategy = known[0]
    declared = strategy.params
    for name, other in known[1:]:
        if other is not strategy and other.params != declared:
            raise ParameterError(
                "strategy: expected the same PARAMs (names, values and ranges, in one order) for "
                f"every symbol; {first!r} has {_shown(declared)}, {name!r} has "
                f"{_shown(other.params)}"
            )
    if not declared:
        raise ParameterError(
            "strategy: it has no PARAM, so there is nothing to sweep; "
            "write one such as PARAM fast = 10 IN 5..50 STEP 5"
        )
    return declared


def _shown(params: Iterable[Param]) -> str:
    return ", ".join(f"{each.name} = {each.value:g}" for each in params) or "none"


def check_names(where: str, given: Mapping[Any, object], declared: Sequence[Param]) -> None:
    """Refuse names that are no PARAM."""
    names = [param.name for param in declared]
    for name in given:
        if name in names:
            continue
        near = get_close_matches(str(name), names, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise NotFoundError(f"{where}: {name}: expected one of {', '.join(names)}{hint}")


def values_of(
    declared: Sequence[Param], given: Mapping[str, Any] | None
) -> list[npt.NDArray[np.float64]]:
    """Return the values of each PARAM: those given, its range's, or its own one.

    Without `given` every PARAM with a range takes the values of that range.

    Raises
    ------
    NotFoundError
        A name is no PARAM.
    ParameterError
        No values, or one that its PARAM does not allow.
    """
    if given is None:
        if all(param.minimum is None for param in declared):
            raise ParameterError(
                f"params: the strategy's PARAMs ({_shown(declared)}) have no range (IN lo..hi); "
                "say which values to try, such as params={" + f"'{declared[0].name}': [...]" + "}"
            )
        given = {param.name: None for param in declared if param.minimum is not None}
    if not isinstance(given, Mapping):
        raise ParameterError(
            f"params: expected a mapping of names to values, found {type(given).__name__}; "
            "a list of combinations goes to grid"
        )
    check_names("params", given, declared)
    if not given:
        raise ParameterError("params: expected the values of a PARAM at least, found none")
    return [
        _values(param, given[param.name]) if param.name in given else np.array([param.value])
        for param in declared
    ]


def _values(param: Param, given: Any) -> npt.NDArray[np.float64]:
    where = f"params[{param.name!r}]"
    if given is None:
        return _of_range(where, param)
    given = _array_like(where, given)
    if isinstance(given, list) and has_flags(given):
        raise ParameterError(f"{where}: expected numbers, found {given!r:.100}")
    try:
        values = np.atleast_1d(np.asarray(given))
    except ValueError as error:
        raise ParameterError(f"{where}: expected numbers: {error}") from None
    if values.size == 0:
        raise ParameterError(f"{where}: expected at least one value, found none")
    if values.ndim != 1 or values.dtype.kind not in "iuf":
        raise ParameterError(f"{where}: expected numbers, found {given!r:.100}")
    _check_count(where, len(values))
    column = values.astype(np.float64)
    bad = _refused(param, column)
    if bad.any():
        raise ParameterError(f"{where}: {_expected(param)}, found {column[np.argmax(bad)]:g}")
    return column + 0.0


def _array_like(where: str, given: Any) -> Any:
    """What NumPy would take for one object, a generator or a view of keys, as a list."""
    is_known = isinstance(given, (str, bytes)) or hasattr(given, "__array__")
    if is_known or not hasattr(given, "__iter__"):
        return given
    return listed(where, given, VALUES_MAX, "values")


def _of_range(where: str, param: Param) -> npt.NDArray[np.float64]:
    if param.minimum is None or param.maximum is None or param.step is None:
        raise ParameterError(f"{where}: None is its range, and it has none; give values")
    _check_count(where, range_count(param.minimum, param.maximum, param.step))
    return np.array(param.values())


def _check_count(where: str, count: int) -> None:
    if count > VALUES_MAX:
        raise ParameterError(f"{where}: expected at most {VALUES_MAX:,} values, found {count:,}")


def _refused(param: Param, column: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    low = -np.inf if param.minimum is None else param.minimum
    high = np.inf if param.maximum is None else param.maximum
    return ~((column >= low) & (column <= high) & np.isfinite(column))


def _expected(param: Param) -> str:
    if param.minimum is None:
        return "expected a finite number"
    return f"expected {param.minimum:g}..{param.maximum:g}"


def check_values(declared: Sequence[Param], matrix: npt.NDArray[np.float64]) -> None:
    """Refuse rows with a value that its PARAM does not allow."""
    for k, param in enumerate(declared):
        bad = _refused(param, matrix[:, k])
        if bad.any():
            i = int(np.argmax(bad))
            row = ", ".join(f"{p.name}={v:g}" for p, v in zip(declared, matrix[i], strict=True))
            raise ParameterError(
                f"grid[{i}] ({row}): param {param.name}: {_expected(param)}, "
                f"found {matrix[i, k]:g}"
            )
