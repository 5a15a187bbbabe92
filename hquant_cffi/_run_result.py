"""What a block run found: signals by bar, series and indicators."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from hquant_cffi._records import Column, Words
from hquant_cffi._tables import arrow_table, pandas_frame, polars_frame

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from hquant_cffi.data import Bars

__all__ = ["Floats", "RunResult", "Values"]

Floats: TypeAlias = npt.NDArray[np.float64]

#: A column; of an indicator with several outputs a named tuple of them.
Values: TypeAlias = "Floats | tuple[Floats, ...]"

#: What the numbers in `RunResult.actions` mean, and which way each trades.
_ACTIONS: Final = ("", "BUY", "SELL", "HOLD")
_SIDES: Final = np.array([0, 1, -1, 0], np.int8)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class RunResult:
    """What `run` found, a value a bar.

    Attributes
    ----------
    bars : Bars
        The candles.
    actions : (T,) ndarray of uint8
        The signal at each bar's close: 0 none, 1 buy, 2 sell, 3 hold.
    rules : (T,) ndarray of int16
        The rule that it is of, from 0; -1 where there is none.
    rule_lines : tuple of int
        Where each rule stands in the strategy's text, from 1.
    series : dict of str to ndarray
        Names of the strategy that were asked for, (T,) float64: NaN where unknown; of a condition
        1 true, 0 false. Of an indicator with several outputs the named tuple that its function
        in `hquant_cffi.indicators` returns.
    indicators : dict of str to ndarray
        The expressions that were asked for, as `series`.
    warmup_bars : int
        Bars before the first on which a rule's condition was known; 0 without rules.
    buy_signals, sell_signals, hold_signals : int
        How many of each action.
    """

    bars: Bars
    actions: npt.NDArray[np.uint8]
    rules: npt.NDArray[np.int16]
    rule_lines: tuple[int, ...]
    series: dict[str, Any]
    indicators: dict[str, Any]
    warmup_bars: int
    buy_signals: int
    sell_signals: int
    hold_signals: int

    @cached_property
    def signals(self) -> npt.NDArray[np.int8]:
        """(T,) ndarray of int8: 1 buy, -1 sell, 0 none or hold, as `backtest` takes them."""
        return _SIDES[self.actions]

    @property
    def time(self) -> npt.NDArray[np.int64]:
        """(T,) ndarray of int64: open times of the bars, ms."""
        return self.bars.timestamp

    # ------------------------------------------------------------------ tables

    def columns(self) -> dict[str, npt.NDArray[Any]]:
        """Return everything as columns by name, a row a bar, without another library.

        Returns
        -------
        dict of str to ndarray
            ``time`` (datetime64[ms], UTC); of a run with rules ``action`` ("BUY", "SELL", "HOLD",
            or "" for none) and ``rule``; then series and indicators, those with several outputs
            as ``name.output``.
        """
        return {
            name: column.texts() if isinstance(column, Words) else column
            for name, column in self._columns()
        }

    def to_pandas(self) -> pd.DataFrame:
        """Return the table of `columns` for pandas, indexed by time, in the zone UTC.

        Raises
        ------
        UnsupportedError
            pandas is not installed.
        """
        return pandas_frame(dict(self._columns())).set_index("time")

    def to_polars(self) -> pl.DataFrame:
        """Return the table of `columns` for polars.

        Raises
        ------
        UnsupportedError
            polars is not installed.
        """
        return polars_frame(dict(self._columns()))

    def to_arrow(self) -> pa.Table:
        """Return the table of `columns` for pyarrow.

        Raises
        ------
        UnsupportedError
            pyarrow is not installed.
        """
        return arrow_table(dict(self._columns()))

    def _columns(self) -> Iterator[tuple[str, Column]]:
        yield "time", self.time.astype("datetime64[ms]")
        if self.rule_lines:
            yield "action", Words(self.actions.astype(np.int32), _ACTIONS)
            yield "rule", self.rules
        for name, values in [*self.series.items(), *self.indicators.items()]:
            if isinstance(values, tuple):
                for output in values._fields:  # type: ignore[attr-defined]  # a named tuple
                    yield f"{name}.{output}", getattr(values, output)
            else:
                yield name, values

    def __repr__(self) -> str:
        names = [*self.series, *self.indicators]
        with_names = f", with {', '.join(names)}" if names else ""
        return (
            f"<RunResult: {len(self.bars)} bars, {self.buy_signals} buy, "
            f"{self.sell_signals} sell, {self.hold_signals} hold{with_names}>"
        )
