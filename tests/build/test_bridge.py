"""libhquant_dsl: strategy text in a C program, compiled by a Python child process."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest
from support import Native, run

from hquant_cffi import CompileError, Strategy

PROGRAM = r"""
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "hquant/status.h"

static uint32_t add(HQuant *engine, const char *text)
{
    hq_clear_error();
    const char *name = getenv("NAME") ? getenv("NAME") : "s";
    uint32_t id = hquant_add_strategy(engine, (const uint8_t *)name, strlen(name),
                                      (const uint8_t *)text, strlen(text));
    const HqError *error = hq_last_error();
    printf("%u %s %u:%u %s\n", (unsigned)id, hq_status_name(error->code), (unsigned)error->line,
           (unsigned)error->column, error->message);
    if (getenv("DIAGNOSTICS"))
        printf("%s\n%s\n", error->diagnostics, error->diagnostics_json);
    return id;
}

int main(int count, char **texts)
{
    HQuant *engine = hquant_new(8);
    for (int i = 1; i < count; i++)
        add(engine, texts[i]);
    for (int i = 0; i < 3; i++) {
        Bar bar = {i, 1, 1, 1, 1.0 + i, 1, 0};
        hquant_push_bar(engine, bar);
    }
    printf("signals %u\n", (unsigned)hquant_signals_len(engine));
    hquant_free(engine);
    return 0;
}
"""


def _build(cc: str, native: Native, folder: Path, library_folder: Path) -> Path:
    source, binary = folder / "main.c", folder / "main"
    source.write_text(PROGRAM)
    run(
        *(cc, "-Wall", "-Wextra", "-Werror", "-I", native.include, source, "-o", binary),
        *("-L", library_folder, "-lhquant", f"-Wl,-rpath,{library_folder}"),
    )
    return binary


@pytest.fixture(scope="module")
def program(cc: str, native: Native, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build(cc, native, tmp_path_factory.mktemp("bridge"), native.lib)


def _lines(program: Path, *texts: str, python: str = sys.executable) -> list[str]:
    return run(program, *texts, env={"HQUANT_PYTHON": python}).splitlines()


def test_text_compiles_in_a_c_program(program: Path) -> None:
    first, signals = _lines(program, "IF close > 2 THEN BUY")
    assert first.startswith("1 HQ_OK 0:0")
    assert signals == "signals 1"


def test_the_same_text_again_and_another_one_both_work(program: Path) -> None:
    text = "IF close > 1 THEN BUY"
    lines = _lines(program, text, text, "IF close > 2 THEN SELL")
    assert [line.split()[0] for line in lines[:3]] == ["1", "2", "3"]
    assert lines[3] == "signals 5"


def test_a_diagnostic_arrives_with_its_place(program: Path) -> None:
    first, _ = _lines(program, "x = 1\nIF close > foo THEN BUY")
    assert first.startswith("0 HQ_ECOMPILE 2:12 error[E")
    assert "foo" in first


def test_every_diagnostic_arrives_as_in_python(program: Path) -> None:
    text = "x = 1\nIF close > foo THEN BUY\nIF SMA(0) > 1 THEN SELL"
    with pytest.raises(CompileError) as caught:
        Strategy.compile(text, name="s")
    source = caught.value.source
    assert source is not None
    environment = {"HQUANT_PYTHON": sys.executable, "DIAGNOSTICS": "1"}
    _, *rows, as_json, _ = run(program, text, env=environment).splitlines()
    assert "\n".join(rows) == str(caught.value)
    assert json.loads(as_json) == [each.to_dict(source) for each in caught.value.diagnostics]
    assert len(caught.value.diagnostics) == 2


@pytest.mark.parametrize("letter", ["n", "\N{ROCKET}", "\x01"])
def test_a_long_name_leaves_room_for_every_diagnostic(program: Path, letter: str) -> None:
    name = letter * (60_000 // len(letter.encode()))
    environment = {"HQUANT_PYTHON": sys.executable, "NAME": name}
    first, _ = run(program, "IF\n" * 60, env=environment).splitlines()
    assert first.startswith("0 HQ_ECOMPILE 1:")


def test_a_python_that_does_not_exist_is_named(program: Path, tmp_path: Path) -> None:
    first, _ = _lines(program, "IF close > 2 THEN BUY", python=str(tmp_path / "none"))
    assert first.startswith("0 HQ_ENOCOMPILER 0:0")
    assert str(tmp_path / "none")[:100] in first
    assert "HQUANT_PYTHON" in first


def test_a_python_that_fails_is_no_success(program: Path) -> None:
    false = shutil.which("false") or "/bin/false"
    first, _ = _lines(program, "IF close > 2 THEN BUY", python=false)
    assert first.startswith("0 HQ_ENOCOMPILER")


def test_a_child_that_answers_nonsense_is_no_success(program: Path) -> None:
    first, _ = _lines(program, "IF close > 2 THEN BUY", python=shutil.which("echo") or "/bin/echo")
    assert first.startswith("0 HQ_ENOCOMPILER")


def test_a_child_that_does_not_read_is_survived(program: Path) -> None:
    text = "# " + "x" * 60_000 + "\nIF close > 2 THEN BUY"
    first, _ = _lines(program, text, python=shutil.which("true") or "/bin/true")
    assert first.startswith("0 HQ_ENOCOMPILER")


def test_a_text_beyond_the_limit_is_refused(program: Path) -> None:
    first, _ = _lines(program, "# " + "x" * 70_000)
    assert first.startswith("0 HQ_E")


def test_without_the_library_the_error_says_what_to_do(
    cc: str, native: Native, tmp_path: Path
) -> None:
    shutil.copy(native.shared_library, tmp_path / "libhquant.so")
    first, _ = _lines(_build(cc, native, tmp_path, tmp_path), "IF close > 2 THEN BUY")
    assert first.startswith("0 HQ_ENOCOMPILER 0:0 strategy text needs a compiler")
    assert "hquant compile" in first


def test_a_child_that_stays_is_not_waited_for(program: Path, tmp_path: Path) -> None:
    """It closes its outputs and sleeps on: once that was waited for, and taken for a success."""
    sleeper = tmp_path / "sleeper"
    sleeper.write_text("#!/bin/sh\nexec >&- 2>&-\nexec sleep 300\n")
    sleeper.chmod(0o755)
    first = run(
        *(program, "IF close > 2 THEN BUY"),
        env={"HQUANT_PYTHON": str(sleeper), "HQUANT_COMPILE_TIMEOUT_MS": "300"},
    ).splitlines()[0]
    assert first.startswith("0 HQ_ENOCOMPILER")
    assert "in time" in first


def test_modules_of_the_working_folder_are_not_the_compilers(program: Path, tmp_path: Path) -> None:
    (tmp_path / "lark.py").write_text("raise SystemExit('not mine')")
    first = run(
        *(program, "IF close > 2 THEN BUY"), cwd=tmp_path, env={"HQUANT_PYTHON": sys.executable}
    ).splitlines()[0]
    assert first.startswith("1 HQ_OK")
