"""The syntax tree: what the text says, before anything about its meaning is known.

Nodes carry a span of source offsets and nothing else about their place. Walks over expressions are
loops (`postorder`), so that no depth of nesting reaches the interpreter's recursion limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from hquant_cffi.dsl.source import Span

__all__ = [
    "Argument",
    "Assign",
    "At",
    "Binary",
    "Call",
    "Clause",
    "Expr",
    "Index",
    "Name",
    "Number",
    "Output",
    "Param",
    "Program",
    "Rule",
    "Statement",
    "Unary",
    "depth",
    "postorder",
]


@dataclass(frozen=True, slots=True)
class Number:
    """A literal, or a negated one."""

    span: Span
    value: float
    is_integer: bool  # written with digits alone


@dataclass(frozen=True, slots=True)
class Name:
    """A series, a PARAM or an assigned name."""

    span: Span
    name: str


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a call; `keyword` is None for a positional one."""

    span: Span
    keyword: str | None
    value: Expr


@dataclass(frozen=True, slots=True)
class Call:
    """function(arguments)"""

    span: Span
    function: str
    function_span: Span
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class Unary:
    """op operand, where op is "-" or "NOT"."""

    span: Span
    op: str
    operand: Expr


@dataclass(frozen=True, slots=True)
class Binary:
    """left op right, where op is arithmetic, a comparison, "AND" or "OR"."""

    span: Span
    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Index:
    """operand[bars]: the value `bars` bars back."""

    span: Span
    operand: Expr
    bars: Number


@dataclass(frozen=True, slots=True)
class Output:
    """operand.output: one output of a call that has several."""

    span: Span
    operand: Expr
    output: str
    output_span: Span


@dataclass(frozen=True, slots=True)
class At:
    """operand@period: every series inside is that of the period's candles."""

    span: Span
    operand: Expr
    period_ms: int


Expr: TypeAlias = Number | Name | Call | Unary | Binary | Index | Output | At


@dataclass(frozen=True, slots=True)
class Param:
    """PARAM name = value IN minimum..maximum STEP step"""

    span: Span
    name: str
    name_span: Span
    value: Number
    minimum: Number | None
    maximum: Number | None
    step: Number | None


@dataclass(frozen=True, slots=True)
class Assign:
    """name = value"""

    span: Span
    name: str
    name_span: Span
    value: Expr


@dataclass(frozen=True, slots=True)
class Clause:
    """SIZE, STOP, TARGET or TRAIL with its value; per cent when `is_percent`."""

    span: Span
    kind: str
    value: Expr
    is_percent: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """IF condition THEN action clauses"""

    span: Span
    condition: Expr
    action: str
    clauses: tuple[Clause, ...]


Statement: TypeAlias = Param | Assign | Rule


@dataclass(frozen=True, slots=True)
class Program:
    """The statements of a text, in its order."""

    statements: tuple[Statement, ...]


def _children(node: Expr) -> tuple[Expr, ...]:
    match node:
        case Number() | Name():
            return ()
        case Binary():
            return (node.left, node.right)
        case Call():
            return tuple(argument.value for argument in node.arguments)
        case _:
            return (node.operand,)


def postorder(root: Expr) -> list[tuple[Expr, int, int]]:
    """List an expression's nodes, operands before what uses them.

    Returns
    -------
    list of (node, arity, period_ms)
        How many operands the node has, and the period of the nearest ``@`` around it, 0 without
        one.
    """
    order: list[tuple[Expr, int, int]] = []
    waiting: list[tuple[Expr, int]] = [(root, 0)]
    while waiting:
        node, period_ms = waiting.pop()
        operands = _children(node)
        order.append((node, len(operands), period_ms))
        if type(node) is At:
            period_ms = node.period_ms
        waiting.extend((operand, period_ms) for operand in operands)
    order.reverse()
    return order


_LEVELS = {op: level for level, ops in enumerate(("OR", "AND", "+ -", "* /")) for op in ops.split()}


def _continues(parent: Expr, operand: Expr) -> bool:
    """Whether the operand is the beginning of a chain such as a + b - c, which nests nothing."""
    return (
        isinstance(parent, Binary)
        and isinstance(operand, Binary)
        and operand is parent.left
        and parent.op in _LEVELS
        and _LEVELS[parent.op] == _LEVELS.get(operand.op)
    )


def depth(root: Expr) -> int:
    """How deep operations are nested; a chain of one precedence counts once."""
    deepest = 0
    waiting = [(root, 1)]
    while waiting:
        node, level = waiting.pop()
        deepest = max(deepest, level)
        waiting.extend(
            (operand, level if _continues(node, operand) else level + 1)
            for operand in _children(node)
        )
    return deepest
