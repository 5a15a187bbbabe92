"""TA-Lib beside the talib mode of the table: what is compared, over what, and how closely."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import talib
from talib import abstract

from hquant_cffi import indicators
from hquant_cffi.indicators import Indicator

Floats = npt.NDArray[np.float64]
Columns = dict[str, Floats]

#: Agreement asked for: this share of the largest finite value that TA-Lib gives.
CLOSENESS = 1e-9

GROUPS = (
    "Overlap Studies",
    "Momentum Indicators",
    "Volume Indicators",
    "Volatility Indicators",
    "Price Transform",
    "Statistic Functions",
    "Cycle Indicators",
)

ROWS: dict[str, Indicator] = {row.talib_name: row for row in indicators.table() if row.talib_name}


def talib_functions() -> list[str]:
    """Return every TA-Lib function of the groups that are covered."""
    groups = talib.get_function_groups()
    return [name for group in GROUPS for name in groups[group]]


@dataclass(frozen=True)
class Case:
    """A function with parameters."""

    name: str
    params: tuple[float, ...]

    def __str__(self) -> str:
        return f"{self.name}({', '.join(f'{p:g}' for p in self.params)})"


# Values to try for a parameter, by a word of TA-Lib's name for it; the first that fits is taken.
_CHOICES: tuple[tuple[str, tuple[float, ...]], ...] = (
    ("matype", (1, 2, 5, 8)),
    ("fast_period", (2, 5, 20, 3)),
    ("fastperiod", (2, 5, 20, 3)),
    ("slowperiod", (3, 21, 7, 50)),
    ("signalperiod", (2, 4, 15, 30)),
    ("minperiod", (2, 3, 5, 10)),
    ("maxperiod", (3, 12, 20, 40)),
    ("period", (2, 3, 7, 50)),
    ("nbdev", (1, 2.5, 3, 0.5)),
    ("vfactor", (0, 0.3, 1, 0.9)),
    ("fastlimit", (0.9, 0.3, 0.6, 0.2)),
    ("slowlimit", (0.1, 0.02, 0.3, 0.01)),
    ("startvalue", (0, 0, 0, 0)),
    ("offsetonreverse", (0.1, 0, 0.01, 0.3)),
    ("acceleration", (0.01, 0.05, 0.1, 0.3)),
    ("maximum", (0.1, 0.3, 0.2, 0.25)),
    ("multiplier", (1, 2, 4, 0.5)),
    ("percentile", (10, 25, 75, 99)),
    ("bars", (1, 3, 4, 6)),
)


def cases(name: str) -> list[Case]:
    """Return the default parameters and four other sets."""
    parameters = abstract.Function(name).info["parameters"]
    sets: list[tuple[float, ...]] = [tuple(parameters.values())]
    for i in range(4 if parameters else 0):
        sets.append(tuple(_choice(key, i) for key in parameters))
    return [Case(name, each) for each in dict.fromkeys(sets)]


def _choice(key: str, i: int) -> float:
    names = (key, key.replace("_period", "period"))
    return next(values[i] for word, values in _CHOICES if any(word in name for name in names))


def inputs_of(name: str, columns: Columns) -> list[Floats]:
    """Return TA-Lib's inputs, in its order."""
    found: list[Floats] = []
    for names in abstract.Function(name).info["input_names"].values():
        found += [columns[each] for each in ([names] if isinstance(names, str) else names)]
    return found


def talib_values(case: Case, columns: Columns) -> list[Floats]:
    """Return what TA-Lib gives, one column for each output."""
    function = getattr(talib, case.name)
    keys = abstract.Function(case.name).info["parameters"]
    given = {
        key: type(default)(value)
        for (key, default), value in zip(keys.items(), case.params, strict=True)
    }
    result = function(*inputs_of(case.name, columns), **given)
    outputs = [np.asarray(each) for each in (result if isinstance(result, tuple) else (result,))]
    lookback = abstract.Function(case.name, **given).lookback
    return [_floats(each, lookback, outputs) for each in outputs]


def _floats(output: npt.NDArray[Any], lookback: int, outputs: list[npt.NDArray[Any]]) -> Floats:
    """Return an output as floats; TA-Lib's whole numbers are 0 where there is no value yet."""
    column = output.astype(np.float64)
    if output.dtype.kind == "i":
        beside = next((each for each in outputs if each.dtype.kind == "f"), None)
        column[:lookback] = np.nan
        if beside is not None:
            column[np.isnan(beside)] = np.nan
    return column


def our_values(case: Case, columns: Columns, mode: str = "talib") -> list[Floats]:
    """Return what the row of the table gives."""
    row = ROWS[case.name]
    inputs = [columns[_column(case.name, row, i)] for i in range(len(row.inputs))]
    result = getattr(indicators, row.name.lower())(*inputs, *typed(row, case), mode=mode)
    return list(result) if isinstance(result, tuple) else [result]


def typed(row: Indicator, case: Case) -> list[float]:
    """Return the parameters of a case that the row has, whole numbers as such."""
    given = zip(row.params, case.params, strict=False)
    return [int(value) if param.is_integer else value for param, value in given]


def _column(name: str, row: Indicator, index: int) -> str:
    item = row.inputs[index]
    if item.is_fixed and item.field is not None:
        return item.field
    if name in ("CORREL", "BETA"):
        return ("high", "low")[index]
    return "periods" if item.name == "periods" else "close"


@dataclass(frozen=True)
class Difference:
    """Where the two part: the first bar of an output, and both values."""

    output: int
    bar: int
    ours: float
    theirs: float
    distance: float

    def __str__(self) -> str:
        return (
            f"output {self.output}, bar {self.bar}: ours {self.ours!r}, TA-Lib {self.theirs!r}, "
            f"{self.distance:.2g} of the scale"
        )


def difference(ours: Sequence[Floats], theirs: Sequence[Floats]) -> Difference | None:
    """Return where two results part, in warm-up or value; None where they agree."""
    assert len(ours) == len(theirs)
    for o, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
        scale = np.abs(other[np.isfinite(other)]).max(initial=0.0)
        known, expected = np.isfinite(mine), np.isfinite(other)
        off = known != expected
        both = known & expected
        distance = np.zeros(len(mine))
        distance[both] = np.abs(mine[both] - other[both])
        off |= distance > CLOSENESS * scale
        if off.any():
            bar = int(np.argmax(off))
            share = distance[bar] / scale if scale else distance[bar]
            return Difference(o, bar, float(mine[bar]), float(other[bar]), float(share))
    return None


# ------------------------------------------------------------------------------ inputs


def columns_of(
    open_: Floats, high: Floats, low: Floats, close: Floats, volume: Floats
) -> Columns:
    """Return the columns that functions ask for by name."""
    periods = 2.0 + np.arange(len(close)) % 29
    return {
        "open": open_, "high": high, "low": low, "close": close, "volume": volume,
        "periods": periods, "time": np.zeros(len(close)),
    }  # fmt: skip


def hostile_inputs(length: int = 400) -> Iterator[tuple[str, Columns]]:
    """Yield bars that formulas trip over, each with a name."""
    rng = np.random.default_rng(7)
    walk = 100 + np.cumsum(rng.normal(0, 1, length))
    wide = rng.random((2, length))
    volume = np.round(rng.random(length) * 1000 + 1)

    def bars(close: Floats, spread: float = 1.0) -> Columns:
        open_ = np.concatenate([close[:1], close[:-1]])
        high = np.maximum(open_, close) + spread * wide[0]
        low = np.minimum(open_, close) - spread * wide[1]
        return columns_of(open_, high, low, close, volume)

    t = np.arange(length, dtype=np.float64)
    yield "walk", bars(walk)
    yield "flat", columns_of(*[np.full(length, 50.0)] * 4, volume)
    yield "alternating", bars(np.where(t % 2, 10.0, 11.0))
    yield "ramp", bars(1 + t / 8, 0.25)
    yield "falling", bars(1000 - t, 0.5)
    yield "ties", bars(np.round(walk / 4) * 4, 0.0)
    yield "tiny", bars(walk * 1e-9, 1e-9)
    yield "gaps", bars(walk + 40 * np.repeat(rng.integers(-1, 2, length // 20), 20))
    spike = walk.copy()
    spike[200] = 1e9
    yield "spike", bars(spike)
    sleepy = bars(np.repeat(walk[::8], 8), 0.0)
    yield "stretches", sleepy


def random_walk(length: int, seed: int) -> Columns:
    """Return plausible bars."""
    rng = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.01, length)))
    open_ = np.concatenate([close[:1], close[:-1]])
    high = np.maximum(open_, close) * (1 + 0.004 * rng.random(length))
    low = np.minimum(open_, close) * (1 - 0.004 * rng.random(length))
    return columns_of(open_, high, low, close, np.round(1e4 * rng.random(length) + 1))
