"""Every rule of docs/peers.md that a peer has otherwise, on a tape of a few bars.

Each test shows both answers, so that it fails when either side changes its rule.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import peer_backtesting
import peer_hquant
import peer_vectorbt
import pytest
from peer_rules import CAPITAL, Market, Outcome, Rules

from hquant_cffi.data import load

Bar = tuple[float, float, float, float]  # open, high, low, close

DAY = 86_400_000
START = 1_704_067_200_000  # 2024-01-01, the tapes' day 0


def market(*bars: Bar, buy: int | None = None, sell: int | None = None) -> Market:
    """Return days with a BUY and a SELL at the closes of two of them.

    A day is put before the first: backtesting.py asks its strategy from the second bar on.
    """
    prices = np.array([flat(bars[0][0]), *bars])
    time = START + (np.arange(len(prices)) - 1) * DAY
    columns = dict(zip(("open", "high", "low", "close"), prices.T, strict=True))
    bars_of_tape = load(pd.DataFrame({"timestamp": time, **columns, "volume": 1.0}))
    signals = np.zeros(len(prices), np.int8)
    for side, day in ((1, buy), (-1, sell)):
        if day is not None:
            signals[day + 1] = side
    return Market("tape", bars_of_tape, signals)


def flat(price: float) -> Bar:
    return (price, price, price, price)


def exits(found: Outcome) -> list[tuple[int, float]]:
    """Return (day, price) of the ends of the closed trades."""
    closed = found.trades[~found.trades["is_open"]]
    days = (closed["exit_time"] - START) // DAY
    prices = np.round(closed["exit_price"], 9)
    return list(zip(days.tolist(), prices.tolist(), strict=True))


def sizes(found: Outcome) -> list[float]:
    return np.round(found.trades["size"], 6).tolist()  # type: ignore[no-any-return]


def last_days(curve: Any, count: int) -> list[float]:
    """Return equity at the last closes."""
    return np.round(np.asarray(curve, np.float64)[-count:], 9).tolist()  # type: ignore[no-any-return]


def test_same_bracket_on_a_plain_tape() -> None:
    """The helpers of this file see what they should where nothing differs."""
    tape = market(flat(100), flat(100), flat(100), (100, 101, 80, 99), flat(99), buy=0)
    rules = Rules(size=10.0, stop=0.1)
    for run in (peer_hquant.run, peer_backtesting.run, peer_vectorbt.run_as_it_is):
        assert exits(run(tape, rules)) == [(3, 90.0)]


# ------------------------------------------------------------------------ backtesting.py


def test_backtesting_notes_equity_before_the_fills_at_the_close() -> None:
    tape = market(flat(100), flat(100), flat(100), flat(100), buy=1)
    rules = Rules(fill="close", size=10.0, fee=0.01)
    curve = peer_backtesting.run_as_it_is(tape, rules)._equity_curve["Equity"]
    assert last_days(curve, 4) == [CAPITAL, CAPITAL, CAPITAL - 10, CAPITAL - 10]
    ours = peer_hquant.run(tape, rules).equity
    assert last_days(ours, 4) == [CAPITAL, CAPITAL - 10, CAPITAL - 10, CAPITAL - 10]


def test_backtesting_charges_its_spread_on_entries_only() -> None:
    tape = market(flat(100), flat(100), flat(110), flat(110), buy=0, sell=1)
    rules = Rules(sides="long", size=10.0)
    trade = peer_backtesting.run_as_it_is(tape, rules, spread=0.01)._trades.iloc[0]
    assert (trade.EntryPrice, trade.ExitPrice) == (pytest.approx(101), pytest.approx(110))
    ours = peer_hquant.run(tape, rules, slippage=0.01).trades[0]
    assert (ours["entry_price"], ours["exit_price"]) == (pytest.approx(101), pytest.approx(108.9))


def test_backtesting_finalizes_trades_at_the_open_of_the_last_bar() -> None:
    tape = market(flat(100), flat(100), flat(105), (110, 121, 109, 120), buy=0)
    rules = Rules(size=10.0)
    trade = peer_backtesting.run_as_it_is(tape, rules, finalize_trades=True)._trades.iloc[0]
    assert (trade.ExitBar - 1, trade.ExitPrice) == (3, 110)
    ours = peer_hquant.run(tape, rules)
    assert ours.trades["is_open"].tolist() == [True]
    assert ours.trades["exit_price"].tolist() == [120]


def test_backtesting_asks_its_strategy_from_the_second_bar_on() -> None:
    tape = market(flat(100), flat(100), flat(100), buy=-1)  # on the day before the first
    rules = Rules(size=10.0)
    assert sizes(peer_backtesting.run(tape, rules)) == []
    assert sizes(peer_hquant.run(tape, rules)) == [10]
    assert sizes(peer_vectorbt.run(tape, rules)) == [10]


def test_backtesting_adds_at_a_second_buy() -> None:
    tape = market(flat(100), flat(100), flat(100), flat(100))
    tape.signals[[1, 3]] = 1
    rules = Rules(size=10.0)

    class Buy(peer_backtesting.backtesting.Strategy):  # type: ignore[misc]
        def init(self) -> None:
            pass

        def next(self) -> None:
            if tape.signals[len(self.data) - 1]:
                self.buy(size=10)

    held = peer_backtesting.run_strategy(tape, Buy)._strategy.trades
    assert [trade.size for trade in held] == [10, 10]
    assert sizes(peer_hquant.run(tape, rules)) == [10]
    assert sizes(peer_vectorbt.run(tape, rules)) == [10]
    assert sizes(peer_hquant.run(tape, rules, pyramiding=1)) == [20]


def test_backtesting_fills_no_order_at_the_last_close() -> None:
    tape = market(flat(100), flat(100), flat(100), buy=2)
    rules = Rules(fill="close", size=10.0)
    assert sizes(peer_backtesting.run(tape, rules)) == []
    assert sizes(peer_hquant.run(tape, rules)) == [10]
    assert sizes(peer_vectorbt.run(tape, rules)) == [10]


def test_peers_stop_a_position_that_opened_beyond_its_target() -> None:
    tape = market(flat(100), flat(100), flat(100), (106, 107, 94, 100), flat(100), buy=0)
    rules = Rules(size=10.0, stop=0.05, target=0.05)
    assert exits(peer_backtesting.run(tape, rules)) == [(3, 95.0)]
    assert exits(peer_vectorbt.run_as_it_is(tape, rules)) == [(3, 95.0)]
    assert exits(peer_hquant.run(tape, rules)) == [(3, 106.0)]
    assert exits(peer_vectorbt.run_in_phases(tape, rules)) == [(3, 106.0)]


def test_backtesting_refuses_a_stop_that_the_last_close_is_beyond() -> None:
    tape = market(flat(100), flat(100), flat(90), flat(90), flat(90), sell=1)
    rules = Rules(size=10.0, stop=0.05)
    with pytest.raises(ValueError, match=r"Short orders require: .* < SL \(94\.5\)"):
        peer_backtesting.run(tape, rules)
    assert peer_hquant.run(tape, rules).trades["entry_price"].tolist() == [90]


def test_backtesting_trades_whole_units_only() -> None:
    tape = market(flat(300), flat(300), flat(300), flat(300), buy=0)
    assert sizes(peer_backtesting.run(tape, Rules())) == [33]
    assert sizes(peer_hquant.run(tape, Rules())) == [33.333333]
    with pytest.raises(AssertionError):
        peer_backtesting.run(tape, Rules(size=10.5))
    assert sizes(peer_hquant.run(tape, Rules(size=10.5))) == [10.5]


def test_backtesting_takes_a_fee_out_of_the_margin_of_a_leveraged_order() -> None:
    """10,000 at leverage 2: 20,000 / 1.01 there; margin + 1 % of twice the margin here."""
    tape = market(flat(100), flat(100), flat(100), flat(100), buy=0)
    rules = Rules(leverage=2.0, whole_units=True, fee=0.01)
    assert sizes(peer_backtesting.run(tape, rules)) == [198]
    assert sizes(peer_hquant.run(tape, rules)) == [196]


def test_backtesting_liquidates_at_a_close_only() -> None:
    tape = market(flat(100), flat(100), flat(100), (100, 100, 79, 95), flat(95), buy=0)
    rules = Rules(leverage=5.0, whole_units=True)
    # 499 units, not 500: its default size is the fraction just below 1.
    assert peer_backtesting.run(tape, rules).equity[-1] == CAPITAL - 499 * 5
    assert peer_hquant.run(tape, rules).equity[-1] == 0


# ------------------------------------------------------------------------ vectorbt


def test_vectorbt_loses_a_signal_on_a_row_where_a_stop_is_reached() -> None:
    tape = market(flat(100), flat(100), (100, 100, 80, 85), flat(85), buy=0, sell=2)
    rules = Rules(fill="close", size=10.0, stop=0.1)
    assert sizes(peer_vectorbt.run_as_it_is(tape, rules)) == [10]
    for run in (peer_hquant.run, peer_backtesting.run, peer_vectorbt.run_in_phases):
        assert sizes(run(tape, rules)) == [10, -10]


def test_vectorbt_fills_a_stop_before_the_order_at_its_rows_open() -> None:
    """The long is sold at the open by the signal of the bar before; its stop comes later."""
    tape = market(flat(100), flat(100), flat(100), (98, 98, 80, 85), flat(85), buy=0, sell=2)
    rules = Rules(sides="long", size=10.0, stop=0.1)
    assert exits(peer_vectorbt.run_as_it_is(tape, rules)) == [(3, 90.0)]
    for run in (peer_hquant.run, peer_backtesting.run, peer_vectorbt.run_in_phases):
        assert exits(run(tape, rules)) == [(3, 98.0)]


def test_vectorbt_does_not_watch_the_bar_of_the_entry() -> None:
    tape = market(flat(100), flat(100), (100, 101, 85, 95), (95, 95, 85, 95), flat(95), buy=1)
    rules = Rules(size=10.0, stop=0.1)
    assert exits(peer_vectorbt.run_as_it_is(tape, rules)) == [(3, 90.0)]
    for run in (peer_hquant.run, peer_backtesting.run, peer_vectorbt.run_in_phases):
        assert exits(run(tape, rules)) == [(2, 90.0)]


def test_vectorbt_counts_a_stop_from_the_close_by_default() -> None:
    tape = market(flat(100), flat(100), (100, 120, 100, 120), (110, 110, 85, 95), flat(95), buy=1)
    rules = Rules(size=10.0, stop=0.1)
    by_default: dict[str, Any] = {"stop_entry_price": "close"}
    assert exits(peer_vectorbt.run_as_it_is(tape, rules, **by_default)) == [(3, 108.0)]
    assert exits(peer_vectorbt.run_as_it_is(tape, rules)) == [(3, 90.0)]
    assert exits(peer_hquant.run(tape, rules)) == [(3, 90.0)]


def test_vectorbt_slips_both_exits_or_neither() -> None:
    stopped = market(flat(100), flat(100), (100, 100, 80, 85), flat(85), buy=0)
    gained = market(flat(100), flat(100), (100, 120, 100, 115), flat(115), buy=0)
    rules = Rules(fill="close", size=10.0, slippage=0.01, stop=0.1, target=0.1)  # filled at 101
    slipping = {"stop_exit_price": "stopmarket"}
    for tape, level, ours in ((stopped, 90.9, 89.991), (gained, 111.1, 111.1)):
        assert exits(peer_vectorbt.run_as_it_is(tape, rules)) == [(2, level)]
        slipped = [(2, pytest.approx(level * 0.99))]
        assert exits(peer_vectorbt.run_as_it_is(tape, rules, **slipping)) == slipped
        assert exits(peer_hquant.run(tape, rules)) == [(2, ours)]


def test_vectorbt_trails_a_fraction_of_the_peak() -> None:
    tape = market(
        flat(100), flat(100), (100, 200, 100, 200), (200, 200, 185, 190), flat(190), buy=0
    )
    rules = Rules(fill="close", size=10.0)
    theirs = peer_vectorbt.run_as_it_is(tape, rules, sl_stop=0.1, sl_trail=True)
    assert exits(theirs) == []  # 200 less 10 % of 200
    assert exits(peer_hquant.run(tape, rules, trail="10%")) == [(3, 190.0)]  # less 10 % of 100


def test_vectorbt_sells_short_without_margin() -> None:
    tape = market(flat(100), flat(100), flat(100), flat(100), sell=0)
    rules = Rules(size=500.0, unaffordable="clamp")
    assert sizes(peer_vectorbt.run(tape, rules)) == [-500]
    assert sizes(peer_hquant.run(tape, rules)) == [-100]
    assert sizes(peer_vectorbt.run_as_it_is(tape, rules, lock_cash=True)) == [-100]


def test_vectorbt_never_liquidates() -> None:
    tape = market(flat(100), flat(100), flat(100), flat(250), flat(90), sell=0)
    rules = Rules(unaffordable="clamp")
    assert last_days(peer_vectorbt.run(tape, rules).equity, 2) == [-5_000, 11_000]
    assert last_days(peer_hquant.run(tape, rules).equity, 2) == [0, 0]


def test_vectorbt_rejects_a_reversal_whole() -> None:
    """Short 60 of 100, at 140: buying back is affordable, the long after it is not."""
    tape = market(flat(100), flat(100), flat(140), flat(140), flat(140), sell=0, buy=1)
    rules = Rules(size=60.0)
    assert peer_vectorbt.run(tape, rules).trades["is_open"].tolist() == [True]
    for run in (peer_hquant.run, peer_backtesting.run):
        assert exits(run(tape, rules)) == [(2, 140.0)]
        assert sizes(run(tape, rules)) == [-60]


# ------------------------------------------------------------------------ rounding


def test_a_tick_makes_a_stop_touched_that_rounding_put_beyond_the_extreme() -> None:
    """5.4 and half a per cent is 5.427, the bar's high."""
    tape = market(flat(5.4), flat(5.4), flat(5.4), (5.41, 5.427, 5.4, 5.41), flat(5.41), sell=0)
    rules = Rules(size=10.0, stop=0.005)
    assert exits(peer_backtesting.run(tape, rules)) == [(3, 5.427)]
    assert exits(peer_vectorbt.run(tape, rules)) == [(3, 5.427)]
    assert exits(peer_hquant.run(tape, rules)) == []
    assert exits(peer_hquant.run(tape, rules, tick_size=0.001)) == [(3, 5.427)]
