"""What a sweep answers: the best rows, tables, pictures."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from hquant_cffi import (
    Bars,
    NotFoundError,
    ParameterError,
    SweepResult,
    UnsupportedError,
    backtest,
    load_sp500,
    sweep,
)
from hquant_cffi._ffi import ffi
from hquant_cffi._sweep_call import METRICS_DTYPE, ROW_DTYPE
from hquant_cffi._sweep_heatmap import heatmap_of
from hquant_cffi._sweep_options import RunOptions
from hquant_cffi._sweep_table import METRICS, ROWS

BARS = load_sp500()[:400]
TEXT = """
PARAM fast = 10 IN 2..40
PARAM slow = 30 IN 2..80
IF CROSSOVER(SMA(close, fast), SMA(close, slow)) THEN BUY
IF CROSSUNDER(SMA(close, fast), SMA(close, slow)) THEN SELL
"""
# What a run comes to is what its PARAMs say: it holds `held` units from the second bar on.
HOLDS = "PARAM held = 1 IN 0..10\nPARAM other = 1\nIF close > other - other THEN BUY SIZE held"


def rising(*closes: float) -> Bars:
    close = np.array(closes, np.float64)
    time = 86_400_000 * np.arange(len(close))
    return Bars(time, close, close, close, close, np.ones(len(close)))


@pytest.fixture(scope="module")
def found() -> SweepResult:
    return sweep(BARS, TEXT, {"fast": [5, 10, 20], "slow": [30, 40, 50, 60]}, fee=0.0004)


# ------------------------------------------------------------------------ layout


@pytest.mark.parametrize(
    ("dtype", "name"), [(ROW_DTYPE, "HqSweepRow"), (METRICS_DTYPE, "HqMetrics")]
)
def test_record_types_are_the_c_structs(dtype: np.dtype[np.void], name: str) -> None:
    assert dtype.itemsize == ffi.sizeof(name)
    named = {field for field, _ in ffi.typeof(name).fields} - {"struct_size", "reserved"}
    assert set(dtype.names or ()) == named


def test_the_table_has_params_then_the_row_then_what_was_asked_for() -> None:
    table = sweep(BARS, TEXT, {"fast": [5]}, metrics=["omega", "sharpe"], metric="sqn").table
    names = table.dtype.names or ()
    assert names == ("fast", "slow", *ROWS, "refused", "omega", "sqn")
    assert {*ROWS, "status"} == set(ROW_DTYPE.names or ())
    assert table.dtype["trades"] == np.int64 and table.dtype["liquidated"] == np.bool_
    whole = sweep(BARS, TEXT, {"fast": [5]}, metrics="all").table
    assert set(METRICS) <= set(whole.dtype.names or ())


def test_options_are_those_of_backtest() -> None:
    import inspect

    given = set(inspect.signature(backtest).parameters)
    mine = set(inspect.signature(sweep).parameters)
    assert set(RunOptions.__annotations__) == given - mine - {"signals", "orders", "curves"}


def test_a_param_called_like_a_figure_has_a_column_of_its_own() -> None:
    text = "PARAM trades = 3\nPARAM param_trades = 4\nPARAM refused = 1\nPARAM in_sample = 2\n"
    text += "IF close > trades + param_trades + refused + in_sample THEN BUY"
    found = sweep(BARS, text, {"trades": [1, 2], "refused": [5]})
    assert found.columns_of == {
        "trades": "param_trades",
        "param_trades": "param_param_trades",
        "refused": "param_refused",
        "in_sample": "param_in_sample",
    }
    assert found.table["param_trades"].tolist() == [1, 2]
    assert found[1].params == {"trades": 2, "param_trades": 4, "refused": 5, "in_sample": 2}
    assert found.heatmap("trades", "refused").values.shape == (1, 2)


# -------------------------------------------------------------------------- best


def test_best_is_the_best_row_and_its_params_give_it_again(found: SweepResult) -> None:
    best = found.best
    assert best["sharpe"] == found.table["sharpe"].max()
    report = backtest(BARS, TEXT, params=best.params, fee=0.0004)
    assert report.metrics.sharpe == best.row["sharpe"]
    assert list(best.params) == ["fast", "slow"] and all(
        type(value) is float for value in best.params.values()
    )
    assert repr(best).startswith("<Combination fast=")


def test_top_is_sorted_and_ties_keep_the_grids_order() -> None:
    grid = [{"held": h, "other": i} for i, h in enumerate((1, 3, 2, 3, 1, 2, 3))]
    bars = rising(10, 10, 11, 12)
    found = sweep(bars, HOLDS, grid=grid, metric="final_equity")
    assert found.top(7)["other"].tolist() == [1, 3, 6, 2, 5, 0, 4]
    assert found.top(2)["other"].tolist() == [1, 3] and found.best.params["other"] == 1
    down = sweep(bars, HOLDS, grid=grid, metric="final_equity", maximize=False)
    assert down.top(7)["other"].tolist() == [0, 4, 2, 5, 1, 3, 6]
    assert len(found.top(100)) == 7


@pytest.mark.parametrize("maximize", [True, False])
def test_nan_ranks_last_either_way(maximize: bool) -> None:
    grid = [{"held": h, "other": i} for i, h in enumerate((0, 2, 0, 1))]
    found = sweep(rising(10, 10, 11, 10, 12), HOLDS, grid=grid, maximize=maximize)
    assert np.isnan(found.table["sharpe"]).tolist() == [True, False, True, False]
    assert found.top(4)["other"].tolist()[2:] == [0, 2]
    assert found.best.params["held"] > 0
    none = sweep(rising(10, 10, 11), HOLDS, grid=grid[::2])
    assert none.best.params["other"] == 0 and "--" in none.summary()


def test_a_refused_combination_is_behind_one_without_a_figure() -> None:
    text = "PARAM n = 3\nIF close > 1e9 AND SMA(close, n) > 0 THEN BUY"
    found = sweep(BARS, text, {"n": [2.5, 3]})
    assert found.table["refused"].tolist() == [True, False]
    assert np.isnan(found.table["sharpe"]).all() and found.best.params == {"n": 3}


@pytest.mark.parametrize("count", [0, -1, 1.5, "3"])
def test_top_takes_a_number_of_rows(found: SweepResult, count: Any) -> None:
    with pytest.raises(ParameterError, match="count: expected a whole number 1"):
        found.top(count)


# ------------------------------------------------------------------------- tables


def test_tables_are_the_table_in_every_library(found: SweepResult) -> None:
    columns = found.columns()
    assert list(columns) == list(found.table.dtype.names or ())
    pandas, polars, arrow = found.to_pandas(), found.to_polars(), found.to_arrow()
    for name in columns:
        expected = found.table[name].tolist()
        np.testing.assert_array_equal(columns[name], expected)
        np.testing.assert_array_equal(pandas[name].to_numpy(), expected)
        np.testing.assert_array_equal(polars[name].to_numpy(), expected)
        np.testing.assert_array_equal(arrow.column(name).to_numpy(zero_copy_only=False), expected)


def test_summary_and_repr_say_what_was_found(found: SweepResult) -> None:
    lines = found.summary(3).splitlines()
    assert lines[0] == "12 combinations of fast (3), slow (4)"
    assert lines[1].split() == ["fast", "slow", "sharpe", "total_return", "max_drawdown", "trades"]
    best = found.best
    assert len(lines) == 5
    assert lines[2].split()[:2] == [f"{best['fast']:g}", f"{best['slow']:g}"]
    assert str(found) == found.summary() and "12 combinations, best sharpe" in repr(found)


def test_curves_are_the_equity_of_each_row() -> None:
    found = sweep(BARS, TEXT, {"fast": [5, 10]}, curves=True)
    assert found.curves is not None and found.time is not None
    assert found.curves.shape == (2, 400) and np.array_equal(found.time, BARS.timestamp)
    assert found.curves[:, -1].tolist() == found.table["final_equity"].tolist()
    without = sweep(BARS, TEXT, {"fast": [5, 10]})
    assert without.curves is None and without.time is None


# ----------------------------------------------------------------------- heat map


def test_heatmap_has_each_figure_in_its_place(found: SweepResult) -> None:
    drawn = found.heatmap("fast", "slow", "trades")
    assert drawn.x_values.tolist() == [5, 10, 20] and drawn.y_values.tolist() == [30, 40, 50, 60]
    for row in found.table:
        y = drawn.y_values.tolist().index(row["slow"])
        x = drawn.x_values.tolist().index(row["fast"])
        assert drawn.values[y, x] == row["trades"]
    turned = found.heatmap("slow", "fast", "trades")
    assert np.array_equal(turned.values, drawn.values.T)
    assert found.heatmap("fast", "slow").metric == "sharpe"


@pytest.mark.parametrize(
    ("reduce", "expected"), [("max", 3), ("min", 1), ("mean", 7 / 4), ("median", 1.5)]
)
def test_heatmap_reduces_what_differs_in_other_params(reduce: Any, expected: float) -> None:
    text = "PARAM a = 1\nPARAM b = 1\nPARAM held = 1\nIF close > a + b THEN BUY SIZE held"
    grid = [(1, 2, held) for held in (1, 2, 1, 3)] + [(2, 1, 1)]
    found = sweep(rising(10, 10, 11), text, grid=grid)
    drawn = found.heatmap("a", "b", "realized_pnl", reduce=reduce)
    assert np.isnan(drawn.values[0, 0]) and np.isnan(drawn.values[1, 1])
    drawn = found.heatmap("a", "b", "final_equity", reduce=reduce)
    assert drawn.values[1, 0] == pytest.approx(10_000 + expected)
    assert drawn.values[0, 1] == 10_001


@pytest.mark.parametrize(
    ("reduce", "expected"), [("max", 4), ("min", 2), ("mean", 3), ("median", 3)]
)
def test_heatmap_leaves_out_what_is_unknown(reduce: Any, expected: float) -> None:
    one, figures = np.ones(3), np.array([2, np.nan, 4])
    drawn = heatmap_of(one, one, figures, names=("a", "b", "c"), reduce=reduce)
    assert drawn.values.tolist() == [[expected]]


def test_heatmap_html_is_one_page_with_a_labelled_cell_for_each_value(
    found: SweepResult, tmp_path: Path
) -> None:
    drawn = found.heatmap("fast", "slow", "trades", path=tmp_path / "map.html")
    page = (tmp_path / "map.html").read_text()
    assert page == drawn.to_html()
    assert not re.search(r"<script|<link|src=|href=|https?://(?!www\.w3\.org/2000/svg)", page)
    svg = ElementTree.fromstring(page[page.index("<svg") : page.index("</svg>") + 6])
    titles = [each.text for each in svg.iter() if each.tag.endswith("title")]
    assert len(titles) == 12
    for row in found.table:
        assert f"fast {row['fast']:g}, slow {row['slow']:g}: {row['trades']}" in titles


def test_heatmap_html_draws_what_is_unknown_grey_and_the_best_lightest() -> None:
    grid = [{"held": h, "other": o} for h, o in ((0, 1), (1, 1), (2, 2), (5, 2))]
    found = sweep(rising(10, 10, 11, 10, 12), HOLDS, grid=grid)
    drawn = found.heatmap("held", "other")
    colours = dict(re.findall(r'fill="(#\w+)"><title>(held \d, other \d)', drawn.to_html()))
    by_cell = {cell: colour for colour, cell in re.findall(
        r'fill="(#\w+)"><title>(held \d, other \d)', drawn.to_html())}  # fmt: skip
    assert colours and by_cell["held 0, other 1"] == by_cell["held 1, other 2"] == "#dddddd"
    values = {"held 1, other 1": drawn.values[0, 1], "held 5, other 2": drawn.values[1, 3]}
    assert by_cell[max(values, key=lambda name: values[name])] == "#fde725"


def test_heatmap_of_what_nobody_knows_is_grey() -> None:
    """No combination trades: there is no ratio of any, and the drawing says so."""
    found = sweep(BARS, HOLDS, {"held": [0], "other": [1, 2]})
    drawn = found.heatmap("held", "other")
    assert drawn.values.shape == (2, 1) and np.isnan(drawn.values).all()
    assert drawn.to_html().count('fill="#dddddd"') == 2


def test_heatmap_escapes_names(found: SweepResult) -> None:
    import dataclasses

    drawn = dataclasses.replace(found.heatmap("fast", "slow"), metric="<b>&")
    assert "<b>" not in drawn.to_html() and "&lt;b&gt;&amp;" in drawn.to_html()
    assert drawn._repr_html_().startswith("<svg")


def test_heatmap_png_is_a_picture(found: SweepResult, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    found.heatmap("fast", "slow", path=tmp_path / "map.png")
    import matplotlib.image

    picture = matplotlib.image.imread(tmp_path / "map.png")
    assert picture.shape[0] > 400 and len(np.unique(picture[..., :3].reshape(-1, 3), axis=0)) > 12


def test_a_column_is_found_by_its_name(found: SweepResult) -> None:
    np.testing.assert_array_equal(found["sharpe"], found.table["sharpe"])
    assert "sharpe" in found and "sharp" not in found
    assert [each["sharpe"] for each in found][:3] == found["sharpe"][:3].tolist()
    with pytest.raises(NotFoundError, match="^column: sharp: .*; did you mean 'sharpe'"):
        found["sharp"]
    assert found.best["fast"] == found.best.params["fast"] == found.best[0]
    with pytest.raises(NotFoundError, match="^metric: 5: expected a column of the table"):
        found.heatmap("fast", "slow", 5)  # type: ignore[arg-type]
    with pytest.raises(NotFoundError, match="^column: sharp: .*; did you mean 'sharpe'"):
        found.best["sharp"]
    with pytest.raises(NotFoundError, match=r"it is not in the table; sweep with metrics="):
        found.best["sortino"]


def test_heatmap_png_without_matplotlib_says_what_to_install(
    found: SweepResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "matplotlib", None)
    monkeypatch.setitem(__import__("sys").modules, "matplotlib.figure", None)
    with pytest.raises(UnsupportedError, match=r"pip install 'hquant-cffi\[plots\]'"):
        found.heatmap("fast", "slow", path=tmp_path / "map.png")


@pytest.mark.parametrize(
    ("arguments", "how", "kind", "message"),
    [
        (("fast", "low"), {}, NotFoundError, "y: low: expected a PARAM: fast, slow"),
        (("fast", "fast"), {}, ParameterError, "expected two PARAMs, found 'fast' twice"),
        (("fast", "slow", "sortino"), {}, NotFoundError, "sweep with metrics=['sortino']"),
        (("fast", "slow", "sharp"), {}, NotFoundError, "did you mean 'sharpe'?"),
        (("fast", "slow"), {"reduce": "sum"}, ParameterError, "reduce: expected one of max, min"),
        (("fast", "slow"), {"path": "map.svg"}, ParameterError, "ending in .png or .html"),
    ],
)
def test_heatmap_refuses_what_it_cannot_draw(
    found: SweepResult, arguments: Any, how: Any, kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind, match=re.escape(message)):
        found.heatmap(*arguments, **how)
