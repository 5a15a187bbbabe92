"""Each public header stands alone, in C and in C++, and ctypesgen reads them all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support import run

INCLUDE = Path(__file__).resolve().parents[2] / "include"
HEADERS = sorted(p.relative_to(INCLUDE).as_posix() for p in INCLUDE.rglob("*.h"))
STRICT = ("-Wall", "-Wextra", "-Werror", "-pedantic", "-fsyntax-only", "-I", str(INCLUDE))


@pytest.mark.parametrize("standard", ["c99", "c11", "c++17"])
@pytest.mark.parametrize("header", HEADERS)
def test_header_stands_alone(cc: str, cxx: str, tmp_path: Path, header: str, standard: str) -> None:
    # Twice: the include guard is part of the claim.
    source = tmp_path / ("one.cpp" if standard.startswith("c++") else "one.c")
    source.write_text(f'#include "{header}"\n#include "{header}"\nextern int used;\nint used;\n')
    run(cxx if source.suffix == ".cpp" else cc, f"-std={standard}", *STRICT, source)


def test_there_are_headers() -> None:
    assert "hquant.h" in HEADERS
    assert "hquant/status.h" in HEADERS


@pytest.mark.parametrize("header", HEADERS)
def test_cdef_markers_pair_up(header: str) -> None:
    text = (INCLUDE / header).read_text()
    marks = [m for m in ("/* [cdef] */", "/* [/cdef] */") for _ in range(text.count(m))]
    assert marks.count("/* [cdef] */") == marks.count("/* [/cdef] */") > 0
    inside = False
    for line in text.splitlines():
        if line.strip() == "/* [cdef] */":
            assert not inside
            inside = True
        elif line.strip() == "/* [/cdef] */":
            assert inside
            inside = False
        else:
            # A preprocessor line inside is lost to cffi; a prototype outside is too.
            assert not (inside and line.startswith("#")), line
            assert inside or not line.startswith("HQ_API "), line


_STRUCT = re.compile(r"typedef struct (\w+) \{(.*?)\} \1;", flags=re.S)
_FUNCTION = re.compile(r"/\*\*((?:(?!\*/).)*)\*/\s*HQ_API [^;(]*?\b(\w+)\(([^;]*)\);", flags=re.S)
# What a name says by itself, or a group of functions says at its head.
PLAIN = {"handle", "aggregator", "multi", "program", "result", "void"}
ACCOUNT = {"price", "margin", "fee_rate"}


@pytest.mark.parametrize("header", HEADERS)
def test_every_field_says_what_it_holds(header: str) -> None:
    for name, body in _STRUCT.findall((INCLUDE / header).read_text()):
        for line in filter(str.strip, body.splitlines()):
            assert "/**<" in line, f"{name}: {line.strip()}"


@pytest.mark.parametrize("header", HEADERS)
def test_every_parameter_is_described(header: str) -> None:
    """Named in the function's own comment, or in that of the function it refers to."""
    for comment, function, parameters in _FUNCTION.findall((INCLUDE / header).read_text()):
        names = {re.findall(r"\w+", p)[-1] for p in parameters.split(",")} - PLAIN
        if function.startswith("hq_backtest_"):
            names -= ACCOUNT
        refers = re.search(r"\b(?:hq|hquant)_\w+\(", comment)
        missing = {n for n in names if not re.search(rf"\b{n}\b", comment)}
        assert not missing or refers, f"{function}: {missing}"
