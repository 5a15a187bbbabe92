"""Columns that are plainly right are recognised by a shorter look, with the same answer."""

from __future__ import annotations

import numpy as np
import pytest

from hquant_cffi import DataError, load
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


BLOCK = validate._BLOCK

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
