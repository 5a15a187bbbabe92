"""What the options of ``hquant backtest`` may be, where they are words."""

from __future__ import annotations

from enum import StrEnum

__all__ = [
    "BadBars",
    "BadRows",
    "Fill",
    "Htf",
    "Intrabar",
    "Position",
    "Sides",
    "SizeUnit",
    "Unaffordable",
]


class Fill(StrEnum):
    next_open = "next_open"
    close = "close"
    limit = "limit"


class Htf(StrEnum):
    closed = "closed"
    forming = "forming"


class Intrabar(StrEnum):
    worst = "worst"
    best = "best"
    nearest = "nearest"
    finer = "finer"


class Sides(StrEnum):
    both = "both"
    long = "long"
    short = "short"


class Position(StrEnum):
    netted = "netted"
    hedged = "hedged"


class SizeUnit(StrEnum):
    units = "units"
    notional = "notional"
    equity = "equity"
    margin = "margin"


class Unaffordable(StrEnum):
    clamp = "clamp"
    reject = "reject"


class BadBars(StrEnum):
    error = "error"
    skip = "skip"


class BadRows(StrEnum):
    refuse = "raise"
    skip = "skip"
