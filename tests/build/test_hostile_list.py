"""No exported function is left out of the tests with hostile arguments."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def _declared() -> list[str]:
    headers = sorted((ROOT / "include").rglob("*.h"))
    text = "\n".join(path.read_text() for path in headers)
    return re.findall(r"^HQ_API [^;(]*?(\w+)\(", text, flags=re.M)


def test_every_exported_function_meets_hostile_arguments_once() -> None:
    tests = sorted((ROOT / "tests" / "c").glob("test_hostile_*.c"))
    listed = [name for path in tests for name in re.findall(r"\bX\((\w+)\)", path.read_text())]
    assert len(listed) > 80
    assert sorted(listed) == sorted(_declared())
