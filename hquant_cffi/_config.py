"""Where the C library of this installation is, and the flags to build against it."""

from __future__ import annotations

from shlex import quote

from hquant_cffi._ffi import ffi, lib, native_folder

__all__ = ["describe"]


def describe() -> dict[str, str]:
    """Return paths and compiler flags of the installed C library.

    Returns
    -------
    dict of str
        ``version``: the library's version. ``includedir``, ``libdir``, ``cmakedir``: absolute
        folders of the headers, of ``libhquant.so``, and of the CMake package
        (``-Dhquant_DIR=...``). ``cflags``, ``libs``: compiler and linker arguments, quoted for
        a shell; a program linked so finds the library at run time by the rpath.
    """
    folder = native_folder().resolve()
    includedir, libdir = folder / "include", folder / "lib"
    return {
        "version": ffi.string(lib.hq_version()).decode(),
        "includedir": str(includedir),
        "libdir": str(libdir),
        "cmakedir": str(libdir / "cmake" / "hquant"),
        "cflags": quote(f"-I{includedir}"),
        "libs": " ".join([quote(f"-L{libdir}"), quote(f"-Wl,-rpath,{libdir}"), "-lhquant"]),
    }
