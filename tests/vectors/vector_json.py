"""The form of the test vectors: JSON that every language reads to the same bits.

A double is the shortest decimal that reads back as it, always with a point or an exponent; NaN is
null, and infinities, which JSON has no words for, are texts. README.md says it in full.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

DATA: Final = Path(__file__).parent / "data"
_LINE: Final = 100


def plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, np.ndarray):
        return [plain(each) for each in value.tolist()]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else "inf" if value > 0 else "-inf"
    return value


def number(value: Any) -> float:
    """Return the double that a value of a file stands for."""
    return math.nan if value is None else float(value)


def text(value: Any) -> str:
    """Return the text of a file: a list or an object a line, where it fits one or has no parts."""
    return "\n".join(_lines(plain(value), "")) + "\n"


def read(path: Path) -> Any:
    """Return the content of a file."""
    return json.loads(path.read_text(encoding="ascii"))


def _flat(value: Any) -> str:
    return json.dumps(value, allow_nan=False, separators=(", ", ": "))


def _is_row(value: Any) -> bool:
    """Whether it is a list of scalars, which has a line of its own however long it is."""
    return isinstance(value, list) and not any(isinstance(each, (list, dict)) for each in value)


def _lines(value: Any, indent: str) -> Iterator[str]:
    one = _flat(value)
    if not isinstance(value, (list, dict)) or _is_row(value) or len(indent) + len(one) <= _LINE:
        yield one
        return
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    yield opening
    last = len(value) - 1
    for i, key in enumerate(value):
        each = value[key] if isinstance(value, dict) else key
        first, *rest = _lines(each, indent + " ")
        label = f"{_flat(key)}: " if isinstance(value, dict) else ""
        inner = [f"{label}{first}", *rest]
        inner[-1] += "," if i < last else ""
        yield from (f" {line}" for line in inner)
    yield closing


def bits(value: float) -> str:
    """Return the bits of a double as 16 hex digits; NaN is one value, whatever its bits."""
    return "NaN" if math.isnan(value) else struct.pack(">d", value).hex()


def differences(expected: Any, found: Any, place: str = "") -> Iterator[str]:
    """Yield where two values of files differ: the place, what is expected and what is found."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for name in expected.keys() | found.keys():
            if name in expected and name in found:
                yield from differences(expected[name], found[name], f"{place}.{name}")
            else:
                yield f"{place}.{name}: only in what is {'found' if name in found else 'expected'}"
    elif isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            yield f"{place}: expected {len(expected)} entries, found {len(found)}"
        for i, (one, other) in enumerate(zip(expected, found, strict=False)):
            yield from differences(one, other, f"{place}[{i}]")
    elif isinstance(expected, float) and isinstance(found, float):
        if bits(expected) != bits(found):
            yield f"{place}: expected {expected!r} {bits(expected)}, found {found!r} {bits(found)}"
    elif type(expected) is not type(found) or expected != found:
        yield f"{place}: expected {expected!r}, found {found!r}"
