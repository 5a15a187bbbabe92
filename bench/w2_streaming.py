"""W2: the same indicators a bar at a time, from C and from Python."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import numpy as np
import ours
from agreement import of_values
from context import Bench
from limits import UnavailableError, build_stream
from market import Floats, Market, walk
from race import Goal, Runner
from seven import SHORTEST

__all__ = ["run"]

_SEVEN = "seven updated, five read"
_FIVE = "five updated and read"


def run(bench: Bench) -> None:
    """Measure W2."""
    _from_python(bench, walk(bench.size(20_000, SHORTEST)))
    _from_c(bench, walk(bench.size(1_000_000, SHORTEST)))


def _from_python(bench: Bench, market: Market) -> None:
    n = len(market)
    streams = ours.streams(market)
    reference = streams[0][1]()
    runners = [Runner(name, call, n, _SEVEN) for name, call in streams]
    for name, call in streams[1:]:
        if call() != reference:
            bench.output.refused(f"W2 Python: {name} reads other values")
    for peer in bench.who_can("stream"):
        call = peer.module.stream(market)
        agreement = of_values(reference, call())
        if bench.output.agreed("W2 Python", peer.title, agreement):
            runners.append(Runner(peer.title, call, n, f"{_FIVE}; {agreement.text}"))
    goals = [Goal("raptorbt", 400 / 479)]  # 400 ns where it takes 479
    bench.compare("W2 Python", runners, input=f"{n:,} bars", unit="ns a bar", goals=goals)


def _from_c(bench: Bench, market: Market) -> None:
    try:
        library = build_stream(bench.programs)
    except UnavailableError as error:
        bench.output.skipped("W2 C", str(error))
        return
    n, reference = len(market), ours.streams(market)[0][1]()
    runners = []
    for name, read in (("hquant", True), ("hquant, not read", False)):
        call = _seven_in_c(library, market, read)
        if not np.array_equal(call(), reference):
            bench.output.refused("W2 C: other values than from Python")
        runners.append(Runner(name, call, n, "seven updated, one read" if read else ""))
    limits = bench.limits
    if limits is not None:
        agreement = of_values(reference, limits.stream(market).tolist())
        name = "limit: streaming loop"
        if bench.output.agreed("W2 C", name, agreement):
            runners.append(Runner(name, lambda: limits.stream(market), n, agreement.text))
    goals = [Goal("limit", 2.0), Goal("limit", 2.0, "hquant, not read")]
    bench.compare("W2 C", runners, input=f"{n:,} bars", unit="ns a bar", goals=goals)


def _seven_in_c(library: Any, market: Market, read: bool) -> Callable[[], Floats]:
    columns = [ctypes.c_void_p(column.ctypes.data) for column in market.columns().values()]
    n, last = ctypes.c_long(len(market)), np.empty(5)

    def work() -> Floats:
        if not library.stream_seven(*columns, n, int(read), ctypes.c_void_p(last.ctypes.data)):
            raise RuntimeError("stream_seven: the engine refused a bar or an indicator")
        return last

    return work
