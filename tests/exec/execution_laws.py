"""The laws of docs/backtesting.md, from a report, its bars and its options alone.

No model of the trading: fills are taken as they are, the account is added up from them and compared
with the curves at every step. `broken_laws()` gives what does not hold.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np

LIQUIDATION, TARGET, ORDER = 2, 4, 6
NEAR = 1e-9


def broken_laws(report: Any, data: dict[str, Any], options: dict[str, Any]) -> list[str]:
    """Every law that does not hold, with where."""
    turned = float(np.abs(report.fills["price"] * report.fills["quantity"]).max(initial=0.0))
    scale = max(options["capital"], turned)
    return [
        *_fills(report, list(data.values()), options),
        *_account(report, data, options, scale),
        *_sums(report, options, scale),
        *_counts(report),
        *_curves(report, options),
    ]


def _near(a: float, b: float, scale: float = 0.0) -> bool:
    return abs(a - b) <= NEAR * max(abs(a), abs(b), scale)


# ------------------------------------------------------------------------ fills


def _fills(report: Any, bars: list[Any], options: dict[str, Any]) -> Iterator[str]:
    """No fill before its order; in its bar's range, unless it slipped; its fee."""
    orders, slips = options["orders"], any(map(options.get, _SLIPPAGES))
    before = 0
    for i, f in enumerate(report.fills):
        tape, where = bars[f["symbol"]], f"fill {i} (bar {f['bar']})"
        if tape.timestamp[f["bar"]] != f["time"] or f["time"] < before:
            yield f"{where}: its time is not its bar's, or before the last fill's"
        before = f["time"]
        low, high = tape.low[f["bar"]], tape.high[f["bar"]]
        rests = f["is_maker"] or f["reason"] == TARGET
        worse_than_low = f["price"] < low and not (slips and f["side"] < 0 and not rests)
        worse_than_high = f["price"] > high and not (slips and f["side"] > 0 and not rests)
        is_finer = options["intrabar"] == "finer"  # finer bars need not lie in theirs
        if (worse_than_low or worse_than_high) and not is_finer:
            yield f"{where}: price {f['price']} outside {low}..{high}"
        rate = options.get("fee", 0.0)
        if f["is_maker"] and options.get("maker_fee") is not None:
            rate = options["maker_fee"]
        owed = f["quantity"] * (f["price"] * rate + options.get("fee_per_unit", 0.0))
        if f["fee"] > owed * (1 + NEAR) or (f["is_opening"] and not _near(f["fee"], owed)):
            yield f"{where}: fee {f['fee']}, owed {owed}"
        if f["reason"] == ORDER:
            yield from _of_order(f, orders[f["order"]], where)
        elif f["is_opening"]:
            yield from _of_signal(f, report, options, where)


_SLIPPAGES = ("slippage", "slippage_ticks", "slippage_random")


def _of_order(f: Any, order: Any, where: str) -> Iterator[str]:
    side = 1 if order.side == "buy" else -1
    if f["bar"] <= order.bar or f["side"] != side or (order.reduce_only and f["is_opening"]):
        yield f"{where}: not what {order} asked for"
    if order.price is not None and side * f["price"] > side * order.price * (1 + side * NEAR):
        yield f"{where}: price {f['price']}, worse than the limit of {order}"


def _of_signal(f: Any, report: Any, options: dict[str, Any], where: str) -> Iterator[str]:
    """The signal of a fill is there: on its bar with fill = close, on an earlier one otherwise."""
    signals = options["signals"][report.symbols[f["symbol"]]]
    end = f["bar"] + (options["fill"] == "close")
    start = f["bar"] if options["fill"] == "close" else 0
    if f["side"] not in signals[start:end]:
        yield f"{where}: no signal of its side before it"


# ---------------------------------------------------------------------- account


class Leg:
    """One side of one symbol."""

    def __init__(self) -> None:
        self.quantity = self.entry = self.margin = 0.0

    def open(self, quantity: float, price: float, leverage: float) -> float:
        total = self.quantity + quantity
        self.entry += (price - self.entry) * (quantity / total)
        self.quantity = total
        self.margin += quantity * price / leverage
        return quantity * price / leverage

    def close(self, quantity: float) -> float:
        released = self.margin * quantity / self.quantity
        self.quantity -= quantity
        self.margin -= released
        return released


def _account(
    report: Any, data: dict[str, Any], options: dict[str, Any], scale: float
) -> Iterator[str]:
    """Cash from the fills and funding, then equity, margin and position at every step."""
    cash, legs = options["capital"], defaultdict[tuple[int, int], Leg](Leg)
    fills, k = report.fills, 0
    marks: dict[int, float] = {}
    funding = _Funding(data, options)
    for step, time in enumerate(report.time):
        for s, bar in funding.begin(time):
            for (symbol, side), leg in legs.items():
                if symbol == s:
                    cash -= side * leg.quantity * bar
        while k < len(fills) and fills["time"][k] == time:
            f, k = fills[k], k + 1
            opening = bool(f["is_opening"])
            leg = legs[f["symbol"], f["side"] if opening else -f["side"]]
            if opening:
                cash -= leg.open(f["quantity"], f["price"], options["leverage"])
            elif f["quantity"] > leg.quantity * (1 + NEAR):
                yield f"fill {k - 1}: closes {f['quantity']} of {leg.quantity}"
                return
            else:
                side = -f["side"]
                gain = side * (f["price"] - leg.entry) * f["quantity"]
                if not _near(f["pnl"], gain, scale):
                    yield f"fill {k - 1}: pnl {f['pnl']}, by its entry {gain}"
                cash += gain + leg.close(f["quantity"])
            cash -= f["fee"]
            if opening and cash < -NEAR * scale:
                yield f"fill {k - 1}: opened with cash {cash} after it"
            net = sum(g.quantity * side for (s, side), g in legs.items() if s == f["symbol"])
            if not _near(net, f["position"], max(f["quantity"], leg.quantity)):
                yield f"fill {k - 1}: position {f['position']}, the fills add up to {net}"
        if report.liquidated and report.equity[step:].max() == 0:
            if report.margin[step:].any() or report.position[step:].any() or k < len(fills):
                yield f"step {step}: something is left after the liquidation"
            return
        marks.update(funding.closes(time))
        value = sum(
            g.margin + side * (marks[s] - g.entry) * g.quantity for (s, side), g in legs.items()
        )
        margin = sum(g.margin for g in legs.values())
        found = (report.equity[step], report.margin[step])
        for name, a, b in zip(("equity", "margin"), found, (cash + value, margin), strict=True):
            if not _near(a, max(b, 0.0), scale):
                yield f"step {step}: {name} {a}, the fills add up to {b}"
                return


class _Funding:
    """Bars of a step: what funding is due at its open, and its closes."""

    def __init__(self, data: dict[str, Any], options: dict[str, Any]) -> None:
        self.bars, self.options = list(data.values()), options
        self.rates = [(options.get("funding") or {}).get(name) for name in data]
        interval = options.get("funding_interval")
        self.interval = 0
        if interval is not None:
            self.interval = int(interval[:-1]) * {"m": 60_000, "h": 3_600_000}[interval[-1]]
        self.at = [dict(zip(b.timestamp.tolist(), range(len(b)), strict=True)) for b in self.bars]
        self.before: dict[int, int] = {}  # times of the last bars that were not left out

    def closes(self, time: int) -> dict[int, float]:
        return {
            s: float(self.bars[s].close[at[int(time)]])
            for s, at in enumerate(self.at)
            if int(time) in at and self.bars[s].low[at[int(time)]] > 0
        }

    def begin(self, time: int) -> Iterator[tuple[int, float]]:
        """Symbols where funding is due and what a unit held pays."""
        for s, rates in enumerate(self.rates):
            bar = self.at[s].get(int(time))
            if rates is None or bar is None or self.bars[s].low[bar] <= 0:
                continue
            earlier, self.before[s] = self.before.get(s), int(time)
            if earlier is None:
                continue
            if self.interval and time // self.interval <= earlier // self.interval:
                continue
            missing = self.options["funding_missing"]
            rate = float(rates[bar])
            if math.isnan(rate):
                rate = missing if isinstance(missing, float) else 0.0
            yield s, float(self.bars[s].open[bar]) * rate


# ------------------------------------------------------------------ sums, counts


def _sums(report: Any, options: dict[str, Any], scale: float) -> Iterator[str]:
    """The trades add up to the money, and so do the fills."""
    trades, capital = report.trades, options["capital"]
    gain = report.final_equity - capital + report.liquidation_loss
    pairs = {
        "trades' pnl": (trades["pnl"].sum(), gain),
        "trades' fees": (trades["fees"].sum(), report.fees),
        "trades' funding": (trades["funding"].sum(), report.funding),
        "fills' fees": (report.fills["fee"].sum(), report.fees),
    }
    for name, (found, wanted) in pairs.items():
        if not _near(found, wanted, scale * max(1, len(report.fills) / 100)):
            yield f"{name} add up to {found}, the report says {wanted}"
    for i, t in enumerate(trades):
        if not (t["mae"] <= 0 <= t["mfe"]) or t["exit_bar"] < t["entry_bar"]:
            bars = f"bars {t['entry_bar']}..{t['exit_bar']}"
            yield f"trade {i}: mae {t['mae']}, mfe {t['mfe']}, {bars}"
        if t["exit_reason"] == LIQUIDATION and not report.liquidated:
            yield f"trade {i}: liquidated in a run that was not"


def _counts(report: Any) -> Iterator[str]:
    """[O6]"""
    ends = (
        "filled_orders", "ignored_same_side", "ignored_side", "rejected_orders", "expired_orders",
        "replaced_orders", "cancelled_orders", "dropped_last_bar", "working_orders",
    )  # fmt: skip
    total = sum(getattr(report, name) for name in ends)
    if total != report.orders:
        yield f"orders: {report.orders}, their ends add up to {total}"
    if sum(report.rejects.values()) != report.rejected_orders:
        yield f"rejects {report.rejects} are not {report.rejected_orders}"
    if report.partial_orders > report.filled_orders or report.ambiguous_bars > report.bars:
        yield "more partial orders than filled ones, or more ambiguous bars than bars"


def _curves(report: Any, options: dict[str, Any]) -> Iterator[str]:
    equity, drawdown = report.equity, report.drawdown
    peak = np.maximum.accumulate(np.r_[options["capital"], equity])[1:]
    if not (equity >= 0).all() or not ((drawdown >= -1) & (drawdown <= 0)).all():
        yield "equity is below 0, or a drawdown outside -1..0"
    elif not np.allclose(drawdown, equity / peak - 1, rtol=0, atol=NEAR):
        yield "drawdown is not the fall from the highest equity so far"
    if not _near(equity[-1], report.final_equity) or not _near(drawdown.min(), report.max_drawdown):
        yield "the last equity or the deepest drawdown is not the report's"
