"""Market data in: one call, :func:`load`, turns files and tables into :class:`Bars`.

The data flows ``files | arrow | frames -> names -> timestamps -> validate -> Bars``.
"""

from __future__ import annotations

from .bars import Bars
from .demo import load_sp500
from .load import load

__all__ = ["Bars", "load", "load_sp500"]
