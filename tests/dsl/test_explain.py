"""The pages of explanation: every code has one, and its examples do what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from hquant_cffi import NotFoundError
from hquant_cffi.dsl import explain as module
from hquant_cffi.dsl.diagnostics import CODES
from hquant_cffi.dsl.explain import diagnose, expand, explain, read_page


@pytest.mark.parametrize("code", CODES)
def test_broken_example_gets_exactly_its_code(code: str) -> None:
    page = read_page(code)
    _, found = diagnose(expand(page.broken), page.bar_period_ms)
    assert [each.code for each in found] == [code]


@pytest.mark.parametrize("code", CODES)
def test_repaired_example_is_without_errors_and_warnings(code: str) -> None:
    page = read_page(code)
    source, found = diagnose(expand(page.repaired), page.bar_period_ms)
    assert [each.render(source) for each in found] == []


@pytest.mark.parametrize("code", CODES)
def test_page_is_shown_with_its_real_output(code: str) -> None:
    text = explain(code.lower()).text()
    assert text.startswith(f"{code}: {CODES[code]}\n\n")
    assert f"[{code}]: " in text
    assert max(map(len, text.split("\n"))) < 260


def test_there_are_pages_of_codes_alone() -> None:
    pages = Path(module.__file__).with_name("pages")
    assert {path.stem for path in pages.glob("*.md")} == set(CODES)


def test_unknown_code_names_the_nearest() -> None:
    with pytest.raises(NotFoundError, match="unknown code E1099.*did you mean E10"):
        explain("E1099")


def test_there_are_more_than_forty_codes_and_no_title_twice() -> None:
    assert len(CODES) >= 40
    assert len(set(CODES.values())) == len(CODES)
