"""Candles that the tests of the loaders write in every form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from hquant_cffi.data import Bars

Columns = dict[str, np.ndarray]
MINUTE = 60_000
START = 1_704_067_200_000  # 2024-01-01T00:00Z


def make_columns(length: int, seed: int = 7) -> Columns:
    """A random walk that keeps every rule of a bar."""
    rng = np.random.default_rng(seed)
    open_ = 100 + np.cumsum(rng.normal(size=length))
    close = open_ + rng.normal(size=length)
    high = np.maximum(open_, close) + rng.random(length)
    low = np.minimum(open_, close) - rng.random(length)
    volume = rng.random(length) * 1e4
    time = START + MINUTE * np.arange(length, dtype=np.int64)
    return {
        "timestamp": time,
        "open": open_,
        "high": high,
        "low": low,
        "close": close,
        "volume": volume,
        "buy_volume": volume * rng.random(length),
    }


def csv_text(columns: Mapping[str, np.ndarray]) -> str:
    """The columns as CSV; repr of a float reads back as the same bits."""
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    lines = [",".join(columns)] + [",".join(map(repr, row)) for row in rows]
    return "\n".join(lines) + "\n"


def assert_same(bars: Bars, columns: Mapping[str, np.ndarray]) -> None:
    assert set(bars.columns) == set(columns)
    for name, column in bars.columns.items():
        np.testing.assert_array_equal(column, columns[name], err_msg=name)


@pytest.fixture
def columns() -> Columns:
    return make_columns(500)


@pytest.fixture
def same() -> Callable[[Bars, Mapping[str, np.ndarray]], None]:
    return assert_same


@pytest.fixture
def to_csv() -> Callable[[Mapping[str, np.ndarray]], str]:
    return csv_text


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """Write a file and return its path."""

    def write(content: str | bytes, name: str = "bars.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write
