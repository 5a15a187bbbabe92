"""Draw the demo's equity beside the index itself as an SVG: ``draw_equity.py [OUTPUT.svg]``.

The picture of README.md; a test compares it with what this script draws.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from time import gmtime

from hquant_cffi import backtest, load_sp500

WIDTH, HEIGHT = 800, 340
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 48, 32
EVERY = 10  # bars a point: about one a pixel and a half
EQUITY, INDEX, GRID, TEXT = "#0b6e4f", "#9aa5b1", "#e4e7eb", "#323f4b"
STEP = 10_000  # between the horizontal lines, money


def draw() -> str:
    """Return the picture as the text of an SVG file."""
    bars = load_sp500()
    strategy = files("hquant_cffi.cli").joinpath("golden_cross.hq").read_text(encoding="utf-8")
    report = backtest(bars, strategy, fee=0.0004)
    kept = [*range(0, len(bars), EVERY)]
    if kept[-1] != len(bars) - 1:
        kept.append(len(bars) - 1)
    equity = [float(report.equity[i]) for i in kept]
    held = [float(report.capital * bars.close[i] / bars.close[0]) for i in kept]
    years = [gmtime(int(bars.timestamp[i]) // 1000).tm_year for i in kept]
    top = max(*equity, *held)
    parts = [
        *_grid(top),
        *_years(years),
        _line(held, top, INDEX, 1.2),
        _line(equity, top, EQUITY, 1.8),
        _label(LEFT, 20, f"Golden cross on the S&amp;P 500: {report.total_return:+.0%}", EQUITY),
        _label(LEFT, 38, f"The index, bought and held: {held[-1] / held[0] - 1:+.0%}", INDEX),
    ]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="13">'
    )
    background = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
    return "\n".join([head, background, *parts, "</svg>\n"])


def _x(i: int, count: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * i / (count - 1)


def _y(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top


def _line(values: Sequence[float], top: float, colour: str, width: float) -> str:
    points = " ".join(
        f"{_x(i, len(values)):.1f},{_y(value, top):.1f}" for i, value in enumerate(values)
    )
    return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{width}"/>'


def _grid(top: float) -> list[str]:
    parts = []
    for value in range(0, int(top) + 1, STEP):
        y = _y(value, top)
        parts.append(
            f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{GRID}"/>'
            f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="{TEXT}">{value:,}</text>'
        )
    return parts


def _years(years: Sequence[int]) -> list[str]:
    """A label where a year that is a multiple of four begins."""
    starts = [i for i in range(1, len(years)) if years[i] != years[i - 1] and years[i] % 4 == 0]
    return [
        f'<text x="{_x(i, len(years)):.1f}" y="{HEIGHT - 10}" fill="{TEXT}">{years[i]}</text>'
        for i in starts
    ]


def _label(x: float, y: float, text: str, colour: str) -> str:
    return f'<text x="{x}" y="{y}" fill="{colour}" font-weight="bold">{text}</text>'


if __name__ == "__main__":
    default = Path(__file__).parent.parent / "docs" / "demo.svg"
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    target.write_text(draw(), encoding="utf-8")
