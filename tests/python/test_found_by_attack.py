"""Hostile input that once slipped through, each with what it did."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable

import numpy as np
import pytest

from hquant_cffi import ParameterError, Strategy, backtest, indicators, load_sp500


def test_masked_places_are_unknown_not_what_lies_under_the_mask() -> None:
    masked = np.ma.array([1.0, 999.0, 3.0], mask=[False, True, False])
    np.testing.assert_array_equal(indicators.sma(masked, 1), [1, np.nan, 3])
    whole = np.ma.array([1, 999, 3], mask=[False, True, False])
    np.testing.assert_array_equal(indicators.sma(whole, 1), [1, np.nan, 3])


def _pickled(strategy: Strategy) -> Strategy:
    found = pickle.loads(pickle.dumps(strategy))
    assert isinstance(found, Strategy)
    return found


@pytest.mark.parametrize("again", [copy.copy, _pickled])
def test_a_strategy_travels_between_processes(again: Callable[[Strategy], Strategy]) -> None:
    strategy = Strategy.compile("unused = close\nIF RSI(14) < 30 THEN BUY", name="dip")
    other = again(strategy)
    assert other == strategy
    assert (other.name, other.source) == (strategy.name, strategy.source)
    assert other.warnings == strategy.warnings
    assert other.disassemble() == strategy.disassemble()


@pytest.mark.parametrize(
    "option", ["capital", "leverage", "fee", "contract_size", "maintenance_margin"]
)
def test_a_number_beyond_all_floats_is_refused_by_name(option: str) -> None:
    with pytest.raises(ParameterError, match=f"^{option} must"):
        backtest(load_sp500(), "IF close > 0 THEN BUY", **{option: 2**2000})  # type: ignore[arg-type]
