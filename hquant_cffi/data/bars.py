"""Bars: the columns of a candle series, in the form that the C core reads without a copy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import cast

import numpy as np

from hquant_cffi._errors import DataError, ParameterError

from .arrays import FloatArray, IntArray, RawArray, frozen
from .names import FIELDS, OPTIONAL
from .validate import Checked, Place, RawRows, check, raise_if_bad


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Bars:
    """Candles as seven read-only columns of one length.

    Parameters
    ----------
    timestamp : (T,) array_like of int64 or datetime64
        Open times, milliseconds since the Unix epoch, UTC; strictly increasing.
    open, high, low, close : (T,) array_like of float64
        Prices, any unit. ``low <= open, close <= high``; may be negative.
    volume : (T,) array_like of float64
        Traded quantity, units of the base asset, >= 0.
    buy_volume : (T,) array_like of float64, optional
        The part of `volume` where the buyer was the taker, >= 0. None when it is not known.
    source : str, optional
        What error messages and reports call the data.
    skipped : int, optional
        Bad rows that the loader left out.
    skip_reasons : tuple of str, optional
        Why, one line a kind of fault.

    Raises
    ------
    DataError
        A column of another length or type, or a row that breaks a rule of this page.

    Notes
    -----
    Contiguous, aligned arrays of the named types are viewed, not copied; the views are read-only
    and keep the arrays alive, whose own flags stay as they are. Writing to such an array afterwards
    changes the bars. Other types and strided arrays are copied. ``bars[10:100]`` is a view too.
    """

    timestamp: IntArray
    open: FloatArray
    high: FloatArray
    low: FloatArray
    close: FloatArray
    volume: FloatArray
    buy_volume: FloatArray | None = None
    source: str = field(default="arrays", kw_only=True)
    skipped: int = field(default=0, kw_only=True)
    skip_reasons: tuple[str, ...] = field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        given = {name: cast(RawArray, getattr(self, name)) for name in FIELDS}
        present = {name: column for name, column in given.items() if column is not None}
        missing = [name for name in FIELDS if name not in present and name not in OPTIONAL]
        if missing:
            raise DataError(
                f"{self.source}, column {missing[0]!r}: expected an array, found None; "
                "only volume and buy_volume may be None"
            )
        checked = check(RawRows(present, Place(self.source, {})), time_unit="ms")
        raise_if_bad(checked)
        for name, column in _columns_of(checked).items():
            object.__setattr__(self, name, column)

    @classmethod
    def _from_checked(cls, checked: Checked) -> Bars:
        """The good rows of `checked`; the bad ones are counted."""
        if checked.clean:
            return cls._trusted(
                {"timestamp": checked.timestamp, **checked.values}, checked.place.source
            )
        columns, keep = _columns_of(checked), ~checked.bad
        kept = {
            name: column if column is None else column[keep] for name, column in columns.items()
        }
        return cls._trusted(
            kept, checked.place.source, int(np.count_nonzero(checked.bad)), checked.reasons()
        )

    @classmethod
    def _trusted(
        cls,
        columns: Mapping[str, RawArray | None],
        source: str,
        skipped: int = 0,
        skip_reasons: tuple[str, ...] = (),
    ) -> Bars:
        """Bars over columns that are known to keep the rules: no row is looked at."""
        bars = object.__new__(cls)
        for name in FIELDS:
            column = columns.get(name)
            object.__setattr__(bars, name, None if column is None else frozen(column))
        object.__setattr__(bars, "source", source)
        object.__setattr__(bars, "skipped", skipped)
        object.__setattr__(bars, "skip_reasons", skip_reasons)
        return bars

    @property
    def columns(self) -> Mapping[str, IntArray | FloatArray]:
        """Read-only mapping of the present columns by name, in the order of a bar's fields."""
        present = {name: getattr(self, name) for name in FIELDS}
        return MappingProxyType(
            {name: column for name, column in present.items() if column is not None}
        )

    @property
    def has_buy_volume(self) -> bool:
        """Whether the source told taker-buy volume."""
        return self.buy_volume is not None

    @property
    def period_ms(self) -> int | None:
        """Most common spacing of open times in ms, the smallest on a tie; None below two bars."""
        if len(self) < 2:
            return None
        spacings, counts = np.unique(np.diff(self.timestamp), return_counts=True)
        return int(spacings[np.argmax(counts)])

    def __len__(self) -> int:
        return len(self.timestamp)

    def __getitem__(self, rows: slice) -> Bars:
        """Consecutive bars, without a copy. Only slices with step 1."""
        if not isinstance(rows, slice):
            raise TypeError(
                f"Bars takes a slice such as bars[10:100], not {type(rows).__name__}; "
                "single values are in bars.close and the other columns"
            )
        if rows.step not in (None, 1):
            raise ParameterError(f"Bars: expected a slice with step 1, found step {rows.step}")
        columns = {name: column[rows] for name, column in self.columns.items()}
        return Bars._trusted(columns, self.source, self.skipped, self.skip_reasons)

    def __reduce__(self) -> tuple[object, ...]:
        return Bars._trusted, (dict(self.columns), self.source, self.skipped, self.skip_reasons)

    def __repr__(self) -> str:
        if not len(self):
            return f"<Bars: 0 bars, source {self.source!r}>"
        first, last = (
            str(np.datetime64(int(self.timestamp[i]), "ms")).removesuffix(".000") for i in (0, -1)
        )
        period = "" if self.period_ms is None else f", every {self.period_ms} ms"
        buy = ", with buy_volume" if self.has_buy_volume else ""
        skipped = f", {self.skipped} rows skipped" if self.skipped else ""
        span = f"{len(self)} bars, {first} .. {last} UTC{period}"
        return f"<Bars: {span}{buy}{skipped}, source {self.source!r}>"


def _columns_of(checked: Checked) -> dict[str, RawArray | None]:
    columns: dict[str, RawArray | None] = dict.fromkeys(FIELDS)
    columns["timestamp"] = frozen(checked.timestamp)
    for name, column in checked.values.items():
        columns[name] = frozen(column)
    return columns
