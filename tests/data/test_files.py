"""Real files load whole; hostile ones end in one clear error."""

from __future__ import annotations

import gzip
import io
import random
import time
import zipfile

import numpy as np
import pytest
import zstandard

from hquant_cffi._errors import DataError
from hquant_cffi.data import load, load_sp500
from hquant_cffi.data.csv import open_sheet, parse_clean, parse_rows

HEADER = "time,open,high,low,close,volume"
ROW = "1704067200000,10,12,9,11,100"
BINANCE = "{},10,12,9,11,100,{},1000,5,40,400,0"


@pytest.mark.parametrize(
    ("name", "bars", "period", "buy"),
    [
        ("binance_um_FILUSDT_1m_2023-04_06.csv.gz", 131_040, 60_000, True),
        ("binance_um_FILUSDT_1m_2024-09_11.csv.gz", 131_040, 60_000, True),
        ("binance_um_AVAXUSDT_1m_2024-02.csv.gz", 41_760, 60_000, True),
        ("GOOG_daily.csv", 2_148, 86_400_000, False),
        ("EURUSD_1h.csv", 5_000, 3_600_000, False),
    ],
)
def test_real_file_loads_whole(name, bars, period, buy, shared_data):
    loaded = load(shared_data / name)
    assert (len(loaded), loaded.skipped) == (bars, 0)
    assert (loaded.period_ms, loaded.has_buy_volume) == (period, buy)
    if buy:
        assert set(np.diff(loaded.timestamp).tolist()) == {60_000}
        assert (loaded.buy_volume <= loaded.volume).all()


def test_real_file_has_the_first_and_last_row_that_zcat_shows(shared_data):
    bars = load(shared_data / "binance_um_FILUSDT_1m_2023-04_06.csv.gz")
    first = [column[0] for column in bars.columns.values()]
    last = [column[-1] for column in bars.columns.values()]
    assert first == [1680307200000, 5.685, 5.695, 5.684, 5.692, 28753.6, 22787.7]
    assert last == [1688169540000, 3.948, 3.951, 3.945, 3.946, 16849.9, 2910.7]


def test_real_file_loads_in_a_second(shared_data):
    path = shared_data / "binance_um_FILUSDT_1m_2023-04_06.csv.gz"
    seconds = []
    for _ in range(3):
        start = time.process_time()
        load(path)
        seconds.append(time.process_time() - start)
    assert min(seconds) < 1.0


@pytest.mark.parametrize("name", ["oanda_EURUSD_bidask_1m.csv.gz", "oanda_EURUSD_bidask_1h.csv.gz"])
def test_bid_ask_candles_are_refused_by_the_columns_that_are_missing(name, shared_data):
    with pytest.raises(DataError, match="no column for open, high, low, close.*'bid_open'"):
        load(shared_data / name)


def test_bid_candles_load_when_the_columns_are_named(shared_data):
    names = {name: f"bid_{name}" for name in ("open", "high", "low", "close")}
    bars = load(
        shared_data / "oanda_EURUSD_bidask_1h.csv.gz", columns={**names, "volume": "bid_size"}
    )
    assert len(bars) == 74_439
    assert bars.open[0] == 1.31927


def test_recorded_tape_is_no_candle_file(shared_data):
    with pytest.raises(DataError, match="no column for"):
        load(shared_data / "hyperliquid_btc_20250126.gz")


def test_shipped_series_keeps_every_rule():
    """Row count and end rows from `zcat sp500.csv.gz`."""
    bars = load_sp500()
    assert (len(bars), bars.skipped, bars.has_buy_volume) == (5_031, 0, False)
    first, last = np.array([bars.timestamp[0], bars.timestamp[-1]]).astype("M8[ms]").astype("M8[D]")
    assert (str(first), str(last)) == ("1999-01-04", "2018-12-31")
    assert (bars.open[0], bars.high[0], bars.low[0]) == (1229.22998, 1248.810059, 1219.099976)
    assert (bars.close[0], bars.volume[0]) == (1228.099976, 877000000)
    assert (bars.close[-1], bars.volume[-1]) == (2506.850098, 3442870000)
    weekdays = (bars.timestamp // 86_400_000 + 3) % 7
    assert set(weekdays.tolist()) == {0, 1, 2, 3, 4}


@pytest.mark.parametrize("factor", [1, 1000])
def test_binance_klines_load_with_and_without_header(factor, file):
    times = [1735689600000 + 60_000 * i for i in range(3)]
    rows = [BINANCE.format(t * factor, (t + 59_999) * factor) for t in times]
    header = "open_time,open,high,low,close,volume,close_time,quote_volume,count,"
    header += "taker_buy_volume,taker_buy_quote_volume,ignore"
    bare, named = load(file("\n".join(rows))), load(file("\n".join([header, *rows]), "named.csv"))
    for bars in (bare, named):
        assert bars.timestamp.tolist() == times
        assert bars.buy_volume.tolist() == [40.0] * 3
        assert bars.volume.tolist() == [100.0] * 3


@pytest.mark.parametrize(
    "header",
    [
        "Date,Open,High,Low,Close,Volume",
        "TIMESTAMP,OPEN,HIGH,LOW,CLOSE,VOLUME",
        "t,o,h,l,c,v",
        " open time , open, high ,low,close, vol",
        "open_time,open,high,low,close,volume",
        ",Open,High,Low,Close,Volume",
        "Unnamed: 0,Open,High,Low,Close,Volume",
        '"Date","Open","High","Low","Close","Volume"',
    ],
)
def test_usual_header_names_are_known(header, file):
    bars = load(file(f"{header}\n{ROW}\n"))
    assert [column[0] for column in bars.columns.values()] == [1704067200000, 10, 12, 9, 11, 100]


def test_columns_may_stand_in_any_order_and_among_others(file):
    path = file("sym,volume,Adj Close,close,low,high,open,date\nX,100,1,11,9,12,10,2024-01-01\n")
    bars = load(path)
    assert [column[0] for column in bars.columns.values()] == [1704067200000, 10, 12, 9, 11, 100]


def test_two_columns_for_one_field_are_refused_until_one_is_chosen(file):
    path = file(f"unix,date,{HEADER[5:]}\n1704067200,2024-01-01,10,12,9,11,100\n")
    with pytest.raises(DataError, match="more than one column could be timestamp: 'unix', 'date'"):
        load(path)
    assert load(path, columns={"timestamp": "unix"}).timestamp[0] == 1704067200000
    assert load(path, columns={"timestamp": 1}).timestamp[0] == 1704067200000


def test_headerless_table_needs_names(file):
    path = file(f"{ROW}\n")
    with pytest.raises(DataError, match="expected a header line.*6 columns without names"):
        load(path)
    fields = ("timestamp", "open", "high", "low", "close", "volume")
    assert load(path, columns={field: i for i, field in enumerate(fields)}).close[0] == 11


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"opne": "o"}, "expected the fields timestamp, open.*found 'opne'"),
        ({"open": None}, "open cannot be None"),
        ({"open": True}, "expected a name, an index or None"),
        ({"open": 1.5}, "expected a name, an index or None"),
        ({"open": "first"}, "no column named 'first' for open; the columns are 'time'"),
        ({"open": 6}, "expected an index in 0..5, found 6"),
        ({"open": -1}, "expected an index in 0..5, found -1"),
    ],
)
def test_wrong_column_maps_are_named(columns, message, file):
    with pytest.raises(ValueError, match=message):
        load(file(f"{HEADER}\n{ROW}\n"), columns=columns)


GOOD_GZIP = gzip.compress(f"{HEADER}\n{ROW}\n".encode() * 50)
HOSTILE = {
    "empty": (b"", "the file is empty"),
    "blank": (b"\n \n\n", "only blank lines"),
    "header only": (f"{HEADER}\n".encode(), "rows below the header line, found none"),
    "header and blanks": (f"{HEADER}\n\n  \n".encode(), "rows below the header line"),
    "header and separators": (f"{HEADER}\n,,,,,\n".encode(), "rows below the header line"),
    "binary": (bytes(range(256)) * 40, "line 1: expected CSV text, found a zero byte"),
    "zero in line 2": (f"{HEADER}\n{ROW}\0\n".encode(), "line 2: expected CSV text, found a zero"),
    "utf-16": (f"{HEADER}\n{ROW}\n".encode("utf-16"), "found UTF-16"),
    "latin-1": (f"{HEADER},Größe\n{ROW},1\n".encode("latin-1"), "line 1: .*UTF-8.*found byte 0xf6"),
    "broken utf-8": (f"{HEADER}\n{ROW}\n".encode() + b"\xe2\x28", "line 3: expected UTF-8"),
    "not csv": (b"once upon a time there was a candle", "no column for timestamp"),
    "html": (b"<!DOCTYPE html>\n<html><body>404</body></html>\n", "no column for timestamp"),
    "json": (b'{"code": -1121, "msg": "Invalid symbol."}', "no column for timestamp"),
    "truncated gzip": (GOOD_GZIP[:-20], "archive is damaged or truncated"),
    "gzip head": (GOOD_GZIP[:5], "archive is damaged or truncated"),
    "gzip of junk": (b"\x1f\x8b" + b"junk" * 20, "archive is damaged or truncated"),
    "gzip with a flipped bit": (
        GOOD_GZIP[:-6] + bytes([GOOD_GZIP[-6] ^ 1]) + GOOD_GZIP[-5:],
        "archive is damaged",
    ),
    "gzip of nothing": (gzip.compress(b""), "only blank lines"),
    "truncated zst": (zstandard.compress(GOOD_GZIP)[:-9], "archive is damaged or truncated"),
    "zst of junk": (b"\x28\xb5\x2f\xfd" + b"junk" * 9, "archive is damaged or truncated"),
    "zip of junk": (b"PK\x03\x04" + b"junk" * 9, "archive is damaged or truncated"),
    "parquet of junk": (b"PAR1" + b"junk" * 99 + b"PAR1", "expected a Parquet file"),
    "open quote": (f'{HEADER}\n{ROW}\n"{ROW}\n{ROW}\n'.encode(), "line 3: expected 6 fields"),
    "endless field": (
        f"{HEADER}\n{ROW}\n".encode() + b'"' + b"x" * 200_000,
        "line 3: unreadable CSV",
    ),
    "endless header": (b"x" * 200_000, "first line is unreadable"),
    "no newline at all": (",".join([HEADER, ROW] * 200).encode(), "2400 columns without names"),
    "ragged": (f"{HEADER}\n{ROW}\n{ROW[:-10]}\n".encode(), "line 3"),
}


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("errors", ["raise", "skip"])
def test_hostile_file_ends_in_one_clear_error(kind, errors, file):
    data, message = HOSTILE[kind]
    path = file(data, "hostile.csv")
    if errors == "skip" and kind in ("open quote", "ragged"):
        assert load(path, errors="skip").skipped == 1
        return
    with pytest.raises(DataError, match=message) as refusal:
        load(path, errors=errors)
    assert str(path) in str(refusal.value)


ODD_NUMBERS = [
    "1d5", "1_0", "0x1p3", " 1.5 ", "1e400", ".5", "5.", "+5", "1E5", "infinity", "nan(123)",
    "-nan", "１", "1e", "--1", "+-1", "1 2", "\x0c3", "\u00a01", "\u20031", "1f", "1L", "1j", "(1)",
    "1\x1f", "0.1e-400", "1" * 400, "4.35", "9007199254740993", "-0", "true", "None", "NA", "#NA",
    "-", "", "1e5.5", "inf", "infinit", "2.2250738585072011e-308", "1" * 30 + ".5e-29", "#1",
    "1#2", "'1'",
]  # fmt: skip


@pytest.mark.parametrize("text", ODD_NUMBERS)
def test_both_paths_read_the_same_number_or_refuse_it(text):
    sheet = open_sheet(f"{HEADER}\n{ROW[:-3]}{text}\n", "odd.csv", None)
    clean, rows = parse_clean(sheet), parse_rows(sheet)
    if clean is None:
        assert rows.faults
    else:
        assert not rows.faults
        assert clean.columns["volume"].tobytes() == rows.columns["volume"].tobytes()


def test_zip_of_several_files_is_refused(file):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.csv", HEADER)
        archive.writestr("b.csv", HEADER)
    with pytest.raises(DataError, match="a zip of one file, found 2: a.csv, b.csv"):
        load(file(buffer.getvalue(), "two.zip"))


def test_paths_that_cannot_be_read_are_named(tmp_path):
    with pytest.raises(DataError, match="nowhere.csv: cannot read the file: No such file"):
        load(tmp_path / "nowhere.csv")
    with pytest.raises(DataError, match="cannot read the file: Is a directory"):
        load(str(tmp_path))
    with pytest.raises(DataError, match="cannot read the file"):
        load("bad\0name.csv")


@pytest.mark.parametrize("seed", range(60))
def test_random_damage_never_ends_in_another_error(seed, file):
    """Bytes changed, cut or doubled: a Bars that keeps the rules, or a DataError."""
    rng = random.Random(seed)
    rows = [f"{1704067200000 + i * 60000},10,12,9,11,{i}" for i in range(30)]
    data = bytearray("\n".join([HEADER, *rows]).encode())
    for _ in range(rng.randrange(1, 6)):
        at = rng.randrange(len(data))
        match rng.randrange(3):
            case 0:
                data[at] = rng.choice(b'\n\r",;\t.-+eE0 x\x80\x1f')
            case 1:
                del data[at : at + rng.randrange(1, 40)]
            case _:
                data[at:at] = data[at : at + rng.randrange(1, 40)]
    path = file(bytes(data))
    for errors in ("raise", "skip"):
        try:
            bars = load(path, errors=errors)
        except DataError as error:
            assert str(path) in str(error)
        else:
            assert len(bars) + bars.skipped <= 60
            assert (np.diff(bars.timestamp) > 0).all()
            assert (bars.high >= bars.low).all()
