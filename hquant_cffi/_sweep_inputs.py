"""What a sweep is made from, read once: whole, or a stretch of its bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hquant_cffi._backtest_symbols import (
    by_symbol,
    finer_of,
    load_bars,
    names_of,
    strategies_of,
)
from hquant_cffi.strategy import Strategy

if TYPE_CHECKING:
    from hquant_cffi.data import Bars

__all__ = ["Inputs", "read_inputs"]


@dataclass(frozen=True)
class Inputs:
    """Bars, strategies, funding rates and finer bars by symbol; the other options as given."""

    names: tuple[str, ...] | None  # None: one symbol without a name
    bars: tuple[Bars, ...]
    strategies: tuple[Strategy | None, ...]
    funding: tuple[npt.NDArray[Any] | None, ...]
    finer: tuple[Bars | None, ...]
    options: Mapping[str, Any]

    @property
    def data(self) -> Any:
        """The bars, as `backtest` takes them."""
        return self._by_name(self.bars)

    @property
    def strategy(self) -> Any:
        """The strategies, as `backtest` takes them."""
        return self._by_name(self.strategies)

    @property
    def bytecode(self) -> Any:
        """The strategies as their bytes, which travel to other processes."""
        code = {id(each): each.bytecode for each in self.strategies if each is not None}
        return self._by_name([code.get(id(each)) for each in self.strategies])

    @property
    def all_options(self) -> dict[str, Any]:
        """Every option of the run, with the columns that belong to these bars."""
        return {
            **self.options,
            "funding": self._by_name(self.funding),
            "finer": self._by_name(self.finer),
        }

    def with_strategies(self, strategies: Sequence[Strategy | None]) -> Inputs:
        """Return the inputs with other strategies."""
        return replace(self, strategies=tuple(strategies))

    def only(self, keeps: Sequence[npt.NDArray[np.bool_]]) -> Inputs:
        """Return the inputs of the bars that are kept, a flag for each bar of each symbol.

        Finer bars stay with the bar that they are inside of.
        """
        bars = tuple(map(_kept, self.bars, keeps))
        funding = tuple(
            None if rates is None else rates[keep]
            for rates, keep in zip(self.funding, keeps, strict=True)
        )
        finer = tuple(map(_kept_finer, self.finer, self.bars, keeps))
        return replace(self, bars=bars, funding=funding, finer=finer)

    def _by_name(self, values: Sequence[Any]) -> Any:
        if self.names is None:
            return values[0]
        if all(value is None for value in values):
            return None
        return dict(zip(self.names, values, strict=True))


def _kept(bars: Bars, keep: npt.NDArray[np.bool_]) -> Bars:
    rows = np.flatnonzero(keep)
    if not len(rows):
        return bars[:0]
    if rows[-1] - rows[0] + 1 == len(rows):  # a stretch, which is a view
        return bars[int(rows[0]) : int(rows[-1]) + 1]
    from hquant_cffi.data import Bars

    columns: dict[str, Any] = {name: column[rows] for name, column in bars.columns.items()}
    return Bars(**columns, source=bars.source)


def _kept_finer(finer: Bars | None, bars: Bars, keep: npt.NDArray[np.bool_]) -> Bars | None:
    if finer is None:
        return None
    owner = np.searchsorted(bars.timestamp, finer.timestamp, "right") - 1
    return _kept(finer, (owner >= 0) & np.append(keep, False)[owner])


def read_inputs(data: Any, strategy: Any, options: Mapping[str, Any]) -> Inputs:
    """Read data and strategies once.

    Raises
    ------
    HQuantError
        As `backtest`.
    """
    names = names_of(data)
    rates = by_symbol("funding", options["funding"], names)
    return Inputs(
        names=names,
        bars=tuple(load_bars("data", data, names)),
        strategies=tuple(strategies_of(strategy, names)),
        funding=tuple(None if each is None else np.asarray(each) for each in rates),
        finer=tuple(finer_of(options["finer"], names)),
        options=options,
    )
