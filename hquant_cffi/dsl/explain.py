"""The page of explanation of each code: what it means, an example and its repair.

A page is markdown, ``pages/CODE.md``: prose, a block ``hq broken`` and a block ``hq repaired``. The
first may name the period of the bars, as in ``hq broken 1h``. In an example ``{{text}}*300`` stands
for so many repetitions.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

from hquant_cffi._errors import CompileError, NotFoundError
from hquant_cffi.dsl.compiler import compile_text
from hquant_cffi.dsl.diagnostics import CODES, Diagnostic, did_you_mean, render
from hquant_cffi.dsl.source import Source
from hquant_cffi.dsl.tokens import period_ms

__all__ = ["Page", "diagnose", "expand", "explain", "read_page"]

_FOLDER = Path(__file__).with_name("pages")
_PAGE = re.compile(
    r"(?P<prose>.+?)\n\n```hq broken(?: (?P<period>\w+))?\n(?P<broken>.*?)```\n\n"
    r"```hq repaired\n(?P<repaired>.*?)```\n",
    re.DOTALL,
)
_REPEATED = re.compile(r"\{\{(.*?)\}\}\*([0-9]+)", re.DOTALL)
_WIDTH = 88


@dataclass(frozen=True, slots=True)
class Page:
    """An explanation.

    Attributes
    ----------
    code, title : str
    prose : str
        What the code means and what to do.
    broken, repaired : str
        An example that gets the code, and one that gets nothing.
    bar_period_ms : int or None
        The period of the bars for the examples.
    """

    code: str
    title: str
    prose: str
    broken: str
    repaired: str
    bar_period_ms: int | None

    @property
    def output(self) -> str:
        """What the compiler says about the broken example."""
        source, found = diagnose(expand(self.broken), self.bar_period_ms)
        return render(found, source)

    def text(self) -> str:
        """Return the page as text."""
        paragraphs = [textwrap.fill(each, _WIDTH) for each in self.prose.split("\n\n")]
        parts = [f"{self.code}: {self.title}", *paragraphs]
        parts += ["Wrong:", _indented(self.broken), self.output, "Right:", _indented(self.repaired)]
        return "\n\n".join(parts)


def explain(code: str) -> Page:
    """Return the page of a code, in any case.

    Raises
    ------
    NotFoundError
        There is no such code.
    """
    known = code.upper()
    if known not in CODES:
        near = did_you_mean(known, CODES)
        raise NotFoundError(
            f"unknown code {code}: expected one such as E1001" + (f"; {near}" if near else "")
        )
    return read_page(known)


def read_page(code: str) -> Page:
    """Read a page of the package."""
    text = (_FOLDER / f"{code}.md").read_text(encoding="utf-8")
    match = _PAGE.fullmatch(text)
    assert match is not None, code
    period = period_ms(f"@{match['period']}") if match["period"] else None
    assert not isinstance(period, str), period
    return Page(code, CODES[code], match["prose"], match["broken"], match["repaired"], period)


def expand(text: str) -> str:
    """Write out the repetitions of an example."""
    return _REPEATED.sub(lambda match: match[1] * int(match[2]), text)


def diagnose(text: str, bar_period_ms: int | None = None) -> tuple[Source, tuple[Diagnostic, ...]]:
    """Return all that the compiler says about a text."""
    try:
        compiled = compile_text(text, name="example.hq", bar_period_ms=bar_period_ms)
    except CompileError as error:
        assert error.source is not None  # the compiler's errors have all
        return error.source, error.diagnostics
    return compiled.source, compiled.warnings


def _indented(text: str) -> str:
    return textwrap.indent(text.rstrip("\n"), "    ")
