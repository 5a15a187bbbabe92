"""docs/hqbc.md is what the bytes are: its tables decode real programs, and nothing is left over."""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path
from typing import NamedTuple

import pytest

from hquant_cffi import Strategy
from hquant_cffi._indicator_table import table

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "hqbc.md").read_text(encoding="utf-8")
WIDTHS = {"u8": ("B", 1), "u16": ("H", 2), "u32": ("I", 4), "i64": ("q", 8), "f64": ("d", 8)}
TEXT = """PARAM n = 5 IN 2..9 STEP 1
IF BOLL(n, 2).upper < high@1h + 0.5 THEN BUY SIZE 50%
IF RSI(14) > 70 AND NOT close < open THEN SELL"""
PROGRAMS = [
    Strategy.compile(TEXT),
    *(Strategy.load(path) for path in sorted((ROOT / "examples").glob("*.hq"))),
    *(Strategy.load(path) for path in sorted((Path(__file__).parent / "hqbc_1_0").glob("*.hqbc"))),
]


class Section(NamedTuple):
    """A row of the page's table of sections."""

    kind: int
    name: str
    format: str
    limit: int | None


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a header row that begins so."""
    begin = PAGE.index(f"| {heading}")
    lines = PAGE[begin:].split("\n\n", maxsplit=1)[0].splitlines()[2:]
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in lines]


def format_of(entry: str) -> str:
    """The struct format of an entry such as ``u16 op, u8 0: 3 bytes``; checks the stated size."""
    plain, _, size = re.sub(r"\([^)]*\)", "", entry).partition(":")
    kind, letters = "", "<"
    for part in re.split(r"[,;]", plain):
        words = part.split()
        if words[0] in WIDTHS:
            kind = words[0]
        elif words[0] in ("from", "both", "finite", ">", "distinct"):
            continue
        letters += WIDTHS[kind][0]
    if size:
        assert f"{struct.calcsize(letters)} bytes" in size, entry
    return letters


def section_table() -> list[Section]:
    found = []
    for kind, name, entry, limit in rows("kind | section"):
        shape = "<B" if name == "strings" else format_of(entry.split("; index")[0])
        number = re.match(r"[\d,]+", limit)
        found.append(
            Section(int(kind), name, shape, int(number[0].replace(",", "")) if number else None)
        )
    return found


SECTIONS = section_table()


def decode(data: bytes) -> dict[str, list[tuple[float, ...]]]:
    """Every entry of every section, by the page alone."""
    at = 24
    decoded = {}
    end = at + 12 * len(SECTIONS)
    for section in SECTIONS:
        kind, offset, size = struct.unpack_from("<III", data, at)
        at += 12
        assert kind == section.kind
        entries = list(struct.iter_unpack(section.format, data[offset : offset + size]))
        assert section.limit is None or len(entries) <= section.limit
        assert offset % 8 == 0 or size == 0
        assert not size or (offset >= end and not any(data[end:offset]))
        end = offset + size if size else end
        decoded[section.name] = entries
    assert len(data) - end < 8
    return decoded


def test_page_names_eleven_sections() -> None:
    assert [section.kind for section in SECTIONS] == list(range(1, 12))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: Path(p.name).name)
def test_header_stands_where_the_page_says(program: Strategy) -> None:
    data = program.bytecode
    offsets = {meaning.split()[0]: int(offset) for offset, _, meaning in rows("offset | type")[:6]}
    assert list(offsets.values()) == [0, 4, 8, 12, 16, 20]
    assert data[offsets["magic"] : offsets["version:"]] == b"HQBC"
    major, minor = struct.unpack_from("<HH", data, offsets["version:"])
    assert (major, minor) in [(1, 0), (1, 1)]
    size, checksum, count, flags = struct.unpack_from("<IIII", data, offsets["size"])
    assert (size, count, flags) == (len(data), len(SECTIONS), 0)
    assert checksum == zlib.crc32((data[4:12] if minor else b"") + data[16:])


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: Path(p.name).name)
def test_page_decodes_the_program_that_the_disassembly_shows(program: Strategy) -> None:
    decoded = decode(program.bytecode)
    ops = {int(op): name for op, name, *_ in rows("op | name")}
    listing = re.findall(r"^  r\d+ +(\w+) .*line (\d+):(\d+)$", program.disassemble(), flags=re.M)
    assert [ops[int(entry[0])] for entry in decoded["code"]] == [name for name, *_ in listing]
    assert decoded["lines"] == [(int(line), int(column)) for _, line, column in listing]
    strings = bytes(int(byte) for (byte,) in decoded["strings"])
    for entry, param in zip(decoded["params"], program.params, strict=True):
        offset, length = int(entry[4]), int(entry[5])
        assert strings[offset : offset + length].decode() == param.name
        assert entry[0] == param.value
    assert [ms for (ms,) in decoded["timeframes"]] == list(program.timeframes)
    actions = {1: "BUY", 2: "SELL", 3: "HOLD"}
    shown = re.findall(r"^  IF r(\d+) THEN (\w+).*; line (\d+);", program.disassemble(), flags=re.M)
    assert [(str(e[0]), actions[int(e[1])], str(e[5])) for e in decoded["rules"]] == shown
    rows_by_code = {row.code: row for row in table()}
    for code, _, timeframe, inputs, params, zero, first_input, first_param in decoded["nodes"]:
        if int(code) in rows_by_code:
            row = rows_by_code[int(code)]
            assert (inputs, params) == (len(row.inputs), len(row.params))
        assert zero == 0 and timeframe <= len(program.timeframes)
        assert first_input + inputs <= len(decoded["node inputs"])
        assert first_param + params <= len(decoded["node params"])


def test_page_lists_the_rows_that_1_0_had() -> None:
    listed = {
        int(code): (name, params, outputs) for code, name, _, params, outputs in rows("code | row")
    }
    assert len(listed) == 20
    for row in table():
        if row.code >= 100:
            continue
        name, params, outputs = listed[row.code]
        assert name == row.name
        assert [each.split(" = ")[0] for each in params.split(", ") if each] == [
            param.name for param in row.params
        ]
        assert tuple(outputs.split(", ")) == row.outputs
