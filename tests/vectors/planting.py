"""A test vector made wrong by the least that can be, for the runners to find."""

from __future__ import annotations

import copy
import json
import math
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import vector_json


def planted(cases: list[Any]) -> tuple[list[Any], int]:
    """Return the cases with one double moved by one unit in the last place, and which case it is.

    Where a file has no doubles, a whole number or a text of an answer is another one.
    """
    changed = copy.deepcopy(cases)
    places = [
        (index, holder, key)
        for index, case in enumerate(changed)
        for holder, key in _leaves(case, "expect")
    ]
    floats = [place for place in places if isinstance(place[1][place[2]], float)]
    index, holder, key = (floats or places)[len(floats or places) // 2]
    holder[key] = _other(holder[key])
    return changed, index


def plant(data: Path, folder: Path, topic: str) -> int:
    """Copy the files with one that is wrong; return the case that it is in."""
    shutil.copytree(data, folder)
    file = folder / f"{topic}.json"
    changed, index = planted(vector_json.read(file))
    file.write_text(json.dumps(changed))
    return index


def _leaves(holder: Any, key: Any) -> Iterator[tuple[Any, Any]]:
    value = holder[key]
    if isinstance(value, dict):
        for name in value:
            yield from _leaves(value, name)
    elif isinstance(value, list):
        for i in range(len(value)):
            yield from _leaves(value, i)
    elif value is not None:
        yield holder, key


def _other(value: Any) -> Any:
    if isinstance(value, float):
        return math.nextafter(value, math.inf)
    return value + 1 if isinstance(value, int) else f"{value}?"
