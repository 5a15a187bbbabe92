"""Fixtures that every test may use, and HQUANT_NO_SKIP=1, under which no test may skip.

Only the absence of the market data folder, which is not part of the repository, and of packages of
optional test groups remain reasons.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Generator
from pathlib import Path

import pytest
from planted import Core
from support import OPTIONAL_GROUP, Native

REPOSITORY = Path(__file__).resolve().parent.parent
NO_SKIP = os.environ.get("HQUANT_NO_SKIP") == "1"
NO_SHARED_DATA = "no market data folder ../shared/data (set HQUANT_SHARED_DATA to name another)"


def _shared_data_folder() -> Path | None:
    named = os.environ.get("HQUANT_SHARED_DATA")
    folder = Path(named) if named else REPOSITORY.parent / "shared" / "data"
    if named and not folder.is_dir():
        raise pytest.UsageError(f"HQUANT_SHARED_DATA={named}: not a folder")
    return folder if folder.is_dir() else None


SHARED_DATA = _shared_data_folder()


def pytest_configure() -> None:
    """Make Ctrl-C what it is at a terminal: a background job is started with SIGINT ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of recorded market data."""
    if SHARED_DATA is None:
        pytest.skip(NO_SHARED_DATA)
    return SHARED_DATA


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the source tree."""
    return REPOSITORY


@pytest.fixture(scope="session")
def native() -> Native:
    """The installed library, as `hquant config` names it."""
    # Not at the top: tests of the pure Python parts need no compiled library.
    from hquant_cffi import _config

    paths = _config.describe()
    return Native(Path(paths["includedir"]), Path(paths["libdir"]), Path(paths["cmakedir"]))


@pytest.fixture(scope="session")
def cc() -> str:
    """A C compiler."""
    return _tool(os.environ.get("CC", "cc"))


@pytest.fixture(scope="session")
def cxx() -> str:
    """A C++ compiler."""
    return _tool(os.environ.get("CXX", "c++"))


@pytest.fixture(scope="session")
def planted_core(cc: str, repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Core:
    """The C core, compiled once for all mistakes to be planted in it."""
    return Core(cc, repository, tmp_path_factory.mktemp("core"))


def _tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"no {name} on this machine")
    return path


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if not NO_SKIP or report.outcome != "skipped" or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if (SHARED_DATA is None and NO_SHARED_DATA in reason) or OPTIONAL_GROUP in reason:
        return
    report.outcome = "failed"
    report.longrepr = f"skipped while HQUANT_NO_SKIP=1: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse_skip(report)
    return report
