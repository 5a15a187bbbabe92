"""Which column of a source is which field of a bar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from hquant_cffi._errors import DataError, ParameterError

FIELDS = ("timestamp", "open", "high", "low", "close", "volume", "buy_volume")
VALUE_FIELDS = FIELDS[1:]
OPTIONAL = ("volume", "buy_volume")
OWN_NAMES = (frozenset(FIELDS), frozenset(FIELDS[:-1]))

#: What `columns=` takes: field -> column name, 0-based column index, or None for "there is none".
ColumnMap: TypeAlias = Mapping[str, str | int | None]

#: The kline files of data.binance.vision, which came without a header line until 2022.
BINANCE_KLINE = (
    "open_time", "open", "high", "low", "close", "volume", "close_time",
    "quote_volume", "count", "taker_buy_volume", "taker_buy_quote_volume", "ignore",
)  # fmt: skip

_ALIASES = {
    "timestamp": {
        "timestamp", "time", "datetime", "date", "opentime", "ts", "t", "unix", "unixtime",
    },
    "open": {"open", "o"},
    "high": {"high", "h"},
    "low": {"low", "l"},
    "close": {"close", "c"},
    "volume": {"volume", "vol", "v"},
    "buy_volume": {
        "buyvolume", "takerbuyvolume", "takerbuybasevolume", "takerbuybaseassetvolume",
    },
}  # fmt: skip
# How pandas writes an index without a name to CSV ("", "Unnamed: 0") and to Parquet.
_INDEX = {"", "unnamed:0", "index", "indexlevel0"}

_MARKS = {ord(mark): None for mark in " _-\t"}


def resolve(names: Sequence[str], columns: ColumnMap | None, source: str) -> dict[str, int]:
    """Index of the column of each field.

    Parameters
    ----------
    names : sequence of str
        The source's own column names; matched whatever their case, blanks, ``_`` and ``-``.
    columns : mapping, optional
        Overrides, field by field.
    source : str
        What error messages call the source.

    Returns
    -------
    dict
        Field -> index into `names`. An absent `buy_volume`, or what is given as None, is left out.

    Raises
    ------
    ParameterError
        `columns` names no field of a bar.
    DataError
        A field has no column, or more than one.
    """
    known = frozenset(names)
    if not columns and len(known) == len(names) and known in OWN_NAMES:  # nothing to look for
        return {field: names.index(field) for field in FIELDS if field in names}
    given = dict(columns or {})
    _check_map(given)
    index: dict[str, int] = {}
    missing: list[str] = []
    plain = [_plain(name) for name in names]
    for field in FIELDS:
        if field in given:
            place = _given(given[field], names, field, source)
        else:
            place = _found(names, plain, field, source)
            if place is None and field != "buy_volume":
                missing.append(field)
        if place is not None:
            index[field] = place
    if missing:
        raise DataError(_missing(missing, names, source))
    return index


def _check_map(given: Mapping[str, str | int | None]) -> None:
    for field, place in given.items():
        if field not in FIELDS:
            raise ParameterError(
                f"columns: expected the fields {', '.join(FIELDS)}, found {field!r}"
            )
        if place is None and field not in OPTIONAL:
            raise ParameterError(
                f"columns: {field} cannot be None; only {' and '.join(OPTIONAL)} can"
            )
        if isinstance(place, bool) or not isinstance(place, (str, int, type(None))):
            raise ParameterError(
                f"columns[{field!r}]: expected a name, an index or None, found {place!r}"
            )


def _given(place: str | int | None, names: Sequence[str], field: str, source: str) -> int | None:
    if place is None:
        return None
    if isinstance(place, int):
        if 0 <= place < len(names):
            return place
        raise DataError(
            f"{source}: columns[{field!r}]: expected an index in 0..{len(names) - 1}, found {place}"
        )
    matches = [i for i, name in enumerate(names) if name == place]
    if len(matches) == 1:
        return matches[0]
    problem = "more than one column" if matches else "no column"
    raise DataError(
        f"{source}: {problem} named {place!r} for {field}; the columns are {_listed(names)}"
    )


def _found(
    names: Sequence[str], plain: Sequence[str], field: str, source: str
) -> int | None:
    matches = [i for i, name in enumerate(plain) if name in _ALIASES[field]]
    if not matches and field == "timestamp":
        matches = [i for i, name in enumerate(plain) if name in _INDEX]
    if len(matches) > 1:
        raise DataError(
            f"{source}: more than one column could be {field}: "
            f"{_listed([names[i] for i in matches])}; "
            f"choose one with columns={{{field!r}: {names[matches[0]]!r}}}"
        )
    return matches[0] if matches else None


def _missing(missing: Sequence[str], names: Sequence[str], source: str) -> str:
    text = f"{source}: no column for {', '.join(missing)}; the columns are {_listed(names)}"
    if list(missing) == ["volume"]:
        return f"{text}. Bars without volume load with columns={{'volume': None}} (it reads as 0)"
    return f"{text}. Name them with columns={{{missing[0]!r}: ...}}"


def _plain(name: str) -> str:
    return name.casefold().translate(_MARKS)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name[:40]) for name in names[:12])
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return shown + more if names else "none"
