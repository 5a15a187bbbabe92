"""Damage is found, other versions are refused, and made-up bytes never crash."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from random import Random

import numpy as np
import pytest
from dsl.fixed_tape import fixed_tape
from snapshot.snapshot_tapes import PARAM_STRATEGY

from hquant_cffi import Aggregator, Bars, HQuant, MultiHQuant, ParameterError, SnapshotError
from hquant_cffi._ffi import lib

Loaded = HQuant | MultiHQuant | Aggregator
Load = Callable[[bytes], Loaded]


def engine_snapshot() -> bytes:
    engine = HQuant(20, htf="forming")
    for name in ("RSI", "MEDIAN", "STOCH", "SAR", "HT_SINE"):
        engine.add_indicator(name)
    engine.add_indicator("SMA", 5)
    engine.add_indicator("STDDEV", 5)
    engine.add_strategy("s", PARAM_STRATEGY)
    engine.add_strategy("t", "IF close > EMA(close@5m, 3) THEN BUY")
    for bar in fixed_tape(70):
        engine.push_bar(*bar)
    return engine.save()


def multi_snapshot() -> bytes:
    multi = MultiHQuant(10, ["1m", "5m"], "on_close")
    multi.add_strategy("s", "IF SMA(close@5m, 3) > CHANGE(close) THEN BUY")
    for bar in fixed_tape(30):
        multi.feed_bar(*bar)
    return multi.save()


def aggregator_snapshot() -> bytes:
    aggregator = Aggregator(["5m", "1h"])
    for bar in fixed_tape(5):
        aggregator.push(*bar)
    return aggregator.save()


KINDS: dict[str, tuple[bytes, Load]] = {
    "engine": (engine_snapshot(), HQuant.load),
    "multi": (multi_snapshot(), MultiHQuant.load),
    "aggregator": (aggregator_snapshot(), Aggregator.load),
}
each_kind = pytest.mark.parametrize(("data", "load"), KINDS.values(), ids=KINDS)


def sealed(data: bytes) -> bytes:
    """The same bytes with the checksum that makes them pass for whole."""
    return data[:-4] + struct.pack("<I", zlib.crc32(data[:-4]))


BLOCK = dict(zip(("timestamp", "open", "high", "low", "close", "volume"), zip(*[
    bar[:6] for bar in fixed_tape(600)[300:]
], strict=True), strict=True))  # fmt: skip


def go_on(loaded: Loaded) -> None:
    """Whatever was let in can be used, bar by bar and in blocks."""
    if isinstance(loaded, HQuant):
        with suppress(ValueError):
            # from where it stands: a block is not what bars leave
            again = HQuant.load(loaded.save())
            again.push_bars(BLOCK)
    tape = fixed_tape(400)[100:180]
    for bar in tape:
        try:
            if isinstance(loaded, HQuant):
                loaded.push_bar(*bar)
                loaded.update_last_bar(*bar)
            elif isinstance(loaded, MultiHQuant):
                loaded.feed_bar(*bar)
            else:
                loaded.push(*bar)
        except ValueError:
            return
    loaded.save()


@each_kind
def test_any_flipped_bit_is_refused(data: bytes, load: Load) -> None:
    rng = Random(1)
    places = {*range(64 * 8), *(rng.randrange(len(data) * 8) for _ in range(400))}
    for place in places:
        flipped = bytearray(data)
        flipped[place // 8] ^= 1 << place % 8
        with pytest.raises(SnapshotError):
            load(bytes(flipped))


@each_kind
def test_any_length_but_its_own_is_refused(data: bytes, load: Load) -> None:
    for size in {*range(80), *Random(2).sample(range(len(data)), 300), len(data) - 1}:
        with pytest.raises(SnapshotError):
            load(data[:size])
    with pytest.raises(SnapshotError, match="expected the"):
        load(data + b"\0")


@each_kind
@pytest.mark.parametrize(("change", "word"), [(-1, "older"), (1, "newer")])
def test_another_version_is_refused_and_named(
    data: bytes, load: Load, change: int, word: str
) -> None:
    version = lib.hq_snapshot_version() + change
    other = data[:4] + struct.pack("<I", version) + data[8:]
    with pytest.raises(SnapshotError, match=f"{word} library.*found {version};"):
        load(sealed(other))


@each_kind
def test_changed_bytes_with_a_good_checksum_never_crash(data: bytes, load: Load) -> None:
    rng = Random(3)
    refused = 0
    for _ in range(1500):
        changed = bytearray(data)
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(16, len(data) - 8)
            width = rng.choice([1, 4, 8])
            value = rng.choice([0, 1, 2, 7, 255, 2**31, 2**32 - 1, 2**63, 2**64 - 1, len(data)])
            changed[at : at + width] = (value % 256**width).to_bytes(width, "little")
        try:
            loaded = load(sealed(bytes(changed[: len(data)])))
        except (SnapshotError, MemoryError):
            refused += 1
        else:
            go_on(loaded)
    assert refused > 100


def test_any_word_of_long_windows_may_be_anything() -> None:
    engine = HQuant(2)
    for name in ("SMA", "STDDEV"):  # histories stand behind what says where
        engine.add_indicator(name, 131)
    for bar in fixed_tape(150):
        engine.push_bar(*bar)
    data = engine.save()
    refused = 0
    for at in range(16, len(data) - 12, 4):
        for value in (0, 8, 2**62 + 8):
            changed = data[:at] + struct.pack("<Q", value) + data[at + 8 :]
            try:
                loaded = HQuant.load(sealed(changed))
            except (SnapshotError, MemoryError):
                refused += 1
            else:
                go_on(loaded)
    assert refused > 100


def test_the_newest_without_buy_volume_is_one_that_came() -> None:
    engine = HQuant(4)
    tape = [np.array(column) for column in zip(*(bar[:6] for bar in fixed_tape(9)), strict=True)]
    engine.push_bars(Bars(*tape))
    data = engine.save()
    without = section_at(data, 1) + 32
    assert struct.unpack_from("<Q", data, without) == (9,)
    for count, is_good in [(0, True), (9, True), (10, False), (2**63, False)]:
        changed = sealed(data[:without] + struct.pack("<Q", count) + data[without + 8 :])
        if is_good:
            assert HQuant.load(changed).total_bars == 9
            continue
        with pytest.raises(SnapshotError, match=f"without buy_volume is number {count}, of 9"):
            HQuant.load(changed)


def test_bars_pushed_are_as_many_as_can_still_be_counted() -> None:
    """A count that comes round would move the ring's head."""
    for capacity in (1, 7):
        engine = HQuant(capacity)
        for bar in fixed_tape(20):
            engine.push_bar(*bar)
        data = engine.save()
        pushed = section_at(data, 2) + 24
        assert struct.unpack_from("<QQ", data, pushed - 8) == (capacity, 20)
        most = 2**63 - 1
        for count in (most, most + 1, 2**64 - 99, 2**64 - 1):
            changed = sealed(data[:pushed] + struct.pack("<Q", count) + data[pushed + 8 :])
            if count > most:
                with pytest.raises(SnapshotError, match="bars: expected a ring that holds"):
                    HQuant.load(changed)
                continue
            loaded = HQuant.load(changed)
            assert loaded.total_bars == most
            go_on(loaded)
            loaded.add_indicator("EMA", 2)
            assert loaded.total_bars > most and len(loaded) == capacity


def test_any_number_may_be_any_slot() -> None:
    engine = HQuant(1)
    engine.add_indicator("SMA", 20)  # it has memory, of which blocks have no columns
    engine.add_indicator("LAG", 1)
    engine.add_strategy("s", "IF close > 10 THEN BUY")
    for bar in fixed_tape(30):
        engine.push_bar(*bar)
    data = engine.save()
    refused = 0
    for at in range(16, len(data) - 4, 4):
        for slot in range(7, 16):
            changed = data[:at] + struct.pack("<I", slot) + data[at + 4 :]
            try:
                loaded = HQuant.load(sealed(changed))
            except (SnapshotError, MemoryError):
                refused += 1
            else:
                go_on(loaded)
    assert refused > 1_000


def section_at(data: bytes, kind: int) -> int:
    """Return where the head of a section stands."""
    at = 24
    while struct.unpack_from("<I", data, at)[0] != kind:
        at += 16 + struct.unpack_from("<Q", data, at + 8)[0]
    return at


@pytest.mark.parametrize("name", ["SMA", "STDDEV"])
@pytest.mark.parametrize("period", [2, 128, 257, 1001, 100_000])
def test_halves_are_of_the_windows_that_blocks_have_room_for(name: str, period: int) -> None:
    engine = HQuant(1)
    engine.add_indicator(name, 131)
    for bar in fixed_tape(30):
        engine.push_bar(*bar)
    data = engine.save()
    graph, code = section_at(data, 3), {"SMA": 4164, "STDDEV": 4163}[name]
    node = data.index(struct.pack("<III", 0, code, 0), graph)
    at = node + 24 + {"SMA": 2, "STDDEV": 4}[name] * 4  # behind its inputs: the period, its state
    (size,) = struct.unpack_from("<Q", data, at + 8)
    behind = period - period // 2
    history = struct.pack("<II", behind, 0) + behind * struct.pack("<d", 1.5)
    state = history
    if name == "STDDEV":
        both = 2 * (period // 2)
        beside = both / (period * period) if both < period else 0.0
        terms = (period // 2 / period, both / period / 4, beside)
        state = struct.pack("<dddQ", *terms, len(history)) + 3 * history
    made_up = struct.pack("<dQ", period, len(state)) + state
    longer = len(made_up) - (16 + size)
    changed = bytearray(data[:at] + made_up + data[at + 16 + size :])
    struct.pack_into("<Q", changed, 16, len(changed))
    (length,) = struct.unpack_from("<Q", changed, graph + 8)
    struct.pack_into("<Q", changed, graph + 8, length + longer)
    with pytest.raises(SnapshotError, match="POOLED_.*: a parameter is out of range"):
        HQuant.load(sealed(bytes(changed)))


def test_another_kind_is_refused_and_named() -> None:
    with pytest.raises(SnapshotError, match="expected one of an HQuant, found a MultiHQuant"):
        HQuant.load(KINDS["multi"][0])
    with pytest.raises(SnapshotError, match="begin with HQSS"):
        HQuant.load(b"HQBC" + KINDS["engine"][0][4:])
    with pytest.raises(TypeError, match="data: expected bytes, found str"):
        HQuant.load("HQSS")  # type: ignore[arg-type]


def test_engine_of_a_multi_is_saved_with_it_only() -> None:
    with pytest.raises(ParameterError, match="belongs to a MultiHQuant; save that"):
        MultiHQuant(10, ["1m"]).engine("1m").save()
