"""Programs of HQBC 1.0 still load, and give the signals that they gave then."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from dsl.fixed_tape import fixed_tape

from hquant_cffi import HQuant, Strategy

#: Made by the release that wrote HQBC 1.0: `NAME.hq`, its program, and the signals of an
#: HQuant(256) over fixed_tape(600), null for programs with timeframes, which it could not run then.
FOLDER = Path(__file__).parent / "hqbc_1_0"
SIGNALS: dict[str, list[list[object]] | None] = json.loads((FOLDER / "signals.json").read_text())


def signals(strategy: Strategy | str) -> list[list[object]]:
    engine = HQuant(256)
    engine.add_strategy("s", strategy)
    found: list[list[object]] = []
    for i, bar in enumerate(fixed_tape(600)):
        engine.push_bar(*bar)
        found += [[i, signal["action"]] for signal in engine.poll_signals()]
    return found


def test_every_program_has_its_signals() -> None:
    assert {path.stem for path in FOLDER.glob("*.hqbc")} == set(SIGNALS)
    assert len(SIGNALS) == 45
    assert sum(bool(each) for each in SIGNALS.values()) > 25


@pytest.mark.parametrize("name", SIGNALS)
def test_program_of_1_0_gives_the_signals_that_it_gave(name: str) -> None:
    strategy = Strategy.load(FOLDER / f"{name}.hqbc")
    assert strategy.bytecode[4:8] == bytes([1, 0, 0, 0])
    found = signals(strategy)
    if SIGNALS[name] is not None:
        assert found == SIGNALS[name]
    assert found == signals((FOLDER / f"{name}.hq").read_text())


@pytest.mark.parametrize("name", SIGNALS)
def test_no_rule_is_true_before_the_bar_that_the_disassembly_names(name: str) -> None:
    strategy = Strategy.load(FOLDER / f"{name}.hqbc")
    text = strategy.disassemble()
    first = [int(bar) for bar in re.findall(r"THEN \w+  ; line \d+; not before bar (\d+)", text)]
    assert len(first) == len(re.findall(r"^  IF r", text, flags=re.M)) > 0
    for bar, _ in (SIGNALS[name] or [])[:1]:
        assert isinstance(bar, int) and bar >= min(first)


def test_disassembly_shows_nodes_with_mode_warm_up_and_cost() -> None:
    text = Strategy.compile(
        "a = SMA(close, 10)\nIF STDDEV(a, 5) > RSI(14) AND close > LAG(open@5m, 3) THEN BUY"
    ).disassemble()
    assert "SMA(x=r0, period=10)  ; seed; first value at bar 9; O(1) amortised" in text
    assert re.search(r"STDDEV\(x=r1, period=5\)  ; seed; first value at bar 13; O\(1\)", text)
    assert re.search(r"LAG\(x=r\d+, n=3\)  ; seed; first value at bar 3 of @300000ms; O\(1\)", text)
    assert re.search(r"total: 4 nodes, 3 operations a bar; all have values at bar 14 of", text)
    assert "THEN BUY  ; line 2; not before bar 14, once its timeframes have begun" in text
