"""``hquant sweep`` and ``hquant walk-forward``."""

from __future__ import annotations

import csv
import inspect
import json
import re
from pathlib import Path

import numpy as np
import pyarrow.parquet
import pytest
from hquant_command import Hquant

from hquant_cffi import SweepResult, load, sweep, walk_forward
from hquant_cffi.cli._backtest import NOT_OF_THE_RUN, backtest_command
from hquant_cffi.cli._sweep import sweep_command
from hquant_cffi.cli._walk_forward import walk_forward_command

TEXT = """
PARAM fast = 6 IN 3..12 STEP 3
PARAM slow = 40 IN 20..60 STEP 20
IF CROSSOVER(SMA(close, fast), SMA(close, slow)) THEN BUY
IF CROSSUNDER(SMA(close, fast), SMA(close, slow)) THEN SELL
"""
FOLDS = ("--train", "200", "--test", "100")


@pytest.fixture
def hq(tmp_path: Path) -> Path:
    (tmp_path / "cross.hq").write_text(TEXT)
    return tmp_path / "cross.hq"


def library(path: Path, *values: object, **options: object) -> SweepResult:
    return sweep({path.stem: load(path)}, TEXT, *values, **options)  # type: ignore[arg-type]


def csv_rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text().splitlines()))


def found_by(hquant: Hquant, *words: object) -> dict[str, object]:
    done = hquant(*map(str, words), "--json")
    assert (done.returncode, done.stderr) == (0, "")
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def test_json_is_the_sweep_of_the_library(hquant: Hquant, sp500_csv: Path, hq: Path) -> None:
    found = found_by(
        hquant, "sweep", sp500_csv, "-s", hq, "--param", "fast=3..9..2", "--param", "slow = 20,40",
        "--fee", "0.001", "--stop", "4%", "--jobs", "2", "--top", "3", "--metric", "calmar",
    )  # fmt: skip
    expected = library(sp500_csv, {"fast": [3, 5, 7, 9], "slow": [20, 40]}, fee=0.001, stop="4%",
                       metric="calmar")  # fmt: skip
    assert found["combinations"] == 8 and found["metric"] == "calmar" and found["refused"] == 0
    assert found["params"] == {"fast": [3, 5, 7, 9], "slow": [20, 40]}
    assert found["best"] == expected.best.params
    names = expected.table.dtype.names or ()
    rows = found["top"]
    assert isinstance(rows, list) and len(rows) == 3
    for row, best in zip(rows, expected.top(3), strict=True):
        assert list(row) == list(names)
        values = [None if best[n] != best[n] else best[n].item() for n in names]
        assert list(row.values()) == values


@pytest.mark.parametrize(
    ("words", "fast"),
    [
        ((), [3, 6, 9, 12]),
        (("--param", "fast"), [3, 6, 9, 12]),
        (("--param", "fast=4..6"), [4, 5, 6]),
        (("--param", "fast=4..9..3"), [4, 7]),
        (("--param", "fast=7"), [7]),
        (("--param", "fast=12,3"), [3, 12]),
    ],
)
def test_values_are_ranges_lists_or_what_is_declared(
    hquant: Hquant, sp500_csv: Path, hq: Path, words: tuple[str, ...], fast: list[int]
) -> None:
    out = hq.with_name("table.csv")
    assert hquant("sweep", sp500_csv, "-s", hq, *words, "--out", out).returncode == 0
    rows = csv_rows(out)
    assert sorted({float(row["fast"]) for row in rows}) == fast


def test_the_table_says_what_the_library_says(hquant: Hquant, sp500_csv: Path, hq: Path) -> None:
    done = hquant("sweep", sp500_csv, "-s", hq, "--where", "fast < slow", "--top", "4")
    lines = done.stdout.splitlines()
    assert "\n".join(lines[:-1]) == library(sp500_csv, where="fast < slow").summary(4)
    assert re.fullmatch(r"time  [\d,.]+ ms", lines[-1])


def test_tables_are_written(hquant: Hquant, sp500_csv: Path, hq: Path) -> None:
    expected = library(sp500_csv, metrics=["sortino"])
    for name in ("t.csv", "t.json", "t.parquet"):
        done = hquant("sweep", sp500_csv, "-s", hq, "--metrics", "sortino", "--out", name)
        assert done.returncode == 0
    columns = expected.columns()
    arrow = pyarrow.parquet.read_table("t.parquet")
    rows = json.loads(Path("t.json").read_text())
    lines = csv_rows(Path("t.csv"))
    for name, column in columns.items():
        np.testing.assert_array_equal(arrow.column(name).to_numpy(zero_copy_only=False), column)
        shown = [None if value != value else value for value in column.tolist()]
        assert [row[name] for row in rows] == shown
        assert [row[name] for row in lines] == [str(value) for value in column.tolist()]


@pytest.mark.parametrize("name", ["map.png", "map.html"])
def test_a_heat_map_is_drawn(hquant: Hquant, sp500_csv: Path, hq: Path, name: str) -> None:
    done = hquant("sweep", sp500_csv, "-s", hq, "--heatmap", "fast, slow", "--heatmap-out", name)
    assert done.returncode == 0
    content = Path(name).read_bytes()
    assert content.startswith(b"\x89PNG" if name == "map.png" else b"<!doctype html>")
    if name == "map.html":
        assert content.decode().count("<title>fast") == 12


def test_less_may_be_better(hquant: Hquant, sp500_csv: Path, hq: Path) -> None:
    found = found_by(hquant, "sweep", sp500_csv, "-s", hq, "--metric", "volatility", "--minimize")
    expected = library(sp500_csv, metric="volatility", maximize=False)
    assert found["best"] == expected.best.params and found["maximize"] is False


def test_several_files_are_symbols_of_one_account(
    hquant: Hquant, sp500_csv: Path, hq: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.csv"
    other.write_text("\n".join(sp500_csv.read_text().splitlines()[:400]) + "\n")
    words = (sp500_csv, other, "-s", hq, "--size", "20%", "--backend", "loky")
    found = found_by(hquant, "sweep", *words)
    data = {"days": load(sp500_csv), "other": load(other)}
    assert found["best"] == sweep(data, TEXT, size="20%").best.params


def test_what_cannot_be_run_is_said(hquant: Hquant, sp500_csv: Path, tmp_path: Path) -> None:
    (tmp_path / "m.hq").write_text("PARAM a = 4 IN 4..6\nIF MACD(a, 5, 3).hist > 0 THEN BUY")
    done = hquant("sweep", sp500_csv, "-s", "m.hq")
    assert done.returncode == 0
    assert "2 cannot be run: MACD: fast: expected less than slow (5), found 5" in done.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--param", "fast=3..9..0"), "--param: expected NAME=FROM..TO..STEP"),
        (("--param", "fast=9..3"), "--param: expected NAME=FROM..TO..STEP"),
        (("--param", "fast=1..2..3..4"), "--param: expected NAME=FROM..TO..STEP"),
        (("--param", "fast="), "--param: expected NAME=FROM..TO..STEP"),
        (("--param", "=3"), "--param: expected NAME=FROM..TO..STEP"),
        (("--param", "fast=a,b"), "--param: expected NAME=FROM..TO..STEP"),
        (("--param", "fast=0..inf"), "--param: expected NAME=FROM..TO..STEP"),
        (("--param", "fast=0..1..1e-9"), "--param fast=0..1..1e-9: 0..1 by 1e-09: "),
        (("--param", "fast=3", "--param", "fast=4"), "--param: expected fast once"),
        (("--param", "fsat=3"), "did you mean fast?"),
        (("--param", "fast=2"), "params['fast']: expected 3..12, found 2"),
        (("--where", "fast <"), "it is no expression"),
        (("--metric", "sharp"), "did you mean 'sharpe'?"),
        (("--metrics", "sortino,x"), "metrics: expected a figure"),
        (("--jobs", "0"), "error: --jobs: expected a whole number, 1 or more"),
        (("--backend", "nowhere"), "found 'nowhere'"),
        (("--out", "t.txt"), "expected a file ending in .csv, .json or .parquet"),
        (("--out", "nowhere/t.csv"), "there is no folder nowhere"),
        (("--heatmap", "fast"), "--heatmap: expected two PARAMs"),
        (("--heatmap", "fast,fast"), "--heatmap: expected two PARAMs"),
        (("--heatmap", "fast,low"), "--heatmap: low: expected a PARAM"),
        (("--heatmap", "fast,slow", "--heatmap-out", "x.svg"), "ending in .png or .html"),
        (("--heatmap-out", "x.html"), "--heatmap-out: give --heatmap NAME,NAME, too"),
        (("--heatmap", "fast,slow", "--heatmap-out", "no/x.png"), "there is no folder no"),
        (("--leverage", "0"), "leverage"),
    ],
)
def test_what_cannot_be_is_one_line_and_exit_code_1(
    hquant: Hquant, sp500_csv: Path, hq: Path, words: tuple[str, ...], message: str
) -> None:
    done = hquant("sweep", sp500_csv, "-s", hq, *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: ") and done.stderr.count("\n") == 1
    assert message in done.stderr


@pytest.mark.parametrize("command", [sweep_command, walk_forward_command])
def test_every_option_of_a_run_is_taken(command: object) -> None:
    of_backtest = set(inspect.signature(backtest_command).parameters)
    mine = set(inspect.signature(command).parameters)  # type: ignore[arg-type]
    assert of_backtest - set(NOT_OF_THE_RUN) <= mine and {"errors", "mode"} <= mine


def test_options_reach_the_run(hquant: Hquant, sp500_csv: Path, hq: Path) -> None:
    options = {
        "capital": 5000.0, "leverage": 2.0, "fee": 0.0005, "maker_fee": 0.0001, "size": "50%",
        "slippage": 0.001, "stop": "3%", "target": 90.0, "trail": "5%", "fill": "limit",
        "limit_offset": 0.01, "limit_bars": 3, "sides": "long", "intrabar": "best",
        "tick_size": 0.25, "lot_size": 0.001, "pyramiding": 1,
    }  # fmt: skip
    words = [word for name, value in options.items()
             for word in ("--" + name.replace("_", "-"), str(value))]  # fmt: skip
    assert hquant("sweep", sp500_csv, "-s", hq, "--out", "t.parquet", *words).stderr == ""
    expected = library(sp500_csv, **options)
    assert expected.table["trades"].sum() > 0
    found = pyarrow.parquet.read_table("t.parquet").column("final_equity").to_pylist()
    assert found == expected.table["final_equity"].tolist()


def test_the_year_reaches_the_figures(hquant: Hquant, sp500_csv: Path, hq: Path) -> None:
    words = ("--periods-per-year", "365d", "--days-per-year", "300", "--risk-free", "0.04")
    year = {"periods_per_year": "365d", "days_per_year": 300.0, "risk_free": 0.04}
    expected = library(sp500_csv, **year)
    assert not np.array_equal(expected.table["sharpe"], library(sp500_csv).table["sharpe"])
    assert hquant("sweep", sp500_csv, "-s", hq, "--out", "t.parquet", *words).stderr == ""
    found = pyarrow.parquet.read_table("t.parquet").column("sharpe").to_pylist()
    assert found == expected.table["sharpe"].tolist()
    folds = walk_forward({sp500_csv.stem: load(sp500_csv)}, TEXT, train=200, test=100, **year)  # type: ignore[arg-type]
    command = ("walk-forward", sp500_csv, "-s", hq, *FOLDS, *words)
    assert found_by(hquant, *command)["metrics"] == folds.metrics.to_dict()


# ------------------------------------------------------------------ walk-forward


def test_walk_forward_is_that_of_the_library(hquant: Hquant, sp500_csv: Path, hq: Path) -> None:
    expected = walk_forward({"days": load(sp500_csv)}, TEXT, train=200, test=100, purge=5,
                            embargo=3, anchored=True, fee=0.001)  # fmt: skip
    words = (*FOLDS, "--purge", "5", "--embargo", "3", "--anchored", "--fee", "0.001")
    done = hquant("walk-forward", sp500_csv, "-s", hq, *words,
                  "--out", "folds.csv", "--equity", "equity.json")  # fmt: skip
    assert done.returncode == 0
    assert done.stdout.splitlines()[:-1] == expected.summary().splitlines()
    rows = csv_rows(Path("folds.csv"))
    assert [float(row["fast"]) for row in rows] == expected.folds["fast"].tolist()
    assert rows[0]["test_first_time"].endswith("Z")
    curve = json.loads(Path("equity.json").read_text())
    assert [row["equity"] for row in curve] == expected.equity.tolist()
    found = found_by(hquant, "walk-forward", sp500_csv, "-s", hq, *words)
    folds, figures = found["folds"], found["metrics"]
    assert isinstance(folds, list) and isinstance(figures, dict)
    assert [fold["test_end"] for fold in folds] == [300, 400, 500, 600]
    assert figures == expected.metrics.to_dict()


def test_lengths_may_be_times(hquant: Hquant, sp500_csv: Path, hq: Path) -> None:
    words = ("--train", "300d", "--test", "100d", "--step", "150d")
    found = found_by(hquant, "walk-forward", sp500_csv, "-s", hq, *words, "--param", "fast=3,6")
    expected = walk_forward({"days": load(sp500_csv)}, TEXT, {"fast": [3, 6]}, train="300d",
                            test="100d", step="150d")  # fmt: skip
    folds = found["folds"]
    assert isinstance(folds, list)
    assert [fold["test_start"] for fold in folds] == expected.folds["test_start"].tolist()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--train", "500", "--test", "200"), "at most the 600 bars of the data together"),
        (("--train", "1M", "--test", "1"), "train: expected a number of bars"),
        (("--train", "200", "--test", "30d"), "test: '30d' counts time"),
        ((*FOLDS, "--step", "50"), "step: expected at least test=100"),
        ((*FOLDS, "--out", "x"), "expected a file ending in"),
    ],
)
def test_folds_that_cannot_be_are_refused(
    hquant: Hquant, sp500_csv: Path, hq: Path, words: tuple[str, ...], message: str
) -> None:
    done = hquant("walk-forward", sp500_csv, "-s", hq, *words)
    assert done.returncode == 1 and done.stderr.startswith("error: ") and message in done.stderr


def test_the_lengths_must_be_given(hquant: Hquant, sp500_csv: Path, hq: Path) -> None:
    assert hquant("walk-forward", sp500_csv, "-s", hq).returncode == 2
