"""Write the test vectors: what this build answers to every case (`make vectors`).

What changes in a file is a change of answers: it is for a human to say whether it should be.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import vector_json
from vector_inputs import Inputs
from vector_libm import probes
from vector_programs import programs
from vector_tapes import tapes

#: The files of cases; each is written by the module ``vector_<name>``.
TOPICS: Final = (
    *("numbers", "indicators", "streams", "runs", "backtests", "accounts", "markets", "sweeps"),
    *("metrics", "failures"),
)


def written() -> Iterator[tuple[str, str]]:
    """Yield the name of each file and its text."""
    yield "libm.json", vector_json.text(probes())
    texts = {"tapes": vector_json.text(tapes()), "programs": vector_json.text(programs())}
    yield from ((f"{name}.json", text) for name, text in texts.items())
    inputs = Inputs(json.loads(texts["tapes"]), json.loads(texts["programs"]))
    for topic in TOPICS:
        module = importlib.import_module(f"vector_{topic}")
        cases = [answered(topic, case, inputs) for case in module.cases()]
        yield f"{topic}.json", vector_json.text(cases)


def answered(topic: str, case: dict[str, Any], inputs: Inputs) -> dict[str, Any]:
    """Return a case with this build's answer, as a file has it."""
    read = json.loads(vector_json.text(case))  # a runner sees what is in the file, nothing else
    module = importlib.import_module(f"vector_{topic}")
    return {**read, "expect": vector_json.plain(module.answer(read, inputs))}


def write_all(folder: Path) -> None:
    """Write every file into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in written():
        (folder / name).write_text(text, encoding="ascii")


if __name__ == "__main__":
    write_all(Path(sys.argv[1]) if len(sys.argv) > 1 else vector_json.DATA)
