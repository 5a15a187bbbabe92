"""The command, run inside this process or in a fresh one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

from typer.testing import CliRunner

from hquant_cffi.cli import app

Hquant = Callable[..., "CompletedProcess[str]"]
Word = str | bytes | Path


def inside(*arguments: Word) -> CompletedProcess[str]:
    """Run ``hquant ARGUMENTS`` here: fast. What is not an exit is a bug and raised."""
    words = [os.fsdecode(word) for word in arguments]
    done = CliRunner().invoke(app, words, prog_name="hquant", env={"COLUMNS": "100"})
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return CompletedProcess(words, done.exit_code, done.stdout, done.stderr)


def fresh(*arguments: Word) -> CompletedProcess[str]:
    """Run ``python -m hquant_cffi ARGUMENTS``, nothing on its standard input."""
    return subprocess.run(
        [sys.executable, "-m", "hquant_cffi", *arguments],
        env={**os.environ, "COLUMNS": "100", "PYTHONWARNINGS": "error"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
