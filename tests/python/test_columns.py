"""Columns: zero-copy, read-only, live, and alive as long as someone looks at them."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable

import numpy as np
import pytest

from hquant_cffi import HQuant, NotFoundError
from hquant_cffi._ffi import ffi, lib

FIELDS = ("timestamp", "open", "high", "low", "close", "volume", "buy_volume")


def push(engine: HQuant, row: int) -> None:
    engine.push_bar(row, *(float(10 * row + field) for field in range(1, 7)))


@pytest.mark.parametrize("pushed", range(13))
def test_slices_and_ordered_are_chronological_at_every_head(pushed: int) -> None:
    engine = HQuant(5)
    rows = range(max(0, pushed - 5), pushed)
    for row in range(pushed):
        push(engine, row)
    for number, name in enumerate(FIELDS):
        expected = [row if number == 0 else 10 * row + number for row in rows]
        column = engine.column(name)
        older, newer = column.slices()
        assert [*older, *newer] == column.ordered().tolist() == expected
        assert np.shares_memory(older, column.raw) or not len(older)
        assert np.shares_memory(newer, column.raw) or not len(newer)
        assert not np.shares_memory(column.ordered(), column.raw)
        assert (column.len, len(column), column.capacity) == (len(rows), len(rows), 5)
        assert column.head == pushed % 5
        assert len(column.raw) == 5


@pytest.mark.parametrize("name", FIELDS)
def test_column_methods_give_raw_capacity_len_and_head(name: str) -> None:
    engine = HQuant(3)
    for row in range(4):
        push(engine, row)
    raw, capacity, length, head = getattr(engine, f"{name}_column")()
    assert (capacity, length, head) == (3, 3, 1)
    assert raw.dtype == (np.int64 if name == "timestamp" else np.float64)
    assert (
        np.concatenate([raw[head:], raw[:head]]).tolist() == engine.column(name).ordered().tolist()
    )


def test_raw_shows_later_bars_without_a_copy() -> None:
    engine = HQuant(3)
    push(engine, 0)
    raw = engine.close_column().raw
    push(engine, 1)
    engine.update_last_bar(1, 0.0, 0.0, 0.0, 99.0, 0.0)
    assert raw[:2].tolist() == [4.0, 99.0]
    again = engine.close_column().raw
    assert again.ctypes.data == raw.ctypes.data


def test_column_object_is_live() -> None:
    engine = HQuant(3)
    column = engine.column("open")
    assert column.ordered().tolist() == []
    for row in range(5):
        push(engine, row)
    assert column.ordered().tolist() == [21.0, 31.0, 41.0]


def test_indicator_column_is_live_and_nan_in_warmup() -> None:
    engine = HQuant(4)
    sma = engine.add_sma_close(2)
    column = engine.indicator_column(sma)
    for row in range(3):
        push(engine, row)
    np.testing.assert_array_equal(column.ordered(), [np.nan, 9.0, 19.0])
    for row in range(3, 40):
        push(engine, row)
        assert column.ordered()[-1] == engine.indicator_last(sma)
    assert column.ordered().tolist() == [359.0, 369.0, 379.0, 389.0]


def test_indicator_column_of_each_output() -> None:
    engine = HQuant(4)
    boll = engine.add_boll(2, 1.0)
    for row in range(3):
        push(engine, row)
    newest = [engine.indicator_column(boll, output).ordered()[-1] for output in range(3)]
    assert newest == [24.0, 19.0, 14.0]


def test_unknown_columns_are_not_found() -> None:
    engine = HQuant(4)
    sma = engine.add_sma_close(2)
    for look in (
        lambda: engine.column("hl2"),
        lambda: engine.indicator_column(sma, 1),
        lambda: engine.indicator_column(sma, -1),
        lambda: engine.indicator_column(sma, 2**40),
        lambda: engine.indicator_column(7),
        lambda: engine.indicator_column(-1),
    ):
        with pytest.raises(NotFoundError):
            look()


def test_views_are_read_only_for_good() -> None:
    engine = HQuant(4)
    sma = engine.add_sma_close(1)
    push(engine, 0)
    for column in (
        engine.column("close"),
        engine.column("timestamp"),
        engine.indicator_column(sma),
    ):
        for view in (column.raw, *column.slices(), column.raw[1:]):
            assert not view.flags.writeable
            with pytest.raises(ValueError):
                view.flags.writeable = True
            with pytest.raises(ValueError):
                view[:1] = 0
        assert column.ordered().flags.writeable


# ------------------------------------------------------------------- lifetime


@pytest.fixture
def freed(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The engines that were freed, in order: hquant_free() replaced by one that tells."""
    calls: list[object] = []

    class Library:
        def __getattr__(self, name: str) -> object:
            return getattr(lib, name)

        def hquant_free(self, handle: object) -> None:
            calls.append(handle)
            lib.hquant_free(handle)

    monkeypatch.setattr("hquant_cffi.engine.lib", Library())
    return calls


def views(engine: HQuant) -> list[object]:
    column = engine.column("close")
    return [column, column.raw, column.raw[1:2], column.slices()[0], column.slices()[0][::2]]


@pytest.mark.parametrize("number", range(5))
@pytest.mark.parametrize("end", [HQuant.close, lambda engine: None])
def test_memory_is_freed_with_the_last_view(
    freed: list[object], number: int, end: Callable[[HQuant], None]
) -> None:
    engine = HQuant(4)
    push(engine, 0)
    view = views(engine)[number]
    end(engine)
    del engine
    gc.collect()
    assert freed == []
    values = view.ordered() if number == 0 else view  # type: ignore[attr-defined]
    assert 0.0 <= float(np.sum(values)) <= 4.0
    del view, values
    gc.collect()
    assert len(freed) == 1


def test_memory_is_freed_without_views_and_without_close(freed: list[object]) -> None:
    engine = HQuant(4)
    ref = weakref.ref(engine)
    del engine
    gc.collect()
    assert ref() is None
    assert len(freed) == 1


def test_borrowed_engine_keeps_its_owner_and_is_not_freed(freed: list[object]) -> None:
    class Owner:
        pass

    owner, handle = Owner(), lib.hquant_new(4)
    ref = weakref.ref(owner)
    engine = HQuant._borrow(handle, owner)
    push(engine, 0)
    raw = engine.close_column().raw
    engine.close()
    del engine, owner
    gc.collect()
    assert ref() is not None
    assert raw[0] == 4.0
    del raw
    gc.collect()
    assert ref() is None
    assert freed == []
    lib.hquant_free(handle)


def test_views_survive_heavy_reuse_of_memory() -> None:
    kept = []
    for seed in range(50):
        engine = HQuant(1000)
        sma = engine.add_sma_close(1)
        for row in range(3):
            engine.push_bar(row, *[float(seed)] * 6)
        kept.append((seed, engine.column("close").slices()[0], engine.indicator_column(sma)))
        engine.close()
        del engine
    gc.collect()
    for seed, closes, column in kept:
        assert closes.tolist() == column.ordered().tolist() == [float(seed)] * 3


def test_ffi_sees_a_closed_engine_as_null() -> None:
    engine = HQuant(4)
    engine.close()
    assert engine._handle == ffi.NULL
