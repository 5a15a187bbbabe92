"""The race of W2 C in a process of its own.

A C program that streams bars has one thread as a rule, and hquant's guard is cheaper there
(csrc/base/guard.h). The bench has threads of other libraries; this starts a Python without any.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from limits import Limits, build_limits, build_stream
from market import Floats, Market, walk
from race import Race, Runner, Timed, race

__all__ = ["LIMIT_LOOP", "loops", "race_alone"]

#: The limit's name; others are hquant's.
LIMIT_LOOP = "limit: streaming loop"

#: How five values are read after each bar, as stream_seven.c has it.
_READ = {
    "hquant, in place": b"p", "hquant, live view": b"v", "hquant, a call a value": b"c",
    "hquant, in place, no history": b"q", "hquant, as the limit": b"l", "hquant, not read": b"n",
}  # fmt: skip


def loops(library: Any, limits: Limits | None, market: Market) -> dict[str, Callable[[], Floats]]:
    """Return calls that stream a market; each gives SMA EMA RSI BOLL.upper MACD of the last bar."""
    calls = {name: _seven(library, market, read) for name, read in _READ.items()}
    if limits is not None:
        calls[LIMIT_LOOP] = lambda: limits.stream(market)
    return calls


def _seven(library: Any, market: Market, read: bytes) -> Callable[[], Floats]:
    columns = [ctypes.c_void_p(column.ctypes.data) for column in market.columns().values()]
    n, how, last = ctypes.c_long(len(market)), ctypes.c_char(read), np.empty(5)

    def work() -> Floats:
        if not library.stream_seven(*columns, n, how, ctypes.c_void_p(last.ctypes.data)):
            raise RuntimeError("stream_seven: the engine refused a bar or an indicator")
        return last

    return work


def race_alone(runners: Sequence[Runner], how: Race, programs: Path) -> list[Timed]:
    """Time loops by their names, over a walk of as many bars, in a process of one thread."""
    asked = {
        "names": [each.name for each in runners], "bars": runners[0].n, "how": asdict(how),
        "programs": str(programs),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, __file__], input=json.dumps(asked), stdout=subprocess.PIPE, text=True,
        check=True, env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    answers = [[_by_turn(times) for times in each] for each in json.loads(done.stdout)]
    return [Timed(runner, *each) for runner, each in zip(runners, answers, strict=True)]


def _by_turn(times: dict[str, float]) -> dict[int, float]:
    return {int(turn): ns for turn, ns in times.items()}


def _main() -> None:
    asked = json.load(sys.stdin)
    names, market, programs = asked["names"], walk(asked["bars"]), Path(asked["programs"])
    limits = build_limits(programs) if LIMIT_LOOP in names else None
    calls = loops(build_stream(programs), limits, market)
    timed = race([Runner(name, calls[name], len(market)) for name in names], Race(**asked["how"]))
    if not _is_alone():
        raise SystemExit("W2 C: a library has started a thread")
    print(json.dumps([[each.ns, each.cold] for each in timed]))


def _is_alone() -> bool:
    """Tell whether this process has never had a second thread; True where nobody knows."""
    try:
        return bool(ctypes.c_bool.in_dll(ctypes.CDLL(None), "__libc_single_threaded"))
    except ValueError:
        return True


if __name__ == "__main__":
    _main()
