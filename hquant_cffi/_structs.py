"""C structs read whole, and what is made of them: field by field takes several times as long."""

from __future__ import annotations

from collections.abc import Callable, Collection
from struct import Struct
from typing import Any, Final, TypeVar

from hquant_cffi._ffi import ffi

__all__ = ["frozen_dataclass", "reader"]

Made = TypeVar("Made")

_CODES: Final = {"double": "d", "uint64_t": "Q", "int64_t": "q", "uint32_t": "I", "uint8_t": "B"}


def reader(kind: str, names: Collection[str]) -> Callable[[Any], dict[str, Any]]:
    """Return a function that reads the fields of these names from a pointer to such a struct."""
    known = dict(ffi.typeof(kind).fields)
    fields = sorted(((name, known[name]) for name in names), key=lambda each: each[1].offset)
    layout, end = "=", 0
    for _, field in fields:
        layout += f"{field.offset - end}x{_CODES[field.type.cname]}"
        end = field.offset + ffi.sizeof(field.type)
    found = tuple(name for name, _ in fields)
    unpack = Struct(layout).unpack_from

    def read(pointer: Any) -> dict[str, Any]:
        return dict(zip(found, unpack(ffi.buffer(pointer)), strict=True))

    return read


def frozen_dataclass(kind: type[Made], values: dict[str, Any]) -> Made:
    """Return a frozen dataclass, of all its fields; they stand in their own order."""
    made = object.__new__(kind)
    names: Collection[str] = kind.__dataclass_fields__  # type: ignore[attr-defined]
    vars(made).update({name: values[name] for name in names})
    return made
