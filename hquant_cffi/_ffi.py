"""The door to the C library: the only importer of the compiled module.

A status becomes an exception in `check`, a NULL or 0 answer in `last_error`.
"""

from __future__ import annotations

from pathlib import Path

try:
    from hquant_cffi import _cffi
except ImportError as error:
    raise ImportError(
        f"{Path(__file__).parent} holds the sources of hquant_cffi without its compiled part: "
        "leave the folder of the sources, or build them there (make build, .venv/bin/python)"
    ) from error
from hquant_cffi._cffi import ffi, lib
from hquant_cffi._errors import (
    BusyError,
    CancelledError,
    CompileError,
    DataError,
    HQuantError,
    LiquidatedError,
    NotFoundError,
    OutOfMemoryError,
    ParameterError,
    ProgramError,
    SnapshotError,
    UnsupportedError,
)

__all__ = ["check", "ffi", "last_error", "lib", "native_folder"]

_EXCEPTIONS: dict[int, type[HQuantError]] = {
    lib.HQ_EINVAL: ParameterError,
    lib.HQ_ENOMEM: OutOfMemoryError,
    lib.HQ_EBUSY: BusyError,
    lib.HQ_EBAR: DataError,
    lib.HQ_ECOMPILE: CompileError,
    lib.HQ_EPROGRAM: ProgramError,
    lib.HQ_ENOCOMPILER: UnsupportedError,
    lib.HQ_EUTF8: CompileError,
    lib.HQ_ELIMIT: ParameterError,
    lib.HQ_ENOTFOUND: NotFoundError,
    lib.HQ_EORDER: DataError,
    lib.HQ_EUNSUPPORTED: UnsupportedError,
    lib.HQ_ELIQUIDATED: LiquidatedError,
    lib.HQ_ECANCELLED: CancelledError,
    lib.HQ_ESNAPSHOT: SnapshotError,
}


def last_error() -> HQuantError:
    """Return the calling thread's newest failure as an exception, to be raised.

    For calls that answer a failure by NULL, 0 or NaN.
    """
    error = lib.hq_last_error()
    message = ffi.string(error.message).decode()
    return _exception(error.code, message, error.line, error.column)


def check(status: int) -> None:
    """Raise the exception of a status that is not ``HQ_OK``.

    Parameters
    ----------
    status : int
        What a C function answered.

    Raises
    ------
    HQuantError
        The class of the status; the message is the one that the C core left in this thread.
    """
    if status == lib.HQ_OK:
        return
    if lib.hq_last_error().code == status:
        raise last_error()
    raise _exception(status, ffi.string(lib.hq_status_text(status)).decode(), 0, 0)


def native_folder() -> Path:
    """Return the folder of the library, the headers and their package files.

    It stands beside the compiled module, which in an editable install is not the source tree.
    """
    return Path(_cffi.__file__).parent / "_native"


def _exception(code: int, message: str, line: int, column: int) -> HQuantError:
    kind = _EXCEPTIONS.get(code, HQuantError)
    if kind is CompileError:
        return CompileError(message, line, column)
    return kind(message)
