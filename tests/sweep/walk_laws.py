"""Laws of walk_forward(), checked on given inputs; they share no code with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt
from sweep.sweep_runs import RandomSweep, random_sweep, same

from hquant_cffi import Bars, WalkForwardResult, walk_forward

Flags = npt.NDArray[np.bool_]


@dataclass
class RandomWalk:
    """A walk-forward: what it is of, and its lengths, in bars."""

    case: RandomSweep
    lengths: dict[str, Any]

    @property
    def symbols(self) -> dict[str, Bars]:
        return self.case.data if isinstance(self.case.data, Mapping) else {"": self.case.data}

    @property
    def time(self) -> npt.NDArray[np.int64]:
        return np.unique(np.concatenate([bars.timestamp for bars in self.symbols.values()]))

    def run(self, data: Any = None, options: Mapping[str, Any] | None = None) -> WalkForwardResult:
        case = self.case
        return walk_forward(
            case.data if data is None else data,
            case.strategy,
            grid=case.grid,
            metric="total_return",
            **self.lengths,
            **(case.options if options is None else options),
        )


def random_walk(seed: int, **how: int) -> RandomWalk:
    rng = Random(seed)
    case = random_sweep(seed, **how)
    train, test = rng.randint(20, 60), rng.randint(5, 25)
    lengths: dict[str, Any] = {"train": train, "test": test, "anchored": rng.random() < 0.4}
    if rng.random() < 0.4:
        lengths["step"] = test + rng.randint(0, 10)
    if rng.random() < 0.5:
        lengths["purge"] = rng.randint(0, 10)
    if rng.random() < 0.5:
        lengths["embargo"] = rng.randint(0, 4)
    return RandomWalk(case, lengths)


def trained_steps(row: int, steps: int, lengths: Mapping[str, Any]) -> Flags:
    """Which steps may train a fold, step by step as the page says."""
    train, test = lengths["train"], lengths["test"]
    step, purge = lengths.get("step", test), lengths.get("purge", 0)
    flags = []
    for i in range(steps):
        begins = 0 if lengths.get("anchored") else row * step
        is_inside = begins <= i < row * step + train - purge
        ends = [train + test + earlier * step for earlier in range(row)]
        is_behind = any(0 <= i - end < lengths.get("embargo", 0) for end in ends)
        flags.append(is_inside and not is_behind)
    return np.array(flags)


def spoilt(walk: RandomWalk, keep: Flags, seed: int) -> tuple[Any, dict[str, Any]]:
    """The data and options with other prices, volumes and rates on all steps but those kept."""
    rng = np.random.default_rng(seed)
    data, options = {}, dict(walk.case.options)
    columns: dict[str, dict[str, Any]] = {"funding": {}, "finer": {}}
    for name, bars in walk.symbols.items():
        kept = keep[np.searchsorted(walk.time, bars.timestamp)]
        data[name] = _garbage(bars, kept, rng)
        if options.get("funding") is not None:
            rates = np.asarray(_of(options["funding"], name), np.float64)
            columns["funding"][name] = np.where(kept, rates, rng.normal(0, 0.01, len(rates)))
        if options.get("finer") is not None:
            finer = _of(options["finer"], name)
            owner = np.searchsorted(bars.timestamp, finer.timestamp, "right") - 1
            columns["finer"][name] = _garbage(finer, kept[owner], rng)
    alone = not isinstance(walk.case.data, Mapping)
    for option, values in columns.items():
        if values:
            options[option] = values[""] if alone else values
    return data[""] if alone else data, options


def _of(value: Any, name: str) -> Any:
    return value[name] if isinstance(value, Mapping) else value


def _garbage(bars: Bars, keep: Flags, rng: np.random.Generator) -> Bars:
    low = rng.uniform(1, 1000, len(bars))
    inside = low * (1 + rng.uniform(0, 1, (3, len(bars))))
    new = {"open": inside[0], "high": inside.max(0) + 1, "low": low, "close": inside[1]}
    new |= {"volume": inside[2], "buy_volume": inside[2] / 2}
    columns = {
        name: np.where(keep, column, new[name]) if name in new else column
        for name, column in bars.columns.items()
    }
    return Bars(**columns)  # type: ignore[arg-type]


def some_rows(count: int) -> list[int]:
    """Four folds or fewer, the first and the last among them."""
    return sorted({0, count // 3, 2 * count // 3, count - 1})


def leaks(walk: RandomWalk) -> list[str]:
    """Folds whose choice depends on a bar that must not train them."""
    whole, time = walk.run(), walk.time
    found = []
    for row in some_rows(len(whole)):
        keep = trained_steps(row, len(time), walk.lengths)
        data, options = spoilt(walk, keep, seed=row)
        other = walk.run(data, options)
        if other.params(row) != whole.params(row) or not same(
            other.folds["in_sample"][row], whole.folds["in_sample"][row]
        ):
            found.append(f"fold {row}: {whole.params(row)}, spoilt {other.params(row)}")
    return found


def foresight(walk: RandomWalk) -> list[str]:
    """Folds whose test depends on a bar after it."""
    whole, time = walk.run(), walk.time
    found = []
    for row in some_rows(len(whole)):
        keep = np.arange(len(time)) < whole.folds["test_end"][row]
        data, options = spoilt(walk, keep, seed=row)
        other = walk.run(data, options)
        names = whole.folds.dtype.names or ()
        wrong = [n for n in names if not same(whole.folds[n][row], other.folds[n][row])]
        if wrong:
            found.append(f"fold {row}: {', '.join(wrong)}")
    return found
