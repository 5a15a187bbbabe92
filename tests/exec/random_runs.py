"""Random tapes with random signals, orders and options; a seed makes the same run anywhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hquant_cffi.data import Bars
from hquant_cffi.orders import Order

MINUTE = 60_000
BARS = 500


@dataclass
class RandomRun:
    """What backtest() and the model are given."""

    seed: int
    data: dict[str, Bars]
    options: dict[str, Any] = field(default_factory=dict)


class Maker:
    """Draws one run."""

    def __init__(self, seed: int, length: int = BARS) -> None:
        self.rng = np.random.default_rng(seed)
        self.length = length
        self.is_grid = self.chance(0.5)  # prices on a grid meet each other exactly

    def chance(self, p: float) -> bool:
        return bool(self.rng.random() < p)

    def pick(self, *values: Any) -> Any:
        return values[int(self.rng.integers(len(values)))]

    def uniform(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    # ------------------------------------------------------------------- data

    def price(self, x: Any) -> Any:
        return np.maximum(0.25, np.round(np.asarray(x) * 4) / 4) if self.is_grid else x

    def steps(self, volatility: float, count: int) -> Any:
        """Log returns: quiet, sometimes none at all, sometimes a crash."""
        moves = self.rng.normal(0, volatility, count)
        moves[self.rng.random(count) < 0.1] = 0
        jumps = self.rng.random(count) < 0.01
        moves[jumps] *= 12
        return moves

    def finer(self, volatility: float, parts: int) -> Bars:
        """Bars of which every `parts` make one bar."""
        count = self.length * parts
        start = self.pick(20.0, 100.0, 3000.0)
        moves = self.steps(volatility / parts**0.5, count)
        gaps = self.rng.normal(0, volatility, count) * (self.rng.random(count) < 0.05)
        logs = np.clip(np.cumsum(moves + gaps), -3, 3)
        close = start * np.exp(logs)
        opening = np.r_[start, close[:-1]] * np.exp(gaps)
        wick = np.abs(self.rng.normal(0, volatility / 2, (2, count)))
        wick[:, self.rng.random(count) < 0.15] = 0
        high = np.maximum(opening, close) * np.exp(wick[0])
        low = np.minimum(opening, close) * np.exp(-wick[1])
        time = MINUTE * np.arange(count, dtype=np.int64)
        columns = (self.price(x) for x in (opening, high, low, close))
        return Bars(time, *columns, np.ones(count))

    def coarse(self, finer: Bars, parts: int) -> Bars:
        def fold(x: Any) -> Any:
            return np.asarray(x).reshape(-1, parts)

        return Bars(
            fold(finer.timestamp)[:, 0],
            np.ascontiguousarray(fold(finer.open)[:, 0]),
            fold(finer.high).max(1),
            fold(finer.low).min(1),
            np.ascontiguousarray(fold(finer.close)[:, -1]),
            np.ones(self.length),
        )

    def thinned(self, bars: Bars) -> Bars:
        """Some bars missing, so that symbols do not always step together."""
        keep = self.rng.random(len(bars)) < 0.97
        keep[0] = True
        columns = ("timestamp", "open", "high", "low", "close", "volume")
        return Bars(*(np.ascontiguousarray(np.asarray(getattr(bars, c))[keep]) for c in columns))

    def with_bad_bars(self, bars: Bars) -> Bars:
        low = np.array(bars.low)
        low[self.rng.random(len(low)) < 0.02] = -1.0
        return Bars(bars.timestamp, bars.open, bars.high, low, bars.close, bars.volume)

    # ---------------------------------------------------------------- options

    def distance(self, volatility: float, price: float) -> float | str:
        share = volatility * self.uniform(0.3, 4)
        if self.chance(0.5):
            return f"{share * 100:.3f}%"
        distance = float(self.price(share * price)) if self.chance(0.7) else share * price
        return max(distance, 1e-3)

    def size(self, capital: float, price: float) -> dict[str, Any]:
        unit = self.pick("all", "all", "percent", "units", "notional", "equity", "margin")
        share = self.uniform(0.02, 1.3)
        if unit == "all":
            return {}
        if unit == "percent":
            return {"size": f"{self.uniform(2, 120):.3f}%"}
        if unit == "equity":
            return {"size": share, "size_unit": unit}
        value = capital * share / price if unit == "units" else capital * share
        return {"size": value, "size_unit": unit}

    def exits(self, volatility: float, price: float, p: float) -> dict[str, Any]:
        names = [name for name in ("stop", "target", "trail") if self.chance(p)]
        return {name: self.distance(volatility, price) for name in names}

    def costs(self, capital: float, price: float) -> dict[str, Any]:
        o: dict[str, Any] = {}
        if self.chance(0.6):
            o["fee"] = self.uniform(0, 0.003)
        if self.chance(0.3):
            o["maker_fee"] = self.uniform(0, 0.002)
        if self.chance(0.2):
            o["fee_per_unit"] = self.uniform(0, price * 1e-3)
        kind = self.pick("none", "none", "slippage", "slippage_ticks", "slippage_random")
        if kind == "slippage_ticks":
            o[kind] = float(self.pick(1, 2, 0.5))
        elif kind != "none":
            o[kind] = self.uniform(0, 0.004)
        if kind == "slippage_random" and self.chance(0.8):
            o["slippage_seed"] = int(self.rng.integers(0, 2**63))
        if self.chance(0.3):
            o["maintenance_margin"] = self.uniform(0, 0.02)
        elif self.chance(0.4):
            o["margin_tiers"] = self.tiers(capital)
        return o

    def tiers(self, capital: float) -> list[tuple[float, float, float]]:
        count = int(self.rng.integers(1, 5))
        starts = np.r_[0.0, np.sort(capital * self.rng.uniform(0.3, 30, count - 1))]
        rates = np.sort(self.rng.uniform(0, 0.03, count))
        most = [float(self.pick(125, 50, 20, 10, 5, 2, 1)) for _ in starts]
        most.sort(reverse=True)  # as venues' tables are: the larger, the less leverage
        return [(float(a), float(b), c) for a, b, c in zip(starts, rates, most, strict=True)]

    def venue(self, price: float, capital: float) -> dict[str, float]:
        o: dict[str, float] = {}
        if self.chance(0.4):
            o["tick_size"] = self.pick(0.25, 0.1, 0.01, 0.5) * (1 if price < 1000 else 10)
        if self.chance(0.3):
            o["lot_size"] = self.pick(0.001, 0.01, 0.1, 1.0) * 100 / price
        if self.chance(0.2):
            o["min_quantity"] = self.uniform(0, 0.3) * capital / price
        if self.chance(0.2):
            o["min_notional"] = self.uniform(0, 0.3) * capital
        return o

    def order(self, bars: dict[str, Bars], capital: float, volatility: float, oco: int) -> Order:
        name = self.pick(*bars)
        series = bars[name]
        bar = int(self.rng.integers(-1, len(series)))
        near = float(series.close[max(bar, 0)])
        kind = self.pick("market", "limit", "limit", "stop", "stop", "stop_limit")
        prices = [
            max(0.25, float(self.price(near * np.exp(self.rng.normal(0, 2 * volatility)))))
            for _ in range(2)
        ]
        if kind == "stop_limit" and self.chance(0.4):
            prices[1] = prices[0]
        size = {} if self.chance(0.3) else self.size(capital, near)
        return Order(
            bar=bar,
            side=self.pick("buy", "sell"),
            type=kind,
            price=prices[0] if kind in ("limit", "stop_limit") else None,
            stop_price=prices[1] if kind in ("stop", "stop_limit") else None,
            symbol=name,
            reduce_only=self.chance(0.25),
            oco=oco if self.chance(0.5) else 0,
            bars=self.pick(0, 0, 1, 2, 5, 20),
            **size,
            **self.exits(volatility, near, 0.3),
        )

    def orders(self, bars: dict[str, Bars], capital: float, volatility: float) -> list[Order]:
        count = self.pick(0, 10, 60, 150)
        made = [
            self.order(bars, capital, volatility, 1 + int(self.rng.integers(count)) // 3)
            for _ in range(count)
        ]
        return sorted(made, key=lambda o: o.bar)

    # -------------------------------------------------------------------- all

    def run(self, seed: int) -> RandomRun:
        volatility = self.pick(0.002, 0.005, 0.01, 0.03)
        parts = self.pick(2, 4, 5)
        names = ["A", "B", "C"][: self.pick(1, 1, 1, 2, 3)]
        finer = {name: self.finer(volatility, parts) for name in names}
        bars = {name: self.coarse(finer[name], parts) for name in names}
        if len(names) > 1 and self.chance(0.5):
            bars = {name: self.thinned(b) for name, b in bars.items()}
        o: dict[str, Any] = {}
        if self.chance(0.1):
            bars = {name: self.with_bad_bars(b) for name, b in bars.items()}
            o["bad_bars"] = "skip"
        price = float(finer["A"].open[0])
        capital = self.pick(1000.0, 10_000.0, 65536.0)
        o.update(capital=capital, leverage=float(self.pick(1, 1, 2, 3, 5, 10, 25, 50)))
        o.update(self.costs(capital, price))
        o.update(self.size(capital, price))
        o.update(self.exits(volatility, price, 0.4))
        o.update(
            fill=self.pick("next_open", "next_open", "close", "limit"),
            intrabar=self.pick("worst", "best", "nearest", "finer"),
            sides=self.pick("both", "both", "both", "long", "short"),
            position=self.pick("netted", "netted", "netted", "hedged"),
            pyramiding=self.pick(0, 0, 1, 3),
            unaffordable=self.pick("clamp", "clamp", "reject"),
            curves=("position", "margin"),
        )
        if o["fill"] == "limit":
            o["limit_offset"] = self.uniform(0, 2 * volatility)
            o["limit_bars"] = self.pick(0, 1, 3, 10)
        if o["intrabar"] == "finer":
            o["finer"] = {name: self.gappy(f) for name, f in finer.items()}
        rules = {name: self.venue(float(finer[name].open[0]), capital) for name in names}
        for key in ("tick_size", "lot_size", "min_quantity", "min_notional"):
            o[key] = {name: rule.get(key, 0.0) for name, rule in rules.items()}
        if o.get("slippage_ticks"):
            o["tick_size"] = {name: value or 0.25 for name, value in o["tick_size"].items()}
        if self.chance(0.4):
            self.funding(o, bars)
        often = self.pick(0.02, 0.05, 0.1, 0.4)
        o["signals"] = {
            name: np.where(self.rng.random(len(b)) < often, self.rng.choice([-1, 1], len(b)), 0)
            for name, b in bars.items()
        }
        o["orders"] = self.orders(bars, capital, volatility)
        return RandomRun(seed, bars, o)

    def gappy(self, finer: Bars) -> Bars:
        """Finer bars of which some stretches are missing."""
        if self.chance(0.6):
            return finer
        keep = np.repeat(self.rng.random(len(finer) // 10 + 1) < 0.8, 10)[: len(finer)]
        columns = ("timestamp", "open", "high", "low", "close", "volume")
        return Bars(*(np.ascontiguousarray(np.asarray(getattr(finer, c))[keep]) for c in columns))

    def funding(self, o: dict[str, Any], bars: dict[str, Bars]) -> None:
        o["funding_interval"] = self.pick(None, "30m", "8h", "7m")
        o["funding_missing"] = self.pick("error", "zero", "zero", self.uniform(-1e-3, 1e-3))
        rates = {name: self.rng.normal(0, 1e-3, len(b)) for name, b in bars.items()}
        if o["funding_missing"] != "error" or self.chance(0.1):
            for column in rates.values():
                column[self.rng.random(len(column)) < 0.1] = np.nan
        o["funding"] = rates


def random_run(seed: int, length: int = BARS) -> RandomRun:
    """The run of a seed."""
    return Maker(seed, length).run(seed)
