"""One layout, seen alike by the C compiler, cffi, ctypesgen, NumPy, and spec/core.md."""

from __future__ import annotations

import ctypes
import importlib
import json
import pkgutil
import re
import runpy
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support import Native, run

import hquant_cffi
from hquant_cffi._ffi import ffi, lib

INCLUDE = Path(__file__).resolve().parents[2] / "include"
HEADERS = [INCLUDE / "hquant.h", *sorted((INCLUDE / "hquant").glob("*.h"))]
CTYPESGEN = Path(sys.executable).parent / "ctypesgen"

# {struct: (size, {field: offset})}
Layout = dict[str, tuple[int, dict[str, int]]]

# From the table of the specification, worked out by hand; HqNewest is compiled into programs.
SPECIFIED: Layout = {
    "Bar": (
        56,
        dict(timestamp=0, open=8, high=16, low=24, close=32, volume=40, buy_volume=48),
    ),
    "Signal": (16, dict(strategy_id=0, action=4, timestamp=8)),
    "IndicatorValue": (32, dict(kind=0, a=8, b=16, c=24)),
    "HqColumnF64": (32, dict(ptr=0, capacity=8, len=16, head=24)),
    "HqColumnI64": (32, dict(ptr=0, capacity=8, len=16, head=24)),
    "HqNewest": (24, dict(values=0, places=8, count=16)),
    "BacktestParams": (
        48,
        dict(
            initial_margin=0,
            leverage=8,
            contract_size=16,
            maker_fee_rate=24,
            taker_fee_rate=32,
            maintenance_margin_rate=40,
        ),
    ),
    "BacktestResult": (
        40,
        dict(equity=0, profit=8, profit_rate=16, max_drawdown_rate=24, liquidated=32),
    ),
}


@pytest.fixture(scope="module")
def by_cffi() -> Layout:
    """Every open struct, as the extension module was compiled."""
    layout: Layout = {}
    for name in ffi.list_types()[0]:
        if ffi.typeof(name).kind != "struct":
            continue
        try:
            size = ffi.sizeof(name)
        except ffi.error:  # opaque; asking cffi for its fields would end the process
            continue
        layout[name] = (size, {f: ffi.offsetof(name, f) for f, _ in ffi.typeof(name).fields})
    return layout


@pytest.fixture(scope="module")
def ctypesgen_output(native: Native, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The headers as ctypesgen reads them: a Python module and JSON."""
    if not CTYPESGEN.exists():
        pytest.skip("no ctypesgen in this environment")
    folder = tmp_path_factory.mktemp("ctypesgen")
    paths = {"py": folder / "bindings.py", "json": folder / "bindings.json"}
    for language, path in paths.items():
        run(
            *(CTYPESGEN, "-D", "HQ_API=", "--no-macros", f"--output-language={language}"),
            *("-l", "hquant", "-L", native.lib, "-I", INCLUDE, *HEADERS, "-o", path),
        )
    return paths


def test_cffi_agrees_with_the_specification(by_cffi: Layout) -> None:
    assert {name: by_cffi[name] for name in SPECIFIED} == SPECIFIED
    assert ffi.sizeof("Action") == ffi.sizeof("IndicatorValueKind") == 1


def test_cffi_sees_every_struct_of_the_headers(by_cffi: Layout) -> None:
    text = "\n".join(header.read_text() for header in HEADERS)
    assert set(by_cffi) == set(re.findall(r"^typedef struct (\w+) \{", text, flags=re.M))


def test_c_compiler_agrees(by_cffi: Layout, cc: str, tmp_path: Path) -> None:
    lines = [f'#include "{header.relative_to(INCLUDE)}"' for header in HEADERS]
    lines += ["#include <stdio.h>", "int main(void) {"]
    for name, (_, fields) in by_cffi.items():
        lines.append(f'printf("{name} {name} %zu\\n", sizeof({name}));')
        lines += [f'printf("{name} {f} %zu\\n", offsetof({name}, {f}));' for f in fields]
    lines.append("return 0; }")
    source = tmp_path / "layout.c"
    source.write_text("\n".join(lines))
    run(cc, "-std=c11", "-I", INCLUDE, source, "-o", tmp_path / "layout")
    seen: Layout = {}
    for line in run(tmp_path / "layout").splitlines():
        name, field, number = line.split()
        if field == name:
            seen[name] = (int(number), {})
        else:
            seen[name][1][field] = int(number)
    assert seen == by_cffi


def test_ctypesgen_agrees(by_cffi: Layout, ctypesgen_output: dict[str, Path]) -> None:
    module = runpy.run_path(str(ctypesgen_output["py"]))
    seen: Layout = {}
    for name in by_cffi:
        struct = module[name]
        offsets = {f: getattr(struct, f).offset for f, *_ in struct._fields_}
        seen[name] = (ctypes.sizeof(struct), offsets)
    assert seen == by_cffi


def test_ctypesgen_and_cffi_know_the_same_functions(ctypesgen_output: dict[str, Path]) -> None:
    items = json.loads(ctypesgen_output["json"].read_text())
    seen = {
        item["name"]: len(item["args"])
        for item in items
        if item["type"] == "function" and item["name"].startswith(("hq_", "hquant_"))
    }
    functions = {
        name: len(ffi.typeof(getattr(lib, name)).args)
        for name in dir(lib)
        if name.startswith(("hq_", "hquant_")) and not name.startswith("hq_python_")
    }
    assert seen == functions
    assert len(functions) >= 28


def test_ctypesgen_bindings_run(ctypesgen_output: dict[str, Path]) -> None:
    module = runpy.run_path(str(ctypesgen_output["py"]))
    engine = module["hquant_new"](8)
    module["hquant_push_bar"](engine, module["Bar"](1, 2.0, 3.0, 1.0, 2.5, 4.0, 5.0))
    column = module["hquant_close_column"](engine)
    assert (column.len, column.head, column.ptr[0]) == (1, 1, 2.5)
    module["hquant_free"](engine)


def _package_dtypes() -> dict[str, np.dtype[Any]]:
    found = {}
    for info in pkgutil.walk_packages(hquant_cffi.__path__, "hquant_cffi."):
        if info.name.endswith(("__main__", "_build_ffi", "_cffi")):
            continue
        module = importlib.import_module(info.name)
        for name, value in vars(module).items():
            if isinstance(value, np.dtype) and value.names:
                found[f"{info.name}.{name}"] = value
    return found


def test_numpy_record_types_agree(by_cffi: Layout) -> None:
    dtypes = _package_dtypes()
    assert dtypes, "the package declares no record type"
    for where, dtype in dtypes.items():
        assert dtype.names is not None and dtype.fields is not None
        seen = (dtype.itemsize, {name: dtype.fields[name][1] for name in dtype.names})
        # Padding need not be named.
        matching = [
            name
            for name, (size, fields) in by_cffi.items()
            if (size, {f: at for f, at in fields.items() if f in seen[1]}) == seen
            and all(
                ffi.sizeof(kind.type) == dtype.fields[f][0].itemsize
                for f, kind in ffi.typeof(name).fields
                if f in seen[1]
            )
        ]
        assert matching, f"{where} has the layout of no C struct: {seen}"


def test_constants_are_the_headers_values() -> None:
    assert (lib.ACTION_BUY, lib.ACTION_SELL, lib.ACTION_HOLD) == (1, 2, 3)
    assert (lib.INDICATOR_SCALAR, lib.INDICATOR_TRIPLE) == (1, 2)
    assert (lib.HQ_CAPACITY_MAX, lib.HQ_PERIOD_MAX, lib.HQ_VALUE_MAX) == (1 << 27, 1 << 20, 1e100)


def test_every_status_of_the_list_reaches_python() -> None:
    text = (INCLUDE / "hquant" / "status.h").read_text()
    listed = {name: int(value) for name, value in re.findall(r"X\((HQ_\w+), (-?\d+),", text)}
    assert listed["HQ_OK"] == 0 and len(listed) >= 15
    for name, value in listed.items():
        assert getattr(lib, name) == value
        assert ffi.string(lib.hq_status_name(value)).decode() == name
