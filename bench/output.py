"""What a run prints: tables for people, and the same as JSON lines into a file."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import cffi
import numpy
from agreement import Agreement
from race import Goal, Spread, Timed

import hquant_cffi

__all__ = ["Output", "machine", "versions"]

_WIDTH = 34


class Output:
    """Prints, writes lines, and remembers what did not agree."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("w", encoding="utf-8")
        self.lines: list[dict[str, Any]] = []
        self.disagreed: list[str] = []

    def line(self, **fields: Any) -> None:
        """Write a JSON line."""
        self.lines.append(fields)
        self._file.write(json.dumps(fields, allow_nan=False) + "\n")
        self._file.flush()

    def say(self, text: str = "") -> None:
        """Print for people."""
        print(text, flush=True)

    def skipped(self, name: str, reason: str) -> None:
        """Tell that something was not measured, and why."""
        self.line(name=name, skipped=reason)
        self.say(f"{name}: skipped, {reason}")

    def agreed(self, name: str, who: str, found: Agreement) -> bool:
        """Note whether a library computed what was expected of it."""
        self.line(name=name, who=who, agrees=found.holds, agreement=found.text)
        if not found.holds:
            self.refused(f"{name}, {who}: {found.text}")
        return found.holds

    def refused(self, text: str) -> None:
        """Note that something computed is not what it has to be."""
        self.disagreed.append(text)
        self.say(f"DIFFERS: {text}")

    def figure(
        self, name: str, *, input: str, n: int, values: Sequence[float], rival: str,
        rival_min: float, limit: float,
    ) -> None:  # fmt: skip
        """Write what an operation costs beside what it is compared with.

        `values` are ns for one of `n` operations, one value a run; `ratio` is their minimum over
        the rival's, and `limit` the largest ratio that the project allows itself.
        """
        low, median = min(values), statistics.median(values)
        ratio = low / rival_min
        self.line(
            name=name, input=input, n=n, min=round(low, 3), median=round(median, 3),
            max=round(max(values), 3), unit="ns", rival=rival, rival_min=round(rival_min, 3),
            ratio=round(ratio, 3), limit=limit, machine=machine(), versions=versions(),
        )  # fmt: skip
        self.say(
            f"{name:{_WIDTH}} {low:12,.2f} ns  {ratio:8.3f} of {rival}, {rival_min:,.2f}; "
            f"at most {limit:g}"
        )

    def times(
        self, name: str, input: str, unit: str, timed: Sequence[Timed], goals: Sequence[Goal]
    ) -> None:
        """Print times beside the first runner's, and how ours stand to the goals."""
        first = timed[0]
        self.say(f"\n{name}, {input}: {unit}")
        self.say(f"  {'':{_WIDTH}}{'median':>12}  {'quartiles':<24}over {first.runner.name}")
        for each in timed:
            runner, ns, over = each.runner, each.spread, each.over(first)
            between = f"{ns.low:,.2f} .. {ns.high:,.2f}"
            ratio = f"{over.median:8,.2f} ({over.low:,.2f} .. {over.high:,.2f})"
            self.say(
                f"  {runner.name:{_WIDTH}}{ns.median:12,.2f}  {between:<22}{ratio:<28}"
                f"{runner.note}".rstrip()
            )
            self.line(
                name=name, input=input, unit=unit, who=runner.name, n=runner.n,
                rounds=len(each.ns), median=ns.median, low=ns.low, high=ns.high,
                min=min(each.ns.values()), max=max(each.ns.values()), over=first.runner.name,
                cold=Spread.of(list(each.cold.values())).median if each.cold else None,
                ratio=over.median, ratio_low=over.low, ratio_high=over.high, note=runner.note,
                load=round(os.getloadavg()[0], 2), machine=machine(),
            )  # fmt: skip
        for goal in goals:
            for rival in timed:
                if rival.runner.name.startswith(goal.rival):
                    self._goal(name, input, _named(timed, goal.ours), rival, goal.most)

    def _goal(self, name: str, input: str, ours: Timed | None, rival: Timed, most: float) -> None:
        if ours is None:
            return
        over = ours.over(rival)
        held = over.median <= most
        self.line(
            name=name, input=input, who=ours.runner.name, goal=rival.runner.name,
            ratio=over.median, ratio_low=over.low, ratio_high=over.high, limit=most, held=held,
        )  # fmt: skip
        self.say(
            f"  {'held' if held else 'MISSED'}: {ours.runner.name} over {rival.runner.name} "
            f"{over.median:.3g} ({over.low:.3g} .. {over.high:.3g}), wanted at most {most:.3g}"
        )

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _named(timed: Sequence[Timed], name: str) -> Timed | None:
    if not name:
        return timed[0]
    return next((each for each in timed if each.runner.name == name), None)


@cache
def machine() -> str:
    """Name the processor and the system."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    model = models[0] if models else platform.processor() or platform.machine()
    return f"{model}, {os.cpu_count()} CPUs, {platform.system()} {platform.machine()}"


@cache
def versions() -> dict[str, str]:
    """Return the versions of what every figure depends on."""
    compiler = subprocess.run(["cc", "--version"], capture_output=True, text=True, check=True)
    return {
        "hquant": hquant_cffi.__version__,
        "python": sys.version.split()[0],
        "numpy": numpy.__version__,
        "cffi": cffi.__version__,
        "cc": compiler.stdout.splitlines()[0],
    }
