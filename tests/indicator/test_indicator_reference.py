"""Every row against a naive recomputation in exact or 200-bit arithmetic, and pinned bits."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from indicator_laws import equals_its_naive_twin
from indicator_table import ROWS, SPECS, Spec, batch, bits, inputs_of, random_bars, spec_of
from naive_table import NAIVE

from hquant_cffi._ffi import lib

# How the rows take unknowns in the middle of their input is part of their rules, save for RSI,
# which carries on from the last known value and is checked with unknowns in front only.
HOLED = [s for s in SPECS if s.row.name not in ("RSI", "ATR", "TR")]


def test_every_row_has_a_naive_twin() -> None:
    assert {spec.key for spec in SPECS} == set(NAIVE)


@pytest.mark.parametrize("spec", SPECS, ids=str)
def test_row_equals_its_naive_twin(spec: Spec) -> None:
    for seed, kind in ((21, "ticks"), (22, "steps")):
        equals_its_naive_twin(spec, inputs_of(spec, random_bars(seed, 150, kind)))


@pytest.mark.parametrize("spec", HOLED, ids=str)
def test_unknowns_inside_reach_what_reads_them_and_nothing_else(spec: Spec) -> None:
    for seed, kind in ((23, "ticks"), (24, "steps")):
        inputs = [np.array(x) for x in inputs_of(spec, random_bars(seed, 150, kind))]
        rng = np.random.default_rng(seed)
        for column in inputs:
            column[:3] = np.nan
            column[60:64] = np.nan
            column[rng.integers(100, 140, 3)] = np.inf if seed % 2 else np.nan
        equals_its_naive_twin(spec, [np.where(np.isfinite(x), x, np.nan) for x in inputs])
        # What is not finite counts as unknown, whichever way it is not.
        with_inf = batch(spec, inputs)
        with_nan = batch(spec, [np.where(np.isfinite(x), x, np.nan) for x in inputs])
        assert [bits(a) for a in with_inf] == [bits(b) for b in with_nan]


@pytest.mark.parametrize("name", ["RSI", "EMA", "SMA", "STDDEV", "SUM", "HIGHEST", "LOWEST"])
@pytest.mark.parametrize("period", [1, 2, 14, 33])
def test_unknowns_in_front_only_delay(name: str, period: int) -> None:
    """A series that begins late, as an indicator of another does, has the same values later."""
    x = random_bars(25, 120).fields[3]
    spec = spec_of(name, period)
    late = batch(spec, [np.concatenate([np.full(37, np.nan), x])])[0]
    equals_its_naive_twin(spec, [np.concatenate([np.full(37, np.nan), x])])
    assert np.isnan(late[:37]).all()
    if name in ("RSI", "EMA"):
        assert bits(late[37:]) == bits(batch(spec, [x])[0])


# ------------------------------------------------------------------ where equality is exact


@pytest.mark.parametrize("period", [1, 2, 3, 5, 14, 20, 33, 64])
def test_sums_of_whole_numbers_are_exact(period: int) -> None:
    x = np.random.default_rng(period).integers(-1000, 1000, 400).astype(float)
    sums, means = batch(spec_of("SUM", period), [x])[0], batch(spec_of("SMA", period), [x])[0]
    exact_means = 0
    for t in range(period - 1, 400):
        true = sum(int(v) for v in x[t - period + 1 : t + 1])
        assert sums[t] == true
        if Fraction(float(true / period)) == Fraction(true, period):
            exact_means += 1
            assert means[t] == true / period
        else:
            assert abs(means[t] - true / period) <= 2 * np.spacing(1000.0)
    assert exact_means > 3


@pytest.mark.parametrize("period", [1, 2, 3, 5, 14, 20, 33, 64, 200])
def test_stddev_of_a_flat_window_is_exactly_zero_and_of_no_other(period: int) -> None:
    rng = np.random.default_rng(period)
    x = np.repeat(np.round(60000 + rng.standard_normal(12), 3), period + 7)
    x[3 :: 3 * period + 41] += 0.001
    found = batch(spec_of("STDDEV", period), [x])[0]
    flat = 0
    for t in range(period - 1, len(x)):
        values = x[t - period + 1 : t + 1]
        assert (found[t] == 0) == (values.min() == values.max()), t
        flat += bool(values.min() == values.max())
    assert flat > 0


def test_stddev_of_two_values_is_half_their_distance() -> None:
    x = np.random.default_rng(6).integers(0, 1000, 300).astype(float)
    found = batch(spec_of("STDDEV", 2), [x])[0]
    assert found[1:].tolist() == (np.abs(np.diff(x)) / 2).tolist()


# ------------------------------------------------------------------ pinned bits


def pinned(x: list[float], factor: float, start: float) -> list[float]:
    """e += a * (x - e), each product and sum rounded once, as Python rounds."""
    out, e = [], start
    for value in x:
        e = e + factor * (value - e)
        out.append(e)
    return out


@pytest.mark.parametrize("period", [1, 2, 3, 9, 14, 26, 200])
def test_ema_has_the_pinned_bits(period: int) -> None:
    x = random_bars(31, 500).fields[3].tolist()
    true = [x[0], *pinned(x[1:], 2 / (period + 1), x[0])]
    assert batch(spec_of("EMA", period), [np.array(x)])[0].tolist() == true


def test_macd_has_the_pinned_bits() -> None:
    x = random_bars(32, 500).fields[3].tolist()
    fast, slow = ([x[0], *pinned(x[1:], 2 / (n + 1), x[0])] for n in (12, 26))
    line = [a - b for a, b in zip(fast, slow, strict=True)]
    signal = [line[0], *pinned(line[1:], 2 / 10, line[0])]
    hist = [a - b for a, b in zip(line, signal, strict=True)]
    found = batch(spec_of("MACD", 12, 26, 9), [np.array(x)])
    assert [column.tolist() for column in found] == [line, signal, hist]


@pytest.mark.parametrize("period", [1, 2, 3, 14, 33])
def test_wilder_average_has_the_pinned_bits(period: int) -> None:
    bars = random_bars(33, 300)
    inputs = [bars.fields[i] for i in (1, 2, 3)]
    ranges = batch(spec_of("TR"), inputs)[0].tolist()
    seed = 0.0
    for value in ranges[:period]:
        seed += value
    seed /= period
    true = [seed, *pinned(ranges[period:], 1 / period, seed)]
    assert batch(spec_of("ATR", period), inputs)[0][period - 1 :].tolist() == true


# ------------------------------------------------------------------ worked out by hand


def test_rsi_by_hand() -> None:
    """Period 2 over 10 12 11 11 15: gains 2 0 0 4, losses 0 1 0 0; seeds 1 and 0.5."""
    found = batch(spec_of("RSI", 2), [np.array([10.0, 12, 11, 11, 15])])[0]
    assert np.isnan(found[:2]).all()
    # 100*1/1.5; averages 0.5, 0.25 give the same; 0.5+(4-0.5)/2 = 2.25 and 0.125: 225/2.375.
    assert found[2] == found[3] == 100 / 1.5
    assert found[4] == 225 / 2.375


def test_rsi_of_a_flat_series_is_50_and_of_a_rising_one_100() -> None:
    assert batch(spec_of("RSI", 3), [np.full(9, 7.0)])[0][3:].tolist() == [50.0] * 6
    assert batch(spec_of("RSI", 3), [np.arange(9.0)])[0][3:].tolist() == [100.0] * 6
    assert batch(spec_of("RSI", 3), [-np.arange(9.0)])[0][3:].tolist() == [0.0] * 6


def test_macd_and_boll_by_hand() -> None:
    """MACD(1,3,1) of 0 8 8: EMA3 is 0 4 6. BOLL(2,1) of 0 8 8: mids 4 8, deviations 4 0."""
    line, signal, hist = batch(spec_of("MACD", 1, 3, 1), [np.array([0.0, 8, 8])])
    assert (line.tolist(), signal.tolist(), hist.tolist()) == ([0, 4, 2], [0, 4, 2], [0, 0, 0])
    upper, mid, lower = batch(spec_of("BOLL", 2, 1), [np.array([0.0, 8, 8])])
    assert (upper[1:].tolist(), mid[1:].tolist(), lower[1:].tolist()) == ([8, 8], [4, 8], [0, 8])


def test_atr_by_hand() -> None:
    """Ranges 4, max(11,9)-min(10,9) = 2, max(20,10)-min(19,10) = 10; seed 3; 3 + 7/2."""
    inputs = [np.array(c, dtype=float) for c in ((10, 11, 20), (6, 10, 19), (9, 10, 19))]
    assert batch(spec_of("TR"), inputs)[0].tolist() == [4, 2, 10]
    assert batch(spec_of("ATR", 2), inputs)[0][1:].tolist() == [3, 6.5]


# ------------------------------------------------------------------ parameters


@pytest.mark.parametrize("row", [r for r in ROWS if r.params], ids=lambda r: r.name)
def test_parameters_out_of_range_are_refused_by_name(row) -> None:
    good = next(s.params for s in SPECS if s.row is row)
    for i, (name, low, high, whole) in enumerate(row.params):
        bad = [low - 1, high + 1, high * 2, math.nan, math.inf, -math.inf]
        for value in [*bad, *([low + 0.5] if whole else [])]:
            params = [*good[:i], value, *good[i + 1 :]]
            assert Spec(row, tuple(params)).warmup() == -1
            message = lib.hq_last_error().message
            assert lib.hq_last_error().code == lib.HQ_EINVAL
            text = b"".join(message).split(b"\0")[0].decode()
            assert text.startswith(f"{row.name}: {name}: expected"), text
