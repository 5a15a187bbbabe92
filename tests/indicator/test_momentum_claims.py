"""Momentum rows worked out by hand, and on the bars where a naive formula goes wrong."""

from __future__ import annotations

import numpy as np
import pytest
from indicator_table import Floats, Spec, batch, bits, random_bars, row_named, spec_of

from hquant_cffi._ffi import ffi, lib


def talib(name: str, *params: float) -> Spec:
    """A row with parameters, in talib mode."""
    return Spec(row_named(name), tuple(params), 1)


def floats(*values: float) -> Floats:
    return np.array(values, dtype=np.float64)


def walk(length: int, seed: int) -> tuple[Floats, Floats, Floats]:
    """High, low and close of random bars."""
    fields = random_bars(seed, length).fields
    return fields[1], fields[2], fields[3]


# ------------------------------------------------------------------ AROON


def test_aroon_by_hand_and_of_equal_extremes_the_newest_counts() -> None:
    """Highs 5 7 7 6 6, lows 1 2 1 3 3, period 2: windows of three bars."""
    down, up = batch(spec_of("AROON", 2), [floats(5, 7, 7, 6, 6), floats(1, 2, 1, 3, 3)])
    assert np.isnan([*down[:2], *up[:2]]).all()
    assert up[2:].tolist() == [100, 50, 0]
    assert down[2:].tolist() == [100, 50, 0]


@pytest.mark.parametrize("period", [2, 3, 31, 32, 33, 250])
def test_aroon_is_right_at_every_place_of_a_segment(period: int) -> None:
    rng = np.random.default_rng(period)
    high = rng.integers(0, 1 + period // 2, 6 * period + 20).astype(float)  # many equal ones
    down, up = batch(spec_of("AROON", period), [high, -high])
    for t in range(period, len(high)):
        age = int(np.argmax(high[t - period : t + 1][::-1]))
        assert up[t] == down[t] == 100 * (period - age) / period, t


# ------------------------------------------------------------------ rests and rounding


def test_prices_of_equal_sums_of_ticks_are_one_price() -> None:
    """Both bars' prices add up to 17.214; as doubles their thirds differ in the last place."""
    high, low, close = floats(5.74, 5.74), floats(5.735, 5.737), floats(5.739, 5.737)
    typical = batch(spec_of("TYPPRICE"), [high, low, close])[0]
    assert 0 < abs(typical[1] - typical[0]) < 1e-15
    assert np.isnan(batch(spec_of("CCI", 2), [high, low, close])[0][1])
    assert batch(talib("CCI", 2), [high, low, close])[0][1] == 0
    more = [np.append(x, x[-1] + 1) for x in (high, low, close)]
    index = batch(spec_of("MFI", 2), [*more, floats(9, 1e9, 1)])[0]
    assert index[2] == 100  # nothing of the second bar's volume flowed out


@pytest.mark.parametrize("period", [2, 3, 7, 14, 100])
def test_cci_of_a_flat_window_is_unknown_and_of_no_other(period: int) -> None:
    price = np.repeat(np.round(60000 + np.random.default_rng(3).standard_normal(9), 3), period + 3)
    found = batch(spec_of("CCI", period), [price, price, price])[0]
    for t in range(period - 1, len(price)):
        assert np.isnan(found[t]) == (len(set(price[t - period + 1 : t + 1])) == 1), t


def test_while_prices_rest_the_stochastic_of_rsi_has_no_value() -> None:
    """RSI stays what it is then, save for its last digits, which say nothing of a range."""
    moving = random_bars(5, 60).fields[3]
    x = np.concatenate([moving, np.full(60, moving[-1])])
    strength = batch(spec_of("RSI", 14), [x])[0]
    assert 0 < np.ptp(strength[75:]) < 1e-12
    assert np.isnan(batch(spec_of("STOCHRSI", 14, 5, 3, 0), [x])[0][75:]).all()
    assert batch(talib("STOCHRSI", 14, 5, 3, 0), [x])[0][75:].tolist() == [0.0] * 45


REST = [
    ("WILLR", (14,), 3, 0.0),
    ("STOCHF", (5, 3, 0), 3, 0.0),
    ("STOCH", (5, 3, 0, 3, 0), 3, 0.0),
    ("STOCHRSI", (14, 5, 3, 0), 1, 0.0),
    ("CMO", (14,), 1, 0.0),
    ("IMI", (14,), 2, 50.0),
    ("MFI", (14,), 4, 0.0),
    ("ULTOSC", (7, 14, 28), 3, 0.0),
    ("CCI", (14,), 3, 0.0),
]


@pytest.mark.parametrize(("name", "params", "inputs", "as_talib"), REST, ids=[r[0] for r in REST])
def test_what_nothing_has_moved_is_unknown_and_in_talib_mode_what_talib_says(
    name: str, params: tuple[float, ...], inputs: int, as_talib: float
) -> None:
    flat = [np.full(60, 7.3)] * inputs
    for column in batch(spec_of(name, *params), flat):
        assert np.isnan(column).all()
    for output, column in enumerate(batch(talib(name, *params), flat)):
        first = talib(name, *params).warmup(output)
        assert set(column[first:].tolist()) == {as_talib}


# ------------------------------------------------------------------ nothing drifts


@pytest.mark.parametrize(
    ("name", "params"),
    [("ULTOSC", (7, 14, 28)), ("WILLR", (14,)), ("CCI", (14,)), ("AROON", (25,)), ("BOP", ())],
    ids=lambda each: str(each),
)
def test_a_print_that_has_left_the_window_leaves_no_trace(
    name: str, params: tuple[float, ...]
) -> None:
    high, low, close = (x.copy() for x in walk(300, 8))
    open_ = np.concatenate([close[:1], close[:-1]])
    columns = {"open": open_, "high": high, "low": low, "close": close}
    wanted = {"AROON": ("high", "low"), "BOP": tuple(columns)}.get(name, ("high", "low", "close"))
    clean = batch(spec_of(name, *params), [columns[key] for key in wanted])
    high[100] = 1e17
    found = batch(spec_of(name, *params), [columns[key] for key in wanted])
    assert any(bits(a) != bits(b) for a, b in zip(clean, found, strict=True))
    for a, b in zip(clean, found, strict=True):
        np.testing.assert_allclose(a[140:], b[140:], rtol=0, atol=1e-9)


# ------------------------------------------------------------------ by hand


def test_willr_and_fast_stochastic_by_hand() -> None:
    """Highs 4 6 8, lows 0 2 1, closes 1 5 3; windows of two bars."""
    bars = [floats(4, 6, 8), floats(0, 2, 1), floats(1, 5, 3)]
    assert batch(spec_of("WILLR", 2), bars)[0][1:].tolist() == [-100 / 6, -500 / 7]
    fastk, fastd = batch(spec_of("STOCHF", 2, 2, 0), bars)
    assert fastk[1:].tolist() == [500 / 6, 200 / 7]
    assert np.isnan(fastd[1])
    assert fastd[2] == pytest.approx((500 / 6 + 200 / 7) / 2, rel=1e-15)


def test_directional_movement_by_hand() -> None:
    """Moves +2/-0, +1/+3, +1/+1: the larger side counts, of equal ones neither."""
    high, low = floats(10, 12, 13, 14), floats(5, 6, 3, 2)
    assert batch(spec_of("PLUS_DM", 1), [high, low])[0][1:].tolist() == [2, 0, 0]
    assert batch(spec_of("MINUS_DM", 1), [high, low])[0][1:].tolist() == [0, 3, 0]
    # Wilder's running sum of 3: the first two moves, then less a third of itself.
    assert batch(talib("PLUS_DM", 3), [high, low])[0][2:].tolist() == [2, 2 - 2 / 3]


def test_ultosc_weights_the_shortest_period_most_in_whatever_order() -> None:
    bars = list(walk(80, 4))
    first = batch(spec_of("ULTOSC", 7, 14, 28), bars)[0]
    assert bits(batch(spec_of("ULTOSC", 28, 7, 14), bars)[0]) == bits(first)


def test_cmo_is_of_sums_and_in_talib_mode_twice_rsi_less_100() -> None:
    x = floats(10, 12, 11, 11, 15)  # gains 2 0 0 4, losses 0 1 0 0
    assert batch(spec_of("CMO", 2), [x])[0][2:].tolist() == [100 / 3, -100, 100]
    moving = random_bars(6, 80).fields[3]
    strength = batch(spec_of("RSI", 14), [moving])[0]
    assert bits(batch(talib("CMO", 14), [moving])[0]) == bits(2 * strength - 100)


def test_macd_of_a_fast_period_beyond_the_slow_is_refused_and_in_talib_mode_turned_round() -> None:
    assert spec_of("MACD", 26, 12, 9).warmup() == -1
    assert b"MACD: fast: expected" in ffi.string(lib.hq_last_error().message)
    x = random_bars(9, 90).fields[3]
    turned, straight = (batch(talib("MACD", *p, 9), [x]) for p in ((26, 12), (12, 26)))
    assert [bits(a) for a in turned] == [bits(b) for b in straight]
