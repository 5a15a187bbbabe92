"""``hquant check``, ``fmt`` and ``explain``; ``--mode``."""

from __future__ import annotations

import json
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from hquant_command import Hquant, fresh
from typer.testing import CliRunner

from hquant_cffi import Strategy
from hquant_cffi.cli import app
from hquant_cffi.dsl.diagnostics import CODES

GOOD = "IF RSI(14) < 30 THEN BUY\n"
WARNED = "IF BOLL(20, 2) < close THEN SELL\n"
BROKEN = "IF RSI(14) < THEN BUY\nIF clse > 1 THEN BUY\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name, text in {"good": GOOD, "warned": WARNED, "broken": BROKEN}.items():
        (tmp_path / f"{name}.hq").write_text(text)
    return tmp_path


def piped(words: list[str], text: str) -> CompletedProcess[str]:
    done = CliRunner().invoke(app, words, input=text, prog_name="hquant")
    return CompletedProcess(words, done.exit_code, done.stdout, done.stderr)


# ------------------------------------------------------------------------------ check


def test_check_of_a_good_text_is_silent(hquant: Hquant, files: Path):
    done = hquant("check", "good.hq")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "1 file, 0 errors, 0 warnings\n"


def test_check_reports_all_files(hquant: Hquant, files: Path):
    done = hquant("check", "good.hq", "broken.hq", "warned.hq")
    assert done.returncode == 1
    places = [line for line in done.stdout.splitlines() if "[E" in line or "[W" in line]
    assert [line.split(": ")[0] for line in places] == [
        "broken.hq:1:14", "broken.hq:2:4", "warned.hq:1:4",
    ]  # fmt: skip
    assert done.stderr == "3 files, 2 errors, 1 warning\n"


def test_check_json_is_one_array_for_tools(hquant: Hquant, files: Path):
    done = hquant("check", "--json", "broken.hq", "warned.hq")
    found = json.loads(done.stdout)
    assert [(each["file"], each["code"], each["severity"]) for each in found] == [
        ("broken.hq", "E1005", "error"),
        ("broken.hq", "E2001", "error"),
        ("warned.hq", "W9001", "warning"),
    ]
    assert found[1]["hint"] == "did you mean close?"
    assert json.loads(hquant("check", "--json", "good.hq").stdout) == []


def test_check_fails_on_warnings_when_asked(hquant: Hquant, files: Path):
    assert hquant("check", "warned.hq").returncode == 0
    assert hquant("check", "warned.hq", "-W").returncode == 1
    assert hquant("check", "good.hq", "--warnings-as-errors").returncode == 0


def test_check_knows_the_period_of_the_bars(hquant: Hquant, tmp_path: Path):
    (tmp_path / "s.hq").write_text("IF close@15m > open THEN BUY\n")
    assert "W9009" not in hquant("check", "s.hq").stdout
    assert "[W9009]" in hquant("check", "s.hq", "--bar-period", "1h").stdout
    assert "[W9010]" in hquant("check", "s.hq", "--bar-period", "10m").stdout
    refused = hquant("check", "s.hq", "--bar-period", "1M")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "period: expected digits" in refused.stderr


def test_check_reads_standard_input():
    done = piped(["check", "-"], BROKEN)
    assert done.returncode == 1 and "<stdin>:2:4: error[E2001]" in done.stdout
    assert piped(["check", "-"], GOOD).returncode == 0


def test_check_goes_on_after_a_file_that_cannot_be_read(hquant: Hquant, files: Path):
    (files / "latin.hq").write_bytes(b"# caf\xe9\n")
    done = hquant("check", "none.hq", "latin.hq", "good.txt", "warned.hq")
    assert done.returncode == 1
    assert "error: none.hq: No such file or directory" in done.stderr
    assert "error: latin.hq: not UTF-8 at byte 5" in done.stderr
    assert "error: good.txt: expected a strategy's text" in done.stderr
    assert "[W9001]" in done.stdout


# -------------------------------------------------------------------------------- fmt


def test_fmt_writes_in_place_and_only_what_changes(hquant: Hquant, tmp_path: Path):
    (tmp_path / "s.hq").write_text("if rsi(14)<30 then buy()")
    (tmp_path / "t.hq").write_text(GOOD)
    before = (tmp_path / "t.hq").stat().st_mtime_ns
    done = hquant("fmt", "s.hq", "t.hq")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "formatted s.hq\n")
    assert (tmp_path / "s.hq").read_text() == GOOD
    assert (tmp_path / "t.hq").stat().st_mtime_ns == before


def test_fmt_check_and_diff_write_nothing(hquant: Hquant, tmp_path: Path):
    text = "# note\nif rsi(14)<30 then buy"
    (tmp_path / "s.hq").write_text(text)
    checked, shown = hquant("fmt", "--check", "s.hq"), hquant("fmt", "--diff", "s.hq")
    assert (checked.returncode, checked.stdout) == (1, "s.hq\n")
    assert shown.returncode == 1
    assert "-if rsi(14)<30 then buy\n+IF RSI(14) < 30 THEN BUY\n" in shown.stdout
    assert (tmp_path / "s.hq").read_text() == text
    hquant("fmt", "s.hq")
    assert hquant("fmt", "--check", "--diff", "s.hq").returncode == 0


def test_fmt_of_standard_input_goes_to_output():
    done = piped(["fmt", "-"], "if rsi(14)<30 then buy")
    assert (done.returncode, done.stdout) == (0, GOOD)
    assert piped(["fmt", "-", "s.hq"], "").returncode == 1


def test_fmt_leaves_a_broken_file_alone_and_does_the_others(hquant: Hquant, files: Path):
    (files / "last.hq").write_text("x=1")
    done = hquant("fmt", "broken.hq", "last.hq")
    assert done.returncode == 1 and "broken.hq:1:14: error[E1005]" in done.stderr
    assert (files / "broken.hq").read_text() == BROKEN
    assert (files / "last.hq").read_text() == "x = 1\n"


def test_fmt_of_a_param_without_a_range(hquant: Hquant, tmp_path: Path):
    (tmp_path / "s.hq").write_text("PARAM p=14\nIF RSI(p)<30 THEN BUY")
    assert hquant("fmt", "s.hq").returncode == 0
    assert (tmp_path / "s.hq").read_text() == "PARAM p = 14\nIF RSI(p) < 30 THEN BUY\n"


def test_fmt_keeps_a_text_whose_names_do_not_exist(hquant: Hquant, tmp_path: Path):
    (tmp_path / "s.hq").write_text("IF zzz>1 THEN BUY\n")
    assert hquant("fmt", "s.hq").returncode == 0
    assert (tmp_path / "s.hq").read_text() == "IF zzz > 1 THEN BUY\n"


# ---------------------------------------------------------------------------- explain


def test_explain_shows_meaning_example_and_repair(hquant: Hquant):
    done = hquant("explain", "e1012")
    assert done.returncode == 0
    for part in (
        "E1012: no action behind THEN",
        "    IF RSI(14) < 30 THEN LONG",
        "example.hq:1:22: error[E1012]: expected BUY, SELL or HOLD, found LONG",
        "  hint: write BUY",
        "    IF RSI(14) < 30 THEN BUY",
    ):
        assert part in done.stdout


def test_explain_lists_all_codes(hquant: Hquant):
    lines = hquant("explain").stdout.splitlines()
    assert lines == [f"{code}  {title}" for code, title in CODES.items()]
    found = json.loads(hquant("explain", "--json", "E1001", "W9007").stdout)
    assert [each["code"] for each in found] == ["E1001", "W9007"]
    assert all(f"[{each['code']}]" in each["output"] for each in found)


def test_explain_of_no_code_names_the_nearest(hquant: Hquant):
    done = hquant("explain", "E9001")
    assert done.returncode == 1
    assert done.stderr == (
        "error: unknown code E9001: expected one such as E1001; did you mean W9001?\n"
    )


# ------------------------------------------------------------------------------- mode


def test_mode_reaches_the_program(hquant: Hquant, tmp_path: Path):
    (tmp_path / "s.hq").write_text(GOOD)
    assert hquant("compile", "s.hq", "--mode", "talib").returncode == 0
    program = Strategy.compile(GOOD, mode="talib").bytecode
    assert (tmp_path / "s.hqbc").read_bytes() == program != Strategy.compile(GOOD).bytecode
    assert hquant("compile", "s.hq", "--mode", "other").returncode == 2


def test_text_tools_start_as_processes(fresh_hquant: Hquant, files: Path):
    assert fresh is fresh_hquant
    assert fresh_hquant("check", "good.hq").returncode == 0
    assert fresh_hquant("fmt", "--check", "good.hq").returncode == 0
    assert "E1001" in fresh_hquant("explain", "E1001").stdout
