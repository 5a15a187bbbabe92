"""hquant.hpp: the whole C ABI, with exceptions and without, in every C++ since C++17."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import abi_watch
import pytest
from support import run

FOLDER = Path(__file__).parent / "cxx"
INCLUDE = Path(__file__).resolve().parents[2] / "include"
STRICT = ("-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror", "-pedantic")
MODES = {
    "exceptions": (),
    "no exceptions": ("-fno-exceptions",),
    "results": ("-DHQUANT_NO_EXCEPTIONS",),
}
STRATEGY = """PARAM n = 3 IN 2..5 STEP 1
IF close > SMA(close, n) THEN BUY
IF close < SMA(close, n) THEN SELL
"""
# Answers of a compiler that lives in the host: C function pointers, to be used as they are. And
# functions whose other form, which answers with a status, takes their place.
LEFT_TO_C = {
    *("hq_set_dsl_compiler", "hq_compile_succeed", "hq_compile_fail", "hq_compile_fail_with"),
    *("hquant_push_bar", "hquant_update_last_bar"),
}


@pytest.fixture(scope="module")
def clangxx(repository: Path) -> str:
    """Clang's C++ compiler, of the version that the fuzzers use."""
    clang = Path(run(repository / "scripts" / "clang.sh").strip())
    path = shutil.which(clang.with_name(clang.name.replace("clang", "clang++")))
    if path is None:
        pytest.skip("no clang++ on this machine")
    return path


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The strategy, compiled."""
    from hquant_cffi import Strategy

    path = tmp_path_factory.mktemp("program") / "strategy.hqbc"
    path.write_bytes(Strategy.compile(STRATEGY).bytecode)
    return path


def _link(prefix: Path) -> tuple[str, ...]:
    folder = prefix / "lib"
    return (f"-L{folder}", "-lhquant", f"-Wl,-rpath,{folder}")


def _headers() -> list[Path]:
    return [INCLUDE / "hquant" / "hquant.hpp", *sorted((INCLUDE / "hquant" / "cpp").glob("*.hpp"))]


@pytest.mark.parametrize("standard", ["c++17", "c++20", "c++2b"])
@pytest.mark.parametrize("compiler", ["cxx", "clangxx"])
def test_the_header_compiles_without_a_warning(
    request: pytest.FixtureRequest, tmp_path: Path, compiler: str, standard: str
) -> None:
    """Its pieces from the last to the first, then once more: order and guards are no matter."""
    source = tmp_path / "main.cpp"
    names = [f'#include "{header.relative_to(INCLUDE)}"\n' for header in _headers()]
    source.write_text("".join(names[::-1] + names) + "int main() { return 0; }\n")
    for mode in ("exceptions", "no exceptions"):
        run(
            *(request.getfixturevalue(compiler), f"-std={standard}", *STRICT, *MODES[mode]),
            *("-fsyntax-only", "-I", INCLUDE, source),
        )


@pytest.mark.parametrize(
    ("compiler", "standard", "mode"),
    [("cxx", "c++17", "exceptions"), ("clangxx", "c++20", "no exceptions")],
)
def test_the_classes_do_what_they_say(
    request: pytest.FixtureRequest,
    prefix: Path,
    program: Path,
    tmp_path: Path,
    compiler: str,
    standard: str,
    mode: str,
) -> None:
    command = (request.getfixturevalue(compiler), f"-std={standard}", *STRICT, *MODES[mode])
    binary = tmp_path / "test_hpp"
    include = ("-I", prefix / "include")
    run(*command, *include, FOLDER / "test_hpp.cpp", *_link(prefix), "-o", binary)
    assert " 0 failed" in run(binary, program, env={"HQUANT_PYTHON": sys.executable})


@pytest.mark.parametrize("mode", ["exceptions", "no exceptions"])
def test_nothing_dangles(cxx: str, prefix: Path, program: Path, tmp_path: Path, mode: str) -> None:
    """What would outlive what it shows does not compile; the rest holds under AddressSanitizer."""
    binary = tmp_path / "test_lifetimes"
    run(
        *(cxx, "-std=c++17", "-g", "-fsanitize=address", *STRICT, *MODES[mode]),
        *("-I", prefix / "include", FOLDER / "test_lifetimes.cpp", *_link(prefix), "-o", binary),
    )
    assert " 0 failed" in run(binary, program)


@pytest.mark.parametrize("mode", ["exceptions", "results"])
def test_the_hot_path_allocates_nothing(
    cxx: str, prefix: Path, program: Path, tmp_path: Path, mode: str
) -> None:
    binary = tmp_path / "test_hot_path"
    run(
        *(cxx, "-std=c++17", "-O1", *STRICT, *MODES[mode], "-I", prefix / "include"),
        *(FOLDER / "test_hot_path.cpp", *_link(prefix), "-o", binary),
    )
    assert " 0 failed" in run(binary, program)


def test_files_of_every_kind_make_one_program(cxx: str, prefix: Path, tmp_path: Path) -> None:
    """C++17 and C++20 hand engines to each other; those with and without exceptions keep apart."""
    parts = {
        17: ("-std=c++17",),
        20: ("-std=c++20",),
        1: ("-std=c++17", "-fno-exceptions"),
        2: ("-std=c++2b", "-DHQUANT_NO_EXCEPTIONS"),
    }
    both = ("-flto", "-ffat-lto-objects") if "GCC" in run(cxx, "--version") else ()
    objects = []
    for part, flags in parts.items():
        objects.append(tmp_path / f"part{part}.o")
        run(
            *(cxx, *flags, *both, *STRICT, f"-DPART={part}", "-I", prefix / "include"),
            *("-c", FOLDER / "parts.cpp", "-o", objects[-1]),
        )
    # As the linker merges inline functions; then as the compiler compares whole definitions.
    for link in (("-fno-lto",), ("-flto", "-Wodr", "-Werror=odr"))[: 1 + bool(both)]:
        run(cxx, *link, *objects, *_link(prefix), "-o", tmp_path / "parts")
        assert "parts: ok" in run(tmp_path / "parts")


def test_older_standards_are_refused_by_name(cxx: str, tmp_path: Path) -> None:
    source = tmp_path / "main.cpp"
    source.write_text('#include "hquant/hquant.hpp"\n')
    with pytest.raises(AssertionError, match=r"hquant\.hpp needs C\+\+17"):
        run(cxx, "-std=c++14", "-fsyntax-only", "-I", INCLUDE, source)


def test_the_whole_interface_is_there(repository: Path) -> None:
    text = "\n".join(header.read_text() for header in _headers())
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.S)
    used = set(re.findall(r"\bhq(?:uant)?_\w+", code))
    assert abi_watch.exported_functions(repository) - used == LEFT_TO_C


def test_no_piece_of_the_header_prints_or_reaches_for_the_system() -> None:
    for header in _headers():
        assert not re.search(r"\b(iostream|printf|getenv|abort|exit)\b", header.read_text()), header
