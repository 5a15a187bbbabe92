"""The Python examples run, on their own data and on files; their sums are the report's."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import numpy as np
import pytest
from support import optional, run

from hquant_cffi import backtest, load_sp500

SEARCH = Path(__file__).resolve().parents[2] / "examples" / "optuna_search.py"
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "portfolio.py"


def _row(out: str, label: str) -> str:
    """The report's line of a label."""
    return next(
        line.removeprefix(label).strip() for line in out.splitlines() if line.startswith(label)
    )


def test_portfolio_runs_on_the_shipped_data() -> None:
    out = run(sys.executable, "-W", "error", str(EXAMPLE))
    assert _row(out, "bars") == "10,062" and _row(out, "trades") == "66"
    assert "ended by signal 29, stop 21, target 1, trail 15" in out


def test_portfolio_runs_on_files_and_names_their_symbols(tmp_path: Path) -> None:
    for name, rows in (("first", slice(0, 900)), ("second", slice(100, 1000))):
        bars = load_sp500()[rows]
        lines = [",".join(map(str, row)) for row in zip(*bars.columns.values(), strict=True)]
        (tmp_path / f"{name}.csv").write_text("\n".join([",".join(bars.columns), *lines]) + "\n")
    out = run(sys.executable, str(EXAMPLE), *map(str, sorted(tmp_path.glob("*.csv"))))
    assert "\nfirst  " in out and "\nsecond  " in out and _row(out, "bars") == "1,800"


def test_portfolio_adds_up() -> None:
    example = runpy.run_path(str(EXAMPLE))
    report = example["run"](example["markets"]([]))
    gain = report.final_equity - report.capital + report.liquidation_loss
    assert report.trades["pnl"].sum() == pytest.approx(gain, rel=1e-9)
    held = np.bincount(
        report.fills["symbol"], report.fills["side"] * report.fills["quantity"], minlength=2
    )
    np.testing.assert_allclose(held, report.position[-1], rtol=1e-9)
    assert set(report.columns("trades")["exit_reason"]) >= {"stop", "trail", "target", "signal"}


def test_the_doubled_market_moves_twice_as_far() -> None:
    index = load_sp500()
    fund = runpy.run_path(str(EXAMPLE))["doubled"](index)
    moves = [np.diff(bars.close) / bars.close[:-1] for bars in (index, fund)]
    np.testing.assert_allclose(moves[1], 2 * moves[0], atol=1e-12)
    assert np.all((fund.low <= fund.open) & (fund.open <= fund.high))


def test_optuna_search_tells_what_backtests_come_to() -> None:
    optuna = optional("optuna")
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    example = runpy.run_path(str(SEARCH))
    bars = load_sp500()[:1500]
    for sampler in (optuna.samplers.RandomSampler(seed=3), optuna.samplers.TPESampler(seed=3)):
        study = example["search"](bars, sampler, batches=2)
        assert len(study.trials) == 2 * example["BATCH"]
        report = backtest(bars, example["STRATEGY"], params=study.best_params, fee=example["FEE"])
        assert study.best_value == report.metrics.sharpe
        assert study.best_value == max(t.value for t in study.trials if t.value is not None)


def test_optuna_search_runs_on_the_shipped_data() -> None:
    optional("optuna")
    lines = run(sys.executable, str(SEARCH)).splitlines()
    assert [line.split()[0] for line in lines] == ["RandomSampler", "TPESampler"]
    assert all("128 trials, best sharpe 0." in line for line in lines)
