"""Memory that a sweep takes beyond its input: ``python peak.py WHO COMBINATIONS``."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ours
import peers
from context import Bench
from market import Market, walk
from rules import Grid

__all__ = ["peaks"]

_BARS = 100_000
_MOST_MB = 100.0

#: Combinations that each is asked for, and a grid of as many.
_GRIDS = {
    400: Grid(tuple(range(5, 25)), tuple(range(30, 130, 5))),
    40_000: Grid(tuple(range(5, 205)), tuple(range(210, 410))),
}


def peaks(bench: Bench) -> None:
    """Print the memory of hquant's sweep and of the peers'."""
    bench.output.say(f"\nW4 memory, {_BARS:,} bars: MB at the peak, beyond the input")
    for who, combos in [("hquant", 400), ("hquant", 40_000)]:
        _print(bench, who, combos)
    for peer in bench.who_can("sweep"):
        _print(bench, peer.name, 400)


def _print(bench: Bench, who: str, combos: int) -> None:
    command = [sys.executable, str(Path(__file__)), who, str(combos)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        reason = (done.stderr.splitlines() or ["no reason"])[-1]
        bench.output.skipped(f"W4 memory, {who}, {combos:,} combinations", reason)
        return
    mb = json.loads(done.stdout.splitlines()[-1])
    limit = _MOST_MB if who == "hquant" else None
    bench.output.line(name="W4 memory", who=who, combinations=combos, mb=mb, limit=limit)
    bench.output.say(f"  {who:30} {combos:7,} combinations {mb:10,.1f}")


def _sweep(who: str, market: Market, grid: Grid) -> Callable[[], Any]:
    if who == "hquant":
        return ours.sweep(market, grid, n_jobs=2)
    peer = next(peer for peer in peers.find() if peer.name == who)
    assert peer.module is not None
    call: Callable[[], Any] = peer.module.sweep(market, grid)
    return call


def _memory(field: str) -> float:
    """Return a field of /proc/self/status in MB.

    Not getrusage(): its maximum begins with what the parent process had when it forked.
    """
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return float(line.split()[1]) / 1024
    raise SystemExit(f"no {field} in /proc/self/status")


def main() -> None:
    """Sweep once over a few bars, for what loads late, and once over all."""
    who, combos = sys.argv[1], int(sys.argv[2])
    _sweep(who, walk(2_000), Grid((5, 6), (30, 40)))()
    call = _sweep(who, walk(_BARS), _GRIDS[combos])
    before = _memory("VmRSS")
    call()
    print(json.dumps(round(max(0.0, _memory("VmHWM") - before), 1)))


if __name__ == "__main__":
    main()
