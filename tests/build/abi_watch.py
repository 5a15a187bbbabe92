"""The binary interface, as libabigail sees it, beside a stored one.

``abi/ARCHITECTURE.xml`` is what programs that exist were linked against: functions, their types,
the layout of every struct that travels. ``abi/constants.txt`` has the constants, which leave no
trace in a library. Both are renewed by ``make abi-baseline``.

Built with -g -O0 from the files that define exported functions, a library looks the same to
libabigail whatever compiler, optimisation and machine it comes from. Handles are opaque: what is
inside is nobody's business, and is left out.
"""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER = Path(__file__).resolve().parent / "abi"
ARCHITECTURE = platform.machine()
BASELINE = FOLDER / f"{ARCHITECTURE}.xml"
CONSTANTS = FOLDER / "constants.txt"

# What changes with the place and the moment of a build, or with an argument's name, is left out.
_ABIDW = (
    *("--exported-interfaces-only", "--no-corpus-path", "--no-comp-dir-path", "--no-show-locs"),
    *("--no-parameter-names", "--no-elf-needed", "--no-write-default-sizes"),
    *("--type-id-style", "hash"),
)


@dataclass(frozen=True)
class Comparison:
    """What abidiff says of two interfaces."""

    is_compatible: bool
    report: str


def exported_functions(root: Path) -> set[str]:
    """Return the functions that the public headers declare."""
    pattern = re.compile(r"^HQ_API [^;(]*?\b(\w+)\(", flags=re.M)
    return {name for text in _headers(root) for name in pattern.findall(text)}


def build(cc: str, root: Path, library: Path) -> Path:
    """Build what of a source tree is exported, as a library with debugging information."""
    names = "|".join(sorted(exported_functions(root)))
    defines = re.compile(rf"^(?!HQ_API|#|\s)[^;={{}}()]*?\b({names})\(", flags=re.M)
    sources = [p for p in sorted((root / "csrc").rglob("*.c")) if defines.search(p.read_text())]
    _run(
        *(cc, "-shared", "-fPIC", "-std=c11", "-g", "-O0", "-w", "-fvisibility=hidden"),
        *("-DHQ_BUILDING", f"-ffile-prefix-map={root}/=", "-I", root / "csrc"),
        *("-I", root / "include", *sources, "-o", library),
    )
    return library


def symbols(library: Path) -> set[str]:
    """Return the names that a library exports."""
    lines = _run("nm", "--dynamic", "--defined-only", library).splitlines()
    return {line.split()[-1] for line in lines}


def write(library: Path, root: Path, baseline: Path) -> None:
    """Store the interface of a library."""
    opaque = _opaque(root, baseline.parent)
    _run("abidw", *_ABIDW, "--suppressions", opaque, "--out-file", baseline, library)
    opaque.unlink()


def compare(baseline: Path, library: Path, root: Path, scratch: Path) -> Comparison:
    """Compare a library with a stored interface; what is new is compatible."""
    done = subprocess.run(
        ["abidiff", "--exported-interfaces-only", "--no-added-syms", "--no-show-locs",
         "--suppressions", str(_opaque(root, scratch)), str(baseline), str(library)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode & 3:  # abidiff itself failed
        raise RuntimeError(done.stdout)
    return Comparison(done.returncode == 0, done.stdout)


def constants() -> dict[str, str]:
    """Return the public constants and their values, doubles to the last bit."""
    from hquant_cffi._ffi import lib

    found = {name: getattr(lib, name) for name in dir(lib)}
    values = {
        name: value.hex() if isinstance(value, float) else str(value)
        for name, value in found.items()
        if isinstance(value, (int, float))
    }
    for text in _headers(REPOSITORY):  # numbers that stand there as they are
        values |= re.findall(r"^#define (HQ_\w+) (\d+)$", text, flags=re.M)
    return dict(sorted(values.items()))


def stored_constants() -> dict[str, str]:
    """Return the constants of the baseline."""
    lines = CONSTANTS.read_text(encoding="utf-8").splitlines()
    return dict(line.split() for line in lines)


def _headers(root: Path) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted((root / "include").rglob("*.h"))]


def _opaque(root: Path, folder: Path) -> Path:
    """Write which types are handles: declared in the headers and defined nowhere in them."""
    names = [
        name
        for text in _headers(root)
        for tag, name in re.findall(r"^typedef struct (\w+) (\w+);", text, flags=re.M)
        if tag == name
    ]
    path = folder / "opaque.suppr"
    path.write_text(f"[suppress_type]\n  name_regexp = ^({'|'.join(names)})$\n  drop = yes\n")
    return path


def _run(*command: str | Path) -> str:
    done = subprocess.run(
        [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{done.stdout}")
    return done.stdout


def main() -> None:
    """Renew the baseline from this source tree."""
    cc = shutil.which("cc")
    if cc is None or shutil.which("abidw") is None:
        sys.exit("abi-baseline needs cc and abidw (Debian: abigail-tools): scripts/setup.sh test")
    FOLDER.mkdir(exist_ok=True)
    library = build(cc, REPOSITORY, FOLDER / "surface.so")
    write(library, REPOSITORY, BASELINE)
    library.unlink()
    lines = [f"{name} {value}\n" for name, value in constants().items()]
    CONSTANTS.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
