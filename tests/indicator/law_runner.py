"""Run the laws over whatever library is loaded, and print the names of those that do not hold.

A program of its own, started by the planted bugs with a wrong library first on the library path:
``python law_runner.py FOLDER [LAW]`` refuses to run unless FOLDER's library is the one in use.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import indicator_laws as laws
import test_core_claims as claims
import test_indicator_accuracy as accuracy
import test_indicator_ids as ids
import test_indicator_laws as table
import test_strategy_claims as strategies
from indicator_table import ENGINE_SPECS, SPECS, Bars, Spec, inputs_of, random_bars, spec_of
from planted import Laws, run_laws

BARS = [random_bars(seed, 100, kind) for seed, kind in enumerate(laws.KINDS)]
SOME = [spec for spec in ENGINE_SPECS if spec.period in (3, 5, 12) and 9 not in spec.params]
WINDOWS = [spec_of("SMA", 14), spec_of("STDDEV", 14), spec_of("HIGHEST", 14), spec_of("LAG", 14)]


def over_specs(law: Callable[[Spec, Bars], None], specs: list[Spec]) -> Callable[[], None]:
    def hold() -> None:
        for spec in specs:
            for bars in BARS:
                law(spec, bars)

    return hold


def late() -> None:
    bars = random_bars(0, laws.LENGTH)
    for spec in WINDOWS:
        laws.late_add_equals_a_fresh_engine(spec, bars)


def naive() -> None:
    for spec in SPECS:
        if spec.period in (1, 3, 5, 12):
            for bars in BARS:
                laws.equals_its_naive_twin(spec, inputs_of(spec, bars))


def halves() -> None:
    for name in ("SMA", "STDDEV"):
        table.test_windows_of_two_halves_keep_the_laws(name, 147)
    for period in (130, 191):
        accuracy.test_series_made_against_the_shift_of_a_half_are_right_too(
            accuracy.level_shift_at_segment_ends, period
        )


LAWS: Laws = {
    "stream == batch": over_specs(laws.stream_equals_batch, SOME),
    "long stream == batch": table.test_long_series_equal_the_stream,
    "blocks == batch": over_specs(laws.chunks_equal_batch, SOME),
    "revised == never touched": over_specs(laws.revised_bar_leaves_no_trace, SOME + WINDOWS),
    "late == fresh": late,
    "late over older == fresh": ids.test_late_add_over_older_parts_equals_a_fresh_engine,
    "warm-up": over_specs(laws.first_value_is_where_the_row_says, SOME),
    "naive": naive,
    "columns": table.test_columns_are_right_at_every_ring_head_and_line,
    "refused": lambda: table.test_refused_bar_changes_nothing(3, float("nan")),
    "accuracy": claims.test_stddev_of_a_tick_at_60000_is_right,
    "halves": halves,
    "dependencies first": ids.test_fresh_boll_takes_ids_1_2_3_dependencies_first,
    "three-valued": claims.test_not_of_unknown_does_not_fire_during_warm_up,
    "queue": strategies.test_queue_capacity_can_be_set_and_the_newest_stay,
}


if __name__ == "__main__":
    raise SystemExit(run_laws(LAWS, Path(sys.argv[1]), *sys.argv[2:]))
