"""The figures of a curve, by name."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Final

__all__ = ["Metrics"]


@dataclass(frozen=True, kw_only=True)
class Metrics:
    """The figures of a curve. docs/metrics.md has every formula; undefined is NaN.

    Fractions are fractions (0.1 is 10 %). Figures of steps are of the returns from step to step;
    daily ones of the returns from the last step of a UTC day to that of the next.

    Attributes
    ----------
    periods_per_year, days_per_year : float
        Steps and daily returns that make a year.
    periods_per_year_from, days_per_year_from : str
        Where these two come from.
    risk_free : float
        Of a year.
    returns, daily_returns, benchmark_returns, trades : int
        How many there are; the trades are the closed ones.
    total_return, cagr, volatility, sharpe, sortino, omega, calmar : float
        Growth, its yearly deviation and ratios of steps, in quantstats' and empyrical's convention.
    annual_return_geometric, volatility_geometric, sharpe_geometric, sortino_geometric, calmar_geometric : float
        The same of daily returns that compound: backtesting.py's convention.
    max_drawdown, longest_drawdown, longest_drawdown_bars, ulcer_index, recovery_factor
        Falls from a peak: depth (-1..0), days, steps, their root mean square, return over depth.
    skew, kurtosis, best_return, worst_return, exposure : float
        Shape of the step returns; exposure is the share that is not 0.
    bar_win_rate, bar_payoff_ratio, bar_profit_factor, bar_kelly : float
        quantstats' win_rate, payoff_ratio, profit_factor and kelly_criterion of step returns.
    value_at_risk, cvar, value_at_risk_historical, cvar_historical, tail_ratio : float
        Tails of daily returns at 5 %: of the fitted normal distribution, and as they were.
    beta, alpha, alpha_compounded : float
        Against the benchmark.
    win_rate, payoff_ratio, profit_factor, kelly, expectancy, avg_win, avg_loss, sqn : float
        Of the closed trades' P&L.
    avg_trade, best_trade, worst_trade, avg_bars_held, exposure_time : float
        Of the closed trades' returns on their notional at entry; bars held; share of the steps in a
        trade, open ones included.
    """  # noqa: E501

    periods_per_year: float
    periods_per_year_from: str
    days_per_year: float
    days_per_year_from: str
    risk_free: float
    returns: int
    daily_returns: int
    benchmark_returns: int
    total_return: float
    cagr: float
    volatility: float
    sharpe: float
    sortino: float
    omega: float
    calmar: float
    annual_return_geometric: float
    volatility_geometric: float
    sharpe_geometric: float
    sortino_geometric: float
    calmar_geometric: float
    max_drawdown: float
    longest_drawdown: float
    longest_drawdown_bars: int
    ulcer_index: float
    recovery_factor: float
    skew: float
    kurtosis: float
    best_return: float
    worst_return: float
    exposure: float
    bar_win_rate: float
    bar_payoff_ratio: float
    bar_profit_factor: float
    bar_kelly: float
    value_at_risk: float
    cvar: float
    value_at_risk_historical: float
    cvar_historical: float
    tail_ratio: float
    beta: float
    alpha: float
    alpha_compounded: float
    trades: int
    win_rate: float
    payoff_ratio: float
    profit_factor: float
    kelly: float
    expectancy: float
    avg_win: float
    avg_loss: float
    sqn: float
    avg_trade: float
    best_trade: float
    worst_trade: float
    avg_bars_held: float
    exposure_time: float

    def to_dict(self) -> dict[str, float | int | str | None]:
        """Return every figure by name, ready for JSON: None where it is undefined."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: None if isinstance(value, float) and math.isnan(value) else value
            for name, value in values.items()
        }

    def summary(self) -> str:
        """Return the figures as lines of text, ``--`` where one is undefined."""
        width = max(len(field.name) for field in fields(self)) + 2
        return "\n".join(
            f"{field.name:<{width}}{_text(field.name, getattr(self, field.name))}"
            for field in fields(self)
        )

    def __str__(self) -> str:
        return self.summary()


_FRACTIONS: Final = frozenset(
    {
        *("risk_free", "total_return", "cagr", "volatility", "annual_return_geometric"),
        *("volatility_geometric", "max_drawdown", "ulcer_index", "best_return", "worst_return"),
        *("exposure", "bar_win_rate", "bar_kelly", "value_at_risk", "cvar"),
        *("value_at_risk_historical", "cvar_historical", "alpha", "alpha_compounded"),
        *("win_rate", "kelly", "avg_trade", "best_trade", "worst_trade", "exposure_time"),
    }
)


def _text(name: str, value: float | int | str) -> str:
    if isinstance(value, str):
        return value
    if math.isnan(value):
        return "--"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.4%}" if name in _FRACTIONS else f"{value:,.6g}"
