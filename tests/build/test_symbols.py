"""What the library exports, and what it may not reach for."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from support import run

SEED_FUNCTIONS = {
    "hquant_new",
    "hquant_free",
    "hquant_add_rsi",
    "hquant_add_ema_close",
    "hquant_add_sma_close",
    "hquant_add_stddev_close",
    "hquant_add_boll",
    "hquant_add_macd",
    "hquant_add_strategy",
    "hquant_push_bar",
    "hquant_update_last_bar",
    "hquant_len",
    "hquant_capacity",
    "hquant_close_column",
    "hquant_open_column",
    "hquant_high_column",
    "hquant_low_column",
    "hquant_volume_column",
    "hquant_buy_volume_column",
    "hquant_timestamp_column",
    "hquant_indicator_last",
    "hquant_signals_len",
    "hquant_poll_signals",
    "hq_backtest_new",
    "hq_backtest_free",
    "hq_backtest_apply_signal",
    "hq_backtest_on_price",
    "hq_backtest_result",
}

# Ends the process, prints, reads clock, environment, locale, files or chance, or starts things.
FORBIDDEN = re.compile(
    r"""(__)?(
    abort|_?exit|quick_exit|_Exit|atexit|at_quick_exit|raise|kill|signal|sigaction|longjmp|assert_fail
    |(v|f|vf|d|vd|v?w|f?w|as|vas)?printf(_chk)?|f?puts|f?putc|putchar|fwrite|write|perror|stdout|stderr|stdin
    |(secure_)?getenv|setenv|putenv|environ
    |time|clock|clock_gettime|gettimeofday|timespec_get|localtime(_r)?|gmtime(_r)?|sleep|usleep|nanosleep
    |setlocale|uselocale|newlocale|localeconv
    |fopen|open|read|fread|fclose|s?rand(_r|om)?|random|arc4random|getrandom
    |system|fork|exec.*|popen
    )""",
    flags=re.X,
)


def _symbols(library: Path, kind: str) -> set[str]:
    if shutil.which("nm") is None:
        pytest.skip("no nm on this machine")
    lines = run("nm", "-D", kind, library).splitlines()
    return {line.split()[-1].split("@")[0] for line in lines}


def test_seed_has_28_functions() -> None:
    assert len(SEED_FUNCTIONS) == 28


def test_exports_are_exactly_what_the_headers_declare(prefix: Path) -> None:
    text = "\n".join(p.read_text() for p in (prefix / "include").rglob("*.h"))
    declared = set(re.findall(r"^HQ_API [^;(]*?(\w+)\(", text, flags=re.M))
    assert _symbols(prefix / "lib" / "libhquant.so", "--defined-only") == declared
    assert declared >= SEED_FUNCTIONS


def test_library_reaches_for_nothing_forbidden(prefix: Path) -> None:
    used = _symbols(prefix / "lib" / "libhquant.so", "--undefined-only")
    assert {"calloc", "free"} <= used, "nm found nothing: the check would be void"
    assert {name for name in used if FORBIDDEN.fullmatch(name)} == set()


@pytest.mark.parametrize("name", ["abort", "printf", "__assert_fail", "getenv", "__vfprintf_chk"])
def test_the_check_itself_catches(name: str) -> None:
    assert FORBIDDEN.fullmatch(name)


@pytest.mark.parametrize("name", ["snprintf", "vsnprintf", "calloc", "memcpy", "sqrt"])
def test_the_check_itself_lets_pass(name: str) -> None:
    assert not FORBIDDEN.fullmatch(name)


@pytest.mark.parametrize("name", ["libhquant.so", "libhquant_dsl.so"])
def test_libraries_depend_on_libc_and_libm_only(prefix: Path, name: str) -> None:
    dynamic = run("readelf", "-d", prefix / "lib" / name)
    needed = re.findall(r"\(NEEDED\).*\[(\w+)", dynamic)
    assert {"libc"} <= set(needed) <= {"libc", "libm", "ld"}  # ld: thread-local storage


def test_the_bridge_exports_its_one_entry_and_calls_nothing_of_the_library(prefix: Path) -> None:
    bridge = prefix / "lib" / "libhquant_dsl.so"
    assert _symbols(bridge, "--defined-only") == {"hq_bridge_compile_2"}
    used = _symbols(bridge, "--undefined-only")
    assert "posix_spawn" in used
    assert not {name for name in used if name.startswith(("hq_", "hquant_", "Py"))}
    assert not used & {"system", "popen", "fork", "vfork", "execl", "execve"}
