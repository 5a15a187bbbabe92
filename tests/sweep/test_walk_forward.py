"""walk_forward(): no bar of a test reaches its training, none after it reaches the test.

More of the random ones with HQUANT_SWEEP_RUNS, such as 1000.
"""

from __future__ import annotations

import os
import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sweep.sweep_runs import OF_METRICS, OF_REPORT, REPORT, same
from sweep.walk_laws import RandomWalk, foresight, leaks, random_walk, trained_steps

from hquant_cffi import (
    Bars,
    CancelledError,
    ParameterError,
    Period,
    Strategy,
    backtest,
    load_sp500,
    metrics,
    sweep,
    walk_forward,
)
from hquant_cffi._walk_run import Walk

RUNS = int(os.environ.get("HQUANT_SWEEP_RUNS", "60")) // 3
BARS = load_sp500()[:1200]
TEXT = """
PARAM fast = 5 IN 3..20
PARAM slow = 30 IN 20..90
IF CROSSOVER(SMA(close, fast), SMA(close, slow)) THEN BUY
IF CROSSUNDER(SMA(close, fast), SMA(close, slow)) THEN SELL
"""
VALUES = {"fast": [3, 5, 10], "slow": [20, 40]}


def run(bars: Any = BARS, params: Any = VALUES, **how: Any) -> Any:
    return walk_forward(bars, TEXT, params, **{"train": 400, "test": 200, "fee": 0.0004, **how})


# --------------------------------------------------------------------- no leak


@pytest.mark.parametrize("seed", range(3000, 3000 + RUNS))
def test_no_bar_but_those_of_its_training_reaches_a_choice(seed: int) -> None:
    assert leaks(random_walk(seed)) == []


@pytest.mark.parametrize("seed", range(3500, 3500 + RUNS))
def test_no_bar_after_a_test_reaches_it(seed: int) -> None:
    assert foresight(random_walk(seed)) == []


def test_the_random_walks_choose_and_trade() -> None:
    found = [random_walk(seed).run() for seed in range(3000, 3012)]
    chosen = {tuple(each.params(i).items()) for each in found for i in range(len(each))}
    assert len(chosen) > 24
    assert sum(int(each.folds["trades"].sum()) for each in found) > 100
    assert any((each.folds["train_bars"] < each.folds["train_end"]).any() for each in found)


def _like(fold: Any, **others: Any) -> Any:
    names = ("begin", "train_end", "test", "end", "keeps")
    return SimpleNamespace(**{**{name: getattr(fold, name) for name in names}, **others})


@pytest.mark.parametrize("where", ["test", "embargo", "purge"])
def test_a_planted_leak_of_one_bar_is_seen(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    train = Walk._train

    def leaky(self: Walk, fold: Any, progress: Any) -> Any:
        keeps = fold.keeps.copy()
        if where == "embargo":
            keeps[fold.begin : fold.train_end] = True
        else:
            keeps[fold.test if where == "test" else fold.test - 1] = True
        return train(self, _like(fold, keeps=keeps), progress)

    walks = [random_walk(seed) for seed in range(3000, 3008)]
    for walk in walks:
        walk.lengths = {"train": 40, "test": 20, "purge": 3, "embargo": 4}
        assert leaks(walk) == []
    monkeypatch.setattr(Walk, "_train", leaky)
    assert sum(bool(leaks(walk)) for walk in walks) >= 3


def test_a_planted_look_ahead_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    test = Walk._test

    def later(self: Walk, fold: Any, best: Any) -> Any:
        return test(self, _like(fold, end=min(fold.end + 1, len(self.time))), best)

    walks = [random_walk(seed) for seed in range(3000, 3008)]
    assert [foresight(walk) for walk in walks] == [[]] * 8
    monkeypatch.setattr(Walk, "_test", later)
    assert sum(bool(foresight(walk)) for walk in walks) >= 3


# ----------------------------------------------------- what a fold is made of


@pytest.mark.parametrize("seed", range(3600, 3610))
def test_a_training_is_a_sweep_of_its_bars(seed: int) -> None:
    walk = random_walk(seed)
    if "finer" in walk.case.options:
        del walk.case.options["finer"]
        walk.case.options["intrabar"] = "worst"
    found = walk.run()
    time = walk.time
    for row in range(len(found)):
        keep = trained_steps(row, len(time), walk.lengths)
        options = dict(walk.case.options)
        data, rates = {}, {}
        for name, bars in walk.symbols.items():
            kept = keep[np.searchsorted(time, bars.timestamp)]
            data[name] = Bars(**{n: c[kept] for n, c in bars.columns.items()})  # type: ignore[arg-type]
            if "funding" in options:
                given = options["funding"]
                column = given[name] if isinstance(given, dict) else given
                rates[name] = np.asarray(column)[kept]
        if rates:
            options["funding"] = rates.get("", rates)
        alone = sweep(data.get("", data), walk.case.strategy, grid=walk.case.grid,
                      metric="total_return", **options)  # fmt: skip
        assert alone.best.params == found.params(row)
        assert same(alone.best["total_return"], found.folds["in_sample"][row])
        assert found.folds["train_bars"][row] == np.count_nonzero(keep)


def plain_walk(seed: int) -> RandomWalk:
    """Of a program without clauses, whose signals can be handed in by themselves."""
    from random import Random

    from dsl.generate import random_program

    walk = random_walk(seed)
    text = random_program(Random(seed)) + "PARAM own = 4 IN 2..12\n"
    text += "IF CROSSOVER(close, SMA(close, own)) THEN BUY\nIF RSI(own) > 70 THEN SELL\n"
    walk.case.strategy = Strategy.compile(text)
    walk.case.grid = [{"own": own} for own in (2, 5, 9)]
    return walk


@pytest.mark.parametrize("seed", range(3700, 3700 + RUNS))
def test_a_test_is_a_run_with_the_signals_before_it_left_out(seed: int) -> None:
    """Signals of the whole run, those before the test wiped out, handed in as an array."""
    walk = plain_walk(seed)
    walk.case.options.pop("funding", None)
    walk.case.options = {k: v for k, v in walk.case.options.items() if "funding" not in k}
    if walk.case.options.pop("finer", None) is not None:
        walk.case.options["intrabar"] = "worst"
    found, time = walk.run(), walk.time
    at = 0
    for row, fold in enumerate(found.folds):
        begin = 0 if walk.lengths["anchored"] else row * walk.lengths.get(
            "step", walk.lengths["test"])  # fmt: skip
        span = time[begin], time[fold["test_end"] - 1]
        data, before = {}, {}
        for name, bars in walk.symbols.items():
            rows = slice(np.searchsorted(bars.timestamp, span[0]),
                         np.searchsorted(bars.timestamp, span[1], "right"))  # fmt: skip
            data[name] = bars[rows]
            before[name] = data[name].timestamp < time[fold["test_start"]]
        whole = backtest(data.get("", data), walk.case.strategy, params=found.params(row),
                         **walk.case.options)  # fmt: skip
        ends = np.cumsum([len(bars) for bars in data.values()])
        signals = {
            name: np.where((actions == 1) & ~before[name], 1,
                           np.where((actions == 2) & ~before[name], -1, 0))
            for name, actions in zip(data, np.split(whole.actions, ends[:-1]), strict=True)
        }  # fmt: skip
        alone = backtest(data.get("", data), signals=signals.get("", signals),
                         **walk.case.options)  # fmt: skip
        steps = fold["test_end"] - fold["test_start"]
        assert (alone.equity[:-steps] == alone.capital).all() and alone.capital == 10_000
        curve = found.equity[at : at + steps]
        start = found.capital if at == 0 else found.equity[at - 1]
        np.testing.assert_allclose(curve, alone.equity[-steps:] * (start / 10_000), rtol=1e-12)
        assert np.array_equal(found.time[at : at + steps], alone.time[-steps:])
        assert same(fold["final_equity"], alone.final_equity)
        for name in ("trades", "fills", "fees", "realized_pnl", "max_drawdown", "ambiguous_bars"):
            assert same(fold[name], getattr(alone, REPORT.get(name, name))), name
        at += steps
    assert at == len(found.equity) == len(found.time)


def test_clauses_and_brackets_are_kept_in_tests() -> None:
    text = TEXT.replace("THEN BUY", "THEN BUY SIZE 50% STOP 3% TARGET 6%")
    found = walk_forward(BARS, text, VALUES, train=400, test=200)
    reasons = set(found.trades["exit_reason"].tolist())
    assert {3, 4} <= reasons  # stop, target
    for fold in found.folds:
        inside = (found.trades["entry_bar"] > fold["test_start"]) & (
            found.trades["entry_bar"] < fold["test_end"]
        )
        assert np.count_nonzero(inside) == fold["trades"] + fold["open_trades"]
    assert (found.trades["entry_time"] == BARS.timestamp[found.trades["entry_bar"]]).all()
    assert (found.trades["exit_time"] == BARS.timestamp[found.trades["exit_bar"]]).all()


def test_indicators_are_warm_at_the_first_bar_of_a_test() -> None:
    text = "PARAM n = 100 IN 50..150\nIF close > SMA(close, n) * 0 THEN BUY"
    found = walk_forward(BARS, text, {"n": [100]}, train=400, test=20)
    assert (found.trades["entry_bar"] == found.folds["test_start"] + 1).all()
    assert (found.folds["signals"] == 20).all()
    closing = walk_forward(BARS, text, {"n": [100]}, train=400, test=20, fill="close")
    assert (closing.trades["entry_bar"] == closing.folds["test_start"]).all()


def test_a_test_is_warm_however_far_away_the_data_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wait longer than a LAG may be is made of several."""
    import hquant_cffi._walk_gate as gate

    expected = run()

    class Short:
        HQ_PERIOD_MAX = 7

    monkeypatch.setattr(gate, "lib", Short)
    found = run()
    assert found.folds.tobytes() == expected.folds.tobytes()
    assert found.equity.tobytes() == expected.equity.tobytes()


def test_the_figures_of_a_fold_are_those_of_its_own_account() -> None:
    found = run(metric="sortino", risk_free=0.01)
    fold = found.folds[1]
    begin, first, end = (int(fold[n]) for n in ("train_start", "test_start", "test_end"))
    assert (begin, first, end) == (200, 600, 800)
    from hquant_cffi._walk_gate import gated

    report = backtest(BARS[begin:end], gated(Strategy.compile(TEXT), first - begin),
                      params=found.params(1), fee=0.0004)  # fmt: skip
    year = {"periods_per_year": 252.0, "days_per_year": 252.0, "risk_free": 0.01}
    expected = metrics(report.equity[first - begin :], report.time[first - begin :],
                       initial=report.capital, trades=report.trades,
                       **year)  # type: ignore[arg-type]  # fmt: skip
    assert same(fold["out_of_sample"], expected.sortino)
    for name in OF_METRICS:
        assert same(fold[name], getattr(expected, name)), name
    for name in set(OF_REPORT) - {"warmup_bars"}:
        assert same(fold[name], getattr(report, REPORT.get(name, name))), name


def test_the_curve_goes_on_from_test_to_test() -> None:
    found = run()
    ends = np.cumsum(found.folds["test_end"] - found.folds["test_start"])
    growth = np.cumprod(1 + found.folds["total_return"])
    np.testing.assert_allclose(found.equity[ends - 1], found.capital * growth, rtol=1e-12)
    assert len(found.equity) == 800 and found.metrics.returns == 799  # the first step: no trade yet
    assert found.metrics.total_return == pytest.approx(growth[-1] - 1)
    assert np.array_equal(found.time, BARS.timestamp[400:1200])
    assert found.metrics.trades == found.folds["trades"].sum()


def test_an_account_that_is_lost_stays_lost() -> None:
    text = "PARAM n = 3 IN 2..9\nIF close > n THEN BUY"
    close = np.r_[np.linspace(100, 110, 60), np.linspace(110, 10, 20), np.linspace(10, 90, 40)]
    bars = Bars(86_400_000 * np.arange(120), close, close, close, close, np.ones(120))
    found = walk_forward(bars, text, {"n": [3]}, train=40, test=20, leverage=5)
    assert found.folds["liquidated"].tolist() == [False, True, False, False]
    assert found.folds["total_return"][3] > 0 and (found.equity[40:] == 0).all()
    assert found.metrics.total_return == -1


# -------------------------------------------------------------------------- folds


def bounds(found: Any) -> list[tuple[int, ...]]:
    names = ("train_start", "train_end", "test_start", "test_end", "train_bars")
    return [tuple(int(row[name]) for name in names) for row in found.folds]


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        (dict(train=400, test=300), [(0, 400, 400, 700, 400), (300, 700, 700, 1000, 400)]),
        (dict(train=400, test=300, anchored=True),
         [(0, 400, 400, 700, 400), (0, 700, 700, 1000, 700)]),
        (dict(train=400, test=400, step=400),
         [(0, 400, 400, 800, 400), (400, 800, 800, 1200, 400)]),
        (dict(train=400, test=300, step=500),
         [(0, 400, 400, 700, 400), (500, 900, 900, 1200, 400)]),
        (dict(train=400, test=300, purge=50),
         [(0, 350, 400, 700, 350), (300, 650, 700, 1000, 350)]),
        (dict(train=500, test=100, step=250, embargo=30, anchored=True),
         [(0, 500, 500, 600, 500), (0, 750, 750, 850, 720), (0, 1000, 1000, 1100, 940)]),
        (dict(train=500, test=100, step=250, embargo=30),
         [(0, 500, 500, 600, 500), (250, 750, 750, 850, 470), (500, 1000, 1000, 1100, 440)]),
        (dict(train=1199, test=1), [(0, 1199, 1199, 1200, 1199)]),
    ],
)  # fmt: skip
def test_folds_are_where_the_page_says(how: dict[str, Any], expected: list[Any]) -> None:
    assert bounds(run(**how)) == expected


def test_times_lay_folds_by_the_clock() -> None:
    found = run(train="500d", test="200d", purge="10d")
    start = BARS.timestamp[0]
    day = 86_400_000
    for row, fold in enumerate(found.folds):
        begin = start + row * 200 * day
        at = [int(np.searchsorted(BARS.timestamp, begin + d * day)) for d in (0, 490, 500, 700)]
        assert bounds(found)[row][:4] == tuple(at)
        assert fold["train_first_time"] == BARS.timestamp[at[0]]
        assert fold["train_last_time"] == BARS.timestamp[at[1] - 1]
        assert fold["test_first_time"] == BARS.timestamp[at[2]]
        assert fold["test_last_time"] == BARS.timestamp[at[3] - 1]
    assert len(found) == (int(BARS.timestamp[-1] - start) // day + 1 - 500) // 200


@pytest.mark.parametrize(
    "length",
    [
        "500d", "500 D", "12000h", "12000H", "720000min", "720000m", "43200000000ms",
        timedelta(days=500), np.timedelta64(500, "D"), pd.Timedelta("500D"), Period("500d"),
    ],
    ids=str,
)  # fmt: skip
def test_a_time_may_be_written_in_any_way(length: Any) -> None:
    assert bounds(run(train=length, test="28w")) == bounds(run(train="500d", test="196d"))


def test_bars_of_several_symbols_are_counted_in_moments() -> None:
    data = {"A": BARS, "B": Bars(**{n: c[::2] for n, c in BARS.columns.items()})}  # type: ignore[arg-type]
    found = run(data, size="40%")
    assert bounds(found) == bounds(run())
    later = found.trades[found.trades["symbol"] == 1]
    assert len(later) and (later["entry_time"] == data["B"].timestamp[later["entry_bar"]]).all()
    assert set(found.trades["symbol"].tolist()) == {0, 1}


def test_bars_that_are_left_out_are_not_counted() -> None:
    low = np.array(BARS.low)
    low[50::7] = -1.0
    broken = Bars(BARS.timestamp, BARS.open, BARS.high, low, BARS.close, BARS.volume)
    good = Bars(**{n: c[low > 0] for n, c in BARS.columns.items()})  # type: ignore[arg-type]
    found, expected = run(broken, bad_bars="skip"), run(good)
    assert found.folds.tobytes() == expected.folds.tobytes()
    assert found.equity.tobytes() == expected.equity.tobytes()
    assert len(found.trades) > 0
    for trade in found.trades:
        assert broken.timestamp[trade["entry_bar"]] == trade["entry_time"]
        assert broken.timestamp[trade["exit_bar"]] == trade["exit_time"]
        assert trade["bars_held"] == trade["exit_bar"] - trade["entry_bar"]
    both = run({"A": broken, "B": BARS}, bad_bars="skip", size="20%").trades
    data = [broken.timestamp, BARS.timestamp]
    assert set(both["symbol"].tolist()) == {0, 1}
    assert all(data[t["symbol"]][t["entry_bar"]] == t["entry_time"] for t in both)


@pytest.mark.parametrize(
    ("how", "message"),
    [
        (dict(train=1000, test=300), "at most the 1,200 bars of the data together, found 1,300"),
        (dict(train="2000d", test="1d"), "days of the data together, found 2,001 days"),
        (dict(train=400, test="100d"), "test: '100d' counts time, and train=400 bars"),
        (dict(train="400d", test="100d", purge=5), "purge: 5 counts bars, and train='400d' time"),
        (dict(train=0), "train: expected more than 0, found 0"),
        (dict(test=0), "test: expected more than 0"),
        (dict(step=0), "step: expected more than 0"),
        (dict(step=100), "step: expected at least test=200, or the tests would overlap"),
        (dict(purge=400), "purge: expected less than train=400"),
        (dict(purge=-1), "purge: expected a whole number 0.."),
        (dict(train=1.5), "train: expected a whole number"),
        (dict(train=True), "train: expected a whole number"),
        (dict(train="1M"), "train: expected a number of bars, a timedelta or a text"),
        (dict(train="days"), "or a text such as '90d'"),
        (dict(train=timedelta(microseconds=1)), "a time of whole milliseconds"),
        (dict(train=np.timedelta64("NaT")), "a time of whole milliseconds"),
        (dict(train=np.timedelta64(3, "Y")), "a time of whole milliseconds"),
        (dict(train=timedelta(days=-3)), "a time of whole milliseconds"),
        (dict(train="30d", test="1d"), "its test has no bar; the next bar is that of"),
        (dict(embargo=1000, train=200), "fold 2: purge and embargo leave no bar to train"),
        (dict(metric="sharp"), "did you mean 'sharpe'?"),
        (dict(fee=-1), "fee must be"),
        (dict(anchored="no"), "anchored: expected True or False, found 'no'"),
        (dict(maximize=0.5), "maximize: expected True or False, found 0.5"),
    ],
)
def test_what_cannot_be_is_refused(how: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError, match=re.escape(message)):
        run(**how)


# ----------------------------------------------------------------- the rest


@pytest.mark.parametrize(
    "how", [{"n_jobs": 2}, {"backend": "loky", "n_jobs": 2}, {"chunk_size": 1}], ids=str
)
def test_no_result_depends_on_who_computes_it(how: dict[str, Any]) -> None:
    if "backend" in how:
        pytest.importorskip("joblib")
    expected, found = run(), run(**how)
    assert found.folds.tobytes() == expected.folds.tobytes()
    assert found.equity.tobytes() == expected.equity.tobytes()


def test_less_may_be_better() -> None:
    found = run(metric="max_drawdown", maximize=False)
    for row, fold in enumerate(found.folds):
        begin, end = int(fold["train_start"]), int(fold["train_end"])
        table = sweep(BARS[begin:end], TEXT, VALUES, fee=0.0004).table
        assert fold["in_sample"] == table["max_drawdown"].min(), row


def test_progress_goes_over_all_folds_and_stops() -> None:
    calls: list[tuple[int, int]] = []
    run(progress=lambda *call: calls.append(call))
    assert calls == sorted(calls) and calls[-1] == (24, 24)
    with pytest.raises(CancelledError, match=r"^fold 1 of 0\.\.3: cancelled by the pro"):
        run(progress=lambda done, total: done > 6)
    with pytest.raises(TypeError, match="^progress: expected a function or None, found int"):
        run(progress=5)


def test_options_of_a_sweep_alone_are_called_that() -> None:
    with pytest.raises(TypeError, match=r"no 'top': each fold keeps the best; .* of sweep\(\)"):
        run(top=3)


def test_folds_are_tables_and_words() -> None:
    found = run()
    frame = found.to_pandas()
    assert frame["fast"].tolist() == found.folds["fast"].tolist()
    assert str(frame["test_first_time"].dt.tz) == "UTC"
    assert found.to_polars()["sharpe"].to_list() == found.folds["sharpe"].tolist()
    assert found.to_arrow().num_rows == len(found) == 4
    lines = found.summary().splitlines()
    assert len(lines) == 6 and lines[-1].startswith("out of sample: return ")
    assert lines[1].split()[:3] == ["2000-08-03", *(f"{v:g}" for v in found.params(0).values())]
    assert repr(found).startswith("<WalkForwardResult: 4 folds by sharpe, return ")
    assert str(found) == found.summary()
