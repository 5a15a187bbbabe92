"""How large the table of a sweep may be."""

from __future__ import annotations

import os

from hquant_cffi._errors import OutOfMemoryError

__all__ = ["check_memory"]


def check_memory(combinations: int, kept: int, row_size: int, steps: int) -> None:
    """Refuse a table, and its curves, that this machine has no memory for.

    Raises
    ------
    OutOfMemoryError
        The message says how many combinations there are and how large they would be.
    """
    table, curves = kept * row_size, kept * steps * 8
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if table + curves <= memory:
        return
    what = f"their table takes {_shown(table)}"
    if curves:
        what += f" and their curves of {steps:,} steps {_shown(curves)}"
    raise OutOfMemoryError(
        f"{combinations:,} combinations: {what}, and this machine has {_shown(memory)}; "
        "give top=1000 to keep the best, or fewer values" + (", or curves=False" if curves else "")
    )


def _shown(size: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:,.3g} {unit}"
        size /= 1000
    return f"{size:,.3g} TB"
