"""The corpus of broken programs: each gets its code, and no other, where its carets stand.

``broken/CODE.txt`` holds programs with a line of ``---`` between them. A line of carets under a
line of the program marks the first finding; one with repetitions, ``{{text}}*300``, has none.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hquant_cffi.dsl.diagnostics import CODES
from hquant_cffi.dsl.explain import diagnose, expand

FOLDER = Path(__file__).with_name("broken")
HOUR = 3_600_000
BAR_PERIODS = {"W9009": HOUR, "W9010": 4 * HOUR}
# A line of a program that is an example of something else need not be used by a rule.
BESIDE = {"W9002", "W9004"}


def programs(code: str) -> list[str]:
    text = (FOLDER / f"{code}.txt").read_text(encoding="utf-8").removesuffix("\n")
    return text.split("\n---\n")


def without_carets(program: str) -> tuple[str, tuple[int, int, int] | None]:
    """The program, and line, column and length of its carets."""
    lines = program.split("\n")
    for index, line in enumerate(lines):
        if re.fullmatch(r" *\^+", line):
            del lines[index]
            return "\n".join(lines), (index, line.index("^") + 1, line.count("^"))
    return program, None


CASES = [(code, program) for code in CODES for program in programs(code)]


@pytest.mark.parametrize(("code", "program"), CASES, ids=lambda value: value[:40])
def test_broken_program_gets_its_code_at_its_place(code: str, program: str) -> None:
    text, place = without_carets(program)
    assert (place is None) == ("{{" in program)
    source, found = diagnose(expand(text), BAR_PERIODS.get(code))
    found = tuple(each for each in found if each.code == code or each.code not in BESIDE)
    assert {each.code for each in found} == {code}
    first = found[0]
    assert first.hint is None or "\n" not in first.hint
    if place is None:
        return
    line, column = source.position(first.span.start)
    shown = first.render(source).split("\n")[2]
    assert (line, column, shown.count("^")) == place


def test_every_code_has_five_broken_programs() -> None:
    few = {code: count for code in CODES if (count := len(set(programs(code)))) < 5}
    assert few == {}
    assert {path.stem for path in FOLDER.iterdir()} == set(CODES)


def test_every_finding_says_what_to_do() -> None:
    for code, program in CASES:
        source, found = diagnose(expand(without_carets(program)[0]), BAR_PERIODS.get(code))
        assert [each.render(source) for each in found if not each.hint] == []


def test_findings_beside_each_other_are_all_reported() -> None:
    """One text of many broken statements gets the findings of each."""
    text = """x = 1.2.3
y = close +
IF 1 < close < 3 THEN BUY
IF close > 1 && open > 1 THEN BUY
IF close = open THEN BUY
IF close > 1 THEN LONG
z = clse
IF close THEN BUY
w = SMA(close, 0)
IF x > y THEN SELL
"""
    _, found = diagnose(text)
    codes = ["E1002", "E1005", "E1006", "E1008", "E1010", "E1012", "E2001", "E2007", "E3005"]
    assert [each.code for each in found] == codes
