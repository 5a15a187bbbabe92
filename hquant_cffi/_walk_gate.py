"""A strategy that sees its first bars and gives no signal on them."""

from __future__ import annotations

from hquant_cffi._errors import ProgramError, UnsupportedError
from hquant_cffi._ffi import lib
from hquant_cffi.dsl.bytecode import (
    NO_PARAM,
    Image,
    Instruction,
    NodeEntry,
    NodeParamEntry,
    Op,
    decode,
    encode,
)
from hquant_cffi.indicators import find
from hquant_cffi.strategy import Strategy

__all__ = ["gated"]

_CLOSE = 3  # the series' number in programs


def gated(strategy: Strategy, bars: int) -> Strategy:
    """Return a strategy whose rules are known from bar `bars` on, and unknown before.

    Each condition is joined by AND with ``LAG(close, bars) == LAG(close, bars)``, which is unknown
    as long as there is no such bar, and true afterwards. Everything else is computed on every bar,
    as before: indicators are warm when the first rule can be true.
    """
    if bars == 0:
        return strategy
    image = decode(strategy.bytecode)
    gate = _gate(image, bars)
    for i, rule in enumerate(image.rules):
        register = _define(image, Op.AND, rule.condition, gate)
        image.rules[i] = rule._replace(condition=register)
    try:
        return Strategy.from_bytecode(encode(image), name=strategy.name)
    except ProgramError as error:  # as large as a program may be
        raise UnsupportedError(
            f"{strategy.name}: a test's rules wait for its first bar, and the program has no room "
            f"for that: {error}"
        ) from None


def _gate(image: Image, bars: int) -> int:
    """Define a condition that is unknown on so many bars; return its register."""
    register = _define(image, Op.SERIES, _CLOSE)
    while bars > 0:
        register = _lagged(image, register, min(bars, int(lib.HQ_PERIOD_MAX)))
        bars -= int(lib.HQ_PERIOD_MAX)
    return _define(image, Op.EQ, register, register)


def _lagged(image: Image, register: int, bars: int) -> int:
    image.nodes.append(
        NodeEntry(
            code=find("lag").code,
            mode=0,
            timeframe=0,
            n_inputs=1,
            n_params=1,
            reserved=0,
            first_input=len(image.inputs),
            first_param=len(image.node_params),
        )
    )
    image.inputs.append(register)
    image.node_params.append(NodeParamEntry(NO_PARAM, 0, float(bars)))
    return _define(image, Op.NODE, len(image.nodes) - 1)


def _define(image: Image, op: Op, a: int, b: int = 0) -> int:
    """Append an instruction; return the register that it defines."""
    image.code.append(Instruction(op, 0, 0, a, b, 0))
    image.lines.append(image.lines[image.rules[0].condition] if image.rules else image.lines[0])
    return len(image.code) - 1
