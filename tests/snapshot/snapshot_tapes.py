"""Random engines, and everything that can be seen of one."""

from __future__ import annotations

import contextlib
from random import Random
from typing import Any

import numpy as np
from dsl.fixed_tape import TapeBar
from dsl.generate import random_program
from indicator.indicator_table import SPECS, Spec, native

from hquant_cffi import DataError, HQuant
from hquant_cffi._ffi import lib

FIELDS = ("timestamp", "open", "high", "low", "close", "volume", "buy_volume")
PARAM_STRATEGY = "PARAM n = 5 IN 2..40 STEP 1\nIF close > SMA(n) THEN BUY\nIF RSI(n) > 70 THEN SELL"
ADDABLE = [spec for spec in SPECS if not any(spec.row.conditions)]
SHORT = [spec for spec in ADDABLE if spec.warmup() < 120]


def bits(values: np.ndarray[Any, Any]) -> bytes:
    """What makes NaNs comparable too."""
    return np.ascontiguousarray(values).tobytes()


class Live:
    """An engine, and the ids of the indicators that were added to it."""

    def __init__(self, engine: HQuant, ids: dict[int, int] | None = None) -> None:
        self.engine = engine
        self.ids = dict(ids or {})  # of each its outputs that have a column; 0 without a history

    def reloaded(self) -> Live:
        """The same from its snapshot."""
        return Live(HQuant.load(self.engine.save()), self.ids)

    def add(self, spec: Spec, *, history: bool = True) -> None:
        add = lib.hq_add_indicator if history else lib.hq_add_indicator_newest
        id = add(self.engine._handle, native(spec))
        assert id > 0
        self.ids.setdefault(id, len(spec.row.outputs) if history else 0)

    def add_something(self, rng: Random, *, timeframes: bool) -> None:
        """Add an indicator or a strategy; or change a strategy's parameter."""
        kind = rng.random()
        if kind < 0.5:
            self.add(rng.choice(SHORT), history=rng.random() < 0.7)
        elif kind < 0.8:
            self.engine.add_strategy("s", random_program(rng, timeframes=timeframes))
        else:
            id = self.engine.add_strategy("p", PARAM_STRATEGY)
            if rng.random() < 0.7:
                self.engine.set_param(id, "n", rng.randint(2, 40))

    def step(self, rng: Random, bar: TapeBar) -> None:
        """Push a bar; now and then replace it, or try one that is refused."""
        self.engine.push_bar(*bar)
        if rng.random() < 0.3:
            self.engine.update_last_bar(*bar._replace(close=bar.close + rng.choice([-0.5, 0, 1])))
        if rng.random() < 0.05:
            with contextlib.suppress(DataError):
                self.engine.push_bar(*bar._replace(close=float("nan")))

    def seen(self) -> list[object]:
        engine = self.engine
        columns = [bits(engine.column(name).ordered()) for name in FIELDS]
        for id, outputs in self.ids.items():
            columns += [bits(engine.indicator_column(id, o).ordered()) for o in range(outputs)]
            columns.append(bits(np.array(engine.indicator_values(id))))
        counters = [engine.total_bars, engine.rejected_bars, len(engine), engine.capacity]
        return [*columns, *counters, bits(engine.poll_signals_array())]
