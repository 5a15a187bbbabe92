"""The rules that a row must keep to be a bar, and what happens to a row that breaks one.

A bad row has a missing or unparsable field, a value that is not finite or beyond 1e100 in
magnitude, high < low, open or close outside [low, high], a negative volume, or a time that is not
after every earlier good row's. Prices may be zero or negative, as spreads are, and crude oil was in
April 2020.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np

from hquant_cffi._columns import columns_struct
from hquant_cffi._errors import DataError
from hquant_cffi._ffi import lib

from .arrays import (
    BoolArray,
    FloatArray,
    IntArray,
    RawArray,
    as_floats,
    equal_lengths,
    one_dimensional,
)
from .names import VALUE_FIELDS
from .timestamps import Times, TimeUnit, ms_if_rising, to_ms

#: Largest magnitude of a bar's field, HQ_VALUE_MAX of hquant.h: the core refuses a bar beyond it.
VALUE_MAX = 1e100

Errors: TypeAlias = Literal["raise", "skip"]


class Fault(NamedTuple):
    """What is wrong with one row; `field` is empty when it is the row as a whole."""

    field: str
    found: str
    expected: str


_OUT_OF_ORDER: Final = "time out of order"
_CORRECT: Final = 'correct the row, or leave bad rows out with errors="skip"'

#: What to do about some kinds of faults, in place of that.
_ADVICE: Final = {
    _OUT_OF_ORDER: "sort the rows by time, the oldest first; "
    'errors="skip" would leave out every row that is older than one before it'
}


class Rule(NamedTuple):
    """One kind of fault: the rows that break it, and what to say about any of them."""

    kind: str
    broken: BoolArray
    fault: Callable[[int], Fault]


@dataclass(frozen=True, slots=True)
class Place:
    """Where rows come from, in the words of the person who looks for them."""

    source: str
    names: Mapping[str, str]
    lines: IntArray | None = None

    def row(self, index: int) -> str:
        return (
            f"row {index} (counted from 0)" if self.lines is None else f"line {self.lines[index]}"
        )

    def column(self, name: str) -> str:
        return repr(self.names.get(name, name))


@dataclass(frozen=True, slots=True)
class RawRows:
    """What every reader returns: a column a field, and the faults that only it can see."""

    columns: Mapping[str, RawArray]
    place: Place
    faults: Sequence[Rule] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """Converted columns with a verdict on each row: `rules` are those that some row breaks."""

    timestamp: IntArray
    values: Mapping[str, FloatArray]
    place: Place
    rules: Sequence[Rule]
    bad: BoolArray = field(repr=False)

    @property
    def clean(self) -> bool:
        return not self.rules

    def first_fault(self) -> str:
        """The message about the first bad row: where, found, expected, what to do."""
        index = int(np.argmax(self.bad))
        rule = next(rule for rule in self.rules if rule.broken[index])
        fault = rule.fault(index)
        column = f", column {self.place.column(fault.field)}" if fault.field else ""
        return (
            f"{self.place.source}, {self.place.row(index)}{column}: "
            f"expected {fault.expected}, found {fault.found}; {_ADVICE.get(rule.kind, _CORRECT)}"
        )

    def reasons(self) -> tuple[str, ...]:
        """Per kind of fault: how many rows, and where the first is."""
        return tuple(
            f"{rule.kind}: {np.count_nonzero(rule.broken)} (first at {self.place.row(first)})"
            for rule in self.rules
            for first in [int(np.argmax(rule.broken))]
        )


class _Columns(NamedTuple):
    """Columns of a bar's types. Of `times` and `rising` one is there."""

    raw_times: RawArray
    where: str  # the times come from, for messages
    rising: IntArray | None  # what the times are if they rise
    times: Times | None
    values: dict[str, FloatArray]


def _convert(rows: RawRows, time_unit: TimeUnit | None, time_format: str | None) -> _Columns:
    place, source = rows.place, rows.place.source
    named = [(place.names.get(name, name), column) for name, column in rows.columns.items()]
    arrays = [(name, one_dimensional(column, name, source)) for name, column in named]
    length = equal_lengths(arrays, source)
    columns = dict(zip(rows.columns, arrays, strict=True))

    time_name, time_column = columns.pop("timestamp")
    where = f"{source}, column {time_name!r}"
    ms = ms_if_rising(time_column, time_unit)
    times = to_ms(time_column, time_unit, time_format, where) if ms is None else None
    values = {name: as_floats(array, called, source) for name, (called, array) in columns.items()}
    if "volume" not in values:
        values["volume"] = np.zeros(length)
    return _Columns(time_column, where, ms, times, values)


def _without_a_bad_row(ms: IntArray, values: Mapping[str, FloatArray], place: Place) -> Checked:
    none_bad: BoolArray = np.ndarray(len(ms), np.bool_, b"\0", strides=(0,))  # takes no memory
    return Checked(ms, values, place, (), none_bad)


def unjudged(rows: RawRows) -> Checked | None:
    """Convert the columns and look at no row: to be used if all of them turn out to be candles.

    None where a row is known to be bad already, and where there is no row.
    """
    _, _, ms, times, values = _convert(rows, None, None)
    if times is not None:
        ms = None if times.bad.any() else times.ms
    if ms is None or not len(ms) or rows.faults:
        return None
    return _without_a_bad_row(ms, values, rows.place)


def check(
    rows: RawRows, time_unit: TimeUnit | None = None, time_format: str | None = None
) -> Checked:
    """Convert the columns to a bar's types and judge every row."""
    place = rows.place
    time_column, where, ms, times, values = _convert(rows, time_unit, time_format)
    length = len(time_column)
    if ms is not None and not rows.faults and _keeps_all_rules(ms, values):
        return _without_a_bad_row(ms, values, place)
    if times is None:
        times = to_ms(time_column, time_unit, time_format, where)
    if not rows.faults and not times.bad.any() and _keeps_all_rules(times.ms, values):
        return _without_a_bad_row(times.ms, values, place)
    expected = times.expected

    def time_fault(i: int) -> Fault:
        return Fault("timestamp", _shown(time_column[i]), expected)

    bad = np.zeros(length, dtype=np.bool_)
    rules: list[Rule] = []
    unreadable = Rule("unreadable time", times.bad, time_fault)
    for rule in (*rows.faults, unreadable, *_value_rules(values)):
        _add(rule, rules, bad)
    for rule in _order_rules(times.ms, time_column, bad):
        _add(rule, rules, bad)
    return Checked(times.ms, values, place, rules, bad)


def _keeps_all_rules(ms: IntArray, values: Mapping[str, FloatArray]) -> bool:
    """Whether there is nothing to say about any row: one look of the core at all columns."""
    answer: int = lib.hq_bars_check(columns_struct({"timestamp": ms, **values}))
    return answer == int(lib.HQ_OK)


def _add(rule: Rule, rules: list[Rule], bad: BoolArray) -> None:
    """A row counts once, under the first rule that it breaks."""
    if not rule.broken.any():
        return
    broken = rule.broken & ~bad
    if broken.any():
        rules.append(rule._replace(broken=broken))
        bad |= broken


def _value_rules(values: Mapping[str, FloatArray]) -> Iterator[Rule]:
    for name in VALUE_FIELDS:
        if name in values:
            yield _finite_rule(name, values[name])
    opens, high, low, close = (values[name] for name in ("open", "high", "low", "close"))
    yield Rule(
        "high below low",
        high < low,
        lambda i: Fault("high", _shown(high[i]), f"high >= low ({low[i]})"),
    )
    yield _inside_rule("open", opens, low, high)
    yield _inside_rule("close", close, low, high)
    for name in ("volume", "buy_volume"):
        if name in values:
            yield _not_negative_rule(name, values[name])


def _finite_rule(name: str, column: FloatArray) -> Rule:
    return Rule(
        f"{name} not finite or beyond 1e100",
        ~(np.abs(column) <= VALUE_MAX),
        lambda i: Fault(
            name, _shown(column[i]), f"a finite number of magnitude up to {VALUE_MAX:g}"
        ),
    )


def _inside_rule(name: str, column: FloatArray, low: FloatArray, high: FloatArray) -> Rule:
    return Rule(
        f"{name} outside [low, high]",
        (column < low) | (column > high),
        lambda i: Fault(
            name, _shown(column[i]), f"{name} within [low, high] = [{low[i]}, {high[i]}]"
        ),
    )


def _not_negative_rule(name: str, column: FloatArray) -> Rule:
    return Rule(
        f"negative {name}",
        column < 0,
        lambda i: Fault(name, _shown(column[i]), f"{name} >= 0"),
    )


def _order_rules(ms: IntArray, raw: RawArray, bad: BoolArray) -> Iterator[Rule]:
    """Each good row against the latest time of the good rows before it."""
    oldest = np.iinfo(np.int64).min
    latest = np.maximum.accumulate(np.where(bad, oldest, ms)) if len(ms) else ms
    before = np.concatenate((np.array([oldest], dtype=np.int64), latest[:-1]))[: len(ms)]
    good = ~bad

    def fault(i: int) -> Fault:
        earlier = int(np.argmax((ms == before[i]) & good))
        return Fault(
            "timestamp",
            _shown(raw[i]),
            f"a time after {_shown(raw[earlier])}, which an earlier row has",
        )

    yield Rule("duplicate time", good & (ms == before), fault)
    yield Rule(_OUT_OF_ORDER, good & (ms < before), fault)


def _shown(value: object) -> str:
    if isinstance(value, int) and value.bit_length() > 1024:  # str() refuses thousands of digits
        return f"an integer of {value.bit_length()} bits"
    text = (
        repr(value.item())
        if isinstance(value, np.generic) and value.dtype.kind in "iufU"
        else str(value)
    )
    return text if len(text) <= 80 else f"{text[:77]}..."


def raise_if_bad(checked: Checked) -> None:
    """DataError about the first bad row, if there is one."""
    if not checked.clean:
        raise DataError(checked.first_fault())
