"""Every backend gives the same bits, tells how far it is, and stops when asked.

dask and ray come with ``pip install 'hquant-cffi[test-cluster]'``.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support import optional
from sweep.backend_cases import BARS, TEXT, VALUES, interrupt_after, run
from sweep.sweep_runs import random_sweep, same_bits

from hquant_cffi import (
    Bars,
    CancelledError,
    ParameterError,
    SweepResult,
    UnsupportedError,
    _sweep_backends,
    sweep,
)
from hquant_cffi._sweep_backends import _threads

TESTS = Path(__file__).resolve().parents[1]
JOBLIB = ["loky", "multiprocessing", "threading", "sequential"]
TOTAL = len(VALUES["fast"]) * len(VALUES["slow"])


@pytest.fixture(scope="module")
def expected() -> SweepResult:
    found = run()
    assert len(found) == TOTAL and 0 < found.refused < TOTAL
    assert found.table["trades"].sum() > 500
    return found


def equal(found: SweepResult, expected: SweepResult) -> bool:
    assert found.curves is not None and expected.curves is not None
    return (
        same_bits(found.table, expected.table)
        and same_bits(found.curves, expected.curves)
        and (found.refused, found.refusal) == (expected.refused, expected.refusal)
    )


# ------------------------------------------------------------------ equal, here


@pytest.mark.parametrize("threads", [1, 2, 4, -1, -2])
def test_threads_give_the_same_bits(threads: int, expected: SweepResult) -> None:
    assert equal(run(n_jobs=threads), expected)


@pytest.mark.parametrize("backend", JOBLIB)
@pytest.mark.parametrize("size", [None, 7])
def test_joblib_backends_give_the_same_bits(
    backend: str, size: int | None, expected: SweepResult
) -> None:
    pytest.importorskip("joblib")
    calls: list[tuple[int, int]] = []
    found = run(backend=backend, n_jobs=2, chunk_size=size,
                progress=lambda *call: calls.append(call))  # fmt: skip
    assert equal(found, expected)
    assert calls[-1] == (TOTAL, TOTAL) and calls == sorted(calls)


@pytest.mark.parametrize("seed", range(2000, 2006))
def test_random_sweeps_give_the_same_bits_in_other_processes(seed: int) -> None:
    pytest.importorskip("joblib")
    case = random_sweep(seed, rows=11)
    here = sweep(case.data, case.strategy, grid=case.grid, **case.options)
    there = sweep(case.data, case.strategy, grid=case.grid, backend="loky", n_jobs=2,
                  chunk_size=3, **case.options)  # fmt: skip
    assert same_bits(here.table, there.table)
    top = sweep(case.data, case.strategy, grid=case.grid, backend="loky", n_jobs=2, top=4,
                chunk_size=5, **case.options)  # fmt: skip
    assert same_bits(here.top(4), top.table)


def test_what_joblib_was_configured_with_is_used(expected: SweepResult) -> None:
    joblib = pytest.importorskip("joblib")
    with joblib.parallel_config(backend="threading", n_jobs=2):
        assert joblib.effective_n_jobs(None) == 2
        assert equal(run(backend="joblib"), expected)
    with joblib.parallel_config(backend="loky", n_jobs=2):
        assert equal(run(backend="joblib", chunk_size=20), expected)


def test_large_data_reach_workers_through_a_file() -> None:
    """joblib maps arrays of more than a megabyte: they are views of a file there."""
    pytest.importorskip("joblib")
    length = 200_000
    rng = np.random.default_rng(1)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 1e-3, length)))
    bars = Bars(60_000 * np.arange(length), close, close, close, close, np.ones(length))
    grid = {"fast": [5, 20], "slow": [60, 100]}
    here, there = (
        sweep(bars, TEXT, grid, backend=backend, n_jobs=2) for backend in ("threads", "loky")
    )
    assert same_bits(here.table, there.table)


# ------------------------------------------------------------- equal, elsewhere


@pytest.mark.filterwarnings("default")
def test_dask_without_a_client_says_so() -> None:
    optional("distributed")
    with pytest.raises(ParameterError, match="backend='dask': .*[Cc]lient"):
        run(backend="dask")


@pytest.fixture(scope="module")
def dask_client() -> Iterator[Any]:
    distributed = optional("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, processes=True
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@pytest.mark.filterwarnings("default")
def test_dask_gives_the_same_bits(dask_client: Any, expected: SweepResult) -> None:
    calls: list[tuple[int, int]] = []
    found = run(backend="dask", n_jobs=-1, chunk_size=9,
                progress=lambda *call: calls.append(call))  # fmt: skip
    assert equal(found, expected) and calls[-1] == (TOTAL, TOTAL)
    with pytest.raises(CancelledError):
        run(backend="dask", n_jobs=-1, chunk_size=3, progress=lambda *call: True)


RAY = """
import ray
from backend_cases import run
from sweep_runs import same_bits
from hquant_cffi import CancelledError

ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="error")
here, calls = run(), []
there = run(backend="ray", n_jobs=2, chunk_size=9, progress=lambda *call: calls.append(call))
assert same_bits(here.table, there.table) and same_bits(here.curves, there.curves)
assert calls[-1] == (len(here), len(here)), calls
try:
    run(backend="ray", n_jobs=2, chunk_size=3, progress=lambda *call: True)
except CancelledError:
    print("the same, and stopped")
"""


@pytest.mark.timeout(300)
def test_ray_gives_the_same_bits(tmp_path: Path) -> None:
    """In a process of its own: ray leaves threads, handlers and warnings behind."""
    optional("ray")
    done = subprocess.run(
        [sys.executable, "-c", RAY], cwd=tmp_path, capture_output=True, text=True, timeout=240,
        env={**os.environ, "RAY_AUTH_MODE": "disabled", "RAY_USAGE_STATS_ENABLED": "0",
             "HOME": str(tmp_path),
             "PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS / "sweep")])},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    assert done.stdout.strip().endswith("the same, and stopped")


# -------------------------------------------------------------------- refusals


def test_a_backend_that_there_is_not_is_refused() -> None:
    pytest.importorskip("joblib")
    with pytest.raises(ParameterError, match="^backend: expected one of threads, .* 'nowhere'"):
        run(backend="nowhere")


def test_without_joblib_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "joblib", None)
    with pytest.raises(UnsupportedError, match=re.escape("pip install 'hquant-cffi[sweep]'")):
        run(backend="loky")
    with pytest.raises(ParameterError, match="found 'thread'; did you mean 'threads'"):
        run(backend="thread")
    assert len(run()) == TOTAL


def test_an_error_in_a_worker_is_raised_here() -> None:
    pytest.importorskip("joblib")
    rates = np.full(1500, np.nan)
    text = "PARAM n = 3\nIF close > n THEN BUY"
    for backend in ("threads", "loky"):
        with pytest.raises(ParameterError, match="funding: the symbol has none"):
            sweep(BARS, text, {"n": [1, 2]}, funding=rates, backend=backend)


def test_chunks_of_a_grid_are_grids(expected: SweepResult, monkeypatch: pytest.MonkeyPatch) -> None:
    hand, sizes = len(VALUES["slow"]), []
    call = _sweep_backends.Call.run
    monkeypatch.setattr(_sweep_backends, "_CHUNK", 2 * hand + 1)
    monkeypatch.setattr(
        _sweep_backends.Call,
        "run",
        lambda self, rows, *how: (sizes.append(len(rows)), call(self, rows, *how))[1],
    )
    assert equal(run(n_jobs=2), expected)
    assert len(sizes) > 1 and all(size % hand == 0 for size in sizes)


# --------------------------------------------------------------------- progress


def long_sweep(**how: Any) -> SweepResult:
    """Seconds of work."""
    length = 300_000
    rng = np.random.default_rng(2)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 1e-3, length)))
    bars = Bars(60_000 * np.arange(length), close, close, close, close, np.ones(length))
    return sweep(bars, TEXT, {"fast": range(5, 50), "slow": range(60, 200)}, **how)


@pytest.mark.parametrize("size", [None, 7])
def test_progress_rises_to_the_total(size: int | None) -> None:
    calls: list[tuple[int, int]] = []
    run(n_jobs=2, chunk_size=size, progress=lambda *call: calls.append(call))
    assert calls[-1] == (TOTAL, TOTAL) and calls == sorted(calls)
    assert all(0 <= done <= total == TOTAL for done, total in calls)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("size", [None, 50])
def test_progress_is_called_in_the_calling_thread_and_not_too_often(
    threads: int, size: int | None
) -> None:
    seen: list[tuple[int, float]] = []

    def progress(done: int, total: int) -> bool:
        seen.append((threading.get_ident(), time.monotonic()))
        return len(seen) == 5

    with pytest.raises(CancelledError, match="cancelled by the progress callback"):
        long_sweep(n_jobs=threads, chunk_size=size, progress=progress)
    assert {thread for thread, _ in seen} == {threading.get_ident()}
    assert all(b - a >= 0.045 for (_, a), (_, b) in pairwise(seen))


def test_progress_that_wants_no_more_stops_even_the_shortest_sweep() -> None:
    with pytest.raises(CancelledError):
        sweep(BARS, TEXT, {"fast": [5]}, progress=lambda *call: True)


@pytest.mark.parametrize("backend", ["threads", "loky"])
def test_an_exception_of_progress_is_raised(backend: str) -> None:
    def fail(done: int, total: int) -> None:
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        run(backend=backend, n_jobs=2, progress=fail)
    assert len(run()) == TOTAL


@pytest.mark.parametrize("threads", [1, 2])
def test_ctrl_c_ends_a_sweep_at_once_without_progress(threads: int) -> None:
    """The interpreter is free while the sweep runs: the thread that sends Ctrl-C gets its turn."""
    timer = threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT))
    started = time.monotonic()
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        long_sweep(n_jobs=threads)
    assert time.monotonic() - started < 5  # to its end it takes longer
    assert len(run()) == TOTAL


def test_ctrl_c_in_progress_is_raised() -> None:
    calls: list[tuple[int, int]] = []
    with pytest.raises(KeyboardInterrupt):
        long_sweep(progress=interrupt_after(calls, 2))
    assert 2 <= len(calls) <= 3


LOKY = """
import threading, os, signal, time
from test_sweep_backends import long_sweep

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    started = time.monotonic()
    threading.Timer(2.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    try:
        long_sweep(backend="BACKEND", n_jobs=2)
    except KeyboardInterrupt:
        print("interrupted after", round(time.monotonic() - started, 1))
"""


@pytest.mark.parametrize("backend", ["loky", "multiprocessing"])
def test_ctrl_c_ends_a_sweep_in_other_processes(backend: str, tmp_path: Path) -> None:
    """In a process of its own, because the workers are interrupted with it."""
    pytest.importorskip("joblib")
    (tmp_path / "main.py").write_text(textwrap.dedent(LOKY).replace("BACKEND", backend))
    done = subprocess.run(
        [sys.executable, "main.py"], cwd=tmp_path, capture_output=True, text=True, timeout=60,
        env={**os.environ,
             "PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS / "sweep")])},
    )  # fmt: skip
    found = re.search(r"interrupted after ([\d.]+)", done.stdout)
    assert found is not None, done.stderr[-3000:]
    assert float(found[1]) < 12


def test_memory_does_not_grow_with_the_combinations() -> None:
    """Forty times the combinations, ten rows kept: the peak stays."""
    code = """
import resource, sys
import numpy as np
from hquant_cffi import load_sp500, sweep
text = "PARAM a = 1\\nPARAM b = 1\\nIF close > a + b THEN BUY"
bars = load_sp500()[:20]
sweep(bars, text, {"a": range(100), "b": range(10)}, top=10)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
sweep(bars, text, {"a": range(400), "b": range(100)}, top=10, chunk_size=1000)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    grown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(grown.stdout) < 4_000  # kB; all rows would take 10,000


def test_all_cores_are_all_that_this_process_may_use() -> None:
    cores = len(os.sched_getaffinity(0))
    assert [_threads(jobs) for jobs in (None, 1, -1, -cores)] == [1, 1, cores, 1]
    assert _threads(-cores - 5) == 1
