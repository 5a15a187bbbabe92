"""Expressions by their structure, and which of two is never above the other."""

from __future__ import annotations

from typing import TypeAlias

__all__ = ["Key", "Order"]

# Equal expressions have equal keys.
Key: TypeAlias = int
_Part: TypeAlias = str | float

_MAX_STEPS = 64
_BANDS = {"lower": 0, "mid": 1, "middle": 1, "upper": 2}
_NO_BAND = -1


class Order:
    """Numbers expressions by their structure."""

    def __init__(self) -> None:
        self._keys: dict[tuple[_Part, ...], Key] = {}
        self._parts: list[tuple[_Part, ...]] = []
        self._steps = 0

    def key(self, *parts: _Part) -> Key:
        """Return the key of an operation on keys or other parts."""
        found = self._keys.get(parts)
        if found is None:
            found = self._keys[parts] = len(self._parts)
            self._parts.append(parts)
        return found

    def negation(self, key: Key) -> Key:
        """Return the key of NOT; twice NOT is the condition itself."""
        parts = self._parts[key]
        return int(parts[1]) if parts[0] == "NOT" else self.key("NOT", key)

    def is_at_most(self, a: Key, b: Key) -> bool:
        """Whether the first is known never to be above the second; both are numbers."""
        self._steps = 0
        return self._at_most(a, b)

    def _at_most(self, a: Key, b: Key) -> bool:
        if a == b:
            return True
        self._steps += 1
        if self._steps > _MAX_STEPS:  # MIN and MAX branch; what is not found is no fact
            return False
        left, right = self._parts[a], self._parts[b]
        match left:
            case ("LOWEST", x, *_):
                if self._at_most(int(x), b):
                    return True
            case ("MIN", x, y):
                if self._at_most(int(x), b) or self._at_most(int(y), b):
                    return True
            case ("MAX", x, y):
                if self._at_most(int(x), b) and self._at_most(int(y), b):
                    return True
            case ("output", call, "lower") if self._parts[int(call)][0] == "DONCHIAN":
                if self._at_most(int(self._parts[int(call)][2]), b):
                    return True
        match right:
            case ("HIGHEST" | "ABS" | "DONCHIAN", x, *_):
                return self._at_most(a, int(x))
            case ("MAX", x, y):
                return self._at_most(a, int(x)) or self._at_most(a, int(y))
            case ("MIN", x, y):
                return self._at_most(a, int(x)) and self._at_most(a, int(y))
        return _is_inside_bar(left, right) or self._is_band(a, b)

    def _is_band(self, a: Key, b: Key) -> bool:
        """Whether both are bands of one call; the call alone is its upper band."""
        levels = [self._band(key) for key in (a, b)]
        (call, level), (other, other_level) = levels
        return call == other and _NO_BAND not in (level, other_level) and level <= other_level

    def _band(self, key: Key) -> tuple[Key, int]:
        parts = self._parts[key]
        if parts[0] != "output":
            return key, _BANDS["upper"]
        return int(parts[1]), _BANDS.get(str(parts[2]), _NO_BAND)


def _is_inside_bar(left: tuple[_Part, ...], right: tuple[_Part, ...]) -> bool:
    """Whether both are prices of one bar, and the first its low or the second its high."""
    if left[0] != "series" or right[0] != "series" or left[2] != right[2]:
        return False
    if "volume" in str(left[1]) + str(right[1]) or "time" in (left[1], right[1]):
        return left[1] == "buy_volume" and right[1] == "volume"
    return left[1] == "low" or right[1] == "high"
