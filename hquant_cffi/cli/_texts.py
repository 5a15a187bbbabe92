"""The files of ``hquant check`` and ``hquant fmt``, and their texts."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import typer

from hquant_cffi._errors import CompileError, ParameterError

__all__ = ["STANDARD_INPUT", "Text", "read_texts"]

STANDARD_INPUT = "-"


class Text(NamedTuple):
    """A strategy's text; `path` is None for standard input."""

    name: str
    path: Path | None
    text: str


def read_texts(files: list[str]) -> Iterator[Text | None]:
    """Read each file; None, with a message, for one that cannot be read."""
    for file in files:
        try:
            yield _read(file)
        except OSError as error:
            typer.echo(f"error: {file}: {error.strerror}", err=True)
            yield None
        except (CompileError, ParameterError) as error:
            typer.echo(f"error: {error}", err=True)
            yield None


def _read(file: str) -> Text:
    if file == STANDARD_INPUT:
        return Text("<stdin>", None, _decoded("<stdin>", sys.stdin.buffer.read()))
    path = Path(file)
    if path.suffix != ".hq":
        raise ParameterError(f"{file}: expected a strategy's text, a file ending in .hq")
    return Text(file, path, _decoded(file, path.read_bytes()))


def _decoded(name: str, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise CompileError(f"{name}: not UTF-8 at byte {error.start}; save it as UTF-8") from None
