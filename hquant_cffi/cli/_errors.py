"""Failures as one message and an exit code."""

from __future__ import annotations

import errno
import re
from typing import Any

import typer
from typer.core import TyperGroup

from hquant_cffi._errors import CompileError, HQuantError

__all__ = ["Commands", "complain"]

_INPUT_AT_FAULT = 1
_INTERRUPTED = 130  # 128 + SIGINT, as shells have it


class Commands(TyperGroup):
    """The group of all commands: what the input is to blame for never shows a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; click's context type has no public name in typer."""
        try:
            return super().invoke(ctx)
        except HQuantError as error:
            complain(error)
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader has gone; typer ends quietly
                raise
            complain(error)
        except MemoryError:
            typer.echo("error: out of memory; load fewer bars or a smaller file", err=True)
        except KeyboardInterrupt:
            raise typer.Exit(_INTERRUPTED) from None
        raise typer.Exit(_INPUT_AT_FAULT)


def complain(error: HQuantError | OSError) -> None:
    """Print what went wrong to standard error."""
    typer.echo(_message(error), err=True)


def _message(error: HQuantError | OSError) -> str:
    if isinstance(error, CompileError) and error.diagnostics:
        return str(error)  # rendered: each begins with its place and says that it is an error
    if isinstance(error, OSError) and error.strerror:
        place = "" if error.filename is None else f"{error.filename}: "
        return f"error: {place}{error.strerror}"
    return f"error: {_OF_PYTHON.sub(lambda found: _OF_THE_COMMAND[found[0]], str(error))}"


#: What the library says of its arguments, and what it is here.
_OF_THE_COMMAND = {
    'errors="skip"': "--errors skip",
    " load with columns=": " load in Python, with columns=",
    " with columns=": " in the file's header line, or in Python with columns=",
}
_OF_PYTHON = re.compile("|".join(map(re.escape, _OF_THE_COMMAND)))
