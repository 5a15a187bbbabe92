"""sweep() == backtest() == sweep(), whatever runs it: rows, metrics and curves to the last bit.

More of the random ones with HQUANT_SWEEP_RUNS, such as 1000.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest
from sweep_runs import RandomSweep, differences, random_sweep, same_bits

from hquant_cffi import Bars, CancelledError, backtest, load_sp500, metrics, sweep
from hquant_cffi._ffi import lib
from hquant_cffi._sweep_table import Collector

RUNS = int(os.environ.get("HQUANT_SWEEP_RUNS", "60"))

CROSS = """
PARAM fast = 10 IN 2..60
PARAM slow = 50 IN 2..200
IF CROSSOVER(SMA(close, fast), SMA(close, slow)) THEN BUY
IF CROSSUNDER(SMA(close, fast), SMA(close, slow)) THEN SELL
"""


@pytest.fixture
def any_width() -> Iterator[None]:
    """Vector instructions as the machine has them, whatever a test limits them to."""
    yield
    lib.hq_simd_limit(2)


@pytest.mark.parametrize("seed", range(RUNS))
def test_every_row_is_the_backtest_with_these_params(seed: int) -> None:
    case = random_sweep(seed)
    found = sweep(case.data, case.strategy, grid=case.grid, metrics="all", curves=True,
                  n_jobs=1 + seed % 2, **case.options)  # fmt: skip
    assert len(found) == len(case.grid) and found.refused == 0
    assert found.curves is not None and found.time is not None
    for i, params in enumerate(case.grid):
        report = case.single(params)
        wrong = differences(found.table[i], report, report.metrics)
        assert not wrong, f"row {i}, {params}: {wrong}"
        assert np.array_equal(found.curves[i], report.equity)
        assert np.array_equal(found.time, report.time)
        assert found[i].params == {
            param.name: params.get(param.name, param.value) for param in case.strategy.params
        }
    assert same_bits(found.table[:1], found.table[-1:])  # the same combination


@pytest.mark.parametrize("seed", range(4000, 4000 + 3 * RUNS))
def test_combinations_side_by_side_are_combinations_one_by_one(seed: int) -> None:
    """Rows alone are computed together, sharing what they can; with curves, each by itself."""
    case = random_sweep(seed, length=200 + 37 * (seed % 40), rows=2 + seed % 40)
    together = _plain(case, n_jobs=1 + seed % 3)
    alone = _alone(case)
    wrong = [n for n in together.dtype.names or () if not same_bits(together[n], alone[n])]
    assert not wrong, wrong


# Conditions that all combinations share, that each has for itself, and that are made of both.
CONDITIONS = """
PARAM fast = 10 IN 2..60
PARAM least = 100 IN 0..1000
trend = close > SMA(close, 90)
cheap = close < least
IF trend AND CROSSOVER(close, SMA(close, fast)) AND NOT cheap THEN BUY STOP least / 50
IF NOT trend AND (cheap OR CROSSUNDER(close, SMA(close, 20))) THEN SELL
IF RISING(close, fast) OR CROSSOVER(close, least) THEN BUY
"""


@pytest.mark.parametrize("level", [0, 1, 2])
@pytest.mark.usefixtures("any_width")
def test_conditions_of_one_and_of_many_combinations(level: int) -> None:
    lib.hq_simd_limit(level)
    close = 100 + np.cumsum(np.random.default_rng(5).normal(0, 1, 5_000))
    data = Bars(np.arange(5_000) * 60_000, close, close + 1, close - 1, close, np.ones(5_000))
    grid = [{"fast": fast, "least": least} for fast in (2, 3, 30) for least in (50, 90, 100, 400)]
    found = sweep(data, CONDITIONS, grid=grid)
    for i, params in enumerate(grid):
        report = backtest(data, CONDITIONS, params=params)
        row, figures = found.table[i], report.metrics
        assert row["trades"] == report.closed_trades and row["final_equity"] == report.final_equity
        assert row["signals"] == report.signals and row["warmup_bars"] == report.warmup_bars
        assert (row["sharpe"], row["max_drawdown"]) == (figures.sharpe, figures.max_drawdown)
    assert len(set(found.table["trades"])) > 6


def test_the_random_sweeps_trade() -> None:
    tables = [_plain(random_sweep(seed)) for seed in range(20)]
    trades = [int(table["trades"].sum()) for table in tables]
    assert sum(count > 20 for count in trades) >= 10, trades
    assert sum(len(np.unique(table["final_equity"])) > 2 for table in tables) >= 10
    assert any(table["ambiguous_bars"].any() for table in tables)
    assert any(table["rejected_orders"].any() for table in tables)


def _alone(case: RandomSweep) -> np.ndarray:  # type: ignore[type-arg]
    return sweep(case.data, case.strategy, grid=case.grid, curves=True, **case.options).table


def _plain(case: RandomSweep, **how: int | None) -> np.ndarray:  # type: ignore[type-arg]
    found = sweep(case.data, case.strategy, grid=case.grid, **how, **case.options)  # type: ignore[arg-type]
    return found.table


def test_combinations_whose_windows_fit_into_no_graph_together_are_run() -> None:
    """140 windows of 8 MB, where a graph holds a GB; each combination alone needs one."""
    text = """
    PARAM long = 9 IN 2..100000
    IF CORREL(close, volume, long) > 0 OR close > SMA(close, 9) THEN BUY
    IF close < SMA(close, 9) THEN SELL
    """
    bars = load_sp500()[:300]
    found = sweep(bars, text, {"long": range(99_000, 99_140)})
    assert len(found) == 140 and found.refused == 0
    one = backtest(bars, text, params={"long": 99_139})
    assert found.table["final_equity"].tolist() == [one.final_equity] * 140


def test_one_bar_is_enough_to_hold_something() -> None:
    bar = load_sp500()[:1]
    text = "PARAM n = 1 IN 0..9\nIF close > n THEN BUY"
    rows = sweep(bar, text, {"n": [1, 2]}, fill="close", fee=0.001).table
    report = backtest(bar, text, fill="close", fee=0.001)
    assert rows["final_equity"].tolist() == [report.final_equity] * 2
    assert rows["fees"].tolist() == [report.fees] * 2 and report.fees > 0


@pytest.mark.parametrize("closed", [63, 64, 65])
def test_a_trade_that_is_open_at_the_end_is_one_of_those_that_are_measured(closed: int) -> None:
    """There is room for 64 at first."""
    volume = np.array([1.0, 2.0] * closed + [1.0, 3.0, 3.0, 3.0])
    close = 100 + np.cumsum(np.random.default_rng(2).normal(0, 1, len(volume)))
    bars = Bars(np.arange(len(volume)) * 86_400_000, close, close, close, close, volume)
    text = "PARAM n = 2 IN 2..9\nIF volume == 1 THEN BUY\nIF volume == n THEN SELL"
    found = sweep(bars, text, {"n": [2]}, metrics="all", sides="long", fill="close")
    report = backtest(bars, text, sides="long", fill="close")
    assert (report.closed_trades, report.open_trades) == (closed, 1)
    assert not differences(found.table[0], report, report.metrics)


def test_rows_alone_know_what_time_it_is() -> None:
    """VWAP begins anew every day, in each block of the bars."""
    close = 100 + np.cumsum(np.random.default_rng(8).normal(0, 1, 3_000))
    volume = np.random.default_rng(9).uniform(1, 9, 3_000)
    bars = Bars(np.arange(3_000) * 3_600_000, close, close + 1, close - 1, close, volume)
    text = """
    PARAM n = 3 IN 1..90
    IF SMA(close, n) > VWAP() THEN BUY
    IF SMA(close, n) < VWAP() THEN SELL
    """
    rows = sweep(bars, text, {"n": [1, 3, 30]}).table
    alone = sweep(bars, text, {"n": [1, 3, 30]}, curves=True).table
    assert same_bits(rows, alone) and (rows["trades"] > 100).all()


def test_a_combination_that_needs_the_whole_graph_is_run_without_the_others() -> None:
    """140 windows of up to 8 MB each: nearly a GB, which fits alone; more than one, which cannot.

    What was set up of a tile before such a combination is run again without it, and counted once.
    """
    sums = " + ".join(f"CORREL(SMA(close, {i + 2}), volume, long)" for i in range(140))
    text = f"""
    PARAM long = 9 IN 2..100000
    IF {sums} > 0 OR close > SMA(close, 9) THEN BUY
    IF close < SMA(close, 9) THEN SELL
    """
    bars = load_sp500()[:300]
    values = [100_000, 300, 95_800, 1_100]
    done = []
    found = sweep(bars, text, {"long": values}, progress=lambda n, _: done.append(n))
    assert found.table["refused"].tolist() == [value == 100_000 for value in values]
    assert found.refusal is not None and "a graph holds at most" in found.refusal
    one = backtest(bars, text, params={"long": 300})
    assert found.table["final_equity"][1:4].tolist() == [one.final_equity] * 3
    assert done == sorted(done) and done[-1] == len(values)


def test_combinations_side_by_side_are_stopped_between_blocks_of_bars() -> None:
    """Long before the first of them is done."""
    close = np.linspace(100, 200, 5_000)
    bars = Bars(np.arange(5_000) * 60_000, close, close, close, close, np.ones(5_000))
    with pytest.raises(CancelledError, match="after 0 of 3 combinations"):
        sweep(bars, CROSS, {"fast": [3, 5, 9]}, progress=lambda done, total: True)


@pytest.mark.parametrize("seed", range(1000, 1012))
def test_no_result_depends_on_threads_or_chunks(seed: int) -> None:
    case = random_sweep(seed, rows=16)
    expected = _plain(case)
    alone = _alone(case)
    assert same_bits(expected, alone)
    for threads in (1, 2, 4, 64):
        for size in (None, 1, 3, 16, 1000):
            assert same_bits(_plain(case, n_jobs=threads, chunk_size=size), expected)


@pytest.mark.usefixtures("any_width")
@pytest.mark.parametrize("seed", range(1100, 1112))
def test_no_result_depends_on_the_width_of_vectors(seed: int) -> None:
    case = random_sweep(seed, rows=16)
    expected = _plain(case)
    for level in (0, 1, 2):
        lib.hq_simd_limit(level)
        assert same_bits(_plain(case, n_jobs=2), expected)
        assert same_bits(_alone(case), expected)


def test_what_is_added_changes_nothing_else() -> None:
    """Metrics and curves are asked for, or one metric is, or none: the rows stay the same."""
    case = random_sweep(7)
    plain = _plain(case)
    full = sweep(case.data, case.strategy, grid=case.grid, metrics="all", curves=True,
                 **case.options)  # fmt: skip
    one = sweep(case.data, case.strategy, grid=case.grid, metric="sortino", **case.options)
    for name in plain.dtype.names or ():
        assert same_bits(full.table[name], plain[name])
        assert same_bits(one.table[name], plain[name])
    assert same_bits(one.table["sortino"], full.table["sortino"])


def test_a_year_and_a_rate_without_risk_are_those_of_metrics() -> None:
    bars = load_sp500()
    year = {"periods_per_year": 260.0, "days_per_year": 250.0, "risk_free": 0.02}
    found = sweep(bars, CROSS, {"fast": [10]}, metrics="all", **year)  # type: ignore[arg-type]
    report = backtest(bars, CROSS, params={"fast": 10})
    given = metrics(report.equity, report.time, initial=report.capital, trades=report.trades,
                    **year)  # type: ignore[arg-type]  # fmt: skip
    assert not differences(found.table[0], report, given)
    assert not np.isclose(found.table[0]["sharpe"], report.metrics.sharpe)


def test_bars_that_are_left_out_are_left_out_of_the_year_too() -> None:
    bars = load_sp500()
    low = np.array(bars.low)
    low[::3] = -1.0
    broken = Bars(bars.timestamp, bars.open, bars.high, low, bars.close, bars.volume)
    found = sweep(broken, CROSS, {"fast": [5, 20]}, bad_bars="skip", metrics="all")
    for i, fast in enumerate((5, 20)):
        report = backtest(broken, CROSS, params={"fast": fast}, bad_bars="skip")
        assert report.rejected_bars > 1000
        assert not differences(found.table[i], report, report.metrics)


@pytest.mark.parametrize("at", [0, 1_023, 2_999])
def test_rows_alone_leave_out_the_bars_that_each_run_leaves_out(at: int) -> None:
    """One bad bar is enough: combinations side by side would all trade it."""
    close = 100 + np.cumsum(np.random.default_rng(3).normal(0, 1, 3_000))
    low = close - 1
    low[at] = -1.0
    broken = Bars(np.arange(3_000) * 60_000, close, close + 1, low, close, np.ones(3_000))
    rows = sweep(broken, CROSS, {"fast": [5, 9, 20]}, bad_bars="skip").table
    alone = sweep(broken, CROSS, {"fast": [5, 9, 20]}, bad_bars="skip", metrics="all").table
    assert all(same_bits(rows[name], alone[name]) for name in rows.dtype.names or ())
    report = backtest(broken, CROSS, params={"fast": 9}, bad_bars="skip")
    assert report.rejected_bars == 1 and rows["final_equity"][1] == report.final_equity


def test_without_rules_no_bar_is_one_of_the_warm_up() -> None:
    text = "PARAM n = 3 IN 1..90\nx = SMA(close, n)"
    rows = sweep(load_sp500(), text, {"n": [3, 30]}).table
    assert rows["warmup_bars"].tolist() == [0, 0]
    assert backtest(load_sp500(), text, params={"n": 30}).warmup_bars == 0


@pytest.mark.parametrize("how", [{}, {"top": 1}, {"chunk_size": 1}])
def test_curves_have_no_step_for_bars_that_are_left_out(how: dict[str, int]) -> None:
    bars = load_sp500()[:400]
    low = np.array(bars.low)
    low[[0, 200, 399]] = -1.0
    broken = Bars(bars.timestamp, bars.open, bars.high, low, bars.close, bars.volume)
    found = sweep(broken, CROSS, {"fast": [5, 20]}, bad_bars="skip", curves=True, **how)  # type: ignore[arg-type]
    assert found.curves is not None and found.time is not None
    for i, curve in enumerate(found.curves):
        report = backtest(broken, CROSS, params=found[i].params, bad_bars="skip")
        assert report.rejected_bars == 3
        assert np.array_equal(curve, report.equity) and np.array_equal(found.time, report.time)


def test_what_c_has_room_for_behind_a_curve_is_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """Zeros would be an account that is lost."""
    bars = load_sp500()[:400]
    low = np.array(bars.low)
    low[[7, 200, 201]] = -1.0
    broken = Bars(bars.timestamp, bars.open, bars.high, low, bars.close, bars.volume)
    written: list[npt.NDArray[np.float64]] = []
    monkeypatch.setattr(Collector, "_steps", lambda self, curves: written.append(curves) or curves)
    with pytest.raises(ValueError, match="broadcast"):  # for want of it
        sweep(broken, CROSS, {"fast": [5, 20]}, bad_bars="skip", curves=True)
    assert written[0].shape == (2, 400)
    assert np.isnan(written[0][:, 397:]).all() and not np.isnan(written[0][:, :397]).any()


def test_times_that_a_backtest_takes_are_those_a_sweep_takes() -> None:
    """Further away than metrics() lets any be: rows of one symbol, with all metrics, of several."""
    near = load_sp500()[:600]
    far = Bars(near.timestamp + 2**61, near.open, near.high, near.low, near.close, near.volume)
    plain, full = (sweep(far, CROSS, {"fast": [5, 9]}, **how) for how in ({}, {"metrics": "all"}))
    several = sweep({"A": far, "B": far}, CROSS, {"fast": [5, 9]})
    assert plain.refused == full.refused == several.refused == 0
    assert [full.table[name].tolist() for name in ("trades", "total_return", "max_drawdown")] == [
        plain.table[name].tolist() for name in ("trades", "total_return", "max_drawdown")
    ]


def test_the_top_rows_are_those_of_the_whole_table() -> None:
    case = random_sweep(3, rows=40)
    whole = sweep(case.data, case.strategy, grid=case.grid, curves=True, **case.options)
    for count in (1, 5, 41, 1000):
        for size in (None, 1, 7):
            part = sweep(case.data, case.strategy, grid=case.grid, top=count, curves=True,
                         chunk_size=size, **case.options)  # fmt: skip
            assert same_bits(part.table, whole.top(count))
            assert part.best.params == whole.best.params
            assert part.curves is not None and len(part.curves) == len(part.table)
            report = case.single(part.best.params)
            assert np.array_equal(part.curves[0], report.equity)


def test_a_planted_mistake_is_seen() -> None:
    """A row of another combination, or one bit of a figure, does not pass for the right one."""
    case = random_sweep(2)
    found = sweep(case.data, case.strategy, grid=case.grid, metrics="all", **case.options)
    reports = [case.single(params) for params in case.grid]
    returns = [report.total_return for report in reports]
    i, j = int(np.argmin(returns)), int(np.argmax(returns))
    assert returns[i] != returns[j]
    assert differences(found.table[i], reports[j], reports[j].metrics)
    table = found.table.copy()
    table["fees"][i] = np.nextafter(table["fees"][i], np.inf)
    assert len(differences(table[i], reports[i], reports[i].metrics)) == 1


@pytest.mark.parametrize("level", [0, 1, 2])
@pytest.mark.parametrize("values", [(100, 14), (70, 60, 14), (2_900, 14), (14, 100)])
@pytest.mark.parametrize("window", ["close < BOLL(close, 20, 2).lower", "STDDEV(close, 20) > 1"])
@pytest.mark.usefixtures("any_width")
def test_a_first_combination_that_is_not_warm_yet_leaves_nothing_to_the_next(
    level: int, values: tuple[int, ...], window: str
) -> None:
    """Its window fetches a part of the columns that come next; what is left is not another's."""
    lib.hq_simd_limit(level)
    close = 200 + np.cumsum(np.random.default_rng(1).normal(0, 1, 3_000))
    data = Bars(np.arange(3_000) * 60_000, close, close + 1, close - 1, close, np.ones(3_000))
    text = f"""
PARAM n = 14 IN 2..3000
IF RSI(close, n) < 30 AND {window} THEN BUY
IF RSI(close, n) > 70 THEN SELL
"""
    found = sweep(data, text, {"n": list(values)}, n_jobs=1)
    for row, n in zip(found.table, values, strict=True):
        report = backtest(data, text, params={"n": n})
        assert row["final_equity"] == report.final_equity and row["signals"] == report.signals
