"""The input of every workload: a seeded geometric random walk of one-minute bars."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

__all__ = ["Floats", "Market", "walk"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Market:
    """Columns of bars, contiguous; times are open times in ms."""

    timestamp: npt.NDArray[np.int64]
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats

    def __len__(self) -> int:
        return len(self.close)

    def columns(self) -> dict[str, npt.NDArray[np.generic]]:
        """Return the columns by name, as `hquant_cffi.load` takes them."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def rows(self) -> list[tuple[int, float, float, float, float, float]]:
        """Return the bars one by one, as Python numbers."""
        return list(zip(*(column.tolist() for column in self.columns().values()), strict=True))


def walk(bars: int, *, seed: int = 42) -> Market:
    """Return a walk of 0.1 % a bar; with the same seed the prices of ../shared/limit/gendata.py."""
    rng = np.random.default_rng(seed)
    close = 100.0 * np.exp(np.cumsum(rng.normal(0, 0.001, bars)))
    open_ = np.concatenate([[100.0], close[:-1]])
    high = np.maximum(open_, close) * (1 + np.abs(rng.normal(0, 0.0005, bars)))
    low = np.minimum(open_, close) * (1 - np.abs(rng.normal(0, 0.0005, bars)))
    volume = rng.uniform(1, 1000, bars)
    timestamp = 1_600_000_000_000 + 60_000 * np.arange(bars, dtype=np.int64)
    return Market(timestamp, open_, high, low, close, volume)
