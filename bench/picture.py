"""A picture of a run: how long each library takes, in times of hquant's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

__all__ = ["draw"]

_OURS, _LIMIT, _PEER = "#1f77b4", "#2ca02c", "#808080"
_ACROSS = 4


def draw(lines: list[dict[str, Any]], path: Path) -> bool:
    """Draw the comparisons of a run as a PNG; tell whether there was one."""
    panels = _panels(lines)
    if not panels:
        return False
    down = -(-len(panels) // _ACROSS)
    figure, grid = pyplot.subplots(
        down, _ACROSS, figsize=(5.2 * _ACROSS, 2.8 * down), squeeze=False, layout="constrained"
    )
    for axes in grid.flat[len(panels) :]:
        axes.set_axis_off()
    for axes, (title, rows) in zip(grid.flat, panels.items(), strict=False):
        _panel(axes, title, rows)
    figure.suptitle(
        f"time over hquant's, median and quartiles: further left is faster\n{_machine(lines)}"
    )
    figure.savefig(path, dpi=100)
    pyplot.close(figure)
    return True


def _panels(lines: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    panels: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        if "rounds" in line and not line["name"].startswith(("growth", "W1 random")):
            panels.setdefault(f"{line['name']}, {line['input']}", []).append(line)
    return panels


def _panel(axes: Any, title: str, rows: list[dict[str, Any]]) -> None:
    rows = sorted(rows, key=lambda row: -row["ratio"])
    for place, row in enumerate(rows):
        ratio, low, high = row["ratio"], row["ratio_low"], row["ratio_high"]
        axes.errorbar(
            ratio, place, xerr=[[ratio - low], [high - ratio]], fmt="o", color=_color(row["who"])
        )
        text = f"{ratio:.3g} ({row['median']:,.3g} ns)"
        axes.annotate(text, (high, place), (6, 0), textcoords="offset points", va="center", size=6)
    axes.set_xscale("log")
    axes.axvline(1, color=_OURS, linewidth=0.5)
    axes.set_yticks(range(len(rows)), [row["who"] for row in rows], fontsize=7)
    axes.xaxis.set_major_locator(LogLocator(numticks=6))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda ratio, _: f"{ratio:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.tick_params(axis="x", labelsize=7)
    axes.grid(axis="y", color="#e8e8e8")
    axes.margins(x=0.3, y=0.15)
    axes.set_title(f"{title}: {rows[0]['unit']}", fontsize=8)


def _color(who: str) -> str:
    if who.startswith("hquant"):
        return _OURS
    return _LIMIT if who.startswith("limit") else _PEER


def _machine(lines: list[dict[str, Any]]) -> str:
    return next((line["machine"] for line in lines if "machine" in line), "")
