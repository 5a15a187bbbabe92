"""Folds of a walk-forward: which bars train, which test."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from hquant_cffi._errors import ParameterError
from hquant_cffi._levels import whole

if TYPE_CHECKING:
    from hquant_cffi.market import Period

__all__ = ["Fold", "Lengths", "Span", "folds_of", "lengths_of"]

#: A number of bars, or a time: a timedelta of any library, a Period, or a text such as ``"90d"``.
Span: TypeAlias = "int | str | timedelta | np.timedelta64 | Period"

Times = npt.NDArray[np.int64]

_UNITS: Final = {
    "ms": 1,
    "s": 1_000,
    "m": 60_000,
    "min": 60_000,
    "h": 3_600_000,
    "d": 86_400_000,
    "w": 604_800_000,
}
_TEXT: Final = re.compile(r"([0-9]{1,15}) *(ms|s|min|m|[hH]|[dD]|[wW])")
_MOST: Final = 2**62


class Lengths(NamedTuple):
    """Lengths of a walk-forward, all in one unit."""

    train: int
    test: int
    step: int
    purge: int
    embargo: int
    unit: Literal["bars", "ms"]


@dataclass(frozen=True)
class Fold:
    """Indices of steps; an end is the first that does not belong.

    Attributes
    ----------
    begin : int
        Where its bars begin.
    train_end : int
        The end of its training.
    test, end : int
        Where its test begins and ends.
    number : int
        Which fold it is, from 0.
    embargoed : (S,) ndarray of int64
        By step, the first fold behind whose test it is embargoed.
    """

    begin: int
    train_end: int
    test: int
    end: int
    number: int
    embargoed: npt.NDArray[np.int64]

    @property
    def keeps(self) -> npt.NDArray[np.bool_]:
        """Which steps train."""
        flags = np.zeros(len(self.embargoed), np.bool_)
        inside = slice(self.begin, self.train_end)
        flags[inside] = self.embargoed[inside] >= self.number
        return flags


def lengths_of(
    train: Span, test: Span, step: Span | None, purge: Span, embargo: Span
) -> Lengths:
    """Return the lengths in one unit, checked.

    Raises
    ------
    ParameterError
        A length that is none, bars among times, a purge that leaves no training, a step below the
        test, whose folds would overlap.
    """
    given = {"train": train, "test": test, "step": test if step is None else step}
    given |= {"purge": purge, "embargo": embargo}
    read = {name: _span(name, value) for name, value in given.items()}
    unit = read["train"][1]
    for name, (value, own) in read.items():
        if own != unit and value != 0:
            raise ParameterError(
                f"{name}: {given[name]!r} counts {_WORDS[own]}, and train={train!r} "
                f"{_WORDS[unit]}; give all lengths in bars, or all as times"
            )
    values = {name: value for name, (value, _) in read.items()}
    for name in ("train", "test", "step"):
        if values[name] == 0:
            raise ParameterError(f"{name}: expected more than 0, found {given[name]!r}")
    if values["step"] < values["test"]:
        raise ParameterError(
            f"step: expected at least test={test!r}, or the tests would overlap, found {step!r}"
        )
    if values["purge"] >= values["train"]:
        raise ParameterError(
            f"purge: expected less than train={train!r}, of which it leaves nothing, "
            f"found {purge!r}"
        )
    return Lengths(**values, unit=unit)


_WORDS: Final = {"bars": "bars", "ms": "time"}


def _span(name: str, value: object) -> tuple[int, Literal["bars", "ms"]]:
    from hquant_cffi.market import Period

    if isinstance(value, Period):
        return value.ms, "ms"
    if isinstance(value, np.timedelta64):
        return _ms(name, value), "ms"
    if isinstance(value, timedelta):
        return _ms(name, np.timedelta64(value)), "ms"
    if isinstance(value, str):
        found = _TEXT.fullmatch(value.strip())
        if found is None:
            raise ParameterError(
                f"{name}: expected a number of bars, a timedelta or a text such as '90d' "
                f"({', '.join(_UNITS)}), found {value!r}"
            )
        return int(found[1]) * _UNITS[found[2].lower()], "ms"
    return whole(name, value, 0, _MOST), "bars"


def _ms(name: str, value: np.timedelta64) -> int:
    try:
        ms = value.astype("timedelta64[ms]")
        is_whole = bool(ms == value)
    except (TypeError, ValueError, OverflowError):
        ms, is_whole = np.timedelta64(0, "ms"), False
    if np.isnat(ms) or not is_whole or int(ms.astype(np.int64)) < 0:
        raise ParameterError(f"{name}: expected a time of whole milliseconds, found {value!r}")
    return int(ms.astype(np.int64))


def folds_of(time: Times, lengths: Lengths, anchored: bool) -> list[Fold]:
    """Return the folds over steps at these times; only whole tests.

    Raises
    ------
    ParameterError
        The data are too short for one; a training or a test has no bar.
    """
    axis, end = _axis(time, lengths.unit)
    starts = range(0, end - lengths.train - lengths.test + 1, lengths.step)
    if not starts:
        needed = lengths.train + lengths.test
        raise ParameterError(
            f"train and test: expected at most the {_shown(end, lengths.unit)} of the data "
            f"together, found {_shown(needed, lengths.unit)}"
        )
    embargoed = _embargoed(axis, lengths)
    folds = []
    for number, start in enumerate(starts):
        test = start + lengths.train
        bounds = [0 if anchored else start, test - lengths.purge, test, test + lengths.test]
        begin, train_end, first, end = np.searchsorted(axis, bounds).tolist()
        folds.append(Fold(begin, train_end, first, end, number, embargoed))
        _check(folds[-1], time)
    return folds


def _axis(time: Times, unit: str) -> tuple[Times, int]:
    """What folds are measured on, from 0, and where the data end on it."""
    if unit == "bars":
        return np.arange(len(time)), len(time)
    if len(time) == 0:
        return time, 0
    spacings, counts = np.unique(np.diff(time), return_counts=True)
    last = int(spacings[np.argmax(counts)]) if len(spacings) else 0  # how long the last bar is
    return time - time[0], int(time[-1] - time[0]) + last


def _embargoed(axis: Times, lengths: Lengths) -> npt.NDArray[np.int64]:
    """Which fold's test is the first that a step stands behind, within the embargo; else none."""
    behind = axis - (lengths.train + lengths.test)  # the first fold's test ends at 0
    last = behind // lengths.step
    first = np.maximum((behind - lengths.embargo) // lengths.step + 1, 0)
    return np.where(first <= last, first, np.iinfo(np.int64).max)


def _check(fold: Fold, time: Times) -> None:
    if fold.test == fold.end:
        at = np.datetime64(int(time[min(fold.test, len(time) - 1)]), "ms")
        raise ParameterError(
            f"fold {fold.number}: its test has no bar; the next bar is that of {at} UTC; "
            "give a longer test"
        )
    if not fold.keeps.any():
        raise ParameterError(
            f"fold {fold.number}: purge and embargo leave no bar to train; make them shorter"
        )


def _shown(length: int, unit: str) -> str:
    return f"{length:,} bars" if unit == "bars" else f"{length / _UNITS['d']:,.4g} days"
