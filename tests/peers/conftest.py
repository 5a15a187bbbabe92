"""The two markets of the comparisons."""

from __future__ import annotations

from pathlib import Path

import peer_hquant
import pytest
from peer_rules import Market

from hquant_cffi.data import load

FILES = {"GOOG": "GOOG_daily.csv", "FIL": "binance_um_FILUSDT_1m_2024-09_11.csv.gz"}


@pytest.fixture(scope="session")
def markets(shared_data: Path) -> dict[str, Market]:
    """2,148 days of GOOG and 131,040 minutes of FILUSDT, with the signals of the cross."""
    loaded = {name: load(shared_data / file) for name, file in FILES.items()}
    return {name: Market(name, bars, peer_hquant.signals_of(bars)) for name, bars in loaded.items()}
