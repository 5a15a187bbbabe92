"""Bars is a frozen, read-only window on its columns."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hquant_cffi._errors import ParameterError
from hquant_cffi.data import Bars, load


def test_columns_are_read_only_and_the_users_arrays_stay_writable(columns):
    bars = Bars(**columns)
    for name, column in bars.columns.items():
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 0
        assert columns[name].flags.writeable


def test_fields_cannot_be_set(columns):
    bars = Bars(**columns)
    with pytest.raises(dataclasses.FrozenInstanceError):
        bars.close = columns["open"]
    with pytest.raises((AttributeError, TypeError)):
        bars.other = 1
    with pytest.raises(TypeError):
        bars.columns["close"] = columns["open"]


def test_slice_is_a_view(columns, same):
    bars = Bars(**columns, source="here")
    part = bars[10:100]
    same(part, {name: column[10:100] for name, column in columns.items()})
    assert np.shares_memory(part.close, columns["close"])
    assert (len(part), part.source) == (90, "here")
    assert len(bars[:0]) == 0
    assert len(bars[-5:]) == 5
    assert "0 bars" in repr(bars[:0])


def test_only_consecutive_slices(columns):
    bars = Bars(**columns)
    for wrong in (slice(None, None, 2), slice(None, None, -1)):
        with pytest.raises(ParameterError, match="step 1"):
            bars[wrong]
    with pytest.raises(TypeError, match="slice"):
        bars[0]


def test_buy_volume_may_be_unknown(columns):
    del columns["buy_volume"]
    bars = Bars(**columns)
    assert not bars.has_buy_volume
    assert bars.buy_volume is None
    assert list(bars.columns) == ["timestamp", "open", "high", "low", "close", "volume"]
    assert bars[1:3].buy_volume is None


def test_volume_is_zero_only_when_told_so(columns):
    del columns["volume"], columns["buy_volume"]
    with pytest.raises(ValueError, match=r"no column for volume.*columns=\{'volume': None\}"):
        load(columns)
    assert not load(columns, columns={"volume": None}).volume.any()


def test_period_is_the_most_common_spacing(columns):
    minute = Bars(**columns)
    assert minute.period_ms == 60_000
    assert minute[:1].period_ms is None
    gaps = np.concatenate((minute.timestamp[:5], minute.timestamp[9:]))
    without = {n: np.concatenate((c[:5], c[9:])) for n, c in columns.items()} | {"timestamp": gaps}
    assert Bars(**without).period_ms == 60_000


def test_repr_tells_range_and_source(columns):
    text = repr(Bars(**columns, source="FIL"))
    assert "500 bars, 2024-01-01T00:00:00 .. 2024-01-01T08:19:00 UTC, every 60000 ms" in text
    assert "with buy_volume" in text
    assert "source 'FIL'" in text


def test_extreme_times_have_a_repr(columns):
    columns["timestamp"][-1] = 2**62
    assert "500 bars" in repr(Bars(**columns))


def test_arrays_of_the_constructor_are_kept_alive(columns):
    bars = Bars(**{name: column.copy() for name, column in columns.items()})
    np.testing.assert_array_equal(bars.close, columns["close"])
