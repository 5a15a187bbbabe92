"""What the fuzzer of snapshots begins with are snapshots that load."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from hquant_cffi import Aggregator, HQuant, MultiHQuant, SnapshotError
from hquant_cffi._ffi import lib

CORPUS = Path(__file__).parents[1] / "fuzz" / "corpus" / "snapshot"
LOAD = {1: HQuant.load, 2: MultiHQuant.load, 3: Aggregator.load}
HEADER = 24


def kind_that_loads(data: bytes) -> int:
    """Load a seed sealed as fuzz_snapshot.c seals it; 0 where it is refused."""
    if len(data) < HEADER + 4:
        return 0
    kind = 1 + data[8] % 3
    size = struct.pack("<Q", len(data))
    head = b"HQSS" + struct.pack("<II", lib.hq_snapshot_version(), kind) + data[12:16] + size
    whole = head + data[HEADER:-4]
    try:
        LOAD[kind](whole + struct.pack("<I", zlib.crc32(whole)))
    except (SnapshotError, MemoryError):
        return 0
    return kind


def test_seeds_of_every_kind_load() -> None:
    kinds = [kind_that_loads(path.read_bytes()) for path in CORPUS.iterdir()]
    found = {kind: kinds.count(kind) for kind in LOAD}
    assert found[1] >= 5 and found[2] >= 2 and found[3] >= 1, (
        f"{found}: run tests/fuzz/write_snapshot_seeds.py"
    )
