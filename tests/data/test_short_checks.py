"""Columns that are plainly right are recognised by a shorter look, with the same answer."""

from __future__ import annotations

import numpy as np
import pytest

from hquant_cffi import DataError, load
from hquant_cffi._columns import columns_struct
from hquant_cffi._ffi import check, lib
from hquant_cffi.data import timestamps, validate


def _random_times(rng: np.random.Generator) -> np.ndarray:
    edges = rng.choice([1e6, 1.8e7, 2.2e7, 1e8, 1e10, 1e13, 1e14, 1e16, 1e17], 2)
    # Off the edges by more than the long way rounds a mean of two: it reckons in floats.
    low, high = sorted(int(edge) + 64 * int(rng.integers(-2, 3)) for edge in edges)
    return rng.integers(low, high + 1, rng.integers(1, 6))


def test_times_in_one_band_are_read_as_by_the_long_way(monkeypatch: pytest.MonkeyPatch):
    rng, plain = np.random.default_rng(5), 0
    for _ in range(3_000):
        values = _random_times(rng)
        plain += timestamps._plain_unit(int(values.min()), int(values.max())) is not None
        short = timestamps.from_integers(values, None, None)
        with monkeypatch.context() as patch:
            patch.setattr(timestamps, "_plain_unit", lambda low, high: None)
            long = timestamps.from_integers(values, None, None)
        assert short.expected == long.expected, values
        np.testing.assert_array_equal(short.ms, long.ms)
        np.testing.assert_array_equal(short.bad, long.bad)
    assert 500 < plain < 2_500


BLOCK = 1024  # rows that the core looks at together: csrc/base/find.h

#: A column, the value that makes its row bad, and what the message says.
FAULTS = {
    "timestamp": (1_600_000_000_000, "expected a time after"),
    "open": (np.nan, "expected a finite number"),
    "high": (50.0, "expected high >= low"),
    "low": (-2e100, "expected a finite number"),
    "close": (103.0, "expected close within"),
    "volume": (-1.0, "expected volume >= 0"),
}


@pytest.mark.parametrize("field", FAULTS)
@pytest.mark.parametrize("row", [1, BLOCK - 1, BLOCK, 2 * BLOCK, 2 * BLOCK + 6])
def test_a_bad_row_is_found_in_any_block(field: str, row: int):
    rows = 2 * BLOCK + 7
    columns = {
        "timestamp": 1_600_000_000_000 + 60_000 * np.arange(rows),
        "open": np.full(rows, 100.0), "high": np.full(rows, 102.0),
        "low": np.full(rows, 99.0), "close": np.full(rows, 101.0), "volume": np.ones(rows),
    }  # fmt: skip
    assert len(load(columns)) == rows
    value, expected = FAULTS[field]
    columns[field][row] = value
    with pytest.raises(DataError, match=rf"row {row} .*{expected}"):
        load(columns)
    kept = load(columns, errors="skip")
    assert (len(kept), kept.skipped) == (rows - 1, 1)


#: What a row may have in a field, good and bad, edges included.
ODD = {
    "timestamp": [0, 59_999, 60_000, 60_001, 10**12, -(2**62)],
    "price": [np.nan, np.inf, -np.inf, 1e100, -1e100, 1.0001e100, 0.0, -0.0, 99.0, 100.0, 101.0],
    "volume": [np.nan, np.inf, 1e100, 1.0001e100, 0.0, -0.0, -5e-324],
}


def _random_columns(rng: np.random.Generator) -> dict[str, np.ndarray]:
    rows = int(rng.integers(1, 40))
    columns = {
        "timestamp": 1_600_000_000_000 + 60_000 * np.arange(rows),
        "open": np.full(rows, 100.0), "high": np.full(rows, 101.0),
        "low": np.full(rows, 99.0), "close": np.full(rows, 100.0), "volume": np.ones(rows),
    }  # fmt: skip
    if rng.random() < 0.5:
        columns["buy_volume"] = np.ones(rows)
    for _ in range(int(rng.integers(0, 3))):
        name, row = str(rng.choice(list(columns))), int(rng.integers(rows))
        kind = name if name == "timestamp" else "volume" if "volume" in name else "price"
        value = rng.choice(ODD[kind])
        columns[name][row] = columns[name][0] + value if name == "timestamp" else value
    return columns


@pytest.mark.parametrize("level", range(lib.hq_simd_level() + 1))
def test_the_core_lets_pass_what_the_rules_have_nothing_to_say_about(
    level: int, monkeypatch: pytest.MonkeyPatch
):
    rng, clean = np.random.default_rng(level), 0
    lib.hq_simd_limit(level)
    try:
        for _ in range(2_000):
            columns = _random_columns(rng)
            rows = validate.RawRows(columns, validate.Place("rows", {}))
            short = validate.check(rows, "ms")
            with monkeypatch.context() as patch:
                patch.setattr(validate, "_keeps_all_rules", lambda ms, values: False)
                long = validate.check(rows, "ms")
            assert short.clean is long.clean is not long.bad.any(), columns
            assert short.bad.tolist() == long.bad.tolist()
            if not short.clean:
                assert short.first_fault() == long.first_fault()
                row = int(np.argmax(long.bad))
                with pytest.raises(DataError, match=rf"^bar {row}: "):
                    check(lib.hq_bars_check(columns_struct(columns)))
            clean += short.clean
    finally:
        lib.hq_simd_limit(lib.HQ_SIMD_AVX512)
    assert 500 < clean < 1_500


@pytest.mark.parametrize("kind", ["int64", "datetime64[ms]"])
def test_times_read_by_their_ends_are_those_read_one_by_one(kind: str):
    rng, short = np.random.default_rng(9), 0
    for _ in range(2_000):
        times = np.sort(_random_times(rng)).astype(np.int64).view(kind)
        if kind != "int64" and rng.random() < 0.2:
            times[rng.integers(len(times))] = "NaT"
        ms = timestamps.ms_if_rising(times, None)
        if ms is None or not (ms[1:] > ms[:-1]).all():
            continue
        read = timestamps.to_ms(times, None, None, "times")
        assert not read.bad.any(), times
        assert read.ms.tolist() == ms.tolist()
        short += 1
    assert short > 200
