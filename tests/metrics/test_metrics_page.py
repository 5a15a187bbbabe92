"""docs/metrics.md, the C struct and the Python class have the same figures."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from hquant_cffi import Metrics
from hquant_cffi._ffi import ffi

NAMES = [field.name for field in fields(Metrics)]
SOURCES = {"periods_per_year_from", "days_per_year_from"}


def test_page_has_each_figure_once(repository: Path) -> None:
    page = (repository / "docs/metrics.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| `(\w+)` \|", page, flags=re.M)) == sorted(NAMES)


def test_every_formula_is_there(repository: Path) -> None:
    page = (repository / "docs/metrics.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", page, flags=re.M)
    assert len(rows) == len(NAMES)
    assert [name for name, formula in rows if not formula.strip()] == []


def test_class_has_the_fields_of_the_struct() -> None:
    struct = {name for name, _ in ffi.typeof("HqMetrics").fields}
    assert struct - {"struct_size", "reserved"} == set(NAMES) - SOURCES


def test_class_documents_every_figure() -> None:
    text = Metrics.__doc__ or ""
    assert [name for name in NAMES if not re.search(rf"\b{name}\b", text)] == []
