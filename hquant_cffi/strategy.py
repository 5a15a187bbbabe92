"""Compiled strategies: from text, a file or a program's bytes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from hquant_cffi._errors import CompileError, ParameterError
from hquant_cffi._ffi import check, ffi, lib

if TYPE_CHECKING:
    from hquant_cffi.dsl import Diagnostic

__all__ = ["Param", "Strategy"]


class Param(NamedTuple):
    """A PARAM of a strategy.

    Attributes
    ----------
    name : str
    value : float
        Its default.
    minimum, maximum, step : float or None
        Its range, both ends inclusive, and the distance of the values in it; None without a range.
    """

    name: str
    value: float
    minimum: float | None
    maximum: float | None
    step: float | None


class Strategy:
    """A compiled, verified strategy. Immutable; equal to one with the same bytecode.

    Made by `compile`, `from_bytecode` or `load`.

    Examples
    --------
    >>> from hquant_cffi import Strategy
    >>> strategy = Strategy.compile("PARAM p = 14 IN 10..20 STEP 2\\nIF RSI(p) < 30 THEN BUY")
    >>> strategy.params
    (Param(name='p', value=14.0, minimum=10.0, maximum=20.0, step=2.0),)
    """

    _program: Any
    _bytecode: bytes
    _name: str
    _source: str | None
    _warnings: tuple[Diagnostic, ...]

    def __init__(self) -> None:
        raise TypeError("Strategy: use Strategy.compile(text), .load(path) or .from_bytecode(data)")

    @classmethod
    def _of(
        cls, bytecode: bytes, name: str, source: str | None, warnings: tuple[Diagnostic, ...]
    ) -> Strategy:
        out = ffi.new("HqProgram **")
        check(lib.hq_program_load(bytecode, len(bytecode), out))
        self = object.__new__(cls)
        self._program = ffi.gc(out[0], lib.hq_program_free)
        self._bytecode = bytecode
        self._name = name
        self._source = source
        self._warnings = warnings
        return self

    @classmethod
    def compile(cls, text: str, *, name: str = "<strategy>") -> Strategy:
        """Compile a strategy's text.

        Parameters
        ----------
        text : str
            The strategy, at most 64 KiB as UTF-8.
        name : str, optional
            What messages call it, such as its file's name.

        Raises
        ------
        CompileError
            The text does not compile; the error carries a diagnostic for each thing that is wrong.
        """
        from hquant_cffi.dsl import compile_text  # here: the parser takes time to import

        compiled = compile_text(text, name=name)
        return cls._of(compiled.bytecode, name, text, compiled.warnings)

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
        return cls._of(bytes(data), name, None, ())

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Strategy:
        """Read a strategy from a file: text from ``.hq``, a compiled program from ``.hqbc``.

        Raises
        ------
        ParameterError
            The file's name ends in something else.
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
        return cls.compile(text, name=str(file))

    def __reduce__(self) -> tuple[object, ...]:
        # The C program cannot travel; its bytes can.
        return Strategy._of, (self._bytecode, self._name, self._source, self._warnings)

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
        found = ffi.new("HqProgramParam *")
        params = []
        for index in range(lib.hq_program_param_count(self._program)):
            check(lib.hq_program_param(self._program, index, found))
            bounds = (found.minimum, found.maximum, found.step)
            name = ffi.string(found.name).decode()
            params.append(Param(name, found.value, *(None if x != x else x for x in bounds)))
        return tuple(params)

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


def program_bytes(dsl: str | bytes | bytearray | memoryview | Strategy, name: str) -> bytes:
    """Return the verified program of whatever an ``add_strategy`` takes."""
    if isinstance(dsl, Strategy):
        return dsl.bytecode
    if isinstance(dsl, str):
        return Strategy.compile(dsl, name=name or "<strategy>").bytecode
    if isinstance(dsl, (bytes, bytearray, memoryview)):
        return Strategy.from_bytecode(dsl).bytecode
    raise TypeError(f"dsl: expected text, bytes or a Strategy, found {type(dsl).__name__}")
