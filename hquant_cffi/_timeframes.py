"""How strategies see higher timeframes: the options `htf` and `bar_period`, as C takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from hquant_cffi._errors import ParameterError
from hquant_cffi._ffi import lib

if TYPE_CHECKING:
    from hquant_cffi.market import Period

__all__ = ["BarPeriod", "Htf", "bar_period_ms", "htf_number", "period_ms"]

#: Which candle ``close@4h`` is of: the last complete one, or the one in progress.
Htf: TypeAlias = Literal["closed", "forming"]

#: The period of the bars that come in: ``"1m"``, a Period, ms, or None where it is not known.
BarPeriod: TypeAlias = "Period | str | int | None"

_HTF: Final[dict[str, int]] = {"closed": lib.HQ_HTF_CLOSED, "forming": lib.HQ_HTF_FORMING}


def htf_number(htf: str) -> int:
    """Return the C constant of an `htf`; ParameterError for another text."""
    if not isinstance(htf, str) or htf not in _HTF:
        raise ParameterError(f"htf: expected one of {', '.join(_HTF)}, found {htf!r}")
    return _HTF[htf]


def bar_period_ms(bar_period: BarPeriod) -> int:
    """Return a `bar_period` in ms, 0 for None; ParameterError for what is none."""
    return period_ms("bar_period", bar_period)


def period_ms(name: str, period: BarPeriod) -> int:
    """Return a period in ms, 0 for None; ParameterError, which says `name`, for what is none."""
    if period is None:
        return 0
    from hquant_cffi.market import Period  # here: most engines need no periods

    if isinstance(period, bool) or not isinstance(period, (Period, str, int)):
        raise ParameterError(f"{name}: expected a text such as '1m', found {period!r}")
    ms = period if isinstance(period, int) else _period(period).ms
    if not 0 < ms < 2**63:
        raise ParameterError(f"{name}: expected 1..2**63 - 1 ms, found {period}")
    return ms


def _period(period: Period | str) -> Period:
    from hquant_cffi.market import Period

    return Period(period) if isinstance(period, str) else period
