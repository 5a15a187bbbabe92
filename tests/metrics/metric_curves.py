"""Curves, returns and trades that tests of the metrics are fed with."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from hquant_cffi._records import TRADE_DTYPE

DAY = 86_400_000
MONDAY = 4 * DAY  # 1970-01-05

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def walk(seed: int, n: int, scale: float = 0.01, drift: float = 0.0005) -> Floats:
    """Equity of a random walk with fat tails and flat stretches."""
    rng = np.random.default_rng(seed)
    steps = rng.standard_t(4, n) * scale + drift
    steps[rng.random(n) < 0.2] = 0.0
    return np.asarray(10_000 * np.cumprod(1 + np.clip(steps, -0.5, 0.5)))


def times(n: int, spacing: int = DAY, start: int = MONDAY) -> Ints:
    return start + spacing * np.arange(n, dtype=np.int64)


def returns_of(equity: Floats) -> Floats:
    return np.diff(equity) / equity[:-1]


def trades_of(
    pnl: list[float],
    notional: float = 1000.0,
    *,
    entry: int = 0,
    exit_: int = DAY,
    open_from: int | None = None,
) -> npt.NDArray[np.void]:
    """Trades with these P&Ls, those from `open_from` on still open."""
    rows = np.zeros(len(pnl), TRADE_DTYPE)
    rows["pnl"], rows["entry_price"], rows["quantity"] = pnl, 100.0, notional / 100
    rows["entry_time"], rows["exit_time"], rows["bars_held"] = entry, exit_, 3
    rows["exit_reason"] = 1
    if open_from is not None:
        rows["exit_reason"][open_from:] = 0
    return rows


HOSTILE_RETURNS: dict[str, list[float]] = {
    "all zero": [0.0] * 40,
    "one value": [0.01] * 40,
    "one value, rounded": [0.1 + 0.2, 0.3, 0.1 + 0.2, 0.3],
    "all losses": [-0.01 - 0.001 * (i % 7) for i in range(40)],
    "all gains": [0.01 + 0.001 * (i % 7) for i in range(40)],
    "bankrupt": [0.01, -0.02, 0.03, -1.0, 0.0, 0.0, 0.0],
    "bankrupt at once": [-1.0, 0.0, 0.0],
    "bankrupt at the end": [0.1, -0.05, 0.02, -1.0],
    "zeros of both signs": [0.0, -0.0, -0.0, 0.0, -0.0, 0.0, 0.0, 0.0, -0.0, 0.0, -0.0],
    "losses and zeros of both signs": [-0.01, -0.0, 0.0, -0.02, 0.0, 0.0, 0.0, 0.0, 0.0, -0.0],
    "one return": [0.02],
    "two returns": [0.02, -0.01],
    "three returns": [0.02, -0.01, 0.005],
    "a mean a million deviations off": [1.0 + 1e-6 * (i % 5) for i in range(60)],
    "an outlier": [*[1e-6, -2e-6] * 30, 0.5],
    "an outlier first": [0.5, *[1e-6, -2e-6] * 1000],
    "zeros, then one value": [*[0.0] * 30, *[0.01] * 700],
    "some beyond 1024": [0.01, *[3000.0, -0.9996, 0.02, -0.01] * 10],
    "tiny": [3e-9 + 1e-8 * ((-1) ** i) * (1 + i % 5) for i in range(50)],
}
