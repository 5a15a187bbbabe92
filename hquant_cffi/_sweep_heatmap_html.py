"""A heat map as HTML: one drawing, readable without scripts; a cell says its values."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from hquant_cffi._sweep_heatmap import HeatMap

__all__ = ["drawing", "page"]

# Five colours of matplotlib's viridis, dark to light: equal steps look equal, in grey too.
_COLOURS: Final = ((68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37))
_UNKNOWN: Final = "#dddddd"

_LEFT, _TOP, _WIDTH, _HEIGHT = 80, 30, 640, 420
_TICKS: Final = 16


def page(found: HeatMap) -> str:
    """Return a page with the heat map and nothing else."""
    title = escape(found.title)
    return (
        f'<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{title}</title>\n'
        "<style>body{font-family:sans-serif;margin:2em}</style></head>\n"
        f"<body>\n<h1>{title}</h1>\n{drawing(found)}\n</body>\n</html>\n"
    )


def drawing(found: HeatMap) -> str:
    """Return the heat map as an SVG element."""
    parts = [*_cells(found), *_axes(found), *_legend(found)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _WIDTH + 130} '
        f'{_TOP + _HEIGHT + 60}" width="100%" style="max-width:900px" font-family="sans-serif" '
        'font-size="11" role="img">\n' + "\n".join(parts) + "\n</svg>"
    )


def _limits(found: HeatMap) -> tuple[float, float]:
    known = found.values[np.isfinite(found.values)]
    return (float(known.min()), float(known.max())) if len(known) else (0.0, 0.0)


def _colour(value: float, low: float, high: float) -> str:
    if not np.isfinite(value):
        return _UNKNOWN
    place = (value - low) / (high - low) if high > low else 0.5
    place *= len(_COLOURS) - 1
    i = min(int(place), len(_COLOURS) - 2)
    pairs = zip(_COLOURS[i], _COLOURS[i + 1], strict=True)
    red, green, blue = (round(a + (place - i) * (b - a)) for a, b in pairs)
    return f"#{red:02x}{green:02x}{blue:02x}"


def _cells(found: HeatMap) -> Iterator[str]:
    low, high = _limits(found)
    rows, columns = found.values.shape
    width, height = _WIDTH / columns, _HEIGHT / rows
    for r, y in enumerate(found.y_values):
        for c, x in enumerate(found.x_values):
            value = found.values[r, c]
            shown = f"{value:g}" if np.isfinite(value) else "unknown"
            label = f"{found.x} {x:g}, {found.y} {y:g}: {shown}"
            yield (
                f'<rect x="{_LEFT + c * width:.2f}" y="{_TOP + (rows - 1 - r) * height:.2f}" '
                f'width="{width:.2f}" height="{height:.2f}" fill="{_colour(value, low, high)}">'
                f"<title>{escape(label)}</title></rect>"
            )


def _axes(found: HeatMap) -> Iterator[str]:
    bottom = _TOP + _HEIGHT
    width, height = _WIDTH / len(found.x_values), _HEIGHT / len(found.y_values)
    for c in _ticks(len(found.x_values)):
        at = _LEFT + (c + 0.5) * width
        text = f"{found.x_values[c]:g}"
        yield f'<text x="{at:.1f}" y="{bottom + 16}" text-anchor="middle">{text}</text>'
    for r in _ticks(len(found.y_values)):
        at = bottom - (r + 0.5) * height + 4
        text = f"{found.y_values[r]:g}"
        yield f'<text x="{_LEFT - 6}" y="{at:.1f}" text-anchor="end">{text}</text>'
    yield (
        f'<text x="{_LEFT + _WIDTH / 2}" y="{bottom + 40}" text-anchor="middle" font-size="13">'
        f"{escape(found.x)}</text>"
    )
    middle = _TOP + _HEIGHT / 2
    yield (
        f'<text x="20" y="{middle}" text-anchor="middle" font-size="13" '
        f'transform="rotate(-90 20 {middle})">{escape(found.y)}</text>'
    )


def _ticks(count: int) -> range:
    return range(0, count, -(-count // _TICKS))


def _legend(found: HeatMap) -> Iterator[str]:
    low, high = _limits(found)
    left, steps = _LEFT + _WIDTH + 20, 64
    for i in range(steps):
        y = _TOP + _HEIGHT * (steps - 1 - i) / steps
        colour = _colour(i / (steps - 1), 0, 1)
        yield (
            f'<rect x="{left}" y="{y:.2f}" width="18" height="{_HEIGHT / steps + 0.5:.2f}" '
            f'fill="{colour}"/>'
        )
    for value, y in ((high, _TOP + 10), (low, _TOP + _HEIGHT)):
        yield f'<text x="{left + 24}" y="{y}">{value:.4g}</text>'
    words = f"{found.metric} ({found.reduce})"
    yield f'<text x="{left}" y="{_TOP - 10}">{escape(words)}</text>'
