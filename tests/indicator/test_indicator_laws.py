"""Laws of every row of the C table, by loop: stream, batch, blocks, revision, late adding."""

from __future__ import annotations

import indicator_laws as laws
import numpy as np
import pytest
from indicator_table import (
    ENGINE_SPECS,
    FIELDS,
    ROWS,
    SPECS,
    Bars,
    Engine,
    Spec,
    batch,
    bits,
    inputs_of,
    param_sets,
    random_bars,
    same_bits,
    spec_of,
)

from hquant_cffi._ffi import ffi, lib

BARS = [random_bars(seed, laws.LENGTH, kind) for seed, kind in enumerate(laws.KINDS)]

every_spec = pytest.mark.parametrize("spec", SPECS, ids=str)
every_engine_spec = pytest.mark.parametrize("spec", ENGINE_SPECS, ids=str)


def test_table_is_covered_whole() -> None:
    assert len(ROWS) >= 20
    assert len({row.code for row in ROWS}) == len({row.name for row in ROWS}) == len(ROWS)
    for row in ROWS:
        assert len(list(param_sets(row))) >= (4 if row.params else 1), row.name


@every_engine_spec
def test_stream_equals_batch_in_any_ring(spec: Spec) -> None:
    for bars in BARS:
        laws.stream_equals_batch(spec, bars)


def test_long_series_equal_the_stream() -> None:
    """A batch runs segments of a window at once, and recurrences in sections, which meet soon, or
    hardly where prices stand still."""
    steps = random_bars(3, 50, "steps")
    still = Bars(np.arange(2_000) * 60_000, tuple(np.repeat(x, 40) for x in steps.fields))
    recurrences = [("EMA", 20), ("RMA", 14), ("RSI", 14), ("MACD", 12, 26, 9), ("ATR", 14)]
    windows = [(name, n) for name in ("SMA", "STDDEV") for n in (7, 20, 66, 147, 200)]
    for name, *params in recurrences + windows:
        for bars in (random_bars(4, 2_000), still):
            spec, engine = spec_of(name, *params), Engine(2_000)
            identity = engine.add(spec)
            for t in range(len(bars)):
                engine.push(bars.bar(t))
            expected = batch(spec, inputs_of(spec, bars))
            assert same_bits(engine.columns(spec, identity), expected), str(spec)


@pytest.mark.parametrize("period", [129, 147, 200, 256])
@pytest.mark.parametrize("name", ["SMA", "STDDEV"])
def test_windows_of_two_halves_keep_the_laws(name: str, period: int) -> None:
    spec, bars = spec_of(name, period), random_bars(6, 700)
    laws.chunks_equal_batch(spec, bars)
    laws.revised_bar_leaves_no_trace(spec, bars)
    laws.late_add_equals_a_fresh_engine(spec, bars)
    laws.first_value_is_where_the_row_says(spec, bars)


@every_engine_spec
def test_blocks_equal_batch(spec: Spec) -> None:
    for bars in BARS:
        laws.chunks_equal_batch(spec, bars)


@every_engine_spec
def test_revised_bar_leaves_no_trace(spec: Spec) -> None:
    for bars in BARS:
        laws.revised_bar_leaves_no_trace(spec, bars)


@every_engine_spec
def test_late_add_equals_a_fresh_engine(spec: Spec) -> None:
    laws.late_add_equals_a_fresh_engine(spec, BARS[0])


@every_spec
def test_first_value_is_where_the_row_says(spec: Spec) -> None:
    for bars in BARS:
        laws.first_value_is_where_the_row_says(spec, bars)


@every_spec
def test_batch_is_causal(spec: Spec) -> None:
    """A prefix of the input gives the prefix of the output."""
    inputs = inputs_of(spec, BARS[0])
    whole = batch(spec, inputs)
    for length in (1, 2, 31, 32, 33, 34, 64, 65, 100):
        part = batch(spec, [x[:length] for x in inputs])
        assert same_bits(part, [column[:length] for column in whole])


# An angle of prices scales with nothing, and a start value is a price among the parameters.
SCALING = [
    spec
    for spec in ENGINE_SPECS
    if spec.row.unit != "degrees" and not (spec.row.name == "SAREXT" and spec.params[0])
]


@pytest.mark.parametrize("spec", SCALING, ids=str)
def test_scaling_by_a_power_of_two_scales_every_bit(spec: Spec) -> None:
    """Indices and conditions stay, prices scale: there is no absolute threshold anywhere."""
    inputs = inputs_of(spec, BARS[0])
    plain = batch(spec, inputs)
    for factor in (2.0**-40, 2.0, 2.0**60):
        scaled = batch(spec, laws.scaled(spec, inputs, factor))
        sizes = [laws.size_in(spec.row.unit, output, factor) for output in range(len(plain))]
        assert same_bits(scaled, [s * column for s, column in zip(sizes, plain, strict=True)])


@every_engine_spec
def test_batch_answers_unknown_never_infinite(spec: Spec) -> None:
    """Whatever finite numbers go in, what overflows comes out as unknown."""
    rng = np.random.default_rng(11)
    size = np.finfo(np.float64).max
    for scale in (1e-300, 1e99, 1e200, size):
        huge = [scale * (2 * rng.random(100) - 1) for _ in spec.row.fields]
        huge[0][50] = np.inf
        for column in batch(spec, huge):
            assert not np.isinf(column).any()


@every_engine_spec
def test_engine_answers_finite_at_the_edge_of_the_range(spec: Spec) -> None:
    """Fields up to 1e100 in magnitude overflow nowhere."""
    rng = np.random.default_rng(12)
    columns = [1e100 * rng.choice([-1.0, 1.0, 0.5, 1e-100], 150) for _ in spec.row.fields]
    for output, column in enumerate(batch(spec, columns)):
        values = column[spec.warmup(output) :]
        assert np.isfinite(values).all() or spec.row.name in laws.UNKNOWN_WHEN_FLAT
        assert not np.isinf(values).any()


def test_one_engine_with_everything_equals_each_alone() -> None:
    """Hundreds of nodes in one graph, in a ring of every size around the 32 lines."""
    bars = BARS[0]
    expected = [batch(spec, inputs_of(spec, bars)) for spec in ENGINE_SPECS]
    for capacity in (1, 2, 5, 31, 32, 33, 64, 65, 300):
        engine = Engine(capacity)
        ids = [engine.add(spec) for spec in ENGINE_SPECS]
        engine.push_all(bars, 7)
        for spec, identity, columns in zip(ENGINE_SPECS, ids, expected, strict=True):
            found = engine.columns(spec, identity)
            assert same_bits(found, laws.tail(columns, capacity)), (str(spec), capacity)


def test_columns_are_right_at_every_ring_head_and_line() -> None:
    """Read after every number of bars from 1 to 110: all heads, all 32 lines, several wraps."""
    bars = BARS[0]
    specs = [spec_of("SMA", 5), spec_of("BOLL", 7, 2), spec_of("EMA", 3)]
    expected = [batch(spec, inputs_of(spec, bars)) for spec in specs]
    for capacity in (1, 3, 16, 31, 32, 33, 40):
        often = Engine(capacity)
        often_ids = [often.add(spec) for spec in specs]
        for length in range(1, 111):
            once = Engine(capacity)
            once_ids = [once.add(spec) for spec in specs]
            once.push_all(bars[:length])
            often.push(bars.bar(length - 1))
            for spec, a, b, columns in zip(specs, often_ids, once_ids, expected, strict=True):
                wanted = [column[:length][-capacity:] for column in columns]
                assert same_bits(once.columns(spec, b), wanted), (str(spec), capacity, length)
                assert same_bits(often.columns(spec, a), wanted), (str(spec), capacity, length)


@pytest.mark.parametrize("capacity", [33, 40, 64, 300, 3000])
def test_columns_read_late_are_those_read_often(capacity: int) -> None:
    """Whatever has happened to the lines since: wraps, updates, lines laid out anew."""
    bars = random_bars(3, 400, "ticks")
    late, often = Engine(capacity), Engine(capacity)
    pairs = []
    for t in range(len(bars)):
        if t in (0, 5, 90, 91, 250):
            added = [spec_of("SMA", 3 + t), spec_of("BOLL", 4 + t, 2), spec_of("MACD", 3, 5 + t, 4)]
            pairs += [(spec, late.add(spec), often.add(spec)) for spec in added]
        for engine in (late, often):
            assert engine.push(bars.bar(t)) == lib.HQ_OK
            if t % 3 == 0:
                assert engine.update(bars.bar(t - 1)) == lib.HQ_OK
        for spec, _, identity in pairs:
            often.columns(spec, identity)
    for spec, a, b in pairs:
        assert same_bits(late.columns(spec, a), often.columns(spec, b)), str(spec)


# ------------------------------------------------------------------ refused bars


def observable(engine: Engine, specs: list[Spec], ids: list[int]) -> list[bytes]:
    """Everything that a caller can see, the counter of refusals left aside."""
    seen = [engine.ring_bars().timestamp.tobytes()]
    seen += [engine.field(name).tobytes() for name in FIELDS]
    for spec, identity in zip(specs, ids, strict=True):
        value = lib.hquant_indicator_last(engine.handle, identity)
        seen.append(bits((value.kind, value.a, value.b, value.c)))
        seen += [column.tobytes() for column in engine.columns(spec, identity)]
    numbers = (
        lib.hquant_len(engine.handle),
        lib.hq_total_bars(engine.handle),
        lib.hquant_signals_len(engine.handle),
        lib.hq_signals_dropped(engine.handle),
    )
    return [*seen, repr(numbers).encode()]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e101, -1e101, 1.0000001e100])
@pytest.mark.parametrize("field", range(6), ids=FIELDS)
def test_refused_bar_changes_nothing(field: int, bad: float) -> None:
    bars = BARS[0]
    touched, clean = Engine(16), Engine(16)
    specs = [spec for spec in ENGINE_SPECS if spec.period in (1, 3, 14, 12, 33)]
    ids = [touched.add(spec) for spec in specs]
    assert ids == [clean.add(spec) for spec in specs]
    refused = 0
    for t in range(70):
        if t % 23 == 0:
            before = observable(touched, specs, ids)
            bar = list(bars.bar(t))
            bar[1 + field] = bad
            for call in (touched.push, touched.update):
                lib.hq_clear_error()
                assert call(bar) == lib.HQ_EBAR
                refused += 1
                error = lib.hq_last_error()
                assert error.code == lib.HQ_EBAR
                assert f": {FIELDS[field]}: expected" in ffi.string(error.message).decode()
                assert lib.hq_rejected_bars(touched.handle) == refused
            assert observable(touched, specs, ids) == before
        assert touched.push(bars.bar(t)) == clean.push(bars.bar(t)) == lib.HQ_OK
    assert observable(touched, specs, ids) == observable(clean, specs, ids)


def test_block_stops_at_the_refused_bar_and_keeps_those_before() -> None:
    bars = random_bars(4, 40)
    bars.fields[4][25] = np.nan
    engine = Engine(64)
    identity = engine.add(spec_of("SMA", 3))
    columns = ffi.new("HqBars *")
    columns.timestamp = ffi.from_buffer("int64_t[]", bars.timestamp)
    for name, field in zip(FIELDS, bars.fields, strict=True):
        setattr(columns, name, ffi.from_buffer("double[]", field))
    columns.length = 40
    pushed = ffi.new("size_t *")
    assert lib.hq_push_bars(engine.handle, columns, pushed) == lib.HQ_EBAR
    assert pushed[0] == lib.hquant_len(engine.handle) == 25
    expected = batch(spec_of("SMA", 3), [bars.fields[3][:25]])
    assert bits(engine.column(identity)) == bits(expected[0])


def test_missing_buy_volume_reads_as_zero() -> None:
    bars = random_bars(4, 5)
    engine = Engine(8)
    columns = ffi.new("HqBars *")
    columns.timestamp = ffi.from_buffer("int64_t[]", bars.timestamp)
    for name, field in list(zip(FIELDS, bars.fields, strict=True))[:5]:
        setattr(columns, name, ffi.from_buffer("double[]", field))
    columns.length = 5
    assert lib.hq_push_bars(engine.handle, columns, ffi.NULL) == lib.HQ_OK
    assert engine.field("buy_volume").tolist() == [0.0] * 5


def test_update_before_the_first_bar_does_nothing() -> None:
    engine = Engine(4)
    identity = engine.add(spec_of("EMA", 3))
    assert engine.update(BARS[0].bar(0)) == lib.HQ_OK
    assert lib.hquant_len(engine.handle) == 0
    assert np.isnan(engine.last(spec_of("EMA", 3), identity)[0])
    assert len(engine.column(identity)) == 0
