"""Every kind of bad row is refused by line, column, value and rule, or skipped and counted."""

from __future__ import annotations

import numpy as np
import pytest

from hquant_cffi._errors import DataError
from hquant_cffi.data import Bars, load

HEADER = "open_time,open,high,low,close,volume,taker_buy_volume"
GOOD = [
    "1704067200000,10,12,9,11,100,40",
    "1704067260000,11,13,10,12,100,40",
    "1704067320000,12,14,11,13,100,40",
    "1704067380000,13,15,12,14,100,40",
]
NEXT = 1704067440000
BAD = {
    "nan": (f"{NEXT},nan,15,12,14,1,1", "open", "a finite number", "nan", "open not finite"),
    "inf": (f"{NEXT},13,inf,12,14,1,1", "high", "a finite number", "inf", "high not finite"),
    "minus inf": (f"{NEXT},13,15,-Infinity,14,1,1", "low", "a finite", "-inf", "low not finite"),
    "huge": (f"{NEXT},13,2e100,12,14,1,1", "high", "up to 1e\\+100", "2e\\+100", "beyond 1e100"),
    "overflow": (f"{NEXT},13,15,12,14,1e999,1", "volume", "a finite", "inf", "volume not finite"),
    "high below low": (f"{NEXT},13,12,15,14,1,1", "high", "high >= low \\(15.0\\)", "12.0", "high"),
    "open above": (f"{NEXT},16,15,12,14,1,1", "open", "\\[12.0, 15.0\\]", "16.0", "open outside"),
    "open below": (f"{NEXT},11,15,12,14,1,1", "open", "\\[12.0, 15.0\\]", "11.0", "open outside"),
    "close above": (f"{NEXT},13,15,12,15.5,1,1", "close", "within", "15.5", "close outside"),
    "close below": (f"{NEXT},13,15,12,-4,1,1", "close", "within", "-4.0", "close outside"),
    "negative volume": (f"{NEXT},13,15,12,14,-1,1", "volume", ">= 0", "-1.0", "negative volume"),
    "negative buys": (
        f"{NEXT},13,15,12,14,1,-1",
        "taker_buy_volume",
        ">= 0",
        "-1.0",
        "negative buy_volume",
    ),
    "duplicate": (
        "1704067380000,13,15,12,14,1,1",
        "open_time",
        "a time after 1704067380000",
        "1704067380000",
        "duplicate time: 1",
    ),
    "out of order": (
        "1704067200001,13,15,12,14,1,1",
        "open_time",
        "a time after 1704067380000",
        "1704067200001",
        "time out of order: 1",
    ),
    "text": (f"{NEXT},13,15,twelve,14,1,1", "low", "a number", "'twelve'", "unparsable number"),
    "underscore": (f"{NEXT},1_3,15,12,14,1,1", "open", "a number", "'1_3'", "unparsable number"),
    "hex": (f"{NEXT},0xd,15,12,14,1,1", "open", "a number", "'0xd'", "unparsable number"),
    "wide digits": (f"{NEXT},１３,15,12,14,1,1", "open", "a number", "'１３'", "unparsable number"),
    "empty field": (f"{NEXT},13,15,12,,1,1", "close", "a number", "''", "missing field"),
    "few fields": (f"{NEXT},13,15,12", None, "7 fields", "4 fields", "wrong number of fields"),
    "many fields": (f"{NEXT},1,234,15,12,14,1,1", None, "7 fields", "8 fields", "wrong number"),
    "thousands": (f"{NEXT},13,15,12,14,1,234,1", None, "7 fields", "8 fields", "wrong number"),
    "bad time": ("yesterday,13,15,12,14,1,1", "open_time", "an epoch time", "yesterday", "unread"),
    "no time": (",13,15,12,14,1,1", "open_time", "an epoch time", "", "unreadable time"),
    "time in us": (
        f"{NEXT}000,13,15,12,14,1,1",
        "open_time",
        "an epoch time in milliseconds, as in the rest",
        f"{NEXT}000",
        "unreadable time",
    ),
    "time beyond int64": ("9" * 30 + ",13,15,12,14,1,1", "open_time", "epoch", "9" * 30, "unread"),
}


@pytest.mark.parametrize("row", [1, 4])
@pytest.mark.parametrize("kind", BAD)
def test_bad_row_is_refused_with_its_place(kind, row, file):
    text, column, expected, found, _ = BAD[kind]
    lines = [HEADER, *GOOD]
    if row == 1:  # with good rows after it too
        lines.append(f"{NEXT + 60_000},13,15,12,14,1,1")
    lines.insert(5, text)
    path = file("\n".join(lines))
    with pytest.raises(DataError) as refusal:
        load(path)
    message = str(refusal.value)
    assert message.startswith(f"{path}, line 6" + (f", column {column!r}" if column else "") + ":")
    with pytest.raises(DataError, match=f"expected .*{expected}.*, found {found}"):
        load(path)
    assert 'errors="skip"' in message
    assert ("sort the rows by time" in message) == (kind == "out of order")


@pytest.mark.parametrize("kind", BAD)
def test_bad_row_is_skipped_counted_and_explained(kind, file):
    text, *_, reason = BAD[kind]
    bars = load(file("\n".join([HEADER, *GOOD, text])), errors="skip")
    assert bars.close.tolist() == [11, 12, 13, 14]
    assert bars.skipped == 1
    assert len(bars.skip_reasons) == 1
    assert reason in bars.skip_reasons[0]
    assert bars.skip_reasons[0].endswith("(first at line 6)")
    assert "1 rows skipped" in repr(bars)


@pytest.mark.parametrize("kind", BAD)
def test_first_bad_row_of_the_file_is_named_whatever_follows(kind, file):
    for later in BAD:
        lines = [HEADER, *GOOD, BAD[kind][0], BAD[later][0]]
        with pytest.raises(DataError, match="line 6[,:]"):
            load(file("\n".join(lines)))


def test_line_is_the_editors_line(file):
    quoted = '"1704067200000","10","12","9","11","100","40"'
    text = f"\n{HEADER}\r\n\r\n{quoted}\r\n   \r\n{GOOD[1]}\r\n1704067320000,12,11,14,13,1,1\r\n"
    with pytest.raises(DataError, match="line 7, column 'high'"):
        load(file(text))
    spread = f'{HEADER},note\n{GOOD[0]},"two\nlines"\n1704067320000,12,11,14,13,1,1,x\n'
    with pytest.raises(DataError, match="line 4, column 'high'"):
        load(file(spread))


def test_line_counts_the_header_only_when_there_is_one(file):
    rows = [f"{1704067200000 + i * 60000},10,12,9,11,1,{i},1,1,0.5,1,0" for i in range(5)]
    rows[3] = rows[3].replace(",12,", ",8,")
    with pytest.raises(DataError, match="line 4, column 'high': expected high >= low"):
        load(file("\n".join(rows)))


def test_several_kinds_are_counted_apart_and_each_row_once(file):
    rows = [GOOD[0], GOOD[0], "x,nan,1,2,3,-1,0", GOOD[1], f"{NEXT},nan,1,2,3,-1,0", GOOD[2]]
    bars = load(file("\n".join([HEADER, *rows])), errors="skip")
    assert len(bars) == 3
    assert bars.skipped == 3
    assert bars.skip_reasons == (
        "unreadable time: 1 (first at line 4)",
        "open not finite or beyond 1e100: 1 (first at line 6)",
        "duplicate time: 1 (first at line 3)",
    )


def test_order_is_judged_against_good_rows_only(file):
    far = "1804067200000,nan,15,12,14,1,1"
    bars = load(file("\n".join([HEADER, GOOD[0], far, *GOOD[1:]])), errors="skip")
    assert (len(bars), bars.skipped) == (4, 1)


def test_rows_before_the_latest_time_are_all_out_of_order(columns):
    columns["timestamp"][100] = columns["timestamp"][120] + 1
    bars = load(columns, errors="skip")
    assert bars.skipped == 20
    assert (np.diff(bars.timestamp) > 0).all()
    with pytest.raises(DataError, match=r"row 101 \(counted from 0\), column 'timestamp'"):
        load(columns)


def test_no_good_row_is_an_error_even_when_skipping(file):
    path = file(f"{HEADER}\n{BAD['nan'][0]}\n{BAD['text'][0]}\n")
    with pytest.raises(DataError, match="no good row among 2: unparsable number: 1 .*open not fin"):
        load(path, errors="skip")


def test_zero_and_negative_prices_are_bars(file):
    rows = f"{HEADER}\n1704067200000,-37.63,10.5,-40.32,-37.63,0,0\n1704067260000,0,0,0,0,0,0\n"
    assert load(file(rows)).low.tolist() == [-40.32, 0.0]


def test_good_rows_of_a_file_with_a_bad_one_have_the_same_bits(columns, to_csv, file, same):
    """The row path reads what the fast path reads."""
    text = to_csv(columns)
    last = int(columns["timestamp"][-1])
    path = file(text + f"{last + 60_000},bad,1,1,1,1,1\n")
    bars = load(path, errors="skip")
    same(bars, columns)
    assert bars.skipped == 1


def test_bars_constructor_keeps_the_rules(columns):
    Bars(**columns)
    for field, value, message in (
        ("high", -1e6, "row 3 .*column 'high': expected high >= low"),
        ("close", np.nan, "column 'close': expected a finite"),
        ("volume", -1.0, "column 'volume': expected volume >= 0"),
        ("timestamp", 0, "column 'timestamp': expected a time after"),
    ):
        wrong = columns[field].copy()
        wrong[3] = value
        with pytest.raises(DataError, match=message):
            Bars(**{**columns, field: wrong})
    with pytest.raises(DataError, match="differ in length"):
        Bars(**{**columns, "close": columns["close"][1:]})
    with pytest.raises(DataError, match="expected numbers"):
        Bars(**{**columns, "close": columns["close"].astype(str)})


@pytest.mark.parametrize("seed", range(30))
def test_verdict_agrees_with_a_row_by_row_reading_of_the_rules(seed, columns):
    """An oracle that shares no code: one loop over rows, the rules as sentences."""
    rng = np.random.default_rng(seed)
    fields = ("open", "high", "low", "close", "volume", "buy_volume")
    odd = np.array([np.nan, np.inf, -np.inf, -1.0, 0.0, 1e100, 1.1e100, -2e100, 100.0])
    for _ in range(40):
        columns[str(rng.choice(fields))][rng.integers(500)] = rng.choice(odd)
        columns["timestamp"][rng.integers(500)] += rng.integers(-5, 6) * 60_000
    good, latest = [], None
    rows = zip(*(columns[name].tolist() for name in ("timestamp", *fields)), strict=True)
    for i, (time, o, h, lo, c, v, b) in enumerate(rows):
        ok = all(-1e100 <= x <= 1e100 for x in (o, h, lo, c, v, b)) and v >= 0 and b >= 0
        ok = ok and lo <= h and lo <= o <= h and lo <= c <= h
        if ok and (latest is None or time > latest):
            latest = time
            good.append(i)
    bars = load(columns, errors="skip")
    assert 0 < bars.skipped == 500 - len(good)
    np.testing.assert_array_equal(bars.timestamp, columns["timestamp"][good])
    first = next(i for i in range(500) if i not in set(good))
    with pytest.raises(DataError, match=rf"row {first} "):
        load(columns)
