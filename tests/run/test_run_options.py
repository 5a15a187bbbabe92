"""run(): what it takes, where it puts things, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from dsl.timeframe_laws import gapped_bars

from hquant_cffi import (
    Bars,
    CancelledError,
    CompileError,
    DataError,
    NotFoundError,
    ParameterError,
    ProgramError,
    RunResult,
    Strategy,
    backtest,
    indicators,
    run,
)

BARS = gapped_bars(300, 21)
TEXT = """PARAM n = 5 IN 2..30
fast = SMA(close, n)
bands = BOLL(9, 2)
up = close > fast
IF CROSSOVER(close, fast) THEN BUY

IF close < bands.lower THEN SELL
IF up AND volume > 900 THEN HOLD
"""


# ------------------------------------------------------------------ strategies


def test_a_strategy_is_a_text_a_path_bytes_or_an_object(tmp_path: Path) -> None:
    (tmp_path / "s.hq").write_text(TEXT)
    strategy = Strategy.compile(TEXT)
    (tmp_path / "s.hqbc").write_bytes(strategy.bytecode)
    expected = run(BARS, TEXT)
    assert expected.buy_signals and expected.sell_signals and expected.hold_signals
    for given in (
        tmp_path / "s.hq",
        str(tmp_path / "s.hq"),
        tmp_path / "s.hqbc",
        strategy,
        strategy.bytecode,
    ):
        assert np.array_equal(run(BARS, given).actions, expected.actions)


def test_rules_say_which_fired_and_lines_where_it_stands() -> None:
    result = run(BARS, TEXT)
    assert result.rule_lines == (5, 7, 8)
    action_of = np.array([1, 2, 3], np.uint8)
    fired = result.rules >= 0
    assert np.array_equal(result.actions[fired], action_of[result.rules[fired]])
    assert not result.actions[~fired].any() and set(result.rules[~fired]) == {-1}
    assert [result.buy_signals, result.sell_signals, result.hold_signals] == [
        np.count_nonzero(result.actions == action) for action in (1, 2, 3)
    ]


def test_signals_are_what_backtest_takes() -> None:
    plain = "IF CROSSOVER(close, SMA(5)) THEN BUY\nIF CROSSUNDER(close, SMA(5)) THEN SELL"
    result = run(BARS, plain)
    assert result.signals.dtype == np.int8
    ours, theirs = (
        backtest(BARS, signals=result.signals, fee=0.001),
        backtest(BARS, plain, fee=0.001),
    )
    assert ours.final_equity == theirs.final_equity
    assert ours.trades.tobytes() == theirs.trades.tobytes()


def test_params_reach_signals_series_and_defaults_stay() -> None:
    other = run(BARS, TEXT, params={"n": 17}, series=True)
    np.testing.assert_array_equal(other.series["fast"], indicators.sma(BARS.close, 17))
    same = run(BARS, Strategy.compile(TEXT).with_params(n=17), series=True)
    assert np.array_equal(other.actions, same.actions)
    np.testing.assert_array_equal(other.series["fast"], same.series["fast"])
    np.testing.assert_array_equal(
        run(BARS, TEXT, series=["fast"]).series["fast"], indicators.sma(BARS.close, 5)
    )


def test_mode_is_of_texts_and_an_object_keeps_its_own() -> None:
    text = "e = EMA(close, 9)\nIF close > e THEN BUY"
    talib = indicators.ema(BARS.close, 9, mode="talib")
    found = run(BARS, text, mode="talib", series=True, indicators=["EMA(9)"])
    np.testing.assert_array_equal(found.series["e"], talib)
    np.testing.assert_array_equal(found.indicators["EMA(9)"], talib)
    compiled = Strategy.compile(text, mode="talib")
    found = run(BARS, compiled, series=True, indicators=["EMA(9)"])
    np.testing.assert_array_equal(found.series["e"], talib)
    np.testing.assert_array_equal(found.indicators["EMA(9)"], indicators.ema(BARS.close, 9))


def test_clauses_take_no_part() -> None:
    bare = "IF CROSSOVER(close, SMA(5)) THEN BUY"
    assert np.array_equal(
        run(BARS, f"{bare} STOP 2*ATR(3) SIZE 5%").actions, run(BARS, bare).actions
    )


# ---------------------------------------------------------------------- columns


def test_series_are_those_asked_for_in_that_order() -> None:
    assert list(run(BARS, TEXT, series=True).series) == ["fast", "bands", "up"]
    assert list(run(BARS, TEXT, series=["up", "fast", "up"]).series) == ["up", "fast"]
    assert list(run(BARS, TEXT, series="up").series) == ["up"]
    assert run(BARS, TEXT).series == {} and run(BARS, TEXT, series=False).series == {}
    found = run(BARS, TEXT, series=True).series
    assert set(np.unique(found["up"][4:])) == {0.0, 1.0} and np.isnan(found["up"][:4]).all()
    assert type(found["bands"]) is type(indicators.boll(BARS.close, 9))


def test_a_name_that_no_rule_reads_can_be_asked_for() -> None:
    text = "unused = EMA(high, 3)\nconstant = 2.5\nIF close > 0 THEN BUY"
    found = run(BARS, text, series=True).series
    np.testing.assert_array_equal(found["unused"], indicators.ema(BARS.high, 3))
    assert np.all(found["constant"] == 2.5)


def test_indicators_are_a_mapping_a_list_or_one_text() -> None:
    expected = indicators.rsi(BARS.close, 7)
    for given, name in [({"r": "RSI(7)"}, "r"), (["RSI(7)"], "RSI(7)"), ("RSI(7)", "RSI(7)")]:
        found = run(BARS, indicators=given)
        assert list(found.indicators) == [name]
        np.testing.assert_array_equal(found.indicators[name], expected)
        assert not found.actions.any() and set(found.rules) == {-1} and found.warmup_bars == 0


def test_expressions_may_be_anything_of_the_language() -> None:
    found = run(
        BARS,
        indicators={
            "field": "close", "number": "3", "sum": "close - open", "back": "close[2]",
            "truth": "close > open", "output": "BOLL(9, 2).lower", "high": "high@15m",
            "all": "BOLL(9, 2)@15m", "lines": "(close\n+ open)",
        },
    ).indicators  # fmt: skip
    np.testing.assert_array_equal(found["field"], BARS.close)
    np.testing.assert_array_equal(found["sum"], BARS.close - BARS.open)
    np.testing.assert_array_equal(found["lines"], BARS.close + BARS.open)
    np.testing.assert_array_equal(found["back"][2:], BARS.close[:-2])
    np.testing.assert_array_equal(found["truth"], (BARS.close > BARS.open).astype(float))
    np.testing.assert_array_equal(found["output"], indicators.boll(BARS.close, 9, 2).lower)
    assert np.all(found["number"] == 3)
    assert found["all"]._fields == ("upper", "mid", "lower")
    assert not np.shares_memory(found["field"], BARS.close)


def test_out_is_written_to_and_handed_back() -> None:
    bands, rsi, up = np.empty((3, 300)), np.empty(300), np.empty(300)
    result = run(
        BARS, TEXT, series=["up", "bands"], indicators={"r": "RSI(7)", "other": "SMA(3)"},
        out={"bands": bands, "r": rsi, "up": up},
    )  # fmt: skip
    assert result.indicators["r"] is rsi and result.series["up"] is up
    assert all(
        np.shares_memory(ours, row) for ours, row in zip(result.series["bands"], bands, strict=True)
    )
    np.testing.assert_array_equal(rsi, indicators.rsi(BARS.close, 7))
    np.testing.assert_array_equal(bands, np.array(indicators.boll(BARS.close, 9, 2)))
    np.testing.assert_array_equal(result.indicators["other"], indicators.sma(BARS.close, 3))


def test_equal_expressions_and_a_series_beside_them_each_get_their_column() -> None:
    out = {name: np.empty(300) for name in ("a", "b", "fast")}
    found = run(
        BARS, TEXT, series=["fast"], indicators={"a": "SMA(5)", "b": "SMA(close, 5)"}, out=out
    )
    for name in out:
        np.testing.assert_array_equal(out[name], indicators.sma(BARS.close, 5))
    assert found.series["fast"] is out["fast"]


# ----------------------------------------------------------------------- tables


def test_tables_have_a_row_a_bar_and_words_for_actions() -> None:
    result = run(BARS, TEXT, series=["bands"], indicators={"r": "RSI(7)"})
    columns = result.columns()
    names = ["time", "action", "rule", "bands.upper", "bands.mid", "bands.lower", "r"]
    assert list(columns) == names
    assert columns["time"].dtype == "datetime64[ms]"
    words = np.array(["", "BUY", "SELL", "HOLD"])[result.actions]
    assert columns["action"].tolist() == words.tolist()
    frame = result.to_pandas()
    assert list(frame.columns) == names[1:] and frame["action"].tolist() == words.tolist()
    assert result.to_polars().columns == names and result.to_arrow().column_names == names
    assert list(run(BARS, indicators=["RSI(7)"]).columns()) == ["time", "RSI(7)"]
    assert repr(result).startswith("<RunResult: 300 bars, ") and "with bands, r" in repr(result)


def test_no_bars_are_no_rows() -> None:
    result = run(BARS[:0], TEXT, series=True, indicators=["RSI(7)"])
    assert isinstance(result, RunResult) and len(result.actions) == len(result.rules) == 0
    assert all(len(column) == 0 for column in result.columns().values())


# --------------------------------------------------------------------- refusals


RSI = "RSI(7)"


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({}, ParameterError, "expected one, or indicators"),
        ({"params": {"n": 3}, "indicators": [RSI]}, ParameterError, "no strategy to"),
        ({"series": ["x"], "indicators": [RSI]}, ParameterError, "names of a strategy"),
        ({"strategy": TEXT, "series": ["fats"]}, NotFoundError, "'fats'; did you mean fast"),
        ({"strategy": "IF close > 1 THEN BUY", "series": ["x"]}, NotFoundError, "assigns no names"),
        ({"strategy": TEXT, "series": [3]}, TypeError, "series: expected a text"),
        ({"strategy": TEXT, "params": {"m": 3}}, NotFoundError, "m: expected one of n"),
        ({"strategy": TEXT, "params": {"n": 31}}, ParameterError, "expected 2..30"),
        ({"strategy": TEXT, "mode": "seeds"}, ParameterError, "mode: expected one of"),
        ({"strategy": TEXT, "htf": "open"}, ParameterError, "htf: expected one of"),
        ({"strategy": "IF close@90s > 1 THEN BUY", "bar_period": "1m"}, ParameterError, "@90s"),
        ({"strategy": TEXT, "bar_period": "1h"}, ParameterError, "give the bars' own period"),
        ({"strategy": 7}, TypeError, "strategy: expected text"),
        ({"strategy": b"HQBC"}, ProgramError, "HQBC|program|bytes"),
        ({"strategy": "IF clsoe > 1 THEN BUY"}, CompileError, "did you mean close"),
        ({"indicators": {"x": "SMA(clsoe, 3)"}}, CompileError, r"indicators\['x'\]:1:13"),
        ({"indicators": {"x": "SMA(3)\nEMA(3)"}}, CompileError, "EMA"),
        ({"indicators": {"x": "SMA(3)\nIF close > 1 THEN BUY"}}, CompileError, "one expression"),
        ({"indicators": {"x": ""}}, CompileError, "expected an expression"),
        ({"indicators": {"x": "SMA(0)"}}, CompileError, "1..1048576"),
        ({"indicators": {"x": 3}}, TypeError, r"indicators\['x'\]: expected a text"),
        ({"indicators": [3]}, TypeError, "indicators: expected a text"),
        ({"indicators": {"": "SMA(3)"}}, ParameterError, "found an empty one"),
        ({"indicators": {"rule": "SMA(3)"}}, ParameterError, "'rule' is a column of every run"),
        ({"strategy": TEXT, "series": True, "indicators": {"up": "RSI(3)"}}, ParameterError,
         "'up' is a series of the strategy"),
        ({"strategy": TEXT, "out": {"fast": np.empty(300)}}, ParameterError, "nothing is asked"),
        ({"indicators": [RSI], "out": {"x": np.empty(300)}}, ParameterError, "expected RSI"),
        ({"indicators": 5}, TypeError, "indicators: expected a list of expressions, found int"),
        ({"strategy": TEXT, "series": 5}, TypeError, "series: expected a list of names, found int"),
        ({"strategy": TEXT, "params": 0}, TypeError, "params: expected a mapping of PARAMs"),
        ({"strategy": TEXT, "out": 0}, TypeError, "out: expected a mapping of arrays, found int"),
        ({"strategy": TEXT, "out": "x"}, TypeError, "out: expected a mapping of arrays, found str"),
        ({"strategy": TEXT, "progress": 5}, TypeError, "progress: expected a function or None"),
        ({"indicators": [RSI], "out": {RSI: [0.0] * 300}}, TypeError, "found list"),
        ({"indicators": [RSI], "out": {RSI: np.empty(299)}}, ParameterError, r"\(299,\)"),
        ({"indicators": [RSI], "out": {RSI: np.empty(300, np.float32)}}, ParameterError,
         "float32"),
        ({"indicators": [RSI], "out": {RSI: np.empty(600)[::2]}}, ParameterError,
         "found one that has gaps$"),
        ({"indicators": [RSI], "out": {RSI: np.empty(300, ">f8")}}, ParameterError, ">f8"),
        ({"indicators": ["BOLL(9, 2)"], "out": {"BOLL(9, 2)": np.empty((2, 300))}}, ParameterError,
         "expected 3 arrays, for upper, mid, lower, found 2"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(
    options: dict[str, object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        run(BARS, **options)  # type: ignore[arg-type]


def test_arrays_that_overlap_or_cannot_be_written_are_refused() -> None:
    whole = np.empty(400)
    asked = {"a": "SMA(3)", "b": "SMA(4)"}
    with pytest.raises(ParameterError, match="found 'a' and 'b' in the same memory"):
        run(BARS, indicators=asked, out={"a": whole[:300], "b": whole[100:]})
    locked = np.empty(300)
    locked.flags.writeable = False
    with pytest.raises(ParameterError, match="found one that is read-only$"):
        run(BARS, indicators=asked, out={"a": locked})
    shifted = np.ndarray(300, np.float64, np.empty(2408, np.uint8).data, 1)
    with pytest.raises(ParameterError, match="found one that is not aligned to 8 bytes$"):
        run(BARS, indicators=asked, out={"a": shifted})
    columns = {name: column.copy() for name, column in BARS.columns.items()}
    bars = Bars(**columns)  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="'a' and the bars' close in the same memory"):
        run(bars, indicators=asked, out={"a": columns["close"]})
    flat = Bars(BARS.timestamp, *[BARS.close] * 5)  # bars may share memory among themselves
    run(flat, indicators={"a": "ATR(3)"}, out={"a": np.empty(300)})


def test_a_compiled_program_keeps_no_names() -> None:
    with pytest.raises(ParameterError, match="compiled program, which keeps no names"):
        run(BARS, Strategy.compile(TEXT).bytecode, series=True)
    np.testing.assert_array_equal(
        run(BARS, Strategy.compile(TEXT).bytecode, indicators=["SMA(4)"]).indicators["SMA(4)"],
        indicators.sma(BARS.close, 4),
    )


def test_what_reads_buy_volume_needs_it() -> None:
    columns = {name: column for name, column in BARS.columns.items() if name != "buy_volume"}
    bars = Bars(**columns)  # type: ignore[arg-type]
    run(bars, TEXT)
    for options in (
        {"indicators": ["SMA(buy_volume, 3)"]},
        {"strategy": "IF buy_volume > 1 THEN BUY"},
    ):
        with pytest.raises(
            ParameterError, match="buy_volume: the strategy or an indicator reads it"
        ):
            run(bars, **options)  # type: ignore[arg-type]


def test_data_that_does_not_load_is_refused() -> None:
    with pytest.raises(DataError):
        run(
            {
                "timestamp": [1, 1],
                **{name: [1.0, 2.0] for name in ("open", "high", "low", "close")},
            },
            TEXT,
        )


def test_progress_sees_the_end_and_can_stop_the_run() -> None:
    seen: list[tuple[int, int]] = []
    run(BARS, TEXT, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(300, 300)]
    with pytest.raises(CancelledError, match="cancelled by the progress callback"):
        run(BARS, TEXT, progress=lambda done, total: True)

    def fail(done: int, total: int) -> None:
        raise LookupError("from the callback")

    with pytest.raises(LookupError, match="from the callback"):
        run(BARS, TEXT, progress=fail)
