"""Progress functions of long C calls: called from C, their exceptions raised in Python."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeAlias

from hquant_cffi._arguments import function
from hquant_cffi._ffi import ffi

__all__ = ["Progress", "Watch"]

#: Called with the bars done and the bars in all; a true answer stops the run.
Progress: TypeAlias = Callable[[int, int], object]


class _Current(threading.local):
    """The run that this thread is inside."""

    watch: Watch | None = None


_current = _Current()


class Watch:
    """Keeps the progress function of a run and the exception that ended it.

    An exception cannot pass through the C frames: the callback stops the run, the exception waits
    here. Runs nest, when a progress function starts one.
    """

    def __init__(self, progress: Progress | None) -> None:
        self.progress = function("progress", progress)
        self.error: BaseException | None = None
        self._outer: Watch | None = None

    def __enter__(self) -> Self:
        self._outer, _current.watch = _current.watch, self
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _current.watch = self._outer

    def raise_error(self) -> None:
        if self.error is not None:
            raise self.error


def _keep_error(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    watch = _current.watch
    assert watch is not None
    watch.error = error.with_traceback(trace)


@ffi.def_extern(error=1, onerror=_keep_error)
def hq_python_progress(user: object, done: int, total: int) -> int:
    watch = _current.watch
    assert watch is not None
    return 1 if watch.progress is not None and watch.progress(done, total) else 0
