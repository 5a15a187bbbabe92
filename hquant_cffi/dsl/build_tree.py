"""The LALR parser of grammar.lark, and what each of its rules makes of the tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from lark import Lark, Transformer, v_args
from lark.lexer import Lexer

from hquant_cffi.dsl import syntax
from hquant_cffi.dsl.source import Span
from hquant_cffi.dsl.tokens import Token, period_ms

__all__ = ["make_parser"]


def make_parser() -> Lark:
    """Build the parser; it is fed tokens one by one and gives a `syntax.Statement`."""
    return Lark(
        Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8"),
        start="statement",
        parser="lalr",
        lexer=_MadeTokens,
        transformer=_Builder(),
        maybe_placeholders=True,
    )


class _MadeTokens(Lexer):
    """The lexer that lark asks for; the tokens are made already (lex.py)."""

    def __init__(self, lexer_conf: object) -> None:
        pass

    def lex(self, lexer_state: Any, parser_state: Any) -> Iterator[Any]:
        """Hand on what it is given."""
        return iter(lexer_state)


def _around(first: Span, last: Span) -> Span:
    return Span(first.start, last.end)


@v_args(inline=True)
class _Builder(Transformer[Token, syntax.Statement]):
    def param(
        self,
        keyword: Token,
        name: Token,
        _equal: Token,
        value: syntax.Number,
        _in: Token | None,
        minimum: syntax.Number | None,
        _range: Token | None,
        maximum: syntax.Number | None,
        _step: Token | None,
        step: syntax.Number | None,
    ) -> syntax.Param:
        last = step or maximum or value
        span = _around(keyword.span, last.span)
        return syntax.Param(span, name.text, name.span, value, minimum, maximum, step)

    def assign(self, name: Token, _equal: Token, value: syntax.Expr) -> syntax.Assign:
        return syntax.Assign(_around(name.span, value.span), name.text, name.span, value)

    def rule(
        self,
        keyword: Token,
        condition: syntax.Expr,
        _then: Token,
        action: Token,
        *clauses: syntax.Clause,
    ) -> syntax.Rule:
        last = clauses[-1].span if clauses else action.span
        span = _around(keyword.span, last)
        return syntax.Rule(span, condition, action.type, clauses)

    def action(self, word: Token, _left: Token | None, right: Token | None) -> Token:
        return word if right is None else word._replace(span=_around(word.span, right.span))

    def clause(self, kind: Token, value: syntax.Expr, percent: Token | None) -> syntax.Clause:
        span = _around(kind.span, percent.span if percent else value.span)
        return syntax.Clause(span, kind.type, value, percent is not None)

    def binary(self, left: syntax.Expr, op: Token, right: syntax.Expr) -> syntax.Binary:
        word = op.type if op.type in ("AND", "OR") else op.text
        return syntax.Binary(_around(left.span, right.span), word, left, right)

    def unary(self, op: Token, operand: syntax.Expr) -> syntax.Expr:
        span = _around(op.span, operand.span)
        # The one constant that is folded: negation is exact.
        if op.type == "MINUS" and type(operand) is syntax.Number:
            return syntax.Number(span, -operand.value, operand.is_integer)
        return syntax.Unary(span, "-" if op.type == "MINUS" else "NOT", operand)

    def index(
        self, operand: syntax.Expr, _left: Token, bars: syntax.Number, right: Token
    ) -> syntax.Index:
        return syntax.Index(_around(operand.span, right.span), operand, bars)

    def output(self, operand: syntax.Expr, _dot: Token, name: Token) -> syntax.Output:
        return syntax.Output(_around(operand.span, name.span), operand, name.text, name.span)

    def at(self, operand: syntax.Expr, period: Token) -> syntax.At:
        # The lexer has refused the periods that cannot be read.
        length = cast(int, period_ms(period.text))
        return syntax.At(_around(operand.span, period.span), operand, length)

    def name(self, word: Token) -> syntax.Name:
        return syntax.Name(word.span, word.text)

    def number(self, word: Token) -> syntax.Number:
        return syntax.Number(word.span, float(word.text), word.type == "INTEGER")

    def parenthesised(self, left: Token, inner: syntax.Expr, right: Token) -> syntax.Expr:
        return replace(inner, span=_around(left.span, right.span))

    def call(
        self,
        function: Token,
        _left: Token,
        arguments: tuple[syntax.Argument, ...] | None,
        right: Token,
    ) -> syntax.Call:
        span = _around(function.span, right.span)
        return syntax.Call(span, function.text, function.span, arguments or ())

    def arguments(self, *parts: Any) -> tuple[syntax.Argument, ...]:
        return parts[::2]  # without the commas

    def positional(self, value: syntax.Expr) -> syntax.Argument:
        return syntax.Argument(value.span, None, value)

    def keyword(self, word: Token, _equal: Token, value: syntax.Expr) -> syntax.Argument:
        return syntax.Argument(_around(word.span, value.span), word.text, value)
