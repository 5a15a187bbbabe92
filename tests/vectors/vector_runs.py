"""Block runs: signals, rules and columns of values over a whole tape in one call."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any, Final

from vector_indicators import spec
from vector_inputs import Inputs
from vector_programs import TEXTS
from vector_tapes import MINUTE

from hquant_cffi import Strategy, indicators, run
from hquant_cffi.dsl.bytecode import encode
from hquant_cffi.dsl.series import compile_names

_COUNTS: Final = ("warmup_bars", "buy_signals", "sell_signals", "hold_signals")


def cases() -> list[dict[str, Any]]:
    """Return what is run: a program, registers of it, indicators, a tape."""
    bands = [(spec("BOLL", 8, 2), output) for output in range(3)]
    return [
        _case("cross", "trends", ["f", "s"], [(spec("RSI", 6), 0), *bands]),
        _case("cross", "trends", ["f", "s"], params=[2.0, 25.0]),
        _case("levels", "ordinary", [], [(spec("OBV"), 0), (spec("STOCH"), 1)]),
        _case("words", "gaps", ["since", "level", "part", "jump", "root"]),
        _case("words", "negative", ["since", "level", "part", "jump", "root"]),
        _case("bands", "flat", ["b", "m", "k"]),
        _case("unknowns", "huge", [], [(spec("VAR", 4), 0)]),
        _case("timeframes", "trends", []),
        _case("timeframes", "trends", [], bar_period_ms=MINUTE, params=[5.0]),
        _case("timeframes", "gaps", [], htf="forming"),
        _case("bracket", "trends", ["distance"], params=[2.5]),
        _case("logarithm", "tiny", ["r"]),
        _case(None, "tiny", [], [(spec("EMA", 5), 0), (spec("STDDEV", 5), 0), *bands]),
    ]


def answer(case: dict[str, Any], inputs: Inputs) -> dict[str, Any]:
    """Return the signal and the rule of each bar, the counts and the columns."""
    name = case["program"]
    strategy = None if name is None else inputs.text(name)
    columns = case["columns"]
    series = [each["name"] for each in columns if "register" in each]
    asked = {each["name"]: _expression(each) for each in columns if "register" not in each}
    found = run(
        inputs.bars(case["tape"]),
        strategy,
        series=series or None,
        indicators=asked or None,
        params=named_params(strategy, case["params"]),
        htf=case["htf"],
        bar_period=case["bar_period_ms"] or None,
    )
    return {
        "actions": found.actions,
        "rules": found.rules,
        **{count: getattr(found, count) for count in _COUNTS},
        "signals": found.buy_signals + found.sell_signals + found.hold_signals,
        "values": [_values(found, each) for each in columns],
    }


def named_params(strategy: Strategy | None, params: list[float] | None) -> dict[str, float]:
    """Return values in the order of the PARAMs by their names."""
    if strategy is None or params is None:
        return {}
    return {each.name: value for each, value in zip(strategy.params, params, strict=True)}


def _case(
    program: str | None,
    tape: str,
    series: list[str],
    asked: Iterable[tuple[dict[str, Any], int]] = (),
    **others: Any,
) -> dict[str, Any]:
    code, columns = None, []
    if program is not None:
        image, found = compile_names(TEXTS[program], series, name=program, mode="seed")
        code = base64.b64encode(encode(image)).decode()
        columns = [{"name": each, "register": found[each].registers[0]} for each in series]
    for i, (what, output) in enumerate(asked):
        columns.append({"name": f"i{i}", **what, "output": output})
    return {
        "name": f"{program} over {tape}",
        "tape": tape,
        "program": program,
        "hqbc": code,
        "params": None,
        "htf": "closed",
        "bar_period_ms": 0,
        "columns": columns,
        **others,
    }


def _expression(column: dict[str, Any]) -> str:
    """Return the indicator of a column as the language writes it; its inputs are the row's own."""
    whole = zip(indicators.find(column["indicator"]).params, column["params"], strict=True)
    numbers = (f"{value:.0f}" if each.is_integer else repr(value) for each, value in whole)
    return f"{column['indicator']}({', '.join(numbers)})"


def _values(found: Any, column: dict[str, Any]) -> Any:
    name, output = column["name"], column.get("output", 0)
    values = found.series[name] if "register" in column else found.indicators[name]
    return values[output] if isinstance(values, tuple) else values
