"""The symbols of a backtest: data, strategies, signals, venue rules; one or several by name."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hquant_cffi._arguments import mapping
from hquant_cffi._columns import bars_struct
from hquant_cffi._errors import NotFoundError, ParameterError
from hquant_cffi._ffi import ffi, lib
from hquant_cffi._levels import number
from hquant_cffi.strategy import Strategy

if TYPE_CHECKING:
    from hquant_cffi.data import Bars

__all__ = [
    "Symbols",
    "by_symbol",
    "finer_of",
    "load_bars",
    "names_of",
    "read_symbols",
    "strategies_of",
    "strategy_of",
]

#: Rules of a venue, a number for all symbols or by name.
_RULES: Final = ("tick_size", "lot_size", "min_quantity", "min_notional")

_ENTRIES: Final = ffi.typeof("HqSymbol[]")
# Copied, which is sooner done than a call a symbol.
_blank_symbol: Final = ffi.new("HqSymbol *")
lib.hq_symbol_init(_blank_symbol)

_CLOSE: Final = {"close", "c"}  # what the loaders know as the column of closes


@dataclass
class Symbols:
    """Symbols in their order, as C reads them; a single one without a name is called ""."""

    names: tuple[str, ...]
    bars: list[Bars]
    array: Any
    kept: list[object] = field(default_factory=list)  # what `array` points into

    @property
    def length(self) -> int:
        """Bars of all symbols."""
        return sum(map(len, self.bars))


def read_symbols(data: Any, strategy: Any, signals: Any, given: Mapping[str, Any]) -> Symbols:
    """Return the symbols of a run.

    Raises
    ------
    ParameterError
        A name that is none of the symbols; a column of another length; contradicting options.
    NotFoundError
        A name in `params` that is no PARAM of any strategy.
    """
    names = names_of(data)
    bars = load_bars("data", data, names)
    given_signals = by_symbol("signals", signals, names)
    given_rates = by_symbol("funding", given["funding"], names)
    rules = [(name, _rule(name, given[name], names)) for name in _RULES if not _is_off(given[name])]
    symbols = Symbols(names or ("",), bars, ffi.new(_ENTRIES, len(bars)))
    for i, (label, entry_bars) in enumerate(zip(_labels(names), bars, strict=True)):
        symbols.array[i] = _blank_symbol[0]
        entry = symbols.array[i]
        entry.bars = _kept(symbols, bars_struct(entry_bars))
        if given_signals[i] is not None:
            column = _signals(f"signals{label}", given_signals[i], len(entry_bars))
            entry.signals = _kept(symbols, ffi.from_buffer("int8_t[]", column))
        if given_rates[i] is not None:
            rates = _column(f"funding{label}", given_rates[i], len(entry_bars))
            rates = np.ascontiguousarray(rates, np.float64)
            entry.funding_rate = _kept(symbols, ffi.from_buffer("double[]", rates))
        for name, values in rules:
            setattr(entry, name, values[i])
    params = mapping("params", given["params"], "PARAMs")
    _attach_strategies(symbols, strategies_of(strategy, names), params)
    if given["finer"] is not None:
        _attach_finer(symbols, given["finer"], names)
    return symbols


def _kept(symbols: Symbols, pointer: Any) -> Any:
    """Return a pointer, which owns or views memory that must outlive the run."""
    symbols.kept.append(pointer)
    return pointer


# ------------------------------------------------------------------------ names


def names_of(data: object) -> tuple[str, ...] | None:
    """Return the symbols' names where data is a mapping of them; None for one symbol.

    A mapping of columns (``{"open": ...}``) is one symbol.
    """
    if isinstance(data, (list, tuple)):
        raise ParameterError(
            "data: several symbols are a mapping of their names, such as "
            f'{{"BTC": ..., "ETH": ...}}; found a {type(data).__name__}'
        )
    if not isinstance(data, Mapping):
        return None
    if not data:
        raise ParameterError("data: expected at least one symbol, found an empty mapping")
    is_columns = any(isinstance(name, str) and name.lower() in _CLOSE for name in data)
    if is_columns and not any(map(_is_table, data.values())):
        return None
    for name in data:
        if not isinstance(name, str) or not name:
            raise ParameterError(f"data: expected names of symbols, found {name!r}")
    return tuple(data)


def _is_table(value: object) -> bool:
    """Whether a value of a mapping is a whole series of candles, and no column."""
    if isinstance(value, np.ndarray):
        return value.dtype.names is not None
    from hquant_cffi.data import Bars

    return isinstance(value, (str, os.PathLike, Bars, Mapping)) or hasattr(value, "columns")


def _labels(names: tuple[str, ...] | None) -> tuple[str, ...]:
    """Return what messages write behind an option's name, such as ``['BTC']``."""
    return ("",) if names is None else tuple(f"[{name!r}]" for name in names)


def by_symbol(option: str, value: object, names: tuple[str, ...] | None) -> Sequence[Any]:
    """Return an option's value for each symbol: from a mapping by name, or the same for all."""
    if value is None or not isinstance(value, Mapping):
        return [value] * len(names or ("",))
    if names is None:
        raise ParameterError(
            f"{option}: a mapping needs symbols with names; give data as a mapping, too"
        )
    unknown = [str(name) for name in value if name not in names]
    if unknown:
        raise ParameterError(
            f"{option}: expected symbols among {', '.join(names)}, found {', '.join(unknown)}"
        )
    return [value.get(name) for name in names]


def _is_off(rule: object) -> bool:
    """Whether there is no such rule, as ``hq_symbol_init()`` leaves it."""
    return type(rule) is float and rule == 0


def _rule(option: str, value: object, names: tuple[str, ...] | None) -> list[float]:
    found = by_symbol(option, value, names)
    if isinstance(value, Mapping):
        missing = [name for name in names or () if name not in value]
        if missing:
            raise ParameterError(
                f"{option}: expected a number for each symbol, found none for "
                f"{', '.join(missing)}; 0 is no rule"
            )
    return [
        number(f"{option}{label if isinstance(value, Mapping) else ''}", each)
        for label, each in zip(_labels(names), found, strict=True)
    ]


# ------------------------------------------------------------------------- bars


def load_bars(option: str, source: Any, names: tuple[str, ...] | None) -> list[Bars]:
    """Return each symbol's bars, from a source or from a mapping of names to them."""
    if names is None:
        return [_loaded(option, source)]
    sources = [source[name] for name in names]
    return [
        _loaded(option + label, each) for label, each in zip(_labels(names), sources, strict=True)
    ]


def _loaded(where: str, source: Any) -> Bars:
    from hquant_cffi.data import Bars, load  # here: who streams needs no loaders

    if isinstance(source, Bars):
        return source
    try:
        return load(source)
    except ParameterError as error:  # such as a source of another type
        raise ParameterError(f"{where}: {error}") from None


def finer_of(finer: Any, names: tuple[str, ...] | None) -> list[Bars | None]:
    """Return each symbol's finer bars, None where there are none."""
    if isinstance(finer, Mapping) and names is not None:
        sources = list(by_symbol("finer", finer, names))
    elif finer is None or len(names or ("",)) == 1:
        sources = [finer] * len(names or ("",))
    else:
        raise ParameterError("finer: several symbols need a mapping of their names to finer bars")
    return [
        None if each is None else _loaded("finer" + label, each)
        for label, each in zip(_labels(names), sources, strict=True)
    ]


def _attach_finer(symbols: Symbols, finer: Any, names: tuple[str, ...] | None) -> None:
    for i, bars in enumerate(finer_of(finer, names)):
        if bars is not None:
            symbols.kept.append(bars)
            symbols.array[i].finer = _kept(symbols, bars_struct(bars))


# -------------------------------------------------------------------- strategies


def strategy_of(strategy: object) -> Strategy:
    """Return whatever stands for a strategy as one."""
    if isinstance(strategy, Strategy):
        return strategy
    if isinstance(strategy, (bytes, bytearray, memoryview)):
        return Strategy.from_bytecode(strategy)
    if isinstance(strategy, os.PathLike):
        return Strategy.load(strategy)
    if not isinstance(strategy, str):
        raise TypeError(
            "strategy: expected text, the path of a .hq or .hqbc file, bytes or a Strategy, "
            f"found {type(strategy).__name__}"
        )
    if "\n" not in strategy and strategy.endswith((".hq", ".hqbc")):
        return Strategy.load(strategy)
    return Strategy.compile(strategy)


def strategies_of(strategy: object, names: tuple[str, ...] | None) -> list[Strategy | None]:
    """Return each symbol's strategy; what several share is compiled once."""
    compiled: dict[int, Strategy] = {}

    def once(given: object) -> Strategy | None:
        if given is None:
            return None
        if id(given) not in compiled:
            compiled[id(given)] = strategy_of(given)
        return compiled[id(given)]

    return [once(each) for each in by_symbol("strategy", strategy, names)]


def _attach_strategies(
    symbols: Symbols, strategies: Sequence[Strategy | None], params: Mapping[str, float]
) -> None:
    distinct = {id(each): each for each in strategies if each is not None}
    columns = dict(zip(distinct, _param_columns(list(distinct.values()), params), strict=True))
    for entry, strategy in zip(symbols.array, strategies, strict=True):
        if strategy is not None:
            column = columns[id(strategy)]
            entry.program = _kept(symbols, strategy.program_handle())
            entry.params, entry.n_params = _kept(symbols, column), len(column)


def _param_columns(strategies: Sequence[Strategy], params: Mapping[str, float]) -> list[Any]:
    """Return each strategy's values; of several, each takes the names that it has."""
    if params and not strategies:
        raise ParameterError("params: there is no strategy to take them")
    if len(strategies) < 2:
        return [strategy.param_column(params) for strategy in strategies]
    known = [{param.name for param in strategy.params} for strategy in strategies]
    unknown = [name for name in params if not any(name in each for each in known)]
    if unknown:
        raise NotFoundError(f"params: no strategy has a PARAM {unknown[0]!r}")
    return [
        strategy.param_column({name: params[name] for name in params if name in each})
        for strategy, each in zip(strategies, known, strict=True)
    ]


# ---------------------------------------------------------------------- columns


def _column(option: str, value: object, length: int) -> Any:
    """Return a column with a number for each bar."""
    column = np.asarray(value)
    if column.shape != (length,) or column.dtype.kind not in "biuf":
        raise ParameterError(
            f"{option}: expected {length} numbers, one for each bar, found an array of shape "
            f"{column.shape} and type {column.dtype}"
        )
    return column


def _signals(option: str, value: object, length: int) -> Any:
    column = _column(option, value, length)
    bad = (column != 0) & (column != 1) & (column != -1)
    if bad.any():
        row = int(np.argmax(bad))
        raise ParameterError(
            f"{option}[{row}]: expected -1 (sell), 0 (none) or 1 (buy), found {column[row]}"
        )
    return np.ascontiguousarray(column, np.int8)
