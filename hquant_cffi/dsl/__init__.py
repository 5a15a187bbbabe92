"""The strategy compiler: text to HQBC.

The stages, each in its own module, with data only between them::

    source -> lex -> parse (grammar.lark, build_tree) -> syntax -> check (bind, catalog)
           -> lower -> bytecode

`diagnostics` holds what is wrong with a text and the one way it is printed.
"""

from __future__ import annotations

from hquant_cffi._errors import CompileError
from hquant_cffi.dsl.compiler import Compiled, CompiledParam, compile_text
from hquant_cffi.dsl.diagnostics import CODES, Diagnostic

__all__ = ["CODES", "CompileError", "Compiled", "CompiledParam", "Diagnostic", "compile_text"]
