"""Data without buy_volume: zeros in its place are for single bars, never for a column."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from hquant_cffi import Bars, HQuant, MultiHQuant, ParameterError, backtest

READS = "IF buy_volume < 1 THEN BUY"
N = 4


def _bars(*, buy_volume: bool = False) -> Bars:
    ones = np.ones(N)
    return Bars(
        timestamp=np.arange(N, dtype=np.int64) * 60_000,
        open=ones,
        high=ones,
        low=ones,
        close=ones,
        volume=ones,
        buy_volume=np.zeros(N) if buy_volume else None,
    )


def _strategy(engine: HQuant) -> None:
    engine.add_strategy("s", READS)


def _indicator(engine: HQuant) -> None:
    engine.add_indicator("SMA", 2, field="buy_volume")


@pytest.mark.parametrize("add", [_strategy, _indicator])
def test_push_bars_refuses_a_missing_column_that_is_read(add: Callable[[HQuant], None]) -> None:
    engine = HQuant(8)
    add(engine)
    with pytest.raises(ParameterError, match="buy_volume"):
        engine.push_bars(_bars())
    assert len(engine) == 0
    assert engine.push_bars(_bars(buy_volume=True)) == N


def test_push_bars_takes_data_without_it_when_nothing_reads_it() -> None:
    engine = HQuant(8)
    engine.add_strategy("s", "IF volume < 1 THEN BUY")
    assert engine.push_bars(_bars()) == N


def test_a_single_bar_without_it_reads_zero() -> None:
    engine = HQuant(8)
    engine.add_strategy("s", READS)
    engine.push_bar(0, 1, 1, 1, 1, 1)
    assert [s["action"] for s in engine.poll_signals()] == ["BUY"]


def test_feed_bars_refuses_it_for_an_engine_and_across_periods() -> None:
    per_period = MultiHQuant(8, ["1m", "2m"])
    per_period.engine("2m").add_strategy("s", READS)
    across = MultiHQuant(8, ["1m", "2m"])
    across.add_multi_strategy("s", "IF buy_volume@2m < 1 THEN BUY")
    for multi in (per_period, across):
        with pytest.raises(ParameterError, match="buy_volume"):
            multi.feed_bars(_bars())
        assert len(multi.engine("1m")) == 0
        assert multi.feed_bars(_bars(buy_volume=True)) == N


def test_a_backtest_refuses_it() -> None:
    with pytest.raises(ParameterError, match="buy_volume"):
        backtest(_bars(), READS)


def test_what_reads_it_is_refused_while_the_ring_holds_bars_without_it() -> None:
    engine = HQuant(8)
    engine.push_bars(_bars())
    for add in (_strategy, _indicator):
        with pytest.raises(ParameterError, match="buy_volume"):
            add(engine)
    for i in range(8):  # they leave the ring
        engine.push_bar(10**6 + i, 1, 1, 1, 1, 1, 0.5)
    assert engine.add_indicator("SMA", 2, field="buy_volume") == 1
    assert engine.add_strategy("s", READS) == 1


def test_across_periods_too() -> None:
    multi = MultiHQuant(8, ["1m", "2m"])
    multi.feed_bars(_bars())
    with pytest.raises(ParameterError, match="buy_volume"):
        multi.add_multi_strategy("s", "IF buy_volume@2m < 1 THEN BUY")
    with pytest.raises(ParameterError, match="buy_volume"):
        multi.engine("2m").add_strategy("s", READS)
