"""Names, types, arguments, ranges and periods: what is refused, and where."""

from __future__ import annotations

import pytest

from hquant_cffi._errors import CompileError
from hquant_cffi.dsl import Compiled, compile_text
from hquant_cffi.dsl.bytecode import decode, encode


def errors(text: str) -> list[tuple[str, int, int]]:
    with pytest.raises(CompileError) as error:
        compile_text(text)
    source = error.value.source
    assert source is not None
    return [(each.code, *source.position(each.span.start)) for each in error.value.diagnostics]


def rule(condition: str, before: str = "") -> Compiled:
    return compile_text(f"{before}\nIF {condition} THEN BUY")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = zzz", ("E2001", 1, 5)),
        ("x = zzz(3)", ("E2002", 1, 5)),
        ("x = y\ny = close", ("E2003", 1, 5)),
        ("x = x + 1", ("E2003", 1, 5)),
        ("x = close\nx = open", ("E2004", 2, 1)),
        ("PARAM x = 1\nx = open", ("E2004", 2, 1)),
        ("close = 1", ("E2005", 1, 1)),
        ("HL2 = 1", ("E2005", 1, 1)),
        ("Sma = 1", ("E2005", 1, 1)),
        ("abs = 1", ("E2005", 1, 1)),
        ("x = RSI", ("E2006", 1, 5)),
        ("x = close(1)", ("E2006", 1, 5)),
        ("x = close\ny = x(1)", ("E2006", 2, 5)),
    ],
)
def test_name_is_refused(text: str, expected: tuple[str, int, int]) -> None:
    assert errors(text) == [expected]


@pytest.mark.parametrize(
    ("condition", "column"),
    [
        ("close", 4),
        ("close AND open > 1", 4),
        ("open > 1 OR RSI(14)", 16),
        ("NOT close", 8),
        ("(close > 1) > 2", 4),
        ("CROSSOVER(close, open) == 1", 4),
        ("-(close > 1) > 1", 5),
        ("SMA(close > 1, 3) > 1", 8),
        ("ABS(close > 1) > 1", 8),
        ("BARSSINCE(close) > 1", 14),
        ("CROSSOVER(close > 1, 3)", 14),
    ],
)
def test_numbers_and_conditions_do_not_stand_for_each_other(condition: str, column: int) -> None:
    assert errors(f"IF {condition} THEN BUY") == [("E2007", 1, column)]


def test_condition_has_no_earlier_value() -> None:
    assert errors("IF (close > 1)[1] THEN BUY") == [("E2018", 1, 4)]


def test_clause_takes_a_number() -> None:
    assert errors("IF close > 1 THEN BUY SIZE close > 1") == [("E2007", 1, 28)]
    assert errors("IF close > 1 THEN BUY SIZE 1 STOP 2 SIZE 3") == [("E2016", 1, 37)]


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("SMA(close, 10, 20)", "E2008"),
        ("SMA(10, 20)", "E2008"),
        ("TR(close)", "E2008"),
        ("ABS(close, 1)", "E2008"),
        ("SMA()", "E2009"),
        ("SMA(close)", "E2009"),
        ("MIN(close)", "E2009"),
        ("BARSSINCE()", "E2009"),
        ("SMA(close, length=3)", "E2010"),
        ("ATR(high=close)", "E2010"),
        ("RSI(14, period=14)", "E2011"),
        ("SMA(close, 20, period=20)", "E2011"),
        ("SMA(close, period=20, PERIOD=20)", "E2011"),
        ("SMA(close, 3, x=open)", "E2011"),
        ("HIGHEST(5, n=3)", "E2011"),
        ("HIGHEST(high, n=3, period=3)", "E2011"),
        ("SMA(close, 2+3)", "E2012"),
        ("SMA(close, volume)", "E2012"),
        ("SMA(2+3, 10)", "E2017"),
        ("RSI(constant)", "E2017"),
        ("BOLL(20).top", "E2013"),
        ("RSI(14).upper", "E2013"),
        ("close.upper", "E2013"),
        ("ABS(close).value", "E2013"),
        ("BOLL(20)[1].upper", "E2013"),
        ("SMA(close, 0)", "E3005"),
        ("SMA(close, -1)", "E3005"),
        ("SMA(close, 14.5)", "E3005"),
        ("SMA(close, 14.0)", "E3005"),
        ("SMA(close, 3e1)", "E3005"),
        ("SMA(close, 1048577)", "E3005"),
        ("BOLL(20, -2)", "E3005"),
        ("close[1048577]", "E3005"),
        ("MACD(26, 12, 9)", "E3007"),
        ("MACD(slow, slow, 9)", "E3007"),
    ],
)
def test_call_is_refused(call: str, code: str) -> None:
    text = f"PARAM slow = 26\nconstant = 14\nIF {call} > 1 THEN BUY"
    assert [error[:2] for error in errors(text)] == [(code, 3)]


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("RSI(14)", "RSI(close, 14)"),
        ("RSI()", "RSI(close, 14)"),
        ("RSI(open)", "RSI(open, 14)"),
        ("RSI(x=open)", "RSI(open, 14)"),
        ("RSI(p)", "RSI(close, p)"),
        ("HIGHEST(5)", "HIGHEST(high, 5)"),
        ("LOWEST(5)", "LOWEST(low, 5)"),
        ("HIGHEST(period=5)", "HIGHEST(high, 5)"),
        ("HIGHEST(close, PERIOD=5)", "HIGHEST(close, n=5)"),
        ("SMA(20, field=open)", "SMA(open, 20)"),
        ("SMA(period=20, open)", "SMA(open, 20)"),
        ("BOLL(20)", "BOLL(close, 20, 2)"),
        ("BOLL(20, 3)", "BOLL(close, 20, 3)"),
        ("BOLL(open, 20)", "BOLL(open, 20, 2)"),
        ("BOLL(k=3)", "BOLL(close, 20, k=3)"),
        ("MACD()", "MACD(close, 12, 26, 9)"),
        ("MACD(5, 8, 3)", "MACD(close, 5, 8, 3)"),
        ("MACD(signal=3)", "MACD(close, 12, 26, 3)"),
        ("ATR()", "ATR(14)"),
        ("CHANGE(close)", "CHANGE(close, 1)"),
        ("CHANGE(3)", "CHANGE(close, 3)"),
        ("CHANGE()", "CHANGE(close, 1)"),
        ("LAG(3)", "close[3]"),
        ("LAG(open, 3)", "open[3]"),
        ("open[0]", "open"),
        ("NZ(close[1])", "NZ(close[1], 0)"),
        ("VALUEWHEN(cond=close > 1, x=open)", "VALUEWHEN(close > 1, open, 0)"),
        ("BOLL(20).upper", "BOLL(20)"),
        ("RSI(14).value", "RSI(14)"),
        ("hl2", "(high + low) / 2"),
        ("hlc3", "(high + low + close) / 3"),
        ("ohlc4", "(open + high + low + close) / 4"),
    ],
)
def test_short_form_means_the_full_one(short: str, full: str) -> None:
    def code(call: str) -> bytes:
        image = decode(rule(f"{call} > 1", "PARAM p = 9").bytecode)
        image.lines = []
        return encode(image)

    assert code(short) == code(full)


@pytest.mark.parametrize(
    ("param", "code"),
    [
        ("PARAM p = 14.5", "E3008"),
        ("PARAM p = 0", "E3008"),
        ("PARAM p = 14 IN 0..20", "E3008"),
        ("PARAM p = 14 IN 1.5..20", "E3008"),
        ("PARAM p = 14 IN 1..20 STEP 0.5", "E3008"),
        ("PARAM p = 14 IN 1..2000000", "E3008"),
        ("PARAM p = 14 IN 20..10", "E3006"),
        ("PARAM p = 14 IN 1..10", "E3006"),
        ("PARAM p = 14 IN 1..20 STEP 0", "E3006"),
    ],
)
def test_param_of_a_period_must_be_good_over_its_whole_range(param: str, code: str) -> None:
    assert [error[0] for error in errors(f"{param}\nIF SMA(p) > 1 THEN BUY")] == [code]


def test_param_is_reported_with_its_range() -> None:
    compiled = compile_text("PARAM a = 2 IN 1..3 STEP 0.5\nPARAM b = 1e3\nPARAM c = 1 IN 1..2")
    found = [(p.name, p.value, p.minimum, p.maximum, p.step) for p in compiled.params]
    assert found == [
        ("a", 2, 1, 3, 0.5),
        ("b", 1000, None, None, None),
        ("c", 1, 1, 2, 1),
    ]


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("(close + 1)@4h > 1", "E2014"),
        ("-close@4h > 1", None),
        ("5@4h > 1", "E2014"),
        ("x@4h > 1", "E2014"),
        ("p@4h > 1", "E2014"),
        ("(close)@4h > 1", None),
        ("close[1]@4h > close@4h[1]", None),
        ("BOLL(20).mid@4h > BOLL(20)@4h.mid", None),
        ("SMA(close@1h, 9)@4h > 1", "E2015"),
        ("close@1h@4h > 1", "E2015"),
        ("SMA(close@4h, 9)@4h > 1", None),
        ("SMA(x, 9)@4h > 1", "E2015"),
        ("SMA(x4, 9)@4h > 1", None),
        ("CROSSOVER(close, p)@4h", None),
        ("CROSSOVER(close, x)@4h", "E2015"),
        ("CROSSOVER(close@1h, close@4h)", None),
    ],
)
def test_period_stands_on_series_and_calls_of_one_clock(condition: str, code: str | None) -> None:
    text = f"PARAM p = 9\nx = close + 1\nx4 = close@4h\nIF {condition} THEN BUY"
    if code is None:
        assert compile_text(text).timeframes
    else:
        assert [error[0] for error in errors(text)] == [code]


def test_timeframes_are_listed_in_the_order_of_first_use() -> None:
    compiled = rule("close@1d > close@4h AND close@1d > 1 AND open@24h > 1")
    assert compiled.timeframes == (86_400_000, 14_400_000)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("IF BOLL(20) > close THEN BUY", ["W9001"]),
        ("IF BOLL(20)@4h > close THEN BUY", ["W9001"]),
        ("IF BOLL(20).upper > close THEN BUY", []),
        ("IF BOLL(20)@4h.upper > close THEN BUY", []),
        ("IF MACD() > 0 THEN BUY", []),
        ("x = close\nIF close > 1 THEN BUY", ["W9002"]),
        ("PARAM p = 1\nIF close > 1 THEN BUY", ["W9002"]),
        ("PARAM p = 0.1 IN 0.1..0.9\nIF close > p THEN BUY", ["W9003"]),
        ("PARAM p = 1 IN 1..1\nIF close > p THEN BUY", []),
        ("", ["W9004"]),
        ("# nothing", ["W9004"]),
        ("IF close > 1 THEN HOLD SIZE 3", ["W9005"]),
    ],
)
def test_warning_is_given(text: str, codes: list[str]) -> None:
    assert [warning.code for warning in compile_text(text).warnings] == codes


def test_clauses_are_noticed() -> None:
    assert rule("close > 1").has_clauses is False
    assert compile_text("IF close > 1 THEN BUY TRAIL 3%").has_clauses is True
