"""The C figures are those of whole lists summed exactly."""

from __future__ import annotations

import math
from dataclasses import fields
from decimal import Decimal, localcontext
from pathlib import Path

import numpy as np
import pytest
from exact_metrics import exact_metrics, exact_trade_metrics
from metric_curves import DAY, HOSTILE_RETURNS, Floats, Ints, returns_of, times, trades_of, walk

from hquant_cffi import Metrics, load, metrics
from hquant_cffi._records import TRADE_DTYPE

#: What is a difference of nearly equal numbers is compared with a margin of its own.
ABSOLUTE = {"skew": 1e-11, "kurtosis": 1e-10, "alpha": 1e-13, "bar_kelly": 1e-14, "kelly": 1e-14}


def assert_same(found: Metrics, expected: dict[str, float | None], relative: float = 1e-12) -> None:
    wrong = {}
    for name, value in expected.items():
        ours = getattr(found, name)
        if value is None:
            same = math.isnan(ours)
        else:
            margin = ABSOLUTE.get(name, 1e-15) * max(1.0, relative * 1e12)
            same = math.isclose(ours, value, rel_tol=relative, abs_tol=margin)
        if not same:
            wrong[name] = (ours, value)
    assert not wrong


def both(time: Ints, periods: float, days: float, **curve: object) -> tuple[Metrics, dict]:
    lists = {
        name: value.tolist() if isinstance(value, np.ndarray) else value
        for name, value in curve.items()
    }
    found = metrics(time=time, periods_per_year=periods, days_per_year=days, **curve)
    return found, exact_metrics(time.tolist(), periods=periods, days=days, **lists)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("spacing", [DAY, DAY // 24, 7 * DAY, 17 * 60_000])
def test_curve_figures_are_exact(seed: int, spacing: int) -> None:
    n = [2, 3, 4, 5, 17, 300, 2000][seed % 7]
    found, expected = both(times(n, spacing), 252.0, 252.0, equity=walk(seed, n))
    assert len(expected) > 30
    assert_same(found, expected)


@pytest.mark.parametrize("seed", range(6))
def test_risk_free_initial_and_benchmark_are_exact(seed: int) -> None:
    equity, closes = walk(seed, 400), walk(seed + 100, 400)
    closes[[3, 50, 51, 399 - seed]] = np.nan
    for initial in (None, 8_000.0, float(equity[0])):
        found, expected = both(
            times(400, DAY // 6), 2190.0, 365.0,
            equity=equity, initial=initial, risk_free=0.03, benchmark=closes,
        )  # fmt: skip
        assert found.returns == (400 if initial == 8_000 else 399)
        assert found.benchmark_returns == 399 - 7 + (seed == 0)
        assert_same(found, expected)


#: Cases whose own numbers, as doubles, know their deviations or falls no better than this, or whose
#: first return is the outlier (docs/metrics.md).
KNOWN_TO = {
    "a mean a million deviations off": 1e-9,
    "an outlier": 1e-10,
    "an outlier first": 1e-10,
    "some beyond 1024": 1e-10,
    "tiny": 1e-6,
}


@pytest.mark.parametrize("name", HOSTILE_RETURNS)
def test_hostile_returns_are_exact_or_undefined(name: str) -> None:
    returns = np.array(HOSTILE_RETURNS[name])
    found, expected = both(times(len(returns)), 365.0, 365.0, returns=returns)
    assert_same(found, expected, KNOWN_TO.get(name, 1e-12))


@pytest.mark.parametrize("name", HOSTILE_RETURNS)
def test_hostile_curves_are_exact_or_undefined(name: str) -> None:
    equity = 1000 * np.cumprod(1 + np.array(HOSTILE_RETURNS[name]))
    found, expected = both(times(len(equity)), 365.0, 365.0, equity=equity, initial=1000.0)
    assert_same(found, expected, KNOWN_TO.get(name, 1e-12))


def test_real_one_minute_curve_is_exact(shared_data: Path) -> None:
    bars = load(shared_data / "binance_um_FILUSDT_1m_2023-04_06.csv.gz")
    found, expected = both(bars.timestamp, 525_600.0, 365.0, equity=bars.close)
    assert found.returns == 131_039
    assert_same(found, expected)


def test_sum_keeps_what_a_million_bars_would_round_away() -> None:
    n = 1_000_000
    equity = walk(5, n, scale=1e-5, drift=1e-9)
    found, expected = both(times(n, 60_000), 525_600.0, 365.0, equity=equity)
    assert_same(found, expected)


@pytest.mark.parametrize(
    ("then", "last"), [(173.4, 291.2), (173.4, 90.0), (173.4, 25.0), (615.0, 34.6)]
)
def test_an_account_near_ruin_has_a_deviation_of_its_year(then: float, last: float) -> None:
    """(v + (1 + g)^2)^days is no double, or a year's growth is none; the deviation is."""
    equity, days = [1e4, then, last], 252
    found = metrics(equity, times(3), periods_per_year=252.0, days_per_year=float(days))
    with localcontext(prec=60):
        levels = [Decimal(x) for x in equity]
        one, two = levels[1] / levels[0] - 1, levels[2] / levels[1] - 1
        growth, variance = (levels[2] / levels[0]).sqrt(), (one - two) ** 2 / 2
        spread = ((variance + growth**2) ** days - growth ** (2 * days)).sqrt()
        year = growth**days - 1
    assert 0 < spread < 1e300
    assert found.volatility_geometric == pytest.approx(float(spread), rel=1e-11)
    sharpe = float(year / spread)
    if np.isfinite(sharpe):
        assert found.sharpe_geometric == pytest.approx(sharpe, rel=1e-11)
    else:
        assert np.isnan(found.sharpe_geometric) and spread < 1e-305


@pytest.mark.parametrize(
    ("ratio", "known_to"), [(0.99, 1e-14), (1.01, 1e-14), (1e3, 1e-12), (1e6, 1e-9), (1e9, 1e-6)]
)
def test_mean_many_deviations_off_is_taken_out(ratio: float, known_to: float) -> None:
    noise = np.random.default_rng(1).normal(0, 1, 300)
    returns = 0.001 * (1 + (noise - noise.mean()) / noise.std(ddof=1) / ratio)
    found, expected = both(times(len(returns)), 365.0, 365.0, returns=returns)
    assert found.sharpe == pytest.approx(ratio * math.sqrt(365), rel=1e-3)
    assert_same(found, {name: expected[name] for name in ("volatility", "sharpe")})
    assert_same(found, {name: expected[name] for name in ("skew", "kurtosis")}, known_to)


@pytest.mark.parametrize("growth", [1e-9, 1e-4, 0.01, 0.5])
@pytest.mark.parametrize("n", [100, 1000, 100_000])
def test_constant_growth_has_no_deviation(growth: float, n: int) -> None:
    n = min(n, int(600 / growth))
    found = metrics((1 + growth) ** np.arange(n), times(n, 60_000), periods_per_year=525_600)
    assert found.volatility == 0
    assert math.isnan(found.sharpe) and math.isnan(found.skew) and math.isnan(found.kurtosis)


@pytest.mark.parametrize("mean", [0.5, -0.5, 3.0, -0.9])
def test_deviation_of_eight_roundings_is_the_least_that_counts(mean: float) -> None:
    for roundings, counts in ((4, False), (12, True)):
        off = roundings * 2.0**-52 * (1 + abs(mean))
        returns = mean + off * np.array([1, -1] * 50)
        found = metrics(returns=returns, time=times(100), periods_per_year=365)
        assert (found.volatility > 0) == counts
        assert (found.volatility == 0) != counts
        assert math.isnan(found.skew) != counts


@pytest.mark.parametrize("huge", [1e160, 1e200, 1e308])
@pytest.mark.parametrize("n", [2, 3, 40])
def test_equal_returns_do_not_deviate_however_large(huge: float, n: int) -> None:
    found = metrics(returns=[huge] * n, time=times(n), periods_per_year=365)
    assert found.volatility == 0


# --------------------------------------------------------------------- trades


@pytest.mark.parametrize(
    "pnl",
    [
        [],
        [5.0],
        [-5.0],
        [5.0, 5.0],
        [0.0, 0.0],
        [1.0, -2.0, 0.0, 3.5],
        [-1.0, -2.0, -4.0],
        [float(x) for x in np.random.default_rng(0).normal(1, 50, 500)],
    ],
)
def test_trade_figures_are_exact(pnl: list[float]) -> None:
    found = metrics([1.0, 1.0], [0, DAY], trades=trades_of(pnl))
    assert_same(found, exact_trade_metrics(pnl, [1000.0] * len(pnl)))
    assert found.avg_bars_held == 3 if pnl else math.isnan(found.avg_bars_held)


@pytest.mark.parametrize(
    "pnl",
    [
        [-4096.1, -1500.3, -1e6 - 0.3, 0.1, 1e5 + 0.1, 1e5 + 0.1, 0.1, -1e6 - 0.3, 1805596.6],
        [*[1e4 + 0.1, -1e4 - 0.1] * 2500, 0.01],
        [*[-1000.1] * 8, *[0.3] * 8, *[700.7] * 8, *[299.1] * 8],
        [*[1e5, -1e5] * 3, 1e-9],
    ],
)
def test_quality_of_trades_that_cancel_keeps_every_digit(pnl: list[float]) -> None:
    found = metrics([1.0, 1.0], [0, DAY], trades=trades_of(pnl))
    expected = exact_trade_metrics(pnl, [1000.0] * len(pnl))["sqn"]
    assert expected and found.sqn == pytest.approx(expected, rel=1e-12, abs=0)
    assert np.sign(found.sqn) == np.sign(found.expectancy)


def test_open_trades_are_not_outcomes_but_exposure() -> None:
    pnl = [1.0, -2.0, 3.0]
    rows = trades_of([*pnl, 1e6], open_from=3)
    rows["entry_time"][3], rows["exit_time"][3] = 5 * DAY, 9 * DAY
    found = metrics(np.ones(10), times(10, start=0), trades=rows)
    assert_same(found, exact_trade_metrics(pnl, [1000.0] * 3))
    assert found.exposure_time == 0.7  # steps 0, 1 and 5..9


def test_exposure_counts_overlapping_trades_once() -> None:
    rows = trades_of([1.0] * 4)
    rows["entry_time"], rows["exit_time"] = [0, 1, 1, 7], [2, 3, 3, 7]
    time = np.arange(10, dtype=np.int64)
    assert metrics(np.ones(10), time, trades=rows).exposure_time == 0.5
    assert metrics(np.ones(10), time, trades=rows[:0]).exposure_time == 0
    assert math.isnan(metrics(np.ones(10), time).exposure_time)


@pytest.mark.parametrize("seed", range(20))
def test_exposure_is_the_share_of_steps_inside_a_trade(seed: int) -> None:
    rng = np.random.default_rng(seed)
    time = np.sort(rng.integers(0, 400, 300))
    rows = trades_of([1.0] * int(rng.integers(1, 40)))
    rows["entry_time"] = rng.integers(-50, 450, len(rows))
    if seed % 2:
        rows["entry_time"].sort()
    rows["exit_time"] = rows["entry_time"] + rng.integers(0, 30, len(rows))
    if seed % 3 == 0:  # the bars that trades name are only where to look first
        rows["entry_bar"] = np.searchsorted(time, rows["entry_time"], "right") - (seed % 2)
        rows["exit_bar"] = rng.integers(0, 2**63, len(rows))
    inside = [any(t["entry_time"] <= at <= t["exit_time"] for t in rows) for at in time]
    found = metrics(np.ones(300), time, trades=rows)
    assert found.exposure_time == sum(inside) / 300


# ------------------------------------------------------------------ laws


@pytest.mark.parametrize("seed", range(5))
def test_equity_and_its_returns_have_the_same_figures(seed: int) -> None:
    equity: Floats = walk(seed, 500)
    whole = returns_of(np.concatenate(([8_000.0], equity)))
    time = times(500, DAY // 3)
    of_equity = metrics(equity, time, initial=8_000.0, periods_per_year=1095)
    of_returns = metrics(returns=whole, time=time, periods_per_year=1095)
    for field in fields(Metrics):
        one, other = getattr(of_equity, field.name), getattr(of_returns, field.name)
        expected = pytest.approx(one, rel=1e-9, nan_ok=True) if isinstance(one, float) else one
        assert other == expected, field.name


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, -1e-300])
@pytest.mark.parametrize("length", [3, 1024, 1025, 3000])
def test_what_is_no_equity_is_found_wherever_it_is(length: int, bad: float) -> None:
    """Blocks are checked by the range of their equities and by what their returns come to."""
    time = times(length)
    for at in {0, 1, length // 2, length - 2, length - 1, min(1023, length - 1)}:
        equity = walk(3, length)
        equity[at] = bad
        with pytest.raises(ValueError, match=rf"^equity\[{at}\] must be a finite number >= 0"):
            metrics(equity, time)


@pytest.mark.parametrize("at", [0, 255, 256, 511, 599])
def test_a_trade_that_is_none_is_found_wherever_it_is(at: int) -> None:
    """Each is checked in the block that sums it, and told after what else is wrong."""
    rows = np.zeros(600, TRADE_DTYPE)
    rows["quantity"] = rows["entry_price"] = rows["exit_reason"] = 1
    equity, time = walk(3, 50), times(50)
    assert metrics(equity, time, trades=rows).trades == 600
    rows["quantity"][at] = 0
    with pytest.raises(ValueError, match=rf"^trades\[{at}\]\.quantity must be a finite number > 0"):
        metrics(equity, time, trades=rows)
    with pytest.raises(ValueError, match=r"^benchmark\[7\]"):
        metrics(equity, time, trades=rows, benchmark=np.where(np.arange(50) == 7, -1.0, 1.0))


def test_scale_of_the_money_changes_nothing() -> None:
    equity, time = walk(9, 700), times(700)
    one, other = metrics(equity, time), metrics(equity * 1024.0, time)
    assert one.to_dict() == other.to_dict()


def test_first_step_that_changed_nothing_is_the_start() -> None:
    equity = np.array([100.0, 110.0, 99.0])
    time = times(3)
    assert metrics(equity, time, initial=100.0).to_dict() == metrics(equity, time).to_dict()
    moved = metrics(equity, time, initial=80.0)
    assert (moved.returns, moved.daily_returns, moved.best_return) == (3, 3, 0.25)


def test_same_input_gives_the_same_bits() -> None:
    equity, time = walk(3, 5000), times(5000, 60_000)
    assert metrics(equity, time).to_dict() == metrics(equity, time).to_dict()
