"""Text to tokens, and tokens to statements.

A newline ends a statement unless a bracket is open. What is wrong with a token is reported here;
a statement with a broken token or bracket is not parsed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import NamedTuple

from hquant_cffi.dsl.diagnostics import Report
from hquant_cffi.dsl.source import Span

__all__ = ["KEYWORDS", "MAX_DEPTH", "Statement", "Token", "period_ms", "split_statements"]

KEYWORDS = frozenset(
    {"PARAM", "IN", "STEP", "IF", "THEN", "OR", "AND", "NOT"}
    | {"BUY", "SELL", "HOLD", "SIZE", "STOP", "TARGET", "TRAIL"}
)
MAX_DEPTH = 200

_SYMBOLS = {
    "=": "EQUAL", "(": "LPAR", ")": "RPAR", "[": "LSQB", "]": "RSQB", ",": "COMMA", ".": "DOT",
    "..": "RANGE", "+": "PLUS", "-": "MINUS", "*": "STAR", "/": "SLASH", "%": "PERCENT",
    "!": "NOT", "<": "COMPARE", "<=": "COMPARE", ">": "COMPARE", ">=": "COMPARE",
    "==": "COMPARE", "!=": "COMPARE",
}  # fmt: skip

# The first alternative that matches is the token. A number never runs into a letter or into another
# number; one that does is taken whole as a bad number, so that `30OR` is not `30 OR`.
_TOKEN = re.compile(
    r"""
      (?P<BLANK>[ \t]+|\#[^\r\n]*)
    | (?P<NAME>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<NUMBER>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![A-Za-z0-9_]|\.[0-9]))
    | (?P<BAD_NUMBER>\.?[0-9](?:[A-Za-z0-9_]|\.(?!\.))*)
    | (?P<SYMBOL>\.\.|[<>=!]=|[=()\[\],.+\-*/%!<>])
    | (?P<NEWLINE>\r\n|\r|\n)
    | (?P<PERIOD>@[ \t]*[A-Za-z0-9_]*(?:\.[0-9][A-Za-z0-9_]*)?)
    | (?P<BAD_CHARACTER>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_PERIOD = re.compile(r"@[ \t]*([0-9]+)(ms|s|m|h|d)")
_UNIT_MS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_MAX_PERIOD_MS = 2**63 - 1
_LOOKALIKES = {
    "\u2212": "-", "\u2013": "-", "\u2014": "-", "\u00d7": "*", "\u00f7": "/", "\u2264": "<=",
    "\u2265": ">=", "\u2260": "!=", "\u00a0": "a space", "\u3000": "a space", "\uff08": "(",
    "\uff09": ")", "\uff0c": ",", "\u2026": "..", "&": "AND", "|": "OR", ";": "a new line",
    "~": "NOT", "{": "(", "}": ")",
}  # fmt: skip


class Token(NamedTuple):
    """A word of the text; `type` is a terminal of grammar.lark."""

    type: str
    text: str
    span: Span


class Statement(NamedTuple):
    """The tokens of a statement; not to be parsed when it is broken."""

    tokens: list[Token]
    is_broken: bool


def split_statements(report: Report) -> list[Statement]:
    """Cut the text of `report` into statements.

    Raises
    ------
    CompileError
        Brackets are nested deeper than 200: reading on makes no sense.
    """
    statements: list[Statement] = []
    tokens: list[Token] = []
    brackets: list[Token] = []
    is_broken = False
    at_line_start = False

    def finish() -> None:
        nonlocal tokens, is_broken
        for bracket in brackets:
            _report_unclosed(bracket, report)
        if tokens or brackets or is_broken:
            statements.append(Statement(tokens, is_broken or bool(brackets)))
        tokens, is_broken = [], False
        brackets.clear()

    for token in _tokens(report.source.text):
        kind = token.type
        if kind == "NEWLINE":
            at_line_start = True
            if not brackets:
                finish()
            continue
        # IF and PARAM begin a statement and stand nowhere else: the bracket was forgotten.
        if brackets and at_line_start and kind in ("IF", "PARAM"):
            finish()
        at_line_start = False
        tokens.append(token)
        if kind in ("LPAR", "LSQB"):
            brackets.append(token)
            if len(brackets) > MAX_DEPTH:
                report.fatal(
                    "E3002",
                    token.span,
                    f"expected at most {MAX_DEPTH} nested brackets",
                    "give inner parts a name: x = ...",
                )
        elif kind in ("RPAR", "RSQB"):
            is_broken |= not _closes(token, brackets, report)
        elif kind in _CHECKS:
            is_broken |= not _CHECKS[kind](token, report)
    finish()
    return statements


def period_ms(text: str) -> int | str:
    """Read ``@15m`` as milliseconds; when it is no period, say why."""
    match = _PERIOD.fullmatch(text)
    if match is None:
        return "expected digits, then ms, s, m, h or d"
    digits = match[1].lstrip("0")
    if not digits:
        return "expected a period longer than 0"
    length = int(digits) * _UNIT_MS[match[2]] if len(digits) < 20 else _MAX_PERIOD_MS + 1
    return length if length <= _MAX_PERIOD_MS else "expected at most 2^63 - 1 ms"


def _tokens(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "BLANK":
            continue
        word = match[0]
        if kind == "NAME":
            upper = word.upper()
            kind = upper if upper in KEYWORDS else "NAME"
        elif kind == "SYMBOL":
            kind = _SYMBOLS[word]
        elif kind == "NUMBER" and word.isdigit():
            kind = "INTEGER"
        assert kind is not None  # the last alternative matches everything
        yield Token(kind, word, Span(match.start(), match.end()))


# ---------------------------------------------------------------------- checks of single tokens


def _closes(token: Token, brackets: list[Token], report: Report) -> bool:
    if not brackets:
        report.error("E1004", token.span, f"unexpected {token.text}: no bracket is open")
        return False
    opening = brackets.pop()
    if (opening.type == "LPAR") == (token.type == "RPAR"):
        return True
    line, column = report.source.position(opening.span.start)
    report.error(
        "E1004",
        token.span,
        f"expected {_closing(opening)} for the {opening.text} at {line}:{column}, "
        f"found {token.text}",
    )
    return False


def _closing(opening: Token) -> str:
    return ")" if opening.type == "LPAR" else "]"


def _report_unclosed(opening: Token, report: Report) -> None:
    report.error(
        "E1004",
        opening.span,
        f"expected {_closing(opening)} for this {opening.text}, found the end of the statement",
    )


def _check_number(token: Token, report: Report) -> bool:
    if math.isfinite(float(token.text)):
        return True
    report.error("E3005", token.span, "expected a number of at most 1.8e308")
    return False


def _check_period(token: Token, report: Report) -> bool:
    length = period_ms(token.text)
    if isinstance(length, int):
        return True
    text = token.text
    hint = "such as @15m or @4h"
    if re.fullmatch(r"@[ \t]*[0-9]+M", text):
        hint = "M is not a unit: write m for minutes, d for days; a month has no fixed length"
    elif _PERIOD.fullmatch(text.lower()):
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


def _report_bad_character(token: Token, report: Report) -> bool:
    character = token.text
    shown = character if character.isprintable() else ""
    shown = f"{shown} (U+{ord(character):04X})" if shown else f"U+{ord(character):04X}"
    meant = _LOOKALIKES.get(character)
    if character in "\"'\u2018\u2019\u201c\u201d":
        hint = "the language has no strings; take the quotes away"
    elif meant:
        hint = f"did you mean {meant}?"
    else:
        hint = "names are made of A-Z, a-z, 0-9 and _; other letters may stand in comments"
    report.error("E1001", token.span, f"unexpected character {shown}", hint)
    return False


_CHECKS = {
    "NUMBER": _check_number,
    "INTEGER": _check_number,
    "PERIOD": _check_period,
    "BAD_NUMBER": _report_bad_number,
    "BAD_CHARACTER": _report_bad_character,
}
