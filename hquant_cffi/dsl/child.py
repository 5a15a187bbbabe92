"""The compiler as a child process: what ``libhquant_dsl`` runs for hosts that are not Python.

Standard input is the strategy's name, a NUL and its text, UTF-8. Standard output is a line that
says whose answer it is, such as ``hquant 0.1.0 HQBC 1.1``, then either ``P`` and the program's
bytes, or ``E``, line and column in decimal with a newline each, and three texts with a NUL behind
each: the message, all diagnostics, the same as JSON.
"""

from __future__ import annotations

import sys

from hquant_cffi import __version__
from hquant_cffi._errors import CompileError
from hquant_cffi.dsl.bytecode import NEWEST_VERSION
from hquant_cffi.dsl.compiler import compile_text
from hquant_cffi.dsl.failure import failure

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
    return b"hquant %s HQBC %d.%d\n" % (__version__.encode(), *NEWEST_VERSION) + _compile(request)


def _compile(request: bytes) -> bytes:
    name, _, text = request.partition(b"\0")
    try:
        program = compile_text(text.decode(), name=name.decode() or "<strategy>")
    except CompileError as error:
        why = failure(error)
        texts = (why.message, why.diagnostics, why.diagnostics_json)
        return b"E%d\n%d\n" % (why.line, why.column) + b"".join(each + b"\0" for each in texts)
    return b"P" + program.bytecode


def main() -> None:
    """Answer standard input on standard output."""
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
