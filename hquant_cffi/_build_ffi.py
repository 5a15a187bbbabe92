"""Write the C source of the extension module ``hquant_cffi._cffi`` from the public headers.

Run by the build as ``_build_ffi.py INCLUDE_DIR OUTPUT.c``; not part of the installed package.
Everything is cut out of the headers, so that the two cannot drift: declarations between
``/* [cdef] */`` and ``/* [/cdef] */``, constants by their ``#define``, status codes by their
list, and the Python side of a callback by its function pointer's typedef.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from cffi import FFI

# hq_indicator_batch() with columns as arguments, inputs before outputs: to cffi a list of pointers
# costs more than many a call computes. One function for each number of columns; and one for each
# number of inputs and of several outputs, which are handed over as one block, one behind the other.
INPUTS, OUTPUTS = 6, 5  # that an indicator has at most
COLUMNS = range(2, INPUTS + OUTPUTS + 1)
BLOCKS = [(i, o) for i in range(1, INPUTS + 1) for o in range(2, OUTPUTS + 1)]

# Callbacks that Python implements: the C type, and the name of the Python function in `lib`.
CALLBACKS = {"HqCompileFn": "hq_python_compile", "HqProgressFn": "hq_python_progress"}


def headers_in_order(include: Path) -> list[Path]:
    """Return every public header, each behind the headers that it includes."""
    ordered: list[Path] = []

    def visit(header: Path) -> None:
        if header in ordered:
            return
        for name in re.findall(r'^#include "([^"]+)"', header.read_text(), flags=re.M):
            visit((header.parent / name).resolve())
        ordered.append(header)

    for header in [include / "hquant.h", *sorted((include / "hquant").glob("*.h"))]:
        visit(header.resolve())
    return ordered


def declarations(text: str) -> str:
    """Return what stands between the cdef markers, as cffi reads it."""
    cuts = re.findall(r"/\* \[cdef\] \*/(.*?)/\* \[/cdef\] \*/", text, flags=re.S)
    return re.sub(r"\bHQ_API\b", "", "\n".join(cuts))


def constants(text: str) -> str:
    """Return the public constants: integers, doubles and status codes."""
    integers = re.findall(r"^#define ([A-Z][A-Z0-9_]*) +\(\(\w+\)", text, flags=re.M)
    doubles = re.findall(r"^#define ([A-Z][A-Z0-9_]*) +\d+(?:\.\d+)?e\d+", text, flags=re.M)
    codes = re.findall(r"\bX\((HQ_\w+), -?\d+,", text)
    lines = [f"#define {name} ..." for name in integers + codes]
    lines += [f"static const double {name};" for name in doubles]
    return "\n".join(lines)


def callbacks(text: str) -> str:
    """Return an ``extern "Python"`` function for each callback type."""
    lines = []
    for type_name, function in CALLBACKS.items():
        pattern = rf"typedef (\w+) \(\*{type_name}\)\(([^;]*)\);"
        found = re.search(pattern, declarations(text))
        if found is None:
            raise SystemExit(f"{type_name}: no typedef of a function pointer in the headers")
        result, arguments = found.groups()
        lines.append(f'extern "Python" {result} {function}({arguments});')
    return "\n".join(lines)


def batch_functions() -> tuple[str, str]:
    """Return declarations and definitions of the functions of `COLUMNS` and `BLOCKS`."""
    heads, bodies = [], []
    for count in COLUMNS:
        columns = [f"c{i}" for i in range(count)]
        head = (
            f"HqStatus hq_python_batch_{count}(const HqIndicatorSpec *spec, size_t length, "
            f"size_t n_inputs, {', '.join(f'double *{each}' for each in columns)})"
        )
        heads.append(f"{head};")
        bodies.append(
            f"static {head} {{\n"
            f"    double *columns[] = {{{', '.join(columns)}}};\n"
            "    const double *const *inputs = (const double *const *)columns;\n"
            "    return hq_indicator_batch(spec, inputs, length, columns + n_inputs);\n}"
        )
    for inputs, outputs in BLOCKS:
        columns = [f"c{i}" for i in range(inputs)]
        head = (
            f"HqStatus hq_python_block_{inputs}_{outputs}(const HqIndicatorSpec *spec, "
            f"size_t length, {', '.join(f'double *{each}' for each in columns)}, double *block)"
        )
        heads.append(f"{head};")
        bodies.append(
            f"static {head} {{\n"
            f"    const double *inputs[] = {{{', '.join(columns)}}};\n"
            f"    double *outputs[{outputs}];\n"
            f"    for (size_t i = 0; i < {outputs}; i++)\n"
            "        outputs[i] = block + i * length;\n"
            "    return hq_indicator_batch(spec, inputs, length, outputs);\n}"
        )
    return "\n".join(heads), "\n".join(bodies)


#: The first value alone: a struct by value costs a trip through Python for each field.
LAST = "double hq_python_indicator_last(HQuant *handle, uint32_t id)"
LAST_BODY = f"static {LAST}\n{{\n    return hquant_indicator_last(handle, id).a;\n}}"


def builder(include: Path) -> FFI:
    """Return an FFI that knows the whole public ABI."""
    headers = headers_in_order(include)
    text = "\n".join(header.read_text() for header in headers)
    root = include.resolve()
    includes = [f'#include "{header.relative_to(root).as_posix()}"' for header in headers]
    heads, bodies = batch_functions()
    ffi = FFI()
    ffi.cdef("\n".join([declarations(text), constants(text), callbacks(text), heads, f"{LAST};"]))
    ffi.set_source("hquant_cffi._cffi", "\n".join([*includes, bodies, LAST_BODY]))
    return ffi


if __name__ == "__main__":
    builder(Path(sys.argv[1])).emit_c_code(sys.argv[2])
