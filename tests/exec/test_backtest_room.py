"""Room that a run writes to is used again, once nobody holds what stands in it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from hquant_cffi import _backtest_room as rooms
from hquant_cffi import backtest
from hquant_cffi._backtest_report import BacktestReport
from hquant_cffi.data import Bars


@pytest.fixture(autouse=True)
def _no_room_yet() -> Iterator[None]:
    rooms._spare.clear()
    yield
    rooms._spare.clear()


def bars(length: int, seed: int = 0) -> Bars:
    close = 100 * np.exp(np.cumsum(np.random.default_rng(seed).normal(0, 0.01, length)))
    return Bars(60_000 * np.arange(length), close, close, close, close, np.ones(length))


def run(length: int, every: int, seed: int = 0) -> BacktestReport:
    signals = np.zeros(length, np.int8)
    signals[::every] = np.where(np.arange(len(signals[::every])) % 2, -1, 1)
    return backtest(bars(length, seed), signals=signals, fee=0.001)


def records(report: BacktestReport) -> tuple[bytes, ...]:
    tables = report.trades, report.fills, report.equity, report.actions
    return tuple(table.tobytes() for table in tables)


def place(curve: np.ndarray[Any, Any]) -> int:
    return curve.__array_interface__["data"][0]  # type: ignore[no-any-return]


def test_later_runs_do_not_write_to_reports_that_were_given() -> None:
    first, second, third = (run(500, every) for every in (3, 4, 5))
    before = records(first), records(second), records(third)
    assert len(first.trades) > 100
    for seed in range(1, 5):
        assert records(run(500, 2, seed)) != before[0]
    assert (records(first), records(second), records(third)) == before
    tables = [each.trades for each in (first, second, third)]
    lent = [each.nbytes < memoryview(each.base).nbytes for each in tables]  # type: ignore[arg-type]
    assert lent == [True, True, False]


def test_a_table_of_a_report_keeps_its_room_when_the_report_is_gone() -> None:
    trades = run(500, 3).trades[10:20]["pnl"]
    before = trades.tobytes()
    for seed in range(4):
        run(500, 2, seed)
    assert trades.tobytes() == before


@pytest.mark.parametrize("name", ["equity", "actions"])
def test_a_curve_keeps_its_room_when_the_report_is_gone(name: str) -> None:
    part = getattr(run(500, 3), name)[100:300:2]
    before = part.tobytes()
    for seed in range(4):
        run(500, 2, seed)
    assert part.tobytes() == before


def test_short_curves_stand_where_those_of_the_run_before_stood() -> None:
    first = run(20_000, 3)
    there, kept = place(first.equity), run(20_000, 4)
    assert place(kept.equity) != there
    del first
    assert place(run(19_000, 4).equity) == there
    small = run(500, 3)  # holds no more than it needs
    assert memoryview(small.equity.base).nbytes < 3 * small.equity.nbytes + 4096  # type: ignore[arg-type]
    long = run(300_000, 1000)
    assert long.equity.base.nbytes == long.equity.nbytes  # type: ignore[union-attr]


def test_many_reports_have_curves_of_their_own() -> None:
    kept = [run(2_000, 3, seed) for seed in range(8)]
    before = [records(report) for report in kept]
    assert len({place(report.equity) for report in kept}) == len(kept)
    for seed in range(8):
        run(2_000, 2, seed)
    assert [records(report) for report in kept] == before


def test_many_reports_take_what_their_records_take() -> None:
    kept = [run(500, 3) for _ in range(12)]
    assert len(rooms._spare) == 3 and sum(room.is_lent for room in rooms._spare) == 2
    del kept
    assert not any(room.is_lent for room in rooms._spare)


def test_room_is_used_again_where_it_is_enough() -> None:
    run(500, 3)
    (room,) = rooms._spare
    for length in (500, 20, 499):
        fresh = records(run(length, 3))
        assert rooms._spare == [room]
        rooms._spare.clear()
        assert records(run(length, 3)) == fresh
        rooms._spare[:] = [room]
    run(501, 3)
    assert room not in rooms._spare


@pytest.mark.parametrize("limit", ["_KEPT", "_KEPT_WRITTEN"])
def test_room_that_takes_much_memory_is_not_kept(
    limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, limit, 1000)
    run(500, 3)
    assert rooms._spare == []


def test_runs_in_threads_have_rooms_of_their_own() -> None:
    lengths = [4_000 + 7 * i for i in range(6)]
    alone = [records(run(length, 2)) for length in lengths]
    found: dict[int, tuple[bytes, ...]] = {}

    def work(place: int) -> None:
        for _ in range(20):
            found[place] = records(run(lengths[place], 2))

    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(lengths))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[place] for place in range(len(lengths))] == alone
    assert len(rooms._spare) <= 3
