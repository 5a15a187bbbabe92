"""A closed engine raises; one that another thread is inside raises."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress

import numpy as np
import pytest

from hquant_cffi import BusyError, ClosedError, HQuant, Strategy
from hquant_cffi.data import Bars

COUNT = 50_000
BAR = (0, 1.0, 1.0, 1.0, 1.0, 1.0)

USES: dict[str, Callable[[HQuant], object]] = {
    "push_bar": lambda e: e.push_bar(*BAR),
    "update_last_bar": lambda e: e.update_last_bar(*BAR),
    "push_bars": lambda e: e.push_bars(many_bars(3)),
    "add_rsi": lambda e: e.add_rsi(14),
    "add_boll": lambda e: e.add_boll(14, 2.0),
    "add_indicator": lambda e: e.add_indicator("SMA", 3),
    "add_strategy": lambda e: e.add_strategy("s", "IF close > 1 THEN BUY"),
    "indicator_last": lambda e: e.indicator_last(1),
    "indicator_value": lambda e: e.indicator_value(1),
    "indicator_column": lambda e: e.indicator_column(1),
    "live": lambda e: e.live(1),
    "column": lambda e: e.column("close").raw,
    "close_column": lambda e: e.close_column(),
    "timestamp_column": lambda e: e.timestamp_column(),
    "len": len,
    "capacity": lambda e: e.capacity,
    "total_bars": lambda e: e.total_bars,
    "rejected_bars": lambda e: e.rejected_bars,
    "signals_len": lambda e: e.signals_len(),
    "signals_dropped": lambda e: e.signals_dropped,
    "set_signal_capacity": lambda e: e.set_signal_capacity(10),
    "poll_signals": lambda e: e.poll_signals(),
    "poll_signals_array": lambda e: e.poll_signals_array(),
}


def many_bars(count: int) -> Bars:
    column = np.ones(count)
    return Bars(np.arange(count), column, column, column, column, column)


def slow_engine() -> HQuant:
    engine = HQuant(64)
    for period in range(2, 40):
        engine.add_boll(period, 2.0)
    return engine


@pytest.mark.parametrize("name", USES)
def test_closed_engine_raises(name: str) -> None:
    engine = HQuant(4)
    engine.add_rsi(14)
    engine.close()
    engine.close()
    with pytest.raises(ClosedError, match="this HQuant has been closed; make a new one"):
        USES[name](engine)


def test_context_manager_closes_and_refuses_a_closed_one() -> None:
    with HQuant(4) as engine:
        engine.push_bar(*BAR)
    with pytest.raises(ClosedError):
        len(engine)
    with pytest.raises(ClosedError), engine:
        pass


class Inside:
    """A thread that enters an engine again and again, for some milliseconds each time."""

    def __init__(self, engine: HQuant) -> None:
        self.engine = engine
        self.bars = many_bars(COUNT)
        self.pushed = 0
        self.enough = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self) -> None:
        with suppress(ClosedError):
            while not self.enough.is_set():
                with suppress(BusyError):
                    self.pushed += self.engine.push_bars(self.bars)

    def __enter__(self) -> Inside:
        self.thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self.enough.set()
        self.thread.join()

    def refuses(self, use: Callable[[], object]) -> int:
        """Repeat a use until it meets the thread inside, and return how often it did not."""
        deadline = time.monotonic() + 60
        accepted = 0
        while time.monotonic() < deadline:
            try:
                use()
                accepted += 1
            except BusyError as error:
                assert "inside" in str(error)
                return accepted
        raise AssertionError("let in each time for a minute")


@pytest.mark.parametrize("name", USES)
def test_engine_entered_twice_raises_busy(name: str) -> None:
    engine = slow_engine()
    with Inside(engine) as inside:
        inside.refuses(lambda: USES[name](engine))


def test_bars_refused_as_busy_are_not_taken_and_not_counted() -> None:
    engine = slow_engine()
    with Inside(engine) as inside:
        accepted = sum(inside.refuses(lambda: engine.push_bar(*BAR)) for _ in range(3))
    assert engine.total_bars == inside.pushed + accepted > 0
    assert engine.rejected_bars == 0


def test_closing_while_another_thread_is_inside_lets_it_finish() -> None:
    engine = slow_engine()
    column = engine.column("close")
    with Inside(engine) as inside:
        inside.refuses(lambda: len(engine))
        engine.close()
        with pytest.raises(ClosedError):
            len(engine)
    assert inside.pushed % COUNT == 0 < inside.pushed
    assert column.ordered().tolist() == [1.0] * 64


def test_two_engines_share_no_state() -> None:
    first, second = slow_engine(), slow_engine()
    strategy = Strategy.compile("IF close > 0 THEN BUY")
    with Inside(first):
        second.add_strategy("s", strategy)
        second.push_bar(*BAR)
        assert len(second.poll_signals()) == 1
