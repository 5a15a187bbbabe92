"""Return and drawdown of a run are those that the peers print."""

from __future__ import annotations

import peer_backtesting
import peer_hquant
import peer_vectorbt
import pytest
from peer_rules import CLOSENESS, Market, Rules

# vectorbt's use of pandas, where it guesses the period of the bars.
pytestmark = pytest.mark.filterwarnings("ignore:A future version of pandas will return")

MARKETS = ("GOOG", "FIL")
RULES = Rules(whole_units=True, fee=0.0005)


@pytest.mark.parametrize("name", MARKETS)
def test_return_and_drawdown_are_backtestings(name: str, markets: dict[str, Market]) -> None:
    ours = peer_hquant.report(markets[name], RULES)
    stats = peer_backtesting.run_as_it_is(markets[name], RULES)
    assert 100 * ours.total_return == pytest.approx(stats["Return [%]"], rel=CLOSENESS)
    assert 100 * ours.max_drawdown == pytest.approx(stats["Max. Drawdown [%]"], rel=CLOSENESS)
    # Its table is of closed trades; the last one is open on both markets.
    assert (ours.closed_trades, ours.open_trades) == (stats["# Trades"], 1)


@pytest.mark.parametrize("name", MARKETS)
def test_return_and_drawdown_are_vectorbts(name: str, markets: dict[str, Market]) -> None:
    ours = peer_hquant.report(markets[name], RULES)
    portfolio = peer_vectorbt.portfolio(markets[name], RULES)
    assert ours.total_return == pytest.approx(portfolio.total_return(), rel=CLOSENESS)
    assert ours.max_drawdown == pytest.approx(portfolio.max_drawdown(), rel=CLOSENESS)
    assert ours.fees == pytest.approx(portfolio.orders.values["fees"].sum(), rel=CLOSENESS)
