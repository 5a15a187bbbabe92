"""Write docs/diagnostics.md from the pages of the package: ``write_diagnostics.py [OUTPUT.md]``."""

from __future__ import annotations

import sys
from pathlib import Path

from hquant_cffi.dsl.diagnostics import CODES
from hquant_cffi.dsl.explain import Page, read_page

HEAD = """# Errors and warnings

Written by `scripts/write_diagnostics.py` from `hquant_cffi/dsl/pages`; a test compares the two, and
compiles every example. `hquant explain CODE` prints the same.

A code never changes its meaning. Those from E1001 are about the words of a text, from E2001 about
names, types and arguments, from E3001 about ranges and limits; those from W9001 are warnings.

| code | what |
|---|---|
"""


def document() -> str:
    """Return the page."""
    index = "".join(f"| [{code}](#{_anchor(code)}) | {CODES[code]} |\n" for code in CODES)
    return HEAD + index + "".join(_section(read_page(code)) for code in CODES)


def _anchor(code: str) -> str:
    """GitHub's name of a heading."""
    kept = (c for c in f"{code}: {CODES[code]}".lower() if c.isalnum() or c in " -")
    return "".join(kept).replace(" ", "-")


def _section(page: Page) -> str:
    return (
        f"\n## {page.code}: {page.title}\n\n{page.prose}\n\n```hq\n{page.broken}```\n\n"
        f"```text\n{page.output}\n```\n\nInstead:\n\n```hq\n{page.repaired}```\n"
    )


if __name__ == "__main__":
    default = Path(__file__).parent.parent / "docs" / "diagnostics.md"
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    target.write_text(document(), encoding="utf-8")
