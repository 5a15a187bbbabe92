"""Failures as one message and an exit code."""

from __future__ import annotations

import errno
import re
from collections.abc import Mapping
from typing import Any

import typer
from typer.core import TyperGroup

from hquant_cffi._errors import CompileError, HQuantError

__all__ = ["Commands"]

_INPUT_AT_FAULT = 1
_AT_FAULT = {"verify": 2}  # whose 1 says that a check does not hold
_INTERRUPTED = 130  # 128 + SIGINT, as shells have it

#: Options that the library calls something else.
_CALLED = {"jobs": "n_jobs", "param": "params"}


class Commands(TyperGroup):
    """The group of all commands: what the input is to blame for never shows a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; click's context type has no public name in typer."""
        try:
            return super().invoke(ctx)
        except HQuantError as error:
            typer.echo(_message(error, self._options(ctx)), err=True)
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader has gone; typer ends quietly
                raise
            typer.echo(_message(error, {}), err=True)
        except MemoryError:
            typer.echo("error: out of memory; load fewer bars or a smaller file", err=True)
        except KeyboardInterrupt:
            raise typer.Exit(_INTERRUPTED) from None
        raise typer.Exit(_AT_FAULT.get(ctx.invoked_subcommand, _INPUT_AT_FAULT))

    def _options(self, ctx: Any) -> dict[str, str]:
        command = self.get_command(ctx, ctx.invoked_subcommand)
        return _options_of(command) if command else {}


def _options_of(command: Any) -> dict[str, str]:
    """Return a command's options by the library's names of them: ``n_jobs`` is ``--jobs``."""
    options = {each.name: each.opts[0] for each in command.params if each.opts[0].startswith("--")}
    return options | {library: options[own] for own, library in _CALLED.items() if own in options}


def _message(error: HQuantError | OSError, options: Mapping[str, str]) -> str:
    if isinstance(error, CompileError) and error.diagnostics:
        return str(error)  # rendered: each begins with its place and says that it is an error
    if isinstance(error, OSError) and error.strerror:
        place = "" if error.filename is None else f"{error.filename}: "
        return f"error: {place}{error.strerror}"
    text = _OF_PYTHON.sub(lambda found: _OF_THE_COMMAND[found[0]], str(error))
    return f"error: {_by_option(text, options)}"


def _by_option(text: str, options: Mapping[str, str]) -> str:
    """Return a message about an argument of Python as one about the option that gave it."""
    names = "|".join(options)
    if not names or not re.match(rf"({names})(:| must | is read )", text):
        return text  # of a file, or of a PARAM, which may be called as an option is
    text = re.sub(rf"""\b({names})=["'](\w+)["']""", lambda it: f"{options[it[1]]} {it[2]}", text)
    # A name of one word may be a word of the sentence: it is meant at the head and to be left out.
    long = "|".join(name for name in options if "_" in name)
    meant = rf"""^({names})\b|(?<=leave )({names})(?= out)|(?<![-\w'"])({long})(?![\w'"])"""
    return re.sub(meant, lambda it: options[it[0]], text).replace(" or None,", ",")


#: What the library says of its arguments, and what it is here.
_OF_THE_COMMAND = {
    'errors="skip"': "--errors skip",
    " load with columns=": " load in Python, with columns=",
    " with columns=": " in the file's header line, or in Python with columns=",
}
_OF_PYTHON = re.compile("|".join(map(re.escape, _OF_THE_COMMAND)))
