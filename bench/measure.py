"""A line of a benchmark: what was measured, beside what it is compared with."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from time import perf_counter_ns

import cffi
import numpy

import hquant_cffi

__all__ = ["best_of", "print_line", "print_skipped"]


def print_line(
    name: str,
    *,
    input: str,
    n: int,
    values: Sequence[float],
    rival: str,
    rival_min: float,
    limit: float,
) -> None:
    """Print a measurement as one JSON object.

    `values` are ns for one of `n` operations, one value a run; `ratio` is their minimum over the
    rival's, and `limit` the largest ratio that the project allows itself.
    """
    line = {
        "name": name,
        "input": input,
        "n": n,
        "min": round(min(values), 3),
        "median": round(statistics.median(values), 3),
        "max": round(max(values), 3),
        "unit": "ns",
        "rival": rival,
        "rival_min": round(rival_min, 3),
        "ratio": round(min(values) / rival_min, 3),
        "limit": limit,
        "machine": _machine(),
        "versions": _versions(),
    }
    print(json.dumps(line, allow_nan=False), flush=True)


def print_skipped(name: str, reason: str) -> None:
    """Print that a measurement was not taken, and why."""
    print(json.dumps({"name": name, "skipped": reason}), flush=True)


def best_of(runs: int, work: Callable[[], object], n: int) -> list[float]:
    """Return ns an operation, one value a run."""
    values = []
    for _ in range(runs):
        started = perf_counter_ns()
        work()
        values.append((perf_counter_ns() - started) / n)
    return values


@cache
def _machine() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    model = models[0] if models else platform.processor() or platform.machine()
    return f"{model}, {os.cpu_count()} CPUs, {platform.system()} {platform.machine()}"


@cache
def _versions() -> dict[str, str]:
    compiler = subprocess.run(["cc", "--version"], capture_output=True, text=True, check=True)
    return {
        "hquant": hquant_cffi.__version__,
        "python": sys.version.split()[0],
        "numpy": numpy.__version__,
        "cffi": cffi.__version__,
        "cc": compiler.stdout.splitlines()[0],
    }
