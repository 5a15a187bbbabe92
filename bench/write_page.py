"""Put the figures of the last run into docs/performance.md: ``python bench/write_page.py``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Line = dict[str, Any]

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- figures: bench/write_page.py -->\n", "<!-- end of figures -->\n"


def main() -> None:
    """Replace what is between the two marks."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "bench" / "bench.jsonl"
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    before, rest = PAGE.read_text("utf-8").split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(before + BEGIN + "\n".join(_figures(lines)) + "\n" + END + after, "utf-8")


def _figures(lines: list[Line]) -> Iterator[str]:
    yield _where(lines)
    timed = [line for line in lines if "rounds" in line]
    names = dict.fromkeys((line["name"], line["input"]) for line in timed)
    alone = [name for name, input in names if input.endswith("closes")]
    if alone:
        yield from _matrix(alone, timed)
    for name, input in names:
        if name not in alone:
            rows = [line for line in timed if (line["name"], line["input"]) == (name, input)]
            goals = [g for g in lines if "goal" in g and (g["name"], g["input"]) == (name, input)]
            yield from _comparison(rows, goals)
    yield from _memory([line for line in lines if "mb" in line])


def _where(lines: list[Line]) -> str:
    head = next(line for line in lines if line["name"] == "machine")
    loads = [line["load"] for line in lines if "load" in line]
    peers = [f"{p['who']} {p['version']}" for p in lines if p["name"] == "peer" and p["used"]]
    versions = [f"{name} {version}" for name, version in head["versions"].items()]
    time = {"cpu": "processor time", "wall": "wall time"}[head["clock"]]
    busy = f"load {min(loads):.1f} to {max(loads):.1f} while it ran, this run's own included"
    return f"{head['machine']}; {busy}; {time}. {', '.join(versions)}; {', '.join(peers)}.\n"


def _matrix(names: list[str], timed: list[Line]) -> Iterator[str]:
    cells = {(line["who"], line["name"]): line for line in timed}
    yield "ns an element of 1,000,000 closes, a call each; in brackets as a multiple of hquant's:\n"
    yield f"| | {' | '.join(name.removeprefix('W1 ') for name in names)} |"
    yield "|---" * (len(names) + 1) + "|"
    for who in dict.fromkeys(line["who"] for line in timed if line["name"] in names):
        row = [cells.get((who, name)) for name in names]
        yield f"| {who} | {' | '.join(_cell(line) for line in row)} |"
    yield ""


def _cell(line: Line | None) -> str:
    return "" if line is None else f"{_short(line['median'])} ({_short(line['ratio'])})"


def _comparison(rows: list[Line], goals: list[Line]) -> Iterator[str]:
    first = rows[0]
    yield f"**{first['name']}**, {first['input']}, {first['unit']}:\n"
    yield f"| | median | quartiles | over {first['over']} | wanted of hquant's, at most |"
    yield "|---|---|---|---|---|"
    for row in rows:
        between = f"{_short(row['low'])} .. {_short(row['high'])}"
        wanted = [_wanted(goal, first["over"]) for goal in goals if goal["goal"] == row["who"]]
        yield (
            f"| {row['who']} | {_short(row['median'])} | {between} | {_short(row['ratio'])} "
            f"| {'; '.join(wanted)} |"
        )
    yield ""


def _wanted(goal: Line, first: str) -> str:
    who = "" if goal["who"] == first else f"{goal['who']}: "
    held = "held" if goal["held"] else "missed"
    return f"{who}{_short(goal['limit'])} of it, is {_short(goal['ratio'])}: {held}"


def _memory(lines: list[Line]) -> Iterator[str]:
    if lines:
        yield "**Memory of a sweep** over 100,000 bars at its peak, beyond the input:\n"
        yield "| | combinations | MB |"
        yield "|---|---|---|"
        yield from (f"| {m['who']} | {m['combinations']:,} | {m['mb']:,.0f} |" for m in lines)
        yield ""


def _short(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"


if __name__ == "__main__":
    main()
