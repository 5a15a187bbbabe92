"""Truncation: cutting the data after a bar changes nothing at or before it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from hquant_cffi._backtest_report import BacktestReport
from hquant_cffi._errors import HQuantError
from hquant_cffi._progress import Progress
from hquant_cffi.verification.compare import Difference, first_difference
from hquant_cffi.verification.inputs import Inputs
from hquant_cffi.verification.verdict import Check, Failure

__all__ = ["FURTHER_CUTS", "check_truncation", "place_of"]

#: Cuts beside those at the signal bars.
FURTHER_CUTS: Final = 64
# Bars that the cut runs may have in all, unless asked for more: less than a minute.
_BUDGET: Final = 500_000_000
_THREADS: Final = 8


class _Plan(NamedTuple):
    """Times of the steps after which to cut; how many have a signal, of how many."""

    times: npt.NDArray[np.int64]
    at_signals: int
    signals: int


def _signal_times(inputs: Inputs, report: BacktestReport) -> npt.NDArray[np.int64]:
    timestamps = np.concatenate([bars.timestamp for bars in inputs.bars])
    return np.unique(timestamps[report.actions != 0])


def _spread(times: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.int64]:
    """At most `count` of some times, evenly spread, the first and the last included."""
    if len(times) <= count:
        return times
    rows = np.unique(np.linspace(0, len(times) - 1, count).astype(np.int64))
    return np.take(times, rows)


def _further(times: npt.NDArray[np.int64], count: int, seed: int) -> npt.NDArray[np.int64]:
    """One of each of `count` stretches of all steps."""
    if len(times) <= count:
        return times
    rng = np.random.default_rng(seed)
    edges = np.linspace(0, len(times), count + 1).astype(np.int64)
    return np.take(times, rng.integers(edges[:-1], edges[1:]))


def _affordable(times: npt.NDArray[np.int64], inputs: Inputs) -> int:
    """How many cuts the budget has room for, spread over these times."""
    if not len(times):
        return 0
    sample = _spread(times, 256)
    bars = sum(
        np.searchsorted(bars.timestamp, sample, "right").astype(np.float64) for bars in inputs.bars
    )
    return max(int(_BUDGET / float(np.mean(bars))), 1)


def _plan(inputs: Inputs, report: BacktestReport, cuts: str | int | None, seed: int) -> _Plan:
    steps = report.time[:-1]  # cutting after the last bar cuts nothing
    signals = np.intersect1d(_signal_times(inputs, report), steps)
    room = len(signals)
    if cuts is None:
        room = min(room, _affordable(signals, inputs))
    elif cuts != "all":
        room = min(room, int(cuts))
    chosen = _spread(signals, room) if room else signals[:0]
    further = _further(steps, FURTHER_CUTS, seed) if len(steps) else steps
    return _Plan(np.union1d(chosen, further), len(chosen), len(signals))


def check_truncation(
    inputs: Inputs,
    report: BacktestReport,
    cuts: str | int | None,
    seed: int,
    progress: Progress | None = None,
) -> Check:
    """Run the data cut after many bars, and compare all that came before."""
    plan = _plan(inputs, report, cuts, seed)
    found: list[Failure] = []
    for done, failure in enumerate(_in_threads(inputs, report, plan.times), start=1):
        if failure is not None:
            found.append(failure)
        if progress is not None and progress(done, len(plan.times)):
            raise _cancelled(done, len(plan.times))
    note = ""
    if plan.at_signals < plan.signals:
        note = (
            f"at {plan.at_signals:,} of {plan.signals:,} signal bars, evenly spread; "
            "cuts='all' (--cuts all) takes every one"
        )
    return Check(
        name="truncation",
        count=len(plan.times),
        unit=f"cuts, {plan.at_signals:,} of them at signal bars",
        failure=min(found, key=lambda each: each.time or 0, default=None),
        note=note,
    )


def _cancelled(done: int, total: int) -> HQuantError:
    from hquant_cffi._errors import CancelledError

    return CancelledError(f"cancelled by the progress function after {done} of {total} cuts")


def _in_threads(
    inputs: Inputs, report: BacktestReport, times: npt.NDArray[np.int64]
) -> Iterator[Failure | None]:
    """Make every cut; the C runs leave the interpreter to other threads."""
    threads = min(_THREADS, os.cpu_count() or 1)
    with ThreadPoolExecutor(threads) as pool:
        waiting = iter(times.tolist())
        running = [
            pool.submit(_cut, inputs, report, time) for time in islice(waiting, 2 * threads)
        ]
        try:
            while running:
                failure = running.pop(0).result()
                running += [pool.submit(_cut, inputs, report, each) for each in islice(waiting, 1)]
                yield failure
        finally:
            for each in running:
                each.cancel()


def _cut(inputs: Inputs, report: BacktestReport, time: int) -> Failure | None:
    """Cut after a moment and compare."""
    shorter, kept = inputs.cut(time)
    place = _cut_place(inputs, time)
    try:
        found = shorter.run()
    except HQuantError as error:
        return Failure(
            **place_of(inputs, -1, -1, time), what=f"the run cut after {place}",
            expected="a report", found=f"{type(error).__name__}: {error}",
        )  # fmt: skip
    lengths, left = (tuple(map(len, each.bars)) for each in (inputs, shorter))
    difference = first_difference(report, found, lengths, left, time, kept)
    return None if difference is None else _failure(inputs, difference, place)


def _failure(inputs: Inputs, difference: Difference, place: str) -> Failure:
    return Failure(
        **place_of(inputs, difference.symbol, difference.bar, difference.time),
        what=difference.what,
        expected=difference.second,
        found=difference.first,
        detail=f"expected is of the run cut after {place}",
    )


def _cut_place(inputs: Inputs, time: int) -> str:
    row = int(np.searchsorted(inputs.bars[0].timestamp, time, "right")) - 1
    return f"bar {row:,}" if len(inputs.bars) == 1 else f"{np.datetime64(time, 'ms')}"


def place_of(inputs: Inputs, symbol: int, bar: int, time: int | None) -> dict[str, Any]:
    """Name a place: a bar of a symbol, or a step by its time; what is not there, by its time."""
    symbol = symbol if 0 <= symbol < len(inputs.bars) else 0
    bars = inputs.bars[symbol]
    if time is not None and not 0 <= bar < len(bars):
        bar = int(np.searchsorted(bars.timestamp, time, "left"))
    if time is None:
        time = int(bars.timestamp[bar])
    return {"symbol": inputs.shown_names[symbol], "bar": bar, "time": time}
