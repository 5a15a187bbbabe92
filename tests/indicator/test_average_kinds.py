"""Rows with many parameters against their naive twins: more sets than the common laws try."""

from __future__ import annotations

import itertools

import indicator_laws as laws
import numpy as np
import pytest
from indicator_table import Floats, Spec, batch, inputs_of, random_bars, row_named, same_bits

BOTH_MODES = pytest.mark.parametrize("mode", [0, 1])
KINDS = range(14)


def columns(spec: Spec, kind: str, holes: bool) -> list[Floats]:
    """Inputs of a spec, with unknowns inside when asked for."""
    found = [np.array(x) for x in inputs_of(spec, random_bars(41, 130, kind))]
    rng = np.random.default_rng(41)
    for column in found if holes else []:
        column[:2] = np.nan
        column[60:63] = np.nan
        column[rng.integers(90, 120, 2)] = np.nan
    return found


def equals_everywhere(spec: Spec) -> None:
    for kind, holes in itertools.product(("ticks", "steps"), (False, True)):
        laws.equals_its_naive_twin(spec, columns(spec, kind, holes))


@BOTH_MODES
@pytest.mark.parametrize("matype", KINDS)
def test_average_of_each_kind_is_right(matype: int, mode: int) -> None:
    for period in (1, 2, 3, 5, 14, 20):
        equals_everywhere(Spec(row_named("MA"), (period, matype), mode))


@BOTH_MODES
@pytest.mark.parametrize("matype", KINDS)
def test_bands_around_each_kind_are_right(matype: int, mode: int) -> None:
    equals_everywhere(Spec(row_named("BBANDS"), (5, 1.5, 3, matype), mode))


@BOTH_MODES
@pytest.mark.parametrize("matype", KINDS)
def test_varying_periods_of_each_kind_are_right(matype: int, mode: int) -> None:
    for bounds in ((2, 5), (3, 12), (7, 7)):
        equals_everywhere(Spec(row_named("MAVP"), (*bounds, matype), mode))


@BOTH_MODES
@pytest.mark.parametrize("vfactor", [0, 0.3, 1])
def test_t3_is_right(vfactor: float, mode: int) -> None:
    for period in (1, 2, 5, 14):
        equals_everywhere(Spec(row_named("T3"), (period, vfactor), mode))


@BOTH_MODES
@pytest.mark.parametrize("periods", [(1, 1), (1, 33), (5, 2), (33, 1), (20, 10)])
def test_keltner_is_right(periods: tuple[int, int], mode: int) -> None:
    for width in (0, 2.5):
        equals_everywhere(Spec(row_named("KELTNER"), (*periods, width), mode))


@BOTH_MODES
@pytest.mark.parametrize("period", [1, 2, 14, 33])
def test_supertrend_is_right(period: int, mode: int) -> None:
    for multiplier in (0, 0.5, 3):
        equals_everywhere(Spec(row_named("SUPERTREND"), (period, multiplier), mode))


@pytest.mark.parametrize("start", [0, 11, -11, -60001])
@pytest.mark.parametrize("offset", [0, 0.001, 0.1])
def test_sarext_is_right(start: float, offset: float) -> None:
    for long, short in itertools.product([(0.02, 0.02, 0.2), (0.3, 0.07, 0.05)], repeat=2):
        equals_everywhere(Spec(row_named("SAREXT"), (start, offset, *long, *short)))


@pytest.mark.parametrize("displacement", [0, 1, 26, 40])
@pytest.mark.parametrize("periods", [(1, 2, 1), (9, 26, 52), (9, 2, 20), (3, 33, 5)])
def test_ichimoku_is_right(periods: tuple[int, int, int], displacement: int) -> None:
    equals_everywhere(Spec(row_named("ICHIMOKU"), (*periods, displacement)))


@pytest.mark.parametrize("session", [1, 7, 60, 1440])
@pytest.mark.parametrize("offset", [-3, 0, 25])
def test_vwap_is_right(session: int, offset: int) -> None:
    equals_everywhere(Spec(row_named("VWAP"), (session, offset)))


def test_vwap_begins_anew_with_each_session() -> None:
    """The first bar of a session is its own typical price."""
    bars = random_bars(42, 130)
    high, low, close, *_ = (bars.fields[i] for i in (1, 2, 3))
    spec = Spec(row_named("VWAP"), (20, 5))
    value = batch(spec, inputs_of(spec, bars))[0]
    firsts = np.flatnonzero((np.arange(130) - 5) % 20 == 0)
    typical = (high + low + close) / 3
    np.testing.assert_allclose(value[firsts], typical[firsts], rtol=1e-14)
    assert (np.abs(value - typical) > 1e-9 * value).sum() > 100


@pytest.mark.parametrize("displacement", [0, 3, 26])
def test_ichimoku_shows_nothing_of_later_bars(displacement: int) -> None:
    """The cloud at a bar is that of `displacement` bars ago: later bars do not move it."""
    bars = random_bars(43, 130)
    spec = Spec(row_named("ICHIMOKU"), (9, 26, 52, displacement))
    inputs = inputs_of(spec, bars)
    whole = batch(spec, inputs)
    undisplaced = batch(Spec(spec.row, (9, 26, 52, 0)), inputs)
    for length in (1, 30, 77, 100):
        part = batch(spec, [x[:length] for x in inputs])
        assert same_bits(part, [column[:length] for column in whole])
    for line in (2, 3):
        assert same_bits([whole[line][displacement:]], [undisplaced[line][: 130 - displacement]])


@pytest.mark.parametrize(
    "name", ["SMA", "WMA", "TRIMA", "HMA", "DEMA", "TEMA", "T3", "KAMA", "RMA", "ZLEMA"]
)
@BOTH_MODES
def test_average_of_a_flat_series_is_that_series(name: str, mode: int) -> None:
    """To the last bit for those that only weigh; T3's six weights round."""
    flat = np.full(200, 0.1)
    row = row_named(name)
    params = (7, 0.7) if name == "T3" else (7,)
    value = batch(Spec(row, params, mode), [flat])[0]
    known = value[~np.isnan(value)]
    assert len(known) > 100
    np.testing.assert_allclose(
        known, 0.1, rtol=0 if name in ("SMA", "WMA", "TRIMA", "HMA") else 1e-15
    )
