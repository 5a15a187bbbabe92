"""The figures are those of the pinned quantstats, empyrical and backtesting.py, to 1e-9."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from metric_curves import DAY, HOSTILE_RETURNS, Floats, Ints, returns_of, times, walk

from hquant_cffi import Bars, Metrics, backtest, load, metrics

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # theirs, while they are imported
    import empyrical
    import quantstats.stats as quantstats
    from backtesting._stats import compute_stats

CROSS = "f = SMA(10)\ns = SMA(30)\nIF CROSSOVER(f, s) THEN BUY\nIF CROSSUNDER(f, s) THEN SELL"


def series(returns: Floats, time: Ints) -> pd.Series[float]:
    return pd.Series(returns, index=pd.to_datetime(time, unit="ms"))


def assert_close(found: Metrics, expected: dict[str, Callable[[], float]], name: str = "") -> None:
    """Each defined figure is theirs; an undefined one is no number worth having with them."""
    wrong = {}
    for key, figure in expected.items():
        ours = getattr(found, key.split()[0])
        try:
            theirs = float(figure())
        except ZeroDivisionError:
            theirs = math.nan
        if math.isnan(ours):
            if math.isfinite(theirs) and (name, key) not in OURS_UNDEFINED:
                wrong[key] = (ours, theirs)
        elif not math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-14):
            wrong[key] = (ours, theirs)
    assert not wrong


def of_steps(
    s: pd.Series[float], periods: float, rf: float = 0.0
) -> dict[str, Callable[[], float]]:
    """quantstats and empyrical on step returns; the second one has an "e" behind the name."""
    free = (1 + rf) ** (1 / periods) - 1
    return {
        "total_return": partial(quantstats.comp, s),
        "cagr": partial(quantstats.cagr, s, periods=periods),
        "volatility": partial(quantstats.volatility, s, periods=periods),
        "sharpe": partial(quantstats.sharpe, s, rf=rf, periods=periods),
        "sortino": partial(quantstats.sortino, s, rf=rf, periods=periods),
        "omega": partial(quantstats.omega, s, rf=rf, periods=periods),
        "calmar": partial(quantstats.calmar, s, periods=periods),
        "max_drawdown": partial(quantstats.max_drawdown, s),
        "ulcer_index": partial(quantstats.ulcer_index, s),
        "recovery_factor": partial(quantstats.recovery_factor, s),
        "skew": partial(quantstats.skew, s),
        "kurtosis": partial(quantstats.kurtosis, s),
        "best_return": partial(quantstats.best, s),
        "worst_return": partial(quantstats.worst, s),
        "bar_win_rate": partial(quantstats.win_rate, s),
        "bar_payoff_ratio": partial(quantstats.payoff_ratio, s),
        "bar_profit_factor": partial(quantstats.profit_factor, s),
        "bar_kelly": partial(quantstats.kelly_criterion, s),
        "total_return e": partial(empyrical.cum_returns_final, s),
        "cagr e": partial(empyrical.annual_return, s, annualization=periods),
        "volatility e": partial(empyrical.annual_volatility, s, annualization=periods),
        "sharpe e": partial(empyrical.sharpe_ratio, s, free, annualization=periods),
        "sortino e": partial(empyrical.sortino_ratio, s, free, annualization=periods),
        "omega e": partial(empyrical.omega_ratio, s, free, annualization=periods),
        "calmar e": partial(empyrical.calmar_ratio, s, annualization=periods),
        "max_drawdown e": partial(empyrical.max_drawdown, s),
    }


def of_days(s: pd.Series[float]) -> dict[str, Callable[[], float]]:
    return {
        "value_at_risk": partial(quantstats.value_at_risk, s),
        "cvar": partial(quantstats.cvar, s),
        "tail_ratio": partial(quantstats.tail_ratio, s),
        "value_at_risk_historical": partial(empyrical.value_at_risk, s),
        "cvar_historical": partial(empyrical.conditional_value_at_risk, s),
        "tail_ratio e": partial(empyrical.tail_ratio, s),
    }


ZEROS = ("all zero", "zeros of both signs")

# Where docs/metrics.md says "undefined" and a peer answers: (case, figure). Deviations that are
# rounding give it 3e16 or a distribution without width; no return that moved gives it 0.
OURS_UNDEFINED = {
    *(("one value", key) for key in ("sharpe", "value_at_risk", "cvar")),
    *(("one value, rounded", key) for key in ("sharpe", "sharpe e", "skew", "kurtosis")),
    *(("one value, rounded", key) for key in ("value_at_risk", "cvar")),
    *((zeros, key) for zeros in ZEROS for key in ("bar_win_rate", "bar_profit_factor", "cvar")),
    *((zeros, key) for zeros in ZEROS for key in ("skew", "kurtosis", "value_at_risk")),
    *(("one value", key) for key in ("skew", "kurtosis")),
    ("one return", "cvar"),
}

# Figures of the product of all returns, not of the returns one by one.
OF_LEVELS = (
    "total_return",
    "cagr",
    "calmar",
    "max_drawdown",
    "ulcer",
    "recovery",
    "tail",
    "value",
    "cvar",
)

# quantstats reads a column without losses that goes above 1 as prices.
RETURNS = {name: case for name, case in HOSTILE_RETURNS.items() if max(case) < 1}


@pytest.mark.parametrize("name", RETURNS)
@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::RuntimeWarning")
def test_hostile_returns_agree_with_peers(name: str) -> None:
    returns = np.array(RETURNS[name])
    time = times(len(returns))
    found = metrics(returns=returns, time=time, periods_per_year=365)
    expected = of_steps(series(returns, time), 365) | of_days(series(returns, time))
    if name == "tiny":  # falls and days of 1e-8 are known to 1e-8 only, here and there
        expected = {key: expected[key] for key in expected if not key.startswith(OF_LEVELS)}
    assert_close(found, expected, name)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("rf", [0.0, 0.04])
def test_random_returns_agree_with_peers(seed: int, rf: float) -> None:
    returns = returns_of(walk(seed, 1200))
    time = times(len(returns))
    found = metrics(returns=returns, time=time, periods_per_year=252, risk_free=rf)
    s = series(returns, time)
    assert_close(found, of_steps(s, 252, rf) | of_days(s))
    assert math.ceil(found.exposure * 100) / 100 == quantstats.exposure(s)


def test_goog_daily_agrees_with_peers(shared_data: Path) -> None:
    bars = load(shared_data / "GOOG_daily.csv")
    found = metrics(bars.close, bars.timestamp)
    assert found.periods_per_year == 252
    s = pd.Series(bars.close, index=pd.to_datetime(bars.timestamp, unit="ms")).pct_change().dropna()
    assert_close(found, of_steps(s, 252) | of_days(s))


@pytest.mark.parametrize(("rule", "periods"), [("1min", 525_600), ("1h", 8760), ("1D", 365)])
def test_fil_resampled_agrees_with_peers(shared_data: Path, rule: str, periods: int) -> None:
    bars = load(shared_data / "binance_um_FILUSDT_1m_2023-04_06.csv.gz")
    minutes = pd.Series(bars.close, index=pd.to_datetime(bars.timestamp, unit="ms"))
    closes = minutes.resample(rule).last()
    time = closes.index.to_numpy().astype("datetime64[ms]")
    found = metrics(closes.to_numpy(), time)
    assert found.periods_per_year == periods
    daily = closes.resample("1D").last().pct_change().dropna()
    assert_close(found, of_steps(closes.pct_change().dropna(), periods) | of_days(daily))


@pytest.mark.parametrize("rf", [0.0, 0.05])
def test_alpha_and_beta_agree_with_peers(rf: float) -> None:
    own, market = walk(1, 900), walk(2, 900)
    own *= np.sqrt(market)  # so that they have something in common
    time = times(900)
    found = metrics(own, time, benchmark=market, periods_per_year=252, risk_free=rf)
    s, b = series(returns_of(own), time[1:]), series(returns_of(market), time[1:])
    free = (1 + rf) ** (1 / 252) - 1
    alpha, beta = empyrical.alpha_beta(s, b, free, annualization=252)
    assert found.beta == pytest.approx(beta, rel=1e-9)
    assert found.alpha_compounded == pytest.approx(alpha, rel=1e-9)
    greeks = quantstats.greeks(s - free, b - free, periods=252, prepare_returns=False)
    assert found.beta == pytest.approx(greeks["beta"], rel=1e-9)
    assert found.alpha == pytest.approx(greeks["alpha"], rel=1e-9)


# ------------------------------------------------------------- backtesting.py


def frame(bars: Bars) -> pd.DataFrame:
    columns = {name.title(): getattr(bars, name) for name in ("open", "high", "low", "close")}
    return pd.DataFrame(columns, index=pd.to_datetime(bars.timestamp, unit="ms"))


def trade_frame(trades: Any) -> pd.DataFrame:
    """Closed trades as backtesting.py keeps them."""
    rows = trades[trades["exit_reason"] != 0]
    entry, exit_ = (rows[name].astype("datetime64[ms]") for name in ("entry_time", "exit_time"))
    columns = {
        "EntryBar": rows["entry_bar"].astype(int),
        "ExitBar": rows["exit_bar"].astype(int),
        "PnL": rows["pnl"],
        "ReturnPct": rows["pnl"] / (rows["entry_price"] * rows["quantity"]),
        "EntryTime": entry,
        "ExitTime": exit_,
        "Duration": exit_ - entry,
    }
    return pd.DataFrame(columns)


@pytest.mark.parametrize(
    "file", ["GOOG_daily.csv", "binance_um_FILUSDT_1m_2023-04_06.csv.gz", "EURUSD_1h.csv"]
)
@pytest.mark.parametrize("rf", [0.0, 0.03])
def test_backtest_agrees_with_backtesting_py(shared_data: Path, file: str, rf: float) -> None:
    bars = load(shared_data / file)
    report = backtest(bars, CROSS, size="20%", fee=0.0002)
    trades = report.trades[report.trades["exit_reason"] != 0]
    found = metrics(report.equity, report.time, initial=report.capital, trades=trades, risk_free=rf)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = compute_stats(trade_frame(trades), report.equity, frame(bars), None, rf)
    percent = {
        "Return (Ann.) [%]": found.annual_return_geometric,
        "Volatility (Ann.) [%]": found.volatility_geometric,
        "Return [%]": found.total_return,
        "Max. Drawdown [%]": found.max_drawdown,
        "Exposure Time [%]": found.exposure_time,
        "Win Rate [%]": found.win_rate,
        "Best Trade [%]": found.best_trade,
        "Worst Trade [%]": found.worst_trade,
        "Expectancy [%]": found.avg_trade,
    }
    plain = {
        "Sharpe Ratio": found.sharpe_geometric,
        "Sortino Ratio": found.sortino_geometric,
        "Calmar Ratio": found.calmar_geometric,
        "SQN": found.sqn,
        "Kelly Criterion": found.kelly,
    }
    for name, value in (percent | plain).items():
        scaled = value * 100 if name in percent else value
        assert scaled == pytest.approx(theirs[name], rel=1e-9), name
    longest = theirs["Max. Drawdown Duration"] / pd.Timedelta(days=1)
    assert found.longest_drawdown == pytest.approx(longest, abs=1e-9)


def test_both_sharpe_conventions_differ() -> None:
    found = metrics(walk(4, 2000), times(2000), periods_per_year=252)
    assert abs(found.sharpe - found.sharpe_geometric) > 0.01


def test_period_of_a_quarter_year_of_days_is_what_a_peer_is_told() -> None:
    """Twice the periods a year: the square root of two times the ratio, nothing hidden."""
    equity, time = walk(6, 500), times(500, DAY // 2)
    one, two = (metrics(equity, time, periods_per_year=p) for p in (365, 730))
    assert two.sharpe == pytest.approx(one.sharpe * math.sqrt(2), rel=1e-14)
