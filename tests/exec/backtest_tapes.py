"""Small tapes and scripts for tests of `backtest`."""

from __future__ import annotations

import numpy as np

from hquant_cffi import Bars

MINUTE = 60_000


def bars_of(
    rows: list[tuple[float, float, float, float]], *, start: int = 0, step: int = MINUTE
) -> Bars:
    """Bars a minute apart, or so many milliseconds; a row is open, high, low, close."""
    columns = np.array(rows, dtype=np.float64).reshape(len(rows), 4).T
    times = start + step * np.arange(len(rows))
    return Bars(times, *(np.ascontiguousarray(c) for c in columns), np.ones(len(rows)))


def flat_bars(length: int, price: float = 16, *, start: int = 0) -> Bars:
    """Bars that stand still."""
    return bars_of([(price, price, price, price)] * length, start=start)


def walk(seed: int, length: int = 300, *, start: int = 0) -> Bars:
    """A random walk of prices on a grid of 1/64, so that every sum of them is exact."""
    rng = np.random.default_rng(seed)
    close = np.round(64 * 100 * np.exp(np.cumsum(rng.normal(0, 0.01, length)))) / 64
    open_ = np.concatenate(([100.0], close[:-1]))
    high = np.maximum(open_, close) + rng.integers(0, 32, length) / 64
    low = np.minimum(open_, close) - rng.integers(0, 32, length) / 64
    times = start + MINUTE * np.arange(length)
    return Bars(times, open_, high, low, close, np.ones(length))


def random_signals(seed: int, length: int = 300) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
    """A signal on about a fifth of the bars."""
    drawn = np.random.default_rng(seed).choice([0] * 8 + [1, -1], length)
    return drawn.astype(np.int8)
