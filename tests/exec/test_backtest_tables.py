"""Trades, fills and curves: their layout in memory, and as tables of other libraries."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from backtest_tapes import random_signals, walk
from support import run

from hquant_cffi import (
    FILL_DTYPE,
    TRADE_DTYPE,
    BacktestReport,
    Order,
    ParameterError,
    UnsupportedError,
    backtest,
)
from hquant_cffi._ffi import ffi, lib
from hquant_cffi._records import REASONS, REJECTS

TABLES = ("curves", "trades", "fills")
YEAR_2024 = 1_704_067_200_000


@pytest.fixture(scope="module")
def report() -> BacktestReport:
    """Trades of both sides, with every reason but liquidation, of two symbols."""
    data = {name: walk(seed, start=YEAR_2024) for seed, name in [(21, "BTC"), (22, "ETH")]}
    return backtest(
        data,
        signals={"BTC": random_signals(23), "ETH": random_signals(24)},
        orders=[Order(bar=290, side="buy", size=0.5, symbol="ETH", reduce_only=False)],
        size="20%",
        stop="0.8%",
        target="2%",
        trail="1.2%",
        fee=0.0005,
        curves=("position", "margin"),
    )


# ------------------------------------------------------------------------- the layout


@pytest.mark.parametrize(
    ("dtype", "struct", "size"), [(TRADE_DTYPE, "HqTrade", 144), (FILL_DTYPE, "HqFill", 72)]
)
def test_dtypes_are_the_c_structs(dtype: np.dtype[np.void], struct: str, size: int) -> None:
    assert dtype.itemsize == ffi.sizeof(struct) == size
    fields = dtype.fields
    assert fields is not None
    of_c = {name: field for name, field in ffi.typeof(struct).fields if name != "reserved"}
    assert list(fields) == list(of_c)
    kinds = {"int64_t": "i8", "uint64_t": "u8", "double": "f8", "uint32_t": "u4", "int8_t": "i1"}
    for name, field in of_c.items():
        assert fields[name][1] == field.offset, name
        assert fields[name][0] == np.dtype(kinds.get(field.type.cname, "u1")), name


def test_words_for_reasons_and_rejects_are_the_constants_of_c() -> None:
    for i, name in enumerate(("NONE", "SIGNAL", "LIQUIDATION", "STOP", "TARGET", "TRAIL", "ORDER")):
        assert getattr(lib, f"HQ_REASON_{name}") == i
        assert REASONS[i] == ("open" if name == "NONE" else name.lower())
    assert len(REASONS) == 7 and len(REJECTS) == lib.HQ_REJECT_COUNT
    for i, name in enumerate(REJECTS):
        assert getattr(lib, f"HQ_REJECT_{name.upper()}") == i


def test_padding_is_zero(report: BacktestReport) -> None:
    assert len(report.trades) > 20
    assert not report.trades.view(np.uint8).reshape(-1, 144)[:, 143].any()


# ------------------------------------------------------------------------- the tables


def as_columns(table: Any) -> dict[str, list[Any]]:
    """The values of a table of any library."""
    if isinstance(table, pd.DataFrame):
        table = table.reset_index() if table.index.name == "time" else table
        return {name: list(table[name]) for name in table.columns}
    if isinstance(table, pl.DataFrame):
        return {name: table[name].to_list() for name in table.columns}
    return {name: table[name].to_pylist() for name in table.column_names}


def names_of(table: Any) -> list[str]:
    return list(table if isinstance(table, dict) else getattr(table, "column_names", table.columns))


def plain(values: npt.NDArray[Any]) -> list[Any]:
    if values.dtype.kind == "M":
        return [pd.Timestamp(value, tz="UTC") for value in values]
    return values.tolist()


@pytest.mark.parametrize("what", TABLES)
@pytest.mark.parametrize("method", ["to_pandas", "to_polars", "to_arrow"])
def test_every_table_holds_the_columns(report: BacktestReport, what: Any, method: str) -> None:
    expected = report.columns(what)
    found = as_columns(getattr(report, method)(what))
    assert list(found) == list(expected)
    for name, column in expected.items():
        np.testing.assert_array_equal(
            np.array(found[name], dtype=object), np.array(plain(column), dtype=object), name
        )


def test_columns_are_those_of_the_records(report: BacktestReport) -> None:
    for what, records in (("trades", report.trades), ("fills", report.fills)):
        columns = report.columns(what)  # type: ignore[arg-type]
        assert tuple(columns) == records.dtype.names
        for name, column in columns.items():
            if column.dtype.kind in "iuf":
                np.testing.assert_array_equal(column, records[name])
    trades = report.columns("trades")
    indices = [report.symbols.index(name) for name in trades["symbol"]]
    assert indices == report.trades["symbol"].tolist()
    np.testing.assert_array_equal(trades["side"] == "long", report.trades["side"] == 1)
    bought = report.columns("fills")["side"] == "buy"
    np.testing.assert_array_equal(bought, report.fills["side"] == 1)
    assert set(trades["exit_reason"]) >= {"stop", "target", "trail", "signal"}
    assert set(trades["entry_reason"]) <= {"signal", "order"}
    assert trades["entry_time"][0].astype(np.int64) == report.trades["entry_time"][0] > YEAR_2024


def test_curves_are_a_row_a_step(report: BacktestReport) -> None:
    curves = report.columns()
    names = ["time", "equity", "drawdown", "margin", "position_BTC", "position_ETH"]
    assert list(curves) == names
    assert all(len(column) == report.steps == 300 for column in curves.values())
    assert report.position is not None
    np.testing.assert_array_equal(curves["position_ETH"], report.position[:, 1])


def test_times_have_a_zone_and_words_are_categories(report: BacktestReport) -> None:
    frame = report.to_pandas("trades")
    assert str(frame["entry_time"].dtype) == "datetime64[ms, UTC]"
    assert list(frame["exit_reason"].cat.categories) == list(REASONS)
    assert list(frame["side"].cat.categories) == ["short", "long"]
    assert str(report.to_pandas().index.dtype) == "datetime64[ms, UTC]"
    polars = report.to_polars("fills")
    assert polars["time"].dtype == pl.Datetime("ms", "UTC")
    assert polars["symbol"].dtype == pl.Enum(["BTC", "ETH"])
    assert polars["is_maker"].dtype == pl.Boolean
    arrow = report.to_arrow("fills")
    assert arrow.schema.field("time").type == pa.timestamp("ms", "UTC")
    assert pa.types.is_dictionary(arrow.schema.field("reason").type)


@pytest.mark.parametrize("method", ["columns", "to_pandas", "to_polars", "to_arrow"])
def test_tables_of_an_empty_run_have_their_columns(method: str, report: BacktestReport) -> None:
    empty = backtest(walk(1)[:0], signals=[])
    for what in ("trades", "fills"):
        table = getattr(empty, method)(what)
        whole = getattr(report, method)(what)
        assert names_of(table) == names_of(whole)
        assert len(table["side"]) == 0
    with pytest.raises(ParameterError, match="what: expected 'curves', 'trades' or 'fills'"):
        getattr(empty, method)("trade")


@pytest.mark.parametrize(
    ("method", "module", "extra"),
    [("pandas", "pandas", "pandas"), ("polars", "polars", "polars"), ("arrow", "pyarrow", "arrow")],
)
def test_a_missing_library_is_named_with_its_extra(
    report: BacktestReport, monkeypatch: pytest.MonkeyPatch, method: str, module: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(UnsupportedError, match=rf"pip install 'hquant-cffi\[{extra}\]'"):
        getattr(report, f"to_{method}")("trades")


def test_a_backtest_imports_no_table_library(tmp_path: Path) -> None:
    code = (
        "import sys; from hquant_cffi import backtest, load_sp500\n"
        "report = backtest(load_sp500(), 'IF RSI(14) < 30 THEN BUY')\n"
        "report.columns('trades'), report.summary()\n"
        "print([name for name in ('pandas', 'polars', 'pyarrow') if name in sys.modules])"
    )
    assert run(sys.executable, "-c", code) == "[]\n"


# --------------------------------------------------------------------------- the rest


def test_drawdown_is_the_fall_from_the_peak(report: BacktestReport) -> None:
    peak, expected = report.capital, []
    for equity in report.equity:
        peak = max(peak, equity)
        expected.append(equity / peak - 1)
    np.testing.assert_allclose(report.drawdown, expected, rtol=1e-15)
    assert report.drawdown.min() == pytest.approx(report.max_drawdown, rel=1e-12)


def test_what_is_odd_about_a_run_is_told() -> None:
    tape, signals = walk(30), random_signals(31)
    close = backtest(tape, signals=signals, stop="0.3%", target="0.3%", leverage=30)
    assert close.ambiguous_bars and close.ignored_same_side and not close.liquidated
    assert f"{close.ambiguous_bars}: the order of prices in them was assumed" in close.summary()
    assert f"{close.ignored_same_side} signals on the side already held" in str(close)
    gone = backtest(tape, signals=signals, leverage=50, maintenance_margin=0.01)
    assert gone.liquidated and gone.rejects["liquidated"] == gone.rejected_orders > 0
    assert f"{gone.rejected_orders} orders: {gone.rejected_orders} liquidated" in gone.summary()
    assert f"yes, {abs(gone.liquidation_loss):,.2f} " in gone.summary()
    calm = backtest(tape[:50], signals=[0] * 50)
    assert dict(calm.oddities()) == {} and calm.liquidation() == "no"


def test_oddities_name_every_end_of_an_order_but_filled(report: BacktestReport) -> None:
    ends = [
        "ignored_same_side", "ignored_side", "rejected_orders", "expired_orders",
        "replaced_orders", "cancelled_orders", "dropped_last_bar", "working_orders",
        "partial_orders", "ambiguous_bars", "rejected_bars",
    ]  # fmt: skip
    for name in ends:
        odd: dict[str, int] = {**dict.fromkeys(ends, 0), name: 4321}
        told = list(replace(report, **odd).oddities())
        assert len(told) == 1 and "4,321" in told[0][1], name
