"""Write docs/diagnostics.md from the pages of the package: ``write_diagnostics.py [OUTPUT.md]``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from hquant_cffi import CompileError, Strategy
from hquant_cffi.dsl.diagnostics import CODES
from hquant_cffi.dsl.explain import Page, read_page

HEAD = """# Errors and warnings

Written by `scripts/write_diagnostics.py` from `hquant_cffi/dsl/pages`; a test compares the two, and
compiles every example. `hquant explain CODE` prints the same.

A code never changes its meaning. Those from E1001 are about the words of a text, from E2001 about
names, types and arguments, from E3001 about ranges and limits; those from W9001 are warnings.
[As data](#as-data) they come at the end.

| code | what |
|---|---|
"""


AS_DATA = """
## As data

Programs read diagnostics as JSON: an array, an object each, errors and warnings in the order of the
text. Fields may be added; those that are there keep their meaning. At most 50 errors of a text are
given; where there are more, the form as text says so in its last line.

| field | what |
|---|---|
| `code` | of the table above |
| `severity` | `"error"` or `"warning"` |
| `title` | of the code, as in the table |
| `message` | what was expected and what was found |
| `hint` | what to do, or `null` |
| `file` | the name that the text was given, its first 4,096 characters; `<strategy>` without one |
| `line`, `column` | where it begins: from 1, columns in characters (code points) |
| `end_line`, `end_column` | behind its last character |

```json
%s
```

| where | what |
|---|---|
| command line | `hquant check --json FILE.hq`: errors and warnings |
| Python | `CompileError.diagnostics`: errors, each with `to_dict(error.source)` |
| C | `hq_last_error()->diagnostics_json`: errors; as text in `diagnostics` |
| C++ | `diagnostics_json()` of the `hquant::Error`: errors; as text in `diagnostics()` |
| Node | `error.diagnostics`: errors; as text in `error.rendered` |

In C both stand in the thread's last error after a call has answered `HQ_ECOMPILE`, until the next
failure in that thread; `message`, `line` and `column` are those of the first error. After any other
failure they are `"[]"` and `""`. [Compiling text](compiling.md) has an example.
"""

_EXAMPLE = "IF RSI(14) < threshold THEN BUY"


def document() -> str:
    """Return the page."""
    index = "".join(f"| [{code}](#{_anchor(code)}) | {CODES[code]} |\n" for code in CODES)
    sections = "".join(_section(read_page(code)) for code in CODES)
    return HEAD + index + sections + AS_DATA % _as_json(_EXAMPLE)


def _as_json(text: str) -> str:
    try:
        Strategy.compile(text, name="example.hq")
    except CompileError as error:
        if error.source is not None:
            found = [each.to_dict(error.source) for each in error.diagnostics]
            return json.dumps(found, indent=2)
    raise SystemExit(f"{text}: expected an error of the compiler")


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
