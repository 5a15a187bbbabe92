"""Sweeps of signals alone, whose accounts run side by side: each row is that of a run by itself."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt

from hquant_cffi import Bars, Strategy, load, sweep
from hquant_cffi._ffi import lib

__all__ = [
    "TEXTS",
    "check_at_the_end_of_a_block",
    "check_blocks_that_begin_flat",
    "check_orders_that_wait_while_their_lane_comes_back",
    "check_sizes_that_no_ledger_takes",
    "check_together",
]

_PARAMS = "PARAM a = 5 IN 1..50\nPARAM b = 9 IN 1..90\n"
#: Few signals, many, such as are ignored, such as want nothing, such as bring sizes, and such as
#: bring sizes of two units, or of each bar's own, which no ledger takes.
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
    "units": "IF CROSSOVER(close, SMA(close, a)) THEN BUY SIZE 50%\n"
             "IF CROSSUNDER(close, SMA(close, b)) THEN SELL SIZE 2",
    "varying": "IF CROSSOVER(close, SMA(close, a)) THEN BUY SIZE volume / 100\n"
               "IF CROSSUNDER(close, SMA(close, b)) THEN SELL SIZE 2",
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


def check_blocks_that_begin_flat() -> None:
    """A block before began with a position and closed it late; then one is opened early."""
    text = "PARAM n = 1 IN 0..99\nIF volume == 500 + n OR volume == 2051 + n THEN BUY\n"
    text += "IF volume == 1900 + n OR volume == 3000 + n THEN SELL"
    bars = _numbered(np.linspace(100, 200, 3_500))
    for fill in ("next_open", "close"):
        options = {"sides": "long", "fill": fill, "fee": 0.0001}
        table = _compare(bars, text, [{"n": n} for n in range(0, 99, 5)], options)
        assert (table["trades"] == 2).all()


def check_orders_that_wait_while_their_lane_comes_back() -> None:
    """A block falls deeper than what its first bars held could bear, and ends with a signal."""
    text = "PARAM n = 0 IN 0..9\nIF volume == 100 OR volume == 2043 + n THEN BUY\n"
    text += "IF volume == 1100 OR volume == 2500 THEN SELL"
    close = np.full(3_000, 100.0)
    close[1_500:1_600] = 50
    close[2_400:] = 110
    options = {"sides": "long", "leverage": 5, "fill": "next_open", "fee": 0.001}
    table = _compare(_numbered(close), text, [{"n": n} for n in range(10)], options)
    assert (table["trades"] == 2).all() and not table["liquidated"].any()


def check_sizes_that_no_ledger_takes() -> None:
    """Orders of two units, and sizes of each bar's own, on options that a ledger takes."""
    bars = _bars(Random(3), 2_500)
    grid = [{"a": a, "b": b} for a in (3, 9) for b in (4, 20)]
    for name in ("units", "varying"):
        for fill in ("close", "next_open"):
            table = _compare(bars, _PARAMS + TEXTS[name], grid, {"fill": fill})
            assert (table["trades"] > 100).all()


def _numbered(close: npt.NDArray[np.float64]) -> Bars:
    """Bars whose volume is their number: a strategy can ask for one of them."""
    time = 1_600_000_000_000 + 60_000 * np.arange(len(close))
    return Bars(time, close, close, close, close, np.arange(float(len(close))))


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
