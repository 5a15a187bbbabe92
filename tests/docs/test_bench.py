"""The benchmarks run and print what bench/README.md says; how fast is never a test."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

FIELDS = {
    "name": str, "input": str, "n": int, "min": float, "median": float, "max": float, "unit": str,
    "rival": str, "rival_min": float, "ratio": float, "limit": float, "machine": str,
    "versions": dict,
}  # fmt: skip


def test_every_line_of_a_tiny_run_has_its_fields(repository: Path, tmp_path: Path):
    command = [sys.executable, "bench/run.py", "--tiny", "--programs", tmp_path]
    printed = subprocess.run(
        command, cwd=repository, stdout=subprocess.PIPE, text=True, check=True
    ).stdout
    lines = [json.loads(line) for line in printed.splitlines()]
    skipped = [line for line in lines if "skipped" in line]
    measured = [line for line in lines if "skipped" not in line]
    assert all(set(line) == {"name", "skipped"} and line["skipped"] for line in skipped)
    assert all({k: type(v) for k, v in line.items()} == FIELDS for line in measured)
    documented = (repository / "bench/README.md").read_text()
    assert all(f"`{line['name']}`" in documented for line in measured)
    has_yardstick = (repository.parent / "shared/limit/stream.c").exists()
    assert len(measured) == (10 if has_yardstick else 4) and bool(skipped) != has_yardstick
