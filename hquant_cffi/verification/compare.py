"""Two runs side by side, bit for bit: where they first differ; a hash of all that one returned."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from hquant_cffi._backtest_report import BacktestReport

__all__ = ["Difference", "digest", "first_difference"]

_OPEN, _LIQUIDATED = 0, 2  # reasons of a trade's end; open: it is not over


class Difference(NamedTuple):
    """Where two runs differ; `symbol` is an index, `bar` -1 where `time` names a step."""

    time: int | None
    symbol: int
    bar: int
    what: str
    first: object
    second: object


# ------------------------------------------------------------------ difference


def _bits(column: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """A column in which NaN equals itself and 0.0 is not -0.0."""
    column = np.ascontiguousarray(column)
    return column.view(np.int64) if column.dtype == np.float64 else column


def _row_that_differs(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> int | None:
    """The first row where columns differ, the length of the shorter one included."""
    length = min(len(one), len(other))
    differ = _bits(one[:length]) != _bits(other[:length])
    if differ.ndim > 1:
        differ = differ.any(axis=1)
    rows = np.flatnonzero(differ)
    if len(rows):
        return int(rows[0])
    return length if len(one) != len(other) else None


def _at(column: npt.NDArray[Any], row: int) -> object:
    return column[row].tolist() if row < len(column) else "nothing"


def _of_curves(one: BacktestReport, other: BacktestReport, steps: int) -> Iterator[Difference]:
    for name in ("time", "equity", "margin", "position"):
        a, b = getattr(one, name), getattr(other, name)
        if a is None or b is None:
            continue
        row = _row_that_differs(a[:steps], b)
        if row is not None:
            times = one.time if row < len(one.time) else other.time
            yield Difference(int(times[row]), -1, -1, name, _at(a[:steps], row), _at(b, row))


def _of_records(
    one: npt.NDArray[np.void], other: npt.NDArray[np.void], noun: str, time: str, bar: str
) -> Iterator[Difference]:
    if len(one) == len(other) and one.tobytes() == other.tobytes():
        return
    names = one.dtype.names or ()
    found = [(_row_that_differs(one[name], other[name]), name) for name in names]
    rows = [(row, name) for row, name in found if row is not None]
    if not rows:
        return  # only the padding
    row, name = min(rows, key=lambda each: each[0])
    record = one[row] if row < len(one) else other[row]
    shown = f"{noun} {row}" if row >= min(len(one), len(other)) else f"{noun} {row}: {name}"
    yield Difference(
        int(record[time]), int(record["symbol"]), int(record[bar]), shown,
        _at(one[name], row), _at(other[name], row),
    )  # fmt: skip


def _of_actions(
    one: npt.NDArray[np.uint8],
    other: npt.NDArray[np.uint8],
    lengths: Sequence[int],
    kept: Sequence[int],
) -> Iterator[Difference]:
    first, second = 0, 0
    for symbol, (length, count) in enumerate(zip(lengths, kept, strict=True)):
        row = _row_that_differs(one[first : first + count], other[second : second + count])
        if row is not None:
            a, b = _at(one[first:], row), _at(other[second:], row)
            yield Difference(None, symbol, row, "signal", a, b)
        first, second = first + length, second + count


def ended(report: BacktestReport) -> npt.NDArray[np.int64]:
    """When each closed trade ended: that of a liquidation is the first step without equity."""
    reasons = report.trades["exit_reason"]
    is_closed = reasons != _OPEN
    times: npt.NDArray[np.int64] = report.trades["exit_time"][is_closed]
    if report.liquidated:
        gone = report.time[np.argmax(report.equity == 0)]
        times[reasons[is_closed] == _LIQUIDATED] = gone
    return times


def first_difference(
    one: BacktestReport,
    other: BacktestReport,
    lengths: Sequence[int],
    kept: Sequence[int],
    until: int | None = None,
    orders: npt.NDArray[np.int64] | None = None,
) -> Difference | None:
    """Return where a run first differs from another, which may know less.

    Parameters
    ----------
    one, other : BacktestReport
        With and without what came after `until`.
    lengths, kept : sequence of int
        Bars of each symbol in either.
    until : int, optional
        Time of the last step of `other`, ms; None: it has all.
    orders : (n,) ndarray of int64, optional
        Index in the whole list of each order of `other`.
    """
    trades, fills, steps = one.trades, one.fills, len(one.time)
    others_trades, others_fills = other.trades, other.fills
    if until is not None:  # open positions end elsewhere
        trades = trades[: np.searchsorted(ended(one), until, "right")]
        others_trades = others_trades[: len(ended(other))]
        fills = fills[: np.searchsorted(fills["time"], until, "right")]
        steps = int(np.searchsorted(one.time, until, "right"))
    if orders is not None and len(orders):
        listed = (others_fills["order"] >= 0) & (others_fills["order"] < len(orders))
        others_fills = others_fills.copy()
        others_fills["order"][listed] = orders[others_fills["order"][listed]]
    found = [
        *_of_actions(one.actions, other.actions, lengths, kept),
        *_of_records(fills, others_fills, "fill", "time", "bar"),
        *_of_curves(one, other, steps),
        *_of_records(trades, others_trades, "trade", "exit_time", "exit_bar"),
    ]
    return min(found, key=lambda each: (each.time is None, each.time or 0), default=None)


# ---------------------------------------------------------------------- digest


def _bytes_of(value: object) -> bytes:
    if isinstance(value, np.ndarray):
        if value.dtype.names:
            return b"".join(_bytes_of(value[name]) for name in value.dtype.names)
        return np.ascontiguousarray(value).tobytes()
    if isinstance(value, float):
        return np.float64(value).tobytes()
    if isinstance(value, Mapping):
        return b"".join(str(key).encode() + b"=" + _bytes_of(each) for key, each in value.items())
    return repr(value).encode()


def digest(report: BacktestReport) -> str:
    """SHA-256 of everything that a run returned: numbers, curves, signals, trades, fills."""
    answer = hashlib.sha256()
    for field in fields(report):
        if field.name != "options":
            answer.update(field.name.encode() + b":" + _bytes_of(getattr(report, field.name)))
    return answer.hexdigest()
