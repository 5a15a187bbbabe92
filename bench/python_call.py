"""What a bar costs from Python, beside an empty cffi call with the same arguments."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from types import ModuleType

from cffi import FFI
from output import Output
from race import best_of

from hquant_cffi import HQuant
from hquant_cffi.data import Bars

__all__ = ["show"]

Row = tuple[int, float, float, float, float, float, float]


def show(output: Output, bars: Bars, folder: Path, *, runs: int) -> None:
    """Print push_bar and update_last_bar over an empty call."""
    rows = _rows(bars)
    empty = _empty_call(folder)
    bare_loop = min(best_of(runs, lambda: _loop(rows), len(rows)))

    def cost(call: Callable[..., object]) -> list[float]:
        return [ns - bare_loop for ns in best_of(runs, lambda: _each(call, rows), len(rows))]

    engine = HQuant(1024)
    handle = empty.ffi.new("int *")
    nothing = empty.lib.take8

    def call_empty() -> None:
        for t, o, h, l, c, v, b in rows:  # noqa: E741
            nothing(handle, t, o, h, l, c, v, b)

    rival = min(ns - bare_loop for ns in best_of(runs, call_empty, len(rows)))
    for name, call in (
        ("python.push_bar", engine.push_bar),
        ("python.update_last_bar", engine.update_last_bar),
    ):
        output.figure(
            name,
            input="the shipped daily series, loop cost taken off",
            n=len(rows),
            values=cost(call),
            rival="empty cffi call, same eight arguments",
            rival_min=rival,
            limit=2.5,
        )


def _rows(bars: Bars) -> list[Row]:
    columns = [column.tolist() for column in bars.columns.values()]
    if not bars.has_buy_volume:
        columns.append([0.0] * len(bars))
    return list(zip(*columns, strict=True))


def _loop(rows: list[Row]) -> None:
    for _t, _o, _h, _l, _c, _v, _b in rows:
        pass


def _each(call: Callable[..., object], rows: list[Row]) -> None:
    for t, o, h, l, c, v, b in rows:  # noqa: E741
        call(t, o, h, l, c, v, b)


def _empty_call(folder: Path) -> ModuleType:
    """Build a cffi module whose one function takes a handle, a time and six numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    words = "double o, double h, double l, double c, double v, double b"
    head = f"int take8(void *handle, int64_t time, {words})"
    ignored = ", ".join(f"(void){word}" for word in ("handle", "time", *"ohlcvb"))
    ffi = FFI()
    ffi.cdef(f"{head};")
    ffi.set_source("_take8", f"static {head} {{ {ignored}; return 0; }}")
    source, module = folder / "_take8.c", folder / "_take8.so"
    with redirect_stdout(sys.stderr):  # it tells what it writes
        ffi.emit_c_code(str(source))
    include = sysconfig.get_paths()["include"]
    subprocess.run(
        ["cc", "-O3", "-shared", "-fPIC", f"-I{include}", str(source), "-o", str(module)],
        check=True,
    )
    spec = importlib.util.spec_from_file_location("_take8", module)
    assert spec is not None and spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded
