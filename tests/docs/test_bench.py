"""The single figures of the benchmarks are what bench/README.md says; how fast is never a test."""

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


def test_every_figure_of_a_short_run_has_its_fields(repository: Path, tmp_path: Path):
    command = [sys.executable, "bench/run.py", "figures", "--short", "--programs", tmp_path]
    subprocess.run(command, cwd=repository, stdout=subprocess.DEVNULL, check=True)
    lines = map(json.loads, (tmp_path / "bench.jsonl").read_text("utf-8").splitlines())
    figures = [line for line in lines if "rival" in line]
    assert all({k: type(v) for k, v in line.items()} == FIELDS for line in figures)
    documented = (repository / "bench/README.md").read_text("utf-8")
    assert all(f"`{line['name']}`" in documented for line in figures)
    has_yardstick = (repository.parent / "shared/limit/stream.c").exists()
    assert len(figures) == (10 if has_yardstick else 4)
