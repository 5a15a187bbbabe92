"""What tests of several rooms share."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

# Reasons to skip that stand under HQUANT_NO_SKIP, too: packages that `test` does not install.
OPTIONAL_GROUP = "is of an optional test group: pip install 'hquant-cffi[test-cluster]'"


def optional(module: str) -> Any:
    """Import a package of an optional test group; skip without it."""
    return pytest.importorskip(module, reason=f"{module} {OPTIONAL_GROUP}")


def run(*command: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    """Run a command and return its output; a failure shows everything that it said."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}"
    return done.stdout


@dataclass(frozen=True)
class Native:
    """Where the installed library and its headers are."""

    include: Path
    lib: Path
    cmake: Path

    @property
    def shared_library(self) -> Path:
        return self.lib / "libhquant.so"
