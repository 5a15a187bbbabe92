"""Arrow tables by the PyCapsule protocol, read with ctypes: no Arrow library is needed.

Columns of integers, floats, dates and timestamps are read; a null is masked. A float64 column of
one batch without nulls is a view into the producer's memory, which the array keeps alive.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np

from hquant_cffi._errors import DataError

from .arrays import BoolArray, RawArray
from .arrow_abi import Array, Batch, Schema, Stream, pointer
from .names import ColumnMap, resolve
from .validate import Place, RawRows

_NUMBERS = {
    "c": "i1", "C": "u1", "s": "i2", "S": "u2", "i": "i4", "I": "u4", "l": "i8", "L": "u8",
    "e": "f2", "f": "f4", "g": "f8",
}  # fmt: skip
_TIMES = {"tss": "s", "tsm": "ms", "tsu": "us", "tsn": "ns"}


@runtime_checkable
class ArrowStreamExporter(Protocol):
    """A table: pyarrow.Table, polars.DataFrame, pandas.DataFrame, duckdb relations, ..."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object: ...


@runtime_checkable
class ArrowArrayExporter(Protocol):
    """One batch: pyarrow.RecordBatch and the like."""

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]: ...


def read_arrow(
    table: ArrowStreamExporter | ArrowArrayExporter, source: str, columns: ColumnMap | None
) -> RawRows:
    """The columns of a bar out of an Arrow table."""
    if isinstance(table, ArrowStreamExporter):
        layout, batches = _drain(table.__arrow_c_stream__(None), source)
    else:
        schema, array = table.__arrow_c_array__(None)
        layout = _layout(Schema.from_address(_address(schema, b"arrow_schema", source)), source)
        batches = [Batch(Array.from_address(_address(array, b"arrow_array", source)), keep=array)]
    names = [name for name, _ in layout]
    index = resolve(names, columns, source)
    raw = {field: _column(batches, i, *layout[i], source) for field, i in index.items()}
    return RawRows(raw, Place(source, {field: names[i] for field, i in index.items()}))


def _address(capsule: object, name: bytes, source: str) -> int:
    try:
        return pointer(capsule, name)
    except ValueError as error:
        raise DataError(
            f"{source}: expected a PyCapsule named {_text(name)!r}, found {capsule!r}"
        ) from error


def _drain(capsule: object, source: str) -> tuple[list[tuple[str, str]], list[Batch]]:
    """Layout and batches of a stream; the capsule's destructor releases the stream itself."""
    stream = Stream.from_address(_address(capsule, b"arrow_array_stream", source))
    schema = Schema()
    _succeed(stream, stream.get_schema(ctypes.addressof(stream), ctypes.addressof(schema)), source)
    try:
        layout = _layout(schema, source)
    finally:
        schema.release(ctypes.addressof(schema))
    batches: list[Batch] = []
    while True:
        array = Array()
        _succeed(stream, stream.get_next(ctypes.addressof(stream), ctypes.addressof(array)), source)
        if not array.release:
            return layout, batches
        batches.append(Batch(array, keep=None))


def _succeed(stream: Stream, code: int, source: str) -> None:
    if code:
        text: bytes | None = stream.get_last_error(ctypes.addressof(stream))
        raise DataError(f"{source}: the Arrow stream failed: {_text(text) or 'no message'}")


def _layout(schema: Schema, source: str) -> list[tuple[str, str]]:
    """Name and format string of each column."""
    if schema.format != b"+s":
        raise DataError(
            f"{source}: expected an Arrow table (a struct), found Arrow type "
            f"{_text(schema.format)!r}"
        )
    children = [schema.children[i].contents for i in range(schema.n_children)]
    return [(_text(c.name), "dictionary" if c.dictionary else _text(c.format)) for c in children]


def _text(value: bytes | None) -> str:
    return (value or b"").decode("utf-8", "replace")


def _column(batches: Sequence[Batch], index: int, name: str, form: str, source: str) -> RawArray:
    parts = [_part(batch, index, name, form, source) for batch in batches]
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return np.empty(0)
    values = np.concatenate([np.asarray(part) for part in parts])
    nulls = np.concatenate([np.ma.getmaskarray(part) for part in parts])
    return np.ma.MaskedArray(values, mask=nulls) if nulls.any() else values


def _part(batch: Batch, index: int, name: str, form: str, source: str) -> RawArray:
    table = batch.array
    child = table.children[index].contents
    offset = table.offset + child.offset
    values = _values(batch, child, offset, form)
    if values is None:
        raise DataError(
            f"{source}, column {name!r}: expected integers, floats, dates or timestamps, "
            f"found Arrow type {form!r}; convert the column first"
        )
    nulls = _nulls(batch, child, offset) | _nulls(batch, table, table.offset)
    return np.ma.MaskedArray(values, mask=nulls) if nulls.any() else values


def _values(batch: Batch, child: Array, offset: int, form: str) -> RawArray | None:
    if form in _NUMBERS:
        return batch.memory(child, 1, offset, np.dtype(_NUMBERS[form]))
    if (
        form[:3] in _TIMES and form[3:4] == ":"
    ):  # ends in the zone's name; the values are UTC whatever it is
        return batch.memory(child, 1, offset, np.dtype(np.int64)).view(
            f"datetime64[{_TIMES[form[:3]]}]"
        )
    if form == "tdD":
        return batch.memory(child, 1, offset, np.dtype(np.int32)).astype("datetime64[D]")
    if form == "tdm":
        return batch.memory(child, 1, offset, np.dtype(np.int64)).view("datetime64[ms]")
    return None


def _nulls(batch: Batch, array: Array, offset: int) -> BoolArray:
    length = batch.array.length
    if array.null_count == 0 or not array.buffers[0]:
        return np.zeros(length, dtype=np.bool_)
    first, bit = divmod(offset, 8)
    count = (bit + length + 7) // 8
    bitmap = np.asarray(batch.memory(array, 0, first, np.dtype(np.uint8), count), dtype=np.uint8)
    present: BoolArray = np.unpackbits(bitmap, bitorder="little")[bit : bit + length].astype(
        np.bool_
    )
    return ~present
