"""What the tests of the indicator table share: its rows, parameter sets, bars, and a driver.

Everything here goes through the C functions, so that a law that fails names the C core.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hquant_cffi._ffi import ffi, lib

Floats = npt.NDArray[np.float64]

TIME = 6
FIELDS = ("open", "high", "low", "close", "volume", "buy_volume")

# Values to try for a parameter of this name, all combinations of them, in the rows that everything
# else is made of. The lines of a graph wrap after 32 bars, so periods stand on both sides of that.
CHOICES: dict[str, tuple[float, ...]] = {
    "period": (1, 2, 3, 5, 14, 20, 31, 32, 33, 64),
    "n": (0, 1, 2, 3, 5, 14, 31, 32, 33, 64),
    "fast": (1, 2, 12),
    "slow": (2, 5, 26),
    "signal": (1, 2, 9),
    "k": (0, 1, 2.5, 3, 40),
}

# Rows from this code on are mostly made of those: their parameters are tried a set at a time.
FIRST_COMPOSED = 100
SETS = 4
WHOLE = (5, 2, 33, 7)
KINDS_OF_AVERAGE = (0, 1, 2, 6)
FRACTIONS = (1.0, 0.5, 2.0, 0.1)


@dataclass(frozen=True)
class Row:
    """One row of the C table."""

    code: int
    name: str
    fields: tuple[int, ...]
    """The field that stands in for each input, -1 where there is none."""
    conditions: tuple[bool, ...]
    """Which inputs are conditions."""
    params: tuple[tuple[str, float, float, bool], ...]
    """Name, minimum, maximum, whether whole."""
    outputs: tuple[str, ...]
    unit: str
    has_modes: bool
    """Whether talib mode is another thing than seed mode."""

    @property
    def takes_fields(self) -> bool:
        """Whether an engine can run it over fields of the bar."""
        return not any(self.conditions)


@dataclass(frozen=True)
class Spec:
    """A row with its parameters."""

    row: Row
    params: tuple[float, ...]
    mode: int = 0
    """``HQ_MODE_SEED`` or ``HQ_MODE_TALIB``."""

    def __str__(self) -> str:
        return f"{self.key}({', '.join(f'{p:g}' for p in self.params)})"

    @property
    def key(self) -> str:
        """What the naive twins are found by."""
        return self.row.name + (" as TA-Lib" if self.mode else "")

    def warmup(self, output: int = 0) -> int:
        """Return the bar of the first value, as the C core says; -1 when it refuses."""
        return int(lib.hq_indicator_warmup(native(self), output))

    @property
    def period(self) -> int:
        """The first parameter, 1 when there is none or it counts nothing."""
        return int(self.params[0]) if self.params and self.row.params[0][3] else 1

    @property
    def fields(self) -> tuple[int, ...]:
        """A field for every input: its own, or open where the row has none, or close."""
        own = [field for field in self.row.fields if field >= 0]
        # Of two free inputs close and open; a single one counts bars, as volumes of 0..50 can.
        free = iter((3, 0) if self.row.fields.count(-1) > 1 else (4,))
        return tuple(field if field >= 0 else next(free) for field in self.row.fields) or tuple(own)


def rows() -> list[Row]:
    """Return the whole table, the rows of the language alone included."""
    found = []
    for index in range(lib.hq_indicator_count()):
        info = lib.hq_indicator_info(index)
        inputs = [info.inputs[i] for i in range(info.n_inputs)]
        params = [info.params[i] for i in range(info.n_params)]
        found.append(
            Row(
                info.code,
                ffi.string(info.name).decode(),
                tuple(i.field for i in inputs),
                tuple(bool(i.is_boolean) for i in inputs),
                tuple(
                    (ffi.string(p.name).decode(), p.minimum, p.maximum, bool(p.is_integer))
                    for p in params
                ),
                tuple(ffi.string(info.outputs[i]).decode() for i in range(info.n_outputs)),
                ffi.string(info.unit).decode(),
                info.talib_note != ffi.NULL,
            )
        )
    return found


def native(spec: Spec) -> Any:
    """Return a spec as the C core takes it, with the fields that `Spec.fields` names."""
    return native_spec(spec.row.code, spec.params, spec.fields, spec.mode)


def native_spec(
    code: int, params: Sequence[float] = (), fields: Sequence[int] = (), mode: int = 0
) -> Any:
    """Return an ``HqIndicatorSpec *``; of what does not fit only the count is told."""
    made = ffi.new("HqIndicatorSpec *")
    made.struct_size = ffi.sizeof("HqIndicatorSpec")
    made.code, made.mode = code, mode
    made.n_params, made.n_fields = len(params), len(fields)
    made.params[0 : min(8, len(params))] = list(params)[:8]
    made.fields[0 : min(6, len(fields))] = list(fields)[:6]
    return made


def param_sets(row: Row) -> Iterator[tuple[float, ...]]:
    """Yield the parameters to try: whole combinations, or a few sets of a composed row."""
    if row.code >= FIRST_COMPOSED:
        yield from dict.fromkeys(_composed_sets(row))
        return
    columns = [
        [v for v in CHOICES[name] if low <= v <= high and not (whole and v % 1)]
        for name, low, high, whole in row.params
    ]
    names = [name for name, *_ in row.params]
    for values in itertools.product(*columns):
        given = dict(zip(names, values, strict=True))
        if "fast" not in given or given["fast"] < given["slow"]:
            yield values


def _composed_sets(row: Row) -> Iterator[tuple[float, ...]]:
    """Yield the defaults, and sets in which neighbouring parameters differ."""
    info = lib.hq_indicator_find(row.name.encode())
    defaults = tuple(info.params[i].default_value for i in range(info.n_params))
    if not any(math.isnan(value) for value in defaults):
        yield defaults
    for i in range(SETS):
        values = [
            _value(param, i + place, defaults[place]) for place, param in enumerate(row.params)
        ]
        for order in (values, [*reversed(values[:2]), *values[2:]]):  # the smaller bound is first
            if lib.hq_indicator_warmup(native_spec(row.code, order), 0) >= 0:
                yield tuple(order)
                break


def _value(param: tuple[str, float, float, bool], i: int, default: float) -> float:
    name, low, high, whole = param
    if "matype" in name:
        return float(KINDS_OF_AVERAGE[i % SETS])
    if whole:
        return float(min(max(WHOLE[i % SETS], low), high))
    return float(min(max((default or 0.1) * FRACTIONS[i % SETS], low), high))


ROWS = rows()
SPECS = [
    Spec(row, params, mode)
    for row in ROWS
    for mode in ((0, 1) if row.has_modes else (0,))
    for params in param_sets(row)
]
ENGINE_SPECS = [spec for spec in SPECS if spec.row.takes_fields]


def row_named(name: str) -> Row:
    """Return a row by its name."""
    return next(row for row in ROWS if row.name == name)


def spec_of(name: str, *params: float) -> Spec:
    """Return a row with parameters."""
    return Spec(row_named(name), tuple(params))


# ------------------------------------------------------------------------ bars


@dataclass(frozen=True)
class Bars:
    """Columns of bars; ``fields[3]`` is close."""

    timestamp: npt.NDArray[np.int64]
    fields: tuple[Floats, ...]

    def __len__(self) -> int:
        return len(self.timestamp)

    def __getitem__(self, part: slice) -> Bars:
        return Bars(self.timestamp[part], tuple(field[part] for field in self.fields))

    def column(self, field: int) -> Floats:
        """Return a field by its number; 6 is the time."""
        return self.timestamp.astype(np.float64) if field == TIME else self.fields[field]

    def bar(self, i: int) -> tuple[float, ...]:
        """Return bar `i` as ``hq_push_bar`` takes it."""
        return (int(self.timestamp[i]), *(float(field[i]) for field in self.fields))


def random_bars(seed: int, length: int, kind: str = "ticks") -> Bars:
    """Make bars: "ticks" near 60000 on a grid of 0.01, "steps" of few small whole numbers."""
    rng = np.random.default_rng(seed)
    if kind == "steps":  # ties, flat stretches and equal neighbours
        close = 10.0 + np.repeat(rng.integers(0, 4, length), rng.integers(1, 5, length))[:length]
        spread = rng.integers(0, 2, (2, length)).astype(float)
        open_ = np.round(close + rng.integers(-1, 2, length))
    else:
        close = np.round(60000 + np.cumsum(rng.standard_normal(length)), 2)
        spread = np.round(rng.random((2, length)), 2)
        open_ = np.round(close + rng.standard_normal(length) / 4, 2)
    high = np.maximum(open_, close) + spread[0]
    low = np.minimum(open_, close) - spread[1]
    volume = np.round(rng.random(length) * 50, 3)
    buy_volume = np.round(volume * rng.random(length), 3)
    timestamp = np.arange(length, dtype=np.int64) * 60_000
    return Bars(timestamp, (open_, high, low, close, volume, buy_volume))


def inputs_of(spec: Spec, bars: Bars) -> list[Floats]:
    """Return a column for every input; a condition is true, false or unknown in turn."""
    columns = []
    rising = np.diff(bars.fields[3], prepend=np.nan)
    condition = np.where(np.isnan(rising), np.nan, (rising > 0).astype(float))
    condition[4::11] = np.nan
    numbers = iter(spec.fields)
    for is_condition in spec.row.conditions:
        field = next(numbers)
        columns.append(condition if is_condition else bars.column(field))
    return columns


# ------------------------------------------------------------------------ running it


def batch(spec: Spec, inputs: Sequence[Floats]) -> list[Floats]:
    """Run ``hq_indicator_batch``; one column for each output."""
    columns = [np.ascontiguousarray(x, dtype=np.float64) for x in inputs]
    outputs = [np.full(len(columns[0]), -7.0) for _ in spec.row.outputs]
    views = [ffi.from_buffer("double[]", x) for x in columns]
    places = [ffi.from_buffer("double[]", x) for x in outputs]
    status = lib.hq_indicator_batch(
        native(spec),
        ffi.new("double *[]", views),
        len(columns[0]),
        ffi.new("double *[]", places),
    )
    assert status == lib.HQ_OK, (str(spec), ffi.string(lib.hq_last_error().message))
    return outputs


class Engine:
    """An HQuant, spoken to in C."""

    def __init__(self, capacity: int) -> None:
        handle = lib.hquant_new(capacity)
        assert handle != ffi.NULL
        self.handle = ffi.gc(handle, lib.hquant_free)
        self.capacity = capacity

    def add(self, spec: Spec) -> int:
        """Add an indicator over its own fields; 0 when it is refused."""
        return int(lib.hq_add_indicator(self.handle, native(spec)))

    def add_program(self, program: bytes) -> int:
        """Add a strategy, as HQBC; 0 when it is refused."""
        return int(lib.hquant_add_strategy(self.handle, b"s", 1, program, len(program)))

    def push(self, bar: Sequence[float]) -> int:
        return int(lib.hq_push_bar(self.handle, *bar))

    def update(self, bar: Sequence[float]) -> int:
        return int(lib.hq_update_last_bar(self.handle, *bar))

    def push_all(self, bars: Bars, chunk: int = 0) -> None:
        """Push by ``hq_push_bars``, `chunk` bars a call; all at once for 0."""
        step = chunk or max(1, len(bars))
        for start in range(0, len(bars), step):
            part = bars[start : start + step]
            fields = [np.ascontiguousarray(f) for f in part.fields]
            timestamp = np.ascontiguousarray(part.timestamp)
            columns = ffi.new("HqBars *")
            columns.timestamp = ffi.from_buffer("int64_t[]", timestamp)
            for name, field in zip(FIELDS, fields, strict=True):
                setattr(columns, name, ffi.from_buffer("double[]", field))
            columns.length = len(part)
            pushed = ffi.new("size_t *")
            assert lib.hq_push_bars(self.handle, columns, pushed) == lib.HQ_OK
            assert pushed[0] == len(part)

    def last(self, spec: Spec, identity: int) -> tuple[float, ...]:
        """Return the newest value of every output."""
        values = ffi.new("double[]", len(spec.row.outputs))
        count = lib.hq_indicator_values(self.handle, identity, values, len(values))
        assert count == len(values)
        short = lib.hquant_indicator_last(self.handle, identity)
        assert bits((short.a, short.b, short.c)[: len(values)]) == bits(tuple(values)[:3])
        return tuple(values)

    def column(self, identity: int, output: int = 0) -> Floats:
        """Return an output's ring column, oldest first."""
        return ordered(lib.hq_indicator_column(self.handle, identity, output))

    def columns(self, spec: Spec, identity: int) -> list[Floats]:
        """Return every output's ring column, oldest first."""
        return [self.column(identity, o) for o in range(len(spec.row.outputs))]

    def field(self, name: str) -> Floats:
        """Return a bar column, oldest first."""
        return ordered(getattr(lib, f"hquant_{name}_column")(self.handle))

    def ring_bars(self) -> Bars:
        """Return the bars that the ring holds, oldest first."""
        times = ordered(lib.hquant_timestamp_column(self.handle), np.int64)
        return Bars(times, tuple(self.field(name) for name in FIELDS))

    def signals(self) -> list[tuple[int, int, int]]:
        """Poll every signal: strategy, action, timestamp."""
        count = lib.hquant_signals_len(self.handle)
        out = ffi.new("Signal[]", max(count, 1))
        assert lib.hquant_poll_signals(self.handle, out, count) == count
        return [(out[i].strategy_id, out[i].action, out[i].timestamp) for i in range(count)]


def ordered(view: object, dtype: type = np.float64) -> npt.NDArray[np.generic]:
    """Copy a ring column, oldest first."""
    assert view.ptr != ffi.NULL and 0 <= view.len <= view.capacity and view.head < view.capacity
    raw = np.frombuffer(ffi.buffer(view.ptr, view.capacity * 8), dtype=dtype)
    if view.len < view.capacity:
        return raw[: view.len].copy()
    return np.concatenate([raw[view.head :], raw[: view.head]])


def bits(values: Floats | Sequence[float]) -> bytes:
    """Return the bits of numbers, all NaN alike."""
    array = np.array(values, dtype=np.float64)
    array[np.isnan(array)] = np.nan
    return array.tobytes()


def same_bits(a: Sequence[Floats], b: Sequence[Floats]) -> bool:
    """Whether columns agree bit for bit, NaN being equal to NaN."""
    return len(a) == len(b) and all(bits(x) == bits(y) for x, y in zip(a, b, strict=True))
