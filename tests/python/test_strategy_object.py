"""Strategy: one object for text, files and programs."""

from __future__ import annotations

import dataclasses
import gc
from pathlib import Path

import pytest

from hquant_cffi import CompileError, HQuant, ParameterError, ProgramError, Strategy
from hquant_cffi._ffi import lib
from hquant_cffi.dsl import compile_text
from hquant_cffi.strategy import Param

TEXT = """\
PARAM slow = 30 IN 20..40 STEP 5
PARAM fast = 10
trend = EMA(close@4h, 50)
IF SMA(fast) > SMA(slow) AND close > trend THEN BUY STOP 3%
"""
PLAIN = "IF RSI(14) < 30 THEN BUY"


def test_compile_gives_the_compilers_program() -> None:
    strategy, compiled = Strategy.compile(TEXT, name="t.hq"), compile_text(TEXT)
    assert strategy.bytecode == compiled.bytecode
    assert [dataclasses.astuple(param) for param in strategy.params] == [
        dataclasses.astuple(param) for param in compiled.params
    ]
    assert strategy.params[0] == Param("slow", 30.0, 20.0, 40.0, 5.0)
    assert strategy.params[1] == Param("fast", 10.0, None, None, None)
    assert [param.line for param in strategy.params] == [1, 2]
    assert strategy.timeframes == compiled.timeframes == (4 * 3_600_000,)
    assert strategy.has_clauses is compiled.has_clauses is True
    assert (strategy.name, strategy.source) == ("t.hq", TEXT)


def test_program_bytes_give_an_equal_strategy() -> None:
    text = Strategy.compile(TEXT)
    for data in (text.bytecode, bytearray(text.bytecode), memoryview(text.bytecode)):
        again = Strategy.from_bytecode(data)
        assert again == text and hash(again) == hash(text)
        assert again.params == text.params
        assert again.disassemble() == text.disassemble()
        assert again.source is None and again.warnings == ()
    assert text != Strategy.compile(PLAIN)
    assert text != text.bytecode


def test_changing_the_given_buffer_changes_nothing() -> None:
    data = bytearray(Strategy.compile(PLAIN).bytecode)
    strategy = Strategy.from_bytecode(data)
    data[:] = bytes(len(data))
    assert strategy == Strategy.compile(PLAIN)


def test_disassembly_names_the_indicator_and_is_whole() -> None:
    text = Strategy.compile(PLAIN).disassemble()
    assert "RSI" in text and "30" in text
    assert lib.hq_program_disassemble(Strategy.compile(PLAIN).program_handle(), b"", 0) == len(text)


def test_reads_buy_volume_tells() -> None:
    assert Strategy.compile("IF buy_volume > 1 THEN BUY").reads_buy_volume is True
    assert Strategy.compile(PLAIN).reads_buy_volume is False
    assert Strategy.compile(PLAIN).has_clauses is False


def test_warnings_are_kept() -> None:
    (warning,) = Strategy.compile("unused = SMA(3)\nIF close > 1 THEN BUY").warnings
    assert warning.code == "W9002"


def test_program_handle_outlives_the_strategy() -> None:
    handle = Strategy.compile(TEXT).program_handle()
    gc.collect()
    assert lib.hq_program_param_count(handle) == 2


def test_load_reads_text_and_programs(tmp_path: Path) -> None:
    strategy = Strategy.compile(PLAIN)
    text, program, marked = tmp_path / "a.hq", tmp_path / "a.hqbc", tmp_path / "b.hq"
    text.write_text(PLAIN)
    program.write_bytes(strategy.bytecode)
    marked.write_bytes(b"\xef\xbb\xbf" + PLAIN.encode())
    for path in (text, program, marked):
        assert Strategy.load(path) == Strategy.load(str(path)) == strategy
        assert Strategy.load(path).name == str(path)


def test_load_refuses_what_is_no_strategy(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(PLAIN)
    (tmp_path / "bad.hq").write_bytes(b"IF close > 1 THEN BUY # \xff")
    (tmp_path / "wrong.hq").write_text("\nIF close > THEN BUY")
    (tmp_path / "cut.hqbc").write_bytes(Strategy.compile(PLAIN).bytecode[:-1])
    with pytest.raises(ParameterError, match=r"a\.txt: expected a file ending in \.hq"):
        Strategy.load(tmp_path / "a.txt")
    with pytest.raises(CompileError, match=r"bad\.hq: not UTF-8 at byte 24"):
        Strategy.load(tmp_path / "bad.hq")
    with pytest.raises(CompileError, match=r"wrong\.hq:2:"):
        Strategy.load(tmp_path / "wrong.hq")
    with pytest.raises(ProgramError):
        Strategy.load(tmp_path / "cut.hqbc")
    with pytest.raises(FileNotFoundError):
        Strategy.load(tmp_path / "none.hq")


def test_every_flipped_bit_is_refused() -> None:
    program = Strategy.compile(PLAIN).bytecode
    for bit in range(8 * len(program)):
        flipped = bytearray(program)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(ProgramError):
            Strategy.from_bytecode(flipped)


def test_wrong_types_are_refused() -> None:
    with pytest.raises(TypeError, match="data: expected bytes, found str"):
        Strategy.from_bytecode(PLAIN)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="text: expected str, found bytes"):
        Strategy.compile(PLAIN.encode())  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="use Strategy.compile"):
        Strategy()


def test_compile_error_carries_every_diagnostic() -> None:
    with pytest.raises(CompileError) as caught:
        HQuant(4).add_strategy("two.hq", "IF RSI(14) < 30 THEN BUI\nIF SNA(3) > 1 THEN SELL")
    assert [diagnostic.severity for diagnostic in caught.value.diagnostics] == ["error", "error"]
    assert caught.value.line == 1 and "two.hq:2:" in str(caught.value)


def test_repr_names_it() -> None:
    assert repr(Strategy.compile(TEXT, name="t.hq")).startswith("<Strategy 't.hq': ")


@pytest.mark.parametrize("name", ["momentum.hq", "./my strategies/momentum.hqbc"])
def test_name_of_a_file_is_no_text_and_the_error_says_how_to_read_it(name: str) -> None:
    with pytest.raises(CompileError) as error:
        HQuant(16).add_strategy("momentum", name)
    (found,) = error.value.diagnostics
    assert found.code == "E1017"
    assert found.hint == f'read the file: Strategy.load("{name}")'
