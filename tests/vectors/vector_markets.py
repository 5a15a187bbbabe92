"""Several periods: engines fed from one stream, candles, and the text of periods."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Final

from vector_indicators import add, spec
from vector_inputs import Inputs, bar_of, signals_of, status_of
from vector_tapes import MINUTE, START

from hquant_cffi import Aggregator, MultiHQuant, Period

_PERIODS: Final = (MINUTE, 5 * MINUTE, 15 * MINUTE)
_KINDS: Final = {"KlineUpdated": 1, "KlineClosed": 2}


def cases() -> list[dict[str, Any]]:
    """Return engines over several periods and aggregators, and what they are fed."""
    every = [["feed", "gaps", 0, 40], ["flush"], ["feed", "gaps", 40, 60], ["flush"]]
    return [
        _multi("every update", every),
        _multi("on close", every, emit="on_close"),
        _multi("closed candles", every, htf="closed", bar_period_ms=MINUTE),
        _multi("bars again and out of order", _again()),
        _multi("a parameter", [["feed", "trends", 0, 70], ["set_param", 0, "mark", 1.5],
               ["set_param", 0, "mark", 9.0], ["feed", "trends", 70, 110]], capacity=32),
        _candles("candles", [*every, ["flush"]]),
        _candles("candles again and out of order", _again()),
    ]  # fmt: skip


def answer(case: dict[str, Any], inputs: Inputs) -> dict[str, Any]:
    """Return what comes of the steps: signals and values of engines, or events of candles."""
    if case["kind"] == "aggregator":
        return _Candles(case, inputs).answer()
    return _Multi(case, inputs).answer()


class _Fed(ABC):
    def __init__(self, case: dict[str, Any], inputs: Inputs) -> None:
        self.case, self.inputs = case, inputs
        self.steps = 0
        self.refused: list[list[Any]] = []

    def take(self, step: list[Any]) -> None:
        kind, *rest = step
        if kind == "feed":
            for bar in self.inputs.rows(*rest):
                self.step(lambda bar=bar: self.feed(bar))
        elif kind == "feed_bar":
            self.step(lambda: self.feed(bar_of(rest)))
        elif kind == "flush":
            self.step(self.flush)
        else:
            assert kind == "set_param", step
            self.step(lambda: self.set_param(*rest))

    def step(self, call: Any) -> None:
        status, _ = status_of(call)
        if status != "HQ_OK":
            self.refused.append([self.steps, status])
        self.collect()
        self.steps += 1

    @abstractmethod
    def feed(self, bar: tuple[Any, ...]) -> None: ...

    @abstractmethod
    def flush(self) -> None: ...

    def set_param(self, index: int, name: str, value: float) -> None:
        raise AssertionError("only engines have PARAMs")

    @abstractmethod
    def collect(self) -> None: ...


class _Multi(_Fed):
    def __init__(self, case: dict[str, Any], inputs: Inputs) -> None:
        super().__init__(case, inputs)
        self.multi = MultiHQuant(
            case["capacity"],
            [Period(f"{ms}ms") for ms in case["periods_ms"]],
            case["emit"],
            htf=case["htf"],
            bar_period=case["bar_period_ms"] or None,
        )
        self.cross = [
            self.multi.add_multi_strategy(name, inputs.program(name)) for name in case["programs"]
        ]
        self.engines = [self.multi.engine(each["period_ms"]) for each in case["engines"]]
        self.strategies: list[list[int]] = []
        self.indicators: list[list[int]] = []
        for engine, each in zip(self.engines, case["engines"], strict=True):
            self.indicators.append([add(engine, one) for one in each["indicators"]])
            self.strategies.append(
                [engine.add_strategy(name, inputs.program(name)) for name in each["programs"]]
            )
        self.signals: list[list[int]] = []

    def feed(self, bar: tuple[Any, ...]) -> None:
        self.multi.feed_bar(*bar)

    def flush(self) -> None:
        self.multi.flush()

    def set_param(self, index: int, name: str, value: float) -> None:
        self.multi.set_param(self.cross[index], name, value)

    def collect(self) -> None:
        self.signals += signals_of(self.multi, self.steps)

    def answer(self) -> dict[str, Any]:
        for each in self.case["steps"]:
            self.take(each)
        return {
            "steps": self.steps,
            "strategy_ids": self.cross,
            "signals": self.signals,
            "refused": self.refused,
            "rejected_bars": self.multi.rejected_bars,
            "engines": [
                {
                    "indicator_ids": ids,
                    "strategy_ids": strategies,
                    "timestamp": engine.column("timestamp").ordered(),
                    "close": engine.column("close").ordered(),
                    "volume": engine.column("volume").ordered(),
                    "values": [engine.indicator_column(id).ordered() for id in ids],
                }
                for engine, ids, strategies in zip(
                    self.engines, self.indicators, self.strategies, strict=True
                )
            ],
        }


class _Candles(_Fed):
    def __init__(self, case: dict[str, Any], inputs: Inputs) -> None:
        super().__init__(case, inputs)
        self.aggregator = Aggregator([Period(f"{ms}ms") for ms in case["periods_ms"]])
        self.events: list[list[Any]] = []

    def feed(self, bar: tuple[Any, ...]) -> None:
        self.aggregator.push(*bar)

    def flush(self) -> None:
        self.aggregator.flush()

    def collect(self) -> None:
        for event in self.aggregator.poll_events():
            index = self.case["periods_ms"].index(event.period.ms)
            self.events.append([self.steps, _KINDS[event.kind], index, *_candle(event.candle)])

    def answer(self) -> dict[str, Any]:
        for each in self.case["steps"]:
            self.take(each)
        return {
            "steps": self.steps,
            "events": self.events,
            "refused": self.refused,
            "rejected_bars": self.aggregator.rejected,
        }


def _candle(candle: Any) -> list[Any]:
    names = ("open_time", "close_time", "open", "high", "low", "close", "volume", "buy_volume")
    return [getattr(candle, name) for name in (*names, "last_update_ts")]


def _multi(name: str, steps: list[Any], **others: Any) -> dict[str, Any]:
    return {
        "name": name,
        "kind": "multi",
        "capacity": 256,
        "periods_ms": list(_PERIODS),
        "emit": "every_update",
        "htf": "forming",
        "bar_period_ms": 0,
        "programs": ["periods", "timeframes"],
        "engines": [
            {"period_ms": MINUTE, "indicators": [spec("SMA", 4)], "programs": ["cross"]},
            {"period_ms": 5 * MINUTE, "indicators": [spec("EMA", 3), spec("RSI", 2)],
             "programs": ["levels"]},
        ],
        "steps": steps,
        **others,
    }  # fmt: skip


def _candles(name: str, steps: list[Any]) -> dict[str, Any]:
    return {"name": name, "kind": "aggregator", "periods_ms": list(_PERIODS[1:]), "steps": steps}


def _again() -> list[Any]:
    steps: list[Any] = [["feed", "trends", 0, 12]]
    for minute, close in ((11, 61.0), (11, 62.5), (10, 60.0), (13, 59.0), (13, 58.5), (4, 1.0)):
        time = START + minute * MINUTE
        steps.append(["feed_bar", time, 60.0, 63.0, 58.0, close, 7.0, 2.0])
    steps.append(["feed_bar", START + 14 * MINUTE, 60.0, None, 58.0, 59.0, 7.0, 2.0])
    before = -7 * MINUTE - 1  # of 1970
    return [*steps, ["flush"], ["feed_bar", before, 60.0, 61.0, 58.0, 59.0, 7.0, 2.0],
            ["feed", "trends", 14, 20]]  # fmt: skip
