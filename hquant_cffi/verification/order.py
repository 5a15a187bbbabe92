"""Order of fills: none before its signal or order, times not falling, prices where they may be.

docs/backtesting.md has the rules in brackets.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from hquant_cffi._backtest_report import BacktestReport
from hquant_cffi._records import REASONS
from hquant_cffi.orders import Order
from hquant_cffi.verification.accounting import first_failure
from hquant_cffi.verification.inputs import Inputs
from hquant_cffi.verification.ledger import Fault, Ledger
from hquant_cffi.verification.stream import SIGNAL_NAMES, good_bars
from hquant_cffi.verification.verdict import Check

__all__ = ["check_order"]

_SIGNAL, _TARGET, _ORDER = (REASONS.index(name) for name in ("signal", "target", "order"))
_EXITS: Final = tuple(REASONS.index(name) for name in ("stop", "target", "trail"))
_NEAR: Final = 1e-9  # how far rounding to ticks and slipping may be off, relative

Wrong = tuple[str, object, object]


class _Tape(NamedTuple):
    """A symbol's bars that were run, and what they signalled."""

    good: npt.NDArray[np.intp]  # indices of these bars
    place: dict[int, int]  # of a bar among them
    actions: npt.NDArray[np.uint8]  # of these
    trading: npt.NDArray[np.intp]  # which of them say BUY or SELL
    open: npt.NDArray[np.float64]
    close: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    time: npt.NDArray[np.int64]
    tick: float


def _widened(inputs: Inputs, index: int, good: npt.NDArray[np.intp]) -> tuple[Any, Any]:
    """Each bar's low and high, those of its finer bars included, which are walked in its place."""
    bars, finer = inputs.bars[index], inputs.columns["finer"][index]
    low, high = bars.low[good].copy(), bars.high[good].copy()
    if finer is None or not len(good):
        return low, high
    edges = np.append(bars.timestamp, np.iinfo(np.int64).max)
    first = np.searchsorted(finer.timestamp, edges[:-1])
    last = np.searchsorted(finer.timestamp, edges[1:])
    for row, bar in enumerate(good.tolist()):
        rows = slice(int(first[bar]), int(last[bar]))
        low[row] = finer.low[rows].min(initial=low[row])
        high[row] = finer.high[rows].max(initial=high[row])
    return low, high


def _tape(inputs: Inputs, report: BacktestReport, index: int) -> _Tape:
    bars = inputs.bars[index]
    good = good_bars(bars)
    offset = sum(map(len, inputs.bars[:index]))
    actions = report.actions[offset : offset + len(bars)][good]
    trading = np.flatnonzero((actions == 1) | (actions == 2))
    low, high = _widened(inputs, index, good)
    ticks = inputs.options.get("tick_size", 0.0)
    tick = ticks.get(report.symbols[index], 0.0) if isinstance(ticks, Mapping) else ticks
    place = {bar: row for row, bar in enumerate(good.tolist())}
    return _Tape(
        good, place, actions, trading, bars.open[good], bars.close[good], low, high,
        bars.timestamp[good], float(tick or 0.0),
    )  # fmt: skip


class _Rules:
    """The rules for one run's fills."""

    def __init__(self, inputs: Inputs, report: BacktestReport) -> None:
        self.inputs, self.report = inputs, report
        self.options: Mapping[str, Any] = report.options
        self.tapes = [_tape(inputs, report, i) for i in range(len(inputs.bars))]

    # ------------------------------------------------------------------ prices

    def worst(self, tape: _Tape, price: float, side: int) -> float:
        """The worst that slippage may make of a price [C3]."""
        part = float(self.options["slippage"]) or float(self.options["slippage_random"])
        ticks = float(self.options["slippage_ticks"])
        if part == 0 and ticks == 0:
            return price
        slipped = price * (1 + side * part) + side * ticks * tape.tick + side * tape.tick
        return max(slipped * (1 + side * _NEAR), tape.tick)

    def between(
        self, tape: _Tape, fill: Any, low: float, high: float, slips: bool, what: str
    ) -> Iterator[Wrong]:
        """A price within bounds, or beyond the one that slippage moves it to."""
        price, side = float(fill["price"]), int(fill["side"])
        if slips and side > 0:
            high = self.worst(tape, high, side)
        elif slips:
            low = self.worst(tape, low, side)
        if not low <= price <= high:
            yield f"price, {what}", f"{low!r} .. {high!r}", price

    # ------------------------------------------------------------------- fills

    def of_fill(self, fill: Any) -> Iterator[Wrong]:
        """What is wrong with a fill."""
        if not 0 <= fill["symbol"] < len(self.tapes):
            yield "symbol", f"0..{len(self.tapes) - 1}", int(fill["symbol"])
            return
        tape = self.tapes[fill["symbol"]]
        row = tape.place.get(int(fill["bar"]))
        if row is None:
            yield "bar", "one that was run", int(fill["bar"])
            return
        if fill["time"] != tape.time[row]:
            yield "time", int(tape.time[row]), int(fill["time"])
        if not fill["quantity"] > 0:
            yield "quantity", "> 0", float(fill["quantity"])
        yield from self.inside(tape, row, fill)
        reason = int(fill["reason"])
        if reason == _SIGNAL:
            yield from self.of_signal(tape, row, fill)
        elif reason == _ORDER:
            yield from self.of_order(tape, row, fill)
        elif reason not in _EXITS or fill["is_opening"]:
            expected = "signal or order" if fill["is_opening"] else "stop, target or trail"
            yield "reason", expected, REASONS[reason] if reason < len(REASONS) else reason

    def inside(self, tape: _Tape, row: int, fill: Any) -> Iterator[Wrong]:
        """No fill outside its bar, but for what slipped [O5, C3]."""
        rests = fill["reason"] == _TARGET or fill["is_maker"]
        low, high = float(tape.low[row]), float(tape.high[row])
        yield from self.between(tape, fill, low, high, not rests, "inside the bar")

    def of_signal(self, tape: _Tape, row: int, fill: Any) -> Iterator[Wrong]:
        """A signal's fill, by where it may trade [O1]."""
        wanted = 1 if fill["side"] > 0 else 2
        where = self.options["fill"]
        if where == "limit":
            yield from self.of_limit(tape, row, fill, wanted)
            return
        at = row if where == "close" else row - 1
        found = int(tape.actions[at]) if at >= 0 else 0
        if found != wanted:
            bar = int(tape.good[at]) if at >= 0 else -1
            yield f"signal at bar {bar}", SIGNAL_NAMES[wanted], SIGNAL_NAMES[found]
        price = float(tape.close[row] if where == "close" else tape.open[row])
        what = "at the close" if where == "close" else "at the open"
        yield from self.between(tape, fill, price, price, True, what)

    def of_limit(self, tape: _Tape, row: int, fill: Any, wanted: int) -> Iterator[Wrong]:
        """A limit rests from the bar after its signal until the next one takes its place."""
        before = int(np.searchsorted(tape.trading, row)) - 1
        if before < 0:
            yield "signal before it", SIGNAL_NAMES[wanted], SIGNAL_NAMES[0]
            return
        at = int(tape.trading[before])
        found = int(tape.actions[at])
        if found != wanted:
            yield f"signal at bar {tape.good[at]}", SIGNAL_NAMES[wanted], SIGNAL_NAMES[found]
        most = int(self.options["limit_bars"])
        if most and row - at > most:
            yield "bars after its signal", f"at most {most}", row - at
        side = int(fill["side"])
        limit = float(tape.close[at]) * (1 - side * float(self.options["limit_offset"]))
        yield from self.no_worse(fill, limit)

    def no_worse(self, fill: Any, limit: float) -> Iterator[Wrong]:
        side, price = int(fill["side"]), float(fill["price"])
        if side * price > side * limit * (1 + side * _NEAR):
            yield "price, of a limit", f"{'<=' if side > 0 else '>='} {limit!r}", price

    def of_order(self, tape: _Tape, row: int, fill: Any) -> Iterator[Wrong]:
        """An order of the list works from the bar after its own [O3]."""
        index = int(fill["order"])
        if not 0 <= index < len(self.inputs.orders):
            yield "order", f"0..{len(self.inputs.orders) - 1}", index
            return
        order = self.inputs.orders[index]
        if int(fill["bar"]) <= order.bar:
            yield f"bar, of order {index}", f"after bar {order.bar}", int(fill["bar"])
        symbol = self.inputs.symbol_of(order)
        if symbol != fill["symbol"]:
            yield f"symbol, of order {index}", symbol, int(fill["symbol"])
        if (order.side == "buy") != (fill["side"] > 0):
            yield f"side, of order {index}", order.side, "buy" if fill["side"] > 0 else "sell"
        if order.reduce_only and fill["is_opening"]:
            yield f"order {index} is reduce_only", "no opening", "an opening"
        worked = row - int(np.searchsorted(tape.good, order.bar, "right")) + 1
        if order.bars and worked > order.bars:
            yield f"bars that order {index} worked", f"at most {order.bars}", worked
        yield from self.price_of_order(tape, row, fill, order, worked)

    def price_of_order(
        self, tape: _Tape, row: int, fill: Any, order: Order, worked: int
    ) -> Iterator[Wrong]:
        price, side = float(fill["price"]), int(fill["side"])
        if order.type == "market":
            if worked != 1:
                yield "bars that a market order worked", 1, worked
            at = float(tape.open[row])
            yield from self.between(tape, fill, at, at, True, "at the open")
        elif order.price is not None:
            yield from self.no_worse(fill, order.price)
        if order.type == "stop" and order.stop_price is not None:
            level = order.stop_price
            if side * price < side * level * (1 - side * _NEAR):
                yield "price, of a stop", f"{'>=' if side > 0 else '<='} {level!r}", price


# ------------------------------------------------------------------ chronology


def _chronology(report: BacktestReport, ledger: Ledger) -> Iterator[Fault]:
    """Times never fall; nothing is filled after a liquidation."""
    times = report.fills["time"]
    rows = np.flatnonzero(times[1:] < times[:-1])
    if len(rows):
        row = int(rows[0]) + 1
        yield _fault(report.fills[row], row, ("time", f">= {times[row - 1]}", int(times[row])))
    if ledger.liquidation_step is None:
        return
    gone = int(report.time[ledger.liquidation_step])
    late = np.flatnonzero(times > gone)
    if len(late):
        row = int(late[0])
        wrong = ("time", f"<= {gone}, when the account was liquidated", int(times[row]))
        yield _fault(report.fills[row], row, wrong)


def _once(report: BacktestReport) -> Iterator[Fault]:
    """A signal, or an order, opens once and closes once."""
    seen: Counter[tuple[int, ...]] = Counter()
    for row, fill in enumerate(report.fills):
        if fill["reason"] not in (_SIGNAL, _ORDER):
            continue
        names = ("symbol", "order", "side", "is_opening")
        key = tuple(int(fill[name]) for name in names)
        if fill["reason"] == _SIGNAL:
            key += (int(fill["bar"]),)
        seen[key] += 1
        if seen[key] == 2:
            yield _fault(fill, row, ("fills of one order on one side", 1, 2))


def _fault(fill: Any, row: int, wrong: Wrong) -> Fault:
    what, expected, found = wrong
    return Fault(
        int(fill["time"]), int(fill["symbol"]), int(fill["bar"]), f"fill {row}: {what}",
        expected, found,
    )  # fmt: skip


def check_order(inputs: Inputs, report: BacktestReport, ledger: Ledger) -> Check:
    """Every fill against the signal or order that it comes from, and against its bar."""
    rules = _Rules(inputs, report)
    faults = [*_chronology(report, ledger), *_once(report)]
    for row, fill in enumerate(report.fills):
        faults += [_fault(fill, row, wrong) for wrong in rules.of_fill(fill)]
    return Check(
        name="order",
        count=len(report.fills),
        unit="fills after their signal or order, inside their bar",
        failure=first_failure(inputs, faults),
    )
