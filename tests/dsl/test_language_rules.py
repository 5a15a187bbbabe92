"""The rules of the language, line by line, each with the test that holds it.

What has no test of its own elsewhere is tested here.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from hquant_cffi import CompileError, ParameterError, Strategy
from hquant_cffi.dsl import bytecode, compile_text
from hquant_cffi.dsl.bytecode import decode, encode
from hquant_cffi.dsl.catalog import SERIES, Row, functions

TESTS = Path(__file__).resolve().parents[1]

# rule -> the tests that hold it, as file::function
RULES = {
    # grammar
    "# to the end of the line is a comment, also inside a rule": [
        "dsl/test_grammar.py::test_comment_inside_a_rule_ends_it_at_the_line"
    ],
    "a newline inside ( ) or [ ] does not end a statement": [
        "dsl/test_language_rules.py::test_newline_ends_a_statement_outside_brackets_alone"
    ],
    "PARAM name = number IN a..b STEP c; 5..50 lexes as 5, '..', 50": [
        "dsl/test_grammar.py::test_statements_keep_their_parts"
    ],
    "a range is inclusive; its values are start + i * step": [
        "dsl/test_language_rules.py::test_values_of_a_range_are_inclusive"
    ],
    "rules have an action, with or without ( ), and clauses": [
        "dsl/test_grammar.py::test_action_stands_with_and_without_parentheses",
        "dsl/test_grammar.py::test_statements_keep_their_parts",
    ],
    "% is the last token of a clause and covers its whole expression": [
        "dsl/test_language_rules.py::test_per_cent_covers_the_whole_clause"
    ],
    "precedence of OR AND NOT comparison + * - postfix": [
        "dsl/test_grammar.py::test_expression_has_the_tree_of_the_grammar"
    ],
    "comparisons are not associative": [
        "dsl/test_grammar.py::test_text_that_is_no_program_is_refused_at_its_place"
    ],
    "periods are digits and ms, s, m, h or d": [
        "dsl/test_language_rules.py::test_units_of_periods"
    ],
    # names
    "keywords, functions and series are known in any case": [
        "dsl/test_grammar.py::test_words_are_known_in_any_case"
    ],
    "they cannot be shadowed": ["dsl/test_check.py::test_name_is_refused"],
    "assigned names are case-sensitive": [
        "dsl/test_grammar.py::test_assigned_names_keep_their_case"
    ],
    "a name is assigned once and used after": ["dsl/test_check.py::test_name_is_refused"],
    "keywords need word boundaries: NOTRSI, 30OR": [
        "dsl/test_grammar.py::test_text_that_is_no_program_is_refused_at_its_place"
    ],
    "a parameter given twice is an error": ["dsl/test_check.py::test_call_is_refused"],
    "keyword arguments in any case; PERIOD and FIELD": [
        "dsl/test_grammar.py::test_words_are_known_in_any_case",
        "dsl/test_check.py::test_short_form_means_the_full_one",
    ],
    "numbers 14 0.5 .5 3e1": ["dsl/test_language_rules.py::test_numbers_in_all_forms"],
    "numbers and conditions are two types, both can be assigned": [
        "dsl/test_check.py::test_numbers_and_conditions_do_not_stand_for_each_other",
        "dsl/test_language_rules.py::test_both_types_can_be_assigned",
    ],
    "the forms of the seed": ["dsl/test_language_rules.py::test_forms_of_the_seed_compile"],
    # functions
    "the nine series": ["dsl/test_language_rules.py::test_series_of_the_language"],
    "with one argument fewer the input is close, HIGHEST's high, LOWEST's low": [
        "dsl/test_check.py::test_short_form_means_the_full_one"
    ],
    "a period is an integer literal or a PARAM": ["dsl/test_check.py::test_call_is_refused"],
    "a bare multi-output call is its first output; a warning for bands": [
        "dsl/test_check.py::test_short_form_means_the_full_one",
        "dsl/test_check.py::test_warning_is_given",
    ],
    "outputs of names that are calls": [
        "dsl/test_language_rules.py::test_name_of_a_call_has_its_outputs"
    ],
    "every row of the table is a function": [
        "dsl/test_language_rules.py::test_every_row_is_a_function"
    ],
    "an indicator reads any expression: EMA(RSI(14), 9)": [
        "dsl/test_language_rules.py::test_indicator_of_an_indicator"
    ],
    "CROSSOVER CROSSUNDER CROSS RISING FALLING BARSSINCE VALUEWHEN CHANGE LAG SUM HIGHEST LOWEST "
    "ABS MIN MAX SQRT LOG NZ": [
        "dsl/test_interpret.py::test_expression_has_the_value_worked_out_by_hand",
        "dsl/test_interpret.py::test_row_of_the_core_gives_the_same_with_gaps",
        "dsl/test_core_agrees.py::test_core_gives_the_actions_of_the_interpreter",
    ],
    # meaning
    "unknown: comparisons, NOT, AND, OR, warm-up, x / 0, LOG of a negative": [
        "dsl/test_interpret.py::test_expression_has_the_value_worked_out_by_hand",
        "indicator/test_core_claims.py::test_not_of_unknown_does_not_fire_during_warm_up",
    ],
    "nodes advance once a bar; previous is the last committed bar": [
        "indicator/test_strategy_claims.py::test_previous_of_a_crossover_is_the_last_committed_bar",
        "indicator/test_strategy_claims.py::test_lag_counts_committed_bars",
    ],
    "@period on series and calls; one clock, or the base clock where clocks mix": [
        "dsl/test_check.py::test_period_stands_on_series_and_calls_of_one_clock",
        "dsl/test_lower.py::test_expression_of_one_timeframe_stays_on_its_clock",
        "dsl/test_lower.py::test_clocks_meet_on_the_base_clock",
        "dsl/test_lower.py::test_period_of_a_call_reaches_every_series_inside",
    ],
    "first true rule wins, HOLD included; signals are level-triggered": [
        "indicator/test_strategy_claims.py::test_first_true_rule_wins_and_hold_emits_too",
        "indicator/test_strategy_claims.py::test_signals_are_level_triggered",
    ],
    "adding a strategy emits nothing until the next push": [
        "indicator/test_strategy_claims.py::test_adding_emits_nothing_until_the_next_push_or_update"
    ],
    "clauses are evaluated on the base clock": [
        "dsl/test_lower.py::test_clause_reads_the_base_clock"
    ],
    "mode is stored per node": ["dsl/test_language_rules.py::test_mode_is_stored_in_every_node"],
    "limits of depth, size and source": [
        "dsl/test_programs.py::test_depth_of_signs_is_limited",
        "dsl/test_programs.py::test_size_of_a_program_is_limited",
        "dsl/test_programs.py::test_source_is_limited_in_bytes",
    ],
}


@pytest.mark.parametrize("rule", RULES)
def test_rule_has_its_tests(rule: str) -> None:
    for place in RULES[rule]:
        file, name = place.split("::")
        tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
        assert name in {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}


def same(text: str, other: str) -> bool:
    """Whether two texts give one program, places aside."""
    programs = []
    for each in (text, other):
        image = decode(compile_text(each).bytecode)
        image.lines = []
        image.rules = [rule._replace(line=0) for rule in image.rules]
        programs.append(encode(image))
    return programs[0] == programs[1]


def test_newline_ends_a_statement_outside_brackets_alone() -> None:
    assert same("IF close > SMA(\n20\n) THEN BUY", "IF close > SMA(20) THEN BUY")
    assert same("IF close > open[\n1\n] THEN BUY", "IF close > open[1] THEN BUY")
    with pytest.raises(CompileError):
        compile_text("IF close >\nopen THEN BUY")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("5 IN 5..20 STEP 5", (5, 10, 15, 20)),
        ("5 IN 5..19 STEP 5", (5, 10, 15)),
        ("1 IN 1..3", (1, 2, 3)),
        ("0.1 IN 0.1..0.3 STEP 0.1", (0.1, 0.2, 0.3)),
        ("0 IN 0..1 STEP 0.1", tuple(0.1 * i for i in range(11))),
        ("2 IN 2..2", (2,)),
        ("7", (7,)),
    ],
)
def test_values_of_a_range_are_inclusive(text: str, values: tuple[float, ...]) -> None:
    strategy = Strategy.compile(f"PARAM p = {text}\nIF close > p THEN BUY")
    (param,) = strategy.params
    assert param.values() == pytest.approx(values, rel=1e-15)
    assert all(param.maximum is None or value <= param.maximum for value in param.values())
    assert param.line == 1
    assert Strategy.from_bytecode(strategy.bytecode).params[0].values() == param.values()


def test_per_cent_covers_the_whole_clause() -> None:
    text = "IF close > 1 THEN BUY STOP 1 + 2 % TARGET 3"
    image = decode(compile_text(text).bytecode)
    assert [(each.kind, each.unit) for each in image.clauses] == [(2, 1), (3, 0)]
    assert bytecode.Op(image.code[image.clauses[0].register].op) is bytecode.Op.ADD


@pytest.mark.parametrize(
    ("period", "ms"), [("7ms", 7), ("90s", 90_000), ("15m", 900_000), ("4h", 14_400_000)]
)
def test_units_of_periods(period: str, ms: int) -> None:
    assert compile_text(f"IF close@{period} > 1 THEN BUY").timeframes == (ms,)
    assert compile_text(f"IF close@ {period} > 1 THEN BUY").timeframes == (ms,)
    with pytest.raises(CompileError):
        compile_text(f"IF close@{period.upper()} > 1 THEN BUY")


def test_numbers_in_all_forms() -> None:
    image = decode(compile_text("IF 14 + 0.5 + .25 + 3e1 + 2.5E-1 > close THEN BUY").bytecode)
    assert image.constants == [14, 0.5, 0.25, 30]


def test_both_types_can_be_assigned() -> None:
    text = "x = close + 1\nis_up = x > open\nIF is_up AND x > 3 THEN BUY"
    assert same(text, "IF close + 1 > open AND close + 1 > 3 THEN BUY")


@pytest.mark.parametrize(
    "text",
    [
        "IF RSI(14) < 30 AND SMA(close@4h, period=20) > 100 THEN BUY",
        "IF RSI(14) < 30 THEN BUY\nIF RSI(14) > 70 THEN SELL",
        "IF SMA(PERIOD=20, FIELD=CLOSE) > 100 THEN BUY",
        "if ema(close, 12) > ema(close, 26) and not rsi(14) > 70 then buy()",
    ],
)
def test_forms_of_the_seed_compile(text: str) -> None:
    assert Strategy.compile(text).warnings == ()


def test_series_of_the_language() -> None:
    for name in ("open", "high", "low", "close", "volume", "buy_volume", "hl2", "hlc3", "ohlc4"):
        assert same(f"IF {name} > 1 THEN BUY", f"IF {name.upper()} > 1 THEN BUY")
    with pytest.raises(CompileError, match="found time"):
        compile_text("IF time > 1 THEN BUY")


@pytest.mark.parametrize("bands", ["BOLL(20, 2)", "BOLL(close, 20)", "BOLL(20)@4h", "MACD()"])
def test_name_of_a_call_has_its_outputs(bands: str) -> None:
    row = functions()[bands.split("(")[0]]
    assert isinstance(row, Row)
    for output in row.outputs:
        direct = f"IF ({bands}).{output} < close THEN BUY"
        assert same(f"b = {bands}\nIF b.{output} < close THEN BUY", direct)
        assert same(f"b = {bands}\nc = b\nIF c.{output.upper()} < close THEN BUY", direct)
    for wrong in ("b.nothing", "b[1].mid", "(b + 1).mid"):
        with pytest.raises(CompileError) as error:
            compile_text(f"b = {bands}\nIF close > {wrong} THEN BUY")
        assert [each.code for each in error.value.diagnostics] == ["E2013"]


def _call(row: Row) -> str:
    words = ["close > open" if each.is_condition else "close" for each in row.explicit_inputs]
    words += [
        f"{each.name}={max(each.minimum, min(3.0, each.maximum)):g}"
        for each in row.params
        if each.default is None
    ]
    return f"{row.name}({', '.join(words)})"


@pytest.mark.parametrize("mode", ["seed", "talib"])
@pytest.mark.parametrize("name", [n for n, f in functions().items() if isinstance(f, Row)])
def test_every_row_is_a_function(name: str, mode: str) -> None:
    row = functions()[name]
    assert isinstance(row, Row)
    for output in ("", *(f".{each}" for each in row.outputs)):
        condition = f"{_call(row)}{output}" + ("" if row.is_condition else " > 1")
        strategy = Strategy.compile(f"IF {condition} THEN BUY", mode=mode)  # type: ignore[arg-type]
        assert row.code in [each.code for each in decode(strategy.bytecode).nodes]


def test_indicator_of_an_indicator() -> None:
    image = decode(compile_text("IF EMA(RSI(14), 9) > 50 THEN BUY").bytecode)
    assert [each.code for each in image.nodes] == [functions()[n].code for n in ("RSI", "EMA")]  # type: ignore[union-attr]
    assert image.inputs[1] == 1  # EMA reads RSI's register


def test_time_is_read_by_rows_and_has_no_name() -> None:
    timed = [f for f in functions().values() if isinstance(f, Row) and _reads_time(f)]
    for row in timed:
        image = decode(compile_text(f"IF {_call(row)} > 1 THEN BUY").bytecode)
        series = [each.a for each in image.code if each.op == bytecode.Op.SERIES]
        assert len(SERIES) in series


def _reads_time(row: Row) -> bool:
    return any(each.field == len(SERIES) for each in row.inputs)


def test_listing_tells_version_mode_and_the_time() -> None:
    text = "IF RSI(14) > 50 THEN BUY"
    assert Strategy.compile(text).disassemble().startswith("HQBC 1.0: ")
    listing = Strategy.compile(text, mode="talib").disassemble()
    assert listing.startswith("HQBC 1.1: ")
    assert "RSI(x=r0, period=14)  ; talib, warm-up 14 bars" in listing
    timed = [f for f in functions().values() if isinstance(f, Row) and _reads_time(f)]
    for row in timed:
        assert "SERIES time" in Strategy.compile(f"IF {_call(row)} > 1 THEN BUY").disassemble()


def test_mode_is_stored_in_every_node() -> None:
    text = "IF EMA(RSI(14), 9) > 50 AND CROSSOVER(close, EMA(9)) THEN BUY"
    seed = Strategy.compile(text)
    talib = Strategy.compile(text, mode="talib")
    assert {each.mode for each in decode(seed.bytecode).nodes} == {0}
    assert {each.mode for each in decode(talib.bytecode).nodes} == {1}
    assert decode(seed.bytecode).code == decode(talib.bytecode).code
    assert seed != talib
    with pytest.raises(ParameterError, match="mode: expected one of seed, talib"):
        Strategy.compile(text, mode="tradingview")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("bar_period", "codes"),
    [
        (None, []), ("1h", ["W9009"]), (3_600_000, ["W9009"]), ("15m", ["W9009"]),
        ("10m", ["W9010"]), ("5m", []), ("1m", []),
    ],
)  # fmt: skip
def test_timeframe_is_compared_with_the_bars(bar_period: str | int | None, codes: list[str]):
    strategy = Strategy.compile("IF close@15m > open THEN BUY", bar_period=bar_period)
    assert [each.code for each in strategy.warnings] == codes


@pytest.mark.parametrize("bar_period", ["1M", "", "0m", 0, -5])
def test_period_of_bars_that_is_none_is_refused(bar_period: str | int) -> None:
    with pytest.raises(ParameterError, match="period"):
        Strategy.compile("IF close > 1 THEN BUY", bar_period=bar_period)


def test_period_of_bars_is_text_or_a_whole_number() -> None:
    with pytest.raises(ParameterError, match="bar_period: expected a text such as '1m', found 1.5"):
        Strategy.compile("IF close > 1 THEN BUY", bar_period=1.5)  # type: ignore[arg-type]
