"""The options of `backtest` that a run of many combinations takes, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Any, Final, Literal, TypedDict

import numpy.typing as npt

from hquant_cffi._backtest_options import (
    BadBars,
    Fill,
    Intrabar,
    MarginTier,
    Position,
    Sides,
    Unaffordable,
)
from hquant_cffi._levels import Distance, Size, SizeUnit
from hquant_cffi._timeframes import BarPeriod, Htf
from hquant_cffi.backtest import backtest

if TYPE_CHECKING:
    from hquant_cffi.data.load import Source

__all__ = ["RunOptions", "all_options"]


class RunOptions(TypedDict, total=False):
    """Keyword arguments of `backtest`, with the same meaning."""

    capital: float
    leverage: float
    contract_size: float
    fee: float
    maker_fee: float | None
    fee_per_unit: float
    slippage: float
    slippage_ticks: float
    slippage_random: float
    slippage_seed: int
    funding: npt.ArrayLike | Mapping[str, npt.ArrayLike] | None
    funding_interval: BarPeriod
    funding_missing: Literal["error", "zero"] | float
    maintenance_margin: float
    margin_tiers: Sequence[MarginTier] | None
    fill: Fill
    limit_offset: float
    limit_bars: int
    intrabar: Intrabar
    finer: Source | Mapping[str, Source] | None
    sides: Sides
    position: Position
    pyramiding: int
    size: Size
    size_unit: SizeUnit
    stop: Distance
    target: Distance
    trail: Distance
    tick_size: float | Mapping[str, float]
    lot_size: float | Mapping[str, float]
    min_quantity: float | Mapping[str, float]
    min_notional: float | Mapping[str, float]
    unaffordable: Unaffordable
    bad_bars: BadBars
    htf: Htf
    bar_period: BarPeriod


_DEFAULTS: Final[dict[str, Any]] = {
    name: parameter.default
    for name, parameter in signature(backtest).parameters.items()
    if parameter.kind is Parameter.KEYWORD_ONLY and name in RunOptions.__annotations__
}

_INSTEAD: Final[dict[str, str]] = {
    "signals": "signals have no PARAMs; give a strategy",
    "orders": "orders are of one backtest and have no PARAMs; give a strategy",
    "curves": "it keeps no curve but equity",
    "top": "each fold keeps the best; top is an option of sweep()",
    "metrics": "ask its result for them; metrics is an option of sweep()",
}

#: What other libraries call options.
_CALLED: Final[dict[str, str]] = {
    "cash": "capital",
    "init_cash": "capital",
    "initial_capital": "capital",
    "commission": "fee",
    "take_profit": "target",
    "stop_loss": "stop",
}


def all_options(who: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return every option of the run, `backtest`'s defaults for those that are not given.

    Raises
    ------
    TypeError
        There is no such option.
    """
    for name in options:
        if name in _INSTEAD:
            raise TypeError(f"{who}() takes no {name!r}: {_INSTEAD[name]}")
        if name not in _DEFAULTS:
            near = get_close_matches(name, (*_DEFAULTS, *_CALLED), 1)
            hint = f"; did you mean {_CALLED.get(near[0], near[0])!r}?" if near else ""
            raise TypeError(f"{who}() got an unexpected option {name!r}{hint}")
    return {**_DEFAULTS, **options, "params": None}
