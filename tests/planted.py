"""Planted mistakes: the C core compiled anew with a wrong line, and the laws run over that library.

Only what the edited file reaches is compiled again. The laws of a part are a program of its own,
started with the wrong library first on the library path: a mistake may crash, and one process
loads one core. The program prints the names of the laws that do not hold, one a line; of a mistake
it runs no more than the law that has to notice.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from support import run

TESTS = Path(__file__).parent
FLAGS = ["-std=c11", "-O1", "-fPIC", "-DNDEBUG", "-DHQ_BUILDING"]
FLAGS += ["-ffp-contract=off", "-fno-math-errno", "-fvisibility=hidden"]
# The widths that a file named *_wide.c is built for, as cmake/Library.cmake has it.
WIDTHS = {"baseline": ["-DHQ_WIDE_BUILD=baseline"]}
if platform.machine() in {"x86_64", "AMD64"}:
    avx2 = ["-mavx2", "-mfma"]
    avx512 = ["-mavx512f", "-mavx512dq", "-mavx512vl", "-mprefer-vector-width=512"]
    WIDTHS["avx2"] = ["-DHQ_WIDE_BUILD=avx2", *avx2]
    WIDTHS["avx512"] = ["-DHQ_WIDE_BUILD=avx512", *avx2, *avx512]

Objects: TypeAlias = dict[tuple[Path, str], Path]  # by source and width
Laws: TypeAlias = dict[str, Callable[[], object]]  # each raises where it does not hold


@dataclass(frozen=True)
class Bug:
    """`right` stands in the file once; `wrong` takes its place; `law` must notice."""

    name: str
    file: str
    right: str
    wrong: str
    law: str


def some_planted(bugs: list[Bug]) -> list[Bug]:
    """Every third; all of them where HQUANT_PLANTED is "all", as in `make campaign`."""
    gone = [bug.name for bug in bugs if not _stands(bug)]
    assert not gone, f"the lines to spoil are not there (once): {gone}"
    return bugs if os.environ.get("HQUANT_PLANTED") == "all" else bugs[::3]


def _stands(bug: Bug) -> bool:
    return (TESTS.parent / "csrc" / bug.file).read_text().count(bug.right) == 1


def broken_laws(runner: Path, folder: Path, *only: str) -> set[str]:
    """Run a program of laws over the library of a folder; a crash breaks the law "no crash"."""
    path = os.pathsep.join([str(runner.parent), str(TESTS)])
    done = subprocess.run(
        [sys.executable, runner, folder, *only],
        env={**os.environ, "LD_LIBRARY_PATH": str(folder), "LD_PRELOAD": "", "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    if done.returncode < 0:
        return {"no crash"}
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split("\n")) - {""}


def is_in_use(folder: Path) -> bool:
    """Whether this process has loaded the library of a folder; says so if not."""
    library = str(folder.resolve() / "libhquant.so")
    found = library in Path("/proc/self/maps").read_text()
    if not found:
        print(f"{library} is not the library in use", file=sys.stderr)
    return found


def run_laws(laws: Laws, folder: Path, *only: str) -> int:
    """Be a program of laws: ``python PROGRAM FOLDER [LAW...]``, all of them where none is named."""
    if not is_in_use(folder):
        return 2
    for name, law in [(name, laws[name]) for name in only or laws]:
        try:
            law()
        except Exception:  # a law that cannot run does not hold; none is so without a mistake
            traceback.print_exc()
            print(name)
    return 0


class Core:
    """The C core, compiled once; a copy with one edited file recompiles what that file reaches."""

    def __init__(self, cc: str, sources: Path, folder: Path) -> None:
        self.cc = cc
        self.folder = folder
        shutil.copytree(sources / "csrc", folder / "csrc")
        shutil.copytree(sources / "include", folder / "include")
        self.objects: Objects = {}
        for source in sorted((folder / "csrc").rglob("*.c")):
            name = "_".join(source.relative_to(folder / "csrc").with_suffix("").parts)
            for width in WIDTHS if source.stem.endswith("_wide") else [""]:
                place = folder / f"{name}{width}.o"
                self.objects[source, width] = self.compile(source, width, place)

    def compile(self, source: Path, width: str, place: Path) -> Path:
        includes = [f"-I{self.folder / name}" for name in ("csrc", "include")]
        flags = [*FLAGS, *includes, *WIDTHS.get(width, [])]
        tool(self.cc, *flags, "-MMD", "-c", source, "-o", place)
        return place

    def link(self, objects: Objects, folder: Path) -> Path:
        folder.mkdir(exist_ok=True)
        tool(self.cc, "-shared", *objects.values(), "-o", folder / "libhquant.so", "-lm")
        return folder

    def unspoilt(self, folder: Path) -> Path:
        """Return the folder of a library without a mistake."""
        return self.link(self.objects, folder)

    def with_bug(self, bug: Bug, folder: Path) -> Path:
        """Return the folder of a library with the mistake in it."""
        edited = self.folder / "csrc" / bug.file
        text = edited.read_text()
        assert text.count(bug.right) == 1, f"{bug.file}: the line to spoil is not there (once)"
        folder.mkdir()
        objects = dict(self.objects)
        try:
            edited.write_text(text.replace(bug.right, bug.wrong))
            for (source, width), built in self.objects.items():
                if f"/csrc/{bug.file}" in built.with_suffix(".d").read_text():
                    objects[source, width] = self.compile(source, width, folder / built.name)
        finally:
            edited.write_text(text)
        assert objects != self.objects
        return self.link(objects, folder)


def tool(*command: str | Path) -> None:
    run(*command, env={"LD_PRELOAD": ""})
