"""W2: the same indicators a bar at a time, from C and from Python."""

from __future__ import annotations

import ours
from agreement import of_values
from context import Bench
from limits import UnavailableError, build_stream
from market import Market, walk
from race import Goal, Runner
from seven import SHORTEST
from stream_c import loops, race_alone

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
    reference = ours.streams(market)[0][1]()
    notes = {
        "hquant, in place": _SEVEN, "hquant, live view": _SEVEN, "hquant, a call a value": _SEVEN,
        "hquant, in place, no history": f"{_SEVEN}; no columns",
        "hquant, as the limit": "seven updated, one read; no columns",
        "hquant, not read": "seven updated",
    }  # fmt: skip
    runners = []
    for name, call in loops(library, bench.limits, market).items():
        agreement = of_values(reference, call().tolist())
        if name in notes and call().tolist() != list(reference):
            bench.output.refused("W2 C: other values than from Python")
        if name in notes or bench.output.agreed("W2 C", name, agreement):
            runners.append(Runner(name, call, len(market), notes.get(name, agreement.text)))
    wanted = (name for name in notes if name != "hquant, a call a value")
    goals = [Goal("limit", 2.0, ours) for ours in wanted]
    size, unit = f"{len(market):,} bars", "ns a bar"
    if bench.short:
        bench.compare("W2 C", runners, input=size, unit=unit)
        return
    timed = race_alone(runners, bench.how, bench.programs)
    bench.output.times("W2 C", f"{size}, one thread", unit, timed, goals)
