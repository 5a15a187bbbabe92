"""Text to tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from hquant_cffi.dsl.source import Span

__all__ = ["KEYWORDS", "ZERO_PERIOD", "Token", "period_ms", "scan"]

KEYWORDS = frozenset(
    {"PARAM", "IN", "STEP", "IF", "THEN", "OR", "AND", "NOT"}
    | {"BUY", "SELL", "HOLD", "SIZE", "STOP", "TARGET", "TRAIL"}
)

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
      (?P<BLANK>[ \t]+)
    | (?P<COMMENT>\#[^\r\n]*)
    | (?P<NAME>[A-Za-z_][A-Za-z0-9_]*+(?![^\W\x00-\x7f]))
    | (?P<BAD_WORD>[A-Za-z_]*[^\W\x00-\x7f]\w*)
    | (?P<NUMBER>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![A-Za-z0-9_]|\.[0-9]))
    | (?P<BAD_NUMBER>\.?[0-9](?:[A-Za-z0-9_]|\.(?!\.))*)
    | (?P<FOREIGN_COMMENT>//[^\r\n]*|/\*[\s\S]*?(?:\*/|\Z))
    | (?P<TEXT>"[^"\r\n]*"|'[^'\r\n]*'|[\u2018\u201c][^\r\n\u2019\u201d]*[\u2019\u201d])
    | (?P<FOREIGN>&&|\|\||<>|=>|=<|===|!==|:=|[+*/-]=|\+\+|\*\*|[&|^?:;{}~$\\]
                |[∧∨¬≠≥≤＞＜×÷−–—（），…＝])
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

# Why a period of length 0 is none.
ZERO_PERIOD = "expected a period longer than 0"


class Token(NamedTuple):
    """A word of the text; `type` is a terminal of grammar.lark."""

    type: str
    text: str
    span: Span


def scan(text: str) -> Iterator[Token]:
    """Cut a text into tokens, blanks and comments included: joined they are the text."""
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
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


def period_ms(text: str) -> int | str:
    """Read ``@15m`` as milliseconds; when it is no period, say why."""
    match = _PERIOD.fullmatch(text)
    if match is None:
        return "expected digits, then ms, s, m, h or d"
    digits = match[1].lstrip("0")
    if not digits:
        return ZERO_PERIOD
    length = int(digits) * _UNIT_MS[match[2]] if len(digits) < 20 else _MAX_PERIOD_MS + 1
    return length if length <= _MAX_PERIOD_MS else "expected at most 2^63 - 1 ms"
