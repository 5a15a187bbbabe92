"""The frozen loops of ../shared/limit as calls on NumPy columns, where that folder is there."""

from __future__ import annotations

import ctypes
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from market import Floats, Market

from hquant_cffi._config import describe

__all__ = ["SWEEP_FAST", "Limits", "UnavailableError", "build_limits", "build_stream"]

HERE = Path(__file__).parent
LIMIT = HERE.parents[1] / "shared" / "limit" / "limit.c"

#: The fast lengths that limit.c's sweeps take, whatever the slow ones.
SWEEP_FAST = tuple(range(5, 25))

_FLAGS = ("-O3", "-march=native", "-mprefer-vector-width=512")  # as the yardstick asks for


class UnavailableError(Exception):
    """A program cannot be built here; the text says why."""


@dataclass(frozen=True)
class Limits:
    """limit.c, loaded into this process."""

    library: Any

    def copy(self, to: Floats, source: Floats) -> None:
        """Copy a column."""
        self.library.limit_copy(_at(to), _at(source), _count(to))

    def average(self, kind: str, close: Floats, out: Floats, *, wide: bool) -> None:
        """Compute SMA(20) or EMA(20)."""
        function = {"SMA": self.library.limit_sma, "EMA": self.library.limit_ema}[kind]
        function(_at(close), _count(close), _at(out), int(wide))

    def seven(self, market: Market, out: Floats, *, wide: bool) -> None:
        """Compute all seven into the eleven rows of `out`."""
        close = _at(market.close)
        n = _count(market.close)
        self.library.limit_seven(close, _at(market.high), _at(market.low), n, _at(out), int(wide))

    def stream(self, market: Market) -> Floats:
        """Step all seven bar by bar; return SMA, EMA, RSI, BOLL.upper and MACD of the last."""
        last = np.empty(11)
        close, n = _at(market.close), _count(market.close)
        self.library.limit_stream(close, _at(market.high), _at(market.low), n, _at(last))
        return last[[0, 4, 8, 2, 5]]

    def cross(
        self, close: Floats, fast: int, slow: int, fee: float, equity: Floats | None = None
    ) -> Floats:
        """Run one backtest; return final equity, drawdown, two sums and the trades opened."""
        out = np.empty(5)
        curve = None if equity is None else _at(equity)
        cost = ctypes.c_double(fee)
        self.library.limit_cross(_at(close), _count(close), fast, slow, cost, curve, _at(out))
        return out

    def sweep(
        self, close: Floats, slow: Sequence[int], fee: float, *, division_free: bool
    ) -> Floats:
        """Run every `SWEEP_FAST` with every slow length; return rows as `cross` does."""
        rows = np.empty((len(slow), len(SWEEP_FAST), 5))
        lengths = (ctypes.c_int * len(slow))(*slow)
        self.library.limit_sweep(
            _at(close), _count(close), lengths, len(slow), ctypes.c_double(fee), _at(rows),
            int(division_free),
        )  # fmt: skip
        return rows


def build_limits(folder: Path) -> Limits:
    """Build and load limit.c."""
    if not LIMIT.exists():
        raise UnavailableError("no ../shared/limit/limit.c")
    if "avx512f" not in Path("/proc/cpuinfo").read_text():
        raise UnavailableError("limit.c needs AVX-512")
    source = HERE / "native" / "limits.c"
    return Limits(_load(folder, "limits", source, *_FLAGS, f"-I{LIMIT.parent}", "-lm"))


def build_stream(folder: Path) -> Any:
    """Build and load the C program that streams seven indicators through the library."""
    paths = describe()
    lib = paths["libdir"]
    flags = (f"-I{paths['includedir']}", f"-L{lib}", "-lhquant", f"-Wl,-rpath,{lib}")
    return _load(folder, "stream_seven", HERE / "native" / "stream_seven.c", "-O3", *flags)


def _load(folder: Path, name: str, source: Path, *flags: str) -> Any:
    folder.mkdir(parents=True, exist_ok=True)
    target = folder.resolve() / f"lib{name}.so"
    command = ["gcc", "-shared", "-fPIC", str(source), "-o", str(target), *flags]
    try:
        subprocess.run(command, capture_output=True, text=True, check=True)
    except FileNotFoundError:
        raise UnavailableError("no gcc") from None
    except subprocess.CalledProcessError as error:
        raise UnavailableError(f"{' '.join(command)}:\n{error.stderr}") from None
    return ctypes.CDLL(str(target))


def _at(column: np.ndarray[Any, Any]) -> Any:
    return ctypes.c_void_p(column.ctypes.data)


def _count(column: Floats) -> Any:
    return ctypes.c_long(len(column))
