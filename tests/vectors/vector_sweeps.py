"""Sweeps: a row a combination, refused ones too."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from vector_backtests import backtest_case, data_of, options_of
from vector_inputs import Inputs

from hquant_cffi import sweep

_STEPS_A_YEAR: Final = 2000.0


def cases() -> list[dict[str, Any]]:
    """Return sweeps: a backtest, and rows of values for the PARAMs of its program."""
    trends = {"tape": "trends", "program": "cross"}
    grid = [[float(fast), float(slow)] for fast in (2, 5, 10) for slow in (5, 11, 23, 40)]
    bracket = {"tape": "trends", "program": "bracket"}
    fees = {"maker_fee_rate": 0.0002, "taker_fee_rate": 0.0005}
    return [
        _case("a grid", [trends], grid, **fees, leverage=2.0),
        _case("combinations that cannot be", [{"tape": "trends", "program": "oscillator"}],
              [[2.0, 5.0], [9.0, 5.0], [5.0, 5.0], [4.0, 9.0]], sides="long"),
        _case("brackets, liquidations", [bracket], [[0.5], [1.5], [2.5], [4.0]], leverage=45.0,
              maintenance_margin_rate=0.01, intrabar="best"),
        _case("two symbols", [trends, {"tape": "gaps", "program": "cross"}], grid[:5], **fees,
              size=0.3, size_unit="equity", risk_free=0.03),
    ]  # fmt: skip


def answer(case: dict[str, Any], inputs: Inputs) -> dict[str, Any]:
    """Return the rows as columns, the combinations' equity at the end of the bars among them."""
    strategies = {
        f"s{i}": inputs.program(each["program"]) for i, each in enumerate(case["symbols"])
    }
    found = sweep(
        data_of(case, inputs),
        strategies,
        grid=[
            dict(zip([each.name for each in strategies["s0"].params], row, strict=True))
            for row in case["grid"]
        ],
        periods_per_year=case["periods_per_year"],
        days_per_year=case["days_per_year"],
        risk_free=case["risk_free"],
        curves=True,
        **options_of(case, inputs),
    )
    table = found.table
    params = list(found.columns_of.values())
    names = [name for name in table.dtype.names or () if name not in params]
    assert found.curves is not None
    return {
        "rows": {name: _whole(table[name]) for name in names},
        "equity": [list(curve) for curve in found.curves[:, -1:]],
    }


def _whole(column: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return flags as 0 and 1."""
    return column.astype(np.int64) if column.dtype == bool else column


def _case(
    name: str, symbols: list[dict[str, Any]], grid: list[list[float]], **given: Any
) -> dict[str, Any]:
    risk_free = given.pop("risk_free", 0.0)
    run = backtest_case(name, symbols, **given)
    del run["orders"]
    year = {"periods_per_year": _STEPS_A_YEAR, "days_per_year": 365.0, "risk_free": risk_free}
    return {**run, "grid": grid, **year}
