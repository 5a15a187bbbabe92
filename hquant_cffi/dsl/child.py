"""The compiler as a child process: what ``libhquant_dsl`` runs for hosts that are not Python.

Standard input is the strategy's name, a NUL and its text, UTF-8. Standard output is ``P`` and the
program's bytes, or ``E``, line and column in decimal with a newline each, and the message.
"""

from __future__ import annotations

import sys

from hquant_cffi._errors import CompileError
from hquant_cffi.dsl.compiler import compile_text

__all__ = ["answer", "main"]


def answer(request: bytes) -> bytes:
    """Compile one request.

    Parameters
    ----------
    request : bytes
        Name, NUL and text, UTF-8.

    Returns
    -------
    bytes
        The answer as described above.
    """
    name, _, text = request.partition(b"\0")
    try:
        program = compile_text(text.decode(), name=name.decode() or "<strategy>")
    except CompileError as error:
        first = error.diagnostics[0]
        hint = f" (hint: {first.hint})" if first.hint else ""
        message = f"error[{first.code}]: {first.message}{hint}".replace("\0", "\\0")
        return f"E{error.line}\n{error.column}\n{message}".encode("utf-8", "backslashreplace")
    return b"P" + program.bytecode


def main() -> None:
    """Answer standard input on standard output."""
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
