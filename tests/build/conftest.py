"""The two forms of the product: a wheel, and an installation made without Python."""

from __future__ import annotations

import os
import shutil
import sys
import zipfile
from pathlib import Path

import pytest
from support import run


@pytest.fixture(scope="session")
def cmake() -> str:
    """CMake: the virtual environment's, else the machine's."""
    path = shutil.which("cmake", path=os.path.dirname(sys.executable)) or shutil.which("cmake")
    if path is None:
        pytest.skip("no cmake on this machine")
    return path


@pytest.fixture(scope="session")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of the source tree, as `make wheel`: what `make build` has compiled is not again."""
    folder = tmp_path_factory.mktemp("wheel")
    run(
        *(sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"),
        *("--wheel-dir", folder, repository),
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def unpacked_wheel(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's files, as pip would lay them out."""
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="session")
def prefix(repository: Path, cmake: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A `cmake --install` that saw no Python, moved afterwards: it must not know its old place."""
    folder = tmp_path_factory.mktemp("install")
    build, first, moved = folder / "build", folder / "first", folder / "moved"
    quick = "-DCMAKE_C_FLAGS_RELEASE=-O1 -DNDEBUG"  # nobody asks this one how fast it is
    run(cmake, "-S", repository, "-B", build, "-DCMAKE_INSTALL_LIBDIR=lib", quick)
    run(cmake, "--build", build, "-j", "2")
    run(cmake, "--install", build, "--prefix", first)
    first.rename(moved)
    return moved
