"""What a bar of each indicator costs, as a multiple of SMA(close, 20).

Writes bench/indicator_cost.json, which the documentation shows. Every figure is the least of
several runs over whole columns, with SMA measured before and after in the same invocation.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from hquant_cffi import indicators
from hquant_cffi.indicators import Indicator

BARS = 50_000
RUNS = 5
TARGET = Path(__file__).with_name("indicator_cost.json")


def columns() -> dict[str, Any]:
    """Return plausible minutes."""
    rng = np.random.default_rng(1)
    close = np.round(100 + np.cumsum(rng.normal(0, 0.05, BARS)), 2)
    open_ = np.concatenate([close[:1], close[:-1]])
    spread = np.round(rng.random((2, BARS)) / 10, 2)
    return {
        "open": open_,
        "high": np.maximum(open_, close) + spread[0],
        "low": np.minimum(open_, close) - spread[1],
        "close": close,
        "volume": np.round(rng.random(BARS) * 100, 3),
        "periods": 2.0 + np.arange(BARS) % 29,
        "time": np.arange(BARS) * 60_000.0,
    }


def seconds(row: Indicator, data: dict[str, Any], mode: str, *params: float) -> float:
    """Return the least time over a few runs."""
    stand_in = {"y": "high", "periods": "periods"}
    inputs = [data[each.field or stand_in.get(each.name, "close")] for each in row.inputs]
    function = getattr(indicators, row.name.lower())
    taken = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        function(*inputs, *params, mode=mode)
        taken.append(time.perf_counter() - begin)
    return min(taken)


def measure() -> dict[str, dict[str, float]]:
    """Return the ratios of every row in each of its modes."""
    data, sma = columns(), indicators.find("SMA")
    found: dict[str, dict[str, float]] = {}
    for row in indicators.table():
        params = [20.0 if p.default is None else p.default for p in row.params]
        modes = ("seed", "talib") if row.talib_note else ("seed",)
        for mode in modes:
            unit = seconds(sma, data, "seed", 20)
            taken = seconds(row, data, mode, *params)
            unit = min(unit, seconds(sma, data, "seed", 20))
            found.setdefault(row.name, {})[mode] = round(taken / unit, 1)
    return found


if __name__ == "__main__":
    TARGET.write_text(json.dumps(measure(), indent=1) + "\n", encoding="utf-8")
