"""Sweeps of signals alone, whose accounts run side by side: each row is that of a run by itself."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt

from hquant_cffi import Bars, Strategy, load, sweep
from hquant_cffi._ffi import lib

__all__ = ["TEXTS", "check_at_the_end_of_a_block", "check_together"]

_PARAMS = "PARAM a = 5 IN 1..50\nPARAM b = 9 IN 1..90\n"
#: Few signals, many, such as are ignored, such as want nothing, and such as bring sizes.
TEXTS = {
    "cross": "f = SMA(close, a)\ns = SMA(close, b)\n"
             "IF CROSSOVER(f, s) THEN BUY\nIF CROSSUNDER(f, s) THEN SELL",
    "often": "IF close > EMA(close, a) THEN BUY\nIF close < SMA(close, b) THEN SELL",
    "hold": "IF volume > 900 THEN HOLD\nIF RSI(close, a) < 20 + b THEN BUY\n"
            "IF RSI(close, a) > 80 - b / 2 THEN SELL",
    "sizes": "IF volume > 990 THEN HOLD\nIF close > EMA(close, a) THEN BUY SIZE b\n"
             "IF close < SMA(close, b) THEN SELL SIZE 2",
    "shares": "IF CROSSOVER(EMA(close, a), SMA(close, b)) THEN BUY SIZE 50%\n"
              "IF CROSSUNDER(EMA(close, a), SMA(close, b)) THEN SELL SIZE b*2%",
    "one that cannot": "IF CROSSOVER(close, SMA(close, a)) THEN BUY\n"
                       "IF CROSSUNDER(close, SMA(close, b)) THEN SELL STOP b/10%",
}  # fmt: skip


def _bars(rng: Random, length: int) -> Bars:
    """Bars of a walk, with gaps, as wild as chance has it."""
    chance = np.random.default_rng(rng.getrandbits(32))
    step = rng.choice([0.0003, 0.003, 0.02, 0.08])
    close = 100 * np.exp(np.cumsum(chance.normal(0, step, length)))
    before = np.concatenate([[100.0], close[:-1]])
    open_ = before * (1 + chance.normal(0, step / 5, length))
    high = np.maximum(open_, close) * (1 + np.abs(chance.normal(0, step / 2, length)))
    low = np.minimum(open_, close) / (1 + np.abs(chance.normal(0, step / 2, length)))
    time = 1_600_000_000_000 + 60_000 * np.arange(length)
    volume = chance.uniform(1, 1000, length)
    prices = {"open": open_, "high": high, "low": low, "close": close}
    return load({"timestamp": time, **prices, "volume": volume})


def _options(rng: Random) -> dict[str, Any]:
    """Options of runs that a ledger takes, most of them, and of some that it does not."""
    options: dict[str, Any] = {
        "fee": rng.choice([0, 0.0005, 0.002, 0.05]),
        "fill": rng.choice(["close", "next_open"]),
        "sides": rng.choice(["both", "long", "short"]),
        "leverage": rng.choice([1, 1, 3, 20, 125]),
        "capital": rng.choice([1e3, 1e5, 7.0]),
    }
    size: Any = rng.choice([1.0, "10%", "50%", "100%", "150%"])
    more: list[dict[str, Any]] = [
        {},
        {"size": size, "unaffordable": rng.choice(["clamp", "reject"])},
        {"size": 300.0, "size_unit": rng.choice(["notional", "margin"])},
        {rng.choice(["slippage", "slippage_random"]): rng.choice([0.001, 0.05, 0.4])},
        {"maintenance_margin": rng.choice([0, 0.005, 0.3, 0.95])},
        {"pyramiding": 2, "size": "20%"},
        {"position": "hedged"},
    ]
    return options | rng.choice(more)


def check_together(seed: int, *, length: int, rows: int, name: str) -> npt.NDArray[Any]:
    """Compare rows of a sweep with those whose curves are asked for, which run one by one."""
    rng = Random(seed)
    bars, options = _bars(rng, length), _options(rng)
    grid = [{"a": rng.randint(1, 50), "b": rng.randint(1, 90)} for _ in range(rows)]
    return _compare(bars, _PARAMS + TEXTS[name], grid, options)


def check_at_the_end_of_a_block() -> None:
    """Orders of signals around bars 1,023 and 2,047; a later fall liquidates, or does not."""
    text = "PARAM at = 1 IN 0..9999\nIF volume == at THEN BUY\nIF volume == at + 3000 THEN SELL"
    close = np.full(2_200, 100.0)
    close[1_060:] = 97
    close[2_100:] = 91
    bars = load(
        {"timestamp": np.arange(2_200) * 60_000, "open": close, "high": close, "low": close,
         "close": close, "volume": np.arange(2_200.0)}
    )  # fmt: skip
    grid = [{"at": at} for end in (1_023, 2_047) for at in range(end - 2, end + 3)]
    for leverage, fill in ((1, "next_open"), (25, "next_open"), (50, "next_open"), (25, "close")):
        options = {"leverage": leverage, "fill": fill, "fee": 0.001}
        table = _compare(bars, text, grid, options)
        assert (table["liquidated"] == (leverage > 1)).all()
        assert (table["fills"] == 1).all()


def _compare(bars: Bars, text: str, grid: list[dict[str, int]], options: dict[str, Any]) -> Any:
    strategy = Strategy.compile(text)
    options = {"periods_per_year": 525_600, **options}  # so that deviations are known
    alone = sweep(bars, strategy, grid=grid, curves=True, **options).table
    for level in (0, 1, 2):
        lib.hq_simd_limit(level)
        together = sweep(bars, strategy, grid=grid, n_jobs=1 + level, **options).table
        assert np.isfinite(together["sharpe"]).any() or not (together["trades"] > 1).any()
        for column in alone.dtype.names or ():
            same = np.array_equal(alone[column], together[column], equal_nan=True)
            assert same, (level, column, options)
    return alone
