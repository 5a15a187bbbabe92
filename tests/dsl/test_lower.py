"""Register code: goldens written by hand from docs/hqbc.md, and the file around it."""

from __future__ import annotations

import math
import re
import struct
import zlib
from pathlib import Path

import pytest

from hquant_cffi._errors import ProgramError
from hquant_cffi.dsl import compile_text
from hquant_cffi.dsl.bytecode import NO_PARAM, Image, Op, decode, encode


def compiled(text: str) -> Image:
    return decode(compile_text(text).bytecode)


def code(text: str) -> list[str]:
    """Instructions as ``OP@timeframe a b``."""
    return [
        f"{Op(each.op).name}{f'@{each.timeframe}' if each.timeframe else ''} {each.a} {each.b}"
        for each in compiled(text).code
    ]


def test_rule_is_lowered_operands_first() -> None:
    text = "IF RSI(14) < 30 AND close > open THEN BUY"
    assert code(text) == [
        "SERIES 3 0",
        "NODE 0 0",
        "CONST 0 0",
        "LT 1 2",
        "SERIES 0 0",
        "GT 0 4",
        "AND 3 5",
    ]
    image = compiled(text)
    assert [tuple(each) for each in image.nodes] == [(4, 0, 0, 1, 1, 0, 0, 0)]
    assert image.inputs == [0]
    assert [tuple(each) for each in image.node_params] == [(NO_PARAM, 0, 14.0)]
    assert image.constants == [30.0]
    assert [tuple(each) for each in image.rules] == [(6, 1, 0, 0, 0, 1)]


def test_equal_expressions_are_one_register() -> None:
    text = (
        "x = SMA(close, 20)\nIF SMA(20) > 1 AND Sma(CLOSE, period=20) > 1.0 THEN BUY\n"
        "IF x[2] > LAG(SMA(20), 2) THEN SELL"
    )
    image = compiled(text)
    assert [each.code for each in image.nodes] == [1, 13]
    assert code(text) == [
        "SERIES 3 0",
        "NODE 0 0",
        "CONST 0 0",
        "GT 1 2",
        "AND 3 3",
        "NODE 1 0",
        "GT 5 5",
    ]


def test_zero_and_minus_zero_are_two_constants() -> None:
    image = compiled("IF close * 0 > close * -0 THEN BUY")
    assert [math.copysign(1, each) for each in image.constants] == [1, -1]


def test_arithmetic_on_literals_is_left_to_the_run() -> None:
    assert code("IF 1 + 2 > close THEN BUY")[:3] == ["CONST 0 0", "CONST 1 0", "ADD 0 1"]


def test_parameters_of_calls_make_no_instructions() -> None:
    text = "PARAM n = 5\nIF SMA(n) > n THEN BUY\nIF BOLL(20, 3) > 1 THEN BUY"
    assert [each for each in code(text) if each.startswith(("PARAM", "CONST"))] == [
        "PARAM 0 0",
        "CONST 0 0",
    ]
    assert tuple(compiled(text).node_params[0]) == (0, 0, 0.0)


def test_outputs_share_their_node() -> None:
    text = "IF BOLL(20).upper > BOLL(20).mid + BOLL(20).lower THEN BUY"
    assert code(text) == ["SERIES 3 0", "NODE 0 0", "OUT 1 1", "OUT 1 2", "ADD 2 3", "GT 1 4"]


def test_implicit_inputs_are_listed() -> None:
    image = compiled("IF ATR(14) > TR() THEN BUY")
    assert [Op(each.op).name for each in image.code][:3] == ["SERIES"] * 3
    assert [each.a for each in image.code][:3] == [1, 2, 3]
    assert image.inputs == [0, 1, 2, 0, 1, 2]


def test_expression_of_one_timeframe_stays_on_its_clock() -> None:
    assert code("IF SMA(close@4h, 9)[2] > open@4h + 1 THEN BUY") == [
        "SERIES@1 3 0",
        "NODE@1 0 0",
        "NODE@1 1 0",
        "SERIES@1 0 0",
        "CONST 0 0",
        "ADD@1 3 4",
        "GT@1 2 5",
        "LAST 6 0",
    ]


def test_clocks_meet_on_the_base_clock() -> None:
    text = "IF CROSSOVER(close@4h, close@1d) AND close@4h > close THEN BUY"
    assert code(text) == [
        "SERIES@1 3 0",
        "SERIES@2 3 0",
        "LAST 0 0",
        "LAST 1 0",
        "NODE 0 0",
        "SERIES 3 0",
        "GT 2 5",
        "AND 4 6",
    ]
    assert compiled(text).timeframes == [14_400_000, 86_400_000]


def test_period_of_a_call_reaches_every_series_inside() -> None:
    explicit = "IF SMA(hl2@4h + ABS(open@4h), 9) > LOWEST(low@4h, 3) THEN BUY"
    short = "IF SMA(hl2 + ABS(open), 9)@4h > LOWEST(3)@4h THEN BUY"
    assert code(explicit) == code(short)
    atr = compiled("IF ATR(14)@4h > 1 THEN BUY")
    assert [each.timeframe for each in atr.code][:4] == [1, 1, 1, 1]
    assert atr.nodes[0].timeframe == 1


def test_clause_reads_the_base_clock() -> None:
    image = compiled(
        "IF close > 1 THEN BUY SIZE 50% STOP ATR(3)@1h\nIF close > 2 THEN SELL TRAIL 2"
    )
    clauses = [(each.kind, each.unit, Op(image.code[each.register].op)) for each in image.clauses]
    assert clauses == [(1, 1, Op.CONST), (2, 0, Op.LAST), (4, 0, Op.CONST)]
    assert [(each.n_clauses, each.first_clause) for each in image.rules] == [(2, 0), (1, 2)]


def test_what_no_rule_reads_is_left_out() -> None:
    text = "PARAM p = 3\na = SMA(p)\nb = a + 1\nc = open\nIF c > 1 THEN BUY"
    assert code(text) == ["SERIES 0 0", "CONST 0 0", "GT 0 1"]
    assert len(compiled(text).params) == 1


def test_params_carry_names_and_ranges() -> None:
    image = compiled("PARAM ab = 2 IN 1..3 STEP 0.5\nPARAM c = 4\nPARAM d = 1 IN 1..9")
    assert image.strings == b"abcd"
    assert tuple(image.params[0]) == (2, 1, 3, 0.5, 0, 2)
    assert image.params[1].value == 4
    assert all(math.isnan(each) for each in image.params[1][1:4])
    assert tuple(image.params[2]) == (1, 1, 9, 1, 3, 1)


def test_lines_name_the_expression() -> None:
    image = compiled("# one\nx = RSI(14)\nIF x > 30 THEN BUY")
    assert [tuple(each) for each in image.lines] == [(2, 5), (2, 5), (3, 8), (3, 4)]
    assert image.rules[0].line == 3


def test_file_is_laid_out_as_the_document_says() -> None:
    data = compile_text("PARAM abc = 3\nIF close > abc THEN BUY").bytecode
    assert data[:4] == b"HQBC"
    assert struct.unpack_from("<HHI", data, 4) == (1, 0, len(data))
    assert struct.unpack_from("<I", data, 12)[0] == zlib.crc32(data[16:])
    assert struct.unpack_from("<II", data, 16) == (11, 0)
    table = [struct.unpack_from("<III", data, 24 + 12 * i) for i in range(11)]
    assert [kind for kind, _, _ in table] == list(range(1, 12))
    offset = 160
    for _, start, size in table:
        assert start == offset
        assert not any(data[start + size : (start + size + 7) // 8 * 8])
        offset = (start + size + 7) // 8 * 8
    assert offset == len(data)
    assert [size for _, _, size in table] == [3, 40, 0, 0, 0, 0, 0, 48, 16, 0, 24]


def test_decoding_gives_back_what_was_encoded() -> None:
    data = compile_text("IF RSI(14)@4h < 30 THEN BUY STOP 3%").bytecode
    assert encode(decode(data)) == data


@pytest.mark.parametrize("at", [0, 4, 8, 12, 16, 24, 200])
def test_damaged_file_is_not_decoded(at: int) -> None:
    data = bytearray(compile_text("IF RSI(14)@4h < 30 THEN BUY").bytecode)
    data[at] ^= 1
    with pytest.raises(ProgramError):
        decode(bytes(data))
    with pytest.raises(ProgramError):
        decode(bytes(data[:at]))


def test_operation_codes_are_those_of_the_c_core(repository: Path) -> None:
    pure = (repository / "csrc/graph/op.h").read_text(encoding="utf-8")
    program = (repository / "csrc/vm/program.h").read_text(encoding="utf-8")
    found = dict(re.findall(r"X\(([A-Z]+), (\d+),", pure))
    found |= dict(re.findall(r"HQ_OP_([A-Z]+) = (\d+)", program))
    assert {name: int(number) for name, number in found.items()} == {
        each.name: each.value for each in Op
    }
