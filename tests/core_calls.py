"""Which of the core's functions Python calls, in their order."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import BuiltinFunctionType
from typing import Any

import pytest

from hquant_cffi._ffi import lib


class _Counting:
    """The core's functions, each call of which is noted."""

    def __init__(self) -> None:
        self.called: list[str] = []

    def __getattr__(self, name: str) -> Any:
        found = getattr(lib, name)
        if not isinstance(found, BuiltinFunctionType):
            return found  # a number, or a function of Python's that C calls

        def call(*arguments: Any) -> Any:
            self.called.append(name)
            return found(*arguments)

        return call


def core_calls(work: Callable[[], object], patch: pytest.MonkeyPatch) -> list[str]:
    """Return what is called by work that has been done before: its modules are loaded."""
    counting = _Counting()
    with patch.context() as patched:
        for name, module in list(sys.modules.items()):
            if name.startswith("hquant_cffi.") and getattr(module, "lib", None) is lib:
                patched.setattr(module, "lib", counting)
        work()
    return counting.called
