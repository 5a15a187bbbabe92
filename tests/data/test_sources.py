"""The same candles come out of every form in which they can go in."""

from __future__ import annotations

import gzip
import io
import pickle
import subprocess
import sys
import zipfile

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from hquant_cffi._errors import DataError, ParameterError, UnsupportedError
from hquant_cffi.data import Bars, load
from hquant_cffi.data import parquet as parquet_module


def _structured(columns):
    table = np.empty(len(columns["open"]), dtype=[(n, c.dtype) for n, c in columns.items()])
    for name, column in columns.items():
        table[name] = column
    return table


def _timed(columns):
    return columns | {"timestamp": columns["timestamp"].astype("datetime64[ms]")}


def _nullable(columns):
    frame = pd.DataFrame(columns).convert_dtypes()
    assert str(frame.dtypes["open"]) == "Float64"
    return frame


TABLES = {
    "dict": lambda c: c,
    "dict of lists": lambda c: {n: a.tolist() for n, a in c.items()},
    "dict of series": lambda c: dict(pd.DataFrame(c).items()),
    "structured": _structured,
    "masked": lambda c: {n: np.ma.MaskedArray(a) for n, a in c.items()},
    "objects": lambda c: {n: a.astype(object) for n, a in c.items()},
    "pandas": lambda c: pd.DataFrame(c),
    "pandas datetimes": lambda c: pd.DataFrame(_timed(c)),
    "pandas index": lambda c: pd.DataFrame(_timed(c)).set_index("timestamp").rename_axis(None),
    "pandas zoned index": lambda c: (
        pd.DataFrame(_timed(c))
        .set_index("timestamp")
        .tz_localize("UTC")
        .tz_convert("America/New_York")
    ),
    "pandas zoned column": lambda c: pd.DataFrame(_timed(c)).assign(
        timestamp=lambda f: f.timestamp.dt.tz_localize("UTC").dt.tz_convert("Asia/Tokyo")
    ),
    "pandas periods": lambda c: pd.DataFrame(_timed(c)).set_index("timestamp").to_period("min"),
    "pandas nullable": _nullable,
    "pandas arrow": lambda c: pd.DataFrame(c).convert_dtypes(dtype_backend="pyarrow"),
    "pandas arrow datetimes": lambda c: pl.DataFrame(_timed(c)).to_pandas(
        use_pyarrow_extension_array=True
    ),
    "pandas text": lambda c: pd.DataFrame(_timed(c)).assign(
        timestamp=lambda f: f.timestamp.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    ),
    "polars": lambda c: pl.DataFrame(c),
    "polars datetimes": lambda c: pl.DataFrame(_timed(c)),
    "polars chunks": lambda c: pl.concat(
        [pl.DataFrame(c)[:100], pl.DataFrame(c)[100:137], pl.DataFrame(c)[137:]], rechunk=False
    ),
    "arrow": lambda c: pa.table(c),
    "arrow batch": lambda c: pa.RecordBatch.from_pydict({n: pa.array(a) for n, a in c.items()}),
    "arrow datetimes": lambda c: pa.table(_timed(c)),
    "arrow struct sliced": lambda c: pa.StructArray.from_arrays(
        [np.concatenate((a[:3], a, a[:5])) for a in c.values()], names=list(c)
    ).slice(3, len(c["open"])),
    "arrow sliced": lambda c: pa.table(
        {n: np.concatenate((a[:3], a, a[:5])) for n, a in c.items()}
    ).slice(3, len(c["open"])),
}


@pytest.mark.parametrize("form", TABLES)
def test_every_table_gives_the_same_bars(form, columns, same):
    bars = load(TABLES[form](columns))
    same(bars, columns)
    assert bars.skipped == 0
    assert all(
        not column.flags.writeable and column.flags.c_contiguous for column in bars.columns.values()
    )


def _zip(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bars.csv", data)
    return buffer.getvalue()


FILES = {
    "csv": lambda b: b,
    "crlf": lambda b: b.replace(b"\n", b"\r\n"),
    "cr": lambda b: b.replace(b"\n", b"\r"),
    "bom": lambda b: b"\xef\xbb\xbf" + b,
    "semicolons": lambda b: b.replace(b",", b";"),
    "tabs": lambda b: b.replace(b",", b"\t"),
    "quoted": lambda b: b'"' + b.replace(b",", b'","').replace(b"\n", b'"\n"')[:-1],
    "blank lines": lambda b: b"\n\n" + b.replace(b"\n", b"\n\n"),
    "no final newline": lambda b: b.rstrip(b"\n"),
    "gz": gzip.compress,
    "gz in two members": lambda b: gzip.compress(b[:999]) + gzip.compress(b[999:]),
    "zip": _zip,
    "zst": lambda b: zstandard.compress(b),
    "zst in two frames": lambda b: zstandard.compress(b[:999]) + zstandard.compress(b[999:]),
    "zst of unknown size": lambda b: zstandard.ZstdCompressor(write_content_size=False).compress(b),
}


@pytest.mark.parametrize("form", FILES)
def test_every_file_gives_the_same_bars(form, columns, same, to_csv, file):
    same(load(file(FILES[form](to_csv(columns).encode()))), columns)


def test_csv_to_bars_to_csv_is_the_same_text(columns, to_csv, file):
    text = to_csv(columns)
    assert to_csv(load(file(text)).columns) == text


@pytest.mark.parametrize("writer", ["pyarrow", "polars", "pandas"])
@pytest.mark.parametrize("reader", ["pyarrow", "polars"])
def test_parquet_gives_the_same_bars(writer, reader, columns, same, tmp_path, monkeypatch):
    path = tmp_path / "bars.parquet"
    if writer == "pyarrow":
        pq.write_table(pa.table(columns), path, row_group_size=111)
    elif writer == "polars":
        pl.DataFrame(columns).write_parquet(path)
    else:  # an index without a name is stored as __index_level_0__
        pd.DataFrame(_timed(columns)).set_index("timestamp").rename_axis(None).to_parquet(path)
    if reader == "polars":
        monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    same(load(path), columns)


def test_parquet_without_a_reader_names_the_extra(columns, tmp_path, monkeypatch):
    path = tmp_path / "bars.parquet"
    pq.write_table(pa.table(columns), path)
    monkeypatch.setattr(parquet_module, "_reader", lambda: None)
    with pytest.raises(UnsupportedError, match=r"pip install 'hquant-cffi\[parquet\]'"):
        load(path)


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="Python reads Zstandard by itself")
def test_zstandard_without_a_reader_names_the_extra(columns, to_csv, file, monkeypatch):
    path = file(zstandard.compress(to_csv(columns).encode()))
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(UnsupportedError, match=r"pip install 'hquant-cffi\[zst\]'"):
        load(path)


def test_csv_needs_none_of_the_optional_packages(columns, to_csv, file):
    path = file(to_csv(columns))
    code = (
        "import sys; from hquant_cffi.data import load; load(sys.argv[1]);"
        "print(sorted({'pandas', 'polars', 'pyarrow', 'zstandard'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_numpy_columns_are_not_copied(columns):
    bars = load(columns)
    for name, column in columns.items():
        assert np.shares_memory(getattr(bars, name), column), name
        assert column.flags.writeable, name
    bars = Bars(**columns)
    assert all(np.shares_memory(getattr(bars, name), column) for name, column in columns.items())
    bars = load(_timed(columns))
    assert bars.timestamp.dtype == np.int64
    bars = load({**columns, "timestamp": (times := columns["timestamp"].astype("M8[ms]"))})
    assert np.shares_memory(bars.timestamp, times)


def test_pandas_columns_are_not_copied(columns):
    frame = pd.DataFrame(columns)
    bars = load(frame)
    assert np.shares_memory(bars.close, frame["close"].to_numpy())


def test_one_arrow_batch_is_not_copied_and_outlives_its_table(columns, same):
    table = pa.table(columns)
    address = table.column("close").chunk(0).buffers()[1].address
    bars = load(table)
    assert bars.close.__array_interface__["data"][0] == address
    del table
    same(bars, columns)


def test_arrow_memory_is_released_with_the_last_array(columns):
    pool = pa.default_memory_pool()
    before = pool.bytes_allocated()
    table = pa.table({name: pa.array(column.tolist()) for name, column in columns.items()})
    full = pool.bytes_allocated()
    assert full > before
    bars = load(table)
    close = bars.close
    del table, bars
    assert pool.bytes_allocated() > before
    del close
    assert pool.bytes_allocated() == before


def test_strided_and_other_types_are_copied(columns, same):
    wide = np.column_stack([columns[name] for name in columns])
    index = {name: i for i, name in enumerate(columns)}
    same(load(wide, columns=index), columns)
    floats = {n: a.astype(np.float32) if n != "timestamp" else a for n, a in columns.items()}
    bars = load(floats)
    assert bars.close.dtype == np.float64
    np.testing.assert_array_equal(bars.close, floats["close"].astype(np.float64))
    unaligned = np.frombuffer(b"x" + columns["close"].tobytes(), np.float64, offset=1)
    bars = load({**columns, "close": unaligned})
    assert bars.close.flags.aligned
    same(bars, columns)
    same(load({n: a.astype(a.dtype.newbyteorder(">")) for n, a in columns.items()}), columns)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_arrow_timestamps_convert_by_their_unit(unit, columns, same):
    times = pa.array(columns["timestamp"].astype("M8[ms]")).cast(pa.timestamp(unit, "Asia/Tokyo"))
    same(load(pa.table(columns).set_column(0, "timestamp", times)), columns)


@pytest.mark.parametrize("kind", ["int32", "int16", "uint8", "float32", "date32", "date64"])
def test_arrow_column_types(kind):
    base = {n: pa.array([5, 6, 7], pa.float64()) for n in ("open", "high", "low", "close")}
    days = pa.array(np.array(["2024-01-01", "2024-01-02", "2024-01-03"], "M8[D]"))
    table = {"date": days, **base, "volume": base["open"]}
    if kind.startswith("date"):
        table["date"] = days.cast(getattr(pa, kind)())
    else:
        table |= {n: base["open"].cast(getattr(pa, kind)()) for n in (*base, "volume")}
    bars = load(pa.table(table))
    assert bars.close.tolist() == [5.0, 6.0, 7.0]
    assert bars.timestamp.tolist() == [1_704_067_200_000 + i * 86_400_000 for i in range(3)]


@pytest.mark.parametrize("offset", [0, 1, 7, 8, 9, 63])
@pytest.mark.parametrize("field", ["timestamp", "close", "buy_volume"])
def test_arrow_null_is_a_bad_row_wherever_the_slice_begins(offset, field, columns):
    values = pa.array(columns[field])
    with_null = pa.array(
        [None if i == offset + 20 else v for i, v in enumerate(values.to_pylist())]
    )
    table = pa.table({**columns, field: with_null}).slice(offset, 90)
    with pytest.raises(DataError, match=rf"row 20 .*column '{field}'"):
        load(table)
    bars = load(table, errors="skip")
    assert (len(bars), bars.skipped) == (89, 1)
    expected = np.delete(np.arange(offset, offset + 90), 20)
    np.testing.assert_array_equal(bars.open, columns["open"][expected])
    batches = pa.concat_tables([pa.table(columns).slice(0, offset), table]) if offset else table
    assert load(batches, errors="skip").skipped == 1


def test_arrow_row_that_is_null_as_a_whole_is_a_bad_row(columns):
    mask = pa.array([i == 30 for i in range(500)])
    rows = pa.StructArray.from_arrays(list(columns.values()), names=list(columns), mask=mask)
    bars = load(rows.slice(11), errors="skip")
    assert (len(bars), bars.skipped) == (488, 1)
    with pytest.raises(DataError, match="row 19 .*column 'timestamp'"):
        load(rows.slice(11))


def test_arrow_columns_of_other_types_are_named(columns):
    table = pa.table({**columns, "close": pa.array([str(v) for v in columns["close"]])})
    with pytest.raises(DataError, match="column 'close': expected integers, floats.*'u'"):
        load(table)
    codes = pa.array(columns["close"]).dictionary_encode()
    with pytest.raises(DataError, match="column 'close'.*'dictionary'"):
        load(pa.table({**columns, "close": codes}))
    note = pa.array(["x"] * len(columns["close"]))
    assert len(load(pa.table({**columns, "note": note}))) == len(columns["close"])


def test_arrow_things_that_are_no_table_are_refused():
    with pytest.raises(DataError, match="expected an Arrow table"):
        load(pa.array([1.0, 2.0]))

    class Broken:
        def __arrow_c_stream__(self, requested_schema=None):
            def batches():
                raise OSError("disk on fire")
                yield

            schema = pa.schema([(n, pa.float64()) for n in ("time", "open", "high", "low")])
            reader = pa.RecordBatchReader.from_batches(schema, batches())
            return reader.__arrow_c_stream__(requested_schema)

    with pytest.raises(DataError, match="Arrow stream failed: .*disk on fire"):
        load(Broken())


def test_empty_tables_are_refused(columns):
    empty = {name: column[:0] for name, column in columns.items()}
    for table in (empty, pd.DataFrame(empty), pl.DataFrame(empty), pa.table(empty)):
        with pytest.raises(DataError, match="without rows"):
            load(table)


def test_pandas_missing_values_are_bad_rows(columns):
    frame = pd.DataFrame(_timed(columns)).set_index("timestamp")
    frame.iloc[7, frame.columns.get_loc("low")] = np.nan
    for table in (frame, frame.convert_dtypes(), frame.astype(object)):
        with pytest.raises(DataError, match="row 7 .*column 'low': expected a finite number"):
            load(table)
        assert load(table, errors="skip").skipped == 1


def test_pandas_multilevel_columns_are_refused_with_a_way_out(columns):
    frame = pd.DataFrame(columns)
    frame.columns = pd.MultiIndex.from_product([frame.columns, ["AAPL"]])
    with pytest.raises(DataError, match="droplevel"):
        load(frame)


@pytest.mark.parametrize("source", [None, 5, [1, 2], object(), pd.Series([1.0])])
def test_other_sources_are_refused_by_type(source):
    with pytest.raises((ParameterError, DataError)):
        load(source)


def test_options_outside_their_range_are_refused(columns):
    for option in ({"errors": "ignore"}, {"format": "xlsx"}, {"time_unit": "m"}):
        with pytest.raises(ParameterError, match=next(iter(option))):
            load(columns, **option)


def test_columns_that_differ_in_length_are_named(columns):
    with pytest.raises(DataError, match="'timestamp' has 500 rows, 'close' has 499"):
        load({**columns, "close": columns["close"][:-1]})


def test_columns_of_other_types_are_named(columns):
    with pytest.raises(DataError, match="'close': expected numbers, found str '1.5'"):
        load({**columns, "close": np.array(["1.5"] * 500, dtype=object)})
    with pytest.raises(DataError, match="'close': expected numbers, found <U3"):
        load({**columns, "close": ["1.5"] * 500})
    with pytest.raises(DataError, match="'close': expected numbers, found bool"):
        load({**columns, "close": np.ones(500, bool)})
    with pytest.raises(DataError, match="'close': expected one dimension"):
        load({**columns, "close": np.ones((500, 2))})


def test_bars_pass_through_and_pickle(columns, same):
    bars = load(columns)
    assert load(bars) is bars
    again = pickle.loads(pickle.dumps(bars[10:20]))
    same(again, {name: column[10:20] for name, column in columns.items()})
    assert not again.close.flags.writeable
