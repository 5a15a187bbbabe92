"""Figures of curves: equity and returns, with a benchmark and with the trades of a backtest."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from vector_backtests import backtest_case, run_of
from vector_inputs import Inputs
from vector_json import number
from vector_tapes import START, Digits

from hquant_cffi import metrics

_HOUR: Final = 3_600_000

#: Figures whose values go through the machine's libm: powers.
WITH_LIBM: Final = {"cagr", "calmar", "alpha_compounded"} | {
    f"{name}_geometric" for name in ("volatility", "sharpe", "sortino", "calmar", "annual_return")
}


def cases() -> list[dict[str, Any]]:
    """Return curves and what belongs to them."""
    digits = Digits(11)
    steps = [(digits.below(4001) - 1985) / 100_000 for _ in range(120)]
    equity = [10_000.0]
    for each in steps:
        equity.append(equity[-1] * (1 + each))
    benchmark = [None if i in (0, 50, 51) else 90 + digits.below(900) / 64 for i in range(121)]
    flat = [1000.0] * 12
    run = backtest_case("", [{"tape": "trends", "program": "bracket"}], leverage=2.0)
    year = {"periods_per_year": 365.0 * 24, "days_per_year": 365.0}
    return [
        _case("equity", equity=equity, **year),
        _case("equity with a start and a rate", equity=equity, initial=9_900.0, risk_free=0.05,
              **year),
        _case("against a benchmark", equity=equity, benchmark=benchmark, **year),
        _case("returns", returns=steps, **year),
        _case("flat", equity=flat, **year),
        _case("ruin", equity=[100.0, 120.0, 30.0, 0.0, 0.0], **year),
        _case("a backtest with its trades", backtest=run, initial=10_000.0, **year),
    ]  # fmt: skip


def answer(case: dict[str, Any], inputs: Inputs) -> dict[str, Any]:
    """Return every figure."""
    curve, time, trades = _curve(case, inputs)
    given = case["benchmark"]
    found = metrics(
        curve if case["returns"] is None else None,
        time,
        returns=None if case["returns"] is None else case["returns"],
        initial=case["initial"] or None,
        trades=trades,
        benchmark=None if given is None else np.array([number(each) for each in given]),
        periods_per_year=case["periods_per_year"],
        days_per_year=case["days_per_year"],
        risk_free=case["risk_free"],
    )
    texts = ("periods_per_year_from", "days_per_year_from")
    return {name: value for name, value in vars(found).items() if name not in texts}


def _curve(case: dict[str, Any], inputs: Inputs) -> tuple[Any, Any, Any]:
    if case["backtest"] is None:
        return case["equity"], case["time"], None
    report = run_of(case["backtest"], inputs)
    return report.equity, report.time, report.trades


def _case(name: str, **given: Any) -> dict[str, Any]:
    nothing = dict.fromkeys(
        ("equity", "returns", "benchmark", "backtest", "time", "periods_per_year", "days_per_year")
    )
    curve = given.get("equity") or given.get("returns") or []
    time = [START + _HOUR * i for i in range(len(curve))] or None
    return {"name": name, **nothing, "initial": 0.0, "risk_free": 0.0, **given, "time": time}
