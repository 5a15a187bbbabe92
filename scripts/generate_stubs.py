#!/usr/bin/env python3
"""Write hquant_cffi/indicators.pyi from the indicator table; `--check` only compares."""

from __future__ import annotations

import sys
from pathlib import Path

from hquant_cffi._indicator_functions import result_name
from hquant_cffi._indicator_table import Indicator, table

STUB = Path(__file__).resolve().parent.parent / "hquant_cffi" / "indicators.pyi"

HEAD = """\
# Made by scripts/generate_stubs.py from the C core's table. Do not edit.
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from hquant_cffi._indicator_table import Indicator as Indicator
from hquant_cffi._indicator_table import IndicatorInput as IndicatorInput
from hquant_cffi._indicator_table import IndicatorParam as IndicatorParam
from hquant_cffi._indicator_table import Mode as Mode
from hquant_cffi._indicator_table import find as find
from hquant_cffi._indicator_table import table as table

_Floats: TypeAlias = npt.NDArray[np.float64]
"""


def result_class(row: Indicator) -> str:
    """Return the class of a row's several outputs."""
    fields = "".join(f"    {name}: _Floats\n" for name in row.outputs)
    return f"\nclass {result_name(row)}(NamedTuple):\n{fields}"


def signature(row: Indicator) -> str:
    """Return a row's function."""
    arguments = [f"{item.name}: npt.ArrayLike" for item in row.inputs] + ["/"]
    for param in row.params:
        kind = "int" if param.is_integer else "float"
        default = "" if param.default is None else f" = {param.default}"
        arguments.append(f"{param.name}: {kind}{default}")
    arguments += ["*", 'mode: Mode = "seed"']
    result = "_Floats" if len(row.outputs) == 1 else result_name(row)
    line = f"def {row.name.lower()}({', '.join(arguments)}) -> {result}: ...\n"
    if len(line) <= 101:
        return line
    inner = ", ".join(arguments)
    if len(inner) > 96:
        inner = ",\n    ".join(arguments) + ","
    return f"def {row.name.lower()}(\n    {inner}\n) -> {result}: ...\n"


def stub() -> str:
    """Return the whole stub file."""
    rows = table()
    classes = "".join(result_class(row) for row in rows if len(row.outputs) > 1)
    return HEAD + classes + "\n" + "".join(map(signature, rows))


if __name__ == "__main__":
    if "--check" not in sys.argv[1:]:
        STUB.write_text(stub())
    elif STUB.read_text() != stub():
        sys.exit(f"{STUB.name} is out of date: run scripts/generate_stubs.py")
