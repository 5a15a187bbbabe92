"""Strategy text in C programs that do with processes, signals, files and threads as they like."""

from __future__ import annotations

import platform
import sys
import time
from pathlib import Path

import pytest
from bridge_host import TEXT, answering, build_host, compiler_stub, host, script
from support import Native, run

from hquant_cffi import Strategy
from hquant_cffi.dsl.child import answer

SIZE = len(Strategy.compile(TEXT).bytecode)
COMPILED = f"HQ_OK {SIZE} \n"


@pytest.fixture(scope="module")
def program(cc: str, native: Native, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_host(cc, native, tmp_path_factory.mktemp("hosts") / "host")


@pytest.fixture(scope="module")
def stub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compiler_stub(tmp_path_factory.mktemp("stub") / "python")


WAYS = ["plain", "ignores", "handles", "waits", "interrupted", "blocks", "closed", "many files"]


@pytest.mark.parametrize("way", WAYS)
def test_text_compiles_whatever_the_host_does(program: Path, stub: Path, way: str) -> None:
    assert host(program, way, TEXT, python=stub) == COMPILED


@pytest.mark.parametrize("way", ["ignores", "closed"])
def test_the_compiler_itself_runs_there(program: Path, way: str) -> None:
    assert host(program, way, TEXT, python=sys.executable) == COMPILED


@pytest.mark.parametrize("way", ["plain", "ignores", "handles", "waits"])
def test_a_child_that_fails_is_a_failure_whoever_waits_for_it(
    program: Path, tmp_path: Path, way: str
) -> None:
    broken = script(tmp_path / "broken", "echo 'Kaboom: it broke' >&2", "exit 3")
    said = host(program, way, TEXT, python=broken)
    assert said.startswith("HQ_ENOCOMPILER 0 ")
    assert "Kaboom: it broke" in said


@pytest.mark.parametrize("way", ["plain", "ignores", "handles", "waits"])
def test_the_time_limit_holds_and_ends_what_the_child_started(
    program: Path, tmp_path: Path, way: str
) -> None:
    note = tmp_path / "pid"
    slow = script(tmp_path / "slow", "sleep 300 &", f"echo $! > {note}", "wait")
    began = time.monotonic()
    said = host(program, way, TEXT, python=slow, HQUANT_COMPILE_TIMEOUT_MS="300")
    assert said.startswith("HQ_ENOCOMPILER 0 ")
    assert "in time" in said and "HQUANT_COMPILE_TIMEOUT_MS" in said
    assert 0.25 < time.monotonic() - began < 20
    _await_end(int(note.read_text()))


def _await_end(pid: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except FileNotFoundError:
            return
        if state == "Z":  # ended; whoever inherited it has not waited for it yet
            return
        time.sleep(0.02)
    raise AssertionError(f"process {pid} still runs")


def test_without_a_free_descriptor_the_error_says_so(program: Path, stub: Path) -> None:
    compiled, not_text, said = host(program, "no file", TEXT, python=stub).splitlines()
    assert compiled + "\n" == COMPILED
    assert not_text.startswith("HQ_EPROGRAM")
    assert said.startswith("HQ_ENOCOMPILER 0 ") and "too many files are open" in said


def test_threads_with_small_stacks_compile_at_once(program: Path, stub: Path) -> None:
    assert host(program, "threads", TEXT, python=stub) == COMPILED * 24


def test_threads_compile_at_once_with_the_compiler_itself(program: Path) -> None:
    assert host(program, "few threads", TEXT, python=sys.executable) == COMPILED * 9


def test_a_thread_may_end_after_the_library_is_unloaded(
    cc: str, native: Native, tmp_path: Path
) -> None:
    source, program = Path(__file__).parent / "consumer" / "unload_host.c", tmp_path / "host"
    run(cc, *("-Wall", "-Wextra", "-Werror"), "-I", native.include, source, *("-o", program))
    stub = compiler_stub(tmp_path / "python", "IF clse > 2 THEN BUY")
    said = host(program, native.shared_library, "IF clse > 2 THEN BUY", python=stub)
    assert said == "diagnosed, unloaded\n" * 3


def test_a_path_is_no_shell_command(program: Path, tmp_path: Path) -> None:
    stub = compiler_stub(tmp_path / "a b; touch 'x' $(touch y) `touch z` & *" / 'py"thon')
    assert host(program, "plain", TEXT, python=stub, cwd=tmp_path) == COMPILED
    assert [path.name[0] for path in tmp_path.iterdir()] == ["a"]


def test_a_text_seen_before_starts_no_process(program: Path, tmp_path: Path) -> None:
    counted, stub = tmp_path / "count", compiler_stub(tmp_path / "stub")
    counting = script(tmp_path / "python", f"echo one >> {counted}", f"exec {stub}")
    assert host(program, "plain", TEXT, TEXT, TEXT, python=counting) == COMPILED * 3
    assert counted.read_text() == "one\n"


def test_a_failure_is_not_remembered(program: Path, tmp_path: Path) -> None:
    stub, first = compiler_stub(tmp_path / "stub"), tmp_path / "first"
    fails_once = script(
        tmp_path / "python", f"[ -e {first} ] || {{ touch {first}; exit 1; }}", f"exec {stub}"
    )
    failed, compiled = host(program, "plain", TEXT, TEXT, python=fails_once).splitlines()
    assert failed.startswith("HQ_ENOCOMPILER 0 ")
    assert compiled + "\n" == COMPILED


def test_files_of_the_host_are_not_the_childs(program: Path, tmp_path: Path) -> None:
    library, version = platform.libc_ver()
    if library != "glibc" or tuple(map(int, version.split("."))) < (2, 34):
        pytest.skip("this C library cannot close what a child would inherit")
    seen, stub = tmp_path / "seen", compiler_stub(tmp_path / "stub")
    looking = script(tmp_path / "python", f"ls /proc/$$/fd > {seen}", f"exec {stub}")
    assert host(program, "many files", TEXT, python=looking) == COMPILED
    assert len(seen.read_text().split()) < 10


def test_a_child_that_says_too_much_is_stopped(program: Path, tmp_path: Path) -> None:
    flood = script(tmp_path / "flood", "exec cat /dev/zero")
    said = host(program, "plain", TEXT, python=flood)
    assert said.startswith("HQ_ENOCOMPILER 0 ") and "said too much, more than 4 MiB" in said


def test_what_is_said_in_no_encoding_reaches_the_host_as_utf8(
    program: Path, tmp_path: Path
) -> None:
    latin = script(tmp_path / "latin", r"printf 'caf\351 closed\n' >&2", "exit 1")
    said = host(program, "plain", TEXT, python=latin)
    assert "caf? closed" in said


@pytest.mark.parametrize(
    "broken",
    [b"", b"P", b"E", b"E1\n", b"E1\n2", b"E1\n2\n", b"E1\n2\nno\0", b"E1\n2\nno\0no\0",
     b"E1\n2\na\0b\0c\0d", b"Ex\n2\na\0b\0c\0", b"PHQB", b"PHQBC", b"X", b"\0" * 50],
)  # fmt: skip
def test_a_damaged_answer_is_no_success(program: Path, tmp_path: Path, broken: bytes) -> None:
    head = answer(b"s\0" + TEXT.encode()).split(b"\n")[0]
    python = answering(tmp_path / "python", head + b"\n" + broken)
    said = host(program, "plain", TEXT, python=python)
    assert said.startswith(("HQ_ENOCOMPILER 0 ", "HQ_EPROGRAM 0 "))
