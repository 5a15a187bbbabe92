"""What makes a year, by the rule of docs/metrics.md, with lists and Python's integers."""

from __future__ import annotations

import itertools
import math
import statistics
from collections import Counter

from hquant_cffi._years import Year

DAY = 86_400_000
SATURDAY = 2  # of days since 1970-01-01, a Thursday


def spacing_of(times: list[int]) -> float:
    gaps = [after - before for before, after in itertools.pairwise(times) if after > before]
    return float(statistics.median(gaps)) if gaps else math.nan


def market_of(times: list[int], spacing: float, name: str) -> tuple[float, str]:
    if math.isnan(spacing):
        return math.nan, "not known: fewer than two moments"
    whole = range(-(-times[0] // DAY), (times[-1] + math.floor(spacing)) // DAY)
    saturdays = {day for day in whole if day % 7 == SATURDAY}
    if not saturdays:
        return math.nan, f"not known: the data cover no whole Saturday; give {name}"
    traded = len(saturdays & {time // DAY for time in times})
    if spacing <= DAY and {b - a for a, b in itertools.pairwise(times)} == {spacing}:
        traded = len(saturdays)
    days = 365 if 2 * traded >= len(saturdays) else 252
    return days, f"{days} days a year (steps on {traded} of {len(saturdays)} Saturdays)"


def periods_of(times: list[int], spacing: float, market: float, words: str) -> tuple[float, str]:
    days = spacing / DAY
    if math.isnan(days):
        return math.nan, "not known: fewer than two moments"
    if days > 1.5:
        named = {(7, 7): 52.0, (28, 31): 12.0, (89, 92): 4.0, (365, 366): 1.0}
        a_year = [n for (least, most), n in named.items() if least <= days <= most]
        return (a_year or [365.25 / days])[0], f"steps of {days:g} days (median)"
    if math.isnan(market):
        return market, words
    if days >= 5 / 6:
        return market, f"{words}, a step each"
    if market == 365:
        how, a_day = f"median spacing {spacing / 1000:g} s", 1 / days
    else:
        how, a_day = "median", float(statistics.median(Counter(t // DAY for t in times).values()))
    return market * a_day, f"{words} of {a_day:,g} steps ({how})"


def plain_year(times: list[int], market_days: int = 0) -> Year:
    spacing = spacing_of(times)
    given = market_days, f"{market_days} days a year, as given"
    of_steps, of_days = (
        given if market_days else market_of(times, spacing, name)
        for name in ("periods_per_year", "days_per_year")
    )
    periods = periods_of(times, spacing, *of_steps)
    days = periods if spacing >= DAY * 5 / 6 else of_days
    return Year(float(periods[0]), float(days[0]), periods[1], days[1])
