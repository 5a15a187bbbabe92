"""The libraries that hquant is timed beside, a module each. None is needed; none is shipped.

A module has NAME, PACKAGE (on PyPI), LICENCE and what it can do of:

- ``indicator(spec, market)``: a call that computes one indicator, None where it has none such;
  with CONVENTIONS: where its values are not TA-Lib's, by the indicator's kind.
- ``stream(market)``: a call that takes the bars one by one and returns the last values.
- ``backtest(market)``: a call from arrays to figures (`rules.Outcome`).
- ``sweep(market, grid)``: a call that backtests every combination.
"""

from __future__ import annotations

import importlib
import os
import warnings
from dataclasses import dataclass
from importlib import metadata
from types import ModuleType

__all__ = ["Peer", "find"]

#: flox first: its library no longer loads once others have used up the room for static
#: thread-local data.
_MODULES = ("flox", "ta_lib", "kand", "tulip", "talipp", "raptorbt", "vectorbt", "backtesting")


@dataclass(frozen=True)
class Peer:
    """A library that is installed, or why it is not used."""

    name: str
    package: str
    licence: str
    version: str
    module: ModuleType | None

    @property
    def title(self) -> str:
        """Name and version."""
        return f"{self.name} {self.version}"

    def can(self, what: str) -> bool:
        """Tell whether it takes part in a workload."""
        return self.module is not None and hasattr(self.module, what)


def find() -> list[Peer]:
    """Return every peer that this folder knows, imported where it is installed."""
    os.environ["RAPTORBT_NO_VERSION_CHECK"] = "1"  # else it asks a server on import
    os.environ["TQDM_DISABLE"] = "1"  # no progress bars
    return [_load(name) for name in _MODULES]


def _load(name: str) -> Peer:
    facts = _facts(name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what peers import for their plots
            module = importlib.import_module(f"peers.{name}")
    except ImportError as error:
        return Peer(*facts, f"not used: {error}", None)
    return Peer(*facts, metadata.version(facts[1]), module)


def _facts(name: str) -> tuple[str, str, str]:
    return {
        "ta_lib": ("TA-Lib", "ta-lib", "BSD-2-Clause"),
        "kand": ("kand", "kand", "Apache-2.0 OR MIT"),
        "tulip": ("tulip", "newtulipy", "LGPL-3.0"),
        "talipp": ("talipp", "talipp", "MIT"),
        "raptorbt": ("raptorbt", "raptorbt", "MIT"),
        "flox": ("flox", "lrvx", "MIT"),
        "vectorbt": ("vectorbt", "vectorbt", "Apache-2.0 with the Commons Clause"),
        "backtesting": ("backtesting.py", "backtesting", "AGPL-3.0"),
    }[name]
