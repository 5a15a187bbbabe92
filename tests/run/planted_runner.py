"""Run the laws of block runs over whatever library is loaded; print those that do not hold.

A program of its own, started by test_run_planted with a wrong library first on the library path:
``python planted_runner.py FOLDER [LAW]`` refuses to run unless FOLDER's library is the one in use.
"""

from __future__ import annotations

import sys
from pathlib import Path

import test_push_bars_laws as push
import test_run_bad_bars as bad
import test_run_laws as laws
from dsl.timeframe_laws import SETTINGS
from planted import Laws, run_laws
from sweep.together_laws import TEXTS, check_at_the_end_of_a_block, check_together

from hquant_cffi._ffi import lib


def pushed() -> None:
    for capacity in (2, 700, 4_000):
        push.test_an_engine_pushed_by_blocks_is_one_pushed_bar_by_bar(SETTINGS[1], capacity)


def afterwards() -> None:
    for what in push.AFTERWARDS:
        push.test_what_comes_after_a_block_cannot_tell(what)


def past_caches() -> None:
    for name in laws.PAST_CACHES:
        laws.test_columns_beyond_the_caches_have_the_same_bits(name)
    laws.test_who_is_told_of_bars_finds_their_values_beyond_the_caches(lib.HQ_SIMD_AVX2)
    laws.test_what_was_done_before_a_refused_bar_stands_beyond_the_caches()


def together() -> None:
    check_at_the_end_of_a_block()
    for name in TEXTS:
        for seed in range(5000, 5006):
            check_together(seed, length=1_500, rows=6, name=name)


LAWS: Laws = {
    "run == stream": lambda: laws.test_signals_are_those_of_the_stream(SETTINGS[0]),
    "any block size": laws.test_any_block_size_gives_the_same_bits,
    "conditions": lambda: [
        laws.test_conditions_without_columns_are_those_of_the_stream(n) for n in (0, 65)
    ],
    "indicators": lambda: laws.test_all_indicators_at_once_are_those_of_an_engine_bar_by_bar(
        "ticks"
    ),
    "past caches": past_caches,
    "bad bars": lambda: bad.test_bars_left_out_are_those_that_an_engine_refuses(0.5),
    "left out": bad.test_values_of_bars_left_out_are_unknown_and_the_others_as_without_them,
    "push_bars": pushed,
    "afterwards": afterwards,
    "refused": lambda: push.test_a_refused_bar_leaves_what_pushing_one_by_one_leaves(
        "order", 1_026
    ),
    "together": together,
}


if __name__ == "__main__":
    raise SystemExit(run_laws(LAWS, Path(sys.argv[1]), *sys.argv[2:]))
