"""The C path of strategy text: hquant_add_strategy() straight from `lib`."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from support import run

from hquant_cffi import CompileError, Strategy
from hquant_cffi._ffi import ffi, lib

PLAIN = b"IF RSI(14) < 30 THEN BUY"


@pytest.fixture
def handle() -> Iterator[Any]:
    engine = lib.hquant_new(16)
    lib.hq_clear_error()
    yield engine
    lib.hquant_free(engine)


def add(handle: Any, text: bytes, name: bytes = b"") -> tuple[int, int, int, int, str]:
    """Return id, code, line, column and message."""
    id = lib.hquant_add_strategy(handle, name, len(name), text, len(text))
    error = lib.hq_last_error()
    message = ffi.string(error.message).decode()
    return id, error.code, error.line, error.column, message


def compile_with(monkeypatch: pytest.MonkeyPatch, result: object) -> None:
    def compile_text(text: str, *, name: str) -> object:
        if isinstance(result, BaseException):
            raise result
        return result

    monkeypatch.setattr("hquant_cffi.dsl.compile_text", compile_text)


def test_text_compiles_through_c(handle: Any) -> None:
    assert add(handle, PLAIN)[:2] == (1, lib.HQ_OK)
    assert add(handle, b"IF close > 10 THEN SELL", b"sell")[:2] == (2, lib.HQ_OK)
    for row, close in enumerate([9.0, 11.0]):
        lib.hquant_push_bar(handle, (row, close, close, close, close, 1.0, 0.0))
    signals = ffi.new("Signal[4]")
    assert lib.hquant_poll_signals(handle, signals, 4) == 1
    assert (signals[0].strategy_id, signals[0].action, signals[0].timestamp) == (2, 2, 1)


def test_no_name_at_all_is_fine(handle: Any) -> None:
    assert lib.hquant_add_strategy(handle, ffi.NULL, 0, PLAIN, len(PLAIN)) == 1


def test_program_is_not_handed_to_the_compiler(
    handle: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = Strategy.compile(PLAIN.decode()).bytecode
    compile_with(monkeypatch, RuntimeError("called"))
    assert add(handle, program)[:2] == (1, lib.HQ_OK)
    assert "called" in add(handle, PLAIN)[4]


@pytest.mark.parametrize(
    ("text", "line", "column", "code"),
    [
        (b"IF clse > 1 THEN BUY", 1, 4, "E2001"),
        (b"x = close\n\nIF x > 1 THEN BYE", 3, 15, "E1012"),
        ("# π λ\nIF (close > 1 THEN BUY".encode(), 2, 4, "E1004"),
        (b"IF SMA(0) > 1 THEN BUY", 1, 8, "E3005"),
    ],
)
def test_first_error_is_in_hq_last_error(
    handle: Any, text: bytes, line: int, column: int, code: str
) -> None:
    found = add(handle, text)
    assert found[:4] == (0, lib.HQ_ECOMPILE, line, column)
    assert found[4].startswith(f"error[{code}]: ")


def test_every_error_is_in_the_diagnostics_as_text_and_as_json(handle: Any) -> None:
    text = "# π\nIF clse > 1 THEN BUY\nIF SMA(0) > 1 THEN BUY"
    with pytest.raises(CompileError) as caught:
        Strategy.compile(text, name="dip.hq")
    assert add(handle, text.encode(), b"dip.hq")[0] == 0
    error = lib.hq_last_error()
    assert ffi.string(error.diagnostics).decode() == str(caught.value)
    found = json.loads(ffi.string(error.diagnostics_json))
    assert caught.value.source is not None
    assert found == [each.to_dict(caught.value.source) for each in caught.value.diagnostics]
    assert [(each["code"], each["line"]) for each in found] == [("E2001", 2), ("E3005", 3)]


def test_a_failure_that_is_no_diagnostic_has_none(handle: Any) -> None:
    add(handle, b"IF clse > 1 THEN BUY")
    lib.hquant_len(ffi.NULL)
    error = lib.hq_last_error()
    assert ffi.string(error.diagnostics) == b""
    assert json.loads(ffi.string(error.diagnostics_json)) == []


def test_a_program_is_made_from_text_and_gives_its_bytes() -> None:
    out = ffi.new("HqProgram **")
    assert lib.hq_program_compile(ffi.NULL, 0, PLAIN, len(PLAIN), out) == lib.HQ_OK
    program = ffi.gc(out[0], lib.hq_program_free)
    size = lib.hq_program_bytes(program, ffi.NULL, 0)
    room = ffi.new("uint8_t[]", size)
    assert lib.hq_program_bytes(program, room, size) == size
    assert bytes(ffi.buffer(room)) == Strategy.compile(PLAIN.decode()).bytecode


def test_failed_text_burns_no_id_and_leaves_no_indicator(handle: Any) -> None:
    assert add(handle, b"IF SMA(3) > 1 AND clse > 1 THEN BUY")[0] == 0
    assert lib.hquant_add_rsi(handle, 3) == 1
    assert add(handle, PLAIN)[0] == 1


def test_50000_parentheses_are_an_error_with_a_place(handle: Any) -> None:
    text = b"IF " + b"(" * 50_000 + b"close" + b")" * 50_000 + b" > 1 THEN BUY"
    found = add(handle, text)
    assert found[:2] == (0, lib.HQ_ECOMPILE)
    text = b"IF " + b"(" * 30_000 + b"close" + b")" * 30_000 + b" > 1 THEN BUY"
    id, code, line, column, message = add(handle, text)
    assert (id, code, line) == (0, lib.HQ_ECOMPILE, 1)
    assert column > 100 and "E3002" in message


@pytest.mark.parametrize(
    "bad", [b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82"]
)
def test_invalid_utf8_is_refused_before_the_compiler(handle: Any, bad: bytes) -> None:
    assert add(handle, b"# " + bad + b"\n" + PLAIN)[:2] == (0, lib.HQ_EUTF8)
    assert add(handle, PLAIN, bad)[:2] == (0, lib.HQ_EUTF8)
    assert add(handle, PLAIN)[0] == 1


def test_null_buffers_and_null_handles_are_refused(handle: Any) -> None:
    null = ffi.NULL
    for arguments in (
        (null, b"n", 1, PLAIN, len(PLAIN)),
        (handle, null, 1, PLAIN, len(PLAIN)),
        (handle, b"n", 1, null, 5),
    ):
        lib.hq_clear_error()
        assert lib.hquant_add_strategy(*arguments) == 0
        assert lib.hq_last_error().code == lib.HQ_EINVAL


def test_text_of_nothing_adds_nothing_that_fires(handle: Any) -> None:
    id = lib.hquant_add_strategy(handle, ffi.NULL, 0, ffi.NULL, 0)
    lib.hquant_push_bar(handle, (0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0))
    assert (id, lib.hquant_signals_len(handle)) == (1, 0)


def test_nul_characters_in_the_text_are_an_error_not_its_end(handle: Any) -> None:
    assert add(handle, PLAIN + b"\0 garbage")[:3] == (0, lib.HQ_ECOMPILE, 1)


# ------------------------------------------------- what the compiler may do wrong


@pytest.mark.parametrize("error", [RuntimeError("broken"), RecursionError(), SystemExit(3)])
def test_exception_in_the_compiler_stays_in_the_hook(
    handle: Any, monkeypatch: pytest.MonkeyPatch, error: BaseException, capfd: Any
) -> None:
    compile_with(monkeypatch, error)
    found = add(handle, PLAIN)
    assert found[:2] == (0, lib.HQ_ECOMPILE)
    assert f"the strategy compiler failed: {type(error).__name__}" in found[4]
    assert capfd.readouterr() == ("", "")


def test_memory_error_is_out_of_memory(handle: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    compile_with(monkeypatch, MemoryError())
    assert add(handle, PLAIN)[:2] == (0, lib.HQ_ENOMEM)


def test_interrupt_ends_the_compilation_with_a_code_of_its_own(
    handle: Any, monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    compile_with(monkeypatch, KeyboardInterrupt())
    found = add(handle, PLAIN)
    assert found[:2] == (0, lib.HQ_ECANCELLED) and "interrupted" in found[4]
    assert capfd.readouterr() == ("", "")
    monkeypatch.undo()
    assert add(handle, PLAIN)[0] == 1


def test_program_that_does_not_verify_is_refused(
    handle: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Nonsense:
        bytecode = b"HQBC and nothing behind it"

    compile_with(monkeypatch, Nonsense())
    assert add(handle, PLAIN)[:2] == (0, lib.HQ_EPROGRAM)


def test_failure_of_the_failure_handler_is_still_an_answer(
    handle: Any, monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    compile_with(monkeypatch, RuntimeError())
    monkeypatch.delattr("hquant_cffi._compiler._fail")
    found = add(handle, PLAIN)
    assert found[:2] == (0, lib.HQ_ECOMPILE) and "gave no answer" in found[4]
    assert capfd.readouterr() == ("", "")


def test_threads_compile_at_once_each_with_its_own_error() -> None:
    found: dict[int, tuple[int, int, int, int, str]] = {}

    def work(number: int) -> None:
        handle = lib.hquant_new(4)
        for _ in range(5):
            found[number] = add(handle, b"\n" * number + b"IF clse > 1 THEN BUY")
        lib.hquant_free(handle)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {number: error[:4] for number, error in found.items()} == {
        number: (0, lib.HQ_ECOMPILE, number + 1, 4) for number in range(4)
    }


def test_hook_is_gone_when_the_interpreter_ends() -> None:
    code = (
        "import atexit\n"
        "def last():\n"
        "    _compiler._compile = lambda *a: print('the hook of a dead interpreter')\n"
        "    handle = lib.hquant_new(4)\n"
        "    lib.hquant_add_strategy(handle, b'', 0, b'', 0)\n"
        "    print('end')\n"
        "atexit.register(last)\n"  # registered first: runs last
        "from hquant_cffi import _compiler\n"
        "from hquant_cffi._ffi import lib\n"
    )
    assert run(sys.executable, "-c", code) == "end\n"
