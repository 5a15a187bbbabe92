"""Programs of strangers: written against the seed's text, built from what we install."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest
from support import run

CONSUMER = Path(__file__).parent / "consumer"
STRICT = ("-Wall", "-Wextra", "-Werror", "-pedantic")
LANGUAGES = {
    "c99": ("c", "-std=c99"),
    "c11": ("c", "-std=c11"),
    "c++17": ("c++", "-std=c++17"),
}


@pytest.fixture(scope="session", params=["prefix", "wheel"])
def installed(request: pytest.FixtureRequest) -> Path:
    """The folder that holds include/ and lib/, of either form of the product."""
    if request.param == "prefix":
        return request.getfixturevalue("prefix")
    return request.getfixturevalue("unpacked_wheel") / "hquant_cffi" / "_native"


def test_find_package_builds_c_and_cxx_shared_and_static(
    installed: Path, cmake: str, cc: str, cxx: str, tmp_path: Path
) -> None:
    build = tmp_path / "build"
    run(
        *(cmake, "-S", CONSUMER, "-B", build, f"-DCMAKE_PREFIX_PATH={installed}"),
        *(f"-DCMAKE_C_COMPILER={cc}", f"-DCMAKE_CXX_COMPILER={cxx}"),
    )
    run(cmake, "--build", build)
    for program in ("c_hquant", "c_hquant_static", "cxx_hquant", "cxx_hquant_static"):
        assert "seed client: ok" in run(build / program)


@pytest.mark.parametrize("linkage", ["shared", "static"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_pkg_config_builds_every_language(
    installed: Path, cc: str, cxx: str, tmp_path: Path, language: str, linkage: str
) -> None:
    pkg_config = shutil.which("pkg-config")
    if pkg_config is None:
        pytest.skip("no pkg-config on this machine")
    here = {"PKG_CONFIG_PATH": str(installed / "lib" / "pkgconfig")}
    static = ("--static",) if linkage == "static" else ()
    flags = run(pkg_config, "--cflags", "hquant", env=here).split()
    libs = run(pkg_config, *static, "--libs", "hquant", env=here).split()
    assert ("-ldl" in libs) == (linkage == "static")  # dlopen() before glibc 2.34
    kind, standard = LANGUAGES[language]
    program = tmp_path / "client"
    # But for one, objects as any linker reads them: to optimise across files takes 9 s a program.
    lto = () if (language, linkage) == ("c11", "static") else ("-fno-lto",)
    run(
        *(cxx if kind == "c++" else cc, standard, *lto, *STRICT, *flags),
        *("-x", kind, CONSUMER / "seed_client.c", "-x", "none"),
        *(("-static",) if linkage == "static" else (f"-Wl,-rpath,{installed / 'lib'}",)),
        *(*libs, "-lm", "-o", program),
    )
    assert "seed client: ok" in run(program)


def test_described_flags_build_a_program_that_finds_its_library(cc: str, tmp_path: Path) -> None:
    from hquant_cffi import _config

    described = _config.describe()
    flags, libs = shlex.split(described["cflags"]), shlex.split(described["libs"])
    program = tmp_path / "client"
    run(cc, *STRICT, *flags, CONSUMER / "seed_client.c", *libs, "-lm", "-o", program)
    assert "seed client: ok" in run(program)
    for folder in ("includedir", "libdir", "cmakedir"):
        assert Path(described[folder]).is_dir()


@pytest.mark.parametrize("optimisation", ["-O0", "-O2"])
@pytest.mark.parametrize("compiler", ["cc", "clang"])
def test_what_the_header_compiles_in_needs_no_other_library(
    cc: str, repository: Path, tmp_path: Path, compiler: str, optimisation: str
) -> None:
    from hquant_cffi import _config

    if compiler == "clang":
        try:
            cc = run(repository / "scripts" / "clang.sh").strip()
        except AssertionError:
            pytest.skip("no clang on this machine")
    described = _config.describe()
    flags, libs = shlex.split(described["cflags"]), shlex.split(described["libs"])
    program = tmp_path / "client"
    source = CONSUMER / "newest_client.c"
    run(cc, "-std=c99", optimisation, *STRICT, *flags, source, *libs, "-o", program)
    assert run(program) == "1.5 nan\n"


def test_soname_carries_the_abi_version_outside_a_wheel(prefix: Path) -> None:
    link = prefix / "lib" / "libhquant.so"
    assert link.is_symlink()
    assert (prefix / "lib" / "libhquant.so.0").is_symlink()
    assert "SONAME" in (dynamic := run("readelf", "-d", link))
    assert "[libhquant.so.0]" in dynamic


def test_installed_files_name_no_path_of_the_build(prefix: Path, repository: Path) -> None:
    texts = [p for p in prefix.rglob("*") if p.suffix in {".cmake", ".pc"}]
    assert len(texts) >= 4
    for text in texts:
        assert str(repository) not in text.read_text(), text
        assert str(prefix.parent) not in text.read_text(), text
