"""Tables of a report as files."""

from __future__ import annotations

import csv
import errno
import json
import math
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import numpy as np

from hquant_cffi._errors import ParameterError
from hquant_cffi._tables import require

if TYPE_CHECKING:
    from hquant_cffi._backtest_report import BacktestReport
    from hquant_cffi._records import Table

__all__ = ["check_targets", "save_columns", "save_table"]

Columns: TypeAlias = "dict[str, np.ndarray[Any, Any]]"


def check_targets(targets: Mapping[str, str | None], reads: Iterable[str]) -> None:
    """Refuse, before anything runs, files that tables cannot be written to.

    Parameters
    ----------
    targets : mapping of str to str or None
        By option, the file; None where it is not given.
    reads : iterable of str
        The files that the command reads, which writing would destroy.

    Raises
    ------
    ParameterError
        One ends in something else, is a folder, has none that is there, or is another one or one of
        `reads`.
    UnsupportedError
        Parquet, without pyarrow.
    """
    taken = {_place(path): "it is read" for path in reads}
    for option, path in targets.items():
        if path is None:
            continue
        _check_target(path)
        place = _place(path)
        if place in taken:
            raise ParameterError(f"{option} {path}: {taken[place]}; name another file")
        taken[place] = f"{option} is written there"


def _place(path: str) -> object:
    """What two names of one file have in common, links included."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return os.path.realpath(path)
    return found.st_dev, found.st_ino


def _check_target(path: str) -> None:
    if not path.endswith((".csv", ".json", ".parquet")):
        raise ParameterError(f"{path}: expected a file ending in .csv, .json or .parquet")
    if not Path(path).parent.is_dir():
        raise ParameterError(f"{path}: there is no folder {Path(path).parent}")
    if Path(path).is_dir():
        raise ParameterError(f"{path}: expected a file, found a folder")
    if path.endswith(".parquet"):
        require("pyarrow.parquet", "arrow", path)


def save_table(report: BacktestReport, what: str, path: str) -> None:
    """Write a table as its file's name ends: CSV, JSON (a list of rows), or Parquet."""
    table = cast("Table", what)
    save_columns(report.columns(table), path, lambda: report.to_arrow(table))


def save_columns(columns: Columns, path: str, arrow: Callable[[], object]) -> None:
    """Write columns as their file's name ends; Parquet from the Arrow table."""
    with _whole(path) as file:
        if path.endswith(".parquet"):
            parquet = require("pyarrow.parquet", "arrow", path)
            with file.open("wb") as opened:  # of a name it would remove what cannot be written
                parquet.write_table(arrow(), opened)
        elif path.endswith(".json"):
            _write_json(columns, file)
        else:
            _write_csv(columns, file)


@contextmanager
def _whole(path: str) -> Iterator[Path]:
    """Give a file to write that takes the name of `path` once all of it is there.

    Interrupted or without room, what had the name before still has it. What cannot simply be
    replaced is written itself.
    """
    target = Path(os.path.realpath(path))
    is_itself = os.path.lexists(path) and not _is_replaced(path, target)
    file = Path(path) if is_itself else target.with_name(f".{os.getpid()}.hquant")
    try:
        if not is_itself:
            file.unlink(missing_ok=True)  # of a process that was killed
            file.touch(exist_ok=False)
        yield file
        if not is_itself:
            _rename(file, target)
    except BaseException as error:
        if not is_itself:
            with suppress(OSError):  # what has gone wrong is told, not that it cannot be undone
                file.unlink(missing_ok=True)
        if isinstance(error, OSError):
            why = error.strerror or str(error)
            raise OSError(error.errno or errno.EIO, why, path) from None
        raise


def _is_replaced(path: str, target: Path) -> bool:
    """Tell whether another file may take the place of what a name leads to: one of ours alone.

    Not a pipe or a device, what the process has open as its output, a file of several names or of
    another owner, one that may not be written, or one whose folder takes no others.
    """
    try:
        found = os.stat(path)
    except OSError:  # a link to what is not there yet, or to itself
        return not target.is_symlink()
    return (
        target.is_file()
        and found.st_nlink == 1
        and not any(os.path.samestat(found, each) for each in _outputs())
        and found.st_uid == getattr(os, "geteuid", lambda: found.st_uid)()
        and os.access(target, os.W_OK)
        and os.access(target.parent, os.W_OK)
    )


def _outputs() -> Iterator[os.stat_result]:
    for descriptor in (1, 2):
        with suppress(OSError):  # it is closed
            yield os.fstat(descriptor)


def _rename(file: Path, target: Path) -> None:
    if not target.exists():
        file.replace(target)
        return
    shutil.copymode(target, file)
    try:
        file.replace(target)
    except OSError:  # what is mounted has its place for good
        shutil.copyfile(file, target)
        file.unlink()


def _write_csv(columns: Columns, path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*map(_values, columns.values()), strict=True))


def _write_json(columns: Columns, path: Path) -> None:
    cells = [[_or_null(value) for value in _values(column)] for column in columns.values()]
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*cells, strict=True)]
    path.write_text(json.dumps(rows, allow_nan=False) + "\n", encoding="utf-8")


def _values(column: np.ndarray[Any, Any]) -> list[Any]:
    """Return a column's values, which read back the same; times as ISO 8601 texts."""
    if column.dtype.kind == "M":
        return [f"{time}Z" for time in np.datetime_as_string(column)]
    values: list[Any] = column.tolist()
    return values


def _or_null(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
