"""Higher timeframes: stream == block == MultiHQuant == interpreter, truncation, late == fresh."""

from __future__ import annotations

from pathlib import Path
from random import Random

import dsl.timeframe_laws as laws
import numpy as np
import pytest
from dsl.timeframe_laws import EXAMPLES, MINUTE, PROGRAMS, SETTINGS, Setting, gapped_bars

from hquant_cffi import Bars, Strategy, load_sp500

BARS = [gapped_bars(160, seed) for seed in range(2)]
LONG = gapped_bars(400, 9)
settings = pytest.mark.parametrize(
    "setting", SETTINGS, ids=lambda each: f"{each.htf}-{each.bar_period}"
)


@settings
def test_core_gives_the_actions_of_the_interpreter(setting: Setting) -> None:
    for text in PROGRAMS:
        assert laws.core_agrees_with_the_interpreter(setting, BARS[0], text), text


@settings
def test_core_gives_the_actions_of_the_interpreter_for_random_programs(setting: Setting) -> None:
    found = [
        laws.core_agrees_with_the_interpreter(setting, BARS[1], text)
        for text in laws.random_programs(range(5000, 5060))
        if "@" in text
    ]
    assert sum(each is not None for each in found) > 20
    assert sum(bool(each) for each in found) > 12


@settings
def test_stream_equals_block(setting: Setting) -> None:
    for program in [*PROGRAMS, *laws.random_programs(range(6000, 6060))]:
        for bars in BARS:
            laws.stream_equals_block(setting, bars, program)


@settings
def test_multi_equals_single(setting: Setting) -> None:
    for program in [*PROGRAMS, *laws.random_programs(range(6000, 6040))]:
        laws.multi_equals_single(setting, BARS[0], program)


@settings
def test_revised_bars_leave_no_trace(setting: Setting) -> None:
    for program in [*PROGRAMS, *laws.random_programs(range(7000, 7040))]:
        laws.revising_leaves_no_trace(setting, BARS[1], program)


@settings
def test_late_strategy_equals_a_fresh_engine(setting: Setting) -> None:
    for program in [*PROGRAMS, *laws.random_programs(range(7000, 7010))]:
        for capacity in (2, 5, 40, 1000):
            for late in (2, 7, 77, 120):
                laws.late_equals_fresh(setting, BARS[0], program, capacity, late)


@settings
def test_cutting_the_data_never_changes_an_earlier_signal(setting: Setting) -> None:
    """1,000 random programs, a quarter of them under each setting."""
    index = SETTINGS.index(setting)
    rng = Random(index)
    fired = 0
    for text in laws.random_programs(range(10_000 + 250 * index, 10_250 + 250 * index)):
        program = Strategy.compile(text)
        cuts = [rng.randrange(len(LONG)) for _ in range(8)]
        laws.cutting_changes_nothing_before(setting, LONG, program, cuts)
        fired += bool(setting.run(LONG, program).any())
    assert fired > 125


@settings
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_cutting_the_data_never_changes_a_signal_of_an_example(
    path: Path, setting: Setting
) -> None:
    bars = gapped_bars(6000, 3)
    program = Strategy.load(path)
    laws.cutting_changes_nothing_before(setting, bars, program, range(5, 6000, 499))
    assert setting.run(bars, program).any()


def test_real_days_on_weeks_hold_the_laws() -> None:
    bars = load_sp500()[:1500]
    text = (
        "t = EMA(close@7d, 5)\nIF CROSSOVER(close, t) THEN BUY\nIF CROSSUNDER(close, t) THEN SELL"
    )
    for htf in ("closed", "forming"):
        for period in (None, 86_400_000):
            setting = Setting(htf, period)  # type: ignore[arg-type]
            laws.stream_equals_block(setting, bars, text)
            laws.cutting_changes_nothing_before(setting, bars, text, range(100, 1500, 97))
            assert setting.run(bars, text).any()


# -------------------------------------------------------------------- examples


def flat_bars(closes: list[float], minutes: list[int]) -> Bars:
    column = np.array(closes, float)
    return Bars(np.array(minutes) * MINUTE, column, column, column, column, np.ones(len(closes)))


def shown(text: str, setting: Setting, minutes: list[int]) -> list[int]:
    """Which bar's close `text` has at each bar, by a rule for each; 0 for none."""
    closes = [float(i + 1) for i in range(len(minutes))]
    found = []
    for value in closes:
        actions = setting.run(flat_bars(closes, minutes), f"IF {text} == {value:g} THEN BUY")
        found.append(actions)
    table = np.array(found)
    return [int(np.flatnonzero(table[:, t])[0]) + 1 if table[:, t].any() else 0
            for t in range(len(minutes))]  # fmt: skip


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        (Setting("closed", None), [0, 0, 2, 2, 4, 4, 6]),
        (Setting("closed", MINUTE), [0, 2, 2, 4, 4, 6, 6]),
        (Setting("forming", None), [1, 2, 3, 4, 5, 6, 7]),
        (Setting("forming", MINUTE), [1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_visible_candle_is_the_one_that_the_setting_names(
    setting: Setting, expected: list[int]
) -> None:
    assert shown("close@2m", setting, [0, 1, 2, 3, 4, 5, 6]) == expected


def test_candle_whose_last_bar_is_missing_is_complete_with_the_next_bar() -> None:
    # minute 3 is missing: the candle of minutes 2 and 3 ends when minute 4 comes
    for period in (None, MINUTE):
        found = shown("close@2m", Setting("closed", period), [0, 1, 2, 4, 6])
        assert found == ([0, 0, 2, 3, 4] if period is None else [0, 2, 2, 3, 4])


def test_two_candles_may_end_with_one_bar() -> None:
    # The bar of minute 5 ends the candle of minute 2, whose minute 3 is missing, and its own.
    found = shown("close@2m", Setting("closed", MINUTE), [0, 1, 2, 5, 6])
    assert found == [0, 2, 2, 4, 4]
    assert shown("close@2m[1]", Setting("closed", MINUTE), [0, 1, 2, 5, 6]) == [0, 0, 0, 3, 3]
