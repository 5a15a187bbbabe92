"""C programs that hand in strategy text, and compilers that need no Python."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from support import Native, run

from hquant_cffi.dsl.child import answer

HOST = Path(__file__).parent / "consumer" / "text_host.c"
LIBRARIES = ("libhquant.so", "libhquant_dsl.so")
TEXT = "IF close > 2 THEN BUY"


def build_host(cc: str, native: Native, program: Path, libraries: Path | None = None) -> Path:
    """Build the host; it finds the library in a folder that it keeps in mind."""
    folder = libraries or native.lib
    run(
        *(cc, "-Wall", "-Wextra", "-Werror", "-I", native.include, HOST, "-o", program),
        *("-L", folder, "-lhquant", "-pthread", f"-Wl,-rpath,{folder}"),
    )
    return program


def copy_libraries(source: Path, folder: Path) -> Path:
    """Copy both libraries, as files of their own, into a new folder."""
    folder.mkdir(parents=True)
    for name in LIBRARIES:
        shutil.copy(source / name, folder / name)
    return folder


def script(path: Path, *lines: str) -> Path:
    """Write a shell script that stands for an interpreter."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)
    return path


def answering(path: Path, content: bytes) -> Path:
    """Write an interpreter that answers whatever it is asked with these bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_name(f"{path.name}.answer").write_bytes(content)
    return script(path, 'exec cat "$0.answer"')


def compiler_stub(path: Path, text: str = TEXT) -> Path:
    """Write an interpreter that gives the compiler's own answer for one text, at once."""
    return answering(path, answer(b"s\0" + text.encode()))


def host(
    program: Path,
    *arguments: str | Path,
    python: str | Path | None = None,
    cwd: Path | None = None,
    **environment: str,
) -> str:
    """Run the host with nothing else in its environment; return what it said."""
    if python is not None:
        environment["HQUANT_PYTHON"] = str(python)
    done = subprocess.run(
        [os.fspath(program), *map(os.fspath, arguments)],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (done.returncode, done.stdout, done.stderr)
    return done.stdout
