"""C handles owned by Python objects, and NumPy views over their memory that keep them alive."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from hquant_cffi._errors import ClosedError
from hquant_cffi._ffi import check, ffi, lib

__all__ = ["Handle", "read_only_view"]


class Handle:
    """An object around a C handle: closed once, a context manager, refused after closing.

    A closed object holds NULL, which every C function refuses: a path that cannot afford a look
    before the call calls first and asks `_opened` when it has failed.
    """

    def __init__(self, handle: Any) -> None:
        # Whoever is inside a call or holds a view has a reference: the memory goes with the last.
        self._handle = handle

    def close(self) -> None:
        """Let go of the C object. Closing twice is fine.

        Its memory is freed once no array over it is left.
        """
        self._handle = ffi.NULL

    def __enter__(self) -> Self:
        self._opened()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _opened(self) -> Any:
        handle = self._handle
        if handle == ffi.NULL:
            raise ClosedError(f"this {type(self).__name__} has been closed; make a new one")
        return handle

    def _count(self, function: Callable[..., int], *arguments: object) -> int:
        """Call a function that answers a failure by 0."""
        handle = self._opened()
        lib.hq_clear_error()
        count = int(function(handle, *arguments))
        if count == 0:
            check(lib.hq_last_error().code)
        return count


class _Memory:
    """What NumPy views: an address, and the owner of what is there."""

    __slots__ = ("__array_interface__", "_owner")

    def __init__(self, address: int, length: int, dtype: np.dtype[Any], owner: object) -> None:
        self._owner = owner
        self.__array_interface__ = {
            "version": 3,
            "shape": (length,),
            "typestr": dtype.str,
            "data": (address, True),  # True: read-only
        }


def read_only_view(
    pointer: Any, length: int, dtype: np.dtype[Any], owner: object
) -> npt.NDArray[Any]:
    """Return C memory as a read-only array that keeps its owner alive, as do arrays cut from it."""
    address = int(ffi.cast("uintptr_t", pointer))
    return np.asarray(_Memory(address, length, dtype, owner))
