"""Run the laws of higher timeframes over whatever library is loaded; print those that do not hold.

A program of its own, started by test_planted_leaks with a wrong library first on the library path:
``python leak_runner.py FOLDER [LAW]`` refuses to run unless FOLDER's library is the one in use.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import dsl.timeframe_laws as laws
import python.test_set_param as once
import python.test_set_param_random as at_random
from dsl.timeframe_laws import PROGRAMS, SETTINGS, Setting, gapped_bars
from planted import Laws, run_laws

BARS = gapped_bars(90, 1)


def over_programs(law: Callable[[Setting, str], object]) -> Callable[[], None]:
    def hold() -> None:
        for setting in SETTINGS:
            for program in PROGRAMS:
                law(setting, program)

    return hold


def late(setting: Setting, program: str) -> None:
    for capacity in (3, 20):
        for bar in (47, 49, 50, 53):
            laws.late_equals_fresh(setting, BARS, program, capacity, bar)


def changed() -> None:
    for setting in SETTINGS:
        for text, changes in ((once.CROSS, {"slow": 9.0}), (once.ACROSS, {"n": 4.0})):
            once.test_changed_strategy_equals_a_fresh_engine_fed_the_ring(
                setting, 50, text, changes
            )


def changed_at_random() -> None:
    for seed in range(8):
        at_random.test_each_strategy_is_what_it_is_alone(seed)


def others() -> None:
    for setting in SETTINGS:
        once.test_others_notice_nothing(setting)


LAWS: Laws = {
    "interpreter": over_programs(
        lambda setting, text: laws.core_agrees_with_the_interpreter(setting, BARS, text)
    ),
    "stream == block": over_programs(
        lambda setting, text: laws.stream_equals_block(setting, BARS, text)
    ),
    "truncation": over_programs(
        lambda setting, text: laws.cutting_changes_nothing_before(
            setting, BARS, text, range(len(BARS) - 1)
        )
    ),
    "revised == never touched": over_programs(
        lambda setting, text: laws.revising_leaves_no_trace(setting, BARS, text)
    ),
    "multi == single": over_programs(
        lambda setting, text: laws.multi_equals_single(setting, BARS, text)
    ),
    "late == fresh": over_programs(late),
    "changed == fresh": changed,
    "changed together == alone": changed_at_random,
    "others notice nothing": others,
}


if __name__ == "__main__":
    raise SystemExit(run_laws(LAWS, Path(sys.argv[1]), *sys.argv[2:]))
