"""Compiled strategies: from text, a file or a program's bytes."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hquant_cffi._errors import CompileError, NotFoundError, ParameterError, ProgramError
from hquant_cffi._ffi import check, ffi, lib
from hquant_cffi._overflow import shown
from hquant_cffi._param_range import range_values
from hquant_cffi._timeframes import BarPeriod, bar_period_ms

if TYPE_CHECKING:
    from hquant_cffi._indicator_table import Mode
    from hquant_cffi.dsl import Diagnostic

__all__ = ["Param", "Strategy"]


@dataclass(frozen=True, slots=True)
class Param:
    """A PARAM of a strategy.

    Attributes
    ----------
    name : str
    value : float
        Its default.
    minimum, maximum, step : float or None
        Its range, both ends inclusive, and the distance of the values in it; None without a range.
    line : int or None
        Its line in the text, from 1; None for a program's bytes, which do not tell.
    """

    name: str
    value: float
    minimum: float | None
    maximum: float | None
    step: float | None
    line: int | None = field(default=None, compare=False)

    def values(self) -> tuple[float, ...]:
        """Return the values of its range: minimum + i * step, none above the maximum.

        A maximum that is reached but for rounding is a value: 0.1..0.3 by 0.1 has three. Without a
        range it is the one value.
        """
        if self.minimum is None or self.maximum is None or self.step is None:
            return (self.value,)
        return range_values(self.minimum, self.maximum, self.step)


class Strategy:
    """A compiled, verified strategy. Immutable; equal to one with the same bytecode.

    Made by `compile`, `from_bytecode` or `load`.

    Examples
    --------
    >>> from hquant_cffi import Strategy
    >>> strategy = Strategy.compile("PARAM p = 14 IN 10..20 STEP 2\\nIF RSI(p) < 30 THEN BUY")
    >>> strategy.params
    (Param(name='p', value=14.0, minimum=10.0, maximum=20.0, step=2.0, line=1),)
    >>> strategy.params[0].values()
    (10.0, 12.0, 14.0, 16.0, 18.0, 20.0)
    """

    _program: Any
    _bytecode: bytes
    _name: str
    _source: str | None
    _warnings: tuple[Diagnostic, ...]
    _lines: tuple[int, ...]
    _params: tuple[Param, ...]

    def __init__(self) -> None:
        raise TypeError("Strategy: use Strategy.compile(text), .load(path) or .from_bytecode(data)")

    @classmethod
    def _of(
        cls,
        bytecode: bytes,
        name: str,
        source: str | None,
        warnings: tuple[Diagnostic, ...] = (),
        lines: tuple[int, ...] = (),
    ) -> Strategy:
        out = ffi.new("HqProgram **")
        check(lib.hq_program_load(bytecode, len(bytecode), out))
        self = object.__new__(cls)
        self._program = ffi.gc(out[0], lib.hq_program_free)
        self._bytecode = bytecode
        self._name = name
        self._source = source
        self._warnings = warnings
        self._lines = lines
        self._params = _params_of(self._program, lines)
        return self

    @classmethod
    def compile(
        cls,
        text: str,
        *,
        name: str = "<strategy>",
        mode: Mode = "seed",
        bar_period: BarPeriod = None,
    ) -> Strategy:
        """Compile a strategy's text.

        Parameters
        ----------
        text : str
            The strategy, at most 64 KiB as UTF-8.
        name : str, optional
            What messages call it, such as its file's name.
        mode : {"seed", "talib"}, optional
            How its indicators start: by this project's conventions, or with TA-Lib's values and
            warm-up.
        bar_period : Period, str or int, optional
            The period of the bars that it is meant for, such as ``"15m"``, or in milliseconds.
            Higher timeframes that are not above it are then among the `warnings`.

        Raises
        ------
        CompileError
            The text does not compile; the error carries a diagnostic for each thing that is wrong.
        ParameterError
            There is no such mode or period.
        """
        from hquant_cffi.dsl import compile_text  # here: the parser takes time to import

        period = bar_period_ms(bar_period) or None
        compiled = compile_text(text, name=name, mode=mode, bar_period_ms=period)
        lines = tuple(param.line for param in compiled.params)
        return cls._of(compiled.bytecode, name, text, compiled.warnings, lines)

    @classmethod
    def from_bytecode(
        cls, data: bytes | bytearray | memoryview, *, name: str = "<bytecode>"
    ) -> Strategy:
        """Verify a compiled program (HQBC).

        Raises
        ------
        ProgramError
            The bytes are not a valid program; the message names the rule that they break.
        """
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise TypeError(f"data: expected bytes, found {type(data).__name__}")
        return cls._of(bytes(data), name, None)

    @classmethod
    def load(
        cls,
        path: str | os.PathLike[str],
        *,
        mode: Mode = "seed",
        bar_period: BarPeriod = None,
    ) -> Strategy:
        """Read a strategy from a file: text from ``.hq``, a compiled program from ``.hqbc``.

        `mode` and `bar_period` are those of `compile`; a compiled program has its mode in it.

        Raises
        ------
        ParameterError
            The file's name ends in something else; there is no such mode or period.
        OSError
            The file cannot be read.
        CompileError, ProgramError
            Its content does not compile; is not UTF-8; is not a valid program.
        """
        file = Path(path)
        if file.suffix not in (".hq", ".hqbc"):
            raise ParameterError(
                f"{file}: expected a file ending in .hq (text) or .hqbc (compiled)"
            )
        content = file.read_bytes()
        if file.suffix == ".hqbc":
            return cls.from_bytecode(content, name=str(file))
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise CompileError(
                f"{file}: not UTF-8 at byte {error.start}; save it as UTF-8"
            ) from None
        return cls.compile(text, name=str(file), mode=mode, bar_period=bar_period)

    def __reduce__(self) -> tuple[object, ...]:
        # The C program cannot travel; its bytes can.
        return Strategy._of, (
            self._bytecode, self._name, self._source, self._warnings, self._lines
        )  # fmt: skip

    @property
    def bytecode(self) -> bytes:
        """The program (HQBC). The same text gives the same bytes on every machine."""
        return self._bytecode

    @property
    def name(self) -> str:
        """What messages call it."""
        return self._name

    @property
    def source(self) -> str | None:
        """The text that it was compiled from; None for a program's bytes."""
        return self._source

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What the text says and probably does not mean; empty for a program's bytes."""
        return self._warnings

    @property
    def params(self) -> tuple[Param, ...]:
        """Its PARAMs, in the order of the text."""
        return self._params

    def param_values(self, given: Mapping[str, float]) -> list[float]:
        """Return a value for each PARAM, its default where `given` has none.

        Raises
        ------
        NotFoundError
            A name in `given` is no PARAM of this strategy.
        ParameterError
            A value is not finite or outside its PARAM's range.
        """
        known = [param.name for param in self.params] if given else []
        for name in given:
            if not isinstance(name, str):
                raise TypeError(f"params: expected names, found {type(name).__name__}")
            if name not in known:
                raise _unknown_param(name, known)
        return [_param_value(param, given.get(param.name, param.value)) for param in self.params]

    def param_column(self, given: Mapping[str, float]) -> Any:
        """Return what `param_values` does as a cffi ``double[]``, to be read only."""
        return _column(self.param_values(given)) if given else self._own_column

    @cached_property
    def _own_column(self) -> Any:
        return _column(self.param_values({}))

    def with_params(self, **values: float) -> Strategy:
        """Return the strategy with other defaults for its PARAMs.

        Raises
        ------
        NotFoundError
            A name is no PARAM of this strategy.
        ParameterError
            A value is outside the range of its PARAM, or of an indicator that it goes to.

        Examples
        --------
        >>> from hquant_cffi import Strategy
        >>> strategy = Strategy.compile("PARAM p = 14 IN 10..20 STEP 2\\nIF RSI(p) < 30 THEN BUY")
        >>> strategy.with_params(p=18).params[0].value
        18.0
        """
        from hquant_cffi.dsl.bytecode import decode, encode  # here: the compiler is large

        image = decode(self._bytecode)
        image.params = [
            entry._replace(value=value)
            for entry, value in zip(image.params, self.param_values(values), strict=True)
        ]
        try:
            return Strategy._of(
                encode(image), self._name, self._source, self._warnings, self._lines
            )
        except ProgramError as error:
            raise ParameterError(f"{values}: {error}") from None

    @property
    def timeframes(self) -> tuple[int, ...]:
        """The higher timeframes that it reads, ms."""
        count = lib.hq_program_timeframe_count(self._program)
        return tuple(lib.hq_program_timeframe(self._program, i) for i in range(count))

    @property
    def has_clauses(self) -> bool:
        """Whether a rule carries SIZE, STOP, TARGET or TRAIL."""
        return bool(lib.hq_program_has_clauses(self._program))

    @property
    def reads_buy_volume(self) -> bool:
        """Whether it reads buy_volume, which not all data has."""
        return bool(lib.hq_program_reads_buy_volume(self._program))

    def c_header(self, name: str | None = None) -> str:
        """Return the program as a C header, for products that ship without Python.

        It defines ``static const unsigned char NAME[NAME_size]`` and the constant ``NAME_size``, is
        valid C99 and C++17, and is the same text for the same strategy on every machine.

        Parameters
        ----------
        name : str, optional
            The array's name. Default: made of the strategy's own, ``dip_buyer_hqbc`` for
            ``strategies/dip-buyer.hq``.

        Raises
        ------
        ParameterError
            `name` cannot be a name in C and C++, or is taken by hquant's headers; without it, none
            can be made of the strategy's.
        """
        from hquant_cffi._c_header import c_header  # here: hardly any program needs it

        return c_header(self, name)

    def disassemble(self) -> str:
        """Return the program as text, a line an instruction."""
        size = lib.hq_program_disassemble(self._program, ffi.NULL, 0)
        out = ffi.new("char[]", size + 1)
        lib.hq_program_disassemble(self._program, out, size + 1)
        return ffi.string(out).decode()

    def program_handle(self) -> Any:
        """Return the cffi ``HqProgram *``; it stays valid as long as a reference to it does."""
        return self._program

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Strategy) and self._bytecode == other._bytecode

    def __hash__(self) -> int:
        return hash(self._bytecode)

    def __repr__(self) -> str:
        return f"<Strategy {self._name!r}: {len(self._bytecode)} bytes, {len(self.params)} params>"


_NAME_MAX = 4096


def name_bytes(name: str) -> bytes:
    """Return a strategy's name as C takes it; the same rules whatever the strategy is given as."""
    if not isinstance(name, str):
        raise TypeError(f"name: expected str, found {type(name).__name__}")
    raw = name.encode("utf-8", "backslashreplace")
    if b"\0" in raw or len(raw) > _NAME_MAX:
        found = "a NUL in it" if b"\0" in raw else f"{len(raw)} bytes"
        raise ParameterError(f"name: expected at most {_NAME_MAX} bytes without NUL, found {found}")
    return raw


def program_bytes(dsl: str | bytes | bytearray | memoryview | Strategy, name: str) -> bytes:
    """Return the verified program of whatever an ``add_strategy`` takes."""
    if isinstance(dsl, Strategy):
        return dsl.bytecode
    if isinstance(dsl, str):
        return Strategy.compile(dsl, name=name or "<strategy>").bytecode
    if isinstance(dsl, (bytes, bytearray, memoryview)):
        return Strategy.from_bytecode(dsl).bytecode
    raise TypeError(f"dsl: expected text, bytes or a Strategy, found {type(dsl).__name__}")


def set_param(
    function: Callable[..., int], handle: Any, strategy_id: int, name: str, value: float
) -> None:
    """Call a C function that sets a PARAM of a strategy."""
    if not isinstance(name, str):
        raise TypeError(f"name: expected str, found {type(name).__name__}")
    raw = name.encode("utf-8", "backslashreplace")
    if b"\0" in raw or not 0 <= strategy_id < 2**32:
        raise NotFoundError(
            f"strategy {shown(strategy_id)}, param {name!r}: there is no such thing"
        )
    check(function(handle, strategy_id, raw, _number(name, value)))


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"param {name}: expected a number, found {type(value).__name__}")
    try:
        return float(value)
    except OverflowError:
        raise ParameterError(
            f"param {name}: expected a finite number, found {shown(value)}"
        ) from None


def _column(values: list[float]) -> Any:
    return ffi.new("double[]", values)


def _param_value(param: Param, value: float) -> float:
    number = _number(param.name, value)
    low = float("-inf") if param.minimum is None else param.minimum
    high = float("inf") if param.maximum is None else param.maximum
    if not (low <= number <= high and abs(number) < float("inf")):
        wanted = "a finite number" if param.minimum is None else f"{low:g}..{high:g}"
        raise ParameterError(f"param {param.name}: expected {wanted}, found {value}")
    return number + 0.0


def _unknown_param(name: str, known: list[str]) -> NotFoundError:
    from difflib import get_close_matches

    if not known:
        return NotFoundError(f"param {name}: this strategy has no PARAM")
    near = get_close_matches(name, known, 1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return NotFoundError(f"param {name}: expected one of {', '.join(known)}{hint}")


def _params_of(program: Any, lines: tuple[int, ...]) -> tuple[Param, ...]:
    found = ffi.new("HqProgramParam *")
    params = []
    for index in range(lib.hq_program_param_count(program)):
        check(lib.hq_program_param(program, index, found))
        bounds = (found.minimum, found.maximum, found.step)
        name = ffi.string(found.name).decode()
        line = lines[index] if lines else None
        low, high, step = (None if x != x else x for x in bounds)
        params.append(Param(name, found.value, low, high, step, line))
    return tuple(params)
