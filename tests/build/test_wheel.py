"""What the wheel holds, and that it runs where it was not built."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

from support import run


def test_wheel_is_abi3_for_311(wheel: Path) -> None:
    assert "-cp311-abi3-linux_" in wheel.name


def test_wheel_carries_library_headers_and_package_files(wheel: Path, repository: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    native = "hquant_cffi/_native"
    headers = [p.relative_to(repository) for p in (repository / "include").rglob("*.h")]
    expected = {
        "hquant_cffi/_cffi.abi3.so",
        "hquant_cffi/py.typed",
        f"{native}/lib/libhquant.so",
        f"{native}/lib/libhquant.a",
        f"{native}/lib/libhquant_dsl.so",
        f"{native}/lib/pkgconfig/hquant.pc",
        f"{native}/lib/cmake/hquant/hquantConfig.cmake",
        f"{native}/lib/cmake/hquant/hquantConfigVersion.cmake",
        f"{native}/lib/cmake/hquant/hquantTargets.cmake",
        *(f"{native}/{header.as_posix()}" for header in headers),
    }
    assert expected - names == set()
    assert len(headers) >= 2


def test_wheel_carries_every_module_and_data_file(wheel: Path, repository: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    package = repository / "hquant_cffi"
    for pattern in ("*.py", "*.pyi", "*.lark", "*.csv.gz"):
        for path in package.rglob(pattern):
            name = path.relative_to(repository).as_posix()
            assert (name in names) == (path.name != "_build_ffi.py"), name


def test_wheel_carries_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top.split("-")[0] for top in tops} == {"hquant_cffi"}
    stray = [n for n in zipfile.ZipFile(wheel).namelist() if n.endswith((".c", ".pyc", ".o"))]
    assert stray == []


def test_extension_finds_the_library_beside_itself(unpacked_wheel: Path) -> None:
    extension = unpacked_wheel / "hquant_cffi" / "_cffi.abi3.so"
    dynamic = run("readelf", "-d", extension)
    assert "[$ORIGIN/_native/lib]" in dynamic
    assert "[libhquant.so]" in dynamic


def test_unpacked_wheel_runs_and_describes_itself(unpacked_wheel: Path, tmp_path: Path) -> None:
    # -S: without site-packages, so that the editable install cannot answer in its place; what it
    # depends on is added behind it.
    program = (
        "import sys; sys.path[:0] = [sys.argv[1]]; sys.path += sys.argv[2:];"
        "from hquant_cffi import _config; print(_config.describe()['libdir'])"
    )
    site_packages = [p for p in sys.path if p.endswith("site-packages")]
    out = run(*(sys.executable, "-S", "-c", program, unpacked_wheel, *site_packages), cwd=tmp_path)
    assert out.strip() == str(unpacked_wheel / "hquant_cffi" / "_native" / "lib")
