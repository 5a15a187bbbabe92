"""The laws of the table as plain functions over one spec, for tests and for the planted bugs.

A law that does not hold raises AssertionError naming the spec.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from indicator_table import (
    TIME,
    Bars,
    Engine,
    Floats,
    Spec,
    batch,
    bits,
    inputs_of,
    random_bars,
    same_bits,
)
from mpmath import mpf
from naive_indicators import Number
from naive_table import NAIVE

from hquant_cffi._ffi import lib

CHUNKS = (1, 2, 3, 5, 7, 13)
KINDS = ("ticks", "steps")
LENGTH = 170  # five times round the 32 lines of a graph, and more than twice the longest period


def capacities(spec: Spec) -> list[int]:
    """Rings smaller than, equal to, next to and larger than the period."""
    return sorted({1, 2, max(1, spec.period - 1), spec.period or 1, spec.period + 1, 1024})


def tail(columns: list[np.ndarray], capacity: int) -> list[np.ndarray]:
    """What a ring keeps."""
    return [column[-capacity:] for column in columns]


def stream_equals_batch(spec: Spec, bars: Bars) -> None:
    """Bar by bar, in any ring, every newest value and every column are those of the batch."""
    expected = batch(spec, inputs_of(spec, bars))
    assert not any(np.isinf(column).any() for column in expected), str(spec)
    for capacity in capacities(spec):
        engine = Engine(capacity)
        identity = engine.add(spec)
        for t in range(len(bars)):
            assert engine.push(bars.bar(t)) == lib.HQ_OK
            now = [column[t] for column in expected]
            assert bits(engine.last(spec, identity)) == bits(now), (str(spec), capacity, t)
            if t % 37 == 5:  # a look at the columns must not change what comes after
                seen = [column[: t + 1] for column in expected]
                assert same_bits(engine.columns(spec, identity), tail(seen, capacity))
        found = engine.columns(spec, identity)
        assert same_bits(found, tail(expected, capacity)), (str(spec), capacity)


def chunks_equal_batch(spec: Spec, bars: Bars) -> None:
    """Blocks of any size give what the batch gives."""
    expected = batch(spec, inputs_of(spec, bars))
    for chunk in CHUNKS:
        engine = Engine(50)
        identity = engine.add(spec)
        engine.push_all(bars, chunk)
        found = engine.columns(spec, identity)
        assert same_bits(found, tail(expected, 50)), (str(spec), chunk)


def revised_bar_leaves_no_trace(spec: Spec, bars: Bars) -> None:
    """Any updates of the forming bar, then its final version: as if only that had been pushed."""
    expected = batch(spec, inputs_of(spec, bars))
    strays = random_bars(99, len(bars))
    wild = np.random.default_rng(5).random((len(bars), 6)) * 2e100 - 1e100
    engine = Engine(9)
    identity = engine.add(spec)
    for t in range(len(bars)):
        final = bars.bar(t)
        first = final if t % 3 == 0 else (final[0], *wild[t]) if t % 3 == 1 else strays.bar(t)
        assert engine.push(first) == lib.HQ_OK
        for i in range(t % 4):
            draft = wild[(t + i) % len(bars)] if i % 2 else strays.bar((t + i) % len(bars))[1:]
            assert engine.update((final[0], *draft)) == lib.HQ_OK
        if first != final or t % 4:
            assert engine.update(final) == lib.HQ_OK
        now = [column[t] for column in expected]
        assert bits(engine.last(spec, identity)) == bits(now), (str(spec), t)
    assert same_bits(engine.columns(spec, identity), tail(expected, 9)), str(spec)


def late_add_equals_a_fresh_engine(spec: Spec, bars: Bars) -> None:
    """Added late, also while the bar forms: as a fresh engine fed the ring's bars."""
    for before in (0, 1, 3, 20, 31, 32, 33, 64, 100):  # the ring of 20 overflows from 21 on
        engine = Engine(20)
        engine.push_all(bars[:before])
        if before:
            engine.update((7, *random_bars(3, 1).bar(0)[1:]))
        identity = engine.add(spec)
        fresh = Engine(20)
        same = fresh.add(spec)
        fresh.push_all(engine.ring_bars())
        compare(spec, (engine, identity), (fresh, same))
        if before:
            final = bars.bar(before - 1)
            assert engine.update(final) == fresh.update(final) == lib.HQ_OK
            compare(spec, (engine, identity), (fresh, same))
        for t in range(before, before + 60):
            assert engine.push(bars.bar(t)) == fresh.push(bars.bar(t)) == lib.HQ_OK
            compare(spec, (engine, identity), (fresh, same), whole=t % 13 == 0)
        compare(spec, (engine, identity), (fresh, same))


def compare(spec: Spec, a: tuple[Engine, int], b: tuple[Engine, int], whole: bool = True) -> None:
    """Both show the same newest values and, when `whole`, the same columns."""
    assert bits(a[0].last(spec, a[1])) == bits(b[0].last(spec, b[1])), str(spec)
    if whole:
        assert same_bits(a[0].columns(spec, a[1]), b[0].columns(spec, b[1])), str(spec)


def first_value_is_where_the_row_says(spec: Spec, bars: Bars) -> None:
    """NaN before the warm-up, a value from then on."""
    inputs = [
        # A condition that is true on the first bars, so that what waits for one has its value.
        np.ones(len(bars)) if is_condition else column
        for column, is_condition in zip(inputs_of(spec, bars), spec.row.conditions, strict=True)
    ]
    for output, column in enumerate(batch(spec, inputs)):
        warmup = spec.warmup(output)
        if spec.row.name == "VALUEWHEN":
            warmup = spec.period  # the k-th last true bar exists from here on
        assert warmup >= 0, str(spec)
        assert np.isnan(column[:warmup]).all(), str(spec)
        values = column[warmup:]
        if spec.row.name in UNKNOWN_WHEN_FLAT and not spec.mode:
            values = values[:1] if bars.fields[3][0] > 1000 else values[:0]
        assert np.isfinite(values).all(), str(spec)


# ------------------------------------------------------------------ units

# Rows whose value may be unknown after the warm-up: over a flat window, or one without volume, or
# whose mean is 0.
UNKNOWN_WHEN_FLAT = {"ZSCORE", "CORREL", "BETA", "CMF", "BBP", "BBW", "VWMA", "VWAP", "RVWAP"}
UNKNOWN_WHEN_FLAT |= {"WILLR", "STOCHF", "STOCH", "STOCHRSI", "CMO", "IMI", "MFI", "ULTOSC", "CCI"}
UNKNOWN_WHEN_FLAT |= {"PPO", "PVO", "ER", "VHF", "TSI", "SMI", "CMOU", "RVI", "VORTEX", "KDJ"}
UNKNOWN_WHEN_FLAT |= {"CVI", "MASSI", "RVOL"}

WITHOUT_SCALE = {"0..100", "condition", "percent", "ratio"}
WITHOUT_SCALE |= {"-100..100", "-100..0", "-1..1", "per cent", "per cent a bar", "fraction"}
WITHOUT_SCALE |= {"1 at the upper band, 0 at the lower", "1 or -1", "0..1", "0 or 100"}
WITHOUT_SCALE |= {"0..100, J beyond", "index", "about slow", "bars", "0 or 1"}
WITHOUT_SCALE |= {"price a unit of volume"}
SQUARED = {"that of x, squared", "price times volume"}

# Inputs that are no amounts: MAVP's numbers of bars, VWAP's time.
NOT_SCALED = {("MAVP", 1), ("VWAP", 4)}


def scaled(spec: Spec, inputs: Sequence[Floats], factor: float) -> list[Floats]:
    """Every amount multiplied by `factor`."""
    name = spec.row.name
    return [x if (name, i) in NOT_SCALED else factor * x for i, x in enumerate(inputs)]


def size_in(unit: str, output: int, factor: float) -> float:
    """What an output becomes a multiple of when every input is multiplied by `factor`."""
    own = unit.split("; ")[-1 if output else 0]
    if own in WITHOUT_SCALE or own.startswith("degrees, "):  # of a phase, not of a slope
        return 1.0
    return factor**2 if own in SQUARED else factor


# ------------------------------------------------------------------ the naive twin

# Rows whose value is one of the inputs, a count, or a condition, or one rounded subtraction.
EXACT = {"HIGHEST", "LOWEST", "LAG", "CROSSOVER", "CROSSUNDER", "CROSS", "RISING", "FALLING"}
EXACT |= {"BARSSINCE", "VALUEWHEN", "CHANGE", "TR", "TRANGE", "MEDIAN"}
EXACT |= {"PERCENTILE", "HT_TRENDMODE", "MIDPOINT", "MIDPRICE", "DONCHIAN"}

# Scale in which an error counts: that of the inputs, but 100 for an index of 0..100.
OF_INPUTS = {"SMA", "EMA", "STDDEV", "BOLL", "MACD", "ATR", "SUM"}
OF_INPUTS |= {"LINREG", "LINREG_INTERCEPT", "LINEARREG", "LINEARREG_INTERCEPT", "TSF"}
OF_INPUTS |= {"MOM", "APO", "MACDFIX", "MACDEXT", "PLUS_DM", "MINUS_DM"}
OF_INPUTS |= {"AO", "AC", "DPO", "QSTICK", "ERI", "WAD", "ADR", "HA"}
OF_INPUTS |= {"AVGPRICE", "MEDPRICE", "TYPPRICE", "WCLPRICE"}
OF_INPUTS |= {"RMA", "WMA", "DEMA", "TEMA", "T3", "ZLEMA", "TRIMA", "KAMA", "HMA", "MA", "MAVP"}
OF_INPUTS |= {"VWMA", "VWAP", "RVWAP", "MAMA", "HT_TRENDLINE", "BBANDS", "KELTNER", "ACCBANDS"}
OF_INPUTS |= {"ICHIMOKU", "SAR", "SAREXT", "SUPERTREND"}

# Rows right to a few last places of their own value, or of 1 where that is smaller.
OF_VALUE = {"VAR", "AVGDEV", "LINREG_SLOPE", "LINREG_ANGLE", "LINEARREG_SLOPE", "LINEARREG_ANGLE"}
OF_VALUE_OR_ONE = {"ZSCORE", "CORREL", "BETA", "OBV", "PVT", "AD", "ADOSC", "CMF"}
OF_VALUE_OR_ONE |= {"HT_DCPERIOD", "HT_PHASOR", "HT_DCPHASE", "HT_SINE"}
TOLERANCE = {"SUM": 1e-12, "RSI": 1e-11, "MAMA": 1e-11, "LINREG_INTERCEPT": 2e-13, "TSF": 2e-13}
# What the rounding of a price, of an RSI, becomes.
TOLERANCE |= {"CCI": 1e-10, "SMI": 1e-10, "STOCHRSI": 1e-11}
TOLERANCE |= dict.fromkeys(("HT_DCPERIOD", "HT_PHASOR", "HT_DCPHASE", "HT_SINE"), 1e-9)


def exact(column: Floats) -> list[Number]:
    """Numbers as Fractions, unknowns as None."""
    return [None if math.isnan(v) else Fraction(v) for v in column.tolist()]


def equals_its_naive_twin(spec: Spec, inputs: Sequence[Floats]) -> None:
    """Compare the batch with the naive recomputation."""
    found = batch(spec, inputs)
    true = NAIVE[spec.key](*map(exact, inputs), *spec.params)
    assert len(true) == len(found)
    scale = 100.0
    if spec.row.name in OF_INPUTS:
        amounts = [x for x, field in zip(inputs, spec.fields, strict=True) if field != TIME]
        scale = max(float(np.nanmax(np.abs(x))) for x in amounts)
        scale *= spec.period if spec.row.name == "SUM" else 1
    for f_column, t_column in zip(found, true, strict=True):
        for t, (f, number) in enumerate(zip(f_column.tolist(), t_column, strict=True)):
            where = f"{spec} at {t}: {f} for {number}"
            assert math.isnan(f) == (number is None), where
            if number is None:
                continue
            if spec.row.name in EXACT:
                assert f == float(number), where
            else:
                tolerance = TOLERANCE.get(spec.row.name, 1e-13) * _size(spec, number, scale)
                assert abs(_mpf(number) - mpf(f)) <= tolerance, where


def _size(spec: Spec, number: Number, scale: float) -> float:
    if spec.row.name in OF_VALUE:
        return abs(float(number))
    return max(1.0, abs(float(number))) if spec.row.name in OF_VALUE_OR_ONE else scale


def _mpf(number: Number) -> mpf:
    if isinstance(number, Fraction):
        return mpf(number.numerator) / number.denominator
    return mpf(number)
