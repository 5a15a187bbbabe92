"""The command as a user runs it: a process of its own."""

from __future__ import annotations

import json
import os
import pty
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hquant_command import Hquant, inside

RULE = "IF close > 1 THEN BUY"
COMMAND = [sys.executable, "-m", "hquant_cffi"]


@pytest.mark.parametrize(
    "words",
    [
        ["--version"],
        ["--help"],
        ["config"],
        ["indicators", "--json"],
        ["disasm", RULE],
        ["compile", "missing.hq"],
        ["backtest", "missing.csv", "-s", RULE],
        ["backtest", "days.csv", "-s", "IF clsoe > 1 THEN BUY"],
        ["backtest", "days.csv", "-s", RULE, "--unknown"],
        ["nonsense"],
    ],
)
def test_a_process_answers_as_the_runner_does(
    fresh_hquant: Hquant, sp500_csv: Path, words: list[str]
):
    """So what the other tests see inside this process holds for the command."""
    done, expected = fresh_hquant(*words), inside(*words)
    assert (done.returncode, done.stdout, done.stderr) == (
        expected.returncode, expected.stdout, expected.stderr,
    )  # fmt: skip


def test_backtest_and_demo_run_as_processes(fresh_hquant: Hquant, sp500_csv: Path):
    for words in (["demo"], ["backtest", "days.csv", "-s", RULE]):
        done = fresh_hquant(*words)
        assert (done.returncode, done.stderr) == (0, "") and "final equity" in done.stdout


def test_ctrl_c_while_reading_is_exit_code_130_and_silent(tmp_path: Path):
    os.mkfifo(tmp_path / "slow.csv")
    process = subprocess.Popen(
        [*COMMAND, "backtest", "slow.csv", "-s", RULE],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    with open(tmp_path / "slow.csv", "w") as writer:  # returns when the command has opened it
        writer.write("timestamp,open")
        writer.flush()
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, "", "")


def test_a_full_disk_is_an_error():
    command = f"{sys.executable} -m hquant_cffi demo > /dev/full"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, "error: No space left on device\n")


def test_paths_need_not_be_text(tmp_path: Path):
    name = b"\xff.hq"
    (tmp_path / os.fsdecode(name)).write_text(RULE)
    done = subprocess.run([*COMMAND, "compile", name], cwd=tmp_path, capture_output=True)
    assert done.returncode == 0 and done.stdout.startswith(b"\xff.hqbc: ")
    done = subprocess.run([*COMMAND, "compile", b"\xfe.hq"], cwd=tmp_path, capture_output=True)
    assert (done.returncode, done.stderr) == (1, b"error: \\udcfe.hq: No such file or directory\n")


def test_a_closed_pipe_ends_quietly():
    command = f"{sys.executable} -m hquant_cffi indicators --json | head -c 1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("[", "")


@pytest.mark.parametrize("rows", [100, 100_000])
def test_only_a_long_input_on_a_terminal_shows_progress(tmp_path: Path, rows: int):
    start = 1_700_000_000_000
    lines = [f"{start + 60_000 * i},10.000,11.000,9.000,10.000,1234567890" for i in range(rows)]
    text = "timestamp,open,high,low,close,volume\n" + "\n".join(lines)
    (tmp_path / "bars.csv").write_text(text)
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "backtest", "bars.csv", "-s", RULE, "--json"],
        cwd=tmp_path, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, text=True,
        env={**os.environ, "TERM": "xterm"},
    )  # fmt: skip
    out, _ = process.communicate(timeout=120)
    os.write(theirs, b"<end>")
    seen = os.read(ours, 1 << 16).decode()
    os.close(ours)
    os.close(theirs)
    assert process.returncode == 0 and out.startswith('{"data": "bars.csv"')
    assert ("reading" in seen) == (len(text) > 4 << 20) == (rows == 100_000)


def test_no_progress_where_nobody_looks(fresh_hquant: Hquant, tmp_path: Path):
    rows = "\n".join(
        f"{1_700_000_000_000 + 60_000 * i},10.000,11.000,9.000,10.000,1234567890"
        for i in range(100_000)
    )
    (tmp_path / "long.csv").write_text("timestamp,open,high,low,close,volume\n" + rows)
    done = fresh_hquant("backtest", "long.csv", "-s", RULE, "--json")
    assert (done.returncode, done.stderr) == (0, "")


def test_the_installed_command_is_the_module(fresh_hquant: Hquant):
    script = Path(sys.executable).parent / "hquant"
    done = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == fresh_hquant("--version").stdout


def test_start_up_imports_no_data_frame_library():
    heavy = ("pandas", "polars", "pyarrow")
    code = f"import hquant_cffi.cli, sys; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_closed_stderr_is_survived(tmp_path: Path) -> None:
    """Python then has no sys.stderr at all; the run once ended without a word."""
    data = tmp_path / "bars.csv"
    data.write_text("time,open,high,low,close,volume\n2024-01-01,1,1,1,1,1\n2024-01-02,1,1,1,1,1\n")
    command = [*COMMAND, "backtest", str(data), "--json", "--strategy", RULE]
    shell = " ".join(shlex.quote(part) for part in command) + " 2>&-"
    done = subprocess.run(["sh", "-c", shell], stdout=subprocess.PIPE, check=False)
    assert done.returncode == 0
    assert json.loads(done.stdout)["bars"] == 2


def test_a_closed_standard_error_stops_nothing(sp500_csv: Path):
    command = f"{sys.executable} -m hquant_cffi backtest {sp500_csv} -s '{RULE}' --json 2>&-"
    done = subprocess.run(["sh", "-c", command], stdout=subprocess.PIPE, text=True)
    assert done.returncode == 0 and done.stdout.startswith('{"data": ')
