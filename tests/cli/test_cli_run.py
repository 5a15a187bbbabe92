"""``hquant run``."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pyarrow.parquet
import pytest
from hquant_command import Hquant

from hquant_cffi import load, run

TEXT = """PARAM n = 9 IN 2..50
fast = SMA(n)
bands = BOLL(20, 2)
IF CROSSOVER(close, fast) THEN BUY
IF CROSSUNDER(close, fast) THEN SELL
"""
ASKED = ["-i", "RSI(14)", "-i", "trend=EMA(close@7d, period=5)", "-i", "close == open"]
INDICATORS = {
    "RSI(14)": "RSI(14)",
    "trend": "EMA(close@7d, period=5)",
    "close == open": "close == open",
}


def read_csv(path: Path) -> dict[str, list[str]]:
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: [row[name] for row in rows] for name in rows[0]}


def test_a_csv_has_a_row_a_bar_and_the_numbers_of_the_library(
    hquant: Hquant, sp500_csv: Path, tmp_path: Path
):
    done = hquant("run", sp500_csv, "-s", TEXT, *ASKED, "--all-series", "-o", "t.csv")
    assert (done.returncode, done.stderr) == (0, "")
    expected = run(load(sp500_csv), TEXT, indicators=INDICATORS, series=True).columns()
    found = read_csv(tmp_path / "t.csv")
    assert list(found) == list(expected)
    assert found["action"] == expected["action"].tolist() and "BUY" in found["action"]
    assert found["time"][0].endswith("T00:00:00.000Z")
    for name in ("fast", "bands.lower", "RSI(14)", "trend", "close == open"):
        np.testing.assert_array_equal(np.array(found[name], float), expected[name])


@pytest.mark.parametrize("ending", ["csv", "json", "parquet"])
def test_only_bars_with_a_signal(hquant: Hquant, sp500_csv: Path, tmp_path: Path, ending: str):
    file = tmp_path / f"signals.{ending}"
    assert hquant("run", sp500_csv, "-s", TEXT, "--only-signals", "-o", file).returncode == 0
    result = run(load(sp500_csv), TEXT)
    fired = result.columns()["action"][result.actions > 0].tolist()
    if ending == "csv":
        actions = read_csv(file)["action"]
    elif ending == "json":
        actions = [row["action"] for row in json.loads(file.read_text())]
    else:
        actions = pyarrow.parquet.read_table(file)["action"].to_pylist()
    assert actions == fired and len(fired) > 20


def test_json_says_what_is_there_now(hquant: Hquant, sp500_csv: Path):
    done = hquant("run", sp500_csv, "-s", TEXT, *ASKED, "--series", "fast", "--json")
    found = json.loads(done.stdout)
    result = run(load(sp500_csv), TEXT, indicators=INDICATORS, series=["fast"])
    assert found["bars"] == 600 and found["warmup_bars"] == result.warmup_bars
    assert (
        found["buy_signals"] == result.buy_signals and found["sell_signals"] == result.sell_signals
    )
    assert found["newest"] == {
        "fast": result.series["fast"][-1],
        **{name: result.indicators[name][-1] for name in INDICATORS},
    }
    last = int(np.flatnonzero(result.actions)[-1])
    assert found["latest_signal"] == {
        "time_ms": int(result.time[last]),
        "action": {1: "BUY", 2: "SELL"}[int(result.actions[last])],
        "rule": int(result.rules[last]),
        "line": int(result.rules[last]) + 4,
    }


def test_a_table_for_people(hquant: Hquant, sp500_csv: Path):
    lines = hquant("run", sp500_csv, "-s", TEXT, "-i", "unknown=SMA(1000)").stdout.splitlines()
    words = {line.split()[0]: line.split(maxsplit=1)[1].strip() for line in lines}
    assert words["bars"] == "600 of 1d" and words["unknown"] == "unknown"
    assert " buy, " in words["signals"] and "by the rule of line" in words["latest"]
    alone = hquant("run", sp500_csv, "-i", "RSI(14)").stdout
    assert "signals" not in alone and "RSI(14)" in alone


def test_options_reach_the_run(hquant: Hquant, sp500_csv: Path):
    words = ["--param", "n=30", "--mode", "talib", "--htf", "forming", "--bar-period", "1d"]
    done = hquant("run", sp500_csv, "-s", TEXT, "-i", "e=EMA(close@7d, 9)", "--json", *words)
    result = run(
        load(sp500_csv), TEXT, indicators={"e": "EMA(close@7d, 9)"}, params={"n": 30},
        mode="talib", htf="forming", bar_period="1d",
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert found["buy_signals"] == result.buy_signals
    assert found["newest"] == {"e": result.indicators["e"][-1]}


def test_a_name_that_is_asked_for_is_no_unused_name(hquant: Hquant, sp500_csv: Path):
    assert "bands is never used" in hquant("run", sp500_csv, "-s", TEXT).stderr
    assert hquant("run", sp500_csv, "-s", TEXT, "--series", "bands").stderr == ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "expected one, or indicators, found neither"),
        (["-i", "RIS(14)"], "did you mean RSI?"),
        (["-i", "a=RSI(14)", "-i", "a=RSI(7)"], "found 'a' twice"),
        (["-i", "RSI(14)", "--series", "x"], "names of a strategy, and there is none"),
        (["-s", TEXT, "--series", "fats"], "did you mean fast?"),
        (["-s", TEXT, "--series", "fast", "--all-series"], "exclude each other"),
        (["-s", TEXT, "--only-signals"], "needs a --strategy that gives them and an --out"),
        (["-i", "RSI(14)", "-o", "x.txt"], "expected a file ending in .csv, .json or .parquet"),
        (["-s", TEXT, "--param", "n"], "expected NAME=VALUE"),
    ],
)
def test_what_cannot_be_is_one_message(
    hquant: Hquant, sp500_csv: Path, words: list[str], message: str
):
    done = hquant("run", sp500_csv, *words)
    assert done.returncode == 1 and message in done.stderr and "Traceback" not in done.stderr
