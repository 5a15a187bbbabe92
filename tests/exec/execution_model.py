"""A slow, plain model of docs/backtesting.md: the clock of a run [T] and the walk inside bars [P].

It takes what backtest() takes (bars by name, signals, orders, options) and shares no code with the
C engine. `model_backtest()` is the whole of it; model_account, model_orders, model_path and
model_trading are its parts. The letters in brackets are the rules of that page.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from model_account import TARGET, Account, Options, Position, Venue
from model_orders import Ticket, distance_of, rounded, size_of, ticket_of
from model_path import Candle, opening_is_ambiguous, path, path_after_opening
from model_trading import Trading

DEFAULTS: dict[str, Any] = dict(
    signals=None, orders=None, capital=10_000.0, leverage=1.0, contract_size=1.0, fee=0.0,
    maker_fee=None, fee_per_unit=0.0, slippage=0.0, slippage_ticks=0.0, slippage_random=0.0,
    slippage_seed=0, funding=None, funding_interval=None, funding_missing="error",
    maintenance_margin=0.0, margin_tiers=None, fill="next_open", limit_offset=0.0, limit_bars=0,
    intrabar="worst", finer=None, sides="both", position="netted", pyramiding=0, size=None,
    size_unit="units", stop=None, target=None, trail=None, tick_size=0.0, lot_size=0.0,
    min_quantity=0.0, min_notional=0.0, unaffordable="clamp", bad_bars="error", curves=(),
)  # fmt: skip

COUNTS = (
    "filled_orders", "partial_orders", "ignored_same_side", "ignored_side", "rejected_orders",
    "expired_orders", "replaced_orders", "cancelled_orders", "dropped_last_bar", "working_orders",
    "ambiguous_bars",
)  # fmt: skip
REJECTS = (
    "clause", "liquidated", "cash", "min_size", "leverage", "side", "reduce_only", "max_size",
)  # fmt: skip


class MissingFundingError(Exception):
    """A funding rate is missing where one is due and missing ones are errors [C4]."""


@dataclass
class Symbol:
    """One symbol's bars and what comes with them."""

    bars: list[Candle]
    signals: list[int]
    funding: list[float] | None
    finer: list[Candle]
    next_bar: int = 0

    def is_good(self, i: int) -> bool:
        return self.bars[i].low > 0


@dataclass
class Outcome:
    """What a run found; names are those of BacktestReport."""

    fills: list[dict[str, Any]]
    trades: list[dict[str, Any]]
    time: list[int]
    equity: list[float]
    margin: list[float]
    position: list[list[float]]
    counts: Counter[str]
    totals: dict[str, float]


def candles(bars: Any) -> list[Candle]:
    columns = (bars.timestamp, bars.open, bars.high, bars.low, bars.close)
    return [Candle(*row) for row in zip(*(np.asarray(c).tolist() for c in columns), strict=True)]


class Run(Trading):
    """The steps of one run."""

    def __init__(self, names: list[str], data: list[Any], given: dict[str, Any]) -> None:
        self.symbols = [
            self.symbol(name, bars, given) for name, bars in zip(names, data, strict=True)
        ]
        venues = [Venue(*(self.of(given[k], n) for k in
                  ("tick_size", "lot_size", "min_quantity", "min_notional"))) for n in names]
        maker = given["fee"] if given["maker_fee"] is None else given["maker_fee"]
        options = Options(
            given["capital"], given["leverage"], given["fee"], maker, given["fee_per_unit"],
            given["maintenance_margin"], list(given["margin_tiers"] or []),
            given["unaffordable"] == "reject",
        )  # fmt: skip
        super().__init__(Account(options, venues, [math.nan] * len(names)), given)
        for i, order in enumerate(given["orders"] or []):
            symbol = names.index(order.symbol) if order.symbol is not None else 0
            self.future.append(ticket_of(order, i, symbol, venues[symbol].tick))
        self.curves: list[tuple[int, float, float, list[float]]] = []
        self.ambiguous: set[tuple[int, int]] = set()
        self.before = list(self.now)
        self.seen: set[int] = set()
        self.interval = interval_ms(given["funding_interval"])

    @staticmethod
    def of(value: Any, name: str) -> Any:
        if isinstance(value, Mapping):
            return value.get(name, 0.0)
        return value

    def symbol(self, name: str, bars: Any, given: dict[str, Any]) -> Symbol:
        signals, rates = given["signals"], given["funding"]
        signals = signals.get(name) if isinstance(signals, Mapping) else signals
        rates = rates.get(name) if isinstance(rates, Mapping) else rates
        finer = given["finer"]
        finer = finer.get(name) if isinstance(finer, Mapping) else finer
        return Symbol(
            candles(bars),
            [0] * len(bars) if signals is None else [int(x) for x in signals],
            None if rates is None else [float(x) for x in rates],
            [] if finer is None else candles(finer),
        )

    # -------------------------------------------------------------- the clock

    def run(self) -> None:
        """Every step [T1]."""
        while True:
            times = [s.bars[s.next_bar].time for s in self.symbols if s.next_bar < len(s.bars)]
            if not times:
                break
            step = [i for i, s in enumerate(self.symbols)
                    if s.next_bar < len(s.bars) and s.bars[s.next_bar].time == min(times)]
            self.step(min(times), step)
        self.end()

    def step(self, time: int, step: list[int]) -> None:
        for i in step:
            self.symbols[i].next_bar += 1
        step = [i for i in step if self.symbols[i].is_good(self.symbols[i].next_bar - 1)]
        if not step:
            return
        for i in step:
            self.before[i] = self.now[i]
            self.now[i] = (self.symbols[i].next_bar - 1, time)
            self.numbers[i] = 0
            self.give_orders(i)
        self.opens(step)
        for i in step:
            self.inside(i)
            self.after_inside(i)
            self.account.marks[i] = self.bar(i).open  # for the others, until the close [T3]
        self.closes(step)
        account = self.account
        margin = sum(p.margin for p in account.positions.values())
        nets = [account.net(i) for i in range(len(self.symbols))]
        self.curves.append((time, account.equity(), margin, nets))
        self.seen.update(step)

    def bar(self, i: int) -> Candle:
        return self.symbols[i].bars[self.now[i][0]]

    def give_orders(self, i: int) -> None:
        """Orders given after an earlier bar begin to work [O3]."""
        for t in [t for t in self.future if t.symbol == i and t.bar < self.now[i][0]]:
            self.future.remove(t)
            if self.account.liquidated:
                self.reject("liquidated")
            else:
                self.resting.append(t)
        if self.account.liquidated and self.waiting.pop(i, None) is not None:
            self.reject("liquidated")
        self.resting.sort(key=lambda t: t.index)

    # --------------------------------------------------------------- the open

    def opens(self, step: list[int]) -> None:
        """[T2]"""
        for i in step:
            self.account.marks[i] = self.bar(i).open
            for p in self.account.held(i):
                p.visit(self.bar(i).open)
        for i in step:
            self.pay_funding(i)
        self.check()
        for i in step:
            self.trade_at_open(i, self.bar(i).open, is_own_open=True)

    def trade_at_open(self, i: int, price: float, *, is_own_open: bool) -> None:
        """What the open has reached: exits, the signal's order, the list's [T2d]."""
        self.toward = None
        for is_target in (False, True):  # all stops before all targets [P1]
            for p in self.account.held(i):
                for level, below, reason in self.exits(p):
                    is_reached = price <= level if below else price >= level
                    if is_reached and p.quantity and (reason == TARGET) is is_target:
                        self.exit(p, price, reason)
        signal = self.waiting.get(i)
        tickets = ([signal] if signal else []) + [t for t in self.resting if t.symbol == i]
        for t in tickets:
            if t.is_reached(price) and self.still_works(t):
                self.reached(t, price, rested=t.has_rested or not is_own_open)
            t.has_rested = True

    def still_works(self, t: Ticket) -> bool:
        return t in self.waiting.values() if t.index < 0 else t in self.resting

    def reached(self, t: Ticket, price: float, *, rested: bool) -> Position | None:
        """The price that an order waited for has come."""
        if t.kind == "stop_limit" and not t.is_armed:
            t.is_armed, rested = True, False
            if not t.is_reached(price):
                return None
        if t.index < 0:
            del self.waiting[t.symbol]
        else:
            self.resting.remove(t)
        is_limit = t.kind == "limit" or t.is_armed
        return self.turn(t, price, slips=not is_limit, maker=is_limit and rested)

    def pay_funding(self, i: int) -> None:
        """[C4]"""
        rates, interval, (bar, time) = self.symbols[i].funding, self.interval, self.now[i]
        if rates is None or i not in self.seen:
            return
        if interval and time // interval <= self.before[i][1] // interval:
            return
        for p in self.account.held(i):
            rate, missing = rates[bar], self.given["funding_missing"]
            if math.isnan(rate):
                if missing == "error":
                    raise MissingFundingError(f"symbol {i}, bar {bar}")
                rate = 0.0 if missing == "zero" else missing
            self.account.pay_funding(p, self.bar(i).open, rate)

    # ------------------------------------------------------------- the inside

    def inside(self, i: int) -> None:
        """[T3, P1]"""
        symbol, bar = self.symbols[i], self.bar(i)
        if self.given["intrabar"] != "finer":
            self.walk(i, bar, self.given["intrabar"])
            return
        later = [b.time for b in symbol.bars[self.now[i][0] + 1 :][:1]]
        end = later[0] if later else bar.time + self.shortest_period(symbol)
        finer = [b for b in symbol.finer if bar.time <= b.time < end]
        for candle in finer:
            self.account.marks[i] = candle.open
            for p in self.account.held(i):
                p.visit(candle.open)
            self.toward = None
            self.check()
            self.trade_at_open(i, candle.open, is_own_open=False)
            self.walk(i, candle, "worst")
        if finer:
            self.arrive(i, bar.close)
        else:
            self.walk(i, bar, "worst")

    @staticmethod
    def shortest_period(symbol: Symbol) -> float:
        """The shortest time between two bars: how long the last one lasts [P1]."""
        times = sorted({bar.time for bar in symbol.bars})
        return min((b - a for a, b in pairwise(times)), default=math.inf)

    def walk(self, i: int, bar: Candle, rule: str) -> None:
        """Walk the path of a bar and fill what it reaches."""
        self.note_ambiguity(i, bar)
        net, gross = self.account.net(i), sum(p.quantity for p in self.account.held(i))
        turns, price = path(bar, net if abs(net) > 1e-12 * gross else 0.0, rule), bar.open
        direction = 0
        while turns and not self.account.liquidated:
            if turns[0] != price:  # at the end of a part the price was still moving as it came
                direction = 1 if turns[0] > price else -1
            hit = self.next_hit(i, price, turns[0])
            self.toward = turns[0]
            if hit is None:
                price = turns.pop(0)
                self.arrive(i, price)
                self.check(i, price)
                continue
            price = hit[0]
            self.arrive(i, price)
            if hit[1] is not None and self.check(i, price):
                continue
            opened = self.fire(hit, price)
            if opened is not None and opened.quantity:
                exits = [level for level, _, _ in self.exits(opened)]
                if opening_is_ambiguous(bar, price, direction, exits):
                    self.ambiguous.add((i, self.now[i][0]))
                turns = path_after_opening(bar, opened.side, direction, rule, turns)
        self.toward = None

    def arrive(self, i: int, price: float) -> None:
        self.account.marks[i] = price
        for p in self.account.held(i):
            p.visit(price)

    def fire(self, hit: tuple[float, Any, Any], price: float) -> Position | None:
        """Fill what was reached; returns a position that was opened by it."""
        thing = hit[1]
        if isinstance(thing, Ticket):
            return self.reached(thing, price, rested=True)
        self.exit(thing, price, hit[2])
        return None

    def levels(self, i: int) -> list[tuple[float, bool, tuple[int, int], Any, Any]]:
        """All that waits for a price: level, reached from there down?, rank, thing, reason."""
        found: list[tuple[float, bool, tuple[int, int], Any, Any]] = []
        for p in self.account.held(i):
            for level, below, reason in self.exits(p):
                rank = (1 if reason == 4 else 0, -p.side)
                found.append((level, below, rank, p, reason))
        signal = self.waiting.get(i)
        for t in ([signal] if signal else []) + [t for t in self.resting if t.symbol == i]:
            found.append((*t.level(), (2, t.index), t, None))
        return found

    def next_hit(self, i: int, start: float, end: float) -> tuple[float, Any, Any] | None:
        """What is reached first between two prices, and where."""
        found = []
        for level, below, rank, thing, reason in self.levels(i):
            if start <= level if below else start >= level:
                found.append((0.0, rank, start, thing, reason))
            elif end <= level if below else end >= level:
                found.append((abs(start - level), rank, level, thing, reason))
        if not found:
            return None
        _, _, price, thing, reason = min(found, key=lambda f: f[:2])
        return price, thing, reason

    def note_ambiguity(self, i: int, bar: Candle) -> None:
        """[P3], the first case: levels on both sides of the open lie within the bar."""
        account, now = self.account, self.now[i]
        at_open = self.next_hit(i, bar.open, bar.open) is not None
        if account.liquidated or at_open or (account.positions and account.is_bankrupt()):
            return
        sides = {level < bar.open for level, *_ in self.levels(i)
                 if bar.holds(level) and level != bar.open}
        mark = account.marks[i]
        for extreme in (bar.low, bar.high):
            account.marks[i] = extreme
            if account.positions and account.is_bankrupt() and extreme != bar.open:
                sides.add(extreme < bar.open)
        account.marks[i] = mark
        if len(sides) == 2:
            self.ambiguous.add((i, now[0]))

    # -------------------------------------------------------------- the close

    def closes(self, step: list[int]) -> None:
        """[T4]"""
        for i in step:
            self.arrive(i, self.bar(i).close)
        self.check()
        for i in step:
            self.hear(i)

    def after_inside(self, i: int) -> None:
        """The bar is over but for its close: trailing stops follow, orders' times run out [T3]."""
        for p in self.account.held(i):
            p.best = p.seen
        for t in [t for t in [*self.resting, *self.waiting.values()] if t.symbol == i]:
            self.grow_older(t)

    def grow_older(self, t: Ticket) -> None:
        t.is_new = False
        if t.bars_left is None:
            return
        t.bars_left -= 1
        if t.bars_left == 0:
            self.count("expired_orders")
            if t.index < 0:
                del self.waiting[t.symbol]
            else:
                self.resting.remove(t)

    def hear(self, i: int) -> None:
        """A signal at the bar's close [O1]."""
        bar, given = self.now[i][0], self.given
        side = self.symbols[i].signals[bar]
        if side == 0:
            return
        self.count("signals")
        t = Ticket(
            i, side, "market", size_of(given["size"], given["size_unit"]),
            distance_of(given["stop"]), distance_of(given["target"]), distance_of(given["trail"]),
            bar=bar,
        )  # fmt: skip
        close = self.bar(i).close
        if given["fill"] == "close":
            self.turn(t, close, slips=True, maker=False)
            return
        if given["fill"] == "limit":
            t.kind = "limit"
            level = close * (1 - side * given["limit_offset"])
            t.limit = rounded(level, side, self.account.venues[i].tick, is_stop=False)
            t.bars_left = given["limit_bars"] or None
        if i in self.waiting:
            self.count("replaced_orders")
        self.waiting[i] = t

    # ---------------------------------------------------------------- the end

    def end(self) -> None:
        """[T5, O6]"""
        account = self.account
        dropped = sum(t.is_new for t in self.waiting.values())
        account.counts["dropped_last_bar"] += len(self.future) + dropped
        account.counts["working_orders"] += len(self.resting) + len(self.waiting) - dropped
        account.counts["ambiguous_bars"] = len(self.ambiguous)
        account.counts["open_trades"] = len(account.positions)
        for key in sorted(account.positions, key=lambda k: (k[0], -k[1])):
            p = account.positions[key]
            gain, quantity = p.pnl(account.marks[p.symbol]), p.quantity
            p.closed += quantity
            p.closed_value += quantity * account.marks[p.symbol]
            p.record["realized"] += gain
            account.finish(p, 0, self.now[p.symbol])


def interval_ms(interval: Any) -> int:
    """A funding interval in milliseconds: a number of them, or such as "8h"."""
    if interval is None:
        return 0
    if isinstance(interval, str):
        return int(interval[:-1]) * {"m": 60_000, "h": 3_600_000, "d": 86_400_000}[interval[-1]]
    return int(interval)


def model_backtest(data: Any, **options: Any) -> Outcome:
    """Run the model; arguments are those of backtest(), without a strategy."""
    unknown = set(options) - set(DEFAULTS)
    if unknown:
        raise TypeError(f"the model has no {unknown}")
    given = {**DEFAULTS, **options}
    names, bars = (list(data), list(data.values())) if isinstance(data, Mapping) else ([""], [data])
    run = Run(names, bars, given)
    run.run()
    account = run.account
    equity = [row[1] for row in run.curves]
    peak, drawdown = account.options.capital, 0.0
    for value in equity:
        peak = max(peak, value)
        drawdown = min(drawdown, value / peak - 1)
    counts = Counter({name: account.counts[name] for name in (*COUNTS, "open_trades")})
    counts.update({"reject_" + name: account.counts["reject_" + name] for name in REJECTS})
    counts["orders"] = account.counts["signals"] + len(given["orders"] or [])
    final = equity[-1] if equity else account.options.capital
    totals = {
        "final_equity": final,
        "total_return": final / account.options.capital - 1,
        "max_drawdown": drawdown,
        "fees": account.fees,
        "funding": account.funding,
        "realized_pnl": account.realized,
        "liquidation_loss": account.liquidation_loss,
        "liquidated": float(account.liquidated),
    }
    return Outcome(
        account.fills, account.trades, [row[0] for row in run.curves], equity,
        [row[2] for row in run.curves], [row[3] for row in run.curves], counts, totals,
    )  # fmt: skip
