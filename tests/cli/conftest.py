"""The command in an empty folder, and a file of candles for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hquant_command import Hquant, fresh, inside

from hquant_cffi.data import load_sp500


@pytest.fixture
def hquant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hquant:
    """Run ``hquant ARGUMENTS`` in an empty folder, inside this process."""
    monkeypatch.chdir(tmp_path)
    return inside


@pytest.fixture
def fresh_hquant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hquant:
    """Run ``hquant ARGUMENTS`` in an empty folder, as a process of its own."""
    monkeypatch.chdir(tmp_path)
    return fresh


@pytest.fixture
def sp500_csv(tmp_path: Path) -> Path:
    """The first 600 days of the shipped series as a CSV file."""
    bars = load_sp500()[:600]
    path = tmp_path / "days.csv"
    columns = [column.tolist() for column in bars.columns.values()]
    lines = [",".join(map(str, row)) for row in zip(*columns, strict=True)]
    path.write_text("\n".join([",".join(bars.columns), *lines]) + "\n")
    return path
