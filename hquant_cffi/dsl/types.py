"""What is known of an expression before it runs: its type and its clock."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from hquant_cffi.dsl.catalog import Row

__all__ = ["BASE_CLOCK", "BROKEN", "CONSTANT", "Clock", "Type", "Value", "join_clocks"]

# Milliseconds of a higher timeframe, BASE_CLOCK, or None for a constant.
Clock: TypeAlias = int | None
BASE_CLOCK = 0


class Type(Enum):
    """What an expression is; BROKEN has been reported already and goes with anything."""

    NUMBER = "a number"
    CONDITION = "a condition"
    BROKEN = "broken"


class Value(NamedTuple):
    """What is known of an expression; `row` when it is a call of an indicator or its name."""

    type: Type
    clock: Clock
    row: Row | None = None


CONSTANT = Value(Type.NUMBER, None)
BROKEN = Value(Type.BROKEN, None)


def join_clocks(clocks: Iterable[Clock]) -> Clock:
    """Return the clock on which an operation steps: the base clock where clocks mix."""
    known = {clock for clock in clocks if clock is not None}
    if len(known) > 1:
        return BASE_CLOCK
    return known.pop() if known else None
