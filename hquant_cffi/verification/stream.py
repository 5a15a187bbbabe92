"""The signals once more, from an engine that is fed bar by bar and cannot know what comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hquant_cffi._backtest_report import BacktestReport
from hquant_cffi.data import Bars
from hquant_cffi.engine import HQuant
from hquant_cffi.strategy import Strategy
from hquant_cffi.verification.inputs import Inputs
from hquant_cffi.verification.verdict import Check, Failure

__all__ = ["SIGNAL_NAMES", "check_stream", "check_updates", "good_bars"]

#: What the numbers in a report's `actions` mean.
SIGNAL_NAMES = ("no signal", "BUY", "SELL", "HOLD")

_CAPACITY = 16  # any ring will do: indicators need no room in it
_MOST = 1e100  # as the core refuses what is beyond

Actions = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class _Stream:
    """One symbol's strategy and good bars, and the signals of the run over them."""

    name: str
    bars: Bars
    strategy: Strategy
    good: npt.NDArray[np.intp]
    actions: Actions
    options: dict[str, Any]

    def engine(self) -> HQuant:
        engine = HQuant(_CAPACITY, **self.options)
        engine.add_strategy("verified", self.strategy)
        return engine

    def rows(self) -> Iterator[tuple[Any, ...]]:
        columns = (column[self.good].tolist() for column in self.bars.columns.values())
        return zip(*columns, strict=True)

    def failure(self, found: Actions, detail: str) -> Failure | None:
        """The first bar where the engine's signal is not the run's."""
        differ = np.flatnonzero(found != self.actions[self.good])
        if not len(differ):
            return None
        bar = int(self.good[differ[0]])
        return Failure(
            symbol=self.name, bar=bar, time=int(self.bars.timestamp[bar]), what="signal",
            expected=SIGNAL_NAMES[found[differ[0]]], found=SIGNAL_NAMES[self.actions[bar]],
            detail=detail,
        )  # fmt: skip


def good_bars(bars: Bars) -> npt.NDArray[np.intp]:
    """Indices of the bars that can be traded; a run with ``bad_bars="skip"`` leaves out others."""
    good = np.ones(len(bars), dtype=bool)
    for name, column in bars.columns.items():
        if name in ("open", "high", "low", "close"):
            good &= (column > 0) & (column <= _MOST)
        elif name != "timestamp":
            good &= np.abs(column) <= _MOST
    good &= bars.high >= bars.low
    return np.flatnonzero(good)


def without_clauses(strategy: Strategy) -> Strategy:
    """The same signals: an engine refuses SIZE, STOP, TARGET and TRAIL, for it has no orders."""
    if not strategy.has_clauses:
        return strategy
    from hquant_cffi.dsl.bytecode import decode, encode  # here: the compiler is large

    image = decode(strategy.bytecode)
    image.rules = [rule._replace(n_clauses=0, first_clause=0) for rule in image.rules]
    image.clauses = []
    return Strategy.from_bytecode(encode(image), name=strategy.name)


def _streams(inputs: Inputs, report: BacktestReport) -> Iterator[_Stream]:
    options = {
        name: inputs.options[name] for name in ("htf", "bar_period") if name in inputs.options
    }
    params = inputs.options.get("params") or {}
    first = 0
    for name, bars, strategy in zip(
        inputs.shown_names, inputs.bars, inputs.strategies, strict=True
    ):
        actions = report.actions[first : first + len(bars)]
        first += len(bars)
        if strategy is not None:
            alone = without_clauses(strategy.with_params(**params) if params else strategy)
            yield _Stream(name, bars, alone, good_bars(bars), actions, options)


def _newest(engine: HQuant) -> int:
    """The newest signal's action, 0 for none; the queue is empty afterwards."""
    if not engine.signals_len():
        return 0
    return int(engine.poll_signals_array()[-1]["action"])


def _pushed(stream: _Stream) -> Actions:
    found = np.zeros(len(stream.good), np.uint8)
    with stream.engine() as engine:
        for bar, row in enumerate(stream.rows()):
            engine.push_bar(*row)
            found[bar] = _newest(engine)
    return found


def _revised(stream: _Stream, seed: int) -> Actions:
    """Push each bar wrong, revise it wrong, then right: only the last version may count."""
    found = np.zeros(len(stream.good), np.uint8)
    noise = np.random.default_rng(seed).uniform(0.5, 2, (len(stream.good), 2)).tolist()
    with stream.engine() as engine:
        for bar, (time, *row) in enumerate(stream.rows()):
            first, second = noise[bar]
            engine.push_bar(time, *(first * value for value in row))
            engine.update_last_bar(time, *(second * value for value in row))
            _newest(engine)
            engine.update_last_bar(time, *row)
            found[bar] = _newest(engine)
    return found


def _check(
    inputs: Inputs,
    report: BacktestReport,
    name: str,
    unit: str,
    run: Callable[[_Stream], Actions],
    detail: str,
) -> Check:
    streams = list(_streams(inputs, report))
    count = sum(len(stream.good) for stream in streams)
    failures = [stream.failure(run(stream), detail) for stream in streams]
    found = [each for each in failures if each is not None]
    return Check(
        name=name,
        count=count,
        unit=unit,
        failure=min(found, key=lambda each: each.time or 0, default=None),
        note="" if streams else "no strategy: signals or orders were given",
    )


def check_stream(inputs: Inputs, report: BacktestReport) -> Check:
    """Every bar's signal, from bars pushed one by one."""
    detail = "expected is of an HQuant that knows nothing after this bar"
    return _check(inputs, report, "stream", "bars pushed one by one", _pushed, detail)


def check_updates(inputs: Inputs, report: BacktestReport, seed: int) -> Check:
    """Every bar's signal, from bars that came wrong and were revised twice while they formed."""
    detail = "expected is of an HQuant whose bars were revised while they formed"
    return _check(
        inputs, report, "updates", "bars revised while they formed",
        lambda stream: _revised(stream, seed), detail,
    )  # fmt: skip
