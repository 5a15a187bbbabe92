"""Lies about a run, told in every report of it, and whether a verdict catches them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from hquant_cffi import BacktestReport, Verification, backtest, verify

Tell = Callable[[BacktestReport], BacktestReport]


def changed(column: str, row: int, change: Callable[[Any], Any]) -> Tell:
    """Change a number of a curve."""

    def tell(report: BacktestReport) -> BacktestReport:
        values = np.array(getattr(report, column))
        if row < len(values):
            values[row] = change(values[row])
        return replace(report, **{column: values})

    return tell


def in_record(table: str, row: int, **changes: Callable[[Any], Any]) -> Tell:
    """Change fields of a fill or of a trade."""

    def tell(report: BacktestReport) -> BacktestReport:
        records = np.array(getattr(report, table))
        if row < len(records):
            for name, change in changes.items():
                records[name][row] = change(records[name][row])
        return replace(report, **{table: records})

    return tell


def without(table: str, row: int) -> Tell:
    def tell(report: BacktestReport) -> BacktestReport:
        records = getattr(report, table)
        return replace(report, **{table: np.delete(records, row)} if row < len(records) else {})

    return tell


def twice(table: str, row: int) -> Tell:
    def tell(report: BacktestReport) -> BacktestReport:
        records = getattr(report, table)
        kept = np.repeat(records, np.where(np.arange(len(records)) == row, 2, 1))
        return replace(report, **{table: kept})

    return tell


def more(value: float) -> Callable[[Any], Any]:
    return lambda old: old + value


def times(factor: float) -> Callable[[Any], Any]:
    return lambda old: old * factor


@dataclass(frozen=True)
class Lie:
    """`check` has to notice, at `bar` (-1: the run as a whole, -2: any), and to name `what`."""

    name: str
    tell: Tell
    check: str
    bar: int
    what: str


def verdict_on(
    monkeypatch: pytest.MonkeyPatch, tell: Tell, data: Any, strategy: Any = None, **options: Any
) -> Verification:
    """Verify a run all of whose reports are lied about."""

    def liar(*arguments: Any, **given: Any) -> BacktestReport:
        return tell(backtest(*arguments, **given))

    monkeypatch.setattr("hquant_cffi.verification.inputs.backtest", liar)
    return verify(data, strategy, cuts=5, **options)


def assert_caught(lie: Lie, verdict: Verification) -> None:
    failure = verdict[lie.check].failure
    assert failure is not None, str(verdict)
    assert failure.what.startswith(lie.what), str(failure)
    assert lie.bar in (failure.bar, -2), str(failure)
    assert (failure.time is None) == (failure.bar < 0)
    assert not verdict.ok and lie.check in verdict.failed
    assert str(failure) in str(verdict) and "NOT PROVEN" in str(verdict)
    plain = json.loads(json.dumps(verdict.to_dict(), allow_nan=False))
    assert plain["failed"] == [*verdict.failed]
