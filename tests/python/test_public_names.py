"""What `import hquant_cffi` offers and what it costs."""

from __future__ import annotations

import sys
from importlib.metadata import version

import pytest
from support import run

import hquant_cffi

PUBLIC = {
    "HQuant", "MultiHQuant", "Aggregator", "AggregateCandle", "AggregatorEvent", "Period",
    "FuturesBacktest", "Strategy", "Bars", "load", "load_sp500", "backtest", "BacktestReport",
    "Order", "TRADE_DTYPE", "FILL_DTYPE",
    "indicators", "__version__", "HQuantError", "ParameterError", "DataError", "CompileError",
    "ProgramError", "NotFoundError", "BusyError", "ClosedError", "LiquidatedError",
    "CancelledError", "OutOfMemoryError", "UnsupportedError",
    "SnapshotError", "Metrics", "metrics", "verify", "Verification", "run", "RunResult",
    "sweep", "SweepResult", "walk_forward", "WalkForwardResult",
}  # fmt: skip
SLOW = [
    "pandas", "polars", "pyarrow", "lark", "rich", "typer", "zstandard", "hquant_cffi.dsl",
    "joblib", "matplotlib", "hquant_cffi.engine", "hquant_cffi.data", "hquant_cffi.indicators",
    "hquant_cffi._backtest_call", "hquant_cffi._metrics", "hquant_cffi.strategy",
]  # fmt: skip


def test_all_is_pinned() -> None:
    assert set(hquant_cffi.__all__) == PUBLIC
    assert len(hquant_cffi.__all__) == len(PUBLIC)


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_every_public_name_is_there_and_in_dir(name: str) -> None:
    assert getattr(hquant_cffi, name) is not None
    assert name in dir(hquant_cffi)


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'hquant_cffi' has no attribute 'HQuants'"):
        hquant_cffi.HQuants  # type: ignore[attr-defined]  # noqa: B018


def test_import_leaves_slow_packages_out() -> None:
    loaded = run(sys.executable, "-c", "import hquant_cffi, sys; print(*sys.modules, sep='\\n')")
    assert "numpy" in loaded.split()
    assert not set(SLOW) & set(loaded.split())


@pytest.mark.parametrize(
    "name", ["data", "dsl", "engine", "futures", "indicators", "market", "orders"]
)
def test_a_module_is_there_without_being_imported(name: str) -> None:
    code = f"import hquant_cffi as h; print(h.{name}.__name__, h.strategy.Param.__name__)"
    assert run(sys.executable, "-c", code) == f"hquant_cffi.{name} Param\n"


@pytest.mark.parametrize("name", ["backtest", "metrics"])
def test_functions_stay_functions_whatever_is_imported_first(name: str) -> None:
    code = (
        f"import hquant_cffi.{name}; from hquant_cffi.{name} import {name} as f\n"
        f"import hquant_cffi; assert hquant_cffi.{name} is f and callable(f); print('yes')"
    )
    assert run(sys.executable, "-W", "error", "-c", code) == "yes\n"


def test_sweep_and_walk_forward_stay_functions_whatever_is_imported_first() -> None:
    code = (
        "import hquant_cffi._walk_forward, hquant_cffi._sweep, hquant_cffi._run, hquant_cffi as h\n"
        "assert callable(h.sweep) and callable(h.walk_forward) and callable(h.run); print('yes')"
    )
    assert run(sys.executable, "-W", "error", "-c", code) == "yes\n"


def test_version_is_that_of_the_c_library() -> None:
    assert hquant_cffi.__version__ == version("hquant-cffi")
