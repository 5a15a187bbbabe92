"""What scripts write into docs is what they would write now; lists of files are complete."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from hquant_cffi import Strategy
from hquant_cffi.cli._indicator_page import example, indicator_page
from hquant_cffi.indicators import Indicator, table


@pytest.mark.parametrize(
    ("script", "function", "page"),
    [
        ("write_indicators.py", "document", "docs/indicators.md"),
        ("write_indicators.py", "talib_functions", "docs/ta-lib-functions.md"),
        ("write_diagnostics.py", "document", "docs/diagnostics.md"),
        ("draw_equity.py", "draw", "docs/demo.svg"),
    ],
)
def test_generated_page_is_up_to_date(repository: Path, script: str, function: str, page: str):
    written = runpy.run_path(str(repository / "scripts" / script))[function]()
    assert (repository / page).read_text(encoding="utf-8") == written, f"run scripts/{script}"


def test_indicator_pages_are_up_to_date(repository: Path):
    written = runpy.run_path(str(repository / "scripts/write_indicators.py"))["pages"]()
    there = {
        f"indicators/{page.name}": page.read_text(encoding="utf-8")
        for page in (repository / "docs/indicators").glob("*.md")
    }
    assert there == written, "run scripts/write_indicators.py"


@pytest.mark.parametrize("row", table(), ids=lambda row: row.name)
def test_example_of_a_page_compiles_without_a_word(row: Indicator):
    text = f"{example(row)}\nIF x > x[1] THEN BUY\n"
    assert not Strategy.compile(text).warnings, text
    assert example(row) in indicator_page(row)


def test_every_file_of_the_core_is_on_its_map(repository: Path):
    folders = re.split(r"^(\w+)(?: \(.*\))?\n(?=- )", _files_part(repository), flags=re.M)[1:]
    listed = {
        f"{folder}/{name}"
        for folder, lines in zip(folders[::2], folders[1::2], strict=True)
        for line in lines.splitlines()
        if line.startswith("- ")
        for name in re.findall(r"`([\w.]+)`", line.split(": ")[0])
    }
    core = repository / "csrc"
    there = {str(path.relative_to(core)) for path in core.rglob("*") if path.suffix in (".c", ".h")}
    assert listed == there


def _files_part(repository: Path) -> str:
    return (repository / "csrc/README.md").read_text(encoding="utf-8").split("## Files\n")[1]


@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md", "csrc/README.md", "bench/README.md"])
def test_links_lead_somewhere(repository: Path, page: str):
    _assert_links(repository / page)


def test_links_of_docs_lead_somewhere(repository: Path):
    for page in sorted((repository / "docs").glob("*.md")):
        _assert_links(page)


def _assert_links(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    broken = [
        target for target in targets if "://" not in target and not (page.parent / target).exists()
    ]
    assert not broken, f"{page}: {broken}"
