"""Values of every indicator: defaults and another set of parameters, in each mode that differs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from vector_inputs import Inputs

from hquant_cffi import HQuant, ParameterError, indicators
from hquant_cffi.indicators import Indicator

#: Rows whose values go through the machine's libm.
WITH_LIBM: Final = {"LINREG_ANGLE", "LINEARREG_ANGLE", "MAMA", "HT_TRENDLINE", "HT_DCPERIOD"}
WITH_LIBM |= {"HT_DCPHASE", "HT_PHASOR", "HT_SINE", "HT_TRENDMODE"}

_PERIOD: Final = 14  # where a row has no default
_GIVEN: Final = {"CORREL": ["high", "volume"], "BETA": ["open", "close"]}
_GIVEN["MAVP"] = ["close", "volume"]
_TAPES: Final = ("gaps", "flat", "negative", "tiny", "huge", "gaps", "flat")


def cases() -> list[dict[str, Any]]:
    """Return what is computed: the row, its parameters, its mode, what it reads."""
    return [case for index, row in enumerate(indicators.table()) for case in _of_row(index, row)]


def answer(case: dict[str, Any], inputs: Inputs) -> dict[str, Any]:
    """Return each output: how many bars have no value at first, then its values."""
    row = indicators.find(case["indicator"])
    bars = inputs.bars(case["tape"])
    columns = [
        bars.timestamp.astype(float) if name == "time" else getattr(bars, name)
        for name in case["fields"]
    ]
    function = getattr(indicators, row.name.lower())
    found = function(*columns, *case["params"], mode=case["mode"])
    outputs = found if len(row.outputs) > 1 else (found,)
    streamed = _streamed(case, row, inputs)
    for output, values in zip(outputs, streamed, strict=True):
        np.testing.assert_array_equal(output.view(np.int64), values.view(np.int64))
    return {name: _column(each) for name, each in zip(row.outputs, outputs, strict=True)}


def add(engine: HQuant, spec: dict[str, Any]) -> int:
    """Add the indicator of a case, or of a step, to an engine."""
    row = indicators.find(spec["indicator"])
    free = [
        name for name, item in zip(spec["fields"], row.inputs, strict=True) if not item.is_fixed
    ]
    return engine.add_indicator(row.name, *spec["params"], field=free or None, mode=spec["mode"])


def spec(name: str, *params: float, mode: str = "seed", fields: Any = None) -> dict[str, Any]:
    """Return an indicator as files write it: every parameter, and a series for every input."""
    row = indicators.find(name)
    values = row.bind(params, {})
    read = fields or _GIVEN.get(name) or [item.field for item in row.inputs]
    return {"indicator": row.name, "params": values, "mode": mode, "fields": read}


def _of_row(index: int, row: Indicator) -> Iterator[dict[str, Any]]:
    defaults = [_PERIOD if each.default is None else each.default for each in row.params]
    other = _others(row, defaults)
    for mode in ("seed", "talib") if row.talib_note else ("seed",):
        yield {**spec(row.name, *defaults, mode=mode), "tape": "ordinary"}
        if other is not None:
            tape = _TAPES[index % len(_TAPES)]
            yield {**spec(row.name, *other, mode=mode), "tape": tape}


def _others(row: Indicator, defaults: list[float]) -> list[float] | None:
    """Return other parameters, shorter periods for the most part; None where there are none."""
    wanted = [
        _other(each.name, default, each.minimum, each.maximum, each.is_integer)
        for each, default in zip(row.params, defaults, strict=True)
    ]
    if wanted == defaults:
        return None
    try:
        row.warmup(*wanted)
    except ParameterError as error:
        raise AssertionError(f"{row.name} has no {wanted}") from error
    return wanted


def _other(name: str, default: float, least: float, most: float, is_integer: bool) -> float:
    if name.endswith("matype"):
        return 1.0 if default == 0 else 2.0
    if is_integer:
        return float(min(max(default // 2 + 1, least), most))
    return min(max(default * 1.5, least), most)


def _streamed(case: dict[str, Any], row: Indicator, inputs: Inputs) -> Iterator[Any]:
    engine = HQuant(1)
    id = add(engine, case)
    values = []
    for bar in inputs.rows(case["tape"], 0, 1 << 30):
        engine.push_bar(*bar)
        values.append(engine.indicator_values(id))
    return map(np.array, zip(*values, strict=True))


def _column(values: Any) -> dict[str, Any]:
    known = np.flatnonzero(~np.isnan(values))
    first = int(known[0]) if len(known) else len(values)
    return {"first": first, "values": values[first:]}
