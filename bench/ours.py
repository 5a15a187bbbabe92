"""hquant's side of every workload."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from market import Floats, Market
from rules import BARS_A_YEAR, CAPITAL, FAST, FEE, SLOW, Combos, Grid, Outcome, combos
from seven import SEVEN, Spec

import hquant_cffi
from hquant_cffi import Bars, Strategy, indicators

__all__ = [
    "TEXT", "backtest", "columns_of", "indicator", "looped_sweep", "one_pass",
    "stages", "streams", "sweep",
]  # fmt: skip

#: The cross of W3 and W4 in hquant's language.
TEXT = f"""
PARAM fast = {FAST} IN 1..1000
PARAM slow = {SLOW} IN 1..1000
f = SMA(close, fast)
s = SMA(close, slow)
IF CROSSOVER(f, s) THEN BUY
IF CROSSUNDER(f, s) THEN SELL
"""
_RULES: dict[str, Any] = dict(fee=FEE, fill="close", sides="long")
_SIZES: dict[str, dict[str, Any]] = {
    "cash": dict(capital=CAPITAL),
    "unit": dict(capital=1e6, size=1),
}


def indicator(spec: Spec, market: Market) -> Callable[[], Any]:
    """Return a call that computes one indicator."""
    function = getattr(indicators, spec.kind.lower())
    columns = (market.close,)
    if spec.kind == "ATR":
        columns = (market.high, market.low, market.close)
    return lambda: function(*columns, *spec.params, mode="talib")


def one_pass(specs: Sequence[Spec], market: Market) -> Callable[[], list[Floats]]:
    """Return a call that computes several indicators in one pass, into arrays that it reuses."""
    bars = hquant_cffi.load(market.columns())
    asked = {f"i{at}": str(spec) for at, spec in enumerate(specs)}
    shapes = hquant_cffi.run(bars, indicators=asked, mode="talib").indicators
    flat = [np.zeros(len(market)) for name in asked for _ in columns_of(shapes[name])]
    rest = iter(flat)
    out = {
        name: next(rest) if isinstance(shape, np.ndarray) else tuple(next(rest) for _ in shape)
        for name, shape in shapes.items()
    }

    def call() -> list[Floats]:
        hquant_cffi.run(bars, indicators=asked, mode="talib", out=out)
        return flat

    return call


def columns_of(result: Any) -> list[Floats]:
    """Return the outputs of an indicator as a list."""
    return list(result) if isinstance(result, tuple) else [result]


def streams(market: Market) -> list[tuple[str, Callable[[], tuple[float, ...]]]]:
    """Return calls that push the bars one by one: seven updated and five read at each."""
    rows = market.rows()

    def by_call() -> tuple[float, ...]:
        engine, ids = _engine()
        push, last = engine.push_bar, engine.indicator_last
        one, two, three, four, five = ids
        for t, o, h, l, c, v in rows:  # noqa: E741
            push(t, o, h, l, c, v)
            values = (last(one), last(two), last(three), last(four), last(five))
        return values

    def by_view() -> tuple[float, ...]:
        engine, ids = _engine()
        push, view = engine.push_bar, engine.live(*((id, 0) for id in ids))
        for t, o, h, l, c, v in rows:  # noqa: E741
            push(t, o, h, l, c, v)
            one, two, three, four, five = view
        return (one, two, three, four, five)

    return [("hquant, live view", by_view), ("hquant, a call a value", by_call)]


def _engine() -> tuple[hquant_cffi.HQuant, list[int]]:
    """Return an engine of all seven, and the ids of the five that are read."""
    engine = hquant_cffi.HQuant(1024)
    ids = [engine.add_indicator(spec.kind, *spec.params) for spec in SEVEN]
    wanted = ("SMA", "EMA", "RSI", "BOLL", "MACD")
    by_name = {spec.kind: id for spec, id in zip(SEVEN, ids, strict=True)}
    return engine, [by_name[name] for name in wanted]


def backtest(data: Market | Bars, *, sized: str = "cash") -> Callable[[], Outcome]:
    """Return a call from arrays, or from bars loaded beforehand, to figures."""
    strategy = Strategy.compile(TEXT)
    columns = data.columns() if isinstance(data, Market) else data
    return lambda: _outcome(columns, strategy, sized)


def stages(market: Market) -> list[tuple[str, Callable[[], object]]]:
    """Return the whole of `backtest` and its parts, as far as they can be called alone."""
    strategy = Strategy.compile(TEXT)
    columns = market.columns()
    bars = hquant_cffi.load(columns)
    options = _RULES | _SIZES["cash"]
    report = hquant_cffi.backtest(bars, strategy, **options)
    curve = (report.equity, report.time)
    return [
        ("hquant, from arrays", backtest(market)),
        ("load(): every row checked", lambda: hquant_cffi.load(columns)),
        ("backtest(): a report", lambda: hquant_cffi.backtest(bars, strategy, **options)),
        (
            "metrics(): of the report",
            lambda: hquant_cffi.metrics(*curve, initial=CAPITAL, trades=report.trades),
        ),
        ("run(): signals only", lambda: hquant_cffi.run(bars, strategy)),
    ]


def looped_sweep(market: Market, grid: Grid, *, sized: str = "cash") -> Callable[[], Combos]:
    """Return a call that runs one backtest after the other."""
    strategy = Strategy.compile(TEXT)
    bars = hquant_cffi.load(market.columns())

    def run() -> Combos:
        pairs = ({"fast": fast, "slow": slow} for fast, slow in grid)
        return combos([_outcome(bars, strategy, sized, params=params) for params in pairs])

    return run


def _outcome(data: Any, strategy: Strategy, sized: str, **options: Any) -> Outcome:
    sizes = _SIZES[sized]
    report = hquant_cffi.backtest(data, strategy, **_RULES, **sizes, **options)
    assert len(report.trades) >= report.closed_trades and len(report.equity) == report.bars
    assert report.metrics.periods_per_year == BARS_A_YEAR
    return Outcome(
        report.total_return * sizes["capital"],
        report.closed_trades,
        -report.max_drawdown,
        report.metrics.sharpe,
        sized,
        report.open_trades,
    )


def sweep(
    market: Market, grid: Grid, *, n_jobs: int = 1, sized: str = "cash", text: str = TEXT
) -> Callable[[], Combos]:
    """Return a call that sweeps the grid."""
    strategy = Strategy.compile(text)
    bars = hquant_cffi.load(market.columns())
    params = {"fast": list(grid.fast), "slow": list(grid.slow)}
    options = dict(metric="sharpe", n_jobs=n_jobs, **_RULES, **_SIZES[sized])

    def run() -> Combos:
        table = hquant_cffi.sweep(bars, strategy, params=params, **options).table
        return Combos(
            table["total_return"] * options["capital"],
            table["trades"].astype(np.int64),
            -table["max_drawdown"],
            table["sharpe"],
            sized,
            table["open_trades"].astype(np.int64),
        )

    return run
