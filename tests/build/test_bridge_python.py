"""Which Python compiles the text of a C program, and what is said when it is the wrong one."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from bridge_host import (
    TEXT,
    answering,
    build_host,
    compiler_stub,
    copy_libraries,
    host,
    script,
)
from support import Native, run

from hquant_cffi import Strategy, __version__
from hquant_cffi.dsl.bytecode import NEWEST_VERSION

SIZE = len(Strategy.compile(TEXT).bytecode)
COMPILED = f"HQ_OK {SIZE} \n"
OWN_PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture(scope="module")
def program(cc: str, native: Native, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_host(cc, native, tmp_path_factory.mktemp("python") / "host")


@pytest.fixture(scope="module")
def unrecorded(prefix: Path, native: Native, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of both libraries, of which libhquant_dsl knows no Python from its build."""
    folder = tmp_path_factory.mktemp("unrecorded")
    shutil.copy(native.shared_library, folder)
    shutil.copy(prefix / "lib" / "libhquant_dsl.so", folder)
    return folder


def refusal(said: str) -> str:
    """Return what a refusal says, which must name the way out."""
    assert said.startswith("HQ_ENOCOMPILER 0 "), said
    assert "HQUANT_PYTHON" in said and "hquant compile" in said and "ship" in said
    return said


# --------------------------------------------------------------------- where it is found


def test_the_recorded_python_compiles_in_an_empty_environment(program: Path) -> None:
    assert host(program, "plain", TEXT) == COMPILED


def test_a_name_without_a_slash_is_looked_for_on_the_path(program: Path, tmp_path: Path) -> None:
    compiler_stub(tmp_path / "bin" / "our-python")
    path = f"{tmp_path / 'none'}:{tmp_path / 'bin'}:{os.environ['PATH']}"
    assert host(program, "plain", TEXT, python="our-python", PATH=path) == COMPILED


def test_a_relative_path_counts_from_the_working_folder(program: Path, tmp_path: Path) -> None:
    compiler_stub(tmp_path / "bin" / "python")
    there = {"PATH": os.environ["PATH"]}
    assert host(program, "plain", TEXT, python="bin/python", cwd=tmp_path, **there) == COMPILED
    said = refusal(host(program, "plain", TEXT, python="bin/python", cwd=tmp_path.parent))
    assert "strategy compiler bin/python: there is no such program" in said


@pytest.mark.parametrize("lib", ["lib", "lib64"])
@pytest.mark.parametrize("name", [OWN_PYTHON, "python3"])
def test_a_library_in_site_packages_takes_the_python_of_that_environment(
    cc: str, native: Native, unrecorded: Path, tmp_path: Path, lib: str, name: str
) -> None:
    environment = tmp_path / "lib" / "python3-things" / "venv"  # an environment in another's shadow
    packages = environment / lib / OWN_PYTHON / "site-packages"
    folder = copy_libraries(unrecorded, packages / "hquant_cffi" / "_native" / "lib")
    compiler_stub(environment / "bin" / name)
    program = build_host(cc, native, tmp_path / "host", folder)
    assert host(program, "plain", TEXT) == COMPILED


def test_the_environments_own_version_goes_before_python3(
    cc: str, native: Native, unrecorded: Path, tmp_path: Path
) -> None:
    folder = copy_libraries(unrecorded, tmp_path / "lib" / OWN_PYTHON / "site-packages" / "x")
    compiler_stub(tmp_path / "bin" / OWN_PYTHON)
    script(tmp_path / "bin" / "python3", "exit 9")
    program = build_host(cc, native, tmp_path / "host", folder)
    assert host(program, "plain", TEXT) == COMPILED


def test_where_nothing_is_named_or_recorded_python3_of_the_path_is_tried(
    cc: str, native: Native, unrecorded: Path, tmp_path: Path
) -> None:
    folder = copy_libraries(unrecorded, tmp_path / "libraries")
    program = build_host(cc, native, tmp_path / "host", folder)
    compiler_stub(tmp_path / "bin" / "python3")
    assert host(program, "plain", TEXT, PATH=f"{tmp_path / 'bin'}:{os.environ['PATH']}") == COMPILED
    said = refusal(host(program, "plain", TEXT, PATH=str(tmp_path)))
    assert "strategy compiler python3: HQUANT_PYTHON names none" in said
    assert "HQUANT_PYTHON names none" in refusal(host(program, "plain", TEXT))


def test_a_program_that_holds_the_library_finds_the_compiler_beside_itself(
    cc: str, native: Native, prefix: Path, tmp_path: Path
) -> None:
    shutil.copy(prefix / "lib" / "libhquant_dsl.so", tmp_path / "libhquant_dsl.so")
    source = Path(__file__).parent / "consumer" / "text_host.c"
    run(
        *(cc, "-DHQ_STATIC", "-I", native.include, source, prefix / "lib" / "libhquant.a"),
        *("-lm", "-pthread", "-o", tmp_path / "host"),
    )
    assert host(tmp_path / "host", "plain", TEXT, python=sys.executable) == COMPILED


# ------------------------------------------------------------------------- the wrong one


def test_an_old_python_is_told_apart(program: Path, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\nsys.version_info = (3, 10, 9, 'final', 0)\n"
    )
    said = host(program, "plain", TEXT, python=sys.executable, PYTHONPATH=str(tmp_path))
    assert "it is Python 3.10, hquant_cffi needs 3.11 or newer" in refusal(said)


def test_a_python_without_the_package_is_told_apart(program: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv")
    python = tmp_path / "venv" / "bin" / "python"
    said = refusal(host(program, "plain", TEXT, python=python))
    assert "No module named 'hquant_cffi'" in said and str(python)[:100] in said


@pytest.mark.parametrize(
    ("version", "hqbc"),
    [("9.9.9", NEWEST_VERSION), (__version__, (NEWEST_VERSION[0], NEWEST_VERSION[1] + 1)),
     (__version__, (NEWEST_VERSION[0] + 1, 0)), (__version__ + "0", NEWEST_VERSION)],
)  # fmt: skip
def test_a_package_of_another_version_is_refused_with_both_named(
    program: Path, tmp_path: Path, version: str, hqbc: tuple[int, int]
) -> None:
    theirs = f"hquant {version} HQBC {hqbc[0]}.{hqbc[1]}"
    own = f"hquant {__version__} HQBC {NEWEST_VERSION[0]}.{NEWEST_VERSION[1]}"
    content = theirs.encode() + b"\nP" + Strategy.compile(TEXT).bytecode
    other = answering(tmp_path / "python", content)
    said = refusal(host(program, "plain", TEXT, python=other))
    assert f"its compiler is of {theirs}, this library of {own}" in said


def test_a_bridge_of_another_version_is_refused(
    cc: str, native: Native, unrecorded: Path, tmp_path: Path
) -> None:
    folder = copy_libraries(unrecorded, tmp_path / "libraries")
    (tmp_path / "old.c").write_text("int hq_bridge_compile;\n")
    run(cc, "-shared", tmp_path / "old.c", "-o", folder / "libhquant_dsl.so")
    program = build_host(cc, native, tmp_path / "host", folder)
    said = host(program, "plain", TEXT, python=sys.executable)
    assert said.startswith("HQ_ENOCOMPILER 0 strategy text needs a compiler: the libhquant_dsl")
    assert f"not of this version of hquant, {__version__}" in said and "ship" in said


@pytest.mark.parametrize(
    ("kind", "why"),
    [("missing", "there is no such program"), ("folder", "it may not be executed"),
     ("text", "it may not be executed"), ("not a program", "it is not a program of this machine")],
)  # fmt: skip
def test_what_cannot_be_started_is_named_with_the_reason(
    program: Path, tmp_path: Path, kind: str, why: str
) -> None:
    python = tmp_path / "python"
    if kind == "folder":
        python.mkdir()
    elif kind != "missing":
        python.write_text("just words\n")
        python.chmod(0o755 if kind == "not a program" else 0o644)
    said = refusal(host(program, "plain", TEXT, python=python))
    assert f"{python}"[:100] in said and why in said


@pytest.mark.parametrize("value", ["soon", "0", "-5", "1.5", "3600001", "9" * 20, "5s"])
def test_a_time_limit_that_is_none_is_refused(program: Path, value: str) -> None:
    limit = {"HQUANT_COMPILE_TIMEOUT_MS": value}
    said = host(program, "plain", TEXT, python=sys.executable, **limit)
    assert said == "HQ_EINVAL 0 HQUANT_COMPILE_TIMEOUT_MS: expected milliseconds, 1..3600000\n"
