"""The exceptions of the package, each also the builtin that a user would catch.

::

    HQuantError
    ├── ParameterError    (ValueError)           an argument is out of range
    ├── DataError         (ValueError)           a bar or a data file is refused
    ├── CompileError      (ValueError)           a strategy's text does not compile
    ├── ProgramError      (ValueError)           not a valid compiled program
    ├── SnapshotError     (ValueError)           not a valid snapshot
    ├── NotFoundError     (LookupError)          no such indicator, strategy, parameter or period
    ├── BusyError         (RuntimeError)         another call is inside this handle
    ├── ClosedError       (RuntimeError)         the object has been closed
    ├── LiquidatedError   (RuntimeError)         the account has been liquidated
    ├── CancelledError    (RuntimeError)         stopped by the progress callback
    ├── OutOfMemoryError  (MemoryError)          the system gave no memory
    └── UnsupportedError  (NotImplementedError)  valid, but this run cannot execute it
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hquant_cffi.dsl.diagnostics import Diagnostic
    from hquant_cffi.dsl.source import Source

__all__ = [
    "BusyError",
    "CancelledError",
    "ClosedError",
    "CompileError",
    "DataError",
    "HQuantError",
    "LiquidatedError",
    "NotFoundError",
    "OutOfMemoryError",
    "ParameterError",
    "ProgramError",
    "SnapshotError",
    "UnsupportedError",
]


class HQuantError(Exception):
    """What every error of this package derives from."""


class ParameterError(HQuantError, ValueError):
    """An argument is out of its range; the message names the range and the value."""


class DataError(HQuantError, ValueError):
    """A bar or a data file is refused; the message names the place and the reason."""


class CompileError(HQuantError, ValueError):
    """A strategy's text does not compile.

    Attributes
    ----------
    line, column : int
        Where in the text, from 1; 0 when there is no place to name.
    diagnostics : tuple of Diagnostic
        The errors of the run, at most 50, in the order of the text; the message is their
        rendering. Empty when the error comes from the C core.
    source : Source or None
        The text that their spans point into.
    """

    def __init__(
        self,
        message: str,
        line: int = 0,
        column: int = 0,
        *,
        diagnostics: tuple[Diagnostic, ...] = (),
        source: Source | None = None,
    ) -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.diagnostics = diagnostics
        self.source = source


class ProgramError(HQuantError, ValueError):
    """Bytes that are not a valid compiled program; the message names the rule it breaks."""


class SnapshotError(HQuantError, ValueError):
    """Bytes that are not a snapshot of this kind and version; the message says why."""


class NotFoundError(HQuantError, LookupError):
    """No such indicator, strategy, parameter or period."""


class BusyError(HQuantError, RuntimeError):
    """Another call is inside this handle: one thread at a time may use it."""


class ClosedError(HQuantError, RuntimeError):
    """The object has been closed."""


class LiquidatedError(HQuantError, RuntimeError):
    """The account has been liquidated: it trades no more."""


class CancelledError(HQuantError, RuntimeError):
    """The progress callback asked the run to stop."""


class OutOfMemoryError(HQuantError, MemoryError):
    """The system gave no memory; nothing has changed."""


class UnsupportedError(HQuantError, NotImplementedError):
    """Valid, but this kind of run cannot execute it."""
