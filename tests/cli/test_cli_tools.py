"""``hquant compile``, ``disasm``, ``indicators``, ``config``, ``--version`` and start-up."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from hquant_command import Hquant, inside

import hquant_cffi
from hquant_cffi import Strategy
from hquant_cffi.indicators import table

TEXT = "PARAM n = 14 IN 5..30 STEP 1\nIF RSI(n) < 30 THEN BUY\n"


def answer(*words: str) -> str:
    done = inside(*words)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_compile_writes_the_program_that_the_library_makes(hquant: Hquant, tmp_path: Path):
    (tmp_path / "s.hq").write_text(TEXT)
    program = Strategy.compile(TEXT).bytecode
    done = hquant("compile", "s.hq")
    assert (done.returncode, done.stdout) == (0, f"s.hqbc: {len(program)} bytes\n")
    hquant("compile", "s.hq", "-o", "other.hqbc")
    assert (tmp_path / "s.hqbc").read_bytes() == program
    assert (tmp_path / "other.hqbc").read_bytes() == program


def test_compile_writes_a_c_header(hquant: Hquant, tmp_path: Path):
    (tmp_path / "my-dip.hq").write_text(TEXT)
    strategy = Strategy.compile(TEXT, name="my-dip.hq")
    done = hquant("compile", "my-dip.hq", "--emit", "c-header")
    size = len(strategy.bytecode)
    assert (done.returncode, done.stdout) == (0, f"my-dip.h: {size} bytes\n")
    assert (tmp_path / "my-dip.h").read_text() == strategy.c_header()
    hquant("compile", "my-dip.hq", "--emit=c-header", "--name", "dip", "-o", "other.hpp")
    assert (tmp_path / "other.hpp").read_text() == strategy.c_header("dip")
    assert not (tmp_path / "my-dip.hqbc").exists()


def test_a_c_header_takes_its_mode(hquant: Hquant, tmp_path: Path):
    (tmp_path / "s.hq").write_text(TEXT)
    hquant("compile", "s.hq", "--emit", "c-header", "--mode", "talib")
    expected = Strategy.compile(TEXT, name="s.hq", mode="talib").c_header()
    assert (tmp_path / "s.h").read_text() == expected


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--name", "x"], "--name x: is the name of a C array; add --emit c-header"),
        (["--emit", "c-header", "-o", "s.hqbc"], "s.hqbc: expected an output ending in .h or .hpp"),
        (["--emit", "c-header", "--name", "int"], "name 'int': it is a word of C or C++"),
        (["--emit", "c-header", "--name", "Bar"], "name 'Bar': it is declared by hquant's headers"),
    ],
)
def test_what_a_c_header_cannot_be_is_refused_and_nothing_written(
    hquant: Hquant, tmp_path: Path, words: list[str], said: str
):
    (tmp_path / "s.hq").write_text(TEXT)
    done = hquant("compile", "s.hq", *words)
    assert done.returncode == 1 and done.stderr.startswith(f"error: {said}")
    assert [path.name for path in tmp_path.iterdir()] == ["s.hq"]


def test_disasm_is_the_same_for_text_and_program(hquant: Hquant, tmp_path: Path):
    (tmp_path / "s.hq").write_text(TEXT)
    hquant("compile", "s.hq")
    listings = [hquant("disasm", each).stdout for each in ("s.hq", "s.hqbc", TEXT)]
    assert listings == [Strategy.compile(TEXT).disassemble().rstrip("\n") + "\n"] * 3
    assert "RSI" in listings[0]


@pytest.mark.parametrize("command", ["disasm", "backtest"])
def test_mode_of_a_compiled_program_cannot_be_chosen_again(
    hquant: Hquant, tmp_path: Path, command: str
):
    (tmp_path / "s.hq").write_text(TEXT)
    hquant("compile", "s.hq")
    words = (
        ("disasm", "s.hqbc") if command == "disasm" else ("backtest", "none.csv", "-s", "s.hqbc")
    )
    done = hquant(*words, "--mode", "talib")
    assert (done.returncode, done.stderr) == (
        1,
        "error: --mode talib: s.hqbc keeps the mode it was compiled with; "
        "compile its text with --mode talib\n",
    )


def test_indicators_lists_every_row():
    printed = answer("indicators")
    words = set(printed.split())  # a title may go on in the next line
    for row in table():
        assert f"{row.name}(" in printed and set(row.title.split()) <= words


def test_indicators_json_tells_ranges_and_formulas():
    rows = {row["name"]: row for row in json.loads(answer("indicators", "--json"))}
    assert list(rows) == [row.name for row in table()]
    (period,) = rows["RSI"]["params"]
    assert (period["minimum"], period["default"], period["is_integer"]) == (1.0, 14.0, True)
    assert all(row["formula"] and row["source"] for row in rows.values())


@pytest.mark.parametrize("option", ["--includedir", "--libdir", "--cmakedir"])
def test_config_folders_exist(option: str):
    folder = Path(answer("config", option).rstrip("\n"))
    holds = {
        "--includedir": "hquant.h", "--libdir": "libhquant.so*", "--cmakedir": "hquantConfig.cmake",
    }[option]  # fmt: skip
    assert folder.is_absolute() and list(folder.glob(holds))


def test_config_flags_share_a_line():
    both = answer("config", "--cflags", "--libs")
    assert both.count("\n") == 1
    assert both == f"{answer('config', '--cflags').strip()} {answer('config', '--libs').strip()}\n"


def test_config_flags_build_a_program(hquant: Hquant, cc: str, tmp_path: Path):
    (tmp_path / "main.c").write_text(
        '#include "hquant/status.h"\n#include <stdio.h>\nint main(void){puts(hq_version());}\n'
    )
    flags = hquant("config", "--cflags", "--libs").stdout.strip()
    build = f"{cc} main.c {flags} -o main && ./main"
    done = subprocess.run(["sh", "-c", build], cwd=tmp_path, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == (f"{hquant_cffi.__version__}\n", "")


def test_config_alone_names_every_value():
    names = [line.split(": ")[0] for line in answer("config").splitlines()]
    assert names == ["version", "includedir", "libdir", "cmakedir", "cflags", "libs"]


def test_version_is_the_package_s():
    assert answer("--version") == f"hquant {hquant_cffi.__version__}\n"
