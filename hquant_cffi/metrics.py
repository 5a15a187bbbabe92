"""What an equity curve and its trades amount to: returns, risk, ratios, trades."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from hquant_cffi._metrics_table import Metrics
    from hquant_cffi._years import PeriodsPerYear
    from hquant_cffi.data import Bars

__all__ = ["metrics"]


def metrics(
    equity: npt.ArrayLike | None = None,
    time: npt.ArrayLike | None = None,
    *,
    returns: npt.ArrayLike | None = None,
    initial: float | None = None,
    trades: npt.NDArray[np.void] | None = None,
    periods_per_year: PeriodsPerYear = None,
    days_per_year: float | None = None,
    benchmark: Bars | npt.ArrayLike | None = None,
    risk_free: float = 0.0,
) -> Metrics:
    """Work out the figures of an equity curve, or of returns.

    Parameters
    ----------
    equity : (T,) array_like of float64, optional
        Equity after each step, >= 0, 0 from the first 0 on. This or `returns`.
    time : (T,) array_like of int64 or datetime64
        Time of each step, ms since 1970, UTC, not falling.
    returns : (T,) array_like of float64, optional
        Return of each step, a fraction, >= -1.
    initial : float, optional
        Equity before the first step, > 0. None: `equity` begins with its start, which is not a
        return. A first step that leaves it as it was is the start, too.
    trades : (N,) structured ndarray, optional
        `TRADE_DTYPE`, as ``BacktestReport.trades`` has them. None: figures of trades are NaN.
    periods_per_year : float, "365d", "252d" or None, optional
        Steps that make a year. A text names the market's days a year, the steps of a day are then
        counted in the data. None: the days are taken from the data, too: 365 when there are steps
        on at least half of the whole Saturdays (UTC), else 252. What was found, and how, is in the
        result; where the data do not tell, yearly figures are NaN.
    days_per_year : float, optional
        Daily returns that make a year; None finds them in the same way.
    benchmark : Bars or (T,) array_like of float64, optional
        What to hold the curve against: closes at the steps, NaN where there is none. Of Bars, those
        with the time of a step are taken.
    risk_free : float, optional
        Yearly return without risk, a fraction between -1 and 1.

    Returns
    -------
    Metrics

    Raises
    ------
    ParameterError, DataError
        An argument that is no curve; the message names it and the place.

    Examples
    --------
    >>> day = 86_400_000
    >>> found = metrics([100.0, 110.0, 99.0], [0, day, 2 * day], periods_per_year=365)
    >>> round(found.total_return, 6), round(found.max_drawdown, 6)
    (-0.01, -0.1)
    """
    from hquant_cffi._metrics import measure  # here: not every program measures

    return measure(
        equity,
        time,
        returns=returns,
        initial=initial,
        trades=trades,
        periods_per_year=periods_per_year,
        days_per_year=days_per_year,
        benchmark=benchmark,
        risk_free=risk_free,
    )
