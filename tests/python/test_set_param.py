"""Parameters at run time: a change gives what a fresh engine gives that is fed the ring's bars."""

from __future__ import annotations

import numpy as np
import pytest
from dsl.timeframe_laws import SETTINGS, Setting, gapped_bars, rows

from hquant_cffi import (
    Bars,
    HQuant,
    MultiHQuant,
    NotFoundError,
    ParameterError,
    Strategy,
    backtest,
    load_sp500,
)

CROSS = """PARAM fast = 2 IN 1..20
PARAM slow = 5 IN 2..60
f = EMA(fast)
s = SMA(close, slow)
IF f > s AND RISING(f, 2) THEN BUY
IF CROSSUNDER(f, s) THEN SELL
"""
ACROSS = """PARAM n = 2 IN 1..9
PARAM level = 0
x = close - SMA(close@5m, n)
IF x > level AND HIGHEST(high, 3)@15m > close THEN BUY
IF CROSSUNDER(x, level) THEN SELL
"""
BARS = gapped_bars(200, 4)
settings = pytest.mark.parametrize(
    "setting", SETTINGS, ids=lambda each: f"{each.htf}-{each.bar_period}"
)


def actions_of(engine: HQuant | MultiHQuant, strategy_id: int) -> list[str]:
    return [s["action"] for s in engine.poll_signals() if s["strategy_id"] == strategy_id]


def push_both(engines: list[HQuant], bars: Bars) -> None:
    """Push to both; strategy 1 of each must say the same, while the bar forms too."""
    for time, *row in rows(bars):
        for engine in engines:
            engine.push_bar(int(time), *(1.02 * x for x in row))
            engine.update_last_bar(int(time), *row)
        assert actions_of(engines[0], 1) == actions_of(engines[1], 1), time


@settings
@pytest.mark.parametrize("capacity", [1, 3, 50, 1000])
@pytest.mark.parametrize(
    ("text", "changes"),
    [(CROSS, {"slow": 9.0, "fast": 3.0}), (ACROSS, {"level": 0.25, "n": 4.0})],
    ids=["one clock", "across"],
)
def test_changed_strategy_equals_a_fresh_engine_fed_the_ring(
    setting: Setting, capacity: int, text: str, changes: dict[str, float]
) -> None:
    for late in (1, 52, 120):
        changed, fresh = setting.engine(capacity), setting.engine(capacity)
        changed.add_strategy("s", text)
        changed.push_bars(BARS[:late])
        for name, value in changes.items():
            changed.set_param(1, name, value)
        fresh.add_strategy("s", Strategy.compile(text).with_params(**changes))
        fresh.push_bars(BARS[max(0, late - capacity) : late])
        changed.poll_signals()
        fresh.poll_signals()
        push_both([changed, fresh], BARS[late:])


def test_change_takes_over_at_the_next_push_and_not_before() -> None:
    engine = HQuant(10)
    id = engine.add_strategy("s", "PARAM level = 5\nIF close > level THEN BUY")
    engine.push_bar(0, 7, 7, 7, 7, 1)
    assert actions_of(engine, id) == ["BUY"]
    engine.set_param(id, "level", 10)
    assert engine.poll_signals() == []
    engine.update_last_bar(0, 8, 8, 8, 8, 1)
    assert actions_of(engine, id) == ["BUY"]
    engine.push_bar(1, 8, 8, 8, 8, 1)
    assert actions_of(engine, id) == []
    engine.update_last_bar(1, 11, 11, 11, 11, 1)
    assert actions_of(engine, id) == ["BUY"]


def test_last_change_before_a_push_wins_and_the_others_add_up() -> None:
    engine = HQuant(10)
    text = "PARAM lo = 1\nPARAM hi = 9\nIF close < lo THEN BUY\nIF close > hi THEN SELL"
    id = engine.add_strategy("s", text)
    for name, value in [("lo", 3), ("hi", 6), ("lo", 2)]:
        engine.set_param(id, name, value)
    for bar, close in enumerate([2.5, 1.5, 5, 7]):
        engine.push_bar(bar, *[close] * 4, 1)
    assert [s["action"] for s in engine.poll_signals()] == ["BUY", "SELL"]


@settings
def test_others_notice_nothing(setting: Setting) -> None:
    engine, untouched = setting.engine(30), setting.engine(30)
    for each in (engine, untouched):
        each.add_strategy("one", CROSS)
        each.add_strategy("two", ACROSS)
        each.add_strategy("three", CROSS)
        each.add_boll(5, 2)
        each.add_macd(2, 5, 3)
        each.add_stddev_close(5)
        each.add_sma_close(5)
    last = engine.add_sma_close(5)
    fired = 0
    for bar, row in enumerate(rows(BARS)):
        if bar % 7 == 3:
            engine.set_param(1, "slow", 2 + bar % 50)
            if bar % 2:
                engine.set_param(1, "fast", 1 + bar % 19)
        for each in (engine, untouched):
            each.push_bar(*row)  # type: ignore[arg-type]
        found, expected = (
            [s for s in each.poll_signals() if s["strategy_id"] > 1] for each in (engine, untouched)
        )
        assert found == expected, bar
        fired += len(found)
        for id in range(1, last + 1):
            assert repr(engine.indicator_value(id)) == repr(untouched.indicator_value(id))
    assert fired > 20
    for id in range(1, last + 1):
        columns = [each.indicator_column(id).ordered() for each in (engine, untouched)]
        assert columns[0].tobytes() == columns[1].tobytes()


@pytest.mark.parametrize(
    ("name", "value", "error", "message"),
    [
        ("fst", 3, NotFoundError, "expected one of fast, slow; did you mean fast?"),
        ("slwo", 3, NotFoundError, "did you mean slow?"),
        ("FAST", 3, NotFoundError, "expected one of fast, slow"),
        ("", 3, NotFoundError, "expected one of fast, slow"),
        ("fast\0", 3, NotFoundError, "fast"),
        ("slow", 61, ParameterError, r"slow: expected 2..60, found 61"),
        ("slow", 1.5, ParameterError, r"slow: expected 2..60, found 1.5"),
        ("slow", 7.5, ParameterError, "period"),
        ("fast", float("nan"), ParameterError, "finite"),
        ("fast", 10**400, ParameterError, "finite"),
    ],
)
def test_bad_change_is_refused_and_changes_nothing(
    name: str, value: float, error: type[Exception], message: str
) -> None:
    engine, untouched = HQuant(20), HQuant(20)
    for each in (engine, untouched):
        each.add_strategy("s", CROSS)
        each.push_bars(BARS[:50])
    with pytest.raises(error, match=message):
        engine.set_param(1, name, value)
    assert engine.poll_signals() == untouched.poll_signals()
    push_both([engine, untouched], BARS[50:90])


@pytest.mark.parametrize("id", [0, 2, -1, 2**32])
def test_unknown_strategy_is_refused(id: int) -> None:
    engine = HQuant(20)
    engine.add_strategy("s", CROSS)
    with pytest.raises(NotFoundError, match="strategy"):
        engine.set_param(id, "fast", 3)


@pytest.mark.parametrize("htf", ["closed", "forming"])
@pytest.mark.parametrize("emit", ["every_update", "on_close"])
def test_changed_strategy_of_a_multi_equals_a_late_one(htf: str, emit: str) -> None:
    periods = ["1m", "5m", "15m"]
    for text, change in ((CROSS, {"slow": 9.0}), (ACROSS, {"n": 4.0})):
        changed, fresh = (MultiHQuant(20, periods, emit, htf=htf) for _ in "ab")  # type: ignore[arg-type]
        changed.add_strategy("s", text)
        # Engines that are read by others only keep what those read.
        changed.engine("5m").add_strategy("of a period", CROSS)
        for multi in (changed, fresh):
            multi.feed_bars(BARS[:80])
        changed.set_param(1, *next(iter(change.items())))
        changed.engine("5m").set_param(1, "slow", 12)
        fresh.add_strategy("s", Strategy.compile(text).with_params(**change))
        changed.poll_signals()
        for row in rows(BARS[80:]):
            for multi in (changed, fresh):
                multi.feed_bar(*row)  # type: ignore[arg-type]
            if row[0] > BARS.timestamp[80] or emit == "every_update":
                assert actions_of(changed, 1) == actions_of(fresh, 1), row[0]
            else:  # the candle before was evaluated with the parameter before
                changed.poll_signals()
                fresh.poll_signals()


# ---------------------------------------------------------------- before a run


def test_params_of_a_backtest_are_those_of_the_text() -> None:
    bars = load_sp500()[:1000]
    plain = backtest(bars, CROSS.replace("slow = 5", "slow = 21").replace("fast = 2", "fast = 4"))
    assert plain.signals > 50
    for strategy, params in [
        (CROSS, {"slow": 21, "fast": 4}),
        (Strategy.compile(CROSS).with_params(slow=21), {"fast": 4}),
        (Strategy.compile(CROSS).with_params(slow=21, fast=4), None),
    ]:
        found = backtest(bars, strategy, params=params)
        assert np.array_equal(found.actions, plain.actions)
    assert not np.array_equal(backtest(bars, CROSS).actions, plain.actions)


def test_with_params_gives_another_strategy_and_keeps_this_one() -> None:
    strategy = Strategy.compile(CROSS, name="cross.hq")
    other = strategy.with_params(slow=7)
    assert [param.value for param in strategy.params] == [2, 5]
    assert [param.value for param in other.params] == [2, 7]
    assert other.name == "cross.hq"
    assert other.source == CROSS
    assert other != strategy
    assert other.with_params(slow=5) == strategy
    assert strategy.with_params() == strategy


def test_bad_params_before_a_run_are_refused() -> None:
    strategy = Strategy.compile("PARAM n = 3\nPARAM top = 5 IN 1..9\nIF SMA(n) > top THEN BUY")
    with pytest.raises(NotFoundError, match=r"expected one of n, top; did you mean top\?"):
        strategy.with_params(topp=3)
    with pytest.raises(ParameterError, match="top: expected 1..9, found 10"):
        strategy.with_params(top=10)
    with pytest.raises(ParameterError, match="period"):
        strategy.with_params(n=0)
    for wrong in ({"n": 0.5}, {"n": float("inf")}, {"top": 0}):
        with pytest.raises(ParameterError, match=r"period|finite|1\.\.9"):
            backtest(load_sp500(), strategy, params=wrong)
    with pytest.raises(NotFoundError, match="has no PARAM"):
        backtest(load_sp500(), "IF close > 1 THEN BUY", params={"n": 1})


HUGE_INTS = [10**400, 10**5000]  # the second is longer than Python itself writes


@pytest.mark.parametrize("value", HUGE_INTS, ids=["10**400", "10**5000"])
def test_an_int_that_no_double_holds_is_refused_wherever_a_param_is_given(value: int) -> None:
    engine, strategy = HQuant(20), Strategy.compile(CROSS)
    engine.add_strategy("s", strategy)
    with pytest.raises(ParameterError, match=r"param fast: expected a finite number, found an int"):
        engine.set_param(1, "fast", value)
    with pytest.raises(ParameterError, match=r"param fast: expected a finite number, found an int"):
        strategy.with_params(fast=value)
    with pytest.raises(NotFoundError, match="strategy an int of"):
        engine.set_param(value, "fast", 3)


@pytest.mark.parametrize("value", ["10", b"10", None, [10], 1j])
def test_a_param_that_is_no_number_is_a_type_error_that_names_it(value: object) -> None:
    engine, strategy = HQuant(20), Strategy.compile(CROSS)
    engine.add_strategy("s", strategy)
    with pytest.raises(TypeError, match="param fast: expected a number, found"):
        engine.set_param(1, "fast", value)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="param fast: expected a number, found"):
        strategy.with_params(fast=value)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [None, b"fast", 1])
def test_a_param_name_that_is_no_text_is_a_type_error(name: object) -> None:
    engine, strategy = HQuant(20), Strategy.compile(CROSS)
    engine.add_strategy("s", strategy)
    with pytest.raises(TypeError, match="expected str, found"):
        engine.set_param(1, name, 3)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="expected names, found"):
        strategy.param_values({name: 3})  # type: ignore[dict-item]
