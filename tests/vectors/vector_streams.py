"""Engines bar by bar: what they signal, what they show, what they refuse."""

from __future__ import annotations

from typing import Any

from vector_indicators import add, spec
from vector_inputs import Inputs, bar_of, signals_of, status_of
from vector_tapes import MINUTE, START

from hquant_cffi import HQuant


def cases() -> list[dict[str, Any]]:
    """Return engines and what they are fed."""
    plain = [spec("SMA", 5), spec("RSI", 4), spec("MACD", 3, 8, 4), spec("BOLL", 6, 2)]
    return [
        _case("every program", ["cross", "levels", "words", "unknowns", "bands", "talib"],
              [["push", "ordinary", 0, 112]], indicators=plain),
        _case("a small ring", ["cross", "words"], [["push", "gaps", 0, 60]], capacity=3,
              indicators=[spec("SMA", 9), spec("VWAP"), spec("CORREL", 5)]),
        _case("a flat market", ["levels", "bands", "logarithm"], [["push", "flat", 0, 60]],
              indicators=[spec("STDDEV", 4), spec("STOCH", mode="talib"), spec("ATR", 3)]),
        _case("prices below zero", ["cross", "words"], [["push", "negative", 0, 48]],
              indicators=plain),
        _case("closed candles", ["timeframes"], [["push", "trends", 0, 90]]),
        _case("closed candles of bars of a known period", ["timeframes"],
              [["push", "trends", 0, 90]], bar_period_ms=MINUTE),
        _case("forming candles", ["timeframes"], [["push", "trends", 0, 90]], htf="forming"),
        _case("a bar that forms", ["cross", "levels", "timeframes"], _forming(), capacity=64,
              indicators=[*plain, spec("HIGHEST", 3), spec("OBV"), spec("SAR")]),
        _case("refused bars", ["cross"], _refused(), indicators=[spec("SMA", 2), spec("EMA", 3)]),
        _case("bars out of order", ["timeframes"], _out_of_order()),
        _case("late and changed", ["cross"], _late(), capacity=40,
              indicators=[spec("SMA", 3)]),
        _case("columns", ["cross", "timeframes", "levels"],
              [["push_bars", "trends", 0, 100], ["push", "trends", 100, 110],
               ["push_bars", "trends", 110, 160]],
              indicators=[spec("KAMA", 10), spec("SUPERTREND")]),
    ]  # fmt: skip


def answer(case: dict[str, Any], inputs: Inputs) -> dict[str, Any]:
    """Return signals and refusals by step, values after each step, and what is left at the end."""
    engine = HQuant(case["capacity"], htf=case["htf"], bar_period=case["bar_period_ms"] or None)
    run = _Run(engine, inputs)
    for each in case["indicators"]:
        run.add_indicator(each)
    for name in case["programs"]:
        run.add_program(name)
    for step in case["steps"]:
        run.take(step)
    return run.found()


class _Run:
    def __init__(self, engine: HQuant, inputs: Inputs) -> None:
        self.engine, self.inputs = engine, inputs
        self.indicators: list[int] = []
        self.programs: list[int] = []
        self.signals: list[list[int]] = []
        self.refused: list[list[Any]] = []
        self.values: list[list[list[float]]] = []
        self.steps = 0

    def add_indicator(self, each: dict[str, Any]) -> None:
        self.indicators.append(add(self.engine, each))
        self.values.append([])

    def add_program(self, name: str) -> None:
        self.programs.append(self.engine.add_strategy(name, self.inputs.program(name)))

    def take(self, step: list[Any]) -> None:
        kind, *rest = step
        if kind == "push":
            for bar in self.inputs.rows(*rest):
                self._step(lambda bar=bar: self.engine.push_bar(*bar))
        elif kind == "push_bar":
            self._step(lambda: self.engine.push_bar(*bar_of(rest)))
        elif kind == "update_bar":
            self._step(lambda: self.engine.update_last_bar(*bar_of(rest)))
        elif kind == "push_bars":
            name, start, stop = rest
            self._step(lambda: self.engine.push_bars(self.inputs.bars(name)[start:stop]))
        elif kind == "set_param":
            index, name, value = rest
            self._step(lambda: self.engine.set_param(self.programs[index], name, value))
        elif kind == "add_indicator":
            self._step(lambda: self.add_indicator(rest[0]))
        else:
            assert kind == "add_program", step
            self._step(lambda: self.add_program(rest[0]))

    def _step(self, call: Any) -> None:
        status, _ = status_of(call)
        if status != "HQ_OK":
            self.refused.append([self.steps, status])
        self.signals += signals_of(self.engine, self.steps)
        for id, rows in zip(self.indicators, self.values, strict=True):
            rows.append(list(self.engine.indicator_values(id)))
        self.steps += 1

    def found(self) -> dict[str, Any]:
        engine = self.engine
        return {
            "steps": self.steps,
            "indicator_ids": self.indicators,
            "strategy_ids": self.programs,
            "signals": self.signals,
            "refused": self.refused,
            "values": [
                [list(column) for column in zip(*rows, strict=True)] for rows in self.values
            ],
            "bars": len(engine),
            "total_bars": engine.total_bars,
            "rejected_bars": engine.rejected_bars,
            "close": engine.column("close").ordered(),
            "timestamp": engine.column("timestamp").ordered(),
        }


def _case(name: str, programs: list[str], steps: list[Any], **others: Any) -> dict[str, Any]:
    return {
        "name": name,
        "capacity": 256,
        "htf": "closed",
        "bar_period_ms": 0,
        "indicators": [],
        "programs": programs,
        "steps": steps,
        **others,
    }


def _bar(kind: str, minute: int, close: float, /, **others: float) -> list[Any]:
    bar = {
        "time": START + minute * MINUTE,
        "open": 50.0,
        "high": max(close, 50.0) + 0.5,
        "low": min(close, 50.0) - 0.5,
        "close": close,
        "volume": 10.0,
        "buy_volume": 4.0,
    }
    return [kind, *(bar | others).values()]


def _forming() -> list[Any]:
    steps: list[Any] = [_bar("update_bar", 0, 51.0)]  # before the first bar: nothing happens
    for minute in range(24):
        close = 50 + (minute * 7 % 11 - 5) / 4
        steps.append(_bar("push_bar", minute, close))
        for change in (1.5, -2.25, 0.5)[: minute % 4]:
            steps.append(_bar("update_bar", minute, close + change, volume=10 + 4 * change))
    return steps


def _refused() -> list[Any]:
    steps = [_bar("push_bar", minute, 50.0 + minute) for minute in range(4)]
    nan, inf = float("nan"), float("inf")
    bad = [{"high": nan}, {"close": inf}, {"low": -inf}, {"volume": 1e101}, {"buy_volume": nan}]
    for fields in bad:
        steps += [_bar("push_bar", 4, 60.0, **fields), _bar("update_bar", 3, 60.0, **fields)]
    # What is odd but finite is a bar: low above high, a close outside both, a time that falls.
    odd = {"low": 80.0, "volume": -1.0, "time": START}
    return [*steps, _bar("push_bar", 4, 1e100), _bar("push_bar", 5, 49.0, **odd)]


def _out_of_order() -> list[Any]:
    steps: list[Any] = [["push", "trends", 0, 30], _bar("push_bar", 28, 60.0)]
    return [*steps, _bar("update_bar", 28, 60.0), _bar("update_bar", 29, 60.0),
            ["push", "trends", 30, 60]]  # fmt: skip


def _late() -> list[Any]:
    return [
        ["push", "trends", 0, 50],
        ["set_param", 0, "fast", 3.0],
        ["set_param", 0, "fast", 2.5],
        ["set_param", 0, "slow", 41.0],
        ["set_param", 0, "speed", 1.0],
        ["add_program", "words"],
        ["add_indicator", spec("EMA", 12)],
        ["push", "trends", 50, 100],
        ["add_indicator", spec("SMA", 3)],
        ["add_program", "timeframes"],
        ["push", "trends", 100, 140],
        ["set_param", 2, "n", 5.0],
        ["push", "trends", 140, 160],
    ]
