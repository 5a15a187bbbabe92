"""What can be said of conditions before they run: whether they can be true, whether false."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from hquant_cffi.dsl.interval import Bounds, Interval
from hquant_cffi.dsl.order import Key, Order

__all__ = ["Condition", "Fact", "Logic", "Number"]

_MAX_TRACKED = 64  # conditions in a row that are compared with each other


class Number(NamedTuple):
    """What is known of a number.

    `unit` is empty when unknown, None for a constant; `is_computed` when rounding decides about
    its last digits; `is_known` when it is never unknown.
    """

    key: Key
    range: Interval
    unit: str | None
    is_computed: bool
    is_known: bool


class Condition(NamedTuple):
    """What is known of a condition.

    Attributes
    ----------
    can_be_true, can_be_false : bool
        Neither: it is always unknown.
    is_known : bool
        Whether it is never unknown.
    when_true, when_false : dict
        What follows for numbers, and for pairs of which the first is subtracted by the second.
    conjuncts : frozenset
        Conditions that are all true when it is.
    """

    key: Key
    can_be_true: bool
    can_be_false: bool
    is_known: bool
    when_true: dict[Key, Bounds]
    when_false: dict[Key, Bounds]
    conjuncts: frozenset[Key]


Fact = Number | Condition


class Logic:
    """Comparisons, crossings, AND and NOT of facts; OR is made of the last two."""

    def __init__(self, order: Order) -> None:
        self._order = order

    def comparison(self, op: str, left: Number, right: Number) -> Condition:
        """A comparison by <, <=, == or !=."""
        if op == "!=":
            return self.negated(self.comparison("==", left, right))
        a, b = left.range, right.range
        key = self._order.key(op, left.key, right.key)
        if a.is_empty or b.is_empty:
            return Condition(key, False, False, False, {}, {}, frozenset([key]))
        is_below = self._order.is_at_most(left.key, right.key)
        is_above = self._order.is_at_most(right.key, left.key)
        if op == "<":
            can_be_true = a.low < b.high and not is_above
            can_be_false = a.high >= b.low
        elif op == "<=":
            can_be_true = a.low <= b.high
            can_be_false = a.high > b.low and not is_below
        else:
            can_be_true = a.low <= b.high and b.low <= a.high
            can_be_false = not (is_below and is_above) and not (a.is_point and a == b)
        is_known = left.is_known and right.is_known
        when_true, when_false = self._consequences(op, left, right)
        return Condition(
            key, can_be_true, can_be_false, is_known, when_true, when_false, frozenset([key])
        )

    def _consequences(
        self, op: str, left: Number, right: Number
    ) -> tuple[dict[Key, Bounds], dict[Key, Bounds]]:
        """What follows for the side that is no constant, or for the difference of the two."""
        is_strict = op == "<"
        if right.range.is_point:
            key, low, high = left.key, -math.inf, right.range.low
        elif left.range.is_point:
            key, low, high = right.key, left.range.low, math.inf
        elif left.key < right.key:
            key, low, high = self._order.key("pair", left.key, right.key), -math.inf, 0.0
        else:
            key, low, high = self._order.key("pair", right.key, left.key), 0.0, math.inf
        if op == "==":
            at = high if math.isinf(low) else low
            return {key: Bounds(at, False, at, False)}, {}
        low_is_open, high_is_open = is_strict and low > -math.inf, is_strict and high < math.inf
        yes = Bounds(low, low_is_open, high, high_is_open)
        if math.isinf(low):
            return {key: yes}, {key: Bounds(high, not is_strict, math.inf, False)}
        return {key: yes}, {key: Bounds(-math.inf, False, low, not is_strict)}

    def crossing(self, name: str, key: Key, inputs: Sequence[Fact]) -> Condition:
        can_be_true = True
        if name in ("CROSSOVER", "CROSSUNDER", "CROSS"):
            a, b = inputs
            assert isinstance(a, Number)
            assert isinstance(b, Number)
            over = self.comparison("<", b, a)
            under = self.comparison("<", a, b)
            both = over.can_be_true and over.can_be_false, under.can_be_true and under.can_be_false
            can_be_true = {"CROSSOVER": both[0], "CROSSUNDER": both[1]}.get(name, any(both))
        return Condition(key, can_be_true, True, False, {}, {}, frozenset([key]))

    def conjunction(self, left: Condition, right: Condition) -> Condition:
        if left.key == right.key:
            return left
        when_true = dict(left.when_true)
        can_be_true = left.can_be_true and right.can_be_true
        for key, bounds in right.when_true.items():
            if key in when_true:
                bounds = bounds.joined(when_true[key])
                can_be_true &= not bounds.is_empty
            if key in when_true or len(when_true) < _MAX_TRACKED:
                when_true[key] = bounds
        conjuncts = left.conjuncts | right.conjuncts
        negated = {self._order.negation(each) for each in right.conjuncts}
        can_be_true &= negated.isdisjoint(left.conjuncts)
        if len(conjuncts) > _MAX_TRACKED:
            conjuncts = left.conjuncts
        return Condition(
            self._order.key("AND", *sorted((left.key, right.key))),
            can_be_true,
            left.can_be_false or right.can_be_false,
            left.is_known and right.is_known,
            when_true,
            {},
            conjuncts,
        )

    def disjunction(self, left: Condition, right: Condition) -> Condition:
        return self.negated(self.conjunction(self.negated(left), self.negated(right)))

    def negated(self, operand: Condition) -> Condition:
        key = self._order.negation(operand.key)
        return Condition(
            key,
            operand.can_be_false,
            operand.can_be_true,
            operand.is_known,
            operand.when_false,
            operand.when_true,
            frozenset([key]),
        )
