"""Kinds of arguments: flags, functions, mappings, lists. What is none is refused by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from inspect import iscoroutinefunction
from itertools import islice
from operator import length_hint
from typing import Any, TypeVar

import numpy as np

from hquant_cffi._errors import ParameterError

__all__ = ["flag", "function", "has_flags", "listed", "mapping"]

T = TypeVar("T")


def flag(name: str, value: object) -> bool:
    """Return a bool; ParameterError for anything else, which would be true or not by chance."""
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    raise ParameterError(f"{name}: expected True or False, found {value!r:.100}")


def has_flags(values: Iterable[object]) -> bool:
    """Tell whether any is a bool, which NumPy takes for a number among numbers."""
    return any(isinstance(value, (bool, np.bool_)) for value in values)


def function(name: str, value: Callable[..., T] | None) -> Callable[..., T] | None:
    """Return a function that answers at once, or None; TypeError for anything else."""
    if value is None:
        return None
    # Of an object, the call itself is asked: not whether there is one.
    its_call = getattr(value, "__call__", None)  # noqa: B004
    if iscoroutinefunction(value) or iscoroutinefunction(its_call):
        raise TypeError(f"{name}: expected a function that answers at once, found an async one")
    if callable(value):
        return value
    raise TypeError(f"{name}: expected a function or None, found {type(value).__name__}")


def mapping(name: str, value: Mapping[str, T] | None, what: str) -> Mapping[str, T]:
    """Return a mapping, an empty one for None; TypeError for anything else."""
    if value is None:
        return {}
    if isinstance(value, Mapping):
        return value
    raise TypeError(f"{name}: expected a mapping of {what}, found {type(value).__name__}")


def listed(name: str, value: Iterable[Any], most: int, what: str) -> list[Any]:
    """Return the items as a list.

    Raises
    ------
    ParameterError
        There are more than `most`; they are not read, nor those that never end.
    TypeError
        There are no items.
    """
    try:
        if not (hasattr(value, "__iter__") or hasattr(value, "__len__")):
            raise TypeError  # it can be asked for items, as a frame that is still to be made can
        rest = iter(value)
    except TypeError:  # of an array of no dimension, too
        kind = type(value).__name__
        raise TypeError(f"{name}: expected a list of {what}, found {kind}") from None
    try:
        count = length_hint(value)
    except OverflowError:  # more than a size can say
        count = most + 1
    items = list(islice(rest, most + 1)) if count <= most else []
    if max(count, len(items)) > most:
        raise ParameterError(f"{name}: expected at most {most:,} {what}, found more")
    return items
