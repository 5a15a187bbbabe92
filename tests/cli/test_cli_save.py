"""Tables as files: whole or not at all."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hquant_command import Hquant

from hquant_cffi.cli import _save

CROSS = "IF CROSSOVER(close, SMA(20)) THEN BUY\nIF CROSSUNDER(close, SMA(20)) THEN SELL"
COLUMNS = {"a": np.arange(5), "b": np.arange(5) / 4}


def save(path: Path) -> None:
    _save.save_columns(COLUMNS, str(path), lambda: None)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(28, "No space left on device")])
@pytest.mark.parametrize("has_one", [True, False])
def test_what_cannot_be_written_to_its_end_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, has_one: bool
) -> None:
    table, write = tmp_path / "t.csv", _save._write_csv
    if has_one:
        table.write_text("before\n")

    def stops_halfway(columns: _save.Columns, path: Path) -> None:
        write({name: column[:2] for name, column in columns.items()}, path)
        raise error

    monkeypatch.setattr(_save, "_write_csv", stops_halfway)
    with pytest.raises(type(error)) as raised:
        save(table)
    assert [each.name for each in tmp_path.iterdir()] == (["t.csv"] if has_one else [])
    assert not has_one or table.read_text() == "before\n"
    if isinstance(raised.value, OSError):
        assert raised.value.filename == str(table) and raised.value.errno == 28


def test_a_table_takes_the_place_of_one_through_a_link_and_keeps_its_mode(tmp_path: Path) -> None:
    table, link = tmp_path / "t.csv", tmp_path / "link.csv"
    table.write_text("before\n")
    table.chmod(0o640)
    link.symlink_to(table.name)
    save(link)
    assert link.is_symlink() and table.read_text().startswith("a,b\n0,0.0\n")
    assert stat.S_IMODE(table.stat().st_mode) == 0o640
    assert sorted(each.name for each in tmp_path.iterdir()) == ["link.csv", "t.csv"]


def test_a_file_of_two_names_or_with_a_long_one_is_written(tmp_path: Path) -> None:
    table, other = tmp_path / "t.csv", tmp_path / "other.csv"
    table.write_text("before\n")
    os.link(table, other)
    save(table)
    assert other.read_text().startswith("a,b\n0,0.0\n")
    long = tmp_path / ("a" * 251 + ".csv")
    save(long)
    assert long.read_text() == other.read_text()


def test_a_link_to_the_output_is_the_output(sp500_csv: Path, tmp_path: Path) -> None:
    link, out = tmp_path / "o.csv", tmp_path / "r.txt"
    link.symlink_to("/dev/stdout")
    words = [sys.executable, "-m", "hquant_cffi", "backtest", sp500_csv, "-s", CROSS]
    words += ["--trades", link]
    piped = subprocess.run(words, capture_output=True, text=True)
    assert piped.returncode == 0 and "entry_time,exit_time" in piped.stdout
    out.write_text("before\n")
    with out.open("a") as opened:
        assert subprocess.run(words, stdout=opened).returncode == 0
    assert "entry_time,exit_time" in out.read_text() and "return" in out.read_text()


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no device without room")
@pytest.mark.parametrize("ending", ["csv", "json", "parquet"])
def test_a_device_is_written_itself_and_named_when_it_is_full(
    hquant: Hquant, sp500_csv: Path, tmp_path: Path, ending: str
) -> None:
    device, full = Path("/dev/full"), tmp_path / f"full.{ending}"
    if os.geteuid() == 0:  # who may remove the machine's own
        own = tmp_path / "full"
        with suppress(OSError):  # where none can be made, or none is opened
            os.mknod(own, stat.S_IFCHR | 0o666, os.makedev(1, 7))
            own.write_bytes(b"")
            device = own
    full.symlink_to(device)
    done = hquant("backtest", sp500_csv, "-s", CROSS, "--trades", full)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith(f"error: {full}: ") and "No space left" in done.stderr
    assert device.is_char_device()


def test_a_folder_is_no_file(hquant: Hquant, sp500_csv: Path, tmp_path: Path) -> None:
    folder = tmp_path / "t.csv"
    folder.mkdir()
    done = hquant("backtest", sp500_csv, "-s", CROSS, "--trades", folder)
    assert done.stderr == f"error: {folder}: expected a file, found a folder\n"


def test_a_message_names_options_of_the_command(
    hquant: Hquant, sp500_csv: Path, tmp_path: Path
) -> None:
    lines = sp500_csv.read_text().splitlines()
    twice, nameless = tmp_path / "twice.csv", tmp_path / "nameless.csv"
    twice.write_text("\n".join([*lines[:9], lines[8], *lines[9:]]) + "\n")
    nameless.write_text("\n".join(lines).replace("close", "last") + "\n")
    assert "with --errors skip\n" in hquant("backtest", twice, "-s", CROSS).stderr
    assert hquant("backtest", twice, "-s", CROSS, "--errors", "skip").returncode == 0
    said = hquant("backtest", nameless, "-s", CROSS).stderr
    assert "Name them in the file's header line, or in Python with columns={'close': ...}" in said


def test_a_param_is_given_once(hquant: Hquant, sp500_csv: Path) -> None:
    text = f"PARAM n = 5 IN 3..9\n{CROSS}"
    done = hquant("backtest", sp500_csv, "-s", text, "--param", "n=4", "--param", "n=6")
    assert done.returncode == 1
    assert done.stderr.endswith("error: --param: expected n once, found it twice\n")
