"""What is wrong is said once, on standard error, with the right exit code."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hquant_command import Hquant

from hquant_cffi import Strategy

RULE = "IF close > 1 THEN BUY"


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["backtest"],
        ["backtest", "days.csv"],
        ["backtest", "days.csv", "-s", RULE, "--unknown"],
        ["backtest", "days.csv", "-s", RULE, "--fill", "never"],
        ["backtest", "days.csv", "-s", RULE, "--errors", "ignore"],
        ["backtest", "days.csv", "-s", RULE, "--capital", "much"],
        ["compile"],
        ["config", "--everything"],
    ],
)
def test_a_wrong_command_line_is_exit_code_2(hquant: Hquant, sp500_csv: Path, words: list[str]):
    done = hquant(*words)
    assert done.returncode == 2 and done.stdout == "" and "Usage: " in done.stderr


def test_no_arguments_is_the_help(hquant: Hquant):
    done = hquant()
    assert done.returncode in (0, 2)  # typer's versions disagree
    assert all(name in done.stdout + done.stderr for name in ("backtest", "demo", "disasm"))


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A folder of files that are not what their names say."""
    noise = random.Random(7).randbytes(3000)
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "noise.csv").write_bytes(noise)
    (tmp_path / "header.csv").write_text("timestamp,open,high,low,close,volume\n")
    (tmp_path / "strange.csv").write_text("a,b,c\n1,2,3\n")
    (tmp_path / "cut.csv.gz").write_bytes(b"\x1f\x8b\x08\x00" + noise[:50])
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "noise.hq").write_bytes(b"\xff" + noise)
    (tmp_path / "noise.hqbc").write_bytes(noise)
    (tmp_path / "empty.hqbc").write_bytes(b"")
    (tmp_path / "cut.hqbc").write_bytes(Strategy.compile(RULE).bytecode[:-8])
    (tmp_path / "folder.hq").mkdir()
    return tmp_path


DATA = ["missing.csv", "empty.csv", "noise.csv", "header.csv", "strange.csv", "cut.csv.gz",
        "folder.csv", ".", "", "/dev/null"]  # fmt: skip
PROGRAMS = ["missing.hq", "missing.hqbc", "noise.hq", "noise.hqbc", "empty.hqbc", "cut.hqbc",
            "folder.hq"]  # fmt: skip


@pytest.mark.parametrize("data", DATA)
def test_data_that_cannot_be_read_is_named(hquant: Hquant, hostile: Path, data: str):
    done = hquant("backtest", data, "-s", RULE)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith("error: ") and data in done.stderr


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_that_cannot_be_read_is_named(
    hquant: Hquant, hostile: Path, sp500_csv: Path, program: str
):
    for words in (["backtest", sp500_csv, "-s", program], ["disasm", program]):
        done = hquant(*words)
        assert done.returncode == 1 and done.stdout == ""
        assert done.stderr.startswith(f"error: {program}: ") and done.stderr.count("\n") == 1


def test_a_strategy_that_does_not_compile_shows_carets(hquant: Hquant, tmp_path: Path):
    (tmp_path / "bad.hq").write_text("x = 1\nIF RIS(14) < 30 THEN BUY\n")
    expected = (
        "bad.hq:2:4: error[E2002]: unknown function RIS\n"
        "  2 | IF RIS(14) < 30 THEN BUY\n"
        "    |    ^^^\n"
        "  hint: did you mean RSI?\n"
    )
    for words in (["compile", "bad.hq"], ["disasm", "bad.hq"], ["backtest", "d", "-s", "bad.hq"]):
        done = hquant(*words)
        assert (done.returncode, done.stdout, done.stderr) == (1, "", expected)
    assert not (tmp_path / "bad.hqbc").exists()


def test_every_error_of_a_strategy_is_shown(hquant: Hquant):
    done = hquant("disasm", "IF RIS(14) < 30 THEN BUY\nIF clsoe > 1 THEN SELL")
    assert done.returncode == 1
    assert "<strategy>:1:4: error[E2002]" in done.stderr
    assert "<strategy>:2:4: error[E2001]" in done.stderr


def test_a_strategy_that_is_not_utf8_is_refused(hquant: Hquant):
    done = hquant("disasm", b"IF close > \xff THEN BUY")
    assert (done.returncode, done.stderr) == (1, "error: <strategy>: not UTF-8 at byte 11\n")


@pytest.mark.parametrize(
    ("strategy", "word"),
    [
        ("IF close@30s > 1 THEN BUY", "@30s: expected a multiple"),
        ("IF buy_volume > 1 THEN BUY", "buy_volume"),
    ],
)
def test_a_run_says_what_it_cannot_execute(
    hquant: Hquant, sp500_csv: Path, strategy: str, word: str
):
    done = hquant("backtest", sp500_csv, "-s", strategy, "--bar-period", "1d")
    last = done.stderr.splitlines()[-1]  # below what is warned about
    assert done.returncode == 1 and last.startswith("error: ") and word in last


@pytest.mark.parametrize(
    ("option", "word"),
    [
        (["--param", "n"], "expected NAME=VALUE such as fast=12, found 'n'"),
        (["--param", "n=x"], "found 'n=x'"),
        (["--param", "m=3"], "param m: expected one of n"),
        (["--param", "n=99"], "param n: expected 2..50, found 99.0"),
        (["--bar-period", "1M"], "a month has no fixed length"),
    ],
)
def test_a_bad_option_of_a_run_is_named(
    hquant: Hquant, sp500_csv: Path, option: list[str], word: str
):
    text = "PARAM n = 3 IN 2..50\nIF SMA(n) > close THEN BUY"
    done = hquant("backtest", sp500_csv, "-s", text, *option)
    assert done.returncode == 1 and done.stderr.startswith("error: ") and word in done.stderr


def test_an_output_that_cannot_be_written_is_named(hquant: Hquant, tmp_path: Path):
    (tmp_path / "s.hq").write_text(RULE)
    done = hquant("compile", "s.hq", "-o", "no/such/s.hqbc")
    assert (done.returncode, done.stderr) == (
        1, "error: no/such/s.hqbc: No such file or directory\n",
    )  # fmt: skip


@pytest.mark.parametrize(
    "words", [["compile", "s.txt"], ["compile", "s.hq", "-o", "s.bin"], ["disasm", "s.txt"]]
)
def test_a_wrong_suffix_says_the_right_one(hquant: Hquant, tmp_path: Path, words: list[str]):
    (tmp_path / "s.txt").write_text(RULE)
    (tmp_path / "s.hq").write_text(RULE)
    done = hquant(*words)
    assert done.returncode == 1 and ".hq" in done.stderr.removeprefix("error: s.hq")


def test_interrupt_in_the_middle_is_exit_code_130_and_silent(
    hquant: Hquant, monkeypatch: pytest.MonkeyPatch, sp500_csv: Path
):
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("hquant_cffi.cli._backtest.load", interrupted)
    done = hquant("backtest", sp500_csv, "-s", RULE)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


@pytest.mark.parametrize("text", ["", " ", "\n"])
def test_an_empty_strategy_is_refused(hquant: Hquant, sp500_csv: Path, text: str):
    done = hquant("backtest", str(sp500_csv), "-s", text)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr == "error: --strategy: expected a file or a text, found an empty one\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--capital", "-1"), "--capital must be a finite number > 0"),
        (("--maker-fee", "nan"), "--maker-fee must be a finite number"),
        (("--metrics", "--periods-per-year", "abc"), "'365d', '252d', found 'abc'"),
        (("--limit-bars", "4"),
         "--limit-bars is read only with --fill limit; give both, or leave --limit-bars out"),
        (("--size", "20%", "--size-unit", "notional"),
         "--size: '20%' is of equity, and --size-unit is 'notional'; give a number, or leave "
         "--size-unit out"),
        (("--param", "min_quantity=3"), "param min_quantity: expected 1..2, found 3.0"),
        (("--param", "fee=3"), "param fee: expected 1..2, found 3.0"),
    ],
)  # fmt: skip
def test_an_option_is_called_as_on_the_command_line(
    hquant: Hquant, sp500_csv: Path, words: tuple[str, ...], message: str
):
    params = "PARAM fee = 1 IN 1..2\nPARAM min_quantity = 1 IN 1..2"
    text = f"{params}\nIF close > fee * min_quantity THEN BUY"
    done = hquant("backtest", sp500_csv, "-s", text, *words)
    assert (done.returncode, done.stdout) == (1, "") and message in done.stderr
    done = hquant("verify", text, sp500_csv, *words[words[0] == "--metrics":])
    assert done.returncode == 2
