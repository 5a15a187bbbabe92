"""The options htf and bar_period, and what higher timeframes ask of the bars."""

from __future__ import annotations

import pytest
from dsl.timeframe_laws import MINUTE, gapped_bars, rows

from hquant_cffi import DataError, HQuant, MultiHQuant, ParameterError, Period, backtest

FIVE = "IF close@5m > 1 THEN BUY"
BARS = gapped_bars(60, 2)


@pytest.mark.parametrize("period", ["1m", 60_000, Period("1m"), "60s"])
def test_bar_period_is_a_text_a_period_or_ms(period: object) -> None:
    engine = HQuant(10, bar_period=period)  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match=r"@90s: expected a multiple of .* which is 1m"):
        engine.add_strategy("s", "IF close@90s > 1 THEN BUY")
    assert engine.add_strategy("s", FIVE) == 1


@pytest.mark.parametrize("period", ["1M", 0, -1, 2**63, 1.5, "", True])
def test_bad_bar_period_is_refused(period: object) -> None:
    for make in (
        lambda: HQuant(10, bar_period=period),  # type: ignore[arg-type]
        lambda: MultiHQuant(10, ["1m"], bar_period=period),  # type: ignore[arg-type]
        lambda: backtest(BARS, FIVE, bar_period=period),  # type: ignore[arg-type]
    ):
        with pytest.raises(ParameterError, match="period"):
            make()


def test_bad_htf_is_refused() -> None:
    for make in (
        lambda: HQuant(10, htf="open"),  # type: ignore[arg-type]
        lambda: MultiHQuant(10, ["1m"], htf="open"),  # type: ignore[arg-type]
        lambda: backtest(BARS, FIVE, htf="open"),  # type: ignore[arg-type]
    ):
        with pytest.raises(ParameterError, match="htf: expected one of closed, forming"):
            make()


def test_backtest_refuses_candles_that_its_bars_cannot_make() -> None:
    with pytest.raises(ParameterError, match=r"@30s: expected a multiple"):
        backtest(BARS, "IF close@30s > 1 THEN BUY", bar_period="1m")
    assert backtest(BARS, "IF close@30s > 1 THEN BUY").signals > 0


def test_bars_out_of_order_are_refused_where_candles_are_made_of_them() -> None:
    plain, candles = HQuant(10), HQuant(10)
    plain.add_strategy("s", "IF close > 1 THEN BUY")
    candles.add_strategy("s", FIVE)
    for engine in (plain, candles):
        engine.push_bar(MINUTE, 2, 2, 2, 2, 1)
    plain.push_bar(0, 2, 2, 2, 2, 1)
    with pytest.raises(DataError, match="expected a time not before the last bar's, 60000 ms"):
        candles.push_bar(0, 2, 2, 2, 2, 1)
    with pytest.raises(DataError, match="expected the newest bar's time, 60000 ms"):
        candles.update_last_bar(2 * MINUTE, 2, 2, 2, 2, 1)
    assert (candles.total_bars, candles.rejected_bars) == (1, 2)
    candles.push_bar(MINUTE, 2, 2, 2, 2, 1)  # a second bar of one time is a bar
    assert candles.total_bars == 2


@pytest.mark.parametrize("htf", ["closed", "forming"])
def test_bars_of_one_time_are_bars_of_one_candle(htf: str) -> None:
    engine = HQuant(10, htf=htf)  # type: ignore[arg-type]
    engine.add_strategy("s", "IF volume@5m == 7 AND open@5m == 2 AND close@5m == 4 THEN BUY")
    for close, volume in ((2.0, 1.0), (3.0, 2.0), (4.0, 4.0)):
        engine.push_bar(0, close, close, close, close, volume)
    assert engine.signals_len() == (htf == "forming")
    engine.push_bar(5 * MINUTE, 9, 9, 9, 9, 1)
    assert engine.signals_len() == 1


def test_candles_at_the_ends_of_time_are_candles() -> None:
    for time in (-(2**63), 2**63 - 1):
        engine = HQuant(4, htf="forming")
        engine.add_strategy("s", "IF close@7d > 0 AND SMA(close@3m, 1) > 0 THEN BUY")
        for close in (1.0, 2.0, 3.0):
            engine.push_bar(time, close, close, close, close, 1)
            engine.update_last_bar(time, close, close, close, close, 2)
        assert engine.signals_len() == 6


def test_strategy_is_refused_over_a_ring_out_of_order() -> None:
    engine = HQuant(3)
    for minute in (5, 4, 6):
        engine.push_bar(minute * MINUTE, 2, 2, 2, 2, 1)
    with pytest.raises(DataError, match="found one at 240000 ms after one at 300000 ms"):
        engine.add_strategy("s", FIVE)
    engine.push_bar(7 * MINUTE, 2, 2, 2, 2, 1)  # the ring has forgotten
    assert engine.add_strategy("s", FIVE) == 1


def test_push_bars_names_the_row_that_is_out_of_order() -> None:
    engine = HQuant(100)
    engine.add_strategy("s", FIVE)
    engine.push_bars(BARS[20:30])
    with pytest.raises(DataError, match="row 0: bar at .* the 0 bars before it were pushed"):
        engine.push_bars(BARS[:5])


def test_engine_of_a_multi_reads_other_periods_too() -> None:
    """Its bars are its period's candles, whose end it knows."""
    for htf in ("closed", "forming"):
        multi = MultiHQuant(50, ["1m", "7m"], htf=htf)  # type: ignore[arg-type]
        single = HQuant(50, htf=htf, bar_period="1m")  # type: ignore[arg-type]
        text = "IF CROSSOVER(close, EMA(close@5m, 2)) THEN BUY\nIF close@15m < open@15m THEN SELL"
        multi.engine("1m").add_strategy("s", text)
        single.add_strategy("s", text)
        fired = 0
        for row in rows(BARS):
            multi.feed_bar(*row)  # type: ignore[arg-type]
            single.push_bar(*row)  # type: ignore[arg-type]
            found = [(s["action"], s["timestamp"]) for s in multi.poll_signals()]
            assert found == [(s["action"], s["timestamp"]) for s in single.poll_signals()]
            fired += len(found)
        assert fired > 5
        with pytest.raises(ParameterError, match=r"@1m: expected a multiple .* which is 7m"):
            multi.engine("7m").add_strategy("s", "IF close@1m > 1 THEN BUY")
