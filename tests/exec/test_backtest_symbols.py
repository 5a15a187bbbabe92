"""Several symbols on one account: how they are given, merged by time, and told apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
from backtest_tapes import MINUTE, bars_of, flat_bars, random_signals, walk

from hquant_cffi import Bars, DataError, NotFoundError, ParameterError, Strategy, backtest

RULE = "PARAM n = 5\nIF close > SMA(n) THEN BUY SIZE 10%\nIF close < SMA(n) THEN SELL SIZE 10%"


def columns_of(bars: Bars) -> dict[str, object]:
    return {name: list(column) for name, column in bars.columns.items()}


# ------------------------------------------------------------------------- the clock


def test_two_symbols_worked_out_by_hand() -> None:
    first = bars_of([(16, 16, 16, 16), (16, 16, 16, 16), (20, 20, 20, 20)])
    second = bars_of([(8, 8, 8, 8), (10, 10, 10, 10), (12, 12, 12, 12)], start=MINUTE)
    report = backtest(
        {"A": first, "B": second},
        signals={"A": [1, 0, 0], "B": [-1, 0, 0]},
        size=2,
        capital=100,
        curves=("position", "margin"),
    )
    # at 1: A buys 2 at 16. at 2: A is worth 8 more, B sells 2 at 10. at 3: B is at 12
    assert report.symbols == ("A", "B")
    assert report.time.tolist() == [0, MINUTE, 2 * MINUTE, 3 * MINUTE]
    assert (report.bars, report.steps) == (6, 4)
    assert report.position is not None and report.margin is not None
    assert report.position.tolist() == [[0, 0], [2, 0], [2, -2], [2, -2]]
    assert report.margin.tolist() == [0, 32, 52, 52]
    assert report.equity.tolist() == [100, 100, 108, 104]
    assert report.actions.tolist() == [1, 0, 0, 2, 0, 0]  # A's bars, then B's


def test_a_symbol_beside_one_that_never_trades_gives_what_it_gives_alone() -> None:
    data, signals = walk(3), random_signals(4)
    alone = backtest(data, signals=signals, leverage=2, fee=0.001, stop="1%")
    beside = backtest(
        {"still": walk(5), "moving": data},
        signals={"moving": signals},
        leverage=2,
        fee=0.001,
        stop="1%",
    )
    assert beside.equity.tobytes() == alone.equity.tobytes()
    assert set(beside.columns("fills")["symbol"]) == {"moving"}
    for name in alone.fills.dtype.names or ():
        if name != "symbol":
            assert beside.fills[name].tobytes() == alone.fills[name].tobytes(), name


def test_a_name_changes_nothing_but_the_name() -> None:
    data, signals = walk(6), random_signals(7)
    plain = backtest(data, signals=signals, trail=1.0, curves="position")
    named = backtest({"BTC": data}, signals={"BTC": signals}, trail=1.0, curves="position")
    shared = backtest({"BTC": data}, signals=signals, trail=1.0, curves="position")
    for each in (named, shared):
        assert each.trades.tobytes() == plain.trades.tobytes()
        assert each.symbols == ("BTC",)
    assert "position" in named.columns() and set(named.columns("trades")["symbol"]) == {"BTC"}
    assert plain.symbols == ("",)


# ------------------------------------------------------------------ how they are given


def test_data_of_any_form_is_told_from_a_mapping_of_symbols() -> None:
    bars = walk(8, 50)
    frame = pd.DataFrame(columns_of(bars))
    forms = [
        columns_of(bars),
        {name.title(): column for name, column in columns_of(bars).items()},
        dict(bars.columns),
        {name: pd.Series(column) for name, column in columns_of(bars).items()},
        frame,
        pl.DataFrame(columns_of(bars)),
        pl.DataFrame(columns_of(bars)).to_arrow(),
    ]
    signals = random_signals(9, 50)
    expected = backtest(bars, signals=signals)
    assert expected.fills_count > 3
    for form in forms:
        for data in (form, {"close": form}, {"c": form, "BTC": form}):
            report = backtest(data, signals={"c": signals} if "BTC" in data else signals)
            assert report.equity.tobytes() == expected.equity.tobytes()
            assert report.symbols == (("",) if data is form else tuple(data))


def test_strategies_are_one_for_all_or_by_name() -> None:
    data = {"A": walk(10), "B": walk(11)}
    both = backtest(data, RULE)
    by_name = backtest(data, {"B": Strategy.compile(RULE).bytecode, "A": RULE})
    assert both.trades.tobytes() == by_name.trades.tobytes()
    assert set(both.columns("trades")["symbol"]) == {"A", "B"}
    only = backtest(data, {"B": RULE})
    assert set(only.columns("trades")["symbol"]) == {"B"} and not only.actions[:300].any()


def test_params_go_to_the_strategies_that_have_them() -> None:
    data = {"A": walk(12), "B": walk(13)}
    other = RULE.replace("PARAM n", "PARAM m").replace("SMA(n)", "SMA(m)")
    plain = backtest(data, {"A": RULE.replace("n = 5", "n = 9"), "B": other.replace("5", "7", 1)})
    given = backtest(data, {"A": RULE, "B": other}, params={"n": 9, "m": 7})
    assert given.trades.tobytes() == plain.trades.tobytes()
    assert backtest(data, {"A": RULE, "B": other}).trades.tobytes() != plain.trades.tobytes()
    with pytest.raises(NotFoundError, match="params: no strategy has a PARAM 'k'"):
        backtest(data, {"A": RULE, "B": other}, params={"k": 9})


def test_rules_of_the_venue_are_one_number_or_by_name() -> None:
    data = {"A": flat_bars(3), "B": flat_bars(3, 32)}
    options = {"signals": [1, 0, 0], "size": 2.75}
    for lots, quantities in [(0.5, [2.5, 2.5]), ({"A": 0, "B": 2}, [2.75, 2])]:
        report = backtest(data, lot_size=lots, **options)  # type: ignore[arg-type]
        assert report.fills["quantity"].tolist() == quantities


def test_funding_and_finer_bars_are_by_name() -> None:
    data = {"A": flat_bars(3), "B": flat_bars(3, 32)}
    report = backtest(
        data,
        signals=[1, 0, 0],
        size=4,
        funding={"A": [0, 1 / 64, 1 / 64]},
        intrabar="finer",
        finer={"B": flat_bars(6, 32)},
    )
    assert report.trades["funding"].tolist() == [1, 0]


# -------------------------------------------------------------------------- bad input


def test_names_that_are_none_are_refused() -> None:
    data = {"A": flat_bars(3), "B": flat_bars(3)}
    signals = [1, 0, 0]
    for options, message in [
        ({"signals": {"C": signals}}, "^signals: expected symbols among A, B, found C"),
        ({"strategy": {"C": RULE}}, "^strategy: expected symbols among A, B, found C"),
        ({"signals": signals, "funding": {"C": signals}}, "^funding: expected symbols among"),
        ({"signals": signals, "tick_size": {"C": 1}}, "^tick_size: expected symbols among"),
        ({"signals": signals, "lot_size": {"A": 1}}, "^lot_size: .* found none for B; 0 is no"),
        ({"signals": signals, "min_notional": {"A": 1, "B": "x"}}, r"^min_notional\['B'\]: "),
        ({"signals": signals, "min_quantity": {"A": 1, "B": -1}}, "^symbol 'B': min_quantity must"),
        ({"signals": {"A": signals, "B": [0]}}, r"^signals\['B'\]: expected 3 numbers"),
        ({"signals": {"A": [0, 7, 0]}}, r"^signals\['A'\]\[1\]: expected -1"),
        (
            {"signals": signals, "finer": flat_bars(3), "intrabar": "finer"},
            "^finer: several symbols need a mapping",
        ),
        (
            {"signals": signals, "finer": {"A": 5}, "intrabar": "finer"},
            r"^finer\['A'\]: source: expected a path",
        ),
        ({"signals": signals, "finer": {}, "intrabar": "finer"}, "^intrabar = finer needs"),
    ]:
        with pytest.raises(ParameterError, match=message):
            backtest(data, **options)  # type: ignore[arg-type]


def test_data_that_is_none_is_refused_by_name() -> None:
    for data, message in [
        ({}, "^data: expected at least one symbol, found an empty mapping"),
        ({"A": flat_bars(3), 5: flat_bars(3)}, "^data: expected names of symbols, found 5"),
        ({"": flat_bars(3)}, "^data: expected names of symbols, found ''"),
        ({"A": 5}, r"^data\['A'\]: source: expected a path"),
        (5, "^data: source: expected a path"),
        ([flat_bars(3), flat_bars(3)], "^data: several symbols are a mapping .* found a list"),
    ]:
        with pytest.raises(ParameterError, match=message):
            backtest(data, signals=[1, 0, 0])  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="^strategy: a mapping needs symbols with names"):
        backtest(flat_bars(3), {"A": RULE})


def test_a_bar_that_cannot_be_traded_is_named_with_its_symbol() -> None:
    bad = bars_of([(16, 16, 16, 16), (16, 16, 0, 16)])
    with pytest.raises(DataError, match=r"^symbol 'B': bar 1: low must be a finite number > 0"):
        backtest({"A": flat_bars(2), "B": bad}, signals=[0, 0])


def test_bars_out_of_order_are_refused_with_their_symbol() -> None:
    back = flat_bars(3)
    columns = {**back.columns, "timestamp": np.array([0, 120_000, 60_000])}
    unsorted = Bars._trusted(columns, "unsorted")
    with pytest.raises(DataError, match=r"^symbol 'B': bar 2: timestamp 60000 is before"):
        backtest({"A": flat_bars(3), "B": unsorted}, signals=[0, 0, 0])


def test_a_funding_rate_that_is_missing_is_named_with_its_symbol() -> None:
    data = {"A": flat_bars(3), "B": flat_bars(3)}
    rates = {"A": [0.1] * 3, "B": [0, 0, np.nan]}
    with pytest.raises(ParameterError, match="^funding: symbol 'B' has none .* bar 2,"):
        backtest(data, signals=[1, 0, 0], size=1, funding=rates)
