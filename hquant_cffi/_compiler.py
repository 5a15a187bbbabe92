"""The compiler hook: how ``hquant_add_strategy`` gets strategy text compiled in this process.

Importing this module registers the hook; the compiler itself is imported with the first text.
"""

from __future__ import annotations

import atexit
from typing import Any

from hquant_cffi._errors import CompileError
from hquant_cffi._ffi import ffi, lib

__all__: list[str] = []


def _ignore(kind: object, error: object, trace: object) -> None:
    """Keep cffi from printing: without an answer the C core reports a failed compilation."""


@ffi.def_extern(onerror=_ignore)
def hq_python_compile(
    user: Any, name: Any, name_len: int, text: Any, text_len: int, result: Any
) -> None:
    try:
        bytecode = _compile(_decoded(text, text_len), _decoded(name, name_len))
    except CompileError as error:
        _fail_with_diagnostics(result, error)
    except MemoryError:
        _fail(result, lib.HQ_ENOMEM, "out of memory while compiling the strategy")
    except KeyboardInterrupt:
        # It cannot pass through C, whose caller learns by the code what became of the Ctrl-C.
        _fail(result, lib.HQ_ECANCELLED, "interrupted while compiling the strategy")
    except BaseException as error:
        kind = type(error).__name__
        _fail(result, lib.HQ_ECOMPILE, f"the strategy compiler failed: {kind}: {error}")
    else:
        lib.hq_compile_succeed(result, bytecode, len(bytecode))


def _compile(text: str, name: str) -> bytes:
    from hquant_cffi.dsl import compile_text  # here: most programs never get to it

    return compile_text(text, name=name or "<strategy>").bytecode


def _decoded(pointer: Any, length: int) -> str:
    return bytes(ffi.buffer(pointer, length)).decode()


def _fail_with_diagnostics(result: Any, error: CompileError) -> None:
    from hquant_cffi.dsl.failure import failure

    why = failure(error)
    lib.hq_compile_fail_with(
        *(result, lib.HQ_ECOMPILE, why.line, why.column),
        *(why.message, why.diagnostics, why.diagnostics_json),
    )


def _fail(result: Any, code: int, message: str) -> None:
    raw = message.replace("\0", "\\0").encode("utf-8", "backslashreplace")
    lib.hq_compile_fail(result, code, 0, 0, raw)


lib.hq_set_dsl_compiler(lib.hq_python_compile, ffi.NULL)
# Other threads may outlive the interpreter: they shall not meet the hook of a dead one.
atexit.register(lib.hq_set_dsl_compiler, ffi.NULL, ffi.NULL)
