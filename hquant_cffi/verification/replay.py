"""Replay: the same input gives the same everything, whoever runs it and in whatever form."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from hquant_cffi._backtest_report import BacktestReport
from hquant_cffi._errors import CompileError, HQuantError
from hquant_cffi.strategy import Strategy
from hquant_cffi.verification.compare import digest, first_difference
from hquant_cffi.verification.inputs import Inputs
from hquant_cffi.verification.truncation import place_of
from hquant_cffi.verification.verdict import Check, Failure

__all__ = ["check_replay"]


def _from_bytes(strategy: Strategy) -> Strategy:
    return Strategy.from_bytecode(strategy.bytecode, name=strategy.name)


def _from_text(strategy: Strategy) -> Strategy:
    """Compile a strategy's text anew, with the values that its PARAMs have now."""
    if strategy.source is None:
        return strategy
    values = {param.name: param.value for param in strategy.params}
    for mode in ("seed", "talib"):  # a program does not say which it was compiled with
        anew = Strategy.compile(strategy.source, name=strategy.name, mode=mode)
        if values:
            anew = anew.with_params(**values)
        if anew == strategy:
            return anew
    raise CompileError(f"{strategy.name}: its text compiles to another program than it was")


def _forms(inputs: Inputs) -> Iterator[tuple[str, Inputs]]:
    """The run's input again, in every form that it can be given in."""
    yield "again", inputs
    if any(strategy is not None for strategy in inputs.strategies):
        compiled = [each if each is None else _from_bytes(each) for each in inputs.strategies]
        yield "as bytecode", inputs.with_strategies(compiled)
    if any(strategy is not None and strategy.source for strategy in inputs.strategies):
        texts = [each if each is None else _from_text(each) for each in inputs.strategies]
        yield "compiled from its text anew", inputs.with_strategies(texts)


def _failure(
    inputs: Inputs, report: BacktestReport, other: BacktestReport, how: str
) -> Failure | None:
    """Where a repetition differs from the run; None where nothing does."""
    if digest(other) == digest(report):
        return None
    detail = f"expected is of the run {how}"
    lengths = tuple(map(len, inputs.bars))
    found = first_difference(report, other, lengths, lengths)
    if found is None:  # a counter
        return _counter(report, other, detail)
    return Failure(
        **place_of(inputs, found.symbol, found.bar, found.time), what=found.what,
        expected=found.second, found=found.first, detail=detail,
    )  # fmt: skip


def _counter(report: BacktestReport, other: BacktestReport, detail: str) -> Failure:
    one, second = report.to_dict(), other.to_dict()
    names = [name for name in one if name != "options" and repr(one[name]) != repr(second[name])]
    what = names[0] if names else "digest"
    return Failure(
        what=what, expected=second.get(what, digest(other)), found=one.get(what, digest(report)),
        detail=detail,
    )  # fmt: skip


def check_replay(inputs: Inputs, report: BacktestReport) -> Check:
    """Repeat the run here, in two other threads at once, and in every form of its strategy."""
    failures: list[Failure | None] = []
    ways: list[str] = []
    try:
        for how, each in _forms(inputs):
            failures.append(_failure(inputs, report, each.run(), how))
            ways.append(how)
        with ThreadPoolExecutor(2) as pool:
            others = [pool.submit(inputs.run) for _ in range(2)]
            failures += [
                _failure(inputs, report, each.result(), "in another thread") for each in others
            ]
            ways += ["in two threads at once"]
    except HQuantError as error:
        failures.append(
            Failure(
                what="a repetition", expected="a report", found=f"{type(error).__name__}: {error}"
            )
        )
    return Check(
        name="replay",
        count=len(failures),
        unit=f"repetitions: {', '.join(ways)}",
        failure=next((each for each in failures if each is not None), None),
    )
