"""Where the peers' own averages and crossings give other signals than hquant's, and why.

Two things differ: rounding of a running sum, which breaks ties of two averages one way or the
other; and what a crossing is when the averages were equal a bar before. Prices are whole numbers
of a tick, so integers say which ties are real.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from peer_backtesting import backtesting
from peer_rules import Floats, Market, Signals
from peer_vectorbt import vectorbt

from hquant_cffi import indicators

FAST, SLOW = 10, 30
PER_UNIT = 1_000_000  # prices are whole numbers of 1e-6: FIL's tick is 0.001, GOOG's 0.01


def _averages_of_hquant(market: Market) -> tuple[Floats, Floats]:
    close = market.column("Close")
    return indicators.sma(close, FAST), indicators.sma(close, SLOW)


def _averages_of_backtesting(market: Market) -> tuple[Floats, Floats]:
    close = market.frame["Close"]  # its SMA, as its tutorials write it
    fast, slow = (close.rolling(length).mean().to_numpy() for length in (FAST, SLOW))
    return fast, slow


def _averages_of_vectorbt(market: Market) -> tuple[Floats, Floats]:
    return tuple(line.ma.to_numpy() for line in _vectorbt_lines(market))  # type: ignore[return-value]


def _vectorbt_lines(market: Market) -> tuple[object, object]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "(?s).*reflected list")
        fast, slow = (vectorbt.MA.run(market.frame["Close"], length) for length in (FAST, SLOW))
    return fast, slow


def _crosses_of_backtesting(fast: Floats, slow: Floats) -> Signals:
    crossover = backtesting.lib.crossover
    signals = np.zeros(len(fast), np.int8)
    for bar in range(SLOW, len(fast)):
        now = slice(bar - 1, bar + 1)
        above, below = crossover(fast[now], slow[now]), crossover(slow[now], fast[now])
        signals[bar] = int(above) - int(below)
    return signals


def _crosses_of_vectorbt(fast: Floats, slow: Floats) -> Signals:
    a, b = pd.Series(fast), pd.Series(slow)
    above, below = a.vbt.crossed_above(b), b.vbt.crossed_above(a)
    return above.to_numpy().astype(np.int8) - below.to_numpy().astype(np.int8)


def _gap(market: Market) -> npt.NDArray[np.int64]:
    """Return 30 * (fast - slow) in units of 1e-6, exact; 0 also before there are averages."""
    scaled = market.column("Close") * PER_UNIT
    prices = np.rint(scaled).astype(np.int64)
    assert np.abs(prices - scaled).max() < 1e-3
    total = np.concatenate([[0], np.cumsum(prices)])
    gap = np.zeros(len(prices), np.int64)
    last = slice(SLOW, None)
    fast = total[SLOW:] - total[SLOW - FAST : -FAST]
    slow = total[last] - total[:-SLOW]
    gap[SLOW - 1 :] = SLOW // FAST * fast - slow
    return gap


def _at_a_tie(market: Market) -> npt.NDArray[np.bool_]:
    """Tell of each bar whether the averages are equal, exactly, on it or on the bar before."""
    tie = _gap(market) == 0
    return tie | np.concatenate([[True], tie[:-1]])


AVERAGES = {
    "backtesting.py": _averages_of_backtesting,
    "vectorbt": _averages_of_vectorbt,
}
CROSSES: dict[str, Callable[[Floats, Floats], Signals]] = {
    "backtesting.py": _crosses_of_backtesting,
    "vectorbt": _crosses_of_vectorbt,
}


@pytest.mark.parametrize("peer", CROSSES)
def test_signals_on_goog_are_the_peers_own(peer: str, markets: dict[str, Market]) -> None:
    goog = markets["GOOG"]
    assert np.count_nonzero(goog.signals) == 66
    np.testing.assert_array_equal(CROSSES[peer](*AVERAGES[peer](goog)), goog.signals)


@pytest.mark.parametrize("peer", CROSSES)
def test_signals_on_fil_differ_from_the_peers_own_at_ties_only(
    peer: str, markets: dict[str, Market]
) -> None:
    fil = markets["FIL"]
    theirs = CROSSES[peer](*AVERAGES[peer](fil))
    off = theirs != fil.signals
    assert off.any()
    assert _at_a_tie(fil)[off].all()


def test_hquant_breaks_few_of_the_ties_that_the_peers_running_sums_break(
    markets: dict[str, Market],
) -> None:
    fil = markets["FIL"]
    tie = _gap(fil)[SLOW:] == 0
    broken = {}
    for library, averages in {"hquant": _averages_of_hquant, **AVERAGES}.items():
        fast, slow = averages(fil)
        broken[library] = int(np.count_nonzero((fast != slow)[SLOW:] & tie))
    assert (np.count_nonzero(tie), broken["hquant"]) == (311, 15)
    assert min(broken[peer] for peer in AVERAGES) > 100, broken


def test_vectorbt_crosses_hquants_averages_where_hquant_does(markets: dict[str, Market]) -> None:
    fil = markets["FIL"]
    crossed = _crosses_of_vectorbt(*_averages_of_hquant(fil))
    np.testing.assert_array_equal(crossed, fil.signals)


def test_backtesting_misses_crosses_that_rest_on_a_tie(markets: dict[str, Market]) -> None:
    fil = markets["FIL"]
    fast, slow = _averages_of_hquant(fil)
    crossed = _crosses_of_backtesting(fast, slow)
    off = crossed != fil.signals
    equal_before = np.concatenate([[False], (fast == slow)[:-1]])
    np.testing.assert_array_equal(off, equal_before & (fil.signals != 0))
    assert off.any()
    assert not crossed[off].any()
