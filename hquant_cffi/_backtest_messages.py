"""What the C core says of a backtest's inputs, with the names that they have in Python."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NoReturn

from hquant_cffi._backtest_options import ACCOUNT
from hquant_cffi._errors import DataError, ParameterError
from hquant_cffi._ffi import check

__all__ = ["check_run"]

_NAMES: Final[dict[str, str]] = {
    **{field: option for option, field in ACCOUNT.items() if field != option},
    "funding_interval_ms": "funding_interval",
    "funding_rate": "funding",
    "funding_constant": "funding_missing",
}
_FIELD: Final = re.compile(rf"\b({'|'.join(_NAMES)})\b")
_TIERS: Final = re.compile(r"\btiers(?=\[|:| exclude)")
_SYMBOL: Final = re.compile(r"\bsymbol (\d+)\b(: )?")
_ORDER: Final = re.compile(r"^order (\d+): ")


def check_run(status: int, symbols: Sequence[str]) -> None:
    """Raise the exception of a status; its message names options, symbols and orders as Python."""
    try:
        check(status)
    except (ParameterError, DataError) as error:
        _raise(type(error), str(error), symbols)


def _raise(kind: type[Exception], message: str, symbols: Sequence[str]) -> NoReturn:
    message = _ORDER.sub(r"orders[\1].", message)
    message = _TIERS.sub("margin_tiers", message)
    message = _FIELD.sub(lambda found: _NAMES[found[1]], message)
    raise kind(_SYMBOL.sub(lambda found: _symbol(found, symbols), message)) from None


def _symbol(found: re.Match[str], symbols: Sequence[str]) -> str:
    """Return a symbol's name in place of its index; nothing where there is only one."""
    colon = found[2] or ""
    if len(symbols) > 1:
        return f"symbol {symbols[int(found[1])]!r}{colon}"
    return "" if colon else "the symbol"
