"""Every check holds: for the examples over recorded markets, random programs, random runs.

A share of the random ones is taken unless HQUANT_VERIFY_RUNS says how many of each, such as 1000.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from dsl.generate import random_program
from verify_runs import random_bars, random_options, random_run

from hquant_cffi import (
    Bars,
    CancelledError,
    Order,
    ParameterError,
    Verification,
    backtest,
    load,
    verify,
)
from hquant_cffi.data import load_sp500

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.hq"))
NAMES = [
    "truncation", "stream", "updates", "replay", "accounting", "trades", "counts", "order",
]  # fmt: skip
MARKETS = {
    "GOOG daily": "GOOG_daily.csv",
    "EURUSD hourly": "EURUSD_1h.csv",
    "FIL minutes": "binance_um_FILUSDT_1m_2024-09_11.csv.gz",
}
RUNS = os.environ.get("HQUANT_VERIFY_RUNS")
PROGRAMS = int(RUNS) if RUNS else 120
ORDERED = int(RUNS) if RUNS else 60
CROSS = "IF CROSSOVER(SMA(5), SMA(20)) THEN BUY STOP 5%\nIF CROSSUNDER(SMA(5), SMA(20)) THEN SELL"


def holds(verdict: Verification) -> bool:
    assert [check.name for check in verdict.checks] == NAMES
    assert verdict.ok, str(verdict)
    return True


# ------------------------------------------------------------------- examples


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_holds_over_the_shipped_series(example: Path) -> None:
    verdict = verify(load_sp500(), example, fee=0.0004, slippage=0.0002, leverage=2)
    assert holds(verdict) and verdict["stream"].count == 5031


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("market", MARKETS)
def test_every_example_holds_over_recorded_markets(
    example: Path, market: str, shared_data: Path
) -> None:
    bars = load(shared_data / MARKETS[market], errors="skip")[:6_000]
    verdict = verify(bars, example, cuts=100, fee=0.0004, leverage=3, maintenance_margin=0.005)
    assert holds(verdict) and verdict["truncation"].count >= 64


# --------------------------------------------------------------------- random


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_random_programs_hold(seed: int) -> None:
    rng = Random(seed)
    text = random_program(rng, timeframes=seed % 2 == 1)
    options = random_options(rng)
    htf = rng.choice(["closed", "forming"])
    bars = random_bars(seed, 250)
    assert holds(verify(bars, text, cuts=20, seed=seed, bar_period="1m", htf=htf, **options)), text


@pytest.mark.parametrize("seed", range(ORDERED))
def test_random_runs_of_signals_and_orders_hold(seed: int) -> None:
    data, options = random_run(seed)
    assert holds(verify(data, cuts=20, seed=seed, **options))


def test_random_runs_reach_what_the_checks_are_about() -> None:
    seen: set[str] = set()
    for seed in range(60):
        data, options = random_run(seed)
        report = backtest(data, **options)
        seen |= {"liquidation"} if report.liquidated else set()
        seen |= {str(reason) for reason in report.columns("fills")["reason"]}
        seen |= {"maker"} if report.fills["is_maker"].any() else set()
        seen |= {"funding"} if report.funding else set()
        seen |= {"symbols"} if len(report.symbols) > 1 else set()
        seen |= {"open at the end"} if report.open_trades else set()
    assert seen == {
        "signal", "stop", "target", "trail", "order", "liquidation", "maker", "funding", "symbols",
        "open at the end",
    }  # fmt: skip


# ---------------------------------------------------------------------- cuts


def signal_bars(verdict: Verification) -> int:
    return int(np.count_nonzero(verdict.report.actions[:-1]))


def test_every_signal_bar_is_cut_after_and_64_further_ones() -> None:
    verdict = verify(load_sp500()[:2000], CROSS)
    check, signals = verdict["truncation"], signal_bars(verdict)
    assert signals > 50 and f"{signals} of them at signal bars" in check.unit
    assert signals <= check.count <= signals + 64 and not check.note


def test_fewer_cuts_are_made_when_asked_and_the_verdict_says_so() -> None:
    verdict = verify(load_sp500()[:2000], CROSS, cuts=7)
    check = verdict["truncation"]
    assert 64 <= check.count <= 71 and check.unit == "cuts, 7 of them at signal bars"
    assert check.note.startswith(f"at 7 of {signal_bars(verdict)} signal bars, evenly spread")


def test_cuts_beyond_the_budget_are_left_out_and_the_verdict_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bars = load_sp500()[:2000]
    monkeypatch.setattr("hquant_cffi.verification.truncation._BUDGET", 20_000)
    few, all_of_them = verify(bars, CROSS), verify(bars, CROSS, cuts="all")
    assert "signal bars, evenly spread" in few["truncation"].note
    assert not all_of_them["truncation"].note
    assert few["truncation"].count < all_of_them["truncation"].count


@pytest.mark.parametrize("cuts", [-1, 1.5, True, "some"])
def test_cuts_that_are_no_number_are_refused(cuts: Any) -> None:
    with pytest.raises(ParameterError, match=r"cuts: expected a number >= 0 or 'all', found"):
        verify(load_sp500()[:50], CROSS, cuts=cuts)


def test_progress_counts_cuts_and_may_stop() -> None:
    seen: list[tuple[int, int]] = []

    def watch(done: int, total: int) -> bool:
        seen.append((done, total))
        return done == 5

    with pytest.raises(CancelledError, match="after 5 of"):
        verify(load_sp500()[:500], CROSS, progress=watch)
    assert [done for done, _ in seen] == [1, 2, 3, 4, 5]


# --------------------------------------------------------------------- verdict


def test_verdict_is_the_same_again_and_differs_for_another_run() -> None:
    bars = load_sp500()[:500]
    first, again, other = (verify(bars, CROSS, fee=fee) for fee in (0.0, 0.0, 0.001))
    assert first.digest == again.digest != other.digest
    assert first.summary() == again.summary()


def test_verdict_is_readable_and_ready_for_json() -> None:
    verdict = verify(load_sp500()[:500], CROSS)
    plain = json.loads(json.dumps(verdict.to_dict(), allow_nan=False))
    assert plain["ok"] is True and plain["failed"] == []
    assert [check["name"] for check in plain["checks"]] == NAMES
    assert plain["fills"] == verdict.report.fills_count == verdict["order"].count
    assert repr(verdict) == "<Verification: every check holds>"
    with pytest.raises(KeyError):
        verdict["lucky"]


def test_orders_alone_need_no_strategy() -> None:
    verdict = verify(load_sp500()[:50], orders=[Order(bar=3, side="buy", size="50%")])
    assert holds(verdict) and verdict["order"].count == 1
    assert verdict["stream"].note == "no strategy: signals or orders were given"


def test_no_bars_and_one_bar_hold() -> None:
    for length in (0, 1):
        assert holds(verify(load_sp500()[:length], "IF close > 0 THEN BUY", fill="close"))


def test_bars_that_are_skipped_hold() -> None:
    bars = random_bars(5, 300)
    columns = {name: column.copy() for name, column in bars.columns.items()}
    for name in ("open", "high", "low", "close"):
        columns[name][[40, 41, 170]] = 0.0
    verdict = verify(Bars(**columns), CROSS, bad_bars="skip")
    assert holds(verdict) and verdict.report.rejected_bars == 3


def test_params_and_curves_pass_through() -> None:
    bars = load_sp500()[:500]
    text = "PARAM n = 5 IN 2..50 STEP 1\nIF close > SMA(n) THEN BUY\nIF close < SMA(n) THEN SELL"
    verdict = verify(bars, text, params={"n": 9}, curves=["position"])
    same = verify(bars, text.replace("= 5", "= 9"))
    assert holds(verdict) and verdict.digest == same.digest
