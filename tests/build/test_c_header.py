"""``hquant compile --emit c-header``: programs as C arrays, run where there is no Python."""

from __future__ import annotations

import math
import subprocess
from pathlib import Path

import pytest
from support import Native, run

from hquant_cffi import HQuant, ParameterError, Strategy

HOST = Path(__file__).parent / "consumer" / "array_host.c"
STRICT = ("-Wall", "-Wextra", "-Werror", "-pedantic", "-Wconversion")
TEXTS = {
    "dip": "PARAM n = 5 IN 2..20 STEP 1\nIF RSI(n) < 40 THEN BUY\nIF RSI(n) > 60 THEN SELL",
    "cross-over": "IF CROSSOVER(EMA(close, 3), SMA(close, 8)) THEN BUY",
    "weekly": "IF close@7d > EMA(close@7d, 2) THEN SELL",
}
CLOSES = [100 + 10 * math.sin(i / 3) + 4 * math.sin(i * 1.7) for i in range(200)]


@pytest.fixture
def headers(tmp_path: Path) -> list[str]:
    """The names of the arrays, one of them chosen; headers.h includes all."""
    names = []
    for file, text in TEXTS.items():
        chosen = "chosen" if file == "weekly" else None
        strategy = Strategy.compile(text, name=f"{file}.hq")
        (tmp_path / f"{file}.h").write_text(strategy.c_header(chosen))
        names.append(chosen or file.replace("-", "_") + "_hqbc")
    twice = [f'#include "{file}.h"\n' * 2 for file in TEXTS]
    (tmp_path / "headers.h").write_text("".join(twice))
    return names


def expected() -> list[str]:
    engine = HQuant(64)
    for text in TEXTS.values():
        engine.add_strategy("", text)
    lines = []
    for row, close in enumerate(CLOSES):
        engine.push_bar(row * 86_400_000, close, close + 1, close - 1, close, 1000.0, 0.0)
        lines += [" ".join(map(str, each)) for each in engine.poll_signals_array().tolist()]
    return lines


@pytest.mark.parametrize("standard", ["c99", "c11", "c++17"])
def test_arrays_give_the_same_signals_without_python(
    cc: str, cxx: str, native: Native, headers: list[str], tmp_path: Path, standard: str
) -> None:
    is_cxx = standard.startswith("c++")
    programs = " ".join(f"PROGRAM({name})" for name in headers)
    run(
        *(cxx if is_cxx else cc, f"-std={standard}", *STRICT, "-I", native.include, "-I", tmp_path),
        *('-DHEADERS="headers.h"', f"-DPROGRAMS={programs}"),
        *("-x", "c++" if is_cxx else "c", HOST, "-x", "none", "-L", native.lib, "-lhquant"),
        *(f"-Wl,-rpath,{native.lib}", "-o", tmp_path / "product"),
    )
    done = subprocess.run(
        [tmp_path / "product"],
        input="\n".join(map(repr, CLOSES)),
        env={"HQUANT_PYTHON": "/nonexistent"},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = done.stdout.splitlines()
    assert lines == expected()
    assert {line.split()[0] for line in lines} == {"1", "2", "3"}


def test_the_array_is_the_program_and_the_comment_says_what_it_is() -> None:
    strategy = Strategy.compile(TEXTS["dip"], name="/some/where/dip.hq")
    text = strategy.c_header()
    body = text.split("] = {")[1].split("}")[0]
    assert bytes(int(word, 16) for word in body.split(",")) == strategy.bytecode
    assert text.startswith(f"/*\n * dip.hq: {len(strategy.bytecode)} bytes of HQBC 1.0, ")
    assert " * PARAM n = 5 IN 2..20 STEP 1\n" in text
    assert "/some" not in text
    assert text == Strategy.compile(TEXTS["dip"], name="elsewhere/dip.hq").c_header()


def test_the_comment_shows_the_defaults_in_force() -> None:
    strategy = Strategy.compile(TEXTS["dip"], name="dip.hq").with_params(n=7)
    assert " * PARAM n = 7 IN 2..20 STEP 1\n" in strategy.c_header()
    plain = Strategy.compile("PARAM x = 0.1\nIF close > x THEN BUY", name="p.hq")
    assert " * PARAM x = 0.1\n" in plain.c_header()


@pytest.mark.parametrize(
    ("file", "name"),
    [("dip.hq", "dip_hqbc"), ("My Dip-2.hq", "My_Dip_2_hqbc"), ("__a__b__.hq", "a_b_hqbc"),
     ("signal.hq", "signal_hqbc"), ("while.hq", "while_hqbc"), ("a.b.hq", "a_b_hqbc"),
     ("café.hq", "caf_hqbc"), ("<strategy>", "strategy_hqbc")],
)  # fmt: skip
def test_a_name_is_made_of_the_files(file: str, name: str) -> None:
    text = Strategy.compile(TEXTS["dip"], name=file).c_header()
    assert f"static const unsigned char {name}[{name}_size] = {{\n" in text


@pytest.mark.parametrize("file", ["π.hq", "9lives.hq", "_.hq"])
def test_a_file_that_makes_no_name_is_refused(file: str) -> None:
    with pytest.raises(ParameterError, match="no C name can be made of it; give one"):
        Strategy.compile(TEXTS["dip"], name=file).c_header()


BAD_NAMES = ["", "9", "a b", "_a", "a_", "a__b", "é", "a\n", "while", "class", "main", "Bar"]
BAD_NAMES += ["hquant_new", "HQ_EINVAL", "Signal"]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_what_is_no_name_in_c_and_cxx_is_refused(name: str) -> None:
    with pytest.raises(ParameterError, match="name "):
        Strategy.compile(TEXTS["dip"], name="dip.hq").c_header(name)


HOSTILE = ["a*/b.hq", "a/*b.hq", "*//*.hq", "a??/.hq", "a\\", "x\ny.hq", "\udcff.hq", "a*//*/*/b"]


@pytest.mark.parametrize("file", HOSTILE)
def test_a_hostile_file_name_stays_in_the_comment(cc: str, tmp_path: Path, file: str) -> None:
    text = Strategy.compile(TEXTS["dip"], name=file).c_header("program")
    (tmp_path / "p.h").write_text(text, encoding="utf-8")
    (tmp_path / "p.c").write_text('#include "p.h"\nint main(void) { return program[0] != 72; }\n')
    run(cc, "-std=c99", *STRICT, tmp_path / "p.c", "-o", tmp_path / "p")
    run(tmp_path / "p")
