"""One indicator as a page of Markdown, for ``hquant indicators NAME`` and the documentation."""

from __future__ import annotations

from collections.abc import Mapping

from hquant_cffi._indicator_table import MODES, Indicator, IndicatorParam
from hquant_cffi.cli._table import call

__all__ = ["example", "first_bars", "indicator_page"]

# What stands in for a parameter that has no default.
_PERIOD = 10


def indicator_page(row: Indicator, measured: Mapping[str, float] | None = None) -> str:
    """Return an indicator's page.

    Parameters
    ----------
    row : Indicator
    measured : mapping of str to float, optional
        Time a bar in each mode, as a multiple of that of ``SMA(close, 20)``.
    """
    fixed = [each.field or each.name for each in row.inputs if each.is_fixed]
    free = [_input(each.name, each.field) for each in row.inputs if not each.is_fixed]
    facts = {
        "call": f"`{call(row)}`",
        "formula": "`" + row.formula.replace("`", "") + "`",
        "outputs": f"{', '.join(row.outputs)}; unit: {row.unit}",
        "inputs": "; ".join([*free, *([f"always {', '.join(fixed)}"] if fixed else [])]),
        "parameters": "; ".join(map(_parameter, row.params)) or "none",
        "first value at bar": first_bars(row),
        "work a bar": row.cost,
        "measured": _measured(measured) if measured else None,
        "TA-Lib": row.talib_name and f"`{row.talib_name}`",
        "talib mode": row.talib_note or (row.talib_name and "the same as seed mode"),
        "source": row.source,
    }
    lines = [f"- {name}: {value}" for name, value in facts.items() if value]
    return f"# {row.name}: {row.title}\n\n" + "\n".join(lines) + f"\n\n```\n{example(row)}\n```\n"


def example(row: Indicator) -> str:
    """Return a line of strategy that uses the indicator."""
    inputs = [each for each in row.inputs if not each.is_fixed]
    named = ("close", "volume") if any(each.field is None for each in inputs) else ()
    series = named[-len(inputs) :] if named else [each.field or "" for each in inputs]
    params = [f"{p.name}={_value(p):g}" for p in row.params]
    text = f"{row.name}({', '.join([*series, *params])})"
    return f"x = {text}.{row.outputs[0]}" if len(row.outputs) > 1 else f"x = {text}"


def first_bars(row: Indicator) -> str:
    """Return where values begin, with defaults; with 10 for what must be given."""
    given = {param.name: _value(param) for param in row.params if param.default is None}
    bars = {
        mode: [row.warmup(mode=mode, output=o, **given) for o in range(len(row.outputs))]
        for mode in MODES
    }
    texts = {mode: _bars(row, values) for mode, values in bars.items()}
    text = texts["seed"]
    if texts["talib"] != text:
        text += f"; in talib mode {texts['talib']}"
    return f"{text}, with {', '.join(f'{n} = {v:g}' for n, v in given.items())}" if given else text


def _bars(row: Indicator, bars: list[int]) -> str:
    if len(set(bars)) == 1:
        return str(bars[0])
    return ", ".join(f"{bar} ({name})" for name, bar in zip(row.outputs, bars, strict=True))


def _value(param: IndicatorParam) -> float:
    return _PERIOD if param.default is None else param.default


def _input(name: str, field: str | None) -> str:
    return f"{name}, must be given" if field is None else f"{name} = {field}"


def _parameter(param: IndicatorParam) -> str:
    kind = "whole" if param.is_integer else "any"
    default = "must be given" if param.default is None else f"default {param.default:g}"
    meaning = " (an average's number in MA's list)" if param.name.endswith("matype") else ""
    return f"`{param.name}`, {kind} number in {param.range}, {default}{meaning}"


def _measured(measured: Mapping[str, float]) -> str:
    texts = [f"{ratio:.1f} in {mode} mode" for mode, ratio in measured.items()]
    same = len(set(measured.values())) == 1 or len(measured) == 1
    return (texts[0].split(" in ")[0] if same else ", ".join(texts)) + " times SMA(close, 20)"
