"""The laws of programs over higher timeframes as plain functions, for tests and planted leaks.

A law that does not hold raises AssertionError naming the program.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt
from dsl.generate import random_program
from dsl.interpret import interpret

from hquant_cffi import Bars, HQuant, MultiHQuant, Strategy, backtest
from hquant_cffi._timeframes import Htf
from hquant_cffi.dsl import compile_text

MINUTE = 60_000
FIELDS = ["open", "high", "low", "close", "volume", "buy_volume"]
EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "examples").glob("*.hq"))
# Every way to look at a higher timeframe, on its clock and across clocks.
PROGRAMS = [
    "IF close > close@5m THEN BUY\nIF close < open@5m THEN SELL",
    "IF close@5m > close@5m[1] THEN BUY\nIF RISING(high@15m, 2) THEN SELL",
    "IF CROSSOVER(close, SMA(close@5m, 3)) THEN BUY\nIF CROSSUNDER(close, EMA(3)@15m) THEN SELL",
    "x = close@5m - open@15m\nIF x > x[1] THEN BUY\nIF BARSSINCE(CROSS(x, 0)) > 4 THEN SELL",
    "IF volume > ATR(3)@5m * SUM(volume, 2)@15m / 300 THEN BUY\nIF TR()@15m > 2 THEN HOLD",
    "IF VALUEWHEN(close@5m > open@5m, close, 1) > close THEN BUY\nIF low@1h[1] < 99 THEN SELL",
    "IF CROSSOVER(RSI(close@5m, 3), 50) THEN BUY\nIF MACD(close@5m, 2, 4, 2).hist < 0 THEN SELL",
]  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """What a strategy sees of a higher timeframe."""

    htf: Htf
    bar_period: int | None

    def run(self, bars: Bars, program: str | Strategy) -> npt.NDArray[np.uint8]:
        """The signal of each bar in a one-call run."""
        report = backtest(bars, program, htf=self.htf, bar_period=self.bar_period)
        return report.actions

    def engine(self, capacity: int) -> HQuant:
        return HQuant(capacity, htf=self.htf, bar_period=self.bar_period)


SETTINGS = [
    Setting("closed", None),
    Setting("closed", MINUTE),
    Setting("forming", None),
    Setting("forming", MINUTE),
]


def gapped_bars(length: int, seed: int) -> Bars:
    """Minutes, some of them missing, from the middle of a candle on."""
    rng = np.random.default_rng(seed)
    steps = rng.choice([1, 1, 1, 1, 1, 1, 2, 3, 9], length)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.01, length)))
    opened = close * (1 + rng.normal(0, 0.003, length))
    volume = rng.uniform(1, 1000, length)
    return Bars(
        timestamp=1_700_000_000_000 // MINUTE * MINUTE + np.cumsum(steps) * MINUTE,
        open=opened,
        high=np.maximum(opened, close) * (1 + abs(rng.normal(0, 0.003, length))),
        low=np.minimum(opened, close) * (1 - abs(rng.normal(0, 0.003, length))),
        close=close,
        volume=volume,
        buy_volume=volume * rng.uniform(0, 1, length),
    )


def rows(bars: Bars) -> Iterator[tuple[float, ...]]:
    return zip(*(column.tolist() for column in bars.columns.values()), strict=True)


def random_programs(seeds: Sequence[int]) -> Iterator[str]:
    for seed in seeds:
        yield random_program(Random(seed), timeframes=True)


def streamed(engine: HQuant | MultiHQuant, bars: Bars) -> npt.NDArray[np.uint8]:
    """The newest signal of each bar, 0 for none."""
    push = engine.push_bar if isinstance(engine, HQuant) else engine.feed_bar
    actions = np.zeros(len(bars), np.uint8)
    for bar, row in enumerate(rows(bars)):
        push(*row)  # type: ignore[arg-type]
        signals = engine.poll_signals_array()
        assert len(signals) <= 1
        if len(signals):
            actions[bar] = signals[0]["action"]
    return actions


def stream(setting: Setting, bars: Bars, program: str | Strategy) -> npt.NDArray[np.uint8]:
    engine = setting.engine(16)
    engine.add_strategy("s", program)
    return streamed(engine, bars)


def same(found: npt.NDArray[np.uint8], expected: npt.NDArray[np.uint8], *where: object) -> None:
    differ = np.flatnonzero(found != expected)
    assert len(differ) == 0, (*where, "first at bar", int(differ[0]))


# ----------------------------------------------------------------------- laws


def core_agrees_with_the_interpreter(setting: Setting, bars: Bars, text: str) -> bool | None:
    """None where rounding may decide; else whether any rule fired."""
    compiled = compile_text(text)
    found = interpret(
        compiled.tree,
        {name: bars.columns[name] for name in FIELDS},
        timestamp=bars.timestamp,
        bar_period=setting.bar_period or 0,
        htf=setting.htf,
    )
    if found.closest < 1e-9:
        return None
    same(stream(setting, bars, text), found.actions, setting, text)
    return bool(found.actions.any())


def stream_equals_block(setting: Setting, bars: Bars, program: str | Strategy) -> None:
    same(stream(setting, bars, program), setting.run(bars, program), setting, program)


def multi_equals_single(setting: Setting, bars: Bars, program: str | Strategy) -> None:
    """Where the first period is the bars' own, a strategy across periods is one of an HQuant."""
    multi = MultiHQuant(
        16, ["1m", "5m", "15m", "1h"], htf=setting.htf, bar_period=setting.bar_period
    )
    multi.add_strategy("s", program)
    same(streamed(multi, bars), stream(setting, bars, program), setting, program)


def cutting_changes_nothing_before(
    setting: Setting, bars: Bars, program: str | Strategy, cuts: Sequence[int]
) -> None:
    """Truncation: what comes after bar t never changes a signal at or before t."""
    whole = setting.run(bars, program)
    for cut in cuts:
        same(setting.run(bars[: cut + 1], program), whole[: cut + 1], setting, program, cut)


def revising_leaves_no_trace(setting: Setting, bars: Bars, program: str | Strategy) -> None:
    """Bars that are pushed wrong, then replaced, give what the right ones give; so do updates."""
    expected = stream(setting, bars, program)
    rng = np.random.default_rng(5)
    engine = setting.engine(16)
    engine.add_strategy("s", program)
    actions = np.zeros(len(bars), np.uint8)
    for bar, (time, *row) in enumerate(rows(bars)):
        wrong = np.array(row) * rng.uniform(0.5, 2)
        engine.push_bar(int(time), *wrong)
        engine.update_last_bar(int(time), *(wrong * rng.uniform(0.5, 2)))
        engine.poll_signals_array()
        engine.update_last_bar(int(time), *row)
        signals = engine.poll_signals_array()
        if len(signals):
            actions[bar] = signals[0]["action"]
    same(actions, expected, setting, program)


def late_equals_fresh(
    setting: Setting, bars: Bars, program: str | Strategy, capacity: int, late: int
) -> None:
    """A strategy added late is what a fresh engine gives that is fed the ring's bars."""
    older, other = setting.engine(capacity), setting.engine(capacity)
    older.add_strategy("another", "IF SMA(close@5m, 3) > close AND high@15m > low THEN BUY")
    older.push_bars(bars[:late])
    older.add_strategy("late", program)
    other.add_strategy("fresh", program)
    other.push_bars(bars[max(0, late - capacity) : late])
    other.poll_signals_array()
    older.poll_signals_array()
    for time, *row in rows(bars[late - 1 :]):
        for engine in (older, other):
            if int(time) == bars.timestamp[late - 1]:
                engine.update_last_bar(int(time), *(1.01 * x for x in row))
            else:
                engine.push_bar(int(time), *row)
        found = [s["action"] for s in older.poll_signals() if s["strategy_id"] == 2]
        expected = [s["action"] for s in other.poll_signals()]
        assert found == expected, (setting, program, capacity, late, time)
