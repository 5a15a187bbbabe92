"""A file's bytes, decompressed by what it holds rather than by its name, and its text."""

from __future__ import annotations

import gzip
import io
import os
import stat
import sys
import zipfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO

from hquant_cffi._errors import DataError, HQuantError, UnsupportedError

_GZIP, _ZSTD, _ZIP, PARQUET = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"PAR1"

#: Largest file that is read, bytes.
FILE_MAX = 8 << 30
#: Most bytes that an archive is unpacked to, and how many it may have whatever its own size.
UNPACKED_MAX, UNPACKED_FREE = 4 << 30, 64 << 20
#: Beyond UNPACKED_FREE, bytes unpacked per byte of archive; two million flat candles have 58.
RATIO_MAX = 200
_PIECE = 1 << 20
_ZSTD_PIECE = 4096  # a block of 4 bytes unpacks to 128 KiB, so a piece to 128 MiB


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """Contents of the file after gzip, Zstandard or zip (of one member).

    Raises
    ------
    DataError
        No such file, an empty one, a device, one beyond FILE_MAX, or an archive
        that is damaged, truncated, or holds more than UNPACKED_MAX or RATIO_MAX allow.
    UnsupportedError
        Zstandard without a decompressor.
    """
    try:
        _check_file(Path(path).stat(), os.fspath(path))
        with open(path, "rb") as file:  # a pipe has no size to look at before
            data = b"".join(islice(_pieces(file), FILE_MAX // _PIECE))
    except DataError:
        raise
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        reason = error.strerror if isinstance(error, OSError) else error
        raise DataError(f"{os.fspath(path)}: cannot read the file: {reason}") from error
    if not data:
        raise DataError(f"{os.fspath(path)}: the file is empty")
    return _decompressed(data, os.fspath(path))


def _check_file(status: os.stat_result, source: str) -> None:
    """A device has no end to wait for; a directory has an error of its own."""
    if stat.S_ISCHR(status.st_mode) or stat.S_ISBLK(status.st_mode):
        raise DataError(
            f"{source}: cannot read the file: expected a file or a pipe, found a device; "
            "save its content to a file first"
        )
    if status.st_size > FILE_MAX:
        raise DataError(
            f"{source}: expected up to {FILE_MAX} bytes, found {status.st_size}; split the file"
        )


def decode(data: bytes, source: str) -> str:
    r"""UTF-8 text with ``\n`` line ends; a DataError names the line of the first wrong byte."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DataError(f"{source}: expected UTF-8 text, found UTF-16; save the file as UTF-8")
    if (nul := data.find(0)) >= 0:
        raise DataError(
            f"{source}, line {_line(data, nul)}: expected CSV text, found a zero byte "
            "(a binary file?)"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        wrong = data[error.start]
        raise DataError(
            f"{source}, line {_line(data, error.start)}: expected UTF-8 text, "
            f"found byte 0x{wrong:02x}; save the file as UTF-8"
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _line(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1


def _decompressed(data: bytes, source: str) -> bytes:
    try:
        if data.startswith(_GZIP):
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
                return _bounded(_pieces(stream), len(data), source)
        if data.startswith(_ZIP):
            return _unzip(data, source)
        return _unzstd(data, source) if data.startswith(_ZSTD) else data
    except (HQuantError, MemoryError):
        raise
    except Exception as error:  # a damaged archive raises errors of many trees
        raise DataError(f"{source}: the archive is damaged or truncated: {error}") from error


def _pieces(stream: IO[bytes] | io.BufferedIOBase) -> Iterator[bytes]:
    return iter(lambda: stream.read(_PIECE), b"")


def _bounded(pieces: Iterable[bytes], packed: int, source: str) -> bytes:
    """All pieces of an archive of `packed` bytes, or a DataError before they fill the memory."""
    limit = min(UNPACKED_MAX, max(UNPACKED_FREE, RATIO_MAX * packed))
    content = io.BytesIO()
    for piece in pieces:
        if content.tell() + len(piece) > limit:
            raise DataError(
                f"{source}: the archive of {packed} bytes holds more than {limit} bytes, the most "
                "that is unpacked; unpack it yourself if it is meant, or split it"
            )
        content.write(piece)
    return content.getvalue()


def _unzip(data: bytes, source: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        if len(names) != 1:
            raise DataError(
                f"{source}: expected a zip of one file, found {len(names)}: {', '.join(names[:5])}"
            )
        with archive.open(names[0]) as stream:
            return _bounded(_pieces(stream), len(data), source)


def _unzstd(data: bytes, source: str) -> bytes:
    if sys.version_info >= (3, 14):
        from compression import zstd

        with zstd.ZstdFile(io.BytesIO(data)) as stream:
            return _bounded(_pieces(stream), len(data), source)
    try:
        import zstandard
    except ImportError as error:
        raise UnsupportedError(
            f"{source}: Zstandard needs a decompressor: pip install 'hquant-cffi[zst]'"
        ) from error

    def frames() -> Iterator[bytes]:
        start = 0
        while start < len(data):  # a file may hold several frames
            frame = zstandard.ZstdDecompressor().decompressobj()
            while not frame.eof:
                if start >= len(data):
                    raise EOFError("it ends inside a frame")
                piece = data[start : start + _ZSTD_PIECE]
                yield frame.decompress(piece)
                start += len(piece)
            start -= len(frame.unused_data)

    return _bounded(frames(), len(data), source)
