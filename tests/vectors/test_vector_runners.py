"""The test vectors in C, C++ and Node: the same files, through what we install."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import planting
import pytest
import vector_json
import vector_libm
from support import Native, run
from write import TOPICS, write_all

HERE = Path(__file__).parent
NODE_PACKAGE = HERE.parents[1] / "bindings_node"
STRICT = ("-Wall", "-Wextra", "-Werror", "-pedantic")
Runner = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def vectors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stored files; where this machine has another libm, what Python answers here."""
    if vector_libm.probes() == vector_json.read(vector_json.DATA / "libm.json"):
        return vector_json.DATA
    folder = tmp_path_factory.mktemp("vectors")
    write_all(folder)
    return folder


LANGUAGES = ["c", "cpp", *(["node"] if NODE_PACKAGE.is_dir() else [])]


@pytest.fixture(scope="session", params=LANGUAGES)
def runner(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """A language's runner: called with a folder, and a file of it or none."""
    if request.param == "node":
        command = _node()
    else:
        folder = tmp_path_factory.mktemp(f"run_vectors_{request.param}")
        tools = {name: request.getfixturevalue(name) for name in ("cc", "cxx", "native")}
        command = [_built(request.param, folder, **tools)]
    return lambda vectors, *file: subprocess.run(
        [*command, vectors, *file],
        env={**os.environ, "HQUANT_PYTHON": sys.executable},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def _built(language: str, folder: Path, cc: str, cxx: str, native: Native) -> str | Path:
    program = folder / "run_vectors"
    flags = [*STRICT, "-I", str(HERE / "common"), "-I", str(native.include), *_cjson("--cflags")]
    libraries = ["-L", str(native.lib), f"-Wl,-rpath,{native.lib}", "-lhquant", *_cjson("--libs")]
    run(cc, "-std=c11", *flags, "-c", *sorted((HERE / "common").glob("*.c")), cwd=folder)
    own = sorted((HERE / language).glob("*.c*"))
    compiler = [cc, "-std=c11"] if language == "c" else [cxx, "-std=c++17"]
    run(*compiler, *flags, *own, *folder.glob("*.o"), "-o", program, *libraries, "-lm")
    return program


def _node() -> list[str | Path]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node on this machine")
    if not any(NODE_PACKAGE.glob("build/Release/*.node")):
        pytest.skip("bindings_node is not built: npm install there")
    return [node, HERE / "node" / "run_vectors.cjs"]


def test_every_language_answers_as_the_files_say(runner: Runner, vectors: Path):
    """And compares as many values as they have, at the least: what nobody reads is no vector."""
    done = runner(vectors)
    assert done.returncode == 0, done.stdout + done.stderr
    compared = re.search(r"(\d+) values compared, 0 differ", done.stdout)
    values = sum(_values(each["expect"]) for topic in TOPICS for each in _read(vectors, topic))
    assert compared and int(compared[1]) >= values


@pytest.mark.parametrize("topic", TOPICS)
def test_every_runner_finds_a_planted_mistake(
    runner: Runner, vectors: Path, topic: str, tmp_path: Path
):
    index = planting.plant(vectors, tmp_path / "planted", topic)
    done = runner(tmp_path / "planted", f"{topic}.json")
    assert done.returncode == 1, done.stdout + done.stderr
    places = [line for line in done.stdout.splitlines() if "expected" in line]
    assert places and all(line.startswith(f"{topic}.json[{index}]") for line in places), done.stdout


def test_a_file_that_is_not_there_is_no_success(runner: Runner, vectors: Path, tmp_path: Path):
    shutil.copytree(vectors, tmp_path / "some")
    (tmp_path / "some" / "markets.json").unlink()
    done = runner(tmp_path / "some", "markets.json")
    assert done.returncode == 2
    assert "markets.json" in done.stderr


def _read(folder: Path, topic: str) -> list[dict[str, object]]:
    cases: list[dict[str, object]] = vector_json.read(folder / f"{topic}.json")
    return cases


def _values(answer: object) -> int:
    if isinstance(answer, dict):
        return sum(map(_values, answer.values()))
    if isinstance(answer, list):
        return sum(map(_values, answer))
    return 1


def _cjson(what: str) -> list[str]:
    pkg_config = shutil.which("pkg-config")
    if pkg_config is None:
        pytest.skip("no pkg-config on this machine")
    found = subprocess.run(
        [pkg_config, what, "libcjson"], capture_output=True, text=True, check=False
    )
    if found.returncode:
        pytest.skip("no cJSON on this machine (Debian: libcjson-dev)")
    return found.stdout.split()
