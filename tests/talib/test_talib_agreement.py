"""Talib mode is TA-Lib: every function of its groups, values and warm-up, on many inputs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from agreement import (
    ROWS,
    Case,
    Columns,
    Floats,
    cases,
    columns_of,
    difference,
    hostile_inputs,
    our_values,
    random_walk,
    talib_functions,
    talib_values,
    typed,
)
from differences import DIFFERENCES, Intended, reason_for

from hquant_cffi.data import load

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

# TA-Lib's functions that the table does not have, with the reason. Its candlestick patterns, and
# the operators and functions of its two math groups, are outside the groups that are covered.
MISSING: dict[str, str] = {}

HOSTILE = dict(hostile_inputs())


def _bars(path: Path, bars: int | None = None) -> Columns:
    loaded = load(path)
    part = slice(0, bars)
    return columns_of(
        *(
            np.array(getattr(loaded, name)[part], dtype=np.float64)
            for name in ("open", "high", "low", "close", "volume")
        )
    )


@pytest.fixture(scope="module")
def real_bars(shared_data: Path) -> dict[str, Columns]:
    """FILUSDT minutes and GOOG days."""
    return {
        "FIL": _bars(shared_data / "binance_um_FILUSDT_1m_2024-09_11.csv.gz", 20_000),
        "GOOG": _bars(shared_data / "GOOG_daily.csv"),
    }


def test_every_function_is_there_or_has_its_reason() -> None:
    assert {name for name in talib_functions() if name not in ROWS} == set(MISSING)


def check(name: str, inputs: dict[str, Columns]) -> None:
    """Compare every case; an intended difference must show in at least one of them."""
    unexplained, seen = [], set()
    for case in cases(name):
        for kind, columns in inputs.items():
            found = difference(our_values(case, columns), talib_values(case, columns))
            if found is None:
                continue
            seen.add(kind)
            if reason_for(name, kind) is None:
                unexplained.append(f"{case} on {kind}: {found}")
    assert not unexplained, "\n".join(unexplained)
    stale = [kind for kind in inputs if reason_for(name, kind) and kind not in seen]
    assert not stale, f"{name} agrees on {stale}: take the entry out of differences.py"


@pytest.mark.parametrize("name", talib_functions())
def test_values_and_warmup_are_talibs_on_hostile_bars(name: str) -> None:
    check(name, HOSTILE)


@pytest.mark.parametrize("name", talib_functions())
def test_values_and_warmup_are_talibs_on_real_bars(
    name: str, real_bars: dict[str, Columns]
) -> None:
    check(name, real_bars)


@pytest.mark.parametrize("name", talib_functions())
def test_first_value_is_where_the_table_says(name: str) -> None:
    """The warm-up that the C core answers is TA-Lib's lookback."""
    columns = random_walk(1000, 3)
    row = ROWS[name]
    for case in cases(name):
        params = typed(row, case)
        for output, column in enumerate(talib_values(case, columns)):
            first = int(np.flatnonzero(np.isfinite(column))[0])
            assert row.warmup(*params, mode="talib", output=output) == first, str(case)


# ------------------------------------------------------------------ the checker, checked


def _shifted(columns: list[Floats]) -> list[Floats]:
    return [np.concatenate([[np.nan], column[:-1]]) for column in columns]


def _scaled(columns: list[Floats]) -> list[Floats]:
    return [column * (1 + 1e-8) for column in columns]


def _late(columns: list[Floats]) -> list[Floats]:
    late = [column.copy() for column in columns]
    first = int(np.flatnonzero(np.isfinite(late[0]))[0])
    late[0][first] = np.nan
    return late


@pytest.mark.parametrize("wrong", [_shifted, _scaled, _late], ids=lambda each: each.__name__)
@pytest.mark.parametrize("name", ["EMA", "ADX", "STOCH", "OBV", "BETA"])
def test_a_wrong_result_is_caught(
    name: str, wrong: Callable[[list[Floats]], list[Floats]]
) -> None:
    case = cases(name)[0]
    columns = HOSTILE["walk"]
    assert difference(wrong(our_values(case, columns)), talib_values(case, columns)) is not None


@pytest.mark.parametrize("name", ["EMA", "CMO", "MACD", "ATR", "ADX"])
def test_seed_mode_is_told_from_talib_mode(name: str) -> None:
    case = cases(name)[0]
    columns = HOSTILE["walk"]
    assert difference(our_values(case, columns, "seed"), talib_values(case, columns)) is not None


ENTRIES = [(entry, name) for entry in DIFFERENCES for name in sorted(entry.names)]


@pytest.mark.parametrize(("entry", "name"), ENTRIES, ids=[name for _, name in ENTRIES])
def test_every_difference_names_a_function_and_an_input(entry: Intended, name: str) -> None:
    assert name in ROWS and entry.reason
    assert entry.inputs <= {*HOSTILE, "FIL", "GOOG"}


def test_names_of_cases_are_told_in_failures() -> None:
    assert str(Case("EMA", (30,))) == "EMA(30)"
