"""What warnings rest on, against the interpreter: a fact that is wrong would warn for nothing."""

from __future__ import annotations

import dataclasses
from random import Random

import numpy as np
import pytest
from dsl.generate import random_program
from dsl.interpret import BASE, Interpreter, interpret
from dsl.test_interpret import random_bars

from hquant_cffi.dsl import compile_text, syntax
from hquant_cffi.dsl.check import Checked, check
from hquant_cffi.dsl.conditions import Number
from hquant_cffi.dsl.diagnostics import Report
from hquant_cffi.dsl.facts import Facts
from hquant_cffi.dsl.parse import parse
from hquant_cffi.dsl.source import Source

BARS = random_bars(120, 5)
SLACK = 1e-9


def checked(text: str) -> Checked:
    report = Report(Source(text, "random"))
    return check(parse(report), report)


def contradictions(text: str) -> tuple[list[str], int]:
    """Where a value of the interpreter is not what the facts say; how many facts were compared."""
    program = checked(text)
    facts = Facts(program)
    interpreter = Interpreter(BARS, None, 0, "closed")
    wrong, compared = [], 0
    for statement in program.program.statements:
        match statement:
            case syntax.Param():
                interpreter.params[statement.name] = statement.value.value
                continue
            case syntax.Assign():
                roots = [statement.value]
            case syntax.Rule():
                roots = [statement.condition]
        for root in roots:
            fact = facts.of(root)
            found = list(facts.found)
            for (node, known, _), (_, _, at) in zip(found, syntax.postorder(root), strict=True):
                column = interpreter.evaluate(node, at or BASE).column
                wrong += [f"{text[slice(*node.span)]}: {known}"] * (not _agrees(known, column))
                compared += 1
        if isinstance(statement, syntax.Assign):
            facts.names[statement.name] = fact
            interpreter.values[statement.name] = interpreter.evaluate(statement.value)
            interpreter.sources[statement.name] = statement.value
    return wrong, compared


def _agrees(fact: object, column: list) -> bool:
    values = [value for value in column if value is not None]
    if fact.is_known and len(values) < len(column):  # type: ignore[attr-defined]
        return False
    if isinstance(fact, Number):
        slack = SLACK * max(map(abs, values), default=0)
        low, high = fact.range
        return all(low - slack <= value <= high + slack for value in values)
    return (fact.can_be_true or True not in values) and (fact.can_be_false or False not in values)  # type: ignore[attr-defined]


def test_facts_hold_in_random_programs() -> None:
    compared = 0
    for seed in range(400):
        wrong, count = contradictions(random_program(Random(seed)))
        assert wrong == [], seed
        compared += count
    assert compared > 5000


DECIDED = [
    "RSI(14) > 100", "close > HIGHEST(close, 20)", "close > HIGHEST(20)", "low < LOWEST(20)",
    "close > close", "1 > 2", "NOT 1 < 2", "RSI(14) < 30 AND RSI(14) > 70",
    "close > open AND close <= open", "close > open AND NOT close > open",
    "volume < 0", "ABS(close - open) < 0", "BOLL(9).lower > BOLL(9).upper",
    "MAX(close, open) < open", "MIN(close, open) > close", "CROSSOVER(RSI(5), 150)",
    "CROSSUNDER(close, close)", "BARSSINCE(close > open) < 0", "STDDEV(9) < 0",
    "high < hlc3", "LOWEST(9) > HIGHEST(9)", "SMA(RSI(5), 3) > 101", "RSI(5) / 2 > 51",
]  # fmt: skip


@pytest.mark.parametrize("condition", DECIDED)
def test_condition_that_is_never_true_is_noticed_and_never_true(condition: str) -> None:
    compiled = compile_text(f"IF {condition} THEN BUY")
    assert {"W9006", "W9007"} & {each.code for each in compiled.warnings}
    assert not interpret(compiled.tree, BARS).actions.any()
    opposite = compile_text(f"IF NOT ({condition}) THEN BUY")
    assert {"W9006", "W9007"} & {each.code for each in opposite.warnings}


OPEN = [
    "close > HIGHEST(20)[1]", "RSI(14) > 70", "RSI(14) >= 100", "close >= HIGHEST(close, 20)",
    "close > open AND close > open[1]", "RSI(14) < 30 OR RSI(14) > 70", "SMA(5) > SMA(9)",
    "close > HIGHEST(close@4h, 20)", "close@4h > close", "close - open > 0",
    "NZ(RSI(14), 200) > 100", "BARSSINCE(close > open) == 0", "CROSSOVER(close, open)",
    "RSI(14) > 70 AND RSI(9) < 30",
    "close > BOLL(20).mid", "VALUEWHEN(close > open, close) > close",
]  # fmt: skip


@pytest.mark.parametrize("condition", OPEN)
def test_condition_that_bars_decide_gets_no_warning(condition: str) -> None:
    compiled = compile_text(f"IF {condition} THEN BUY")
    assert [each.render(compiled.source) for each in compiled.warnings] == []


def test_rule_said_never_to_fire_changes_nothing() -> None:
    """Leaving out every rule that is warned about gives the same actions."""
    dropped = 0
    for seed in range(3000, 3400):
        text = random_program(Random(seed))
        compiled = compile_text(text + "\nIF close > open THEN BUY\nIF open < close THEN SELL\n")
        spans = {each.span for each in compiled.warnings if each.code == "W9008"}
        rules = tuple(
            each
            for each in compiled.tree.statements
            if not (isinstance(each, syntax.Rule) and each.condition.span in spans)
        )
        dropped += len(compiled.tree.statements) - len(rules)
        shorter = dataclasses.replace(compiled.tree, statements=rules)
        np.testing.assert_array_equal(
            interpret(compiled.tree, BARS).actions, interpret(shorter, BARS).actions, f"{seed}"
        )
    assert dropped >= 400
