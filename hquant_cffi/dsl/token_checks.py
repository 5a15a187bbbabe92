"""What is wrong with a single token."""

from __future__ import annotations

import math
import re

from hquant_cffi.dsl.diagnostics import Report
from hquant_cffi.dsl.foreign import OPERATORS
from hquant_cffi.dsl.tokens import KEYWORDS, ZERO_PERIOD, Token, period_ms

__all__ = ["is_good", "translated"]

_BLANKS = ("\u00a0", "\u2003", "\u2009", "\u200b", "\u3000", "\ufeff")
_QUOTES = "\"'\u2018\u2019\u201c\u201d"


def translated(token: Token, report: Report) -> Token:
    """Report what belongs to another language; where it has a meaning here, go on with that."""
    if token.type == "FOREIGN_COMMENT":
        report.error("E1009", token.span, f"unexpected {token.text[:2]}", "a comment begins with #")
        return token._replace(type="COMMENT")
    if token.type != "FOREIGN":
        return token
    meant = OPERATORS[token.text]
    report.error("E1008", token.span, f"unexpected {token.text}", meant.hint)
    return token._replace(type=meant.type, text=meant.text) if meant.type else token


def is_good(token: Token, report: Report) -> bool:
    """Whether a token can be read; what is wrong with it is reported."""
    check = _CHECKS.get(token.type)
    return check is None or check(token, report)


def _check_number(token: Token, report: Report) -> bool:
    if math.isfinite(float(token.text)):
        return True
    report.error(
        "E3005",
        token.span,
        "expected a number of at most 1.8e308",
        "no price or volume comes near it: write a smaller one",
    )
    return False


def _check_period(token: Token, report: Report) -> bool:
    length = period_ms(token.text)
    if isinstance(length, int):
        return True
    text = token.text
    hint = "such as @15m or @4h"
    if length == ZERO_PERIOD:
        hint = "the bars' own period needs no @: leave it out"
    elif re.fullmatch(r"@[ \t]*[0-9]+M", text):
        hint = "M is not a unit: write m for minutes, d for days; a month has no fixed length"
    elif isinstance(period_ms(text.lower()), int):
        hint = f"units are lower case: {text.lower()}"
    report.error("E1003", token.span, f"{length}; found {text}", hint)
    return False


def _report_bad_number(token: Token, report: Report) -> bool:
    split = re.fullmatch(r"([0-9.]*[0-9])([A-Za-z_].*)", token.text)
    hint = "such as 14, 0.5, .5 or 3e1"
    if split and split[1].count(".") < 2 and split[2].upper() in KEYWORDS:
        hint = f"put a space between: {split[1]} {split[2]}"
    elif isinstance(period_ms("@" + token.text), int):
        hint = f"a period stands behind @: close@{token.text}"
    report.error("E1002", token.span, f"expected a number, found {token.text}", hint)
    return False


def _report_text(token: Token, report: Report) -> bool:
    inner = token.text.strip(_QUOTES)
    hint = "take the quotes away"
    if isinstance(period_ms("@" + inner), int):
        hint = f"a period stands behind @: close@{inner}"
    report.error("E1021", token.span, f"unexpected {token.text}: there are no strings", hint)
    return False


def _report_bad_character(token: Token, report: Report) -> bool:
    character = next((each for each in token.text if not each.isascii()), token.text)
    if character in _QUOTES:
        return _report_text(token, report)
    shown = f"U+{ord(character):04X}"
    if character.isprintable():
        shown = f"{character} ({shown})"
    hint = "names are made of A-Z, a-z, 0-9 and _; other letters may stand in comments"
    if character in _BLANKS:
        hint = "write a space"
    report.error("E1001", token.span, f"unexpected character {shown}", hint)
    return False


def _refuse(token: Token, report: Report) -> bool:
    """What has been reported already."""
    return False


_CHECKS = {
    "NUMBER": _check_number,
    "INTEGER": _check_number,
    "PERIOD": _check_period,
    "BAD_NUMBER": _report_bad_number,
    "BAD_CHARACTER": _report_bad_character,
    "BAD_WORD": _report_bad_character,
    "TEXT": _report_text,
    "FOREIGN": _refuse,
}
