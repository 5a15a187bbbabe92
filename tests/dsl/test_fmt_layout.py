"""`hquant fmt`: meaning and comments stay, a second time changes nothing."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from dsl.generate import random_program

from hquant_cffi import CompileError
from hquant_cffi.dsl import compile_text
from hquant_cffi.dsl.layout import format_text, without_places
from hquant_cffi.dsl.tokens import scan

REPOSITORY = Path(__file__).resolve().parents[2]
FILES = [*sorted((REPOSITORY / "examples").glob("*.hq"))]
FILES += sorted((REPOSITORY / "hquant_cffi/cli").glob("*.hq"))


def meaning(text: str) -> bytes:
    return without_places(compile_text(text).bytecode)


def comments(text: str) -> list[str]:
    return [token.text.rstrip() for token in scan(text) if token.type == "COMMENT"]


def damaged(text: str, rng: Random) -> str:
    """Other blanks between the tokens, other line ends, comments here and there."""
    words = []
    for token in scan(text):
        word = token.text
        if token.type == "BLANK":
            word = rng.choice([" ", "  ", "\t", " \t "])
        elif token.type == "NEWLINE":
            word = rng.choice(["\n", "\r\n", "  \n", " # a note\n", "\n\n\n"])
        elif token.type in ("COMMA", "LPAR", "PLUS"):
            word += rng.choice(["", " "])
        words.append(word)
    return rng.choice(["", "\ufeff", "\n\n"]) + "".join(words)


def test_formatting_keeps_the_program_of_random_texts() -> None:
    for seed in range(300):
        rng = Random(seed)
        text = damaged(random_program(rng, timeframes=True), rng)
        formatted = format_text(text)
        assert meaning(formatted) == meaning(text), seed
        assert comments(formatted) == comments(text), seed
        assert format_text(formatted) == formatted, seed
        assert not any(line != line.rstrip() for line in formatted.split("\n")), seed


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_examples_are_formatted(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert format_text(text) == text


@pytest.mark.parametrize(
    ("text", "formatted"),
    [
        ("x=1", "x = 1\n"),
        ("x =-close* - 3", "x = -close * -3\n"),
        ("x = 1 - -2", "x = 1 - -2\n"),
        ("x = - -close", "x = - -close\n"),
        ("x = .5+3E1", "x = 0.5 + 3e1\n"),
        ("param P=5 in 1 .. 9 step 2", "PARAM P = 5 IN 1..9 STEP 2\n"),
        ("x = sma( CLOSE , Period = 9 ) [ 1 ]", "x = SMA(close, period=9)[1]\n"),
        ("x = boll(20) . UPPER @ 4h", "x = BOLL(20).upper@4h\n"),
        ("if !(close>open) and not a then buy()", "IF NOT (close > open) AND NOT a THEN BUY\n"),
        (
            "IF a THEN SELL size 5 % stop 2*atr( )",
            "IF a THEN SELL SIZE 5% STOP 2 * ATR()\n",
        ),
        ("x = (a +\nb\n)", "x = (a +\n    b\n)\n"),
        ("x = (\n- a)", "x = (\n    -a)\n"),
        ("x = (a\n- b)", "x = (a\n    - b)\n"),
        ("x = (ABS(\n a\n))", "x = (ABS(\n        a\n    ))\n"),
        ("#c\n\n\n\nx = 1#d  \n\n", "#c\n\nx = 1  #d\n"),
        ("x = 1 # a\nlonger = 2 # b", "x = 1       # a\nlonger = 2  # b\n"),
        ("x = 1 # a\n\nlonger = 2 # b", "x = 1  # a\n\nlonger = 2  # b\n"),
        ("x = (1 + # why\n 2)", "x = (1 +  # why\n    2)\n"),
        ("x = (1 +\n# why\n 2)", "x = (1 +\n    # why\n    2)\n"),
        ("\ufeffx = 1\r\ny = 2\r", "x = 1\ny = 2\n"),
        ("IF a THEN BUY(\n)", "IF a THEN BUY\n"),
        ("IF a THEN BUY( # why\n)", "IF a THEN BUY(  # why\n)\n"),
        ("", ""),
        ("\n \n", ""),
        ("Close_2 = CLOSE", "Close_2 = close\n"),
    ],
)
def test_text_is_laid_out(text: str, formatted: str) -> None:
    assert format_text(text) == formatted
    assert format_text(formatted) == formatted


def test_another_meaning_is_noticed() -> None:
    first = meaning("PARAM p = 1\nIF close > p THEN BUY")
    assert first == meaning("\n\nPARAM p = 1\n\n  IF close > p THEN BUY")
    assert first != meaning("PARAM p = 1\nIF close > p THEN SELL")
    assert first != meaning("PARAM p = 2\nIF close > p THEN BUY")


def test_text_that_cannot_be_read_is_not_formatted() -> None:
    with pytest.raises(CompileError) as error:
        format_text("x = (1\nIF close > THEN BUY", name="s.hq")
    assert [each.code for each in error.value.diagnostics] == ["E1004", "E1005"]


def test_names_need_not_exist() -> None:
    assert format_text("x=foo( bar,baz )") == "x = foo(bar, baz)\n"
