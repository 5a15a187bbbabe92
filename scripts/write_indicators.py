"""Write docs/indicators.md and a page for each indicator from the C core's table."""

from __future__ import annotations

import json
from pathlib import Path

from hquant_cffi.cli._indicator_page import first_bars, indicator_page
from hquant_cffi.cli._table import call
from hquant_cffi.indicators import Indicator, table

ROOT = Path(__file__).resolve().parent.parent
COST = ROOT / "bench" / "indicator_cost.json"

HEAD = """# Indicators

Written by `scripts/write_indicators.py` from the C core's table; a test compares the two.
`hquant indicators` lists the same, `hquant indicators RSI` prints a page, `--json` both as data.

An input has the series that stands in when it is not given: `SMA(20)` is `SMA(close, 20)`. An
indicator has no value before its first bar, counted from 0; in a strategy it is unknown there, in
arrays NaN. A strategy names an output as in `BOLL(20, 2).upper`; a bare call is the first one.

Where an indicator starts, and what it answers where its formula divides by 0, depends on the mode:
`seed`, this project's own rules, or `talib`, TA-Lib's values from the first one on. [Where TA-Lib,
TradingView and this library differ](ta-lib.md) says why. Costs are measured by `make
bench-indicators`, in multiples of a simple moving average's.
"""

TALIB_HEAD = """# TA-Lib's functions

Written by `scripts/write_indicators.py` from the C core's table; a test compares the two.
[Where the modes differ and why](ta-lib.md).

| TA-Lib | here | what talib mode changes |
|---|---|---|
"""

_GROUPS = {
    "overlap": "Averages, bands and trends",
    "momentum": "Momentum",
    "volume": "Volume",
    "volatility": "Volatility",
    "price": "Prices",
    "statistic": "Statistics",
    "cycle": "Cycles",
}


def document() -> str:
    """Return the page that lists them."""
    rows = table()
    assert {row.group for row in rows} == set(_GROUPS)
    return HEAD + "".join(
        _group(title, [row for row in rows if row.group == group])
        for group, title in _GROUPS.items()
    )


def _group(title: str, rows: list[Indicator]) -> str:
    head = f"\n## {title}\n\n| call | outputs | first value at bar | what |\n|---|---|---|---|\n"
    return head + "".join(
        f"| [`{call(row)}`](indicators/{row.name.lower()}.md) | {', '.join(row.outputs)} | "
        f"{first_bars(row)} | {row.title} |\n"
        for row in rows
    )


def talib_functions() -> str:
    """Return the page that finds indicators by TA-Lib's names."""
    rows = sorted((row for row in table() if row.talib_name), key=lambda row: row.talib_name or "")
    lines = [
        f"| {row.talib_name} | [`{row.name}`](indicators/{row.name.lower()}.md) | "
        f"{row.talib_note or 'nothing'} |"
        for row in rows
    ]
    return TALIB_HEAD + "\n".join(lines) + "\n"


def pages() -> dict[str, str]:
    """Return each indicator's page, by its path in docs."""
    cost = json.loads(COST.read_text(encoding="utf-8"))
    return {
        f"indicators/{row.name.lower()}.md": indicator_page(row, cost.get(row.name))
        for row in table()
    }


def main() -> None:
    docs = ROOT / "docs"
    (docs / "indicators.md").write_text(document(), encoding="utf-8")
    (docs / "ta-lib-functions.md").write_text(talib_functions(), encoding="utf-8")
    folder = docs / "indicators"
    folder.mkdir(exist_ok=True)
    for page in folder.glob("*.md"):
        page.unlink()
    for path, text in pages().items():
        (docs / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
