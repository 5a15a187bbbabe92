"""Trades and fills of a backtest: their layout, and as columns that people read."""

from __future__ import annotations

from typing import Any, Final, Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = [
    "FILL_DTYPE",
    "REASONS",
    "REJECTS",
    "TRADE_DTYPE",
    "Column",
    "Table",
    "Words",
    "record_columns",
]

#: Which table of a report.
Table: TypeAlias = Literal["curves", "trades", "fills"]


def _dtype(fields: list[tuple[str, str]], itemsize: int) -> np.dtype[np.void]:
    names, formats = [name for name, _ in fields], [kind for _, kind in fields]
    sizes = [np.dtype(kind).itemsize for kind in formats]
    offsets = [sum(sizes[:i]) for i in range(len(sizes))]
    return np.dtype(
        {"names": names, "formats": formats, "offsets": offsets, "itemsize": itemsize}
    )


#: One position from flat to flat, the C struct HqTrade: times in ms, prices and money in quote
#: currency, quantity in base asset units, side +1 long or -1 short, reasons as in `REASONS`.
TRADE_DTYPE: Final = _dtype(
    [
        ("entry_time", "i8"),
        ("exit_time", "i8"),
        ("entry_bar", "u8"),
        ("exit_bar", "u8"),
        ("bars_held", "u8"),
        ("entry_price", "f8"),
        ("exit_price", "f8"),
        ("quantity", "f8"),
        ("pnl", "f8"),
        ("fees", "f8"),
        ("funding", "f8"),
        ("margin", "f8"),
        ("risk", "f8"),
        ("r_multiple", "f8"),
        ("mae", "f8"),
        ("mfe", "f8"),
        ("entries", "u8"),
        ("symbol", "u4"),
        ("side", "i1"),
        ("entry_reason", "u1"),
        ("exit_reason", "u1"),
    ],
    144,
)

#: One execution, the C struct HqFill: `order` is an index in the caller's list or -1, `position`
#: what the symbol holds afterwards, side +1 bought or -1 sold.
FILL_DTYPE: Final = _dtype(
    [
        ("time", "i8"),
        ("bar", "u8"),
        ("order", "i8"),
        ("price", "f8"),
        ("quantity", "f8"),
        ("fee", "f8"),
        ("pnl", "f8"),
        ("position", "f8"),
        ("symbol", "u4"),
        ("side", "i1"),
        ("reason", "u1"),
        ("is_maker", "u1"),
        ("is_opening", "u1"),
    ],
    72,
)

#: Names of the numbers in `entry_reason`, `exit_reason` and `reason`.
REASONS: Final = ("open", "signal", "liquidation", "stop", "target", "trail", "order")

#: Names of the reasons for which orders are rejected, in the order of the C report.
REJECTS: Final = (
    "clause",
    "liquidated",
    "cash",
    "min_size",
    "leverage",
    "side",
    "reduce_only",
    "max_size",
)

_SIDES: Final[dict[str, tuple[str, str]]] = {"trades": ("short", "long"), "fills": ("sell", "buy")}


class Words(NamedTuple):
    """A column of words: `codes` are indices in `words`."""

    codes: npt.NDArray[np.int32]
    words: tuple[str, ...]

    def texts(self) -> npt.NDArray[np.object_]:
        """Return the words themselves."""
        return np.array(self.words, dtype=object).take(self.codes)


#: A column of a table; times are datetime64[ms], UTC.
Column: TypeAlias = npt.NDArray[Any] | Words


def record_columns(
    records: npt.NDArray[np.void], table: Table, symbols: tuple[str, ...]
) -> dict[str, Column]:
    """Return trades or fills as columns that people read: times, and words for numbers."""
    names = records.dtype.names or ()
    return {name: _column(name, records[name], _SIDES[table], symbols) for name in names}


def _column(
    name: str, column: npt.NDArray[Any], sides: tuple[str, ...], symbols: tuple[str, ...]
) -> Column:
    if name.endswith("time"):
        return column.astype("datetime64[ms]")
    if name == "symbol":
        return Words(column.astype(np.int32), symbols)
    if name == "side":
        return Words((column > 0).astype(np.int32), sides)
    if name.endswith("reason"):
        return Words(column.astype(np.int32), REASONS)
    if name.startswith("is_"):
        return column.astype(np.bool_)
    return np.ascontiguousarray(column)
