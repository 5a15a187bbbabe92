"""Options of a backtest, from Python's names to the C struct."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from functools import cache
from operator import is_, itemgetter
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from hquant_cffi._errors import ParameterError
from hquant_cffi._ffi import ffi, lib
from hquant_cffi._levels import choice, level_of, number, size_of, whole
from hquant_cffi._timeframes import bar_period_ms, htf_number, period_ms

__all__ = [
    "ACCOUNT",
    "BadBars",
    "Fill",
    "Intrabar",
    "MarginTier",
    "Position",
    "Sides",
    "Unaffordable",
    "options_struct",
    "refuse_without_signals",
]

Fill: TypeAlias = Literal["next_open", "close", "limit"]
Intrabar: TypeAlias = Literal["worst", "best", "nearest", "finer"]
Sides: TypeAlias = Literal["both", "long", "short"]
Position: TypeAlias = Literal["netted", "hedged"]
Unaffordable: TypeAlias = Literal["clamp", "reject"]
BadBars: TypeAlias = Literal["error", "skip"]

#: From a position's notional on (quote currency); the maintenance rate of what is inside this step;
#: the highest leverage of a position that ends in it.
MarginTier: TypeAlias = tuple[float, float, float]

_CHOICES: Final[dict[str, tuple[str, dict[str, int]]]] = {
    "fill": (
        "fill",
        {
            "next_open": lib.HQ_FILL_NEXT_OPEN,
            "close": lib.HQ_FILL_CLOSE,
            "limit": lib.HQ_FILL_LIMIT,
        },
    ),
    "intrabar": (
        "intrabar",
        {
            "worst": lib.HQ_INTRABAR_WORST,
            "best": lib.HQ_INTRABAR_BEST,
            "nearest": lib.HQ_INTRABAR_NEAREST,
            "finer": lib.HQ_INTRABAR_FINER,
        },
    ),
    "sides": (
        "sides",
        {"both": lib.HQ_SIDES_BOTH, "long": lib.HQ_SIDES_LONG, "short": lib.HQ_SIDES_SHORT},
    ),
    "position": ("hedged", {"netted": 0, "hedged": 1}),
    "unaffordable": (
        "unaffordable",
        {"clamp": lib.HQ_UNAFFORDABLE_CLAMP, "reject": lib.HQ_UNAFFORDABLE_REJECT},
    ),
    "bad_bars": ("bad_bars", {"error": lib.HQ_BAD_BARS_ERROR, "skip": lib.HQ_BAD_BARS_SKIP}),
}

# Called the same here and in C.
_NUMBERS: Final = ("limit_offset", "fee_per_unit")
_COUNTS: Final = ("limit_bars", "pyramiding")

#: Options of the account, and the C fields that take them.
ACCOUNT: Final[dict[str, str]] = {
    "capital": "initial_margin",
    "leverage": "leverage",
    "contract_size": "contract_size",
    "maintenance_margin": "maintenance_margin_rate",
}

_STRUCT: Final = ffi.typeof("HqBacktestOptions *")

_MISSING: Final[dict[str, int]] = {"error": lib.HQ_FUNDING_ERROR, "zero": lib.HQ_FUNDING_ZERO}

_SLIPPAGES: Final[dict[str, int]] = {
    "slippage": lib.HQ_SLIPPAGE_FRACTION,
    "slippage_ticks": lib.HQ_SLIPPAGE_TICKS,
    "slippage_random": lib.HQ_SLIPPAGE_RANDOM,
}

# Options that are checked together: none of them has to be looked at where all are left out.
_READ_ONLY_WITH: Final = frozenset(
    ("limit_offset", "limit_bars", "intrabar", "finer", "funding_interval", "funding_missing")
)
_FEES: Final = frozenset(("fee", "maker_fee"))
_SIZE: Final = frozenset(("size", "size_unit"))
_LEVELS: Final = ("stop", "target", "trail")
_SLIPPAGE: Final = frozenset((*_SLIPPAGES, "slippage_seed"))
_FUNDING: Final = frozenset(("funding_interval", "funding_missing"))

#: All options that the struct is made of.
_READ: Final = (
    *_CHOICES, *ACCOUNT, *_FEES, *_NUMBERS, *_COUNTS, *_SIZE, *_LEVELS, *_SLIPPAGE, *_FUNDING,
    "finer", "funding", "htf", "bar_period", "margin_tiers",
)  # fmt: skip
_read: Final = itemgetter(*_READ)

#: Types whose values stay as they are.
_UNCHANGING: Final = frozenset((float, int, str, bool, type(None)))


class _Latest(NamedTuple):
    """Options, and the struct that they came to."""

    values: tuple[object, ...]
    struct: Any


_latest = _Latest((), None)  # what is called again and again is called with the same options


def _refuse_unread(given: Mapping[str, Any]) -> None:
    """Refuse options that nothing would read: a run without them would be another than asked."""
    unread = [
        ("limit_offset", given["limit_offset"] != 0, given["fill"] == "limit", 'fill="limit"'),
        ("limit_bars", given["limit_bars"] != 0, given["fill"] == "limit", 'fill="limit"'),
        ("finer", given["finer"] is not None, given["intrabar"] == "finer", 'intrabar="finer"'),
        (
            "funding_interval",
            given["funding_interval"] is not None,
            given["funding"] is not None,
            "funding",
        ),
        (
            "funding_missing",
            not _is_word(given["funding_missing"], "error"),
            given["funding"] is not None,
            "funding",
        ),
    ]
    for name, is_given, is_read, reader in unread:
        if is_given and not is_read:
            raise ParameterError(
                f"{name} is read only with {reader}; give both, or leave {name} out"
            )
    if given["intrabar"] == "finer" and given["finer"] is None:
        raise ParameterError('intrabar: "finer" needs the bars of a shorter period in finer')


# What orders bring themselves or do not have, with the values that say nothing.
_OF_SIGNALS: Final[dict[str, object]] = {
    "fill": "next_open",
    "pyramiding": 0,
    "size": None,
    "stop": None,
    "target": None,
    "trail": None,
}


def refuse_without_signals(given: Mapping[str, Any]) -> None:
    """Refuse options of signals in a run that has orders only: no position would get that stop."""
    for name, unset in _OF_SIGNALS.items():
        if given[name] is not None and given[name] != unset:
            raise ParameterError(
                f"{name}: is read only of signals, and this run has orders alone; "
                f"give it to the orders, or leave {name} out"
            )


def _is_word(value: object, word: str) -> bool:
    return isinstance(value, str) and value == word


def _set_fees(options: Any, given: Mapping[str, Any]) -> None:
    names = ["fee"] if given["maker_fee"] is None else ["fee", "maker_fee"]
    rates = {name: _rate(name, given[name]) for name in names}
    for name, rate in rates.items():
        if not 0 <= rate <= 1e100:
            raise ParameterError(
                f"{name} must be a finite number >= 0 and at most 1e100, got {rate}"
            )
    options.account.taker_fee_rate = rates["fee"]
    options.account.maker_fee_rate = rates.get("maker_fee", rates["fee"])


def _rate(name: str, value: object) -> float:
    if isinstance(value, str):
        raise ParameterError(
            f"{name}: expected a fraction of the notional, such as 0.001 for 0.1 %, found {value!r}"
        )
    return number(name, value)


def _set_slippage(options: Any, given: Mapping[str, Any]) -> None:
    options.slippage_seed = whole("slippage_seed", given["slippage_seed"], 0, 2**64 - 1)
    values = {name: number(name, given[name]) for name in _SLIPPAGES}
    for name, value in values.items():
        most = 1e100 if name == "slippage_ticks" else math.nextafter(1, 0)
        if not 0 <= value <= most:
            expected = "at most 1e100" if name == "slippage_ticks" else "< 1"
            raise ParameterError(f"{name} must be >= 0 and {expected}, got {given[name]!r}")
    chosen = [name for name, value in values.items() if value > 0]
    if len(chosen) > 1:
        raise ParameterError(f"{' and '.join(chosen)} exclude each other; give one of them")
    for name in chosen:
        options.slippage_kind, options.slippage = _SLIPPAGES[name], values[name]


def _set_funding(options: Any, given: Mapping[str, Any]) -> None:
    interval, missing = given["funding_interval"], given["funding_missing"]
    options.funding_interval_ms = period_ms("funding_interval", interval)
    if not isinstance(missing, str):
        options.funding_missing = lib.HQ_FUNDING_CONSTANT
        options.funding_constant = number("funding_missing", missing)
    elif missing in _MISSING:
        options.funding_missing = _MISSING[missing]
    else:
        raise ParameterError(
            f"funding_missing: expected 'error', 'zero' or a rate, found {missing!r}"
        )


def _set_tiers(options: Any, tiers: Sequence[MarginTier] | None) -> Any:
    if tiers is None:
        return None
    try:
        count = len(tiers)
    except TypeError:  # what can be read only once, or an array of no dimension
        raise ParameterError(
            "margin_tiers: expected a list of (notional_from, maintenance_rate, max_leverage), "
            f"found {type(tiers).__name__} {tiers!r}"
        ) from None
    if count == 0:
        raise ParameterError("margin_tiers: expected at least one, found none; None: no tiers")
    entries = ffi.new("HqMarginTier[]", count)
    for i, tier in enumerate(tiers):
        name = f"margin_tiers[{i}]"
        try:
            start, rate, leverage = tier
        except (TypeError, ValueError):
            raise ParameterError(
                f"{name}: expected (notional_from, maintenance_rate, max_leverage), found {tier!r}"
            ) from None
        entries[i].notional_from = number(f"{name}.notional_from", start)
        entries[i].maintenance_rate = number(f"{name}.maintenance_rate", rate)
        entries[i].max_leverage = number(f"{name}.max_leverage", leverage)
    options.tiers, options.n_tiers = entries, count
    return entries


@cache
def _left_out() -> tuple[dict[str, Any], Any]:
    """Return what `backtest` takes for options that are not given, and the struct of all these."""
    from inspect import signature

    from hquant_cffi.backtest import backtest  # here: it is what reads this module

    defaults = {name: option.default for name, option in signature(backtest).parameters.items()}
    options = ffi.new(_STRUCT)
    lib.hq_backtest_options_init(options)
    _set_options(options, defaults, defaults.keys())
    options.progress = lib.hq_python_progress  # without one, too: it is where Ctrl-C is noticed
    return defaults, options


def options_struct(given: Mapping[str, Any]) -> tuple[Any, Any]:
    """Return an ``HqBacktestOptions *`` and what must live as long as it.

    Raises
    ------
    ParameterError
        An option that cannot be, by its name here.
    """
    global _latest
    values, latest = _read(given), _latest
    if len(values) == len(latest.values) and all(map(is_, values, latest.values)):
        return ffi.new(_STRUCT, latest.struct[0]), None
    defaults, unchanged = _left_out()
    options = ffi.new(_STRUCT, unchanged[0])
    changed = {name for name, value in given.items() if value is not defaults[name]}
    tiers = _set_options(options, given, changed)
    if _UNCHANGING.issuperset(map(type, values)):
        _latest = _Latest(values, ffi.new(_STRUCT, options[0]))
    return options, tiers


def _set_options(options: Any, given: Mapping[str, Any], changed: Set[str]) -> Any:
    """Set those that are `changed`; return what must live as long as the struct."""
    for name, (field, known) in _CHOICES.items():
        if name in changed:
            setattr(options, field, choice(name, given[name], known))
    if changed & _READ_ONLY_WITH:
        _refuse_unread(given)
    for name, field in ACCOUNT.items():
        if name in changed:
            setattr(options.account, field, number(name, given[name]))
    if changed & _FEES:
        _set_fees(options, given)
    for name in _NUMBERS:
        if name in changed:
            setattr(options, name, number(name, given[name]))
    for name in _COUNTS:
        if name in changed:
            setattr(options, name, whole(name, given[name], 0, 2**32 - 1))
    if changed & _SIZE:
        options.size, options.size_unit = size_of(given["size"], given["size_unit"])
    for name in _LEVELS:
        if name in changed:
            value, unit = level_of(name, given[name])
            setattr(options, name, value)
            setattr(options, f"{name}_unit", unit)
    if "htf" in changed:
        options.htf = htf_number(given["htf"])
    if "bar_period" in changed:
        options.bar_period_ms = bar_period_ms(given["bar_period"])
    if changed & _SLIPPAGE:
        _set_slippage(options, given)
    if changed & _FUNDING:
        _set_funding(options, given)
    return _set_tiers(options, given["margin_tiers"])
