"""CSV of candles: Binance klines with or without a header line, and any OHLCV table with one.

Clean files go through NumPy's C parser. A file in which it, or a rule, finds anything is read again
row by row, which knows the line of every row and each single fault.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import methodcaller

import numpy as np

from hquant_cffi._errors import DataError

from .names import BINANCE_KLINE, VALUE_FIELDS, ColumnMap, resolve
from .validate import Fault, Place, RawRows, Rule

_DELIMITERS = (",", ";", "\t")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_SPECIAL = re.compile(r"[+-]?(nan|inf|infinity)", re.ASCII | re.IGNORECASE)
_COLUMNS_MAX = 4096
_TIME_WIDTH = 64  # characters of a time field that the fast path holds


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSV text whose layout is known: `index` gives the column of each field."""

    source: str
    lines: list[str]
    first: int
    delimiter: str
    names: tuple[str, ...]
    index: dict[str, int]

    @property
    def place_names(self) -> dict[str, str]:
        return {field: self.names[i] or f"column {i + 1}" for field, i in self.index.items()}


def open_sheet(text: str, source: str, columns: ColumnMap | None) -> Sheet:
    """Find delimiter, header line and the column of each field."""
    lines = text.split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    top = next((i for i, line in enumerate(lines) if line.strip()), None)
    if top is None:
        raise DataError(f"{source}: expected a CSV of candles, found only blank lines")
    delimiter = next((mark for mark in _DELIMITERS if mark in lines[top]), ",")
    fields = tuple(field.strip() for field in _split(lines[top], delimiter, source))
    if len(fields) > _COLUMNS_MAX:
        raise DataError(
            f"{source}, line {top + 1}: expected up to {_COLUMNS_MAX} columns, "
            f"found {len(fields)}; is it a table of candles, one row a line?"
        )
    names = _headerless_names(fields, columns, source)
    first = top if names is not None else top + 1
    names = names if names is not None else fields
    index = resolve(names, columns, source)
    if first >= len(lines):
        raise DataError(f"{source}: expected rows below the header line, found none")
    return Sheet(source, lines, first, delimiter, names, index)


def _split(line: str, delimiter: str, source: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error as error:
        raise DataError(
            f"{source}: expected a CSV of candles, but its first line is unreadable: {error}"
        ) from error


def _headerless_names(
    fields: tuple[str, ...], columns: ColumnMap | None, source: str
) -> tuple[str, ...] | None:
    """Names for a file without a header line; None when the first line is one."""
    if not any(_NUMBER.fullmatch(field) for field in fields):
        return None
    if columns is not None:
        return tuple(f"column {i}" for i in range(len(fields)))
    if len(fields) == len(BINANCE_KLINE) and all(_NUMBER.fullmatch(field) for field in fields):
        return BINANCE_KLINE
    raise DataError(
        f"{source}: expected a header line, or the {len(BINANCE_KLINE)} columns of Binance klines, "
        f"found {len(fields)} columns without names; "
        "name them with columns={'timestamp': 0, 'open': 1, ...}"
    )


def parse_clean(sheet: Sheet) -> RawRows | None:
    """The rows of a file of which every line has the shape of the first; None when one has not."""
    body = sheet.lines[sheet.first :]
    separators = {len(sheet.names) - 1}
    if set(map(methodcaller("count", sheet.delimiter), body)) != separators:
        return None
    time = body[0].split(sheet.delimiter)[sheet.index["timestamp"]]
    time_type = np.dtype(np.int64) if time.strip().isdigit() else np.dtype(("U", _TIME_WIDTH))
    dtype = np.dtype(
        [(field, time_type if field == "timestamp" else np.float64) for field in sheet.index]
    )
    try:
        table = np.loadtxt(
            body,
            dtype,
            delimiter=sheet.delimiter,
            comments=None,
            usecols=tuple(sheet.index.values()),
            ndmin=1,
        )
    except ValueError:
        return None
    if len(table) != len(body):
        return None
    times = table["timestamp"]
    if times.dtype.kind == "U" and int(np.char.str_len(times).max()) == _TIME_WIDTH:
        return None
    # Nobody sees this line count in an error: a fault sends the file through parse_rows.
    return RawRows(
        {field: table[field] for field in sheet.index}, Place(sheet.source, sheet.place_names)
    )


def parse_rows(sheet: Sheet) -> RawRows:
    """Every row with its line, unparsable ones marked."""
    lines: list[int] = []
    times: list[str] = []
    values: dict[str, list[float]] = {field: [] for field in VALUE_FIELDS if field in sheet.index}
    faults: dict[str, dict[int, Fault]] = {}
    for line, row in _rows(sheet):
        number = len(lines)
        lines.append(line)
        if len(row) != len(sheet.names):
            expected = f"{len(sheet.names)} fields"
            faults.setdefault("wrong number of fields", {})[number] = Fault(
                "", f"{len(row)} fields", expected
            )
            row = [""] * len(sheet.names)
        times.append(row[sheet.index["timestamp"]])
        for field, column in values.items():
            text = row[sheet.index[field]]
            value = _number(text)
            column.append(np.nan if value is None else value)
            if value is None:
                kind = "unparsable number" if text.strip() else "missing field"
                first = faults.setdefault(kind, {})
                first.setdefault(number, Fault(field, repr(text[:80]), "a number"))
    if not lines:
        raise DataError(f"{sheet.source}: expected rows below the header line, found none")
    raw = {"timestamp": np.array(times, dtype=np.object_)} | {
        f: np.array(v) for f, v in values.items()
    }
    place = Place(sheet.source, sheet.place_names, np.array(lines, dtype=np.int64))
    return RawRows(raw, place, [_rule(kind, found, len(lines)) for kind, found in faults.items()])


def _rows(sheet: Sheet) -> Iterator[tuple[int, Sequence[str]]]:
    """Line (1-based, of the row's first character) and fields; blank lines are passed over."""
    reader = csv.reader(sheet.lines[sheet.first :], delimiter=sheet.delimiter)
    start = 0
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise DataError(
                f"{sheet.source}, line {sheet.first + start + 1}: unreadable CSV: {error}"
            ) from error
        if row is None:
            return
        if any(field.strip() for field in row):
            yield sheet.first + start + 1, row
        start = reader.line_num


def _number(text: str) -> float | None:
    text = text.strip()
    return float(text) if _NUMBER.fullmatch(text) or _SPECIAL.fullmatch(text) else None


def _rule(kind: str, found: dict[int, Fault], length: int) -> Rule:
    broken = np.zeros(length, dtype=np.bool_)
    broken[list(found)] = True
    return Rule(kind, broken, found.__getitem__)
