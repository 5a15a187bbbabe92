"""Write docs/indicators.md from the C core's table: ``write_indicators.py [OUTPUT.md]``."""

from __future__ import annotations

import sys
from pathlib import Path

from hquant_cffi.cli._table import call
from hquant_cffi.indicators import Indicator, IndicatorParam, table

HEAD = """# Indicators

Written by `scripts/write_indicators.py` from the C core's table; a test compares the two.
`hquant indicators --json` prints the same.

An input has the series that stands in when it is not given: `SMA(20)` is `SMA(close, 20)`. An
indicator has no value before its first bar, counted from 0; in a strategy it is unknown there, in
arrays NaN. A strategy names an output as in `BOLL(20, 2).upper`; a bare call is the first one.

| call | outputs | first value at bar | what |
|---|---|---|---|
"""


def document() -> str:
    """Return the page."""
    rows = table()
    lines = [
        f"| `{call(row)}` | {', '.join(row.outputs)} | {_first(row)} | {row.title} |"
        for row in rows
    ]
    return HEAD + "\n".join(lines) + "\n" + "".join(map(_section, rows))


def _section(row: Indicator) -> str:
    fixed = [each.field for each in row.inputs if each.is_fixed]
    facts = {
        "formula": "`" + row.formula.replace("`", "") + "`",
        "unit": row.unit,
        "reads": f"always {', '.join(fixed)}" if fixed else None,
        "parameters": "; ".join(map(_parameter, row.params)) or None,
        "work a bar": row.cost,
        "source": row.source,
    }
    lines = [f"- {name}: {value}" for name, value in facts.items() if value is not None]
    return f"\n## {row.name}: {row.title}\n\n" + "\n".join(lines) + "\n"


def _parameter(param: IndicatorParam) -> str:
    kind = "whole" if param.is_integer else "any"
    default = "must be given" if param.default is None else f"default {param.default:g}"
    return f"`{param.name}`, {kind} number in {param.range}, {default}"


def _first(row: Indicator) -> str:
    """The first bar with defaults; with 10 for what must be given."""
    given = {param.name: 10.0 for param in row.params if param.default is None}
    bar = row.warmup(**given)
    return f"{bar} with {', '.join(f'{name} = 10' for name in given)}" if given else str(bar)


if __name__ == "__main__":
    default = Path(__file__).parent.parent / "docs" / "indicators.md"
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    target.write_text(document(), encoding="utf-8")
