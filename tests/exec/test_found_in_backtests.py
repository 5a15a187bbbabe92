"""What attacks on backtests found: each of these failed before it was mended."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from backtest_tapes import bars_of, flat_bars

from hquant_cffi import Order, ParameterError, backtest
from hquant_cffi.data import Bars

HOUR = 3_600_000


def timed(prices: list[tuple[float, float, float, float]], period: int) -> Bars:
    bars = bars_of(prices)
    time = np.arange(len(prices), dtype=np.int64) * period
    return Bars(time, bars.open, bars.high, bars.low, bars.close, bars.volume)


# ------------------------------------------------------------------------ time


def test_funding_due_at_a_bar_left_out_is_paid_at_the_next() -> None:
    rows = [(16.0, 16.0, 16.0, 16.0)] * 20
    good = timed(rows, HOUR)
    rows[8] = (16.0, 16.0, 0.0, 16.0)  # at 08:00, where funding is due
    one = np.eye(1, 20, dtype=np.int8)[0]
    options: dict[str, Any] = {
        "signals": one, "size": 1, "funding": np.full(20, 1 / 64), "funding_interval": "8h",
        "bad_bars": "skip",
    }  # fmt: skip
    assert backtest(good, **options).funding == 2 * 16 / 64
    found = backtest(timed(rows, HOUR), **options)
    assert found.rejected_bars == 1 and found.funding == 2 * 16 / 64


@pytest.mark.parametrize("bar_period", [None, "1h"])
@pytest.mark.parametrize("length", [2, 3, 4])
def test_the_last_bar_does_not_take_in_finer_bars_behind_it(
    length: int, bar_period: str | None
) -> None:
    finer_rows = [(16.0, 17.0, 15.0, 16.0)] * 24
    finer_rows[18] = (16.0, 17.0, 4.0, 16.0)  # of bar 4
    finer = timed(finer_rows, HOUR // 4)
    orders = [Order(bar=-1, side="buy", size=1, stop=8)]
    options: dict[str, Any] = {"orders": orders, "intrabar": "finer", "bar_period": bar_period}
    rows = [(16.0, 17.0, 15.0, 16.0)] * 6
    whole = backtest(timed(rows, HOUR), finer=finer, **options)
    assert whole.trades["exit_bar"].tolist() == [4]
    cut = backtest(timed(rows[:length], HOUR), finer=finer, **options)
    assert cut.closed_trades == 0
    assert cut.equity.tolist() == whole.equity[:length].tolist()


# --------------------------------------------------------------------- refusals


@pytest.mark.parametrize("name", ["tick_size", "lot_size"])
def test_a_unit_too_small_to_count_in_is_refused(name: str) -> None:
    # a limit of 8 became one of infinity, and was filled at 16
    order = Order(bar=0, side="buy", size=1, type="limit", price=8)
    with pytest.raises(ParameterError, match=rf"{name} must be 0 \(none\) or at least 1e-100"):
        backtest(flat_bars(4), orders=[order], **{name: 1e-310})  # type: ignore[arg-type]
    assert backtest(flat_bars(4), orders=[order], **{name: 1e-100}).filled_orders == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "value"),
    [("stop", "5%"), ("target", 1), ("trail", "1%"), ("size", "50%"), ("pyramiding", 1),
     ("fill", "close")],
)  # fmt: skip
def test_options_of_signals_are_refused_where_there_are_orders_alone(
    name: str, value: object
) -> None:
    # a stop of 5 % that nobody set is money lost
    order = Order(bar=0, side="buy", size=1)
    with pytest.raises(ParameterError, match=f"^{name}: is read only of signals"):
        backtest(flat_bars(4), orders=[order], **{name: value})  # type: ignore[arg-type]
    signals = np.zeros(4, np.int8)
    with_both = backtest(flat_bars(4), signals=signals, orders=[order], **{name: value})  # type: ignore[arg-type]
    assert with_both.filled_orders == 1


def test_a_bar_period_that_most_bars_contradict_is_refused() -> None:
    signals = np.zeros(6, np.int8)
    hours = timed([(16.0, 17.0, 15.0, 16.0)] * 6, HOUR)
    with pytest.raises(ParameterError, match="bar_period: 14400000 ms, but most .* 3600000 ms"):
        backtest(hours, signals=signals, bar_period="4h")
    time = hours.timestamp.copy()
    time[3:] -= HOUR // 2  # a clock put forward
    moved = Bars(time, hours.open, hours.high, hours.low, hours.close, hours.volume)
    assert backtest(moved, signals=signals, bar_period="1h").bars == 6


def test_a_result_is_no_multiple_of_a_risk_of_0() -> None:
    # it was minus infinity times the risk
    order = Order(bar=0, side="buy", size=1, stop=1e-30)  # rounds to the entry itself
    trade = backtest(flat_bars(3), orders=[order], fee=1 / 64).trades[0]
    assert trade["risk"] == 0 and trade["pnl"] == -0.5 and np.isnan(trade["r_multiple"])
