"""A figure over two PARAMs, as an array and as a picture."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from hquant_cffi._errors import ParameterError
from hquant_cffi._tables import require

__all__ = ["HeatMap", "Reduce", "heatmap_of"]

#: What to show of several values in one place.
Reduce: TypeAlias = Literal["max", "min", "mean", "median"]

Floats = npt.NDArray[np.float64]

_REDUCES: Final[dict[str, Callable[[Floats], Any]]] = {
    "max": np.max,
    "min": np.min,
    "mean": np.mean,
    "median": np.median,
}


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class HeatMap:
    """A figure over the values of two PARAMs.

    Attributes
    ----------
    x, y, metric : str
        What is shown over what.
    reduce : str
        What several combinations in one place came to.
    x_values, y_values : (X,), (Y,) ndarray of float64
        Values of the PARAMs, rising.
    values : (Y, X) ndarray of float64
        The figure, NaN where there is none.
    """

    x: str
    y: str
    metric: str
    reduce: str
    x_values: Floats
    y_values: Floats
    values: Floats

    @property
    def title(self) -> str:
        """What it shows, in words."""
        return f"{self.metric} by {self.x} and {self.y}"

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a picture, ``.png``, or a page, ``.html``.

        Raises
        ------
        ParameterError
            The file's name ends in something else.
        UnsupportedError
            A PNG, and matplotlib is not installed.
        OSError
            It cannot be written.
        """
        file = Path(path)
        if file.suffix == ".png":
            self._save_png(file)
        elif file.suffix == ".html":
            file.write_text(self.to_html(), encoding="utf-8")
        else:
            raise ParameterError(f"{file}: expected a file ending in .png or .html")

    def to_html(self) -> str:
        """Return it as a page of its own, without scripts or further files."""
        from hquant_cffi._sweep_heatmap_html import page

        return page(self)

    def _repr_html_(self) -> str:
        from hquant_cffi._sweep_heatmap_html import drawing

        return drawing(self)

    def __repr__(self) -> str:
        rows, columns = self.values.shape
        return f"<HeatMap: {self.title}, {columns} x {rows} values>"

    def _save_png(self, file: Path) -> None:
        figures = require("matplotlib.figure", "plots", f"{file.name}:")
        figure = figures.Figure(figsize=(8, 6), dpi=120, layout="constrained")
        axes = figure.subplots()
        drawn = axes.imshow(self.values, origin="lower", aspect="auto", cmap="viridis")
        axes.set(title=self.title, xlabel=self.x, ylabel=self.y)
        axes.set_xticks(*_ticks(self.x_values), rotation=45)
        axes.set_yticks(*_ticks(self.y_values))
        figure.colorbar(drawn, label=f"{self.metric} ({self.reduce})")
        figure.savefig(file)


_TICKS: Final = 20


def _ticks(values: Floats) -> tuple[list[int], list[str]]:
    """Places and texts of as many ticks as can be read."""
    places = list(range(0, len(values), -(-len(values) // _TICKS)))
    return places, [f"{values[i]:g}" for i in places]


def heatmap_of(
    x: npt.NDArray[Any],
    y: npt.NDArray[Any],
    figures: npt.NDArray[Any],
    *,
    names: tuple[str, str, str],
    reduce: Reduce,
) -> HeatMap:
    """Return the figures by the values of two columns."""
    if reduce not in _REDUCES:
        raise ParameterError(f"reduce: expected one of {', '.join(_REDUCES)}, found {reduce!r}")
    x_values, column = np.unique(x, return_inverse=True)
    y_values, row = np.unique(y, return_inverse=True)
    known = np.isfinite(figures.astype(np.float64))
    places = (row * len(x_values) + column)[known]
    found = figures[known].astype(np.float64)
    order = np.argsort(places, kind="stable")
    values = np.full(len(x_values) * len(y_values), np.nan)
    taken, starts = np.unique(places[order], return_index=True)
    groups = np.split(found[order], starts)[1:]  # in front of the first there is none
    for place, group in zip(taken, groups, strict=True):
        values[place] = _REDUCES[reduce](group)
    return HeatMap(
        x=names[0],
        y=names[1],
        metric=names[2],
        reduce=reduce,
        x_values=x_values,
        y_values=y_values,
        values=values.reshape(len(y_values), len(x_values)),
    )
