"""The naive twins of every row, from the files of their families."""

from __future__ import annotations

from collections.abc import Callable

import naive_avg
import naive_indicators
import naive_mom
import naive_phase
import naive_strength
import naive_trend
import naive_vol

FAMILIES = (
    naive_avg.NAIVE,
    naive_indicators.NAIVE,
    naive_mom.NAIVE,
    naive_phase.NAIVE,
    naive_strength.NAIVE,
    naive_trend.NAIVE,
    naive_vol.NAIVE,
)

NAIVE: dict[str, Callable[..., list[list[naive_indicators.Number]]]] = {
    key: twin for family in FAMILIES for key, twin in family.items()
}

assert len(NAIVE) == sum(map(len, FAMILIES)), "a row has two twins"
