"""Trees as short text, so that a golden can be read."""

from __future__ import annotations

from hquant_cffi.dsl import syntax
from hquant_cffi.dsl.diagnostics import Report
from hquant_cffi.dsl.parse import parse
from hquant_cffi.dsl.source import Source


def parsed(text: str) -> syntax.Program:
    """The tree of a text, errors raised."""
    report = Report(Source(text, "t.hq"))
    program = parse(report).program
    report.raise_errors()
    return program


def expression(text: str) -> str:
    """An expression with every operation in brackets: ``(+ a (* b c))``."""
    statement = parsed(f"x = ({text})").statements[0]
    assert isinstance(statement, syntax.Assign)
    return shown(statement.value)


def shown(node: syntax.Expr) -> str:
    match node:
        case syntax.Number():
            return f"{node.value:g}"
        case syntax.Name():
            return node.name
        case syntax.Unary():
            return f"({node.op} {shown(node.operand)})"
        case syntax.Binary():
            return f"({node.op} {shown(node.left)} {shown(node.right)})"
        case syntax.Index():
            return f"([] {shown(node.operand)} {node.bars.value:g})"
        case syntax.Output():
            return f"(. {shown(node.operand)} {node.output})"
        case syntax.At():
            return f"(@ {shown(node.operand)} {node.period_ms})"
        case syntax.Call():
            words = [
                shown(each.value) if each.keyword is None else f"{each.keyword}={shown(each.value)}"
                for each in node.arguments
            ]
            return f"{node.function}({', '.join(words)})"
