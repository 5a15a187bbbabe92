"""The frozen C program ../shared/limit/stream.c: streaming beside hand-fused loops."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from output import Output

from hquant_cffi import Strategy
from hquant_cffi._config import describe

__all__ = ["STRATEGY", "build", "measure", "show"]

#: What stream.c adds as a strategy, letter by letter.
STRATEGY = "IF RSI(14) < 30 THEN BUY\nIF RSI(14) > 70 THEN SELL"

_HOOK = Path(__file__).parent / "native" / "strategy_hook.c"
_LINE = re.compile(r"\((\w+)\) .* min +([\d.]+) +median +([\d.]+) +max +([\d.]+) ns/op")
_INPUT = "random walk of stream.c, ring of 1024 bars"

Cases = dict[str, list[float]]


def build(source: Path, folder: Path) -> Path:
    """Build stream.c as it is, with exactly the flags that it names, and the strategy's hook."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = describe()
    include, lib = paths["includedir"], paths["libdir"]
    (folder / "strategy_program.h").write_text(_generated(STRATEGY))
    hook, program = folder / "strategy_hook.o", folder / "stream_bench"
    _run("gcc", "-O2", "-c", _HOOK, "-I", include, "-I", folder, "-o", hook)
    rpath = f"-Wl,-rpath,{lib}"
    _run("gcc", "-O3", "-I", include, "-o", program, source, hook, rpath, "-L", lib,
         "-lhquant", "-lm")  # fmt: skip
    return program


def measure(program: Path, *, bars: int, runs: int) -> Cases:
    """Run the program; return the minimum ns of each case, by its letter, one value a run."""
    cases: Cases = {}
    for _ in range(runs):
        output = _run(program, str(bars))
        found = {match[1]: float(match[2]) for match in _LINE.finditer(output)}
        for letter in ("a", "c", "d", "e0", "e", "F1"):
            cases.setdefault(letter, []).append(found[letter])
    return cases


def show(output: Output, cases: Cases, *, bars: int) -> None:
    """Print the four figures of streaming."""
    c, d, e, f1 = (cases[letter] for letter in ("c", "d", "e", "F1"))
    lines = (
        ("stream.push", c, "F1, fused C loop, same columns kept", min(f1), 2.0),
        ("stream.strategy", [min(d) - min(c)], "10 ns", 10.0, 1.0),
        ("stream.update_last", e, "stream.push", min(c), 1.0),
        ("stream.update_last_bare", cases["e0"], "push without indicators", min(cases["a"]), 1.0),
    )
    for name, values, rival, rival_min, limit in lines:
        output.figure(
            name, input=_INPUT, n=bars, values=values, rival=rival, rival_min=rival_min, limit=limit
        )


def _generated(text: str) -> str:
    arrays = {
        "static const char strategy_text[]": text.encode(),
        "static const unsigned char strategy_program[]": Strategy.compile(text).bytecode,
    }
    return "".join(
        f"{declaration} = {{{', '.join(map(str, data))}}};\n"
        for declaration, data in arrays.items()
    )


def _run(*command: str | Path) -> str:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(
            f"{' '.join(map(str, command))}: exit code {done.returncode}\n{done.stderr}"
        )
    return done.stdout
