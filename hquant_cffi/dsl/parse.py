"""Statements of tokens to syntax trees, and what a statement that is none should have been."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple, cast

from hquant_cffi.dsl import syntax
from hquant_cffi.dsl.beginning import begins_statement, joined
from hquant_cffi.dsl.diagnostics import Report
from hquant_cffi.dsl.lex import Statement, split_statements
from hquant_cffi.dsl.source import Span
from hquant_cffi.dsl.tokens import Token
from hquant_cffi.dsl.unexpected import END, report_unexpected

if TYPE_CHECKING:
    from lark import Lark

__all__ = ["MAX_SOURCE_BYTES", "Parsed", "parse"]

MAX_SOURCE_BYTES = 65_536


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
    if _is_file_name(report):
        return Parsed(syntax.Program(()), frozenset())
    statements: list[syntax.Statement] = []
    broken_names: set[str] = set()
    for statement in joined(split_statements(report), report):
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


def _is_file_name(report: Report) -> bool:
    """Whether the whole text is a file's name, which is then reported."""
    text = report.source.text
    name = text.strip()
    if "\n" in name or not name.lower().endswith((".hq", ".hqbc")) or "#" in name:
        return False
    start = text.index(name)
    report.error(
        "E1017",
        Span(start, start + len(name)),
        "expected a strategy's text, found a file's name",
        f'read the file: Strategy.load("{name}")',
    )
    return True


@cache
def _parser() -> Lark:
    # Not at the top: the parser library is loaded when the first text is compiled.
    from hquant_cffi.dsl.build_tree import make_parser

    return make_parser()


def _parse_statement(statement: Statement, report: Report) -> syntax.Statement | None:
    from lark.exceptions import UnexpectedToken

    tokens = statement.tokens
    if not begins_statement(tokens, report):
        return None
    end = tokens[-1].span.end
    parser = _parser().parse_interactive()
    feed = parser.parser_state.feed_token
    try:
        for token in tokens:
            feed(token)  # type: ignore[arg-type]  # lark reads `type` alone
        tree = feed(Token(END, "", Span(end, end)), True)  # type: ignore[arg-type]
    except UnexpectedToken as error:
        expected = frozenset(parser.accepts())  # type: ignore[no-untyped-call]
        report_unexpected(cast(Token, error.token), expected, tokens, report)
        return None
    return cast(syntax.Statement, tree)


def _defined_name(tokens: list[Token]) -> list[str]:
    """The name that a broken statement would have made: what uses it is not to blame."""
    return [token.text for token in tokens[:3] if token.type == "NAME"]
