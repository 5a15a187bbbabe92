"""A progress bar, for people who wait: on a terminal, when the input is long."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TypeAlias

__all__ = ["Progress", "watch"]

Progress: TypeAlias = Callable[[int, int], None]

_LONG_BYTES = 4 << 20  # about a second of reading


@contextmanager
def watch(path: str, *, long_bytes: int = _LONG_BYTES) -> Generator[Progress | None]:
    """Show that a file is being read, then how far the run has come; None where nobody looks.

    Nor for a file below `long_bytes`, which is done before anybody has looked.
    """
    watched = sys.stderr is not None and sys.stderr.isatty()  # None: it was closed at the start
    if not (watched and os.path.isfile(path) and os.path.getsize(path) >= long_bytes):
        yield None
        return
    import rich.console
    import rich.progress

    console = rich.console.Console(stderr=True)
    with rich.progress.Progress(console=console, transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def update(done: int, total: int) -> None:
            bar.update(task, description="running", completed=done, total=total)

        yield update
