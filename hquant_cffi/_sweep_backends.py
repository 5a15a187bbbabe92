"""Chunks of a sweep, run by threads of one call or by the workers of a joblib backend."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, Final

from hquant_cffi._errors import CancelledError, ParameterError, UnsupportedError
from hquant_cffi._ffi import lib
from hquant_cffi._levels import whole
from hquant_cffi._progress import Progress
from hquant_cffi._sweep_call import Call, Found, Task
from hquant_cffi._sweep_grid import Combinations, pieces
from hquant_cffi._tables import require

__all__ = ["THREADS", "chunks_found"]

THREADS: Final = "threads"

#: Those that are known without joblib, which knows those that were registered with it, too.
_OF_JOBLIB: Final = ("loky", "multiprocessing", "threading", "sequential", "dask", "ray", "joblib")
_KNOWN: Final = (THREADS, *_OF_JOBLIB)

_JOBS_MAX: Final = 2**31 - 1

_CHUNK: Final = 65_536  # combinations of one call, unless told otherwise: bounds what a call writes
_CHUNKS_A_WORKER: Final = 4  # so that a slow worker does not keep the others waiting for long
_SECONDS: Final = 0.05  # between two reports


class _Reporter:
    """Tells a progress function how many combinations are done, not more often than is seen."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self.progress, self.total, self.last = progress, total, 0.0

    def __call__(self, done: int) -> object:
        now = time.monotonic()
        if self.progress is None or (done < self.total and now - self.last < _SECONDS):
            return None
        self.last = now
        return self.progress(done, self.total)

    def check(self, done: int) -> None:
        """Report; CancelledError when the answer is to stop."""
        if self(done):
            raise CancelledError(
                "cancelled by the progress callback after "
                f"{done:,} of {self.total:,} combinations"
            )


def chunks_found(
    task: Task,
    combinations: Combinations,
    *,
    n_jobs: int | None,
    backend: str,
    chunk_size: int | None,
    progress: Progress | None,
) -> Iterator[tuple[int, Found]]:
    """Run all combinations; yield the start of each chunk with what was found.

    Raises
    ------
    ParameterError
        A number of jobs, a backend or a size of chunks that cannot be.
    UnsupportedError
        The backend's package is not installed.
    """
    if not isinstance(backend, str) or not backend:
        raise ParameterError(f"backend: expected 'threads' or a joblib backend, found {backend!r}")
    if n_jobs is not None:
        n_jobs = _jobs(n_jobs)
    if chunk_size is not None:
        chunk_size = whole("chunk_size", chunk_size, 1, 2**40)
    report = _Reporter(progress, len(combinations))
    if backend == THREADS:
        size = chunk_size or _in_hands(combinations, _CHUNK)
        return _by_threads(task, combinations, _threads(n_jobs), size, report)
    return _by_joblib(task, combinations, n_jobs, backend, chunk_size, report)


def _jobs(n_jobs: object) -> int:
    try:
        found = whole("n_jobs", n_jobs, -_JOBS_MAX, _JOBS_MAX)
    except ParameterError:
        found = 0
    if found == 0:
        raise ParameterError(
            "n_jobs: expected a whole number, 1 or more (below 2**31), or -1 for all cores (-2: "
            f"all but one), found {n_jobs!r:.100}"
        )
    return found


def _in_hands(combinations: Combinations, size: int) -> int:
    """Chunks that are grids themselves share more of what is computed."""
    return size // combinations.hand * combinations.hand or size


# ---------------------------------------------------------------------- threads


def _threads(n_jobs: int | None) -> int:
    if n_jobs is None:
        return 1
    affinity = getattr(os, "sched_getaffinity", None)  # which not every system has
    cores = len(affinity(0)) if affinity is not None else os.cpu_count() or 1
    found = n_jobs if n_jobs > 0 else max(1, cores + 1 + n_jobs)  # -2: all but one, as in joblib
    return min(found, int(lib.HQ_SWEEP_THREADS_MAX))


def _by_threads(
    task: Task, combinations: Combinations, threads: int, size: int, report: _Reporter
) -> Iterator[tuple[int, Found]]:
    call = Call(task)
    for start, stop in pieces(len(combinations), size):

        def done(count: int, _: int, start: int = start) -> object:
            return report(start + count) if start + count < report.total else None

        yield start, call.run(combinations.rows(start, stop), threads, done)
        report.check(stop)


# ----------------------------------------------------------------------- joblib


def _by_joblib(
    task: Task,
    combinations: Combinations,
    n_jobs: int | None,
    backend: str,
    size: int | None,
    report: _Reporter,
) -> Iterator[tuple[int, Found]]:
    joblib = _joblib(backend)
    with ExitStack() as stack:
        if backend != "joblib":  # that one is whatever joblib.parallel_config() says
            _register(backend)
            stack.enter_context(_config(joblib, backend))
        workers = joblib.effective_n_jobs(n_jobs)
        total = len(combinations)
        even = max(1, -(-total // (workers * _CHUNKS_A_WORKER)))
        size = size or _in_hands(combinations, min(_CHUNK, even))
        parallel = stack.enter_context(joblib.Parallel(n_jobs=n_jobs, batch_size=1))
        run = joblib.delayed(_run_chunk)
        # A wave is a chunk for each worker: between waves there is time for progress and Ctrl-C,
        # and no more than a wave's chunks are kept.
        for first, last in pieces(total, workers * size):
            starts = list(pieces(last - first, size))
            rows = [combinations.rows(first + start, first + stop) for start, stop in starts]
            answers = parallel(run(task, each) for each in rows)
            for (start, _), found in zip(starts, answers, strict=True):
                yield first + start, found
            report.check(last)


def _run_chunk(task: Task, values: Any) -> Found:
    """What a worker does: one call, one thread."""
    return Call(task).run(values, 1)


def _register(backend: str) -> None:
    """Make joblib know the backends that other packages bring."""
    if backend == "ray":
        require("ray.util.joblib", "ray", "backend='ray'").register_ray()
    elif backend == "dask":
        require("distributed", "dask", "backend='dask'")


def _joblib(backend: str) -> Any:
    try:
        return require("joblib", "sweep", f"backend={backend!r}")
    except UnsupportedError:
        if backend in _KNOWN:
            raise
        raise _unknown(backend) from None


def _config(joblib: Any, backend: str) -> Any:
    try:
        return joblib.parallel_config(backend=backend)
    except ValueError as error:
        if backend in _KNOWN:  # dask has no client
            raise ParameterError(f"backend={backend!r}: {error}") from None
        raise _unknown(backend) from None


def _unknown(backend: str) -> ParameterError:
    from difflib import get_close_matches

    near = get_close_matches(backend, _KNOWN, 1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return ParameterError(
        f"backend: expected one of {', '.join(_KNOWN)}, or one that joblib knows, "
        f"found {backend!r}{hint}"
    )
