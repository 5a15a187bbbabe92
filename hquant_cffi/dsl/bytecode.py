"""HQBC, the compiled strategy: its parts as Python data, and to bytes and back (docs/hqbc.md)."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from hquant_cffi._errors import ProgramError

__all__ = [
    "NEWEST_VERSION",
    "NO_PARAM",
    "ClauseEntry",
    "Image",
    "Instruction",
    "LineEntry",
    "NodeEntry",
    "NodeParamEntry",
    "Op",
    "ParamEntry",
    "RuleEntry",
    "decode",
    "encode",
]

NO_PARAM = 0xFFFF_FFFF

_MAGIC = b"HQBC"
NEWEST_VERSION = _MAJOR, _MINOR = 1, 1
_HEADER = struct.Struct("<4sHHIIII")  # magic, version, size, CRC, sections, flags
_CRC_FROM = 16
_CODES_OF_1_0 = frozenset([*range(1, 14), *range(64, 71)])
_SERIES_OF_1_0 = 6
_TABLE_ENTRY = struct.Struct("<III")  # kind, offset, size


class Op(IntEnum):
    """Operation codes; a test compares them with the C list."""

    SERIES = 0
    CONST = 1
    PARAM = 2
    NODE = 3
    OUT = 4
    LAST = 5
    NEG = 16
    ABS = 17
    SQRT = 18
    LOG = 19
    ADD = 32
    SUB = 33
    MUL = 34
    DIV = 35
    MIN = 36
    MAX = 37
    NZ = 38
    LT = 48
    LE = 49
    GT = 50
    GE = 51
    EQ = 52
    NE = 53
    NOT = 64
    AND = 65
    OR = 66


class ParamEntry(NamedTuple):
    """A PARAM; the range is NaN where the text gives none."""

    value: float
    minimum: float
    maximum: float
    step: float
    name_offset: int
    name_length: int


class NodeEntry(NamedTuple):
    """An indicator: row, timeframe, and where its inputs and parameters stand."""

    code: int
    mode: int
    timeframe: int
    n_inputs: int
    n_params: int
    reserved: int
    first_input: int
    first_param: int


class NodeParamEntry(NamedTuple):
    """A node's parameter: a PARAM, or a value when `param` is NO_PARAM."""

    param: int
    reserved: int
    value: float


class Instruction(NamedTuple):
    """What defines a register."""

    op: int
    timeframe: int
    reserved: int
    a: int
    b: int
    reserved_2: int


class RuleEntry(NamedTuple):
    """A rule: its condition's register, action and clauses."""

    condition: int
    action: int
    n_clauses: int
    reserved: int
    first_clause: int
    line: int


class ClauseEntry(NamedTuple):
    """A clause: kind, unit and the register of its value."""

    kind: int
    unit: int
    reserved: int
    register: int


class LineEntry(NamedTuple):
    """Line and column, from 1, of what made an instruction."""

    line: int
    column: int


@dataclass
class Image:
    """The sections of a program, in the order of the file."""

    strings: bytes = b""
    params: list[ParamEntry] = field(default_factory=list)
    timeframes: list[int] = field(default_factory=list)
    nodes: list[NodeEntry] = field(default_factory=list)
    inputs: list[int] = field(default_factory=list)
    node_params: list[NodeParamEntry] = field(default_factory=list)
    constants: list[float] = field(default_factory=list)
    code: list[Instruction] = field(default_factory=list)
    rules: list[RuleEntry] = field(default_factory=list)
    clauses: list[ClauseEntry] = field(default_factory=list)
    lines: list[LineEntry] = field(default_factory=list)


_PARAM = struct.Struct("<4d2I")
_TIMEFRAME = struct.Struct("<q")
_NODE = struct.Struct("<HBBBBHII")
_INDEX = struct.Struct("<I")
_NODE_PARAM = struct.Struct("<IId")
_CONSTANT = struct.Struct("<d")
_INSTRUCTION = struct.Struct("<HBBIII")
_RULE = struct.Struct("<IBBHII")
_CLAUSE = struct.Struct("<BBHI")
_LINE = struct.Struct("<II")
_N_SECTIONS = 11


def encode(image: Image) -> bytes:
    """Return the program's file."""
    sections = [
        image.strings,
        b"".join(_PARAM.pack(*entry) for entry in image.params),
        b"".join(map(_TIMEFRAME.pack, image.timeframes)),
        b"".join(_NODE.pack(*entry) for entry in image.nodes),
        b"".join(map(_INDEX.pack, image.inputs)),
        b"".join(_NODE_PARAM.pack(*entry) for entry in image.node_params),
        b"".join(map(_CONSTANT.pack, image.constants)),
        b"".join(_INSTRUCTION.pack(*entry) for entry in image.code),
        b"".join(_RULE.pack(*entry) for entry in image.rules),
        b"".join(_CLAUSE.pack(*entry) for entry in image.clauses),
        b"".join(_LINE.pack(*entry) for entry in image.lines),
    ]
    offset = _aligned(_HEADER.size + _N_SECTIONS * _TABLE_ENTRY.size)
    table, body = b"", b""
    for kind, section in enumerate(sections, start=1):
        table += _TABLE_ENTRY.pack(kind, offset + len(body), len(section))
        body += section.ljust(_aligned(len(section)), b"\0")
    table = table.ljust(offset - _HEADER.size, b"\0")
    rest = struct.pack("<II", _N_SECTIONS, 0) + table + body
    head = struct.pack("<HHI", _MAJOR, _minor(image), _CRC_FROM + len(rest))
    return _MAGIC + head + struct.pack("<I", _checksum(head, rest)) + rest


def _minor(image: Image) -> int:
    """Return the oldest minor version that has all that the program uses."""
    is_new = any(node.mode or node.code not in _CODES_OF_1_0 for node in image.nodes) or any(
        each.op == Op.SERIES and each.a >= _SERIES_OF_1_0 for each in image.code
    )
    return 1 if is_new else 0


def _checksum(head: bytes, rest: bytes) -> int:
    """Return the CRC of what follows it; from 1.1 on also of version and size before it."""
    (minor,) = struct.unpack_from("<H", head, 2)
    return zlib.crc32(rest, zlib.crc32(head) if minor else 0)


def decode(data: bytes) -> Image:
    """Return the sections of a program's file.

    This reads what `encode` wrote, for tests and tools. It checks the frame, not the meaning: only
    the C core verifies programs.

    Raises
    ------
    ProgramError
        Magic, version, size, checksum or section table are not those of a program.
    """
    if len(data) < _HEADER.size or data[:4] != _MAGIC:
        raise ProgramError("expected a program beginning with HQBC")
    _, major, minor, size, crc, n_sections, flags = _HEADER.unpack_from(data)
    if (major, n_sections, flags) != (_MAJOR, _N_SECTIONS, 0) or minor > _MINOR:
        newest = f"{_MAJOR}.{_MINOR}"
        raise ProgramError(f"expected version {_MAJOR}.0 to {newest}, found {major}.{minor}")
    if size != len(data) or crc != _checksum(data[4:12], data[_CRC_FROM:]):
        raise ProgramError("expected the size and checksum of the header")
    parts = [_section(data, index) for index in range(_N_SECTIONS)]
    return Image(
        strings=parts[0],
        params=[ParamEntry(*entry) for entry in _PARAM.iter_unpack(parts[1])],
        timeframes=[entry[0] for entry in _TIMEFRAME.iter_unpack(parts[2])],
        nodes=[NodeEntry(*entry) for entry in _NODE.iter_unpack(parts[3])],
        inputs=[entry[0] for entry in _INDEX.iter_unpack(parts[4])],
        node_params=[NodeParamEntry(*entry) for entry in _NODE_PARAM.iter_unpack(parts[5])],
        constants=[entry[0] for entry in _CONSTANT.iter_unpack(parts[6])],
        code=[Instruction(*entry) for entry in _INSTRUCTION.iter_unpack(parts[7])],
        rules=[RuleEntry(*entry) for entry in _RULE.iter_unpack(parts[8])],
        clauses=[ClauseEntry(*entry) for entry in _CLAUSE.iter_unpack(parts[9])],
        lines=[LineEntry(*entry) for entry in _LINE.iter_unpack(parts[10])],
    )


def _section(data: bytes, index: int) -> bytes:
    kind, offset, size = _TABLE_ENTRY.unpack_from(data, _HEADER.size + index * _TABLE_ENTRY.size)
    if kind != index + 1 or offset % 8 or offset + size > len(data):
        raise ProgramError(f"section {index + 1}: expected its kind, alignment and size")
    return data[offset : offset + size]


def _aligned(size: int) -> int:
    return (size + 7) // 8 * 8
