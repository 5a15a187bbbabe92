"""A run over a table checks its rows itself; it says and finds what one over Bars does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest

from hquant_cffi import DataError, ParameterError, backtest, load

Table = dict[str, npt.NDArray[Any]]
_TEXT = "IF CROSSOVER(SMA(3), SMA(8)) THEN BUY\nIF CROSSUNDER(SMA(3), SMA(8)) THEN SELL"
_ROWS = 9_000  # more than a block


def _table() -> Table:
    rng = np.random.default_rng(7)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.01, _ROWS)))
    opens = np.r_[100.0, close[:-1]]
    return {
        "timestamp": 1_600_000_000_000 + 60_000 * np.arange(_ROWS),
        "open": opens,
        "high": np.maximum(opens, close) * 1.001,
        "low": np.minimum(opens, close) * 0.999,
        "close": close,
        "volume": rng.uniform(0, 5, _ROWS),
    }


def _run(data: Any, **options: Any) -> Any:
    return backtest(data, _TEXT, fee=0.001, **options)


def _as_seconds(table: Table) -> None:
    table["timestamp"] = table["timestamp"] // 1000


def _as_text(table: Table) -> None:
    table["timestamp"] = table["timestamp"].astype("datetime64[ms]").astype(str)


def _with_buy_volume(table: Table) -> None:
    table["buy_volume"] = table["volume"] / 2


@pytest.mark.parametrize("change", [lambda table: None, _as_seconds, _as_text, _with_buy_volume])
def test_a_table_gives_what_its_bars_give(change: Callable[[Table], None]) -> None:
    table = _table()
    change(table)
    found, expected = _run(table), _run(load(table))
    assert found.to_dict() == expected.to_dict() and found.closed_trades > 100
    assert found.metrics.to_dict() == expected.metrics.to_dict()
    for name in ("time", "equity", "actions", "trades", "fills"):
        assert getattr(found, name).tobytes() == getattr(expected, name).tobytes(), name


@pytest.mark.parametrize("row", [1, 8_700])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("open", 0.5),
        ("high", np.nan),
        ("low", 1e5),
        ("close", np.inf),
        ("volume", -1.0),
        ("volume", np.nan),
        ("timestamp", 1_600_000_000_000),
        ("timestamp", 5),
        ("timestamp", 20_200_101),
    ],
)
def test_a_bad_row_is_refused_in_the_words_of_load(name: str, value: float, row: int) -> None:
    table = _table()
    table[name][row] = value
    with pytest.raises(DataError) as expected:
        load(table)
    with pytest.raises(DataError) as found:
        _run(table)
    assert str(found.value) == str(expected.value)


def test_a_column_that_is_none_is_refused_in_the_words_of_load() -> None:
    table: dict[str, Any] = {**_table(), "buy_volume": None}
    with pytest.raises(DataError, match="'buy_volume'") as expected:
        load(table)
    with pytest.raises(DataError) as found:
        _run(table)
    assert str(found.value) == str(expected.value)


def test_a_price_that_cannot_be_traded_is_refused_in_the_words_of_the_run() -> None:
    table = _table()
    table["low"][4_321] = -1.0
    with pytest.raises(DataError, match="bar 4321: low must be a finite number > 0") as found:
        _run(table)
    with pytest.raises(DataError) as expected:
        _run(load(table))
    assert str(found.value) == str(expected.value)


def test_what_is_wrong_is_said_in_the_order_in_which_it_is_looked_at() -> None:
    table = _table()
    table["close"][50] = np.nan
    with pytest.raises(ParameterError, match="^maker_fee"):
        _run(table, maker_fee=-1)
    with pytest.raises(DataError, match="close"):
        backtest(table, "IF NOTHING( THEN BUY")
    seen: list[int] = []
    with pytest.raises(DataError, match="close"):
        _run(table, progress=lambda done, _: seen.append(done))
    assert not seen  # no bar has been run when a row is bad


def test_times_whose_ends_alone_look_like_milliseconds_are_read_as_load_reads_them() -> None:
    table = _table()
    table["timestamp"][1:-1] -= 1_600_000_000_000  # small numbers between two large ones
    with pytest.raises(DataError) as expected:
        load(table)
    with pytest.raises(DataError) as found:
        _run(table)
    assert str(found.value) == str(expected.value)


def test_a_stream_that_can_be_read_once_is_read_once() -> None:
    table = _table()
    assert _run(pa.table(table).to_reader()).to_dict() == _run(table).to_dict()
    with pytest.raises(ParameterError, match="^maker_fee"):
        _run(pa.table(table).to_reader(), maker_fee=-1)
    table["close"][50] = np.nan
    with pytest.raises(DataError, match="row 50 .*'close'"):
        _run(pa.table(table).to_reader())


class _Stream:
    """An Arrow stream that is over once it was read, as a pyarrow.RecordBatchReader."""

    def __init__(self, table: Table) -> None:
        self._left = [pa.table(table)]

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        if not self._left:
            raise RuntimeError("read twice")
        return self._left.pop().__arrow_c_stream__(requested_schema)


def test_streams_are_read_once() -> None:
    table = _table()
    assert _run(_Stream(table)).to_dict() == _run(table).to_dict()
    finer = {name: column[:500].copy() for name, column in table.items()}
    finer["close"][50] = np.nan
    with pytest.raises(DataError, match="row 50 .*column 'close': expected a finite number"):
        _run(table, intrabar="finer", finer=_Stream(finer))
