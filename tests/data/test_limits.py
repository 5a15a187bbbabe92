"""What is too large, too strange or of another unit is refused by name, never wrapped or read."""

from __future__ import annotations

import contextlib
import gzip
import io
import time
import zipfile

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import typer
import zstandard
from typer.testing import CliRunner

from hquant_cffi._errors import DataError
from hquant_cffi.cli._errors import Commands
from hquant_cffi.data import Bars, files, load

PRICES = {"open": 10.0, "high": 12.0, "low": 9.0, "close": 11.0, "volume": 1.0}
HEADER = "time,open,high,low,close,volume\n"
FAR_MS = 253_402_214_400_000  # date -u -d 9999-12-31 +%s, in ms


def _table(times):
    return {"time": times} | {name: np.full(len(times), v) for name, v in PRICES.items()}


def _csv(times):
    return HEADER + "".join(f"{text},10,12,9,11,1\n" for text in times)


FAR = pd.Series(np.array(["9999-12-31"], "M8[s]"))
FAR_COLUMNS = {
    "zoned": FAR.dt.tz_localize("UTC"),
    "zoned far east": FAR.dt.tz_localize("UTC").dt.tz_convert("Asia/Tokyo"),
    "arrow": FAR.astype(pd.ArrowDtype(pa.timestamp("s"))),
    "arrow ms zoned": FAR.dt.tz_localize("UTC").astype(pd.ArrowDtype(pa.timestamp("ms", "UTC"))),
}


@pytest.mark.parametrize("kind", FAR_COLUMNS)
def test_pandas_times_beyond_2262_do_not_wrap(kind):
    frame = pd.DataFrame(_table([0])).assign(time=FAR_COLUMNS[kind])
    assert load(frame).timestamp.tolist() == [FAR_MS]
    assert load(frame.set_index("time")).timestamp.tolist() == [FAR_MS]


@pytest.mark.parametrize("dtype", ["UInt64", "uint64[pyarrow]"])
def test_pandas_unsigned_integers_beyond_int64_do_not_wrap(dtype):
    frame = pd.DataFrame(_table([0])).assign(volume=pd.array([2**63 + 2**20], dtype=dtype))
    assert load(frame).volume.tolist() == [float(2**63 + 2**20)]


@pytest.mark.parametrize("other", [1_700_000_000, 20230101])
def test_seconds_and_dates_among_milliseconds_are_bad_rows(other, file):
    rows = [other, 1_700_000_060_000, 1_700_000_120_000]
    with pytest.raises(DataError, match=f"row 0 .*milliseconds.*found {other}"):
        load(_table(np.array(rows)))
    with pytest.raises(DataError, match="line 2, column 'time': expected .* milliseconds"):
        load(file(_csv(rows)))
    assert load(_table(np.array(rows)), time_unit="ms").timestamp.tolist() == rows


@pytest.mark.parametrize("zone", ["+99:99", "+25:00", "+24:00", "+05:99", "-00:60", "+2400"])
def test_zone_offsets_that_do_not_exist_are_bad_rows(zone, file):
    with pytest.raises(DataError, match="line 2, column 'time'"):
        load(file(_csv([f"2024-01-01T00:00:00{zone}"])))


def test_devices_are_refused_unread():
    with pytest.raises(DataError, match="expected a file or a pipe, found a device"):
        load("/dev/zero")


def test_file_beyond_the_limit_is_refused_unread(tmp_path):
    path = tmp_path / "huge.csv"
    with path.open("wb") as stream:
        stream.truncate(files.FILE_MAX + 1)  # sparse
    with pytest.raises(DataError, match=f"up to {files.FILE_MAX} bytes"):
        load(path)


def _zipped(data):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", data)
    return buffer.getvalue()


@pytest.mark.parametrize("pack", [gzip.compress, _zipped, zstandard.compress])
def test_archive_bomb_is_refused(pack, file):
    bomb = pack(b"\n" * (files.UNPACKED_FREE + 1))
    with pytest.raises(DataError, match="the archive of .* holds more than"):
        load(file(bomb))


def test_several_zstandard_frames_of_many_pieces_load(file):
    rows = _csv(1_704_067_200_000 + 60_000 * i for i in range(20_000)).encode()
    half = len(rows) // 2
    frames = zstandard.compress(rows[:half]) + zstandard.compress(rows[half:])
    assert len(frames) > 2 * files._ZSTD_PIECE
    assert len(load(file(frames))) == 20_000


def test_zip_with_any_changed_byte_ends_in_a_data_error_or_loads(file):
    good = _zipped(_csv([1_704_067_200_000]).encode())
    for at in range(4, len(good)):
        for value in (0x00, 0x7F, 0xFF):
            with contextlib.suppress(DataError):
                load(file(good[:at] + bytes([value]) + good[at + 1 :]))


def test_time_of_five_thousand_digits_is_a_bad_row(file):
    with pytest.raises(DataError, match="line 3, column 'time': expected an epoch time"):
        load(file(_csv([1_704_067_200_000, "1" * 5000])))
    with pytest.raises(DataError, match="row 1 .*found an integer of 20001 bits"):
        load(_table(np.array([1_704_067_200_000, 2**20000], dtype=object)))


def test_price_beyond_float64_is_named():
    with pytest.raises(DataError, match="column 'high': expected numbers within float64"):
        load({**_table([1_704_067_200_000]), "high": np.array([2**2000], dtype=object)})


def test_arrow_capsule_of_another_kind_is_named():
    class Broken:
        def __arrow_c_stream__(self, requested_schema=None):
            return pa.schema([]).__arrow_c_schema__()

    with pytest.raises(DataError, match="PyCapsule named 'arrow_array_stream'"):
        load(Broken())


@pytest.mark.parametrize("field", ["timestamp", "open", "high", "low", "close"])
def test_bars_without_a_column_names_it(field, columns):
    with pytest.raises(DataError, match=f"column '{field}': expected an array, found None"):
        Bars(**{**columns, field: None})


def test_header_of_a_million_columns_is_refused_fast(file):
    path = file(",".join(["x"] * 1_000_000) + "\n1\n")
    start = time.process_time()
    with pytest.raises(DataError, match="line 1: expected up to 4096 columns, found 1000000"):
        load(path)
    assert time.process_time() - start < 30


def test_epoch_with_an_exponent_is_told_how_to_be_written(file):
    with pytest.raises(DataError, match=r"without an exponent, found 1\.7e12"):
        load(file(_csv(["1.7e12"])))


def test_command_out_of_memory_says_so_in_one_line():
    app = typer.Typer(cls=Commands)

    @app.command()
    def eat() -> None:
        raise MemoryError

    app.callback()(lambda: None)
    result = CliRunner().invoke(app, ["eat"])
    assert result.exit_code == 1
    assert result.output == "error: out of memory; load fewer bars or a smaller file\n"
