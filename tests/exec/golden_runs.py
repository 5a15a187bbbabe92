"""Runs computed by hand, and how they are checked: numbers are small and exact in binary."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from backtest_tapes import bars_of
from execution_model import COUNTS, REJECTS, model_backtest

from hquant_cffi import Bars, backtest

Row = tuple[float, float, float, float]
CAPITAL = 1024.0
FLAT: Row = (16, 16, 16, 16)
OTHERS = ("filled_orders", "ambiguous_bars")  # not among `counts`


def still(price: float) -> Row:
    """A bar that stands at a price."""
    return (price, price, price, price)


@dataclass(frozen=True)
class Golden:
    """Bars, options, and what must come of them.

    A fill is (side, price), and where it matters (side, price, quantity, symbol). Counts that are
    not named are 0; `totals` are fields of the report; `exits` the trades' reasons; `curve` equity.
    """

    data: list[Row] | Bars | dict[str, Bars]
    options: dict[str, Any]
    fills: list[tuple[float, ...]]
    equity: float
    ambiguous: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    rejects: dict[str, int] = field(default_factory=dict)
    totals: dict[str, float] = field(default_factory=dict)
    exits: list[int] | None = None
    curve: list[float] | None = None


def check(golden: Golden) -> None:
    """The engine and the slow model give what was computed, exactly."""
    data = bars_of(golden.data) if isinstance(golden.data, list) else golden.data
    options = {"capital": CAPITAL, **golden.options}
    report, model = backtest(data, **options), model_backtest(data, **options)
    both = (("engine", report), ("model", model))
    for who, run in both:
        rows = [(f["side"], f["price"], f["quantity"], f["symbol"]) for f in run.fills]
        found = [r[: len(w)] for r, w in zip(rows, golden.fills, strict=False)]
        assert len(rows) == len(golden.fills) and found == golden.fills, f"{who}: {rows}"
        if golden.exits is not None:
            assert [t["exit_reason"] for t in run.trades] == golden.exits, who
        assert golden.curve is None or list(run.equity) == golden.curve, f"{who}: {run.equity}"
    wanted = {"final_equity": golden.equity, **golden.totals}
    for name, value in wanted.items():
        assert (name, getattr(report, name), model.totals[name]) == (name, value, value)
    assert (report.ambiguous_bars, model.counts["ambiguous_bars"]) == (golden.ambiguous,) * 2
    counts = {name: golden.counts.get(name, 0) for name in COUNTS if name not in OTHERS}
    rejects = {name: golden.rejects.get(name, 0) for name in REJECTS}
    counts["rejected_orders"] = sum(rejects.values())
    assert {name: getattr(report, name) for name in counts} == counts
    assert {name: model.counts[name] for name in counts} == counts
    assert {name: report.rejects[name] for name in rejects} == rejects
    assert {name: model.counts["reject_" + name] for name in rejects} == rejects
