"""Every benchmark: ``python bench/run.py``. How to read what it prints is in README.md."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

import figures
import growth
import peers
import w1_indicators
import w2_streaming
import w3_backtest
import w4_sweep
from context import Bench, find_limits
from output import Output, machine, versions
from race import CLOCKS, Race

WORKLOADS: dict[str, Callable[[Bench], None]] = {
    "w1": w1_indicators.run,
    "w2": w2_streaming.run,
    "w3": w3_backtest.run,
    "w4": w4_sweep.run,
    "growth": growth.run,
    "figures": figures.run,
}


def main() -> None:
    """Run what was asked for; exit with 1 when a library computed something else."""
    options = _options()
    output = Output(options.programs / "bench.jsonl")
    how = Race(options.rounds, options.seconds, options.clock)
    _head(output, how)
    bench = Bench(
        output, _peers(output), find_limits(output, options.programs), how, options.short,
        options.programs,
    )  # fmt: skip
    for name in options.workloads or WORKLOADS:
        WORKLOADS[name](bench)
    output.close()
    _picture(output, options.programs / "bench.png")
    if output.disagreed:
        raise SystemExit("\n".join(["", "did not agree:", *output.disagreed]))


def _head(output: Output, how: Race) -> None:
    output.line(name="machine", machine=machine(), versions=versions(), clock=how.clock)
    output.say(f"{machine()}; load {os.getloadavg()[0]:.1f}; {how.clock} time")
    output.say(", ".join(f"{name} {version}" for name, version in versions().items()))


def _peers(output: Output) -> list[peers.Peer]:
    found = peers.find()
    for peer in found:
        output.line(
            name="peer", who=peer.name, package=peer.package, licence=peer.licence,
            version=peer.version, used=peer.module is not None,
        )  # fmt: skip
        output.say(f"  {peer.name:14} {peer.version:14} {peer.licence}")
    return found


def _picture(output: Output, path: Path) -> None:
    try:
        import picture
    except ImportError as error:
        output.say(f"\nno picture: {error}")
        return
    if picture.draw(output.lines, path):
        output.say(f"\n{path}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help=", ".join(WORKLOADS))
    parser.add_argument(
        "--short", action="store_true", help="small inputs, one round: does it agree"
    )
    parser.add_argument("--rounds", type=int, default=15, help="of every comparison (15)")
    parser.add_argument(
        "--seconds", type=float, default=6.0, help="for one library in one comparison, about (6)"
    )
    parser.add_argument(
        "--clock", choices=tuple(CLOCKS), default="wall", help="what time is (wall)"
    )
    parser.add_argument(
        "--programs", type=Path, default=Path("build/bench"), help="where all is written"
    )
    options = parser.parse_args()
    if unknown := set(options.workloads) - set(WORKLOADS):
        parser.error(f"expected {', '.join(WORKLOADS)}, found {', '.join(sorted(unknown))}")
    if options.rounds < 2:
        parser.error(f"--rounds: expected 2 or more, found {options.rounds}")
    return options


if __name__ == "__main__":
    main()
