"""Every single-token mutation of every example: a program, or an error where the damage is."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from dsl.mutate import mutations

from hquant_cffi._errors import CompileError
from hquant_cffi._ffi import check, ffi, lib
from hquant_cffi.dsl import compile_text

REPOSITORY = Path(__file__).resolve().parents[2]
AT_LEAST = 0.90


def texts() -> dict[str, str]:
    """The examples, the demo's strategy and the first program of the manual."""
    files = [*sorted((REPOSITORY / "examples").glob("*.hq"))]
    files.append(REPOSITORY / "hquant_cffi/cli/golden_cross.hq")
    found = {path.name: path.read_text(encoding="utf-8") for path in files}
    manual = (REPOSITORY / "docs/language.md").read_text(encoding="utf-8")
    found["language.md"] = manual.split("```hq\n")[1].split("```")[0]
    return found


TEXTS = texts()


def verify(bytecode: bytes) -> None:
    program = ffi.new("HqProgram **")
    check(lib.hq_program_load(bytecode, len(bytecode), program))
    lib.hq_program_free(program[0])


def counted(text: str) -> tuple[Counter[str], list[str]]:
    """How many mutations are valid, on target and off it; and those off it, printed."""
    counts: Counter[str] = Counter()
    missed = []
    for mutation in mutations(text):
        try:
            verify(compile_text(mutation.text).bytecode)
        except CompileError as error:
            first = error.diagnostics[0]
            start, end = first.span
            is_hit = start <= mutation.place.end and end >= mutation.place.start
            counts["hit" if is_hit else "missed"] += 1
            if not is_hit:
                missed.append(f"{mutation.kind} at {mutation.place}: {error}")
        else:
            counts["valid"] += 1
    return counts, missed


@pytest.mark.parametrize("name", TEXTS)
def test_damaged_token_is_an_error_or_a_program(name: str) -> None:
    counts, missed = counted(TEXTS[name])
    assert counts["hit"] > 200
    assert counts["valid"] < counts["hit"] / 5  # most damage is noticed at all
    share = counts["hit"] / (counts["hit"] + counts["missed"])
    print(f"{name}: first caret on the damaged token in {share:.1%} of {dict(counts)}")
    assert share >= AT_LEAST, "\n".join(missed[:20])


def test_untouched_texts_have_no_findings() -> None:
    for name, text in TEXTS.items():
        compiled = compile_text(text, name=name)
        assert [each.render(compiled.source) for each in compiled.warnings] == []
