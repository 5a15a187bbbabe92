"""Precedence and statements, worked out on paper from the grammar; and the traps of the lexer."""

from __future__ import annotations

import pytest
from dsl.trees import expression, parsed, shown

from hquant_cffi._errors import CompileError
from hquant_cffi.dsl import compile_text, syntax


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("NOT a < b AND c", "(AND (NOT (< a b)) c)"),
        ("NOT NOT a", "(NOT (NOT a))"),
        ("! a OR !b", "(OR (NOT a) (NOT b))"),
        ("a OR b AND c", "(OR a (AND b c))"),
        ("a AND b OR c AND d", "(OR (AND a b) (AND c d))"),
        ("a OR b OR c", "(OR (OR a b) c)"),
        ("(a OR b) AND c", "(AND (OR a b) c)"),
        ("-a*b", "(* (- a) b)"),
        ("-a + b", "(+ (- a) b)"),
        ("a - -b", "(- a (- b))"),
        ("- - a", "(- (- a))"),
        ("-x[1]", "(- ([] x 1))"),
        ("a - b - c", "(- (- a b) c)"),
        ("a / b * c", "(* (/ a b) c)"),
        ("a + b * c - d", "(- (+ a (* b c)) d)"),
        ("(a + b) * c", "(* (+ a b) c)"),
        ("a * -b", "(* a (- b))"),
        ("a + b < c * d", "(< (+ a b) (* c d))"),
        ("a<-1", "(< a -1)"),
        ("-2", "-2"),
        ("2 - 3", "(- 2 3)"),
        ("x[1][2]", "([] ([] x 1) 2)"),
        ("BOLL(20, 2).upper[3]", "([] (. BOLL(20, 2) upper) 3)"),
        ("close@4h[1]", "([] (@ close 14400000) 1)"),
        ("f(a, b = c + 1)", "f(a, b=(+ c 1))"),
        ("f()", "f()"),
        ("f(\n  a,\n  b # why\n)", "f(a, b)"),
        ("x[\n1\n]", "([] x 1)"),
        ("a != b", "(!= a b)"),
        (".5 + 3e1 + 1.5E-3 + 14", "(+ (+ (+ 0.5 30) 0.0015) 14)"),
        ("ATR(14)@500ms", "(@ ATR(14) 500)"),
        ("close @ 1d", "(@ close 86400000)"),
    ],
)
def test_expression_has_the_tree_of_the_grammar(text: str, tree: str) -> None:
    assert expression(text) == tree


def test_statements_keep_their_parts() -> None:
    program = parsed(
        "param fast = 10 in 5..50 step 5\n"
        "PARAM plain = 3e1\n"
        "if a > 1 then buy() size 50% stop 2*ATR(14) target 3 % trail x\n"
    )
    fast, plain, rule = program.statements
    assert isinstance(fast, syntax.Param)
    assert isinstance(plain, syntax.Param)
    assert isinstance(rule, syntax.Rule)
    bounds = (fast.minimum, fast.maximum, fast.step)
    assert [each.value for each in bounds if each is not None] == [5, 50, 5]
    assert (plain.value.value, plain.minimum, plain.maximum, plain.step) == (30, None, None, None)
    assert rule.action == "BUY"
    assert [(each.kind, shown(each.value), each.is_percent) for each in rule.clauses] == [
        ("SIZE", "50", True),
        ("STOP", "(* 2 ATR(14))", False),
        ("TARGET", "3", True),
        ("TRAIL", "x", False),
    ]


@pytest.mark.parametrize("action", ["BUY", "BUY()", "buy ( )", "SELL", "SELL()", "HOLD", "hold()"])
def test_action_stands_with_and_without_parentheses(action: str) -> None:
    assert compile_text(f"IF close > 1 THEN {action}").bytecode


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n\n", "  \t\n", " # end\n", ""])
def test_line_ends_do_not_change_the_program(end: str) -> None:
    expected = compile_text("x = close\nIF x > 1 THEN BUY").bytecode
    found = compile_text(f"x = close{end or chr(10)}IF x > 1 THEN BUY{end}").bytecode
    if "\n\n" not in end:  # the line table differs with empty lines
        assert found == expected


def test_byte_order_mark_is_no_character() -> None:
    plain = compile_text("IF close > 1 THEN BUY")
    assert compile_text("\ufeffIF close > 1 THEN BUY").bytecode == plain.bytecode


def test_comment_inside_a_rule_ends_it_at_the_line() -> None:
    text = "IF close > 1 THEN BUY # SIZE 5 THEN é\u2028 ✓ \ud800"
    assert not compile_text(text).has_clauses


def test_words_are_known_in_any_case() -> None:
    text = "IF not Rsi(PERIOD=14, Field=CLOSE) < 30 oR Boll(20).UPPER > HL2 ThEn bUy"
    upper = "IF NOT RSI(period=14, field=close) < 30 OR BOLL(20).upper > hl2 THEN BUY"
    assert compile_text(text).bytecode == compile_text(upper).bytecode


def test_assigned_names_keep_their_case() -> None:
    assert compile_text("x = close\nX = open\nIF x > X THEN BUY").warnings == ()
    with pytest.raises(CompileError, match="did you mean x"):
        compile_text("x = close\nIF X > 1 THEN BUY")


def codes(text: str) -> list[tuple[str, int, int]]:
    with pytest.raises(CompileError) as error:
        compile_text(text)
    source = error.value.source
    assert source is not None
    return [(each.code, *source.position(each.span.start)) for each in error.value.diagnostics]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("IF NOTRSI(14) > 3 THEN BUY", [("E2002", 1, 4)]),
        ("IF close > 30OR open < 3 THEN BUY", [("E1002", 1, 12)]),
        ("IF close > 3 ANDopen < 3 THEN BUY", [("E1005", 1, 14)]),
        ("IF close > 3THEN BUY", [("E1002", 1, 12)]),
        ("x = 1.2.3", [("E1002", 1, 5)]),
        ("x = 5.", [("E1005", 1, 7)]),
        ("x = 3e", [("E1002", 1, 5)]),
        ("x = 0x10", [("E1002", 1, 5)]),
        ("x = 5..50", [("E1005", 1, 6)]),
        ("PARAM p = 5 IN 1...5", [("E3006", 1, 16)]),
        ("x = 1e999", [("E3005", 1, 5)]),
        ("IF a < b < c THEN BUY", [("E1006", 1, 10)]),
        ("IF (a < b) AND c == d != e THEN BUY", [("E1006", 1, 23)]),
        ("IF RSI(14) = 30 THEN BUY", [("E1010", 1, 12)]),
        ("IF close[-1] > 3 THEN BUY", [("E2019", 1, 10)]),
        ("IF close[n] > 3 THEN BUY", [("E1015", 1, 10)]),
        ("IF close[1.5] > 3 THEN BUY", [("E1015", 1, 10)]),
        ("x = close@4H", [("E1003", 1, 10)]),
        ("x = close@1M", [("E1003", 1, 10)]),
        ("x = close@", [("E1003", 1, 10)]),
        ("x = close@0h", [("E1003", 1, 10)]),
        ("x = close@4hx", [("E1003", 1, 10)]),
        ("x = close@1.5h", [("E1003", 1, 10)]),
        (f"x = close@{2**63}ms", [("E1003", 1, 10)]),
        (f"x = close@{'9' * 9000}d", [("E1003", 1, 10)]),
        ("x = é", [("E1001", 1, 5)]),
        ("x = close\u00a0+ 1", [("E1001", 1, 10)]),
        ("x = \ud800", [("E1001", 1, 5)]),
        ("x = 1 \0", [("E1001", 1, 7)]),
        ('IF "close" > 1 THEN BUY', [("E1021", 1, 4)]),
        ("x = (close", [("E1004", 1, 5)]),
        ("x = close)", [("E1004", 1, 10)]),
        ("x = (close[1)]", [("E1004", 1, 13), ("E1004", 1, 14)]),
        ("stop = 3", [("E2005", 1, 1)]),
        ("PARAM if = 3", [("E2005", 1, 7)]),
        ("IFF close > 1 THEN BUY", [("E1007", 1, 1)]),
        ("RSI(14)", [("E1007", 1, 1)]),
        ("IF close > 1", [("E1011", 1, 13)]),
        ("IF close > 1 THEN", [("E1012", 1, 18)]),
        ("IF close > 1 THEN BUY(1)", [("E1020", 1, 23)]),
        ("IF close > 1 THEN BUY SELL", [("E1005", 1, 23)]),
        ("IF close > 1 THEN BUY SIZE 5% * 2", [("E1019", 1, 31)]),
        ("IF close > 1 THEN BUY SIZE 5%%", [("E1019", 1, 30)]),
        ("IF close % 2 > 1 THEN BUY", [("E1019", 1, 10)]),
        ("PARAM p = -3", [("E1014", 1, 11)]),
        ("PARAM p = 3 IN 4", [("E1005", 1, 17)]),
        ("PARAM p = 3 STEP 4", [("E1005", 1, 13)]),
        ("x = SMA(close,, 3)", [("E1018", 1, 15)]),
        ("x = SMA(close, 3,)", [("E1018", 1, 18)]),
        ("x = a AND", [("E1005", 1, 10)]),
        ("x = a == NOT b", [("E1005", 1, 10)]),
        ("IF close > 1\n  AND open > 1 THEN BUY", [("E1016", 2, 3)]),
    ],
)
def test_text_that_is_no_program_is_refused_at_its_place(
    text: str, expected: list[tuple[str, int, int]]
) -> None:
    assert codes(text) == expected


def test_unclosed_bracket_does_not_swallow_the_rules_after_it() -> None:
    text = "IF RSI(14 > 3 THEN BUY\nIF close > zzz THEN SELL\nx = (1\nPARAM p = 1 IN 3..2"
    assert codes(text) == [("E1004", 1, 7), ("E2001", 2, 12), ("E1004", 3, 5), ("E3006", 4, 16)]


def test_name_of_a_broken_statement_is_not_reported_where_it_is_used() -> None:
    assert codes("x = 3 +\nPARAM p = \nIF x > p THEN BUY") == [("E1005", 1, 8), ("E1005", 2, 10)]
