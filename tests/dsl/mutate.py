"""Every single-token mutation of a text, with where it was damaged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from hquant_cffi.dsl.source import Span
from hquant_cffi.dsl.tokens import Token, scan

REPLACEMENTS = ("close", "zzz", "SMA", "7", "1.5", "(", ")", "+", "<", "=", ",", "AND", "IF", "BUY")


class Mutation(NamedTuple):
    """A damaged text; a finding in `place`, blanks around it included, is on target."""

    text: str
    place: Span
    kind: str


def mutations(text: str) -> Iterator[Mutation]:
    """Delete, duplicate, swap with the next, and replace each token of a text."""
    tokens = [token for token in scan(text) if token.type not in ("BLANK", "COMMENT", "NEWLINE")]
    for index, token in enumerate(tokens):
        start, end = token.span
        before = tokens[index - 1] if index else None
        behind = tokens[index + 1] if index + 1 < len(tokens) else None
        yield _deleted(text, before, token, behind)
        yield _placed(text, token.span, f"{token.text} {token.text}", "duplicate")
        if behind is not None:
            between = text[end : behind.span.start]
            swapped = f"{behind.text}{between or ' '}{token.text}"
            yield _placed(text, Span(start, behind.span.end), swapped, "swap")
        for word in REPLACEMENTS:
            if word != token.text:
                yield _placed(text, token.span, word, "replace")


def _deleted(text: str, before: Token | None, token: Token, behind: Token | None) -> Mutation:
    start, end = token.span
    # The neighbours count: what is missing can only be noticed at one of them.
    first = before.span.start if before else 0
    last = behind.span.end - (end - start) if behind else len(text)
    return Mutation(f"{text[:start]} {text[end:]}", Span(first, last + 1), "delete")


def _placed(text: str, span: Span, word: str, kind: str) -> Mutation:
    # With blanks around, so that the neighbours stay the tokens that they are.
    damaged = f"{text[: span.start]} {word} {text[span.end :]}"
    return Mutation(damaged, Span(span.start, span.start + len(word) + 2), kind)
