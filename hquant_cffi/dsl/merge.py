"""Several programs as one: each keeps its code, and equal nodes become one when they are linked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hquant_cffi.dsl.bytecode import NO_PARAM, Image, Instruction, Op

__all__ = ["merge"]

#: Operations on two registers; the others read one at most.
_BINARY: Final = frozenset(
    {
        Op.ADD, Op.SUB, Op.MUL, Op.DIV, Op.MIN, Op.MAX, Op.NZ,
        Op.LT, Op.LE, Op.GT, Op.GE, Op.EQ, Op.NE, Op.AND, Op.OR,
    }
)  # fmt: skip


def merge(images: Sequence[Image]) -> tuple[Image, list[int]]:
    """Return a program with the code and the rules of all, and by how far their registers moved.

    Only one of them may have PARAMs, the first: names of PARAMs must not meet.
    """
    whole = Image()
    moved: list[int] = []
    for image in images:
        moved.append(len(whole.code))
        _append(whole, image)
    return whole, moved


def _append(whole: Image, image: Image) -> None:
    assert not (whole.params and image.params)
    places = _Places(whole, image)
    whole.strings += image.strings
    whole.params += image.params
    whole.nodes += [
        node._replace(
            timeframe=places.timeframe(node.timeframe),
            first_input=node.first_input + len(whole.inputs),
            first_param=node.first_param + len(whole.node_params),
        )
        for node in image.nodes
    ]
    whole.inputs += [register + places.register for register in image.inputs]
    whole.node_params += [
        entry if entry.param == NO_PARAM else entry._replace(param=entry.param + places.param)
        for entry in image.node_params
    ]
    whole.constants += image.constants
    whole.rules += [
        rule._replace(
            condition=rule.condition + places.register,
            first_clause=rule.first_clause + len(whole.clauses),
        )
        for rule in image.rules
    ]
    whole.clauses += [
        clause._replace(register=clause.register + places.register) for clause in image.clauses
    ]
    whole.code += [places.instruction(each) for each in image.code]
    whole.lines += image.lines


class _Places:
    """Where the parts of an image begin in the whole that it is appended to."""

    def __init__(self, whole: Image, image: Image) -> None:
        self.register = len(whole.code)
        self.param = len(whole.params)
        self.node = len(whole.nodes)
        self.constant = len(whole.constants)
        self._timeframes = [0]
        for period in image.timeframes:
            if period not in whole.timeframes:
                whole.timeframes.append(period)
            self._timeframes.append(1 + whole.timeframes.index(period))

    def timeframe(self, index: int) -> int:
        return self._timeframes[index]

    def instruction(self, each: Instruction) -> Instruction:
        a, b = each.a, each.b
        match each.op:
            case Op.SERIES:
                pass
            case Op.CONST:
                a += self.constant
            case Op.PARAM:
                a += self.param
            case Op.NODE:
                a += self.node
            case _:
                a += self.register
        if each.op in _BINARY:
            b += self.register
        return each._replace(timeframe=self._timeframes[each.timeframe], a=a, b=b)
