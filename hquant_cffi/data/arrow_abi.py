"""The structs of the Arrow C data and C stream interfaces, and who releases them.

Layouts: arrow.apache.org/docs/format/CDataInterface.html and CStreamInterface.html.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from .arrays import RawArray

_RELEASE = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
_FILL = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
_MESSAGE = ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.c_void_p)

_capsule_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_capsule_pointer.restype = ctypes.c_void_p
_capsule_pointer.argtypes = [ctypes.py_object, ctypes.c_char_p]


def pointer(capsule: object, name: bytes) -> int:
    """Address of the struct in a PyCapsule; ValueError when the capsule has another name."""
    address: int = _capsule_pointer(capsule, name)
    return address


class Schema(ctypes.Structure):
    """struct ArrowSchema: the type of a column, or of a table by its children."""

    if TYPE_CHECKING:
        format: bytes | None
        name: bytes | None
        n_children: int
        children: ctypes.Array[ctypes._Pointer[Schema]]
        dictionary: int | None
        release: Callable[[int], None]


class Array(ctypes.Structure):
    """struct ArrowArray: the buffers of a column, or of a batch by its children."""

    if TYPE_CHECKING:
        length: int
        null_count: int
        offset: int
        buffers: ctypes.Array[ctypes.c_void_p]
        children: ctypes.Array[ctypes._Pointer[Array]]
        release: Callable[[int], None] | None


class Stream(ctypes.Structure):
    """struct ArrowArrayStream: the batches of a table, one after another."""

    if TYPE_CHECKING:
        get_schema: Callable[[int, int], int]
        get_next: Callable[[int, int], int]
        get_last_error: Callable[[int], bytes | None]

    _fields_ = [
        ("get_schema", _FILL),
        ("get_next", _FILL),
        ("get_last_error", _MESSAGE),
        ("release", _RELEASE),
        ("private_data", ctypes.c_void_p),
    ]


# A struct that points to itself gets its fields after it exists.
Schema._fields_ = [
    ("format", ctypes.c_char_p),
    ("name", ctypes.c_char_p),
    ("metadata", ctypes.c_void_p),
    ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("children", ctypes.POINTER(ctypes.POINTER(Schema))),
    ("dictionary", ctypes.c_void_p),
    ("release", _RELEASE),
    ("private_data", ctypes.c_void_p),
]
Array._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(Array))),
    ("dictionary", ctypes.c_void_p),
    ("release", _RELEASE),
    ("private_data", ctypes.c_void_p),
]


class Batch:
    """A record batch in foreign memory, kept until the last array over it is gone.

    Parameters
    ----------
    array : Array
        The batch.
    keep : object
        What owns `array`, such as its capsule. None when this object does, and releases it.
    """

    def __init__(self, array: Array, keep: object) -> None:
        self.array = array
        self._keep = keep

    def __del__(self) -> None:
        if self._keep is None and self.array.release:
            self.array.release(ctypes.addressof(self.array))

    def memory(
        self, array: Array, buffer: int, start: int, dtype: np.dtype[np.generic], count: int = -1
    ) -> RawArray:
        """Items of a buffer of `array` from `start`, read-only; as many as the batch has rows."""
        count = self.array.length if count < 0 else count
        address = array.buffers[buffer]
        if count == 0 or not address:
            return np.empty(0, dtype=dtype)
        return np.asarray(_View(self, int(address) + start * dtype.itemsize, count, dtype))


class _View:
    """What NumPy makes an array of, and keeps as its base; it keeps the batch."""

    def __init__(self, batch: Batch, address: int, count: int, dtype: npt.DTypeLike) -> None:
        self._batch = batch
        self.__array_interface__ = {
            "data": (address, True),
            "shape": (count,),
            "typestr": np.dtype(dtype).str,
            "version": 3,
        }
