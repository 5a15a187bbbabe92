"""What a C program loads and starts for the compiler: nothing that its caller's folder decides."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from bridge_host import HOST, TEXT, build_host, compiler_stub, host, script
from support import Native, run

from hquant_cffi import Strategy

COMPILED = f"HQ_OK {len(Strategy.compile(TEXT).bytecode)} \n"
NOBODY = 65534

# Says so when it is loaded, by a program that ought not to.
PLANTED = r"""
#include <unistd.h>
__attribute__((constructor)) static void tell(void)
{
    (void)!write(1, "PLANTED ", 8);
}
"""


@pytest.fixture(scope="module")
def linked(cc: str, prefix: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program that libhquant is linked into, alone in its folder."""
    program = tmp_path_factory.mktemp("linked") / "host"
    run(
        *(cc, "-DHQ_STATIC", "-I", prefix / "include", HOST, prefix / "lib" / "libhquant.a"),
        *("-lm", "-pthread", "-o", program),
    )
    return program


@pytest.fixture(scope="module")
def planted(cc: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of somebody who would like to be loaded."""
    folder = tmp_path_factory.mktemp("planted")
    (folder / "planted.c").write_text(PLANTED)
    run(cc, "-shared", "-fPIC", folder / "planted.c", "-o", folder / "libhquant_dsl.so")
    return folder


def named(program: Path, name: str | Path, cwd: Path, **options: int) -> str:
    """Run a program under a name of the caller's choice."""
    done = subprocess.run(
        [str(name), "plain", TEXT],
        executable=program,
        cwd=cwd,
        env={"HQUANT_PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=True,
        **options,  # type: ignore[call-overload]
    )
    return str(done.stdout)


# ------------------------------------------------------------------------- libhquant_dsl


@pytest.mark.parametrize("name", ["host", "./host", "{planted}/host"])
def test_neither_name_nor_working_folder_of_a_program_choose_the_library(
    linked: Path, planted: Path, name: str
) -> None:
    said = named(linked, name.format(planted=planted), planted)
    assert said.startswith("HQ_ENOCOMPILER 0 strategy text needs a compiler")


def test_whatever_its_name_a_program_finds_the_library_beside_itself(
    linked: Path, prefix: Path, planted: Path, tmp_path: Path
) -> None:
    shutil.copy(linked, tmp_path / "host")
    shutil.copy(prefix / "lib" / "libhquant_dsl.so", tmp_path)
    assert named(tmp_path / "host", planted / "host", planted) == COMPILED


# Stands where sanitizers and profilers do: the loader takes its folder for that of the caller.
BETWEEN = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
void *dlopen(const char *name, int flags)
{
    void *(*next)(const char *, int) = (void *(*)(const char *, int))dlsym(RTLD_NEXT, "dlopen");
    return next(name, flags);
}
"""


def libraries(native: Native, prefix: Path, folder: Path) -> Path:
    """Both libraries in a new folder; libhquant_dsl knows no Python from its build."""
    folder.mkdir()
    shutil.copy(native.shared_library, folder)
    shutil.copy(prefix / "lib" / "libhquant_dsl.so", folder)
    return folder


@pytest.mark.parametrize("is_linked", [True, False])
def test_who_stands_between_changes_nothing(
    cc: str, native: Native, linked: Path, prefix: Path, planted: Path, tmp_path: Path,
    is_linked: bool,
) -> None:  # fmt: skip
    (tmp_path / "between.c").write_text(BETWEEN)
    between = tmp_path / "elsewhere" / "between.so"
    between.parent.mkdir()
    run(cc, "-shared", "-fPIC", tmp_path / "between.c", "-o", between)
    folder = libraries(native, prefix, tmp_path / "libraries")
    program = folder / "host"
    if is_linked:
        shutil.copy(linked, program)
    else:
        build_host(cc, native, program, folder)
    environment = {"LD_PRELOAD": str(between), "HQUANT_PYTHON": sys.executable}
    said = subprocess.run(
        [planted / "host", "plain", TEXT], executable=program, cwd=planted, env=environment,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout == COMPILED


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users can enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_program_with_more_rights_than_its_user_starts_no_compiler(
    linked: Path, prefix: Path, open_folder: Path
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can make a program that has more rights than its user")
    if os.statvfs(open_folder).f_flag & os.ST_NOSUID:
        pytest.skip("programs here get no more rights")
    program = open_folder / "host"
    shutil.copy(linked, program)
    shutil.copy(prefix / "lib" / "libhquant_dsl.so", open_folder)
    program.chmod(0o4755)
    assert named(program, "host", open_folder) == COMPILED
    said = named(program, "host", open_folder, user=NOBODY)
    assert said.startswith("HQ_ENOCOMPILER 0 ")
    assert "more rights than its user" in said and "hquant compile" in said


# -------------------------------------------------------------------------------- Python


@pytest.fixture(scope="module")
def unrecorded(
    cc: str, native: Native, prefix: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A program whose libhquant_dsl knows no Python from its build."""
    folder = libraries(native, prefix, tmp_path_factory.mktemp("unrecorded") / "lib")
    return build_host(cc, native, folder / "host", folder)


@pytest.mark.parametrize("python", [None, "python3"])
@pytest.mark.parametrize("relative", ["", ":", ".", "bin", ":bin:./bin::"])
def test_relative_folders_of_the_path_are_not_searched(
    unrecorded: Path, tmp_path: Path, python: str | None, relative: str
) -> None:
    for folder in (tmp_path, tmp_path / "bin"):
        script(folder / "python3", f"echo ran > {tmp_path}/ran")
    said = host(unrecorded, "plain", TEXT, python=python, cwd=tmp_path, PATH=relative)
    assert said.startswith("HQ_ENOCOMPILER 0 strategy compiler python3: ")
    there = compiler_stub(tmp_path / "there" / "python3")
    path = f"{relative}:{there.parent}:{os.environ['PATH']}"
    assert host(unrecorded, "plain", TEXT, python=python, cwd=tmp_path, PATH=path) == COMPILED
    assert not (tmp_path / "ran").exists()


def test_what_is_no_program_is_passed_over_on_the_path(unrecorded: Path, tmp_path: Path) -> None:
    (tmp_path / "folder" / "python3").mkdir(parents=True)
    script(tmp_path / "plain" / "python3", "exit 9").chmod(0o644)
    compiler_stub(tmp_path / "there" / "python3")
    folders = [tmp_path / each for each in ("none", "folder", "plain", "there")]
    path = ":".join([*map(str, folders), "/" + "x" * 5000, os.environ["PATH"]])
    assert host(unrecorded, "plain", TEXT, PATH=path) == COMPILED


def test_a_name_that_the_path_does_not_have_is_said(unrecorded: Path, tmp_path: Path) -> None:
    script(tmp_path / "our-python", "exit 0")
    for path in ({}, {"PATH": "."}, {"PATH": str(tmp_path / "none")}):
        said = host(unrecorded, "plain", TEXT, python="our-python", cwd=tmp_path, **path)
        assert "strategy compiler our-python: no folder of the PATH has such a program" in said
        assert "HQUANT_PYTHON" in said
