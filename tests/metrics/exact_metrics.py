"""The figures of docs/metrics.md once more: whole lists, math.fsum, no C and no NumPy.

Written from the formulas of the page, for tests; slow and plain. None stands for undefined.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from statistics import NormalDist

DAY = 86_400_000
Figures = dict[str, float | None]


def _or_none(figure: Callable[[], float]) -> float | None:
    try:
        value = figure()
    except (ZeroDivisionError, TypeError, OverflowError):
        return None
    return value if math.isfinite(value) else None


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def _deviation(values: Sequence[float]) -> float | None:
    if len(values) < 2:
        return None
    mean = _mean(values)
    deviation = math.sqrt(math.fsum((x - mean) ** 2 for x in values) / (len(values) - 1))
    noise = 8 * 2.0**-52 * (1 + abs(mean))
    return deviation if deviation > noise else 0.0


def _between(before: float, after: float) -> float:
    return float((after - before) / before) if before else 0.0


def curve_points(
    time: Sequence[int], equity: Sequence[float], initial: float | None
) -> tuple[list[tuple[int, float]], float | None]:
    """Points of the curve, and what stands before the first of them."""
    points = list(zip(time, equity, strict=True))
    return points, None if initial is None or equity[0] == initial else initial


def daily_returns(points: Sequence[tuple[int, float]], before: float | None) -> list[float]:
    closes = {} if before is None else {-(10**9): before}
    for time, equity in points:
        closes[time // DAY] = equity
    levels = list(closes.values())
    return [_between(a, b) for a, b in itertools.pairwise(levels)]


def exact_metrics(
    time: Sequence[int],
    equity: Sequence[float] | None = None,
    *,
    returns: Sequence[float] | None = None,
    initial: float | None = None,
    periods: float,
    days: float,
    risk_free: float = 0.0,
    benchmark: Sequence[float] | None = None,
) -> Figures:
    if returns is not None:
        wealth = [Fraction(1)]
        for ret in returns:
            wealth.append(wealth[-1] * (1 + Fraction(ret)))
        points, before = [(t, w) for t, w in zip(time, wealth[1:], strict=True)], Fraction(1)
        steps = list(returns)
    else:
        assert equity is not None
        points, before = curve_points(time, equity, initial)
        whole = [*([] if before is None else [before]), *equity]
        steps = [_between(a, b) for a, b in itertools.pairwise(whole)]
    levels = [*([] if before is None else [before]), *(e for _, e in points)]
    times = [*([] if before is None else [time[0]]), *time]
    found: Figures = {"returns": len(steps)}
    found |= _ratios(steps, levels, periods, risk_free)
    found |= _falls(levels, times, steps)
    found["calmar"] = _or_none(lambda: found["cagr"] / -found["max_drawdown"])  # type: ignore[operator]
    found |= _sides(steps)
    found |= _days(daily_returns(points, before), days, risk_free, found["max_drawdown"])
    if benchmark is not None:
        found |= _benchmark(steps, benchmark, before is not None, periods, risk_free)
    return found


def _ratios(
    steps: Sequence[float], levels: Sequence[float], periods: float, risk_free: float
) -> Figures:
    n, deviation = len(steps), _deviation(steps)
    free = math.expm1(math.log1p(risk_free) / periods)
    excess = [x - free for x in steps]
    gained = math.fsum(x for x in excess if x > 0)
    lost = -math.fsum(x for x in excess if x < 0)
    found: Figures = {
        "total_return": float((levels[-1] - levels[0]) / levels[0]),
        "cagr": _or_none(lambda: float(levels[-1] / levels[0]) ** (periods / n) - 1),
        "volatility": _or_none(lambda: deviation * math.sqrt(periods)),  # type: ignore[operator]
        "sharpe": _or_none(lambda: _mean(excess) / deviation * math.sqrt(periods)),  # type: ignore[operator]
        "omega": _or_none(lambda: gained / lost) if n > 1 else None,
        "skew": None,
        "kurtosis": None,
        "sortino": None,
    }
    if n > 1:
        below = math.sqrt(math.fsum(min(x, 0.0) ** 2 for x in excess) / n)
        found["sortino"] = _or_none(lambda: _mean(excess) / below * math.sqrt(periods))
    if deviation:
        mean = _mean(steps)
        third = math.fsum((x - mean) ** 3 for x in steps)
        fourth = math.fsum((x - mean) ** 4 for x in steps)
        found["skew"] = _or_none(lambda: n / ((n - 1) * (n - 2)) * third / deviation**3)
        rest = (n - 2) * (n - 3)
        found["kurtosis"] = _or_none(
            lambda: n * (n + 1) / ((n - 1) * rest) * fourth / deviation**4 - 3 * (n - 1) ** 2 / rest
        )
    return found


def _falls(levels: Sequence[float], times: Sequence[int], steps: Sequence[float]) -> Figures:
    falls: list[float] = []
    longest, longest_bars, top = 0, 0, 0
    for i, level in enumerate(levels):
        if level < levels[top] or (falls and falls[-1] < 0):
            longest = max(longest, times[i] - times[top])
            longest_bars = max(longest_bars, i - top)
        if level >= levels[top]:
            top = i
        falls.append(float((level - levels[top]) / levels[top]))
    deepest = min(falls)
    total = math.fsum(steps)
    return {
        "max_drawdown": deepest,
        "longest_drawdown": longest / DAY,
        "longest_drawdown_bars": longest_bars,
        "ulcer_index": _or_none(
            lambda: math.sqrt(math.fsum(fall * fall for fall in falls) / (len(steps) - 1))
        ),
        "recovery_factor": _or_none(lambda: abs(total) / -deepest),
    }


def _sides(steps: Sequence[float]) -> Figures:
    gains, losses = [x for x in steps if x > 0], [x for x in steps if x < 0]
    share = _or_none(lambda: len(gains) / (len(gains) + len(losses)))
    payoff = _or_none(lambda: _mean(gains) / -_mean(losses))
    return {
        "best_return": max(steps, default=None),
        "worst_return": min(steps, default=None),
        "exposure": _or_none(lambda: (len(gains) + len(losses)) / len(steps)),
        "bar_win_rate": share,
        "bar_payoff_ratio": payoff,
        "bar_profit_factor": _or_none(lambda: math.fsum(gains) / -math.fsum(losses)),
        "bar_kelly": _or_none(lambda: share - (1 - share) / payoff),  # type: ignore[operator]
    }


def _quantile(ordered: Sequence[float], level: float) -> float:
    place = (len(ordered) - 1) * level
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _days(daily: Sequence[float], days: float, risk_free: float, deepest: float | None) -> Figures:
    n, deviation, normal = len(daily), _deviation(daily), NormalDist()
    low = normal.inv_cdf(0.05)
    found: Figures = {"daily_returns": n}
    found["value_at_risk"] = _or_none(
        lambda: _mean(daily) + low * deviation if deviation else math.nan
    )
    found["cvar"] = _or_none(
        lambda: _mean(daily) - normal.pdf(low) / 0.05 * deviation if deviation else math.nan
    )
    for name in ("value_at_risk_historical", "cvar_historical", "tail_ratio"):
        found[name] = None
    if n:
        ordered = sorted(daily)
        found["value_at_risk_historical"] = _quantile(ordered, 0.05)
        found["cvar_historical"] = _mean(ordered[: int((n - 1) * 0.05) + 1])
        found["tail_ratio"] = _or_none(
            lambda: abs(_quantile(ordered, 0.95) / _quantile(ordered, 0.05))
        )
    multiple = math.prod(1 + x for x in daily)
    year = _or_none(lambda: multiple ** (days / n) - 1)
    below = math.sqrt(math.fsum(min(x, 0.0) ** 2 for x in daily) / n) if n else 0.0
    found["annual_return_geometric"] = year
    spread = _or_none(
        lambda: (
            (1 + year)  # type: ignore[operator]
            * math.sqrt(math.expm1(days * math.log1p((deviation / multiple ** (1 / n)) ** 2)))
        )  # type: ignore[operator]
    )
    found["volatility_geometric"] = spread
    found["sharpe_geometric"] = _or_none(lambda: (year - risk_free) / spread)  # type: ignore[operator]
    found["sortino_geometric"] = _or_none(
        lambda: (year - risk_free) / (below * math.sqrt(days))  # type: ignore[operator]
    )
    found["calmar_geometric"] = _or_none(lambda: year / -deepest)  # type: ignore[operator]
    return found


def _benchmark(
    steps: Sequence[float],
    benchmark: Sequence[float],
    starts_before: bool,
    periods: float,
    risk_free: float,
) -> Figures:
    own, market = [], []
    later = steps[1:] if starts_before else steps
    for ret, before, after in zip(later, benchmark, benchmark[1:], strict=False):
        if not math.isnan(before) and not math.isnan(after):
            own.append(ret)
            market.append((after - before) / before)
    found: Figures = {"benchmark_returns": len(own), "beta": None}
    found |= {"alpha": None, "alpha_compounded": None}
    if not own or not _deviation(market):
        return found
    mean_own, mean_market = _mean(own), _mean(market)
    covariance = math.fsum(
        (x - mean_own) * (y - mean_market) for x, y in zip(own, market, strict=True)
    )
    beta = covariance / math.fsum((y - mean_market) ** 2 for y in market)
    free = math.expm1(math.log1p(risk_free) / periods)
    beyond = mean_own - free - beta * (mean_market - free)
    found |= {"beta": beta, "alpha": beyond * periods}
    found["alpha_compounded"] = _or_none(lambda: (1 + beyond) ** periods - 1)
    return found


def exact_trade_metrics(pnl: Sequence[float], notional: Sequence[float]) -> Figures:
    """Of closed trades."""
    wins, losses = [x for x in pnl if x > 0], [x for x in pnl if x < 0]
    rates = [x / y for x, y in zip(pnl, notional, strict=True)]
    share = _or_none(lambda: len(wins) / (len(wins) + len(losses)))
    average_win, average_loss = _or_none(lambda: _mean(wins)), _or_none(lambda: _mean(losses))
    payoff = _or_none(lambda: average_win / -average_loss)  # type: ignore[operator]
    mean = _or_none(lambda: _mean(pnl))
    spread = _or_none(
        lambda: math.sqrt(math.fsum((x - mean) ** 2 for x in pnl) / (len(pnl) - 1))  # type: ignore[operator]
    )
    return {
        "trades": len(pnl),
        "win_rate": share,
        "avg_win": average_win,
        "avg_loss": average_loss,
        "payoff_ratio": payoff,
        "profit_factor": _or_none(lambda: math.fsum(wins) / -math.fsum(losses)),
        "kelly": _or_none(lambda: share - (1 - share) / payoff),  # type: ignore[operator]
        "expectancy": mean,
        "sqn": _or_none(lambda: math.sqrt(len(pnl)) * mean / spread),  # type: ignore[operator]
        "avg_trade": _or_none(lambda: _mean(rates)),
        "best_trade": max(rates, default=None),
        "worst_trade": min(rates, default=None),
    }
