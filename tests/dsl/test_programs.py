"""Whole texts: random programs, damaged examples, limits and time."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest
from dsl.generate import random_program

from hquant_cffi._errors import CompileError
from hquant_cffi._ffi import check, ffi, lib
from hquant_cffi.dsl import compile_text
from hquant_cffi.dsl.diagnostics import Report
from hquant_cffi.dsl.layout import format_text, without_places
from hquant_cffi.dsl.lex import split_statements
from hquant_cffi.dsl.source import Source

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "examples").glob("*.hq"))


def verify(bytecode: bytes) -> None:
    """Load a program in the C core, which verifies it."""
    program = ffi.new("HqProgram **")
    check(lib.hq_program_load(bytecode, len(bytecode), program))
    lib.hq_program_free(program[0])


def errors(text: str) -> list[str]:
    with pytest.raises(CompileError) as error:
        compile_text(text)
    return [each.code for each in error.value.diagnostics]


@pytest.mark.parametrize("timeframes", [False, True])
def test_random_program_compiles_and_is_verified(timeframes: bool) -> None:
    for seed in range(300):
        text = random_program(Random(seed), timeframes=timeframes)
        compiled = compile_text(text)
        verify(compiled.bytecode)
        assert compile_text(text).bytecode == compiled.bytecode


def test_random_program_survives_any_damage() -> None:
    rng = Random(7)
    for seed in range(300):
        text = list(random_program(Random(seed), timeframes=True))
        for _ in range(3):
            at = rng.randrange(len(text))
            text[at] = rng.choice("()[].,@#%=<>!+-*/ \n\"'é\0\ud8005aIF")
        try:
            verify(compile_text("".join(text)).bytecode)
        except CompileError as error:
            assert error.diagnostics


_WORDS = """
close open SMA RSI BOLL MACD x y 7 1.5 -3 ( ) [ ] , . .. + - * / % ! < <= == = > != AND OR NOT
IF THEN BUY SELL HOLD SIZE STOP PARAM IN STEP @4h @ # && // -- /* */ ; ' " é 30OR upper mid
period= ELSE momentum.hq { } ? : ≥ “ CROSSOVER BARSSINCE VALUEWHEN HIGHEST MAX NZ
"""
WORDS = [*_WORDS.split(), "\n", "\r", "\0"]


def test_any_row_of_words_is_a_program_or_errors_that_say_what_to_do() -> None:
    programs = 0
    for seed in range(8000):
        rng = Random(seed)
        text = " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, 25)))
        if seed % 2:
            text = f"IF close > 1 {text} THEN BUY"
        try:
            compiled = compile_text(text)
        except CompileError as error:
            assert error.source is not None
            for each in error.diagnostics:
                assert each.hint and each.render(error.source)
        else:
            verify(compiled.bytecode)
            formatted = compile_text(format_text(text))
            assert without_places(formatted.bytecode) == without_places(compiled.bytecode), text
            programs += 1
    assert programs > 20


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_compiles_without_a_warning(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    compiled = compile_text(text, name=path.name)
    assert [each.render(compiled.source) for each in compiled.warnings] == []
    clauses = re.search(r"^[^#]*\b(SIZE|STOP|TARGET|TRAIL)\b", text, re.M)
    assert compiled.has_clauses == (clauses is not None)
    assert bool(compiled.timeframes) == ("@" in text)
    verify(compiled.bytecode)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_without_one_token_is_an_error_or_a_program(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    statements = split_statements(Report(Source(text, path.name)))
    spans = [token.span for statement in statements for token in statement.tokens]
    assert len(spans) > 20
    refused = 0
    for start, end in spans:
        try:
            verify(compile_text(text[:start] + text[end:]).bytecode)
        except CompileError as error:
            assert error.diagnostics
            refused += 1
    assert refused > len(spans) / 2


@pytest.mark.parametrize("prefix", range(0, 400, 7))
def test_example_cut_off_anywhere_is_an_error_or_a_program(prefix: int) -> None:
    for path in EXAMPLES:
        try:
            verify(compile_text(path.read_text(encoding="utf-8")[:prefix]).bytecode)
        except CompileError as error:
            assert error.diagnostics


# ---------------------------------------------------------------------------- limits


@pytest.mark.parametrize("count", [201, 20_000, 50_000])
@pytest.mark.parametrize("bracket", ["(", "["])
def test_nested_brackets_are_refused_fast(bracket: str, count: int) -> None:
    text = f"x = {bracket * count}"
    started = time.process_time()
    assert errors(text) == ["E3002"]
    assert time.process_time() - started < 20  # in quadratic time it is minutes


def test_fifty_thousand_closed_parentheses_are_refused_fast() -> None:
    started = time.process_time()
    assert errors(f"x = {'(' * 50_000}close{')' * 50_000}") == ["E3001"]
    assert time.process_time() - started < 20  # in quadratic time it is minutes


def test_two_hundred_parentheses_are_allowed() -> None:
    text = f"IF {'(' * 200}close > 1{')' * 200} THEN BUY"
    verify(compile_text(text).bytecode)


@pytest.mark.parametrize("sign", ["-", "NOT ", "!"])
def test_depth_of_signs_is_limited(sign: str) -> None:
    inner = "close" if sign == "-" else "close > 1"
    after = " > 1" if sign == "-" else ""
    verify(compile_text(f"IF {sign * 195}{inner}{after} THEN BUY").bytecode)
    assert errors(f"IF {sign * 300}{inner}{after} THEN BUY") == ["E3002"]
    assert errors(f"IF {sign * 4000}{inner}{after} THEN BUY") == ["E3002"]


def test_depth_without_brackets_is_limited() -> None:
    text = "close" + "[1]" * 300
    assert errors(f"IF {text} > 1 THEN BUY") == ["E3002"]


def test_long_chain_is_not_deep() -> None:
    chain = " + ".join(["close"] * 2000)
    verify(compile_text(f"IF {chain} > 1 THEN BUY").bytecode)
    chain = " OR ".join(f"close > {i}" for i in range(900))
    verify(compile_text(f"IF {chain} THEN BUY").bytecode)


def test_size_of_a_program_is_limited() -> None:
    def text(terms: int) -> str:
        return f"IF {'+'.join(['close'] * terms)} > 1 THEN BUY"

    verify(compile_text(text(2047)).bytecode)  # 2047 + 2046 + 2 = 4095
    assert errors(text(2048)) == ["E3003"]


def test_source_is_limited_in_bytes() -> None:
    assert compile_text("#" * 65_536)
    assert errors("#" * 65_537) == ["E3001"]
    assert errors("#" + "é" * 32_768) == ["E3001"]


def test_params_and_rules_are_limited() -> None:
    params = "".join(f"PARAM p{i} = 1\n" for i in range(257))
    verify(compile_text(params[: params.rindex("PARAM")]).bytecode)
    assert errors(params) == ["E3004"]
    verify(compile_text("IF 1 < 2 THEN BUY\n" * 256).bytecode)
    assert errors("IF 1 < 2 THEN BUY\n" * 257) == ["E3004"]


def test_timeframes_are_limited() -> None:
    def text(count: int) -> str:
        return "".join(f"IF close@{i + 1}m > 1 THEN BUY\n" for i in range(count))

    verify(compile_text(text(64)).bytecode)
    assert errors(text(65)) == ["E3004"]


def test_largest_programs_stay_inside_the_format() -> None:
    terms = "+".join(f"ohlc4@{i % 60 + 1}m[{i % 9}]" for i in range(1000))
    verify(compile_text(f"IF {terms} > close THEN BUY").bytecode)


def test_text_must_be_str() -> None:
    with pytest.raises(TypeError, match="expected str, found bytes"):
        compile_text(b"IF close > 1 THEN BUY")  # type: ignore[arg-type]


def test_import_does_not_load_the_parser_library() -> None:
    script = "import sys, hquant_cffi.dsl; sys.exit('lark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
