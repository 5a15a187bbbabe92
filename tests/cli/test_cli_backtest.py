"""``hquant backtest`` and ``hquant demo``."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyarrow.parquet
import pytest
from core_calls import core_calls
from hquant_command import Hquant

from hquant_cffi import BacktestReport, Strategy, backtest, load, load_sp500, metrics

CROSS = (
    "IF CROSSOVER(close, SMA(close, 20)) THEN BUY\nIF CROSSUNDER(close, SMA(close, 20)) THEN SELL"
)
KEYS = {
    "data", "strategy", "first_time_ms", "last_time_ms", "skipped_rows", "symbols", "bars", "steps",
    "rejected_bars", "warmup_bars", "signals", "buy_signals", "sell_signals", "hold_signals",
    "orders", "filled_orders", "partial_orders", "ignored_same_side", "ignored_side",
    "rejected_orders", "rejects", "expired_orders", "replaced_orders", "cancelled_orders",
    "dropped_last_bar", "working_orders", "fills_count", "trades", "open_trades", "ambiguous_bars",
    "liquidated", "final_equity", "total_return", "max_drawdown", "fees", "funding",
    "realized_pnl", "liquidation_loss", "capital", "options", "load_seconds", "run_seconds",
    "seconds",
}  # fmt: skip


def run_of(path: Path, strategy: object, **options: object) -> BacktestReport:
    """The same run through the library; a file's name names its symbol."""
    return backtest({path.stem: load(path)}, strategy, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("days", [200, 600])
def test_the_run_and_its_figures_are_two_calls_whatever_the_bars(
    days: int, hquant: Hquant, sp500_csv: Path, monkeypatch: pytest.MonkeyPatch
):
    lines = sp500_csv.read_text().splitlines()[: days + 1]
    sp500_csv.write_text("\n".join(lines) + "\n")
    words = ("backtest", sp500_csv, "-s", CROSS, "--metrics")
    assert f" {days} of 1d" in hquant(*words).stdout
    calls = core_calls(lambda: hquant(*words), monkeypatch)
    program = [name for name in calls if name.startswith("hq_program_")]
    assert [name for name in calls if name not in program] == [
        "hq_bars_check", "hq_backtest_run", "hq_metrics_and_year",
    ]  # fmt: skip
    assert len(program) == len(set(program)) < 5  # of the strategy's text, once each


def test_json_is_one_object_with_the_numbers_of_the_library(hquant: Hquant, sp500_csv: Path):
    done = hquant("backtest", sp500_csv, "--strategy", CROSS, "--fee", "0.001", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    expected = run_of(sp500_csv, CROSS, fee=0.001).to_dict()
    assert expected["trades"] > 10
    assert {name: found[name] for name in expected} == expected


def test_json_has_exactly_the_documented_keys(hquant: Hquant, sp500_csv: Path):
    found = json.loads(hquant("backtest", sp500_csv, "-s", CROSS, "--json").stdout)
    assert set(found) == KEYS
    texts = {"data", "strategy", "symbols", "rejects", "options", "liquidated"}
    assert all(type(found[name]) in (int, float) for name in KEYS - texts)
    assert type(found["liquidated"]) is bool and found["options"]["fill"] == "next_open"


def test_every_option_reaches_the_account(hquant: Hquant, sp500_csv: Path):
    options = {"capital": 500.0, "leverage": 3.0, "fee": 0.002, "maintenance_margin": 0.01}
    words = [word for name, value in options.items()
             for word in ("--" + name.replace("_", "-"), str(value))]  # fmt: skip
    done = hquant("backtest", sp500_csv, "-s", CROSS, "--fill", "close", "--json", *words)
    expected = run_of(sp500_csv, CROSS, fill="close", **options)
    assert json.loads(done.stdout).items() >= expected.to_dict().items()


def test_params_and_timeframes_reach_the_strategy(hquant: Hquant, sp500_csv: Path):
    text = "PARAM a = 3\nPARAM b = 5\nIF EMA(close@7d, a) > SMA(b) THEN BUY\nIF close > 1 THEN SELL"
    found = []
    for htf, period in (("closed", None), ("closed", "1d"), ("forming", "1d")):
        words = ["--param", "a=4", "--param", "b = 9", "--htf", htf]
        words += ["--bar-period", period] if period else []
        done = hquant("backtest", sp500_csv, "-s", text, "--fee", "0", "--json", *words)
        expected = run_of(sp500_csv, text, params={"a": 4, "b": 9}, htf=htf, bar_period=period)
        found.append(json.loads(done.stdout))
        assert found[-1].items() >= expected.to_dict().items()
    assert len({each["buy_signals"] for each in found}) == 3


def test_table_says_what_the_json_says(hquant: Hquant, sp500_csv: Path):
    done = hquant("backtest", sp500_csv, "-s", CROSS)
    rows = dict(line.strip().split("  ", 1) for line in done.stdout.splitlines() if line.strip())
    report = run_of(sp500_csv, CROSS, fee=0.0)
    assert {name: value.strip() for name, value in rows.items() if name != "time"} == {
        "bars": "600 of 1d",
        "period": "1999-01-04 .. 2001-05-18 UTC",
        "warm-up": f"{report.warmup_bars} bars",
        "account": "10,000.00 at 1x, fee 0.0000%, fill next_open, intrabar worst",
        "signals": f"{report.signals} ({report.buy_signals} buy, {report.sell_signals} sell)",
        "trades": f"{report.closed_trades} closed, {report.open_trades} open",
        "return": f"{report.total_return:+.2%}",
        "final equity": f"{report.final_equity:,.2f}",
        "max drawdown": f"{report.max_drawdown:.2%}",
        "fees": f"{report.fees:,.2f}",
        "liquidated": "no",
    }
    assert rows["time"].strip().startswith("load ")


def test_strategy_is_text_or_text_file_or_program(hquant: Hquant, sp500_csv: Path, tmp_path: Path):
    (tmp_path / "s.hq").write_text(CROSS)
    (tmp_path / "s.hqbc").write_bytes(Strategy.compile(CROSS).bytecode)
    answers = [
        json.loads(hquant("backtest", sp500_csv, "-s", each, "--json").stdout)
        for each in (CROSS, "s.hq", "s.hqbc")
    ]
    assert [answer["strategy"] for answer in answers] == ["<strategy>", "s.hq", "s.hqbc"]
    assert len({answer["final_equity"] for answer in answers}) == 1


def test_skipped_rows_are_counted_and_named(hquant: Hquant, sp500_csv: Path):
    lines = sp500_csv.read_text().splitlines()
    lines[5] = lines[5].rsplit(",", 5)[0] + ",1,2,nan,1,1"
    sp500_csv.write_text("\n".join(lines))
    refused = hquant("backtest", sp500_csv, "-s", CROSS)
    assert refused.returncode == 1 and "line 6" in refused.stderr
    done = hquant("backtest", sp500_csv, "-s", CROSS, "--errors", "skip")
    assert done.returncode == 0 and "skipped rows  1: " in done.stdout
    assert json.loads(
        hquant("backtest", sp500_csv, "-s", CROSS, "--errors", "skip", "--json").stdout
    )["skipped_rows"] == 1  # fmt: skip


def test_liquidation_is_told(hquant: Hquant, sp500_csv: Path):
    done = hquant("backtest", sp500_csv, "-s", "IF close > 0 THEN BUY", "--leverage", "50")
    assert "liquidated    yes" in done.stdout and "max drawdown  -100.00%" in done.stdout


def test_warnings_go_to_standard_error(hquant: Hquant, sp500_csv: Path):
    text = "upper = BOLL(20, 2)\nIF close > upper THEN SELL"
    done = hquant("backtest", sp500_csv, "-s", text, "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["bars"] == 600
    assert "<strategy>:2:12: warning[W9001]" in done.stderr


def test_demo_prints_source_strategy_and_result(hquant: Hquant):
    done = hquant("demo")
    assert (done.returncode, done.stderr) == (0, "")
    parts = ["S&P 500", "arch 8.0.0", "IF CROSSOVER(f, s) THEN BUY", "5,031 of 1d"]
    places = [done.stdout.index(part) for part in parts]
    assert places == sorted(places)


def test_demo_json_is_the_backtest_of_the_shipped_series(hquant: Hquant, repository: Path):
    found = json.loads(hquant("demo", "--json").stdout)
    strategy = repository / "hquant_cffi/cli/golden_cross.hq"
    assert found.items() >= backtest(load_sp500(), strategy, fee=0.0004).to_dict().items()


@pytest.mark.parametrize("option", ["--capital", "--leverage", "--fee", "--maintenance-margin"])
@pytest.mark.parametrize("value", ["nan", "inf", "-1"])
def test_options_out_of_range_are_refused(hquant: Hquant, sp500_csv: Path, option: str, value: str):
    done = hquant("backtest", sp500_csv, "-s", CROSS, option, value)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith("error: ") and done.stderr.count("\n") == 1
    assert f"got {value}" in done.stderr


def test_a_timeframe_that_is_not_above_the_bars_is_warned_about(hquant: Hquant, sp500_csv: Path):
    text = "IF close@1d > open THEN BUY"
    plain = hquant("backtest", sp500_csv, "-s", text)
    warned = hquant("backtest", sp500_csv, "-s", text, "--bar-period", "1d")
    assert plain.returncode == warned.returncode == 0
    assert "warning" in warned.stderr and "warning" not in plain.stderr


def test_execution_options_reach_the_run(hquant: Hquant, sp500_csv: Path):
    options = {
        "maker_fee": 0.0001, "fee_per_unit": 0.01, "slippage": 0.001, "limit_offset": 0.01,
        "limit_bars": 3, "pyramiding": 1, "size": "50%", "stop": "3%", "target": 90.0,
        "trail": "5%", "tick_size": 0.25, "lot_size": 0.001, "min_quantity": 0.01,
        "min_notional": 5.0, "fill": "limit", "intrabar": "best", "sides": "long",
        "position": "hedged", "unaffordable": "reject", "bad_bars": "skip",
    }  # fmt: skip
    words = [word for name, value in options.items()
             for word in ("--" + name.replace("_", "-"), str(value))]  # fmt: skip
    done = hquant("backtest", sp500_csv, "-s", CROSS, "--json", *words)
    assert done.stderr == ""
    expected = run_of(sp500_csv, CROSS, **options)
    assert expected.filled_orders > 0
    assert json.loads(done.stdout).items() >= expected.to_dict().items()


def test_several_files_are_symbols_of_one_account(hquant: Hquant, sp500_csv: Path, tmp_path: Path):
    other = tmp_path / "other.csv"
    other.write_text(sp500_csv.read_text())
    done = hquant("backtest", sp500_csv, other, "-s", CROSS, "--size", "20%", "--json")
    found = json.loads(done.stdout)
    assert found["symbols"] == [sp500_csv.name.split(".")[0], "other"] and found["bars"] == 1200
    assert hquant("backtest", sp500_csv, sp500_csv, "-s", CROSS).stderr.startswith("error: DATA: ")


def test_bars_of_different_periods_are_said_to_be(
    hquant: Hquant, sp500_csv: Path, tmp_path: Path
):
    lines = sp500_csv.read_text().splitlines()
    (tmp_path / "weekly.csv").write_text("\n".join([lines[0], *lines[1::5]]) + "\n")
    done = hquant("backtest", sp500_csv, tmp_path / "weekly.csv", "-s", CROSS, "--size", "20%")
    assert re.match(r"bars +720 of 1d, 7d *\n", done.stdout)


def test_metrics_are_those_of_the_report(hquant: Hquant, sp500_csv: Path):
    expected = run_of(sp500_csv, CROSS).metrics
    command = ("backtest", sp500_csv, "-s", CROSS, "--metrics")
    table = hquant(*command).stdout
    assert table.endswith(f"\n\n{expected.summary()}\n")
    found = json.loads(hquant(*command, "--json").stdout)
    assert set(found) == KEYS | {"metrics"} and found["metrics"] == expected.to_dict()


@pytest.mark.parametrize(
    ("words", "year"),
    [
        ("--risk-free 0.03", {"risk_free": 0.03}),
        ("--periods-per-year 365d", {"periods_per_year": "365d"}),
        ("--periods-per-year 260 --days-per-year 250.5",
         {"periods_per_year": 260.0, "days_per_year": 250.5}),
    ],
)  # fmt: skip
def test_the_year_of_the_metrics_can_be_given(
    hquant: Hquant, sp500_csv: Path, words: str, year: dict[str, object]
):
    report = run_of(sp500_csv, CROSS)
    expected = metrics(report.equity, report.time, initial=report.capital, trades=report.trades,
                       **year)  # type: ignore[arg-type]  # fmt: skip
    assert expected.sharpe != report.metrics.sharpe
    command = ("backtest", sp500_csv, "-s", CROSS, *words.split())
    found = json.loads(hquant(*command, "--metrics", "--json").stdout)
    assert found["metrics"] == expected.to_dict()
    alone = hquant(*command)
    assert alone.returncode == 1 and alone.stdout == ""
    assert f"{words.split()[0]}: give --metrics, too" in alone.stderr


@pytest.mark.parametrize("words", [("--days-per-year", "0"), ("--periods-per-year", "daily")])
def test_a_year_that_is_none_is_refused_before_anything_is_written(
    hquant: Hquant, sp500_csv: Path, words: tuple[str, str], tmp_path: Path
):
    out = tmp_path / "trades.csv"
    done = hquant("backtest", sp500_csv, "-s", CROSS, "--metrics", *words, "--trades", out)
    assert done.returncode == 1 and done.stdout == "" and not out.exists()
    assert f"error: {words[0]}: expected a finite number > 0" in done.stderr


@pytest.mark.parametrize("command", ["backtest", "sweep", "walk-forward", "run"])
def test_a_file_that_is_read_is_not_written(
    hquant: Hquant, sp500_csv: Path, tmp_path: Path, command: str
):
    text = f"PARAM n = 5 IN 5..6\n{CROSS}"
    folds = ["--train", "200", "--test", "100"] if command == "walk-forward" else []
    target = "--trades" if command == "backtest" else "--out"
    link, before = tmp_path / "link.csv", sp500_csv.read_bytes()
    link.symlink_to(sp500_csv)
    for out in (sp500_csv, link, tmp_path / "." / sp500_csv.name):
        done = hquant(command, sp500_csv, "-s", text, *folds, target, out)
        assert done.returncode == 1 and done.stdout == ""
        assert done.stderr == f"error: {target} {out}: it is read; name another file\n"
    assert sp500_csv.read_bytes() == before


def test_two_tables_are_not_written_to_one_file(hquant: Hquant, sp500_csv: Path, tmp_path: Path):
    finer, table = tmp_path / "finer.csv", tmp_path / "t.csv"
    finer.write_bytes(sp500_csv.read_bytes())
    words = ("backtest", sp500_csv, "-s", CROSS)
    done = hquant(*words, "--trades", table, "--equity", tmp_path / "." / "t.csv")
    assert done.returncode == 1 and not table.exists()
    assert "--trades is written there; name another file" in done.stderr
    done = hquant(*words, "--finer", finer, "--intrabar", "finer", "--fills", finer)
    assert done.returncode == 1 and f"--fills {finer}: it is read" in done.stderr
    folds = ("walk-forward", sp500_csv, "-s", f"PARAM n = 5 IN 5..6\n{CROSS}", "--train", "200")
    done = hquant(*folds, "--test", "100", "--out", table, "--equity", table)
    assert done.returncode == 1 and not table.exists()
    assert "--out is written there; name another file" in done.stderr


def test_trades_fills_and_equity_are_written(hquant: Hquant, sp500_csv: Path, tmp_path: Path):
    names = [tmp_path / name for name in ("trades.csv", "fills.csv", "equity.parquet")]
    words = [w for option, name in zip(("--trades", "--fills", "--equity"), names, strict=True)
             for w in (option, str(name))]  # fmt: skip
    assert hquant("backtest", sp500_csv, "-s", CROSS, *words).returncode == 0
    report = run_of(sp500_csv, CROSS)
    rows = names[0].read_text().splitlines()
    assert len(rows) == 1 + len(report.trades) and rows[0].startswith("entry_time,exit_time")
    assert len(names[1].read_text().splitlines()) == 1 + report.fills_count
    assert pyarrow.parquet.read_table(names[2]).column("equity").to_pylist() == list(report.equity)
    wrong = hquant("backtest", sp500_csv, "-s", CROSS, "--trades", "x.txt")
    assert wrong.returncode == 1 and ".csv, .json or .parquet" in wrong.stderr
