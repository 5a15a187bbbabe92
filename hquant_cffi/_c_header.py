"""A program as C source: an array that a product compiles in, so that it ships without Python."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from hquant_cffi._errors import ParameterError
from hquant_cffi._ffi import ffi, lib

if TYPE_CHECKING:
    from hquant_cffi.strategy import Param, Strategy

__all__ = ["c_header"]

_BYTES_A_LINE = 12
_NAME = re.compile(r"[A-Za-z](_?[A-Za-z0-9])*")  # no __, none at an end: those are the compiler's
_KEYWORDS = frozenset(
    re.findall(
        r"\w+",
        """
        alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t
        char32_t class co_await co_return co_yield compl concept const const_cast consteval
        constexpr constinit continue decltype default delete do double dynamic_cast else enum
        explicit export extern false float for friend goto if inline int long main mutable namespace
        new noexcept not not_eq nullptr operator or or_eq private protected public register
        reinterpret_cast requires restrict return short signed sizeof static static_assert
        static_cast struct switch template this thread_local throw true try typedef typeid typename
        typeof typeof_unqual union unsigned using virtual void volatile wchar_t while xor xor_eq
        """,
    )
)


def c_header(strategy: Strategy, name: str | None) -> str:
    """Return a C header that holds a program; valid C99 and C++17.

    Parameters
    ----------
    strategy : Strategy
    name : str, optional
        The array's name. Default: made of the strategy's own, ``dip_buyer_hqbc`` for
        ``strategies/dip-buyer.hq``.

    Raises
    ------
    ParameterError
        `name` is no identifier that both languages leave to programs, or is one of hquant's own;
        without it, the strategy's name has no letter to begin one with.
    """
    file = PurePath(strategy.name).name
    name = _checked(name) if name is not None else _made_of(file)
    program = strategy.bytecode
    major, minor = program[4], program[6]
    lines = [
        "/*",
        f" * {_comment(file)}: {len(program)} bytes of HQBC {major}.{minor}, written by hquant "
        f"{_version()}.",
        *[f" * {_param(param)}" for param in strategy.params],
        " *",
        " * hquant_add_strategy() and hq_program_load() take it as it is and need no compiler.",
        " */",
        f"#ifndef HQ_PROGRAM_{name}",
        f"#define HQ_PROGRAM_{name}",
        "",
        f"enum {{ {name}_size = {len(program)} }};",
        "",
        f"static const unsigned char {name}[{name}_size] = {{",
        *_rows(program),
        "};",
        "",
        "#endif",
    ]
    return "\n".join(lines) + "\n"


def _made_of(file: str) -> str:
    words = re.findall(r"[A-Za-z0-9]+", PurePath(file).stem)
    name = "_".join([*words, "hqbc"])
    if not words or not _NAME.fullmatch(name):
        raise ParameterError(f"{file}: no C name can be made of it; give one (--name)")
    return name


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ParameterError(
            f"name {name!r}: expected a C identifier: letters, digits and single _, a letter first "
            "and no _ last"
        )
    typedefs, structs, unions = ffi.list_types()
    taken = {*typedefs, *structs, *unions, *dir(lib)}
    if name in _KEYWORDS or {name, f"{name}_size"} & taken:
        owner = "a word of C or C++" if name in _KEYWORDS else "declared by hquant's headers"
        raise ParameterError(f"name {name!r}: it is {owner}; take another")
    return name


def _version() -> str:
    return str(ffi.string(lib.hq_version()).decode())


def _comment(text: str) -> str:
    """Return a text that a comment can hold, whatever the name of a file is."""
    shown = "".join(c if c.isprintable() and c != "\\" else "?" for c in text)
    return shown.replace("*/", "*?").replace("/*", "?*").replace("??", "?")


def _param(param: Param) -> str:
    text = f"PARAM {param.name} = {_number(param.value)}"
    if param.minimum is None or param.maximum is None or param.step is None:
        return text
    low, high, step = map(_number, (param.minimum, param.maximum, param.step))
    return f"{text} IN {low}..{high} STEP {step}"


def _number(value: float) -> str:
    return repr(value).removesuffix(".0")


def _rows(program: bytes) -> list[str]:
    cuts = range(0, len(program), _BYTES_A_LINE)
    rows = [", ".join(f"0x{byte:02x}" for byte in program[at : at + _BYTES_A_LINE]) for at in cuts]
    return [f"    {row}," for row in rows[:-1]] + [f"    {rows[-1]}"]
