"""W1: seven indicators over a million closes, each alone and all in one pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import ours
from agreement import as_columns, of_series
from context import Bench
from market import Floats, Market, walk
from peers import Peer
from race import Goal, Runner
from seven import SEVEN, SHORTEST, Convention, Spec, draw

__all__ = ["run"]

_NS = "ns an element"
_CALLS = "hquant, a call each"
_SETS = 5  # random sets of indicators

#: Where the frozen loops are not TA-Lib: plain running sums.
_LIMIT = {"STDDEV": Convention(within=1e-5), "BOLL": Convention(within=1e-7)}


def run(bench: Bench) -> None:
    """Measure W1."""
    market = walk(bench.size(1_000_000, SHORTEST))
    reference = {spec: ours.columns_of(ours.indicator(spec, market)()) for spec in SEVEN}
    agreeing = {spec: _agreeing(bench, spec, market, reference[spec]) for spec in SEVEN}
    for spec in SEVEN:
        _alone(bench, spec, market, agreeing[spec])
    _together(bench, market, reference, agreeing)
    _few_bars(bench)
    for seed in range(1 if bench.short else _SETS):
        _random_set(bench, market, seed)


def _agreeing(
    bench: Bench, spec: Spec, market: Market, reference: Sequence[Floats]
) -> dict[str, Runner]:
    """Return the peers that compute one indicator as they are known to."""
    found: dict[str, Runner] = {}
    for peer in bench.who_can("indicator"):
        call = peer.module.indicator(spec, market)
        if call is None:
            continue
        theirs = as_columns(call(), peer.module.OUTPUTS.get(spec.kind, ()), reference)
        expected = peer.module.CONVENTIONS.get(spec.kind, Convention())
        agreement = of_series(reference, theirs, expected)
        if bench.output.agreed(f"W1 {spec}", peer.title, agreement):
            found[peer.title] = Runner(peer.title, call, len(market), agreement.text)
    return found


def _alone(bench: Bench, spec: Spec, market: Market, peers: dict[str, Runner]) -> None:
    n = len(market)
    runners = [Runner("hquant", ours.indicator(spec, market), n), *peers.values()]
    if bench.limits is not None and spec.kind in ("SMA", "EMA"):
        runners += _limits_alone(bench, spec, market)
    bench.compare(
        f"W1 {spec}", runners, input=f"{n:,} closes", unit=_NS, goals=[Goal("TA-Lib", 1.5)]
    )


def _limits_alone(bench: Bench, spec: Spec, market: Market) -> list[Runner]:
    limits, n, out = bench.limits, len(market), np.zeros(len(market))
    assert limits is not None

    def call(wide: bool) -> Callable[[], None]:
        return lambda: limits.average(spec.kind, market.close, out, wide=wide)

    return [
        Runner("limit: scalar loop, warm output", call(False), n),
        Runner("limit: AVX-512 loop, warm output", call(True), n),
        Runner("limit: memcpy, warm output", lambda: limits.copy(out, market.close), n),
    ]


def _together(
    bench: Bench,
    market: Market,
    reference: dict[Spec, list[Floats]],
    agreeing: dict[Spec, dict[str, Runner]],
) -> None:
    n = len(market)
    runners = _ours(bench, SEVEN, market)
    for peer in bench.who_can("indicator"):
        if all(peer.title in peers for peers in agreeing.values()):
            calls = [agreeing[spec][peer.title].work for spec in SEVEN]
            runners.append(Runner(peer.title, _each(calls), n, "a call each"))
    if bench.limits is not None:
        runners += _limits_together(bench, market, reference)
    bench.compare(
        "W1 all seven",
        runners,
        input=f"{n:,} bars",
        unit=_NS,
        goals=[Goal("limit: fused, scalar", 1.4), Goal("TA-Lib", 1 / 1.4)],
    )


def _limits_together(
    bench: Bench, market: Market, reference: dict[Spec, list[Floats]]
) -> list[Runner]:
    limits, n = bench.limits, len(market)
    assert limits is not None
    out = np.zeros((11, n))
    runners = []
    for name, wide in (("limit: fused, scalar", False), ("limit: fused, AVX-512", True)):
        limits.seven(market, out, wide=wide)
        rows = iter(out[:, : n - 8])  # the wide loop leaves its last steps out
        right = True
        for spec in SEVEN:
            theirs = [next(rows) for _ in reference[spec]]
            own = [column[: n - 8] for column in reference[spec]]
            agreement = of_series(own, theirs, _LIMIT.get(spec.kind, Convention()))
            right &= bench.output.agreed(f"W1 {spec}", name, agreement)

        def work(wide: bool = wide) -> None:
            limits.seven(market, out, wide=wide)

        if right:
            runners.append(Runner(name, work, n, "warm outputs, plain running sums"))
    return runners


def _ours(bench: Bench, specs: Sequence[Spec], market: Market) -> list[Runner]:
    """Return the ways to compute several, the one to be compared first."""
    n = len(market)
    runners = [Runner(_CALLS, _each([ours.indicator(s, market) for s in specs]), n)]
    together = ours.one_pass(specs, market)
    one_by_one = [c for spec in specs for c in ours.columns_of(ours.indicator(spec, market)())]
    for at, (own, column) in enumerate(zip(one_by_one, together(), strict=True)):
        if not np.array_equal(own, column, equal_nan=True):
            bench.output.refused(f"W1 one pass: output {at} is not its own call's")
    return [Runner("hquant, one pass", together, n, "own outputs, reused"), *runners]


def _each(calls: Sequence[Callable[[], object]]) -> Callable[[], None]:
    def work() -> None:
        for call in calls:
            call()

    return work


def _few_bars(bench: Bench) -> None:
    """Time what a call costs when there is little to compute."""
    market = walk(1_000)
    talib = _talib(bench)
    for specs, name in ((SEVEN[:1], str(SEVEN[0])), (SEVEN, "all seven")):
        runners = _ours(bench, specs, market)
        if talib is not None:
            runners.append(Runner(talib.title, _talib_calls(talib, specs, market), 1))
        one = [Runner(each.name, each.work, 1, each.note) for each in runners]
        bench.compare(
            f"W1 {name}, few bars",
            one,
            input="1,000 bars",
            unit="ns in all",
            goals=[Goal("TA-Lib", 1.0, _CALLS)],
        )


def _random_set(bench: Bench, market: Market, seed: int) -> None:
    specs = draw(np.random.default_rng(seed))
    talib = _talib(bench)
    runners = _ours(bench, specs, market)
    name = f"W1 random set {seed}"
    if talib is not None:
        right = True
        for spec in specs:
            reference = ours.columns_of(ours.indicator(spec, market)())
            theirs = as_columns(talib.module.indicator(spec, market)(), (), reference)
            agreement = of_series(reference, theirs, Convention())
            right &= bench.output.agreed(f"{name} {spec}", talib.title, agreement)
        if right:
            runners.append(
                Runner(talib.title, _talib_calls(talib, specs, market), len(market), "a call each")
            )
    text = f"{', '.join(map(str, specs))} over {len(market):,} bars"
    bench.compare(name, runners, input=text, unit=_NS, goals=[Goal("TA-Lib", 1.5 / 1.4)])


def _talib(bench: Bench) -> Peer | None:
    return next((peer for peer in bench.who_can("indicator") if peer.name == "TA-Lib"), None)


def _talib_calls(talib: Peer, specs: Sequence[Spec], market: Market) -> Callable[[], None]:
    return _each([talib.module.indicator(spec, market) for spec in specs])
