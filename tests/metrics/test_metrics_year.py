"""How many steps make a year: given, or read off the data, and said."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from metric_curves import DAY, MONDAY, Ints, times, walk
from plain_year import plain_year

from hquant_cffi import DataError, ParameterError, backtest, load, metrics
from hquant_cffi._metrics import equity_metrics
from hquant_cffi._records import TRADE_DTYPE
from hquant_cffi._years import Year, year_of

HOUR = DAY // 24
WEEKDAYS = [0, 1, 2, 3, 4]


def sessions(weeks: int, steps: int, spacing: int, open_at: int = 14 * HOUR) -> Ints:
    """Steps of a market that is open on weekdays."""
    days = np.array([MONDAY + DAY * (7 * w + d) for w in range(weeks) for d in WEEKDAYS])
    return (days[:, None] + open_at + spacing * np.arange(steps)).ravel()


@pytest.mark.parametrize(
    ("time", "periods", "days"),
    [
        (times(30_000, 60_000), 525_600, 365),  # crypto by the minute
        (times(5_000, HOUR), 8760, 365),
        (times(5_000, 4 * HOUR), 2190, 365),
        (times(100), 365, 365),
        (sessions(20, 1, HOUR, open_at=0), 252, 252),  # stocks by the day
        (sessions(20, 7, HOUR), 252 * 7, 252),  # and by the hour
        (sessions(20, 390, 60_000), 252 * 390, 252),
        (times(60, 7 * DAY), 52, 52),
        (np.arange("2000-01", "2010-01", dtype="datetime64[M]"), 12, 12),
        (np.arange("2000-01", "2010-01", 3, dtype="datetime64[M]"), 4, 4),
        (np.arange("1980", "2020", dtype="datetime64[Y]"), 1, 1),
        (times(90, 3 * DAY), 365.25 / 3, 365.25 / 3),
    ],
)
def test_year_is_read_off_the_data(time: Ints, periods: float, days: float) -> None:
    year = year_of(time.astype("datetime64[ms]").astype(np.int64))
    assert (year.periods, year.days) == (periods, days)
    assert "given" not in year.periods_from + year.days_from


def test_real_data_have_the_years_of_their_markets(shared_data: Path) -> None:
    goog = load(shared_data / "GOOG_daily.csv").timestamp
    fil = load(shared_data / "binance_um_FILUSDT_1m_2023-04_06.csv.gz").timestamp
    euro = load(shared_data / "EURUSD_1h.csv").timestamp
    assert year_of(goog)[:2] == (252, 252)
    assert year_of(fil)[:2] == (525_600, 365)
    assert year_of(euro)[:2] == (252 * 24, 252)


def some_times(rng: np.random.Generator) -> Ints:
    """Times of 0 to 500 steps, at one moment or some, before 1970 or after."""
    gaps = [0, 1, 7, 60_000, HOUR, 3 * HOUR, DAY - 1, DAY, 2 * DAY, 4 * DAY, 7 * DAY, 30 * DAY]
    gaps += [HOUR * hours for hours in (19, 20, 21, 30, 35, 36, 37)]
    kinds = rng.choice(gaps, rng.integers(1, 7), replace=False)
    shares = rng.dirichlet(np.full(len(kinds), rng.choice([0.01, 0.1, 1, 10])))
    time = np.cumsum(rng.choice(kinds, rng.integers(0, 500), p=shares))
    time += rng.integers(-100, 100) * DAY + rng.choice([0, 1, HOUR, 12 * HOUR, DAY - 1])
    if rng.random() < 0.5:
        time = time[(time // DAY + 3) % 7 < 5]  # without weekends
    return time


@pytest.mark.parametrize("seed", range(400))
def test_a_year_is_that_of_plain_lists(seed: int) -> None:
    rng = np.random.default_rng(seed)
    time, market = some_times(rng), rng.choice([0, 252, 365])
    found = year_of(time, f"{market}d" if market else None)  # type: ignore[arg-type]
    assert str(found) == str(plain_year(time.tolist(), int(market)))  # NaN is not itself


@pytest.mark.parametrize("length", [0, 1])
def test_a_market_that_is_given_does_not_tell_how_many_steps_a_day_has(length: int) -> None:
    year = year_of(times(length), "252d")
    assert math.isnan(year.periods) and year.days == 252
    assert year.periods_from == "not known: fewer than two moments"


HOURS = (1, 18, 19, 19.75, 20, 21, 24, 30, 34, 35, 36, 37, 48)
DAYS = (6, 7, 8, 27, 28, 29, 30, 31, 32, 88, 89, 90, 91, 92, 93, 364, 365, 366, 367)


@pytest.mark.parametrize("spacing", [int(HOUR * n) for n in HOURS] + [DAY * n for n in DAYS])
@pytest.mark.parametrize("begin", range(7))
def test_a_year_of_even_steps_is_that_of_plain_lists(spacing: int, begin: int) -> None:
    for hour in (0, 1, 23):
        for length in (2, 30, 31, 200):
            time = times(length, spacing, start=MONDAY + begin * DAY + hour * HOUR)
            assert str(year_of(time)) == str(plain_year(time.tolist()))


def test_a_session_of_many_steps_is_counted_with_commas() -> None:
    time = sessions(3, 1200, 60_000, open_at=0)
    assert year_of(time).periods_from.endswith(" of 1,200 steps (median)")
    assert str(year_of(time)) == str(plain_year(time.tolist()))


GIVEN = (
    (None, None), ("365d", None), ("252d", None), (1000, None), (None, 300.5), (1000, 300.5),
    ("252d", 300.5), (np.int64(1000), np.float32(300.5)),
)  # fmt: skip


@pytest.mark.parametrize("given", GIVEN, ids=str)
@pytest.mark.parametrize("length", [3, 400])
def test_metrics_go_by_the_year_that_is_found(given: tuple[Any, Any], length: int) -> None:
    time = times(length, HOUR)
    year = year_of(time, *given)
    found = metrics(walk(0, length), time, periods_per_year=given[0], days_per_year=given[1])
    told = (found.periods_per_year, found.days_per_year, found.periods_per_year_from)
    assert str((*told, found.days_per_year_from)) == str(tuple(year))


@pytest.mark.parametrize("risk_free", [0.0, 0.03])
def test_a_year_that_is_found_is_as_good_as_one_that_is_given(risk_free: float) -> None:
    time, curve = times(2000, HOUR), walk(1, 2000)
    year = year_of(time)
    given = {"periods_per_year": year.periods, "days_per_year": year.days}
    found = metrics(curve, time, risk_free=risk_free)
    expected = metrics(curve, time, risk_free=risk_free, **given)  # type: ignore[arg-type]
    told, wanted = found.to_dict(), expected.to_dict()
    assert all(name.endswith("_from") or told[name] == wanted[name] for name in wanted)
    assert math.isfinite(found.sharpe) and math.isfinite(found.sortino)
    time[1500] -= 2 * HOUR
    with pytest.raises(DataError, match=r"^time\[1500\] = \d+ is before time\[1499\]"):
        metrics(curve, time, risk_free=risk_free)


def test_what_is_not_known_is_asked_for_by_its_own_name() -> None:
    year = year_of(times(3, HOUR))
    assert year.periods_from.endswith("; give periods_per_year")
    assert year.days_from.endswith("; give days_per_year")
    assert year_of(times(3, HOUR), 1000).days_from.endswith("; give days_per_year")


def test_a_year_of_other_times_is_taken_as_it_is() -> None:
    """As walk-forward does: a test is measured by the year of its whole fold."""
    none, time = np.zeros(0, TRADE_DTYPE), times(10, HOUR)
    year = Year(1234.0, 99.0, "elsewhere", "there")
    found = equity_metrics(walk(0, 10), time, year, initial=1.0, trades=none, risk_free=0.0)
    assert (found.periods_per_year, found.days_per_year) == (1234, 99)
    assert (found.periods_per_year_from, found.days_per_year_from) == ("elsewhere", "there")
    with pytest.raises(ParameterError, match=r"^equity\[1\] must be a finite number >= 0, got -1"):
        bad = np.array([1.0, -1.0])
        equity_metrics(bad, time[:2], year, initial=1.0, trades=none, risk_free=0.0)


def test_of_some_years_all_that_a_rule_tells_apart_is_among_the_random_ones() -> None:
    words = [year_of(some_times(np.random.default_rng(seed))).periods_from for seed in range(400)]
    for part in (
        "fewer than two", "no whole Saturday", "steps of", "a step each", "steps (median)",
        "median spacing", "252 days", "365 days",
    ):  # fmt: skip
        assert sum(part in each for each in words) > 5, part


def test_times_that_fall_are_refused_by_place() -> None:
    time = times(100_000, 60_000)
    time[77_777] = 5
    told = rf"^time\[77777\] = 5 is before time\[77776\] = {time[77_776]}; sort the steps"
    for call in (year_of, lambda time: metrics(np.ones(len(time)), time)):
        with pytest.raises(DataError, match=told):
            call(time)


def test_times_that_are_no_ms_since_1970_tell_nothing_and_have_no_metrics() -> None:
    time = np.array([0, 60_000, 2**62], np.int64)
    year = year_of(time)
    assert math.isnan(year.periods) and math.isnan(year.days)
    assert year.days_from == year.periods_from == "not known: times are no ms since 1970"
    assert year_of(time, 252.0, 7).days == 7
    for given in ({}, {"periods_per_year": 252, "days_per_year": 252}):
        with pytest.raises(ParameterError, match=r"^time must be ms since 1970, got 0 \.\. 4611"):
            metrics(np.ones(len(time)), time, **given)


@pytest.mark.parametrize("dtype", ["<i8", ">i8", "<u8", "<i4"])
@pytest.mark.parametrize("length", [200, 3000, 40_000])
def test_times_that_are_copied_are_read_while_they_are_there(dtype: str, length: int) -> None:
    time = (25_000 * np.arange(2 * length)).astype(dtype)[::2]
    assert str(year_of(time)) == str(year_of(np.ascontiguousarray(time, np.int64)))


def test_times_far_apart_need_no_memory() -> None:
    time = np.array([0, 60_000, 120_000, 180_000, 2**60], np.int64)
    found = metrics(np.ones(5), time)
    assert found.days_per_year == 252
    assert "Saturdays" in found.days_per_year_from


def test_gaps_do_not_change_the_year() -> None:
    time = np.delete(times(20_000, 60_000), np.s_[1000:9000])
    assert year_of(time)[:2] == (525_600, 365)


@pytest.mark.parametrize(
    "time",
    [times(1), times(5), times(6, start=MONDAY - DAY), times(300, 60_000), times(4, 0)],
    ids=["one step", "monday to friday", "sunday to friday", "five hours", "one moment"],
)
def test_what_the_data_do_not_tell_is_not_guessed(time: Ints) -> None:
    year = year_of(time)
    assert math.isnan(year.periods) and math.isnan(year.days)
    assert year.periods_from.startswith("not known: ")
    found = metrics(walk(0, len(time)), time)
    yearly = (
        found.cagr, found.volatility, found.sharpe, found.sortino, found.calmar,
        found.annual_return_geometric, found.volatility_geometric, found.sharpe_geometric,
        found.sortino_geometric, found.calmar_geometric, found.alpha, found.alpha_compounded,
    )  # fmt: skip
    assert all(map(math.isnan, yearly))
    assert not math.isnan(found.total_return)
    assert found.periods_per_year_from == year.periods_from


def test_flat_curve_of_an_unknown_year_has_no_growth_rate() -> None:
    found = metrics(np.ones(5), times(5), benchmark=np.ones(5))
    assert math.isnan(found.cagr) and math.isnan(found.annual_return_geometric)
    assert math.isnan(found.alpha_compounded)


def test_given_numbers_are_taken_and_said() -> None:
    found = metrics(walk(0, 50), times(50, HOUR), periods_per_year=1234.5)
    assert (found.periods_per_year, found.periods_per_year_from) == (1234.5, "given")
    assert (found.days_per_year, "not known" in found.days_per_year_from) == (
        pytest.approx(math.nan, nan_ok=True),
        True,
    )
    both = metrics(walk(0, 50), times(50, HOUR), periods_per_year=1234.5, days_per_year=250)
    assert (both.days_per_year, both.days_per_year_from) == (250, "given")


def test_given_periods_of_daily_steps_are_those_of_days() -> None:
    assert year_of(times(50), 260.0) == Year(260.0, 260.0, "given", "given")


@pytest.mark.parametrize(("market", "periods"), [("365d", 365 * 24), ("252d", 252 * 24)])
def test_named_market_needs_no_saturday(market: str, periods: float) -> None:
    year = year_of(times(4 * 24, HOUR), market)  # type: ignore[arg-type]
    assert (year.periods, year.days) == (periods, int(market[:3]))
    assert year.days_from == f"{market[:3]} days a year, as given"


@pytest.mark.parametrize("bad", [0, -1, math.nan, math.inf, 10**400, "365", "1y", True, [365]])
def test_anything_else_is_refused_by_name(bad: object) -> None:
    expected = r"^periods_per_year: expected a finite number > 0, '365d', '252d' or None, found "
    with pytest.raises(ParameterError, match=expected):
        metrics(walk(0, 50), times(50), periods_per_year=bad)  # type: ignore[arg-type]
    if not isinstance(bad, str):
        expected = r"^days_per_year: expected a finite number > 0 or None, found "
        with pytest.raises(ParameterError, match=expected):
            metrics(walk(0, 50), times(50), days_per_year=bad)  # type: ignore[arg-type]


def test_a_report_whose_columns_were_replaced_is_measured_by_what_there_is() -> None:
    close = 100 + np.arange(50.0)
    bars = dict.fromkeys(("open", "high", "low", "close"), close) | {"volume": close}
    report = backtest({"timestamp": times(50), **bars}, signals=np.ones(50, np.int8))
    fewer = dataclasses.replace(report, equity=report.equity[:10].copy())
    with pytest.raises(ParameterError, match=r"^time: expected 10 times, one a step, found \(50"):
        _ = fewer.metrics
    both = dataclasses.replace(fewer, time=report.time[:10])
    expected = metrics(report.equity[:10], report.time[:10], initial=report.capital)
    assert both.metrics.total_return == expected.total_return != report.metrics.total_return
    short = report.equity.astype(np.float32)
    expected = metrics(short, report.time, initial=report.capital)
    assert dataclasses.replace(report, equity=short).metrics.total_return == expected.total_return
    with pytest.raises(ParameterError, match="expected an array of one dimension, found 2"):
        _ = dataclasses.replace(report, equity=report.equity[:, None]).metrics
    spread = dataclasses.replace(report, equity=report.equity[::5], time=report.time[::5])
    assert spread.metrics.periods_per_year_from == year_of(report.time[::5]).periods_from
