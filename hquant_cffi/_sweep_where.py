"""Conditions that drop combinations: an expression of PARAMs, or a function of them."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from inspect import Parameter, signature
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from hquant_cffi._arguments import function
from hquant_cffi._errors import NotFoundError, ParameterError

__all__ = ["Where", "condition"]

#: ``"fast < slow"``, or a function that is called with the PARAMs that it names.
Where: TypeAlias = "str | Callable[..., object]"

Columns: TypeAlias = Mapping[str, npt.NDArray[np.float64]]
Flags: TypeAlias = npt.NDArray[np.bool_]

_LENGTH_MAX: Final = 4096

_COMPARISONS: Final[dict[type[ast.AST], Callable[[Any, Any], Any]]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}

_ARITHMETIC: Final[dict[type[ast.AST], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,
}


def condition(where: Where, names: Sequence[str]) -> Callable[[Columns], Flags]:
    """Return what says, of columns of PARAMs, which rows stay.

    Raises
    ------
    ParameterError, NotFoundError
        The expression is none; it names what is no PARAM.
    """
    if callable(where):
        function("where", where)
        return _of_function(where, names)
    if not isinstance(where, str):
        raise ParameterError(
            f"where: expected an expression such as 'fast < slow' or a function, found {where!r}"
        )
    return _Expression(where, names)


def _of_function(where: Callable[..., object], names: Sequence[str]) -> Callable[[Columns], Flags]:
    wanted = _arguments(where, names)

    def keeps(columns: Columns) -> Flags:
        given = [columns[name].tolist() for name in wanted]
        rows = zip(*given, strict=True)
        kept = (bool(where(**dict(zip(wanted, row, strict=True)))) for row in rows)
        return np.fromiter(kept, np.bool_, len(given[0]))

    return keeps


def _arguments(where: Callable[..., object], names: Sequence[str]) -> list[str]:
    parameters = signature(where).parameters
    if any(each.kind is Parameter.VAR_KEYWORD for each in parameters.values()):
        return list(names)
    wanted = [n for n, each in parameters.items() if each.kind is not Parameter.VAR_POSITIONAL]
    for name in wanted:
        if name not in names and parameters[name].default is Parameter.empty:
            raise _unknown(name, names)
    known = [name for name in wanted if name in names]
    if not known:
        raise ParameterError(
            f"where: expected a function of PARAMs ({', '.join(names)}), found one that takes none"
        )
    return known


def _unknown(name: str, names: Sequence[str]) -> NotFoundError:
    near = get_close_matches(name, names, 1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return NotFoundError(f"where: {name}: expected one of {', '.join(names)}{hint}")


class _Expression:
    """Comparisons and arithmetic of PARAMs and numbers, in Python's syntax."""

    def __init__(self, text: str, names: Sequence[str]) -> None:
        self.text, self.names = text, names
        if len(text) > _LENGTH_MAX:
            raise ParameterError(f"where: expected at most {_LENGTH_MAX} characters")
        try:
            self.tree = ast.parse(text.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise self._bad("it is no expression") from None
        for name in (each.id for each in ast.walk(self.tree) if isinstance(each, ast.Name)):
            if name not in names:
                raise _unknown(name, names)
        one = {name: np.ones(1) for name in names}
        self(one)  # what it is made of is refused now, and not after a while

    def __call__(self, columns: Columns) -> Flags:
        length = len(next(iter(columns.values())))
        with np.errstate(all="ignore"):
            try:
                found = np.asarray(self._value(self.tree, columns))
            except RecursionError:
                raise self._bad("it is too deep") from None
            except OverflowError:
                raise self._bad("a number in it is beyond 1e308") from None
        if found.dtype != np.bool_:
            raise self._bad("it is a number and no condition")
        return np.broadcast_to(found, length)

    def _bad(self, why: str) -> ParameterError:
        return ParameterError(
            f"where: expected comparisons of PARAMs such as 'fast < slow and slow <= 200', "
            f"found {self.text!r}: {why}"
        )

    def _value(self, node: ast.expr, columns: Columns) -> Any:
        match node:
            case ast.Name():
                return columns[node.id]
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return float(number)
            case ast.BoolOp():
                parts = [self._flags(each, columns) for each in node.values]
                join = np.logical_and if isinstance(node.op, ast.And) else np.logical_or
                return join.reduce(np.broadcast_arrays(*parts))
            case ast.UnaryOp(op=ast.Not()):
                return np.logical_not(self._flags(node.operand, columns))
            case ast.UnaryOp(op=ast.USub()):
                return -self._number(node.operand, columns)
            case ast.BinOp() if type(node.op) in _ARITHMETIC:
                both = self._number(node.left, columns), self._number(node.right, columns)
                return _ARITHMETIC[type(node.op)](*map(np.float64, both))
            case ast.Compare() if all(type(op) in _COMPARISONS for op in node.ops):
                return self._compared(node, columns)
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.BitAnd, ast.BitOr)):
            raise self._bad(f"{ast.unparse(node)!r}: write 'and' for &, 'or' for |")
        raise self._bad(f"{ast.unparse(node)!r} is no comparison, and no + - * / % of PARAMs")

    def _compared(self, node: ast.Compare, columns: Columns) -> Any:
        sides = [self._number(each, columns) for each in (node.left, *node.comparators)]
        pairs = zip(node.ops, sides, sides[1:], strict=False)
        parts = [np.asarray(_COMPARISONS[type(op)](a, b)) for op, a, b in pairs]
        return np.logical_and.reduce(np.broadcast_arrays(*parts))

    def _flags(self, node: ast.expr, columns: Columns) -> Any:
        value = np.asarray(self._value(node, columns))
        if value.dtype != np.bool_:
            raise self._bad(f"{ast.unparse(node)!r} is a number and no condition")
        return value

    def _number(self, node: ast.expr, columns: Columns) -> Any:
        value = self._value(node, columns)
        if np.asarray(value).dtype == np.bool_:
            raise self._bad(f"{ast.unparse(node)!r} is a condition and no number")
        return value
