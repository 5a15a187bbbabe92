"""What a verification found: checks, each with its count and the first bar that breaks it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from hquant_cffi._backtest_report import BacktestReport

__all__ = ["Check", "Failure", "Verification"]


@dataclass(frozen=True, kw_only=True)
class Failure:
    """The first bar that breaks a check.

    Attributes
    ----------
    symbol : str
        Its symbol; empty where there is only one, or where all are meant.
    bar : int
        Its index among the symbol's bars; -1: the run as a whole.
    time : int or None
        Its time, ms.
    what : str
        What is wrong there, such as "equity".
    expected, found : object
        What should be there, and what is.
    detail : str
        More of where, such as the cut that showed it; may be empty.
    """

    symbol: str = ""
    bar: int = -1
    time: int | None = None
    what: str
    expected: object
    found: object
    detail: str = ""

    @property
    def where(self) -> str:
        """The place in words."""
        if self.bar < 0:
            return "the run as a whole"
        symbol = f"{self.symbol}, " if self.symbol else ""
        return f"{symbol}bar {self.bar:,}" + ("" if self.time is None else f" ({_date(self.time)})")

    def __str__(self) -> str:
        detail = f" ({self.detail})" if self.detail else ""
        expected, found = _shown(self.expected), _shown(self.found)
        return f"{self.where}: {self.what}: expected {expected}, found {found}{detail}"


@dataclass(frozen=True, kw_only=True)
class Check:
    """One claim, and whether it holds.

    Attributes
    ----------
    name : str
        Such as "truncation".
    count, unit : int, str
        How many of what were compared.
    failure : Failure or None
        The first bar that breaks it; None where it holds.
    note : str
        What was left out, and why; may be empty.
    """

    name: str
    count: int
    unit: str
    failure: Failure | None = None
    note: str = ""

    @property
    def ok(self) -> bool:
        """Whether it holds."""
        return self.failure is None


@dataclass(frozen=True, kw_only=True)
class Verification:
    """The verdict on one strategy, its data and its options.

    Attributes
    ----------
    checks : tuple of Check
        truncation, stream, updates, replay, accounting, trades, counts, order.
    report : BacktestReport
        The run that was checked.
    digest : str
        SHA-256 of everything that the run returned: the same wherever it is repeated.
    """

    checks: tuple[Check, ...]
    report: BacktestReport
    digest: str

    @property
    def ok(self) -> bool:
        """Whether every check holds."""
        return all(check.ok for check in self.checks)

    @property
    def failed(self) -> tuple[str, ...]:
        """Names of the checks that do not hold."""
        return tuple(check.name for check in self.checks if not check.ok)

    @property
    def first_failure(self) -> Failure | None:
        """The failure with the earliest bar; None where every check holds."""
        found = [check.failure for check in self.checks if check.failure is not None]
        return min(found, key=lambda each: (each.bar < 0, each.time or 0), default=None)

    def __getitem__(self, name: str) -> Check:
        for check in self.checks:
            if check.name == name:
                return check
        raise KeyError(name)

    def summary(self) -> str:
        """The verdict as a few lines of text."""
        lines = []
        width = max(len(check.name) for check in self.checks) + 2
        for check in self.checks:
            note = f"; {check.note}" if check.note else ""
            verdict = "ok    " if check.ok else "FAILED"
            lines.append(f"{check.name:<{width}}{verdict}  {check.count:,} {check.unit}{note}")
            if check.failure is not None:
                lines.append(f"{'':<{width}}{check.failure}")
        lines.append(f"{'digest':<{width}}{self.digest}")
        lines.append(f"{'verdict':<{width}}{self._verdict()}")
        return "\n".join(lines)

    def _verdict(self) -> str:
        first = self.first_failure
        if first is None:
            return "every check holds"
        return f"NOT PROVEN: {', '.join(self.failed)}; first at {first.where}"

    def to_dict(self) -> dict[str, Any]:
        """The verdict, ready for JSON."""
        checks = [
            {
                **asdict(check),
                "ok": check.ok,
                "failure": None if check.failure is None else _failure_dict(check.failure),
            }
            for check in self.checks
        ]
        return {
            "ok": self.ok,
            "failed": list(self.failed),
            "digest": self.digest,
            "checks": checks,
            "bars": self.report.bars,
            "signals": self.report.signals,
            "fills": self.report.fills_count,
            "trades": self.report.closed_trades,
        }

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        verdict = "every check holds" if self.ok else f"failed: {', '.join(self.failed)}"
        return f"<Verification: {verdict}>"


def _failure_dict(failure: Failure) -> dict[str, Any]:
    plain = asdict(failure)
    for name in ("expected", "found"):
        value = plain[name]
        if not isinstance(value, (str, int)) and value is not None:
            plain[name] = _shown(value)
    return plain


def _shown(value: object) -> str:
    """Return a value so that two that differ look different."""
    if isinstance(value, (float, np.floating)):
        return repr(float(value))
    return str(value)


def _date(time_ms: int) -> str:
    text = str(np.datetime64(time_ms, "ms"))
    return text.removesuffix(".000").removesuffix("T00:00:00")
