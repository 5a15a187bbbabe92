"""Every width of vector instructions gives every figure the same bits."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from metric_curves import DAY, HOSTILE_RETURNS, times, trades_of, walk

from hquant_cffi import metrics
from hquant_cffi._ffi import lib

WIDEST = lib.hq_simd_level()


@pytest.fixture(autouse=True)
def _machine_afterwards() -> Iterator[None]:
    yield
    lib.hq_simd_limit(lib.HQ_SIMD_AVX512)


def bits(curve: dict[str, Any]) -> dict[str, object]:
    found = metrics(**curve).to_dict()
    return {
        name: struct.pack("d", value) if isinstance(value, float) else value
        for name, value in found.items()
    }


def assert_width_does_not_matter(**curve: Any) -> None:
    lib.hq_simd_limit(lib.HQ_SIMD_BASELINE)
    expected = bits(curve)
    assert len(expected) > 50
    for level in range(lib.HQ_SIMD_AVX2, WIDEST + 1):
        lib.hq_simd_limit(level)
        assert lib.hq_simd_level() == level
        assert bits(curve) == expected


@pytest.mark.parametrize("n", [1, 2, 7, 8, 9, 1023, 1024, 1025, 2050, 30_000])
def test_curve_with_everything(n: int) -> None:
    closes = walk(n + 1, n)
    closes[:: max(3, n // 50)] = np.nan
    pnl = [float(x) for x in np.random.default_rng(n).normal(0, 9, 300)]
    if np.isfinite(closes[1:] + closes[:-1]).any():
        for initial in (None, 9_000.0):
            assert_width_does_not_matter(
                equity=walk(n, n), time=times(n, DAY // 7), initial=initial, risk_free=0.03,
                benchmark=closes, trades=trades_of(pnl), periods_per_year=2555.0,
            )  # fmt: skip
    assert_width_does_not_matter(equity=walk(n, n), time=times(n))


@pytest.mark.parametrize("name", HOSTILE_RETURNS)
def test_hostile_returns(name: str) -> None:
    returns = np.array(HOSTILE_RETURNS[name])
    time = times(len(returns))
    assert_width_does_not_matter(returns=returns, time=time, periods_per_year=365.0)
    equity = 1000 * np.cumprod(1 + returns)
    assert_width_does_not_matter(equity=equity, time=time, initial=1000.0, periods_per_year=365.0)
