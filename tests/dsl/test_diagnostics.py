"""The printed form of a diagnostic, character by character, and its form for JSON."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from hquant_cffi import dsl
from hquant_cffi._errors import CompileError, HQuantError
from hquant_cffi.dsl import CODES, compile_text


def failure(text: str, name: str = "momentum.hq") -> CompileError:
    with pytest.raises(CompileError) as error:
        compile_text(text, name=name)
    return error.value


def test_error_names_place_code_and_fix() -> None:
    text = "\n# two averages\nfast = sma(close, 10, 20)\nIF fast > 1 THEN BUY"
    assert str(failure(text)) == (
        "momentum.hq:3:23: error[E2008]: too many arguments: expected SMA(x = close, period), "
        "found 3\n"
        "  3 | fast = sma(close, 10, 20)\n"
        "    |                       ^^\n"
        "  hint: for two lengths write two names"
    )


def test_several_errors_stand_in_the_order_of_the_text() -> None:
    error = failure("IF a < b < c THEN BUY\nslow = SMA(clse, 30)\nIF RSI(14) = 30 THEN BUY\n")
    assert str(error) == (
        "momentum.hq:1:10: error[E1006]: comparisons do not chain: expected AND or OR, found <\n"
        "  1 | IF a < b < c THEN BUY\n"
        "    |          ^\n"
        "  hint: write a < b AND b < c\n"
        "momentum.hq:2:12: error[E2001]: expected a series, a PARAM or an assigned name, "
        "found clse\n"
        "  2 | slow = SMA(clse, 30)\n"
        "    |            ^^^^\n"
        "  hint: did you mean close?\n"
        "momentum.hq:3:12: error[E1010]: = assigns: expected a comparison, found =\n"
        "  3 | IF RSI(14) = 30 THEN BUY\n"
        "    |            ^\n"
        "  hint: == compares"
    )
    assert (error.line, error.column) == (1, 10)
    assert isinstance(error, HQuantError)
    assert isinstance(error, ValueError)


def test_warning_is_printed_the_same_way() -> None:
    compiled = compile_text("IF BOLL(20) > close THEN BUY")
    assert compiled.warnings[0].render(compiled.source) == (
        "<strategy>:1:4: warning[W9001]: BOLL without an output is its first, the upper band\n"
        "  1 | IF BOLL(20) > close THEN BUY\n"
        "    |    ^^^^^^^^\n"
        "  hint: write .upper, or one of .mid, .lower"
    )


def test_carets_stand_under_a_line_with_tabs() -> None:
    assert str(failure("x\t=\tzzz", "t")).splitlines()[1:3] == ["  1 | x = zzz", "    |     ^^^"]


def test_error_at_the_end_of_the_text_has_a_caret() -> None:
    assert str(failure("x = 1 +", "t")).splitlines()[1:3] == ["  1 | x = 1 +", "    |        ^"]


def test_span_over_lines_is_marked_in_its_first() -> None:
    lines = str(failure("IF (close +\n  open) THEN BUY", "t")).splitlines()
    assert lines[1:3] == ["  1 | IF (close +", "    |    ^^^^^^^^"]


def test_long_line_is_cut_around_the_carets() -> None:
    text = f"x = {' + '.join(['close'] * 2000)} + zzz"
    line, carets = str(failure(text)).splitlines()[1:3]
    assert len(line) < 130
    assert line[carets.index("^") :][:3] == "zzz"


def test_dict_is_json_with_both_ends() -> None:
    error = failure("x = close\ny = (zzz +\n 1)")
    assert error.source is not None
    found = [each.to_dict(error.source) for each in error.diagnostics]
    assert json.loads(json.dumps(found)) == [
        {
            "code": "E2001",
            "severity": "error",
            "title": "unknown name",
            "message": "expected a series, a PARAM or an assigned name, found zzz",
            "hint": "assign it above: zzz = ...",
            "file": "momentum.hq",
            "line": 2,
            "column": 6,
            "end_line": 2,
            "end_column": 9,
        }
    ]


MORE = "... and more: the first 50 are shown"


@pytest.mark.parametrize("count", [51, 20_000])
def test_run_ends_behind_fifty_errors_and_says_so(count: int) -> None:
    error = failure("IF\n" * count)
    assert len(error.diagnostics) == 50
    assert str(error).splitlines()[-1] == MORE
    assert str(error).count(MORE) == 1


def test_fifty_errors_are_all_there_are() -> None:
    error = failure("IF\n" * 50)
    assert len(error.diagnostics) == 50
    assert MORE not in str(error)


@pytest.mark.parametrize("control", ["\x1b[31m", "\n", "\r", "\x07", "\x9b", "\u202e", "\0"])
def test_no_control_character_of_the_name_reaches_the_terminal(control: str) -> None:
    error = failure("IF\n", name=f"a{control}b")
    assert str(error).startswith(f"a {control[1:]}b:1:")
    assert all(character.isprintable() for character in str(error).replace("\n", ""))
    assert error.source is not None
    assert error.diagnostics[0].to_dict(error.source)["file"] == f"a{control}b"  # JSON escapes it


def test_a_name_is_repeated_no_longer_than_a_path_may_be() -> None:
    error = failure("IF\n" * 50, name="n" * 60_000)
    assert str(error).startswith("n" * 4096 + ":1:")
    assert "n" * 4097 not in str(error)


def test_every_code_has_a_title_and_every_title_a_use() -> None:
    folder = Path(dsl.__file__).parent
    used: set[str] = set()
    for path in folder.glob("*.py"):
        if path.name == "diagnostics.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_code = isinstance(node, ast.Constant) and isinstance(node.value, str)
            if is_code and re.fullmatch(r"[EW]\d{4}", node.value):
                used.add(node.value)
    assert used == set(CODES)
