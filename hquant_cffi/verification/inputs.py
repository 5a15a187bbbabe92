"""What a run is made from, read once: run whole, and cut after a moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hquant_cffi._backtest_symbols import by_symbol, names_of, strategies_of
from hquant_cffi.backtest import backtest
from hquant_cffi.orders import Order
from hquant_cffi.strategy import Strategy

if TYPE_CHECKING:
    from hquant_cffi._backtest_report import BacktestReport
    from hquant_cffi.data import Bars

__all__ = ["Inputs", "read_inputs"]

# What has a value for each bar, or bars of its own.
_COLUMNS = ("signals", "funding", "finer")


@dataclass(frozen=True)
class Inputs:
    """Bars, strategies and columns by symbol; orders; the other options as they were given."""

    names: tuple[str, ...] | None  # None: one symbol without a name
    bars: tuple[Bars, ...]
    strategies: tuple[Strategy | None, ...]
    columns: Mapping[str, tuple[Any, ...]]
    orders: tuple[Order, ...]
    has_list: bool  # whether a list of orders was given, were it an empty one
    options: Mapping[str, Any]

    @property
    def shown_names(self) -> tuple[str, ...]:
        """The names in messages: empty for one symbol."""
        return self.names or ("",)

    def run(self, **others: Any) -> BacktestReport:
        """Run it, with the curves that the laws are about."""
        given = {name: self._by_name(values) for name, values in self.columns.items()}
        options = {**self.options, **given, "curves": ("position", "margin"), **others}
        return backtest(
            self._by_name(self.bars),
            self._by_name(self.strategies),
            orders=self.orders if self.has_list else None,
            **options,
        )

    def with_strategies(self, strategies: Sequence[Any]) -> Inputs:
        """The same with other strategies, in whatever form."""
        return replace(self, strategies=tuple(strategies))

    def cut(self, time: int) -> tuple[Inputs, npt.NDArray[np.int64]]:
        """Return what was known at the close of the bars of a moment; and which orders are left."""
        lengths = [int(np.searchsorted(bars.timestamp, time, "right")) for bars in self.bars]
        orders, kept = self._orders_before(lengths)
        columns = {
            name: tuple(map(_cut_column, values, self.bars, lengths))
            for name, values in self.columns.items()
        }
        bars = tuple(bars[:length] for bars, length in zip(self.bars, lengths, strict=True))
        return replace(self, bars=bars, columns=columns, orders=orders), kept

    def _orders_before(
        self, lengths: Sequence[int]
    ) -> tuple[tuple[Order, ...], npt.NDArray[np.int64]]:
        kept = [
            i for i, order in enumerate(self.orders) if order.bar < lengths[self.symbol_of(order)]
        ]
        groups: dict[int, int] = {0: 0}  # numbered anew: no more groups than orders
        orders = tuple(
            replace(order, oco=groups.setdefault(order.oco, len(groups)))
            for order in (self.orders[i] for i in kept)
        )
        return orders, np.array(kept, dtype=np.int64)

    def symbol_of(self, order: Order) -> int:
        """Index of an order's symbol."""
        return 0 if order.symbol is None or self.names is None else self.names.index(order.symbol)

    def _by_name(self, values: Sequence[Any]) -> Any:
        if self.names is None:
            return values[0]
        if all(value is None for value in values):
            return None
        return dict(zip(self.names, values, strict=True))


def _cut_column(column: Any, bars: Bars, length: int) -> Any:
    """Cut a column after a number of bars; finer bars before the first bar that is cut off."""
    if column is None or length == len(bars):
        return column
    timestamp = getattr(column, "timestamp", None)
    if timestamp is not None:
        length = int(np.searchsorted(timestamp, bars.timestamp[length], "left"))
    return column[:length]


def read_inputs(data: Any, strategy: Any, options: Mapping[str, Any]) -> Inputs:
    """Read data and strategies once.

    Raises
    ------
    DataError, CompileError, ProgramError, OSError
        As `backtest`.
    """
    from hquant_cffi.data import load  # here: who streams needs no loaders

    names = names_of(data)
    sources = [data] if names is None else [data[name] for name in names]
    rest = dict(options)
    columns = {name: tuple(by_symbol(name, rest.pop(name, None), names)) for name in _COLUMNS}
    columns["finer"] = tuple(each if each is None else load(each) for each in columns["finer"])
    for name in ("signals", "funding"):
        columns[name] = tuple(
            each if each is None else np.asarray(each) for each in columns[name]
        )
    orders = rest.pop("orders", None)
    return Inputs(
        names=names,
        bars=tuple(map(load, sources)),
        strategies=tuple(strategies_of(strategy, names)),
        columns=columns,
        orders=tuple(orders or ()),
        has_list=orders is not None,
        options=rest,
    )
