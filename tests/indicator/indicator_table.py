"""What the tests of the indicator table share: its rows, parameter sets, bars, and a driver.

Everything here goes through the C functions, so that a law that fails names the C core.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hquant_cffi._ffi import ffi, lib

Floats = npt.NDArray[np.float64]

FIELDS = ("open", "high", "low", "close", "volume", "buy_volume")

# Values to try for a parameter of this name. A row whose parameter is not here fails loudly.
# The lines of a graph wrap after 32 bars, so periods stand on both sides of that.
CHOICES: dict[str, tuple[float, ...]] = {
    "period": (1, 2, 3, 5, 14, 20, 31, 32, 33, 64),
    "n": (0, 1, 2, 3, 5, 14, 31, 32, 33, 64),
    "fast": (1, 2, 12),
    "slow": (2, 5, 26),
    "signal": (1, 2, 9),
    "k": (0, 1, 2.5, 3, 40),
}


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

    @property
    def takes_fields(self) -> bool:
        """Whether an engine can run it over fields of the bar."""
        return not any(self.conditions)


@dataclass(frozen=True)
class Spec:
    """A row with its parameters."""

    row: Row
    params: tuple[float, ...]

    def __str__(self) -> str:
        return f"{self.row.name}({', '.join(f'{p:g}' for p in self.params)})"

    @property
    def period(self) -> int:
        """The first parameter, 1 when there is none."""
        return int(self.params[0]) if self.params else 1

    @property
    def fields(self) -> tuple[int, ...]:
        """A field for every input: its own, or open where the row has none, or close."""
        own = [field for field in self.row.fields if field >= 0]
        free = iter((3, 0))
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
            )
        )
    return found


def param_sets(row: Row) -> Iterator[tuple[float, ...]]:
    """Yield every combination of `CHOICES` that the row's own ranges and rules allow."""
    columns = [
        [v for v in CHOICES[name] if low <= v <= high and not (whole and v % 1)]
        for name, low, high, whole in row.params
    ]
    names = [name for name, *_ in row.params]
    for values in itertools.product(*columns):
        given = dict(zip(names, values, strict=True))
        if "fast" not in given or given["fast"] < given["slow"]:
            yield values


ROWS = rows()
SPECS = [Spec(row, params) for row in ROWS for params in param_sets(row)]
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
        columns.append(condition if is_condition else bars.fields[field])
    return columns


# ------------------------------------------------------------------------ running it


def batch(spec: Spec, inputs: Sequence[Floats]) -> list[Floats]:
    """Run ``hq_indicator_batch``; one column for each output."""
    columns = [np.ascontiguousarray(x, dtype=np.float64) for x in inputs]
    outputs = [np.full(len(columns[0]), -7.0) for _ in spec.row.outputs]
    views = [ffi.from_buffer("double[]", x) for x in columns]
    places = [ffi.from_buffer("double[]", x) for x in outputs]
    status = lib.hq_indicator_batch(
        spec.row.code,
        ffi.new("double *[]", views),
        ffi.new("double[]", list(spec.params) or [0.0]),
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
        return int(
            lib.hq_add_indicator(
                self.handle,
                spec.row.code,
                ffi.new("uint32_t[]", list(spec.fields) or [0]),
                ffi.new("double[]", list(spec.params) or [0.0]),
            )
        )

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
        value = lib.hquant_indicator_last(self.handle, identity)
        return (value.a, value.b, value.c)[: len(spec.row.outputs)]

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
