"""examples/c and examples/cpp: built from what is installed, they print what Python finds."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from support import run

if TYPE_CHECKING:
    from hquant_cffi import Bars, Strategy

STRICT = ("-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror", "-pedantic")
SOURCES = {"c": ("main.c", "csv.c"), "cpp": ("main.cpp",)}
BUILDS = ["c shared", "c static", "cpp shared", "cpp static"]
SIDES = {1: "buy", 2: "sell", 3: "hold"}


@dataclass(frozen=True)
class Case:
    """What the programs are given, and what they must print."""

    bars: Path
    text: Path
    program: Path
    expected: str


@pytest.fixture(scope="module")
def case(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The S&P 500 that ships with the package, as a plain CSV; one of the example strategies."""
    from hquant_cffi import Strategy, load_sp500

    folder = tmp_path_factory.mktemp("case")
    bars, strategy = load_sp500(), Strategy.load(repository / "examples" / "rsi_reversion.hq")
    names = ("open", "high", "low", "close", "volume")
    with open(folder / "sp500.csv", "w") as file:
        print("timestamp", *names, sep=",", file=file)
        for row in zip(*(getattr(bars, n).tolist() for n in ("timestamp", *names)), strict=True):
            print(*map(repr, row), sep=",", file=file)
    (folder / "rsi.hqbc").write_bytes(strategy.bytecode)
    text = shutil.copy(repository / "examples" / "rsi_reversion.hq", folder)
    expected = _expected(bars, strategy)
    return Case(folder / "sp500.csv", Path(text), folder / "rsi.hqbc", expected)


def _expected(bars: Bars, strategy: Strategy) -> str:
    from hquant_cffi import backtest, metrics

    report = backtest(bars, strategy, fee=0.0004)
    found = metrics(
        *(report.equity, report.time),
        initial=report.capital,
        trades=report.trades,
        periods_per_year=252,
        days_per_year=252,
    )
    lines = [
        f"signal {bars.timestamp[i]} {SIDES[report.actions[i]]} {bars.close[i]:.2f}"
        for i in np.flatnonzero(report.actions)
    ]
    lines += [
        f"bars {report.bars}",
        f"signals {report.signals}",
        f"trades {report.closed_trades} closed, {report.open_trades} open",
    ]
    for name, value in {
        "final equity": report.final_equity,
        "total return": report.total_return,
        "max drawdown": report.max_drawdown,
        "fees": report.fees,
        "cagr": found.cagr,
        "sharpe": found.sharpe,
        "win rate": found.win_rate,
        "profit factor": found.profit_factor,
    }.items():
        lines.append(f"{name} {value:.6f}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def programs(
    repository: Path,
    prefix: Path,
    cmake: str,
    cc: str,
    cxx: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Path]:
    """Both examples, shared and static, by their own CMakeLists.txt, away from the source tree."""
    folder = tmp_path_factory.mktemp("examples")
    built = {}
    for language in SOURCES:
        source = shutil.copytree(repository / "examples" / language, folder / language)
        for linkage in ("shared", "static"):
            build = folder / f"{language}-{linkage}"
            run(
                *(cmake, "-S", source, "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}"),
                *(f"-DCMAKE_C_COMPILER={cc}", f"-DCMAKE_CXX_COMPILER={cxx}"),
                *(f"-DSTATIC={'ON' if linkage == 'static' else 'OFF'}",),
                *(f"-DCMAKE_{'C' if language == 'c' else 'CXX'}_FLAGS={' '.join(STRICT)}",),
            )
            run(cmake, "--build", build)
            built[f"{language} {linkage}"] = build / f"strategy_{language}"
    return built


def _run(program: Path, *arguments: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run with no other environment: nothing of this machine's helps."""
    return subprocess.run(
        [str(program), *map(str, arguments)], env=env, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("build", BUILDS)
def test_a_compiled_program_needs_no_python(
    programs: dict[str, Path], case: Case, build: str
) -> None:
    done = _run(programs[build], case.bars, case.program, HQUANT_PYTHON="/nowhere")
    assert (done.stdout, done.stderr, done.returncode) == (case.expected, "", 0)


@pytest.mark.parametrize("build", ["c shared", "cpp shared"])
def test_text_is_compiled_by_the_library_beside(
    programs: dict[str, Path], case: Case, build: str
) -> None:
    done = _run(programs[build], case.bars, case.text, HQUANT_PYTHON=sys.executable)
    assert (done.stdout, done.stderr, done.returncode) == (case.expected, "", 0)


@pytest.mark.parametrize("build", ["c static", "cpp static"])
def test_text_in_a_static_program_needs_the_library_beside_the_program(
    programs: dict[str, Path], case: Case, prefix: Path, tmp_path: Path, build: str
) -> None:
    alone = Path(shutil.copy(programs[build], tmp_path / "alone"))
    done = _run(alone, case.bars, case.text, HQUANT_PYTHON=sys.executable)
    assert done.returncode == 1
    assert "libhquant_dsl was not found; put it beside libhquant" in done.stderr
    assert "hquant compile" in done.stderr

    shutil.copy(prefix / "lib" / "libhquant_dsl.so", tmp_path)
    # By its path; by its name alone, found on PATH from another folder.
    for program, path in ((alone, ""), (Path("alone"), str(tmp_path))):
        done = subprocess.run(
            [program, case.bars, case.text], env={"HQUANT_PYTHON": sys.executable, "PATH": path},
            executable=alone, cwd="/", capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.stdout, done.stderr) == (case.expected, "")


@pytest.mark.parametrize("build", ["c static", "cpp static"])
def test_text_in_a_static_program_is_compiled_by_a_library_on_the_path(
    programs: dict[str, Path], case: Case, prefix: Path, build: str
) -> None:
    folder = str(prefix / "lib")
    done = _run(
        *(programs[build], case.bars, case.text),
        HQUANT_PYTHON=sys.executable,
        LD_LIBRARY_PATH=folder,
    )
    assert (done.stdout, done.stderr) == (case.expected, "")


@pytest.mark.parametrize("build", ["c shared", "cpp shared"])
def test_the_locale_changes_no_number(programs: dict[str, Path], case: Case, build: str) -> None:
    locale = {"LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"}
    assert _run(programs[build], case.bars, case.program, **locale).stdout == case.expected


@pytest.mark.parametrize("build", ["c shared", "cpp shared"])
@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("915408000000,1229,1248,1219,1228,877", "timestamp: expected a time after"),
        ("9", None),
        ("915580800000,1244,1272,1244,12x72,986", "close: expected a number"),
        ("915580800000,1244,1272,1244,1272", None),
        ("915580800000,1244,1272,1244,1272,986,1", None),
        ("915580800000,1244,1200,1244,1272,986", "high: expected at least low"),
        ("915580800000,1244,1272,1244,nan,986", "close: expected"),
        ("", None),
        ("915580800000,1244,1272,1244,1272,986,", "volume: expected a number at the end"),
        ("915580800000,1244,1272,1244,0x4f8,986", "close: expected a number"),
        ("915580800000,1244,1272,1244,+1272,986", "close: expected a number"),
        ("915580800000,1244,1272,1244, 1272,986", "close: expected a number"),
        ("915580800000,1244,1272,1244,inf,986", "close: expected a number"),
        ("915580800000,1244,1272,1244,1e400,986", "close: expected a number"),
        ("915580800000,1244,1272,1244,1272,986 ", "volume: expected a number"),
        ("9155808e5,1244,1272,1244,1272,986", "timestamp: expected milliseconds"),
        ("915580800000,1244,1272,1244,1272,9\0006", "found a NUL byte"),
        ("915580800000,1244,1272,1244\r,1272,986", "found a CR alone"),
        ("9" * 1100, "the line is too long"),
    ],
)
def test_a_bad_row_is_named_by_its_line(
    programs: dict[str, Path], case: Case, tmp_path: Path, build: str, row: str, reason: str | None
) -> None:
    lines = case.bars.read_text().splitlines(keepends=True)
    text = "".join([*lines[:3], row + "\n", *lines[4:]])
    (tmp_path / "bad.csv").write_bytes(text.encode())
    done = _run(programs[build], tmp_path / "bad.csv", case.program)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith(f"{tmp_path / 'bad.csv'}:4: ")
    assert done.stderr.count("\n") == 1 and (reason or "expected") in done.stderr


@pytest.mark.parametrize("build", ["c shared", "cpp shared"])
@pytest.mark.parametrize(
    "header",
    [
        "915408000000,1229,1248,1219,1228,877",
        "timestamp,close,high,low,open,volume",
        "timestamp,open,high,low,close",
        "timestamp,open,high,low,close,volume,note",
        "\ufefftimestamp,open,high,low,close,volume",
        "",
    ],
)
def test_a_header_that_names_other_columns_is_refused(
    programs: dict[str, Path], case: Case, tmp_path: Path, build: str, header: str
) -> None:
    rows = case.bars.read_text().splitlines(keepends=True)[1:]
    (tmp_path / "bad.csv").write_text("".join([header + "\n", *rows]))
    done = _run(programs[build], tmp_path / "bad.csv", case.program)
    assert done.returncode == 1 and done.stdout == ""
    expected = 'expected the header "timestamp,open,high,low,close,volume"'
    assert done.stderr.startswith(f"{tmp_path / 'bad.csv'}:1: {expected}")


@pytest.mark.parametrize("build", ["c shared", "cpp shared"])
def test_lines_may_end_as_windows_ends_them_and_the_last_one_not_at_all(
    programs: dict[str, Path], case: Case, tmp_path: Path, build: str
) -> None:
    text = case.bars.read_bytes()
    for kind in (text.replace(b"\n", b"\r\n"), text.rstrip(b"\n")):
        (tmp_path / "kind.csv").write_bytes(kind)
        assert _run(programs[build], tmp_path / "kind.csv", case.program).stdout == case.expected


@pytest.mark.parametrize("build", ["c shared", "cpp shared"])
def test_buy_volume_that_is_not_there_is_never_zero(
    programs: dict[str, Path], case: Case, tmp_path: Path, build: str
) -> None:
    """A strategy that reads it is refused before its first signal; with the column it runs."""
    from hquant_cffi import Strategy

    text = "IF buy_volume > volume / 2 THEN BUY\nIF buy_volume < volume / 2 THEN SELL\n"
    strategy = tmp_path / "taker.hqbc"
    strategy.write_bytes(Strategy.compile(text).bytecode)
    done = _run(programs[build], case.bars, strategy)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr == f"{strategy}: reads buy_volume, but {case.bars} has no such column\n"

    header, *rows = case.bars.read_text().splitlines()
    wide = [f"{header},buy_volume", *(f"{row},{n % 2}" for n, row in enumerate(rows))]
    (tmp_path / "wide.csv").write_text("\n".join(wide) + "\n")
    done = _run(programs[build], tmp_path / "wide.csv", strategy)
    assert done.returncode == 0 and done.stderr == ""
    assert " sell " in done.stdout and f"bars {len(rows)}\n" in done.stdout
    # What does not read the column finds the same with it.
    assert _run(programs[build], tmp_path / "wide.csv", case.program).stdout == case.expected


@pytest.mark.parametrize("build", ["c shared", "cpp shared"])
def test_a_text_that_does_not_compile_has_all_its_diagnostics(
    programs: dict[str, Path], case: Case, tmp_path: Path, build: str
) -> None:
    (tmp_path / "bad.hq").write_text("IF close > foo THEN BUY\nIF clos < 1 THEN SELL\n")
    done = _run(programs[build], case.bars, tmp_path / "bad.hq", HQUANT_PYTHON=sys.executable)
    assert done.returncode == 1 and done.stdout == ""
    assert "bad.hq:1:12: error[" in done.stderr and "bad.hq:2:4: error[" in done.stderr
    assert "did you mean close?" in done.stderr


@pytest.mark.parametrize("build", ["c shared", "cpp shared"])
def test_what_cannot_be_read_is_said(
    programs: dict[str, Path], case: Case, tmp_path: Path, build: str
) -> None:
    (tmp_path / "empty.csv").write_text("timestamp,open,high,low,close,volume\n")
    for bars, strategy in (
        (tmp_path / "none.csv", case.program),
        (tmp_path / "empty.csv", case.program),
        (tmp_path, case.program),
        (case.bars, tmp_path / "none.hq"),
        (case.bars, tmp_path),
    ):
        done = _run(programs[build], bars, strategy)
        assert done.returncode == 1 and done.stderr.count("\n") == 1
        assert done.stderr.startswith(str(strategy if bars == case.bars else bars) + ":")
    assert _run(programs[build]).returncode == 2


@pytest.mark.parametrize("language", SOURCES)
def test_the_line_in_the_source_builds_it_without_cmake(
    repository: Path,
    unpacked_wheel: Path,
    case: Case,
    cc: str,
    cxx: str,
    tmp_path: Path,
    language: str,
) -> None:
    """By pkg-config, from the other form of the product: a wheel."""
    pkg_config = shutil.which("pkg-config")
    if pkg_config is None:
        pytest.skip("no pkg-config on this machine")
    native = unpacked_wheel / "hquant_cffi" / "_native" / "lib"
    here = {"PKG_CONFIG_PATH": str(native / "pkgconfig")}
    flags = run(pkg_config, "--cflags", "--libs", "hquant", env=here).split()
    sources = [repository / "examples" / language / name for name in SOURCES[language]]
    standard = (cc, "-std=c11") if language == "c" else (cxx, "-std=c++17")
    program = tmp_path / "program"
    run(*standard, *STRICT, *sources, *flags, f"-Wl,-rpath,{native}", "-o", program)
    assert _run(program, case.bars, case.program).stdout == case.expected
