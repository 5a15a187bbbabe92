"""Before bench/ times hquant beside its peers, all have computed the same; a difference is told.

A run in short form compares every value and times nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

Lines = list[dict[str, Any]]

#: The comparisons that each package takes part in, by how their names begin.
TAKES_PART = {
    "backtesting": ("W3",),
    "kand": ("W1", "W2 Python"),
    "lrvx": ("W1", "W3", "W4"),
    "newtulipy": ("W1",),
    "raptorbt": ("W1", "W2 Python", "W3", "W4"),
    "ta-lib": ("W1", "W1 random", "W2 Python"),
    "talipp": ("W2 Python",),
    "vectorbt": ("W1", "W3", "W4"),
}
WORKLOADS = ("w1", "w2", "w3", "w4", "growth")


def _run(
    repository: Path, folder: Path, *command: str
) -> tuple[subprocess.CompletedProcess[str], Lines]:
    done = subprocess.run(
        [sys.executable, *command, "--short", "--programs", str(folder)],
        cwd=repository / "bench",
        capture_output=True,
        text=True,
    )
    written = (folder / "bench.jsonl").read_text("utf-8").splitlines()
    return done, [json.loads(line) for line in written]


@pytest.fixture(scope="module")
def lines(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Lines:
    """What a short run of every workload writes."""
    done, lines = _run(repository, tmp_path_factory.mktemp("bench"), "run.py", *WORKLOADS)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return lines


@pytest.mark.parametrize("package", TAKES_PART)
def test_a_peer_computes_what_hquant_does(package: str, lines: Lines, repository: Path):
    try:
        version = metadata.version(package)
    except metadata.PackageNotFoundError:
        pytest.skip(f"no {package} installed")
    (peer,) = (line for line in lines if line.get("package") == package)
    assert peer["used"], peer["version"]
    assert f'"{package}=={version}"' in (repository / "pyproject.toml").read_text("utf-8")
    who = f"{peer['who']} {version}"
    agreed = [line for line in lines if line.get("who") == who and "agrees" in line]
    assert all(line["agrees"] for line in agreed)
    for workload in TAKES_PART[package]:
        assert any(line["name"].startswith(workload) for line in agreed), workload


def test_the_frozen_loops_compute_what_hquant_does(lines: Lines, repository: Path):
    if not (repository.parent / "shared/limit/limit.c").exists():
        assert {"name": "limits", "skipped": "no ../shared/limit/limit.c"} in lines
        return
    if any(line["name"] == "limits" for line in lines):
        assert "avx512f" not in Path("/proc/cpuinfo").read_text("utf-8")
        return
    agreed = [line for line in lines if "agrees" in line and line["who"].startswith("limit")]
    assert {line["name"].split()[0] for line in agreed} == {"W1", "W2", "W3", "W4"}
    assert all(line["agrees"] for line in agreed)


def test_nothing_is_timed_in_short_form(lines: Lines):
    assert not [line for line in lines if {"median", "ratio", "held"} & set(line)]


#: A library's result, changed a little: what is put over a function of its module, and what a run
#: then says.
PLANTED = {
    "a value": (
        "w1", "ta_lib", "talib.SMA = plant(talib.SMA, lambda out: bump(out, 700, 1e-6))",
        "W1 SMA(20), TA-Lib",
    ),
    "a first value": (
        "w1", "ta_lib", "talib.RSI = plant(talib.RSI, lambda out: bump(out, 14, float('nan')))",
        "W1 RSI(14), TA-Lib",
    ),
    "a convention that is none": (
        "w1", "ta_lib", "CONVENTIONS['EMA'] = Convention(by=None, why='never')",
        "W1 EMA(20), TA-Lib",
    ),
    "a stream": (
        "w2", "talipp", "stream = lambda market: lambda: (0.0,) * 5",
        "W2 Python, talipp",
    ),
    "a profit": (
        "w3", "raptorbt",
        "_outcome = plant(_outcome, lambda o: replace(o, profit=o.profit + 0.01))",
        "W3 20,000, raptorbt",
    ),
    "a drawdown": (
        "w3", "raptorbt",
        "_outcome = plant(_outcome, lambda o: replace(o, drawdown=o.drawdown + 1e-6))",
        "W3 20,000, raptorbt",
    ),
    "a Sharpe ratio": (
        "w4",
        "raptorbt",
        "_outcome = plant(_outcome, lambda o: replace(o, sharpe=o.sharpe * 1.001))",
        "W4, raptorbt",
    ),
    "a trade": (
        "w4", "raptorbt",
        "_outcome = plant(_outcome, lambda o: replace(o, trades=o.trades + 1))",
        "W4, raptorbt",
    ),
}  # fmt: skip

_SCRIPT = """
import dataclasses, sys
sys.path.insert(0, "")
import peers
peers._MODULES = ({peer!r},)
peers.find()
def plant(function, change):
    return lambda *args: change(function(*args))
def bump(column, at, by):
    column[at] += by
    return column
names = vars(sys.modules["peers.{peer}"])
names.update(plant=plant, bump=bump, replace=dataclasses.replace)
exec({code!r}, names)
import run
run.main()
"""


@pytest.mark.parametrize("what", PLANTED)
def test_a_difference_is_told_and_fails_the_run(what: str, repository: Path, tmp_path: Path):
    workload, peer, code, told = PLANTED[what]
    pytest.importorskip({"ta_lib": "talib"}.get(peer, peer))
    script = _SCRIPT.format(peer=peer, code=code)
    done, lines = _run(repository, tmp_path, "-c", script, workload)
    assert done.returncode == 1
    assert f"DIFFERS: {told}" in done.stdout, done.stdout[-2000:] + done.stderr[-2000:]
    assert f"did not agree:\n{told}" in done.stderr
    assert [line for line in lines if line.get("agrees") is False]
