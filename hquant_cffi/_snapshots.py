"""Snapshots: the state of an object as bytes, and an object from them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hquant_cffi._ffi import check, ffi, last_error

__all__ = ["load_handle", "read_periods", "save_handle"]


def save_handle(function: Callable[..., int], handle: Any) -> bytes:
    """Return the snapshot of a C handle."""
    # Another thread may grow the state between the two calls: then it is measured again.
    size, room = int(function(handle, ffi.NULL, 0)), 0
    while size > room:
        room = size
        out = ffi.new("uint8_t[]", room)
        size = int(function(handle, out, room))
    if size == 0:
        raise last_error()
    return bytes(ffi.buffer(out, size))


def load_handle(
    function: Callable[..., int], free: Callable[..., None], kind: str, data: object
) -> Any:
    """Return the C handle, owned, that a snapshot makes."""
    if not isinstance(data, (bytes, bytearray, memoryview)):
        raise TypeError(f"data: expected bytes, found {type(data).__name__}")
    raw = bytes(data)
    out = ffi.new(f"{kind} **")
    check(function(raw, len(raw), out))
    return ffi.gc(out[0], free)


def read_periods(function: Callable[..., int], handle: Any) -> list[int]:
    """Return the periods, ms, that a loaded handle has."""
    count = int(function(handle, ffi.NULL, 0))
    if count == 0:
        raise last_error()
    out = ffi.new("int64_t[]", count)
    function(handle, out, count)
    return list(out)
