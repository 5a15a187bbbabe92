"""Options of backtest(): each reaches the run, what contradicts is refused by its name."""

from __future__ import annotations

from decimal import Decimal
from inspect import signature

import numpy as np
import pytest
from backtest_tapes import MINUTE, bars_of, flat_bars, random_signals, walk

from hquant_cffi import BacktestReport, DataError, ParameterError, backtest, load
from hquant_cffi._backtest_options import _READ

TAPE = walk(1)
SIGNALS = random_signals(2)
NONE = np.zeros(len(TAPE), np.int8)


def run(**options: object) -> BacktestReport:
    return backtest(TAPE, signals=SIGNALS, **options)  # type: ignore[arg-type]


# ------------------------------------------------------------------ they arrive

# For each option a value that must change what this tape gives, and what is needed beside it.
CHANGES: dict[str, tuple[object, dict[str, object]]] = {
    "capital": (5000.0, {}),
    "leverage": (3.0, {}),
    "fee": (0.001, {}),
    "maker_fee": (0.0005, {"fee": 0.002, "target": "1%"}),
    "fee_per_unit": (0.01, {}),
    "slippage": (0.001, {}),
    "slippage_ticks": (2.0, {"tick_size": 0.25}),
    "slippage_random": (0.01, {}),
    "slippage_seed": (7, {"slippage_random": 0.01}),
    "funding": (np.full(300, 0.0001), {}),
    "funding_interval": ("1h", {"funding": np.full(300, 0.0001)}),
    "funding_missing": (0.001, {"funding": np.full(300, np.nan), "funding_missing": "zero"}),
    "maintenance_margin": (0.24, {"leverage": 4.0}),
    "margin_tiers": ([(0, 0.0, 50), (5000, 0.01, 1.5)], {"leverage": 2.0}),
    "fill": ("close", {}),
    "limit_offset": (0.002, {"fill": "limit"}),
    "limit_bars": (1, {"fill": "limit", "limit_offset": 0.01}),
    "intrabar": ("best", {"stop": "0.5%", "target": "0.5%"}),
    "sides": ("long", {}),
    "position": ("hedged", {"size": "10%"}),
    "pyramiding": (2, {"size": "10%"}),
    "size": ("50%", {}),
    "size_unit": ("notional", {"size": 64}),
    "stop": ("0.5%", {}),
    "target": (0.5, {}),
    "trail": ("0.5%", {}),
    "tick_size": (0.25, {"target": "1%"}),
    "lot_size": (2.0, {}),
    "min_quantity": (1000.0, {}),
    "min_notional": (1e6, {}),
    "unaffordable": ("reject", {"size": 200}),
    "curves": (("position", "margin"), {}),
}
# Tested elsewhere, or without effect on a run that is already possible.
ELSEWHERE = {
    "data", "strategy", "signals", "orders", "params", "htf", "bar_period", "progress",
    "contract_size", "bad_bars", "finer",
}  # fmt: skip


def found(report: BacktestReport) -> tuple[object, ...]:
    curves = (report.position is None, report.margin is None)
    return (*curves, report.equity.tobytes(), report.fills.tobytes(), report.rejected_orders)


@pytest.mark.parametrize("name", CHANGES)
def test_every_option_changes_the_run(name: str) -> None:
    value, beside = CHANGES[name]
    report = run(**{**beside, name: value})
    assert found(report) != found(run(**beside))
    assert report.options[name] is value


def test_no_option_is_forgotten_here() -> None:
    assert set(signature(backtest).parameters) == set(CHANGES) | ELSEWHERE


def test_defaults_are_what_the_signature_says() -> None:
    defaults = {
        name: option.default
        for name, option in signature(backtest).parameters.items()
        if name in CHANGES
    }
    assert found(run(**defaults)) == found(run())


def test_options_that_were_given_before_are_read_anew_where_they_may_have_changed() -> None:
    tiers, fee = [(0, 0.0, 50)], 0.001
    before = [found(run(fee=fee, margin_tiers=tiers, leverage=2.0)) for _ in range(2)]
    tiers.append((5000, 0.01, 1.5))
    changed = found(run(fee=fee, margin_tiers=tiers, leverage=2.0))
    assert before[0] == before[1] != changed
    same = [found(run(fee=fee)) for _ in range(2)]
    assert same[0] == same[1] == found(run(fee=Decimal("0.001"))) != found(run())


def test_maker_fee_is_the_taker_fee_unless_given() -> None:
    target = {"target": "1%", "fee": 0.002}
    assert found(run(**target)) == found(run(**target, maker_fee=0.002))
    report = run(**target, maker_fee=0.0)
    paid = report.fills["fee"] > 0
    assert report.fills["is_maker"].any()
    np.testing.assert_array_equal(paid, report.fills["is_maker"] == 0)


def test_bars_that_cannot_be_traded_are_refused_or_counted() -> None:
    rows = [(16.0,) * 4, (16.0, 16.0, 0.0, 16.0), (17.0,) * 4, (18.0,) * 4]
    data, signals = bars_of(rows), [1, 1, 0, 0]  # type: ignore[arg-type]
    report = backtest(data, signals=signals, bad_bars="skip", capital=1700)
    assert (report.bars, report.steps, report.rejected_bars) == (4, 3, 1)
    assert report.time.tolist() == [0, 2 * MINUTE, 3 * MINUTE]
    assert report.equity.tolist() == [1700, 1700, 1800]
    assert report.actions.tolist() == [1, 0, 0, 0]
    assert "1 that cannot be traded" in report.summary()


def test_finer_bars_settle_what_a_bar_leaves_open() -> None:
    data = bars_of([(16, 16, 16, 16), (16, 18, 14, 16), (16, 16, 16, 16)])
    half_minutes = {
        "timestamp": [MINUTE, MINUTE + MINUTE // 2],
        "open": [16, 18],
        "high": [18, 18],
        "low": [16, 14],
        "close": [18, 14],
        "volume": [1, 1],
    }
    exits = {"stop": 1, "target": 1, "signals": [1, 0, 0], "capital": 1600}
    worst = backtest(data, **exits)  # type: ignore[arg-type]
    assert (worst.trades["exit_price"].tolist(), worst.ambiguous_bars) == ([15], 1)
    settled = backtest(data, intrabar="finer", finer=half_minutes, **exits)  # type: ignore[arg-type]
    assert (settled.trades["exit_price"].tolist(), settled.ambiguous_bars) == ([17], 0)


# ------------------------------------------------------- clauses are the options


@pytest.mark.parametrize("clause", ["STOP", "TARGET", "TRAIL", "SIZE"])
@pytest.mark.parametrize("level", ["0.7%", "3.3%", "12.5%", "0.1%"])
def test_a_clause_and_the_option_of_its_name_give_the_same_bits(clause: str, level: str) -> None:
    rules = "IF CROSSOVER(close, SMA(close, 5)) THEN BUY {0}\nIF close < SMA(9) THEN SELL {0}"
    by_clause = backtest(TAPE, rules.format(f"{clause} {level}"))
    by_option = backtest(TAPE, rules.format(""), **{clause.lower(): level})  # type: ignore[arg-type]
    assert by_clause.fills_count > 10
    assert found(by_clause) == found(by_option)


def test_a_clause_wins_over_the_option() -> None:
    rule = "IF CROSSOVER(close, SMA(close, 5)) THEN BUY STOP 1%"
    assert found(backtest(TAPE, rule, stop="20%")) == found(backtest(TAPE, rule))


@pytest.mark.parametrize("written", ["3%", " 3 % ", "3.0%", "03.%"])
def test_percentages_are_read_whatever_their_blanks(written: str) -> None:
    assert found(run(stop=written)) == found(run(stop="3%"))


@pytest.mark.parametrize("number", [2, np.int64(2), np.float32(2), Decimal(2)])
def test_every_kind_of_number_is_a_number(number: object) -> None:
    assert found(run(stop=number, pyramiding=np.int8(0))) == found(run(stop=2.0))


# -------------------------------------------------------------------- bad input

NAN = float("nan")
BAD: list[tuple[dict[str, object], str]] = [
    # by kind
    ({"capital": "10000"}, "^capital: expected a number, found '10000'"),
    ({"fee": True}, "^fee: expected a number, found True"),
    ({"fee": None}, "^fee: expected a number, found None"),
    ({"fee": np.array([0.1])}, "^fee: expected a number"),
    ({"pyramiding": 1.0}, r"^pyramiding: expected a whole number 0\.\."),
    ({"pyramiding": -1}, "^pyramiding: .* found -1"),
    ({"pyramiding": True}, "^pyramiding: .* found True"),
    ({"limit_bars": 2**32, "fill": "limit"}, "^limit_bars: "),
    ({"slippage_seed": -1}, "^slippage_seed: "),
    ({"slippage_seed": 2**64}, "^slippage_seed: "),
    # by range
    ({"fee": -0.1}, "^fee must be a finite number >= 0 .* got -0.1"),
    ({"fee": 1e101}, "^fee must"),
    ({"maker_fee": -0.1}, "^maker_fee must"),
    ({"maker_fee": NAN}, "^maker_fee must"),
    ({"fee_per_unit": -1}, "^fee_per_unit must"),
    ({"capital": 0}, "^capital must"),
    ({"leverage": 0.99}, "^leverage must"),
    ({"contract_size": 0}, "^contract_size must"),
    ({"slippage": 1.0}, "^slippage must be >= 0 and < 1, got 1.0"),
    ({"slippage": -0.1}, "^slippage must"),
    ({"slippage_random": 2}, "^slippage_random must"),
    ({"slippage_ticks": -1}, "^slippage_ticks must"),
    ({"limit_offset": 1.0, "fill": "limit"}, "^limit_offset must"),
    ({"limit_offset": -0.1, "fill": "limit"}, "^limit_offset must"),
    ({"maintenance_margin": -1}, "^maintenance_margin must"),
    ({"tick_size": -1}, "^tick_size must be a finite number >= 0"),
    ({"lot_size": NAN}, "^lot_size must"),
    ({"min_quantity": -1}, "^min_quantity must"),
    ({"min_notional": -1}, "^min_notional must"),
    ({"funding_interval": "0h", "funding": NONE}, "0h"),
    ({"funding_interval": True, "funding": NONE}, "^funding_interval: expected a text"),
    # levels and sizes
    ({"stop": 0}, "^stop: expected more than 0"),
    ({"stop": "0%"}, "^stop: expected more than 0 .* found '0%'"),
    ({"stop": "-3%"}, "^stop: expected a number or a percentage such as '3%', found '-3%'"),
    ({"stop": "3"}, "^stop: expected a number or a percentage"),
    ({"stop": "3%%"}, "^stop: expected a number or a percentage"),
    ({"stop": "nan%"}, "^stop: expected a number or a percentage"),
    ({"stop": "1_0%"}, "^stop: expected a number or a percentage"),
    ({"stop": "٣%"}, "^stop: expected a number or a percentage"),
    ({"target": NAN}, "^target must be a finite number"),
    ({"trail": -2}, "^trail: expected more than 0"),
    ({"size": NAN}, "^size must be a finite number"),
    ({"size": 0}, "^size: expected more than 0"),
    ({"size": "50"}, "^size: expected a number or a percentage"),
    ({"size": "half"}, "^size: expected a number or a percentage"),
    ({"size": "50%", "size_unit": "margin"}, "^size: '50%' is of equity, and size_unit"),
    ({"size_unit": "notional"}, "^size_unit: 'notional' needs a size"),
    ({"size_unit": "lots", "size": 1}, "^size_unit: expected one of units, notional"),
    # choices
    ({"fill": "open"}, "^fill: expected one of next_open, close, limit, found 'open'"),
    ({"intrabar": "random"}, "^intrabar: expected one of worst"),
    ({"sides": "all"}, "^sides: "),
    ({"position": "net"}, "^position: "),
    ({"unaffordable": "cut"}, "^unaffordable: "),
    ({"bad_bars": "raise"}, "^bad_bars: "),
    ({"curves": ("equity",)}, "^curves: expected some of position, margin, found 'equity'"),
    ({"curves": "cash"}, "^curves: "),
    ({"htf": "open"}, "^htf: "),
    ({"htf": []}, r"^htf: expected one of .*, found \[\]"),
    ({"funding_missing": "skip", "funding": NONE}, "^funding_missing: expected 'error'"),
    ({"funding_missing": NAN, "funding": NONE}, "^funding_missing must be a finite"),
    # contradictions
    ({"limit_offset": 0.01}, 'limit_offset is read only with fill="limit"'),
    ({"limit_bars": 3}, 'limit_bars is read only with fill="limit"'),
    ({"finer": TAPE}, 'finer is read only with intrabar="finer"'),
    ({"intrabar": "finer"}, 'intrabar: "finer" needs the bars of a shorter period'),
    ({"funding_interval": "8h"}, "funding_interval is read only with funding"),
    ({"funding_missing": "zero"}, "funding_missing is read only with funding"),
    ({"slippage": 0.1, "slippage_ticks": 1}, "^slippage and slippage_ticks exclude each other"),
    (
        {"slippage_random": 0.1, "slippage_ticks": 1, "tick_size": 1},
        "^slippage_ticks and slippage_random exclude",
    ),
    ({"slippage_ticks": 1}, "^slippage in ticks needs a tick_size > 0"),
    (
        {"maintenance_margin": 0.01, "margin_tiers": [(0, 0.1, 5)]},
        "^maintenance_margin and margin_tiers exclude each other",
    ),
    ({"params": {"n": 3}}, "^params: there is no strategy"),
    # tiers
    ({"margin_tiers": []}, "^margin_tiers: expected at least one"),
    ({"margin_tiers": 5}, r"^margin_tiers: expected a list of \(notional_from.*found int 5"),
    ({"margin_tiers": iter([(0, 0.1, 5)])}, "^margin_tiers: expected a list.*found list_iterator"),
    ({"margin_tiers": np.array(1.0)}, "^margin_tiers: expected a list.*found ndarray"),
    ({"margin_tiers": [(0, 0.1)]}, r"^margin_tiers\[0\]: expected \(notional_from"),
    ({"margin_tiers": [5]}, r"^margin_tiers\[0\]: expected \(notional_from"),
    ({"margin_tiers": [(0, NAN, 5)]}, r"^margin_tiers\[0\].maintenance_rate must"),
    ({"margin_tiers": [(1, 0.1, 5)]}, r"^margin_tiers\[0\].notional_from must be 0"),
    (
        {"margin_tiers": [(0, 0.1, 5), (0, 0.1, 5)]},
        r"^margin_tiers\[1\].notional_from must be above",
    ),
    ({"margin_tiers": [(0, 0.1, 0.5)]}, r"^margin_tiers\[0\].max_leverage must be >= 1"),
    ({"margin_tiers": [(0, 0.1, 5), (9, 0.1, 6)]}, r"^margin_tiers\[1\].max_leverage .* not rise"),
    ({"margin_tiers": [(i, 0, 1) for i in range(65)]}, "^margin_tiers: expected at most 64"),
    # columns
    ({"funding": [0.1]}, r"^funding: expected 300 numbers, .* found an array of shape \(1,\)"),
    ({"funding": ["x"] * 300}, "^funding: expected 300 numbers"),
    ({"funding": np.full(300, np.inf)}, r"^funding\[0\] must be a finite number or NaN"),
    ({"tick_size": {"": 1}}, "^tick_size: a mapping needs symbols with names"),
    ({"finer": 5, "intrabar": "finer"}, "^finer: source: expected a path"),
]


@pytest.mark.parametrize(("options", "message"), BAD, ids=[str(i) for i in range(len(BAD))])
def test_bad_options_are_refused_by_name_and_value(
    options: dict[str, object], message: str
) -> None:
    with pytest.raises(ParameterError, match=message):
        run(**options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"params": 0}, "^params: expected a mapping of PARAMs, found int"),
        ({"params": []}, "^params: expected a mapping of PARAMs, found list"),
        ({"params": "n"}, "^params: expected a mapping of PARAMs, found str"),
        ({"orders": 0}, "^orders: expected a list of Order, found int"),
        ({"curves": None}, "^curves: expected a list of names, found NoneType"),
        ({"progress": 5}, "^progress: expected a function or None, found int"),
    ],
    ids=str,
)
def test_other_kinds_of_arguments_are_type_errors(options: dict[str, object], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        run(**options)


def test_a_boolean_is_no_number_of_a_param() -> None:
    with pytest.raises(TypeError, match="^param n: expected a number, found bool"):
        backtest(TAPE, "PARAM n = 2\nIF close > n THEN BUY", params={"n": True})


def test_a_bad_finer_bar_is_called_one_whatever_becomes_of_bad_bars() -> None:
    data, finer = flat_bars(3), bars_of([(16,) * 4, (16, 16, 0, 16)], step=MINUTE // 2)
    options: dict[str, object] = {"intrabar": "finer", "finer": finer, "size": 1}
    for bad_bars in ("error", "skip"):
        with pytest.raises(DataError, match="^finer bar 1: low must be a finite number > 0"):
            backtest(data, signals=[1, 0, 0], bad_bars=bad_bars, **options)  # type: ignore[arg-type]
    options["finer"] = {"B": finer}
    with pytest.raises(DataError, match="^symbol 'B': finer bar 1: low must be"):
        backtest({"A": data, "B": data}, signals={"A": [1, 0, 0]}, **options)  # type: ignore[arg-type]


def test_funding_due_at_a_bar_that_is_left_out_is_paid_at_the_next() -> None:
    rows = [(16.0,) * 4] * 6
    rows[3] = (16.0, 16.0, 0.0, 16.0)  # at minute 3, when it is due
    options = {"funding": [0.125] * 6, "funding_interval": "3m", "capital": 1600}
    report = backtest(bars_of(rows), signals=[1, 0, 0, 0, 0, 0], bad_bars="skip", **options)  # type: ignore[arg-type]
    assert report.funding == 200
    assert report.equity.tolist() == [1600, 1600, 1600, 1400, 1400]


def test_a_funding_rate_that_is_missing_where_it_is_due_is_refused_by_bar() -> None:
    rates = np.full(300, 0.0001)
    held = int(np.flatnonzero(SIGNALS)[0]) + 2
    rates[held] = np.nan
    with pytest.raises(ParameterError, match=rf"^funding: the symbol has none .* bar {held}, "):
        run(funding=rates)
    assert run(funding=rates, funding_missing="zero").funding != 0


def test_signals_are_minus_one_zero_or_one_for_each_bar() -> None:
    data = flat_bars(3)
    for signals, message in [
        ([1, 0], r"^signals: expected 3 numbers, one for each bar, found an array of shape \(2,\)"),
        ([1, 2, 0], r"^signals\[1\]: expected -1 \(sell\), 0 \(none\) or 1 \(buy\), found 2"),
        ([0, 0.5, 0], r"^signals\[1\]: .* found 0.5"),
        ([0, 0, np.nan], r"^signals\[2\]: .* found nan"),
        ([[1, 0, 0]], r"^signals: expected 3 numbers"),
        (["BUY", "", ""], r"^signals: expected 3 numbers"),
        (np.array([255, 0, 0], np.uint8), r"^signals\[0\]: .* found 255"),
    ]:
        with pytest.raises(ParameterError, match=message):
            backtest(data, signals=signals)
    for kind in (np.int8, np.int64, np.float32, np.float64):
        assert backtest(data, signals=np.array([1, -1, 0], kind)).sell_signals == 1
    assert backtest(data, signals=np.array([True, False, False])).buy_signals == 1
    assert backtest(data, signals=np.array([[1, 5], [0, 5], [0, 5]])[:, 0]).buy_signals == 1


def test_strategy_signals_and_orders_are_one_at_least_and_not_both_of_the_first_two() -> None:
    data = flat_bars(3)
    with pytest.raises(ParameterError, match="strategy and signals exclude each other"):
        backtest(data, "IF close > 1 THEN BUY", signals=[1, 0, 0])
    with pytest.raises(ParameterError, match="strategy: expected one, or signals, or orders"):
        backtest(data)
    assert backtest(data, orders=[]).orders == 0


def test_nothing_to_run_gives_an_empty_report() -> None:
    report = backtest(flat_bars(1)[:0], signals=[], stop="3%", curves=("position", "margin"))
    assert (report.bars, report.steps, report.final_equity) == (0, 0, 10_000)
    assert report.position is not None and report.position.shape == (0, 1)
    for curve in (report.time, report.equity, report.drawdown, report.trades, report.fills):
        assert len(curve) == 0
    assert "bars" in report.summary()


def test_every_option_but_those_read_elsewhere_makes_the_struct() -> None:
    """The struct of the call before serves again where all that it was made of is the same."""
    elsewhere = {"data", "strategy", "signals", "orders", "params", "progress", "curves"}
    elsewhere |= {"tick_size", "lot_size", "min_quantity", "min_notional"}
    assert set(signature(backtest).parameters) - set(_READ) == elsewhere


def test_a_short_closed_at_its_entry_has_no_negative_zero() -> None:
    prices = np.full(6, 100.0)
    bars = load({"timestamp": np.arange(6) * 60_000, "open": prices, "high": prices, "low": prices,
                 "close": prices, "volume": prices})  # fmt: skip
    report = backtest(bars, signals=np.array([-1, 0, 1, 0, -1, 0], np.int8))
    assert report.fills_count >= 4
    assert not np.signbit(report.fills["pnl"]).any()
