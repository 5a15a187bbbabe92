"""Random programs: the C core, bar by bar, against the interpreter of the syntax tree."""

from __future__ import annotations

from random import Random

import numpy as np
import numpy.typing as npt
from dsl.generate import random_program
from dsl.interpret import interpret
from dsl.test_interpret import FIELDS, random_bars

from hquant_cffi._ffi import check, ffi, last_error, lib
from hquant_cffi.dsl import compile_text

BARS = random_bars(120, 5)


def streamed(bytecode: bytes) -> npt.NDArray[np.uint8]:
    """The action of each bar, 0 for none, from an engine whose ring is shorter than the data."""
    length = len(BARS["close"])
    engine = ffi.gc(lib.hquant_new(16), lib.hquant_free)
    if not lib.hquant_add_strategy(engine, ffi.NULL, 0, bytecode, len(bytecode)):
        raise last_error()
    actions = np.zeros(length, np.uint8)
    signals = ffi.new("Signal[2]")
    for bar in range(length):
        check(lib.hq_push_bar(engine, bar, *(float(BARS[name][bar]) for name in FIELDS)))
        count = lib.hquant_poll_signals(engine, signals, 2)
        assert count <= 1
        if count:
            actions[bar] = signals[0].action
    return actions


def test_core_gives_the_actions_of_the_interpreter() -> None:
    fired, compared = 0, 0
    for seed in range(1000, 1150):
        compiled = compile_text(random_program(Random(seed)))
        expected = interpret(compiled.tree, BARS)
        if expected.closest < 1e-9:
            continue  # rounding may decide
        np.testing.assert_array_equal(streamed(compiled.bytecode), expected.actions, f"{seed}")
        compared += 1
        fired += bool(expected.actions.any())
    assert compared > 100
    assert fired > 60


def test_comparison_notices_another_meaning() -> None:
    """A changed rule of the language must not go unnoticed: > for >=, one bar more, AND for OR."""
    pairs = [
        ("IF RISING(close, 2) THEN BUY", "IF RISING(close, 3) THEN BUY"),
        ("IF close > close[1] THEN BUY", "IF close > close[2] THEN BUY"),
        ("IF NOT RSI(14) > 50 THEN BUY", "IF NZ(RSI(14)) <= 50 THEN BUY"),
        ("IF EMA(5) > SMA(5) THEN BUY", "IF EMA(6) > SMA(5) THEN BUY"),
    ]
    for text, other in pairs:
        expected = interpret(compile_text(text).tree, BARS).actions
        assert np.array_equal(streamed(compile_text(text).bytecode), expected)
        assert not np.array_equal(streamed(compile_text(other).bytecode), expected)
