"""What cases of the test vectors name, as this package takes it, and how their calls end."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any, Final

from vector_json import number
from vector_tapes import FIELDS

from hquant_cffi import Bars, HQuantError, Strategy
from hquant_cffi._ffi import ffi, lib

ACTIONS: Final = {"BUY": 1, "SELL": 2, "HOLD": 3}


class Inputs:
    """The tapes and the programs of the files."""

    def __init__(self, tapes: dict[str, Any], programs: dict[str, Any]) -> None:
        self._tapes = tapes
        self._programs = {
            name: Strategy.from_bytecode(base64.b64decode(each["hqbc"]), name=name)
            for name, each in programs.items()
        }
        self._texts = {
            name: Strategy.compile(each["text"], name=name, mode=each["mode"])
            for name, each in programs.items()
        }

    def bars(self, name: str) -> Bars:
        """Return a tape as columns."""
        return Bars(**self._tapes[name])

    def rows(self, name: str, start: int, stop: int) -> list[tuple[Any, ...]]:
        """Return bars of a tape, ``stop`` not among them."""
        return list(zip(*(self._tapes[name][field][start:stop] for field in FIELDS), strict=True))

    def program(self, name: str) -> Strategy:
        """Return a program, loaded from its bytes."""
        return self._programs[name]

    def text(self, name: str) -> Strategy:
        """Return a program, compiled from its text."""
        return self._texts[name]


def bar_of(values: list[Any]) -> tuple[Any, ...]:
    """Return a bar that a step writes out: time, open, high, low, close, volume, buy_volume."""
    time, *fields = values
    return (time, *map(number, fields))


def status_of(call: Callable[[], object]) -> tuple[str, str]:
    """Return how a call ends: the name of its status, and its message where it fails."""
    lib.hq_clear_error()
    try:
        call()
    except HQuantError as error:
        message = str(error)
    else:
        message = ""
    code = lib.hq_last_error().code
    return ffi.string(lib.hq_status_name(code)).decode(), message


def signals_of(engine: Any, step: int) -> list[list[int]]:
    """Return the signals that wait, as rows: step, strategy, action, time."""
    return [
        [step, each["strategy_id"], ACTIONS[each["action"]], each["timestamp"]]
        for each in engine.poll_signals()
    ]
