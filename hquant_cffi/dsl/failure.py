"""What hosts are told of a text that does not compile: ``HqError`` of the C core."""

from __future__ import annotations

import json
from dataclasses import dataclass

from hquant_cffi._errors import CompileError

__all__ = ["Failure", "c_text", "failure"]


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed compilation for C: UTF-8 without NUL.

    Attributes
    ----------
    line, column : int
        Of the first error, from 1; 0 when there is no place to name.
    message : bytes
        The first error: its code, what was expected and found, the hint.
    diagnostics : bytes
        The errors, at most 50, as ``hquant check`` prints them.
    diagnostics_json : bytes
        The errors as a JSON array, as ``hquant check --json`` has them.
    """

    line: int
    column: int
    message: bytes
    diagnostics: bytes
    diagnostics_json: bytes


def failure(error: CompileError) -> Failure:
    """Return what C is told of an error."""
    found = []
    if error.source is not None:
        found = [each.to_dict(error.source) for each in error.diagnostics]
    return Failure(
        error.line,
        error.column,
        c_text(_first_message(error)),
        c_text(str(error)),
        json.dumps(found).encode(),
    )


def c_text(text: str) -> bytes:
    """Return a text as C can hold it."""
    return text.replace("\0", "\\0").encode("utf-8", "backslashreplace")


def _first_message(error: CompileError) -> str:
    if not error.diagnostics:
        return str(error)
    first = error.diagnostics[0]
    hint = f" (hint: {first.hint})" if first.hint else ""
    return f"error[{first.code}]: {first.message}{hint}"
