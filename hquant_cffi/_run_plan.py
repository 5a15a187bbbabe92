"""What a block run computes: a strategy, its series and indicators as one program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias

from hquant_cffi._arguments import listed
from hquant_cffi._backtest_symbols import strategy_of
from hquant_cffi._errors import ParameterError
from hquant_cffi._ffi import check, ffi, lib
from hquant_cffi._indicator_table import FIELDS, Mode, find, mode_number
from hquant_cffi.strategy import Strategy

__all__ = ["Indicators", "Item", "Plan", "SeriesNames", "make_plan"]

#: Expressions of the language by name, or a list of them, which name themselves.
Indicators: TypeAlias = "Mapping[str, str] | Sequence[str] | str"

#: Names that the strategy assigns; True for all of them.
SeriesNames: TypeAlias = "Sequence[str] | str | bool"

#: Columns of a run's table, whatever it computes.
_TAKEN: Final = ("time", "action", "rule")

_NAMES_MAX: Final = 65_536  # more than a program can have


@dataclass(frozen=True, slots=True)
class Item:
    """A series or an indicator: where its values stand in the program.

    Attributes
    ----------
    name : str
    registers : tuple of int
        One for each of its outputs.
    row : str or None
        The indicator whose outputs they are; None for a single column.
    """

    name: str
    registers: tuple[int, ...]
    row: str | None

    @property
    def outputs(self) -> tuple[str, ...]:
        """The names of its outputs; none where it is a single column."""
        return () if self.row is None else find(self.row).outputs


@dataclass(frozen=True, slots=True)
class Plan:
    """A verified program and what is wanted of it.

    Attributes
    ----------
    program : cffi HqProgram *
    series, indicators : tuple of Item
    fields : frozenset of str
        The columns of bars that it reads.
    rule_lines : tuple of int
        Where each rule stands in the strategy's text, from 1.
    """

    program: Any
    series: tuple[Item, ...]
    indicators: tuple[Item, ...]
    fields: frozenset[str]
    rule_lines: tuple[int, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """The series and the indicators."""
        return self.series + self.indicators


def make_plan(
    strategy: object, series: SeriesNames | None, indicators: Indicators | None, mode: Mode
) -> tuple[Plan, Strategy | None]:
    """Return what a run computes, and its strategy.

    Raises
    ------
    ParameterError
        A name that cannot be, names of a program without a text, an unknown mode.
    NotFoundError
        The strategy assigns no such name.
    CompileError
        A text does not compile.
    """
    mode_number(mode)
    wanted = _expressions(indicators)
    if isinstance(strategy, str) and not _is_path(strategy):
        compiled: Strategy | None = _compiled(strategy, mode)
    else:
        compiled = None if strategy is None else strategy_of(strategy)
    names = _series_names(series, compiled)
    _check_names(names, wanted)
    if compiled is None:
        return _plan(None, None, "", (), wanted, mode), None
    if names:
        own = _mode_of(compiled)
        return _plan(None, compiled.source, compiled.name, names, wanted, mode, own), compiled
    return _plan(compiled.bytecode, None, "", (), wanted, mode), compiled


@lru_cache(maxsize=128)
def _compiled(text: str, mode: Mode) -> Strategy:
    return Strategy.compile(text, mode=mode)


@lru_cache(maxsize=128)
def _plan(
    bytecode: bytes | None,
    text: str | None,
    name: str,
    names: tuple[str, ...],
    expressions: tuple[tuple[str, str], ...],
    mode: Mode,
    text_mode: Mode = "seed",
) -> Plan:
    from hquant_cffi.dsl import bytecode as hqbc  # here: the compiler is large
    from hquant_cffi.dsl.merge import merge
    from hquant_cffi.dsl.series import compile_expression, compile_names

    images, series = [], []
    if bytecode is not None:
        images.append(hqbc.decode(bytecode))
    if text is not None:
        image, found = compile_names(text, names, name=name, mode=text_mode)
        images.append(image)
        series = [Item(each, found[each].registers, found[each].row) for each in names]
    parts = [
        (label, *compile_expression(each, name=f"indicators[{label!r}]", mode=mode))
        for label, each in expressions
    ]
    whole, moved = merge([*images, *(image for _, image, _ in parts)])
    indicators = [
        Item(label, part.moved(by).registers, part.row)
        for (label, _, part), by in zip(parts, moved[len(images) :], strict=True)
    ]
    fields = (*FIELDS, "timestamp")
    read = {fields[each.a] for each in whole.code if each.op == hqbc.Op.SERIES}
    if whole.timeframes:
        read.add("timestamp")
    lines = tuple(rule.line for rule in whole.rules)
    program = _loaded(hqbc.encode(whole))
    return Plan(program, tuple(series), tuple(indicators), frozenset(read), lines)


def _loaded(program: bytes) -> Any:
    out = ffi.new("HqProgram **")
    check(lib.hq_program_load(program, len(program), out))
    return ffi.gc(out[0], lib.hq_program_free)


# ------------------------------------------------------------------------ names


def _is_path(strategy: str) -> bool:
    return "\n" not in strategy and strategy.endswith((".hq", ".hqbc"))


def _expressions(indicators: Indicators | None) -> tuple[tuple[str, str], ...]:
    """Return names and texts."""
    if indicators is None:
        return ()
    if isinstance(indicators, str):
        indicators = [indicators]
    if not isinstance(indicators, Mapping):
        texts = listed("indicators", indicators, _NAMES_MAX, "expressions")
        indicators = {_text("indicators", each): each for each in texts}
    for name, text in indicators.items():
        if not isinstance(text, str):
            _text(f"indicators[{name!r}]", text)
        if not _text("indicators: a name", name):
            raise ParameterError("indicators: expected names, found an empty one")
    return tuple(indicators.items())


def _text(where: str, value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(
            f"{where}: expected a text such as 'SMA(close, 10)', found {type(value).__name__}"
        )
    return value


def _series_names(series: SeriesNames | None, strategy: Strategy | None) -> tuple[str, ...]:
    if series is None or series is False:
        return ()
    if strategy is None:
        raise ParameterError("series: names of a strategy, and there is none; give expressions "
                             "as indicators")  # fmt: skip
    if strategy.source is None:
        raise ParameterError(
            f"series: {strategy.name} is a compiled program, which keeps no names; give its text"
        )
    from hquant_cffi.dsl.series import assigned_names  # here: the compiler is large

    if series is True:
        return assigned_names(strategy.source, strategy.name)
    names = [series] if isinstance(series, str) else listed("series", series, _NAMES_MAX, "names")
    return tuple(dict.fromkeys(_text("series", name) for name in names))


def _check_names(series: Iterable[str], indicators: Iterable[tuple[str, str]]) -> None:
    seen = dict.fromkeys(_TAKEN, "a column of every run")
    seen |= dict.fromkeys(series, "a series of the strategy")
    for name, _ in indicators:
        if name in seen:
            raise ParameterError(f"indicators: {name!r} is {seen[name]}; choose another name")


def _mode_of(strategy: Strategy) -> Mode:
    """Return how the indicators of a compiled text start; all of a program start the same way."""
    from hquant_cffi.dsl.bytecode import decode  # here: the compiler is large

    modes = {node.mode for node in decode(strategy.bytecode).nodes}
    return "talib" if modes == {mode_number("talib")} else "seed"
