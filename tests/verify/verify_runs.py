"""Random bars, options, signals and orders, for whole verifications."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np

from hquant_cffi import Bars, Order

MINUTE = 60_000
START = 1_700_000_000_000 // 3_600_000 * 3_600_000


def random_bars(seed: int, length: int, *, volatility: float = 0.01, gaps: bool = True) -> Bars:
    """Minutes, some of them missing; prices with gaps between bars."""
    rng = np.random.default_rng(seed)
    steps = rng.choice([1, 1, 1, 1, 1, 2, 7] if gaps else [1], length)
    close = 100 * np.exp(np.cumsum(rng.normal(0, volatility, length)))
    opened = close * (1 + rng.normal(0, volatility / 2, length))
    reach = volatility / 2 * abs(rng.normal(0, 1, (2, length)))
    volume = rng.uniform(1, 1000, length)
    return Bars(
        timestamp=START + np.cumsum(steps) * MINUTE,
        open=opened,
        high=np.maximum(opened, close) * (1 + reach[0]),
        low=np.minimum(opened, close) * (1 - reach[1]),
        close=close,
        volume=volume,
        buy_volume=volume * rng.uniform(0, 1, length),
    )


def finer_bars(bars: Bars, seed: int) -> Bars:
    """Quarters of each bar, whose prices go from its open through its extremes to its close."""
    rng = np.random.default_rng(seed)
    first = np.where(rng.random(len(bars)) < 0.5, bars.low, bars.high)
    second = bars.low + bars.high - first
    points = np.stack([bars.open, first, (first + second) / 2, second, bars.close], axis=1)
    begin, end = points[:, :-1].reshape(-1), points[:, 1:].reshape(-1)
    return Bars(
        timestamp=(bars.timestamp[:, None] + np.arange(4) * (MINUTE // 4)).reshape(-1),
        open=begin,
        high=np.maximum(begin, end),
        low=np.minimum(begin, end),
        close=end,
        volume=np.ones(4 * len(bars)),
    )


def random_orders(rng: Random, bars: Bars, symbol: str | None, groups: int) -> list[Order]:
    """Orders of every type around the price, in the order of their bars."""
    orders = []
    for bar in sorted(rng.randrange(-1, len(bars)) for _ in range(rng.randint(0, 25))):
        near = float(bars.close[max(bar, 0)])
        kind = rng.choice(["market", "limit", "stop", "stop_limit"])
        price = near * rng.uniform(0.97, 1.03) if "limit" in kind else None
        trigger = near * rng.uniform(0.97, 1.03) if "stop" in kind else None
        size, unit = rng.choice(
            [(None, "units"), ("30%", "equity"), (20.0, "units"), (4000.0, "notional")]
        )
        orders.append(
            Order(
                bar=bar,
                side=rng.choice(["buy", "sell"]),  # type: ignore[arg-type]
                size=size,
                size_unit=unit,  # type: ignore[arg-type]
                type=kind,  # type: ignore[arg-type]
                price=price,
                stop_price=trigger,
                symbol=symbol,
                reduce_only=rng.random() < 0.2,
                oco=rng.choice([0, 0, rng.randint(1, groups)]),
                bars=rng.choice([0, 1, 5]),
                stop=rng.choice([None, "2%", 1.5]),
                target=rng.choice([None, "3%"]),
                trail=rng.choice([None, None, "1.5%"]),
            )
        )
    return orders


def random_options(rng: Random) -> dict[str, Any]:
    """Options of a run, in every combination."""
    options: dict[str, Any] = {
        "leverage": rng.choice([1, 1, 3, 20, 60]),
        "fee": rng.choice([0, 0.0004, 0.01]),
        "maker_fee": rng.choice([None, 0.0001]),
        "fee_per_unit": rng.choice([0, 0.01]),
        "maintenance_margin": rng.choice([0, 0.005]),
        "fill": rng.choice(["next_open", "next_open", "close", "limit"]),
        "intrabar": rng.choice(["worst", "best", "nearest"]),
        "sides": rng.choice(["both", "both", "long", "short"]),
        "position": rng.choice(["netted", "netted", "hedged"]),
        "pyramiding": rng.choice([0, 0, 3]),
        "stop": rng.choice([None, "2%", 1.0]),
        "target": rng.choice([None, "3%", 2.0]),
        "trail": rng.choice([None, None, "1%"]),
        "tick_size": rng.choice([0, 0, 0.01, 0.5]),
        "lot_size": rng.choice([0, 0, 0.1]),
        "min_quantity": rng.choice([0, 0, 1]),
        "min_notional": rng.choice([0, 0, 50]),
        "unaffordable": rng.choice(["clamp", "reject"]),
    }
    options |= rng.choice(
        [{}, {}, {"slippage": 0.0005}, {"slippage_random": 0.002, "slippage_seed": 7}]
    )
    options |= rng.choice(
        [{}, {"size": "50%"}, {"size": 30.0}, {"size": 900.0, "size_unit": "margin"}]
    )
    if options["fill"] == "limit":
        options |= {"limit_offset": rng.choice([0, 0.002]), "limit_bars": rng.choice([0, 1, 4])}
    if rng.random() < 0.2:
        options["maintenance_margin"] = 0
        options["margin_tiers"] = [(0, 0.004, 100), (20_000, 0.01, 50), (80_000, 0.03, 10)]
    return options


def random_run(seed: int, length: int = 250) -> tuple[Any, dict[str, Any]]:
    """Data and options of a run of signals and orders, of one symbol or several."""
    rng = Random(seed)
    names = rng.choice([None, None, ("A", "B"), ("A", "B", "C")])
    volatility = rng.choice([0.003, 0.01, 0.03])
    bars = {
        name: random_bars(seed * 7 + i, rng.randint(length // 2, length), volatility=volatility)
        for i, name in enumerate(names or ("",))
    }
    options = random_options(rng)
    options["signals"] = {
        name: [rng.choice([0, 0, 0, 0, 1, -1]) for _ in range(len(each))]
        for name, each in bars.items()
    }
    options["orders"] = [
        order for name, each in bars.items() for order in random_orders(rng, each, name or None, 3)
    ]
    # Groups are 1..(number of orders).
    if len(options["orders"]) < 3:
        options["orders"] = []
    if rng.random() < 0.4:
        options["funding"] = {
            name: np.where(np.arange(len(each)) % 11 == 3, np.nan, 0.0007)
            for name, each in bars.items()
        }
        options["funding_missing"] = rng.choice(["zero", 0.0002])
        options["funding_interval"] = rng.choice([None, "1h"])
    if rng.random() < 0.25:
        options["intrabar"] = "finer"
        options["finer"] = {name: finer_bars(each, seed) for name, each in bars.items()}
    if names is not None:
        return bars, options
    for name in ("signals", "funding", "finer"):
        if name in options:
            options[name] = options[name][""]
    return bars[""], options
