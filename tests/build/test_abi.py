"""Programs that were built against the library go on working: its binary interface is watched."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import abi_watch
import pytest
from support import run
from test_symbols import SEED_FUNCTIONS

SEED_HEADER = Path(__file__).parent / "consumer" / "hquant_seed.h"
SEED_CLIENT = Path(__file__).parent / "consumer" / "seed_client.c"
WHAT_TO_DO = """
Programs that are linked to the library would break, be refused by struct_size, or read the wrong
field. Only a field added at the end of a struct that the library alone makes, and hands out one at
a time, is fine (HqError): run `make abi-baseline`, and say so in CHANGELOG.md. Anything else needs
another HQ_ABI_VERSION too.
"""


@pytest.fixture(scope="module")
def tools(cc: str) -> str:
    """libabigail's tools and a baseline for this machine; the C compiler."""
    if shutil.which("abidiff") is None or shutil.which("abidw") is None:
        pytest.skip("no abidiff on this machine (Debian: abigail-tools)")
    if not abi_watch.BASELINE.exists():
        # Layouts differ between architectures; one is watched where the project's tests run.
        pytest.skip(f"no stored interface for {abi_watch.ARCHITECTURE}, x86_64 alone has one")
    return cc


@pytest.fixture(scope="module")
def surface(cc: str, repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the source tree exports."""
    return abi_watch.build(cc, repository, tmp_path_factory.mktemp("surface") / "libsurface.so")


def test_nothing_of_the_stored_interface_is_gone_or_changed(
    tools: str, surface: Path, repository: Path, tmp_path: Path
) -> None:
    compared = abi_watch.compare(abi_watch.BASELINE, surface, repository, tmp_path)
    assert compared.is_compatible, compared.report + WHAT_TO_DO


def test_the_compared_library_exports_what_the_installed_one_does(
    surface: Path, repository: Path, prefix: Path
) -> None:
    found = abi_watch.symbols(surface)
    assert found == abi_watch.symbols(prefix / "lib" / "libhquant.so")
    assert found == abi_watch.exported_functions(repository)


def test_constants_keep_their_values() -> None:
    stored, found = abi_watch.stored_constants(), abi_watch.constants()
    assert len(stored) > 80 and stored["HQ_MODE_TALIB"] == "1"
    changed = {name: (value, found.get(name)) for name, value in stored.items()}
    assert all(old == new for old, new in changed.values()), changed


ENTRY = "    uint64_t entry_bar;   /**< index of that bar among the symbol's */\n"
EXIT = "    uint64_t exit_bar;    /**< index of that bar */\n"
LEVEL = "hq_simd_level(void)"

# Each edit: a file, what stands in it once, what takes its place.
BREAKS = {
    "two fields change places": [
        ("include/hquant/execution.h", ENTRY, ""),
        ("include/hquant/execution.h", EXIT, EXIT + ENTRY),
    ],
    "a function goes": [
        ("csrc/api/market.c", "int64_t hq_period_bucket_start(", "int64_t hq_bucket_start("),
    ],
    "a result gets wider": [
        ("include/hquant/simd.h", f"uint32_t {LEVEL}", f"uint64_t {LEVEL}"),
        ("csrc/base/simd.c", f"uint32_t {LEVEL}", f"uint64_t {LEVEL}"),
    ],
}
DECLARED, DEFINED = f"HQ_API uint32_t {LEVEL};\n", f"uint32_t {LEVEL}\n"
ADDITION = [
    ("include/hquant/simd.h", DECLARED, DECLARED + "HQ_API int hq_new(void);\n"),
    ("csrc/base/simd.c", DEFINED, "int hq_new(void)\n{\n    return 1;\n}\n\n" + DEFINED),
]


def _compared(cc: str, root: Path, folder: Path) -> abi_watch.Comparison:
    library = abi_watch.build(cc, root, folder / "libsurface.so")
    return abi_watch.compare(abi_watch.BASELINE, library, root, folder)


def _edited(repository: Path, folder: Path, edits: list[tuple[str, str, str]]) -> Path:
    for part in ("csrc", "include"):
        shutil.copytree(repository / part, folder / part)
    for file, right, wrong in edits:
        text = (folder / file).read_text()
        assert text.count(right) == 1, f"{file}: {right!r} stands there {text.count(right)} times"
        (folder / file).write_text(text.replace(right, wrong))
    return folder


@pytest.mark.parametrize("name", BREAKS)
def test_a_planted_break_is_seen(tools: str, repository: Path, tmp_path: Path, name: str) -> None:
    compared = _compared(tools, _edited(repository, tmp_path, BREAKS[name]), tmp_path)
    assert not compared.is_compatible, compared.report


def test_what_is_added_is_compatible(tools: str, repository: Path, tmp_path: Path) -> None:
    root = _edited(repository, tmp_path, ADDITION)
    compared = _compared(tools, root, tmp_path)
    assert compared.is_compatible, compared.report
    assert "hq_new" in abi_watch.symbols(tmp_path / "libsurface.so")


@pytest.mark.parametrize("linkage", ["shared", "static"])
def test_a_client_of_the_seed_header_runs_unchanged(
    cc: str, prefix: Path, tmp_path: Path, linkage: str
) -> None:
    """Compiled where the seed's header is the only one there is."""
    only = tmp_path / "only"
    only.mkdir()
    shutil.copy(SEED_HEADER, only / "hquant.h")
    shutil.copy(SEED_CLIENT, only)
    client = only / "client"
    library = prefix / "lib" / ("libhquant.so" if linkage == "shared" else "libhquant.a")
    run(
        *(cc, "-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "seed_client.c", library),
        *(f"-Wl,-rpath,{prefix / 'lib'}", "-lm", "-pthread", "-o", client),
        cwd=only,
    )
    assert "seed client: ok" in run(client)


def test_the_seed_header_declares_what_the_seed_lists() -> None:
    found = set(re.findall(r"\b(hq(?:uant)?_\w+)\(", SEED_HEADER.read_text()))
    assert found == SEED_FUNCTIONS
