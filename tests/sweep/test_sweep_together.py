"""Combinations whose fills are done together are combinations that run by themselves."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from sweep.together_laws import (
    TEXTS,
    check_at_the_end_of_a_block,
    check_blocks_that_begin_flat,
    check_orders_that_wait_while_their_lane_comes_back,
    check_sizes_that_no_ledger_takes,
    check_together,
)

from hquant_cffi._ffi import lib

RUNS = int(os.environ.get("HQUANT_SWEEP_RUNS", "60")) // 6


@pytest.fixture(autouse=True)
def any_width() -> Iterator[None]:
    yield
    lib.hq_simd_limit(2)


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("seed", range(5000, 5000 + RUNS))
def test_rows_are_those_of_runs_by_themselves(name: str, seed: int) -> None:
    length = (5, 60, 700, 1024, 1025, 2500)[seed % 6]
    check_together(seed, length=length, rows=2 + seed % 40, name=name)


def test_orders_that_wait_at_the_end_of_a_block_are_filled_in_the_next() -> None:
    check_at_the_end_of_a_block()


def test_a_block_that_begins_flat_has_nothing_of_one_that_did_not() -> None:
    check_blocks_that_begin_flat()


def test_an_order_that_waits_while_its_lane_comes_back_is_filled() -> None:
    check_orders_that_wait_while_their_lane_comes_back()


def test_lanes_whose_sizes_no_ledger_takes_run_by_themselves() -> None:
    check_sizes_that_no_ledger_takes()


def test_most_of_what_is_drawn_trades() -> None:
    """A law over rows without a trade would hold for nothing."""
    tables = [check_together(5100, length=1_500, rows=5, name=name) for name in TEXTS]
    assert sum(int(table["trades"].sum()) for table in tables) > 1_000
