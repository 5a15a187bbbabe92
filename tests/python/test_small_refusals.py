"""Arguments that C cannot hold, names, and Ctrl-C in the middle of long columns."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable

import numpy as np
import pytest

from hquant_cffi import Aggregator, Bars, FuturesBacktest, HQuant, MultiHQuant, Strategy
from hquant_cffi._columns import _BLOCK

HUGE = 10**400
BEYOND_PRINTING = 10**9000


def account() -> FuturesBacktest:
    return FuturesBacktest(1000, 1, 1, 0, 0, 0)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: HQuant(5).push_bar(0, 1, 1, 1, HUGE, 1), "close"),
        (lambda: HQuant(5).update_last_bar(0, 1, 1, 1, 1, 1, HUGE), "buy_volume"),
        (lambda: HQuant(5).push_bar(2**63, 1, 1, 1, 1, 1), "timestamp"),
        (lambda: HQuant(5).push_bar(BEYOND_PRINTING, 1, 1, 1, 1, 1), "timestamp"),
        (lambda: MultiHQuant(5, ["1m"]).feed_bar(0, HUGE, 1, 1, 1, 1), "open"),
        (lambda: MultiHQuant(5, ["1m"]).feed_bar(-(2**70), 1, 1, 1, 1, 1), "timestamp"),
        (lambda: Aggregator(["1m"]).push(0, 1, 1, -HUGE, 1, 1), "low"),
        (lambda: Aggregator(["1m"]).push(2**70, 1, 1, 1, 1, 1), "timestamp"),
        (lambda: FuturesBacktest(1000, HUGE, 1, 0, 0, 0), "leverage"),
        (lambda: account().apply_signal("BUY", HUGE, 1), "price"),
        (lambda: account().apply_signal("BUY", 1, BEYOND_PRINTING), "margin"),
        (lambda: account().on_price(HUGE), "price"),
        (lambda: account().open_long(1, 1, HUGE), "fee_rate"),
        (lambda: account().close_short(HUGE, 0), "price"),
        (lambda: account().result(HUGE), "price"),
        (lambda: account().equity(HUGE), "price"),
        (lambda: account().max_open_margin(HUGE), "fee_rate"),
        (lambda: HQuant(5).add_indicator("EMA", HUGE), "EMA: period"),
    ],
)
def test_number_beyond_c_is_a_value_error_that_names_the_argument(
    call: Callable[[], object], name: str
) -> None:
    with pytest.raises(ValueError, match=f"^{name}: expected "):
        call()


def test_refused_numbers_change_nothing() -> None:
    engine = HQuant(5)
    with pytest.raises(ValueError):
        engine.push_bar(0, HUGE, 1, 1, 1, 1)
    assert (len(engine), engine.total_bars) == (0, 0)


@pytest.mark.parametrize("add", ["add_rsi", "add_ema_close", "add_sma_close", "add_stddev_close"])
def test_period_out_of_range_is_shown_as_it_was(add: str) -> None:
    with pytest.raises(ValueError, match=r"expected a whole number in 1\.\.1048576, found 1048577"):
        getattr(HQuant(5), add)(1_048_577)
    with pytest.raises(ValueError, match="an int of .* bits"):
        getattr(HQuant(5), add)(BEYOND_PRINTING)


@pytest.mark.parametrize("read", ["indicator_value", "indicator_last", "indicator_values"])
def test_id_that_is_no_int_is_named(read: str) -> None:
    engine = HQuant(5)
    engine.add_rsi(3)
    with pytest.raises(TypeError, match="id: expected an int, found str '5'"):
        getattr(engine, read)("5")
    with pytest.raises(TypeError, match=r"id: expected an int, found float 1\.5"):
        getattr(engine, read)(1.5)
    getattr(engine, read)(np.int64(1))


@pytest.mark.parametrize(
    "dsl", ["IF close > 1 THEN BUY", b"", None], ids=["text", "bytes", "object"]
)
@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, 5])
def test_name_is_checked_whatever_the_strategy_is_given_as(name: str, dsl: object) -> None:
    strategy = Strategy.compile("IF close > 1 THEN BUY")
    given = {None: strategy, b"": strategy.bytecode}.get(dsl, dsl)  # type: ignore[call-overload]
    multi = MultiHQuant(5, ["1m"])
    for add in (HQuant(5).add_strategy, multi.add_strategy):
        with pytest.raises((ValueError, TypeError), match="^name: expected"):
            add(name, given)


def many_bars(count: int) -> Bars:
    prices = np.full(count, 10.0)
    return Bars(
        timestamp=np.arange(count) * 60_000,
        open=prices,
        high=prices,
        low=prices,
        close=prices,
        volume=prices,
    )


@pytest.mark.parametrize("kind", ["engine", "multi"])
def test_ctrl_c_stops_between_blocks_and_says_how_many(kind: str) -> None:
    count = 40 * _BLOCK
    bars = many_bars(count)
    target = HQuant(100) if kind == "engine" else MultiHQuant(100, ["1m", "5m", "1h"])
    push = target.push_bars if isinstance(target, HQuant) else target.feed_bars
    if isinstance(target, HQuant):
        for period in range(2, 60):
            target.add_sma_close(period)
    timer = threading.Timer(0.02, signal.raise_signal, [signal.SIGINT])
    timer.start()
    with pytest.raises(KeyboardInterrupt) as interrupt:
        push(bars)
    timer.join()
    notes = interrupt.value.__notes__
    engine = target if isinstance(target, HQuant) else target.engine("1m")
    assert 0 < engine.total_bars < count
    assert engine.total_bars % _BLOCK == 0
    assert notes[0].startswith(f"{engine.total_bars} of {count} bars were ")


@pytest.mark.parametrize("count", [0, 1, _BLOCK - 1, _BLOCK, _BLOCK + 1, 2 * _BLOCK + 7])
def test_every_row_of_every_block_is_pushed(count: int) -> None:
    engine, multi = HQuant(10), MultiHQuant(10, ["1m"])
    assert engine.push_bars(many_bars(count)) == engine.total_bars == count
    assert multi.feed_bars(many_bars(count)) == multi.engine("1m").total_bars == count


def test_refused_row_of_a_later_block_is_named() -> None:
    bars = many_bars(_BLOCK + 50)
    engine = MultiHQuant(10, ["1m"])
    engine.feed_bar(_BLOCK * 60_000 + 60_000 * 9, 1, 1, 1, 1, 1)
    with pytest.raises(ValueError, match="row 0: .*; the 0 bars before it were fed"):
        engine.feed_bars(bars)
