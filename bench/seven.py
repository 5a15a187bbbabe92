"""What indicators are asked for, and how closely values have to agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["SEVEN", "SHORTEST", "Convention", "Spec", "draw"]


@dataclass(frozen=True)
class Spec:
    """One indicator: its name in hquant and its parameters."""

    kind: str
    params: tuple[float, ...]

    def __str__(self) -> str:
        return f"{self.kind}({', '.join(f'{p:g}' for p in self.params)})"


#: The seven of the yardstick.
SEVEN = (
    Spec("SMA", (20,)),
    Spec("EMA", (20,)),
    Spec("STDDEV", (20,)),
    Spec("RSI", (14,)),
    Spec("BOLL", (20, 2.0)),
    Spec("MACD", (12, 26, 9)),
    Spec("ATR", (14,)),
)

#: Bars on which each of the seven, seeded any way, has settled.
SHORTEST = 3_000


@dataclass(frozen=True)
class Convention:
    """Where a peer's values are hquant's in TA-Lib mode, for the parameters of the seven.

    `by` is the index from which on they agree within `within`, relative; None says that they never
    do, and `why` the reason. Both are checked.
    """

    first: int | None = None  # index of its first value, None: hquant's
    by: int | None = -1  # -1: from the first that both have
    within: float = 1e-9
    why: str = ""


def draw(rng: np.random.Generator) -> list[Spec]:
    """Return four to eight indicators of these kinds with random periods."""

    def period(low: int = 5, high: int = 200) -> int:
        return int(rng.integers(low, high, endpoint=True))

    specs = []
    for kind in rng.choice([spec.kind for spec in SEVEN], int(rng.integers(4, 9))):
        if kind == "MACD":
            fast = period(5, 30)
            specs.append(Spec("MACD", (fast, fast + period(5, 60), period(3, 20))))
        elif kind == "BOLL":
            specs.append(Spec("BOLL", (period(), float(rng.integers(2, 7)) / 2)))
        else:
            specs.append(Spec(str(kind), (period(),)))
    return specs
