"""Orders of the caller's own, for `hquant_cffi.backtest`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from hquant_cffi._errors import ParameterError
from hquant_cffi._ffi import ffi, lib
from hquant_cffi._levels import (
    Distance,
    Size,
    SizeUnit,
    choice,
    level_of,
    number,
    size_of,
    whole,
)

__all__ = ["Order", "order_array"]

_TYPES: Final[dict[str, int]] = {
    "market": lib.HQ_ORDER_MARKET,
    "limit": lib.HQ_ORDER_LIMIT,
    "stop": lib.HQ_ORDER_STOP,
    "stop_limit": lib.HQ_ORDER_STOP_LIMIT,
}
_SIDES: Final[dict[str, int]] = {"buy": 1, "sell": -1}


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """An order that is given after the close of a bar and works from the next one on.

    Attributes
    ----------
    bar : int
        Index of the bar after whose close it is given; -1: before the first.
    side : {"buy", "sell"}
    size : float, str or None, optional
        A number > 0 in `size_unit`, ``"50%"`` of equity, or None: all that cash affords, and with
        `reduce_only` the whole position.
    size_unit : {"units", "notional", "equity", "margin"}, optional
        What `size` counts.
    type : {"market", "limit", "stop", "stop_limit"}, optional
    price : float, optional
        Of a limit or a stop-limit, quote currency, > 0.
    stop_price : float, optional
        Of a stop or a stop-limit, quote currency, > 0.
    symbol : str, optional
        Which symbol; needed where a run has several.
    reduce_only : bool, optional
        Whether it may close but never open.
    oco : int, optional
        Above 0: a group of orders, of which the first that is filled cancels the others. Groups are
        numbered 1..(number of orders).
    bars : int, optional
        Bars it works for; 0: until it is done.
    stop, target, trail : float, str or None, optional
        Levels of the position that it opens (a bracket): a distance in price, or ``"3%"`` of the
        fill price.
    """

    bar: int
    side: Literal["buy", "sell"]
    size: Size = None
    size_unit: SizeUnit = "units"
    type: Literal["market", "limit", "stop", "stop_limit"] = "market"
    price: float | None = None
    stop_price: float | None = None
    symbol: str | None = None
    reduce_only: bool = False
    oco: int = 0
    bars: int = 0
    stop: Distance = None
    target: Distance = None
    trail: Distance = None


def _price(name: str, value: float | None, wanted: bool, kind: str) -> float:
    if not wanted and value is not None:
        raise ParameterError(f"{name}: a {kind} order has none, found {value!r}")
    if not wanted:
        return 0.0
    if value is None:
        raise ParameterError(f"{name}: a {kind} order needs one, found None")
    found = number(name, value)
    if not 0 < found <= 1e100:
        raise ParameterError(f"{name}: expected more than 0 and at most 1e100, found {value!r}")
    return found


def _symbol(name: str, symbol: str | None, symbols: Sequence[str]) -> int:
    if symbol is None and len(symbols) == 1:
        return 0
    if symbol not in symbols or symbol == "":
        known = ", ".join(filter(None, symbols)) or "None (the data has one symbol, without a name)"
        raise ParameterError(f"{name}: expected one of {known}, found {symbol!r}")
    return symbols.index(symbol)


def _fill(entry: Any, order: Order, prefix: str, symbols: Sequence[str]) -> None:
    kind = order.type
    entry.type = choice(f"{prefix}type", kind, _TYPES)
    entry.side = choice(f"{prefix}side", order.side, _SIDES)
    entry.bar = whole(f"{prefix}bar", order.bar, -1, 2**62)
    entry.symbol = _symbol(f"{prefix}symbol", order.symbol, symbols)
    entry.bars = whole(f"{prefix}bars", order.bars, 0, 2**32 - 1)
    entry.oco = whole(f"{prefix}oco", order.oco, 0, 2**32 - 1)
    if not isinstance(order.reduce_only, (bool, np.bool_)):
        raise ParameterError(
            f"{prefix}reduce_only: expected True or False, found {order.reduce_only!r}"
        )
    entry.reduce_only = bool(order.reduce_only)
    entry.size, entry.size_unit = size_of(order.size, order.size_unit, prefix)
    is_limit, is_stop = kind in ("limit", "stop_limit"), kind in ("stop", "stop_limit")
    entry.price = _price(f"{prefix}price", order.price, is_limit, kind)
    entry.stop_price = _price(f"{prefix}stop_price", order.stop_price, is_stop, kind)
    for name in ("stop", "target", "trail"):
        value, unit = level_of(prefix + name, getattr(order, name))
        setattr(entry, name, value)
        setattr(entry, f"{name}_unit", unit)


def order_array(orders: Sequence[Order], symbols: Sequence[str]) -> Any:
    """Return orders as an ``HqOrder[]``.

    Raises
    ------
    ParameterError
        A field that is out of range; the message names the order by its place in `orders`.
    """
    if isinstance(orders, (Order, Mapping)) or not isinstance(orders, Sequence):
        raise TypeError(f"orders: expected a list of Order, found {type(orders).__name__}")
    entries = ffi.new("HqOrder[]", len(orders))
    for i, order in enumerate(orders):
        if not isinstance(order, Order):
            raise TypeError(f"orders[{i}]: expected an Order, found {type(order).__name__}")
        _fill(entries[i], order, f"orders[{i}].", symbols)
    return entries
