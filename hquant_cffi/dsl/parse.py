"""Statements of tokens to syntax trees, and what a statement that is none should have been."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple, cast

from hquant_cffi.dsl import syntax
from hquant_cffi.dsl.diagnostics import Report, did_you_mean
from hquant_cffi.dsl.lex import KEYWORDS, Statement, Token, split_statements
from hquant_cffi.dsl.source import Span

if TYPE_CHECKING:
    from lark import Lark
    from lark.exceptions import UnexpectedToken

__all__ = ["MAX_SOURCE_BYTES", "Parsed", "parse"]

MAX_SOURCE_BYTES = 65_536

_END = "$END"
_VALUES = frozenset({"NAME", "NUMBER", "INTEGER", "LPAR", "MINUS"})
_OPERATORS = frozenset(
    {"OR", "AND", "COMPARE", "PLUS", "MINUS", "STAR", "SLASH", "LSQB", "DOT", "PERIOD"}
)
_ACTIONS = frozenset({"BUY", "SELL", "HOLD"})
_CLAUSES = frozenset({"SIZE", "STOP", "TARGET", "TRAIL"})
_SPELLING = {
    "EQUAL": "'='", "LPAR": "'('", "RPAR": "')'", "LSQB": "'['", "RSQB": "']'", "COMMA": "','",
    "RANGE": "'..'", "PERCENT": "'%'", "NAME": "a name", "INTEGER": "a whole number",
    "NUMBER": "a number", _END: "the end of the line",
}  # fmt: skip


class Parsed(NamedTuple):
    """The statements that could be read, and the names that the others would have made."""

    program: syntax.Program
    broken_names: frozenset[str]


def parse(report: Report) -> Parsed:
    """Read the text of `report`.

    A statement with an error is left out, and the next one is read.

    Raises
    ------
    CompileError
        The text is longer than 64 KiB, or nested too deep to be read.
    """
    _check_size(report)
    statements: list[syntax.Statement] = []
    broken_names: set[str] = set()
    for statement in split_statements(report):
        tree = None if statement.is_broken else _parse_statement(statement, report)
        if tree is None:
            broken_names.update(_defined_name(statement.tokens))
        else:
            statements.append(tree)
    return Parsed(syntax.Program(tuple(statements)), frozenset(broken_names))


def _check_size(report: Report) -> None:
    text = report.source.text
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_SOURCE_BYTES:
        report.fatal(
            "E3001",
            Span(0, 0),
            f"expected at most {MAX_SOURCE_BYTES:,} bytes of text, found {size:,}",
            "split it into several strategies",
        )


@cache
def _parser() -> Lark:
    # Not at the top: the parser library is loaded when the first text is compiled.
    from hquant_cffi.dsl.build_tree import make_parser

    return make_parser()


def _parse_statement(statement: Statement, report: Report) -> syntax.Statement | None:
    from lark.exceptions import UnexpectedToken

    tokens = statement.tokens
    if not _begins_statement(tokens, report):
        return None
    end = tokens[-1].span.end
    parser = _parser().parse_interactive()
    feed = parser.parser_state.feed_token
    try:
        for token in tokens:
            feed(token)  # type: ignore[arg-type]  # lark reads `type` alone
        tree = feed(Token(_END, "", Span(end, end)), True)  # type: ignore[arg-type]
    except UnexpectedToken as error:
        expected = frozenset(parser.accepts())  # type: ignore[no-untyped-call]
        _report_unexpected(error, expected, tokens, report)
        return None
    return cast(syntax.Statement, tree)


def _defined_name(tokens: list[Token]) -> list[str]:
    match [(token.type, token.text) for token in tokens[:2]]:
        case [("NAME", name), ("EQUAL", _)] | [("PARAM", _), ("NAME", name)]:
            return [name]
        case _:
            return []


# ---------------------------------------------------------------------- messages


def _begins_statement(tokens: list[Token], report: Report) -> bool:
    first = tokens[0]
    is_followed_by_equal = len(tokens) > 1 and tokens[1].type == "EQUAL"
    if first.type in ("PARAM", "IF") or (first.type == "NAME" and is_followed_by_equal):
        return True
    if is_followed_by_equal and first.text.upper() in KEYWORDS:
        report.error(
            "E2005",
            first.span,
            f"{first.text} is a keyword and cannot be assigned",
            f"choose another name, such as my_{first.text.lower()}",
        )
        return False
    hint = did_you_mean(first.text, ["PARAM", "IF"]) if first.type == "NAME" else None
    if first.type in _OPERATORS | {"THEN"} | _CLAUSES:
        hint = "to go on in the next line, put the expression in parentheses"
        if first.type in _CLAUSES:
            hint = "the clauses of a rule stand in its line"
    report.error(
        "E1007",
        first.span,
        f"expected PARAM, IF or name =, found {first.text}",
        hint,
    )
    return False


def _report_unexpected(
    error: UnexpectedToken, expected: frozenset[str], tokens: list[Token], report: Report
) -> None:
    token = cast(Token, error.token)
    found = _SPELLING[_END] if token.type == _END else token.text
    before = next((t for t in reversed(tokens) if t.span.end <= token.span.start), None)
    if token.type == "COMPARE" and "AND" in expected:
        report.error(
            "E1006",
            token.span,
            f"comparisons do not chain: expected AND or OR, found {found}",
            "write a < b AND b < c",
        )
        return
    report.error(
        "E1005",
        token.span,
        f"expected {_describe(expected)}, found {found}",
        _hint(token, before, expected),
    )


def _describe(expected: frozenset[str]) -> str:
    """What could stand here, in words; an operator nearly always could, so it is named last."""
    rest = set(expected)
    words: list[str] = []
    if rest >= {"NAME", "LPAR", "NUMBER"}:
        rest -= _VALUES | {"NOT"}
        words.append("an expression")
    elif rest & {"STAR", "OR"}:
        rest -= _OPERATORS | {"LPAR", "EQUAL"}
        words += [] if rest - {_END} else ["an operator"]
    if "NUMBER" in rest:
        rest.discard("INTEGER")
    if rest >= _ACTIONS:
        rest -= _ACTIONS
        words.append("BUY, SELL or HOLD")
    if rest >= _CLAUSES:
        rest -= _CLAUSES | {"LPAR"}
        words.append("a clause (SIZE, STOP, TARGET, TRAIL)")
    ends = [_SPELLING[_END]] if _END in rest else []
    words = sorted(_SPELLING.get(kind, kind) for kind in rest - {_END}) + words + ends
    return ", ".join(words[:-1]) + " or " + words[-1] if len(words) > 1 else words[0]


def _hint(token: Token, before: Token | None, expected: frozenset[str]) -> str | None:
    if token.type == "EQUAL" and "COMPARE" in expected:
        return "== compares"
    if before is not None and before.type == "LSQB":
        if token.type == "MINUS":
            return "x[n] looks n bars back; looking ahead is impossible"
        return "x[n] takes a whole number; with a PARAM write LAG(x, n)"
    if before is not None and before.type == "PERCENT":
        return "% ends a clause and covers its whole expression"
    if token.type == "PERCENT":
        return "% stands once, as the last word of a clause"
    if token.type == "MINUS" and expected <= {"NUMBER", "INTEGER"}:
        return "a PARAM is not negative: negate it where it is used, as -name"
    if token.type == "NOT" and "NAME" in expected:
        return "put it in parentheses: (NOT a)"
    if token.type in KEYWORDS - {"THEN", "AND", "OR"} and "NAME" in expected:
        return f"{token.text} is a keyword; a name must be another word"
    if token.type == _END and expected & {"STAR", "LPAR"}:
        return "to go on in the next line, put the expression in parentheses"
    if token.type == "NAME":
        return did_you_mean(token.text, sorted(expected & KEYWORDS))
    return None
