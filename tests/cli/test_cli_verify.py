"""hquant verify: the verdict as text and as JSON, exit codes, and every option of backtest."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hquant_command import Hquant

from hquant_cffi import BacktestReport, backtest, verify
from hquant_cffi.data import load

CROSS = "IF CROSSOVER(SMA(5), SMA(20)) THEN BUY STOP 5%\nIF CROSSUNDER(SMA(5), SMA(20)) THEN SELL"
VERDICT = """\
truncation  ok      105 cuts, 46 of them at signal bars
stream      ok      600 bars pushed one by one
updates     ok      600 bars revised while they formed
replay      ok      5 repetitions: again, as bytecode, compiled from its text anew, in two threads at once
accounting  ok      600 bars' cash, margin, position and equity rebuilt from 91 fills
trades      ok      46 trades rebuilt from flat to flat
counts      ok      19 counts
order       ok      91 fills after their signal or order, inside their bar
digest      {digest}
verdict     every check holds
"""  # noqa: E501
# What a run without defaults needs; those of FILES are names of files.
OPTIONS = """
--capital 5000 --leverage 3 --fee 0.0004 --maker-fee 0.0001 --fee-per-unit 0.01 --slippage 0.0002
--maintenance-margin 0.005 --fill limit --limit-offset 0.001 --limit-bars 4 --intrabar nearest
--sides long --position hedged --pyramiding 2 --size 20% --stop 3% --target 40 --trail 2%
--tick-size 0.25 --lot-size 0.01 --min-quantity 0.02 --min-notional 5 --unaffordable reject
--bad-bars skip --param n=7 --htf forming --bar-period 1d --errors skip --mode talib
"""


def test_verdict_is_printed_and_the_exit_code_is_0(hquant: Hquant, sp500_csv: Path) -> None:
    done = hquant("verify", CROSS, sp500_csv)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == VERDICT.format(digest=verify({"days": load(sp500_csv)}, CROSS).digest)


def test_json_is_the_verdict_of_the_library(hquant: Hquant, sp500_csv: Path) -> None:
    done = hquant("verify", CROSS, sp500_csv, "--cuts", "3", "--seed", "9", "--json")
    assert done.returncode == 0
    expected = verify({"days": load(sp500_csv)}, CROSS, cuts=3, seed=9)
    found = json.loads(done.stdout)
    assert found["checks"] == json.loads(json.dumps(expected.to_dict()))["checks"]
    assert found["ok"] is True and found["signals"] == expected.report.signals


@pytest.mark.parametrize(
    ("cuts", "said"),
    [("all", "46 of them at signal bars"), ("5", "at 5 of 46 signal bars"), ("0", "at 0 of 46")],
)
def test_cuts_are_as_many_as_asked_for(
    hquant: Hquant, sp500_csv: Path, cuts: str, said: str
) -> None:
    done = hquant("verify", CROSS, sp500_csv, "--cuts", cuts)
    assert done.returncode == 0 and said in done.stdout


def test_check_that_does_not_hold_is_exit_code_1(
    hquant: Hquant, sp500_csv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def liar(*arguments: Any, **options: Any) -> BacktestReport:
        report = backtest(*arguments, **options)
        equity = report.equity + 1e-6 * (report.time >= load(sp500_csv).timestamp[300])
        return replace(report, equity=equity)

    monkeypatch.setattr("hquant_cffi.verification.inputs.backtest", liar)
    done = hquant("verify", CROSS, sp500_csv)
    assert done.returncode == 1
    assert "accounting  FAILED" in done.stdout and "bar 300 (2000-03-13): equity" in done.stdout
    assert "NOT PROVEN: accounting; first at" in done.stdout
    plain = json.loads(hquant("verify", CROSS, sp500_csv, "--json").stdout)
    assert plain["ok"] is False and plain["failed"] == ["accounting"]
    failures = {check["name"]: check["failure"] for check in plain["checks"]}
    assert failures["accounting"]["bar"] == 300 and failures["order"] is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((CROSS, "absent.csv"), "absent.csv"),
        (("IF THEN", "days.csv"), "E1"),
        ((CROSS, "days.csv", "--cuts", "some"), "--cuts: expected a number >= 0 or 'all'"),
        ((CROSS, "days.csv", "--leverage", "0.5"), "leverage"),
        ((CROSS, "days.csv", "--luck", "1"), "--luck"),
        ((CROSS,), "DATA"),
    ],
    ids=["file", "strategy", "cuts", "option", "unknown option", "no data"],
)
def test_bad_input_is_exit_code_2_and_a_message(
    hquant: Hquant, sp500_csv: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = hquant("verify", *arguments)
    assert done.returncode == 2 and said in done.stderr and done.stdout == ""


def test_every_option_of_backtest_is_taken(hquant: Hquant, sp500_csv: Path) -> None:
    text = "PARAM n = 5 IN 2..50 STEP 1\nIF close > SMA(n)@7d THEN BUY\nIF close < SMA(n) THEN SELL"
    options = OPTIONS.split()
    done = hquant("verify", text, sp500_csv, *options)
    assert done.returncode == 0, done.stdout + done.stderr
    plain = json.loads(hquant("verify", text, sp500_csv, *options, "--json").stdout)
    shown = json.loads(hquant("backtest", sp500_csv, "-s", text, *options, "--json").stdout)
    assert plain["fills"] == shown["fills_count"] > 10
    assert plain["trades"] == shown["trades"]


def test_options_are_those_of_backtest(hquant: Hquant) -> None:
    def options(command: str) -> set[str]:
        text = hquant(command, "--help").stdout
        return {word for word in text.split() if word.startswith("--")}

    assert options("verify") - options("backtest") == {"--cuts", "--seed"}
    missing = options("backtest") - options("verify")
    of_metrics = {"--metrics", "--periods-per-year", "--days-per-year", "--risk-free"}
    assert missing == {"--strategy", "--trades", "--fills", "--equity", *of_metrics}
    tested = {word for word in OPTIONS.split() if word.startswith("--")}
    exclusive = {"--slippage-ticks", "--slippage-random", "--slippage-seed", "--finer"}
    own = {"--json", "--help", "--cuts", "--seed"}
    assert options("verify") - tested - own == {*exclusive, "--size-unit"}


@pytest.mark.parametrize(
    "options",
    [
        ["--slippage-ticks", "2", "--tick-size", "0.25"],
        ["--slippage-random", "0.001", "--slippage-seed", "5"],
        ["--size", "2", "--size-unit", "units"],
        ["--intrabar", "finer", "--finer", "days.csv"],
        ["--fill", "close"],
    ],
    ids=lambda options: options[0],
)
def test_options_that_exclude_others_are_taken_too(
    hquant: Hquant, sp500_csv: Path, options: list[str]
) -> None:
    done = hquant("verify", CROSS, sp500_csv, "--cuts", "10", *options)
    assert done.returncode == 0, done.stdout + done.stderr


def test_several_files_are_symbols_of_one_account(
    hquant: Hquant, sp500_csv: Path, tmp_path: Path
) -> None:
    lines = sp500_csv.read_text().splitlines()
    (tmp_path / "later.csv").write_text("\n".join([lines[0], *lines[200:]]) + "\n")
    done = hquant("verify", CROSS, sp500_csv, "later.csv", "--size", "30%", "--cuts", "20")
    assert done.returncode == 0 and "1,001 bars pushed one by one" in done.stdout, done.stdout
