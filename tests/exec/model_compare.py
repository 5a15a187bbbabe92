"""Where a report and the model differ; the first difference is what one reads."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from execution_model import COUNTS, REJECTS, Outcome

#: Of the numbers in question, relative; and of the capital, for what may cancel.
TOLERANCE = 1e-9
_WHOLE = ("time", "bar", "order", "symbol", "side", "reason", "is_maker", "is_opening")
_FILL = (*_WHOLE, "price", "quantity", "fee", "pnl", "position")
_TRADE = (
    "entry_time", "exit_time", "entry_bar", "exit_bar", "bars_held", "entries", "symbol", "side",
    "entry_reason", "exit_reason", "entry_price", "exit_price", "quantity", "pnl", "fees",
    "funding", "margin", "risk", "r_multiple", "mae", "mfe",
)  # fmt: skip


def is_near(a: float, b: float, scale: float = 0.0) -> bool:
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    return abs(a - b) <= TOLERANCE * max(abs(a), abs(b), scale)


def _scale(key: str, model: dict[str, Any], turned: float) -> float:
    """What a field's rounding errors are fractions of, beside itself."""
    price = model["price"] if "price" in model else model["entry_price"]
    # What cash affords once all but a little is spent carries the rounding of what was spent.
    left = 1e-3 * turned
    if key in ("pnl", "fee", "fees", "funding", "mae", "mfe"):
        return turned
    if key == "r_multiple":
        return turned / model["risk"] if model["risk"] > 0 else 0.0
    if key in ("quantity", "position"):
        return max(left / price, model["quantity"])
    return left if key in ("margin", "risk") else 0.0


def _records(
    name: str, got: Any, wanted: list[dict[str, Any]], fields: tuple[str, ...], scale: float
) -> Iterator[str]:
    for i, (row, model) in enumerate(zip(got, wanted, strict=False)):
        for key in fields:
            by = _scale(key, model, scale)
            if not is_near(float(row[key]), float(model[key]), by):
                where = f"bar {model.get('bar', model.get('entry_bar'))}"
                yield f"{name} {i} ({where}): {key} is {row[key]!r}, the model has {model[key]!r}"
                yield f"  report {dict(zip(fields, (row[k].item() for k in fields), strict=True))}"
                yield f"  model  { {k: model[k] for k in fields} }"
                return
    if len(got) != len(wanted):
        longer = list(got) if len(got) > len(wanted) else wanted
        extra = longer[min(len(got), len(wanted))]
        shown = {k: (extra[k].item() if hasattr(extra[k], "item") else extra[k]) for k in fields}
        yield f"{name}s: {len(got)}, the model has {len(wanted)}; first without a twin: {shown}"


def _curves(report: Any, model: Outcome, scale: float) -> Iterator[str]:
    if report.time.tolist() != model.time:
        yield f"time: {len(report.time)} steps, the model has {len(model.time)}, or other times"
        return
    columns = [("equity", report.equity, np.array(model.equity), scale)]
    if report.margin is not None:
        columns.append(("margin", report.margin, np.array(model.margin), scale))
    if report.position is not None:
        wanted = np.array(model.position).reshape(report.position.shape)
        largest = float(np.abs(wanted).max(initial=0.0))
        columns.append(("position", report.position, wanted, largest))
    for name, got, wanted, by in columns:
        size = np.maximum(np.maximum(np.abs(got), np.abs(wanted)), by)
        bad = np.argwhere(~(np.abs(got - wanted) <= TOLERANCE * size))
        if len(bad):
            at = tuple(int(x) for x in bad[0])
            yield f"{name} at step {at}: {got[at]!r}, the model has {wanted[at]!r}"


def differences(report: Any, model: Outcome, capital: float) -> list[str]:
    """What differs between a BacktestReport and the model, the earliest records first."""
    # What was traded on may be much more than the capital; its rounding errors too.
    turned = max([capital, *(abs(f["price"] * f["quantity"]) for f in model.fills)])
    found = [*_records("fill", report.fills, model.fills, _FILL, turned)]
    found += _curves(report, model, turned)
    found += _records("trade", report.trades, model.trades, _TRADE, turned)
    for name in (*COUNTS, "open_trades", "orders"):
        if getattr(report, name) != model.counts[name]:
            found.append(f"{name}: {getattr(report, name)}, the model has {model.counts[name]}")
    for name in REJECTS:
        if report.rejects[name] != model.counts["reject_" + name]:
            wanted = model.counts["reject_" + name]
            found.append(f"rejects {name}: {report.rejects[name]}, the model has {wanted}")
    for name, value in model.totals.items():
        by = 1.0 if name in ("total_return", "max_drawdown") else turned
        if not is_near(float(getattr(report, name)), value, by * max(1.0, turned / capital)):
            found.append(f"{name}: {getattr(report, name)!r}, the model has {value!r}")
    return found
