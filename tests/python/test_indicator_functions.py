"""indicators.<name>(...): the C table as functions over columns."""

from __future__ import annotations

import inspect
import math
import pickle
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hquant_cffi import HQuant, NotFoundError, ParameterError, indicators
from hquant_cffi._ffi import ffi, lib
from hquant_cffi._indicator_call import FEW

TABLE = indicators.table()
PERIODS = {"period": 4, "n": 3, "k": 1.5, "fast": 3, "slow": 6, "signal": 4}
NAN = math.nan


def candles(count: int) -> dict[str, np.ndarray[Any, Any]]:
    random = np.random.default_rng(7)
    open = 100 + random.normal(size=count).cumsum()
    close = open + random.normal(size=count)
    high, low = np.maximum(open, close) + 0.5, np.minimum(open, close) - 0.25
    volume = random.uniform(1, 9, count)
    return dict(open=open, high=high, low=low, close=close, volume=volume, buy_volume=volume / 2)


def outputs_of(result: Any) -> list[np.ndarray[Any, Any]]:
    return list(result) if isinstance(result, tuple) else [result]


def test_table_lists_every_public_row_and_only_those() -> None:
    infos = [lib.hq_indicator_info(i) for i in range(lib.hq_indicator_count())]
    public = [ffi.string(info.name).decode() for info in infos if info.is_public]
    assert [row.name for row in TABLE] == public
    assert {"SMA", "EMA", "STDDEV", "RSI", "BOLL", "MACD", "ATR", "TR", "LAG"} <= set(public)
    assert "CROSSOVER" not in public
    for row in TABLE:
        assert indicators.find(row.name.lower()) is row
        assert row.title and row.formula and row.source and row.unit and row.cost


def test_row_tells_parameters_outputs_and_warmup() -> None:
    boll = indicators.find("boll")
    assert boll.outputs == ("upper", "mid", "lower")
    assert [(p.name, p.default, p.is_integer) for p in boll.params] == [
        ("period", 20, True),
        ("k", 2.0, False),
    ]
    assert (boll.warmup(), boll.warmup(5), boll.warmup(k=1.0, period=7)) == (19, 4, 6)
    with pytest.raises(ParameterError, match=r"BOLL: expected period in 1\.\.1048576"):
        boll.warmup(0)
    with pytest.raises(NotFoundError, match="found 'BOL'.*did you mean BOLL.*one of SMA, EMA"):
        indicators.find("BOL")


def test_keyword_that_an_indicator_has_not_is_answered_with_those_it_has():
    taken = r"RSI: .*'timeperiod'; expected rsi\(.*period=14"
    with pytest.raises(TypeError, match=taken):
        indicators.rsi(np.arange(30.0), timeperiod=14)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=taken):
        indicators.find("RSI").warmup(timeperiod=14)


def test_name_that_only_talib_has_is_answered_with_the_row_that_has_its_values():
    with pytest.raises(NotFoundError, match=r"found 'KC'.*did you mean KELTNER\?"):
        indicators.find("KC")


@pytest.mark.parametrize("mode", ["seed", "talib"])
@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_batch_equals_an_engine_bit_for_bit(
    row: indicators.Indicator, mode: indicators.Mode
) -> None:
    data = candles(160)
    params = [PERIODS.get(param.name, param.default) for param in row.params]
    function = getattr(indicators, row.name.lower())
    # Inputs without a series of their own read one that can stand for each of them.
    free = [item.name for item in row.inputs if not item.is_fixed]
    fields = ["volume", "close"][-len(free) :] if any(i.field is None for i in row.inputs) else None
    own = iter(fields or [item.field for item in row.inputs if not item.is_fixed])
    names = [item.field if item.is_fixed else next(own) for item in row.inputs]
    columns = {**data, "time": np.arange(160.0)}
    result = outputs_of(function(*(columns[name] for name in names), *params, mode=mode))
    engine = HQuant(160)
    id = engine.add_indicator(row.name, *params, field=fields, mode=mode)
    for bar in zip(range(160), *(data[name].tolist() for name in data), strict=True):
        engine.push_bar(*bar)
    assert len(result) == len(row.outputs)
    for number, output in enumerate(result):
        assert output.tobytes() == engine.indicator_column(id, number).ordered().tobytes()
        warm = row.warmup(*params, mode=mode, output=number)
        assert np.isnan(output[:warm]).all() and not math.isnan(output[warm])


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_signature_and_docstring_come_from_the_row(row: indicators.Indicator) -> None:
    function = getattr(indicators, row.name.lower())
    names = [item.name for item in row.inputs] + [param.name for param in row.params]
    assert list(inspect.signature(function).parameters) == [*names, "mode"]
    assert row.formula in function.__doc__ and row.source in function.__doc__
    assert function.__name__ == row.name.lower()
    assert row.name.lower() in indicators.__all__


def test_hand_computed_values() -> None:
    np.testing.assert_array_equal(indicators.sma([1, 2, 3, 6], 2), [NAN, 1.5, 2.5, 4.5])
    np.testing.assert_array_equal(indicators.ema([1.0, 2.0, 4.0], period=3), [1.0, 1.5, 2.75])
    np.testing.assert_array_equal(indicators.highest([3, 1, 2], n=2), [NAN, 3, 2])
    np.testing.assert_array_equal(indicators.change([1, 4, 9]), [NAN, 3, 5])
    np.testing.assert_array_equal(indicators.lag([1, 4, 9], 2), [NAN, NAN, 1])
    np.testing.assert_array_equal(indicators.sum([1, 4, 9], 2), [NAN, 5, 13])
    np.testing.assert_array_equal(indicators.tr([3, 4], [1, 3.5], [1, 4]), [2, 3])
    bands = indicators.boll([1.0, 3.0], 2, k=2)
    assert (bands.upper[1], bands.mid[1], bands.lower[1]) == (4.0, 2.0, 0.0)


def test_mode_talib_starts_as_talib_does() -> None:
    found = indicators.ema([1.0, 2.0, 6.0, 3.0], 3, mode="talib")
    np.testing.assert_array_equal(found, [NAN, NAN, 3.0, 3.0])
    assert indicators.find("EMA").warmup(3, mode="talib") == 2
    with pytest.raises(ParameterError, match="mode: expected one of seed, talib, found 'tv'"):
        indicators.ema([1.0], 3, mode="tv")  # type: ignore[arg-type]


def test_results_of_several_outputs_have_names_and_pickle() -> None:
    result = indicators.macd([1.0, 2.0, 3.0], 1, 2, 1)
    assert result._fields == ("macd", "signal", "hist")
    again = pickle.loads(pickle.dumps(result))
    assert type(again) is indicators.MacdResult
    assert again.macd.tolist() == result.macd.tolist()


@pytest.mark.parametrize(
    "x",
    [
        [1, 2, 3, 4],
        (1.0, 2.0, 3.0, 4.0),
        np.array([1, 2, 3, 4], np.int32),
        np.array([1, 2, 3, 4], np.uint8),
        np.array([1, 2, 3, 4], np.float32),
        np.array([1, 2, 3, 4], ">f8"),
        np.array([1.0, 9.0, 2.0, 9.0, 3.0, 9.0, 4.0])[::2],
        np.array([4.0, 3.0, 2.0, 1.0])[::-1],
    ],
    ids=lambda x: f"{type(x).__name__} {getattr(x, 'dtype', '')}",
)
def test_other_forms_of_numbers_are_converted(x: Any) -> None:
    assert indicators.sma(x, 2)[1:].tolist() == [1.5, 2.5, 3.5]


def test_input_is_neither_changed_nor_shared() -> None:
    x = np.array([1.0, 2.0, 3.0])
    x.flags.writeable = False
    result = indicators.lag(x, 0)
    assert result.flags.writeable and not np.shares_memory(result, x)
    assert x.tolist() == result.tolist() == [1.0, 2.0, 3.0]


def test_value_that_is_not_finite_is_unknown() -> None:
    for bad in (NAN, math.inf):
        result = indicators.change([1.0, bad, 3.0, 4.0], 1)
        np.testing.assert_array_equal(result, [NAN, NAN, NAN, 1.0])


def test_empty_column_gives_an_empty_column() -> None:
    assert indicators.sma([], 2).shape == (0,)
    assert indicators.boll([], 2).mid.shape == (0,)


BAD: list[tuple[Any, type[Exception], str]] = [
    (lambda: indicators.sma([[1.0, 2.0]], 1), ParameterError, r"x: expected one dimension"),
    (lambda: indicators.sma(1.0, 1), ParameterError, r"expected one dimension, found shape \(\)"),
    (lambda: indicators.sma(["1"], 1), ParameterError, "x: expected numbers, found <U1"),
    (lambda: indicators.sma([True], 1), ParameterError, "expected numbers, found bool"),
    (lambda: indicators.sma([1j], 1), ParameterError, "expected numbers, found complex128"),
    (
        lambda: indicators.tr([1.0], [1.0, 2.0], [1.0]),
        ParameterError,
        "low: expected 1 values.*found 2",
    ),
    (lambda: indicators.sma([1.0], 0), ParameterError, "SMA"),
    (lambda: indicators.sma([1.0], 1.5), ParameterError, "SMA"),  # type: ignore[arg-type]
    (lambda: indicators.boll([1.0], 2, NAN), ParameterError, "BOLL"),
    (lambda: indicators.macd([1.0], 26, 12), ParameterError, "MACD"),
    (lambda: indicators.sma([1.0]), TypeError, "period"),  # type: ignore[call-arg]
    (lambda: indicators.sma([1.0], 2, 3), TypeError, "too many"),  # type: ignore[call-arg]
    (lambda: indicators.sma([1.0], n=2), TypeError, ""),  # type: ignore[call-arg]
    (lambda: indicators.sma([1.0], "2"), TypeError, "SMA: period"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(("call", "error", "message"), BAD)
def test_bad_input_is_refused(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message or None):
        call()


@pytest.mark.parametrize(
    "row", [row for row in TABLE if len(row.outputs) > 1], ids=lambda row: row.name
)
def test_outputs_of_few_bars_are_those_of_many_and_apart(row: indicators.Indicator) -> None:
    params = [PERIODS.get(param.name, param.default) for param in row.params]
    columns = candles(FEW + 1)
    many, few, one = (
        getattr(indicators, row.name.lower())(
            *(columns.get(each.name, columns["close"])[:length] for each in row.inputs), *params
        )
        for length in (FEW + 1, FEW, 1)
    )
    for output, expected in zip(few, many, strict=True):
        assert output.flags.c_contiguous and output.flags.writeable and expected.flags.owndata
        assert output.tobytes() == expected[:FEW].tobytes()
        output[:] = 1  # which would show in the next ones
    assert [each[:1].tobytes() for each in many] == [each.tobytes() for each in one]


X = np.arange(1.0, 41.0)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: indicators.sma(X[:, None], 2), ParameterError, r"x: expected one.*\(40, 1\)"),
        (lambda: indicators.sma(np.float64(1.0), 2), ParameterError, r"found shape \(\)"),
        (lambda: indicators.tr(X, X, X[1:]), ParameterError, "close: expected 40.*found 39"),
        (lambda: indicators.sma(X, Decimal(2)), TypeError, "SMA: period: .*found Decimal"),
        (lambda: indicators.sma(X, [2]), TypeError, "SMA: period: .*found list"),
        (lambda: indicators.sma(X), TypeError, r"missing.*'period'; expected sma\("),
        (lambda: indicators.sma(X, 2, 3), TypeError, r"too many.*; expected sma\("),
        (lambda: indicators.sma(X, 2, period=2), TypeError, r"multiple.*'period'; expected sma\("),
        (lambda: indicators.sma(X, length=2), TypeError, r"expected sma\("),
        (lambda: indicators.sma(period=2), TypeError, r"missing.*'x'; expected sma\("),
        (lambda: indicators.sma(x=X, period=2), TypeError, r"'x'.*; expected sma\("),
        (lambda: indicators.tr(X, X), TypeError, r"missing.*'close'; expected tr\("),
        (lambda: indicators.macd(X, 3, fast=3, slow=5), TypeError, r"multiple.*'fast'; expected"),
        (lambda: indicators.macd(X, slow=30, singal=3), TypeError, r"'singal'; expected macd\("),
    ],
)
def test_columns_that_are_read_as_they_are_do_not_hide_a_wrong_call(
    call: Any, error: type[Exception], message: str
) -> None:
    indicators.sma(X, 2)  # what is kept of it answers nothing that only equals 2
    with pytest.raises(error, match=message) as caught:
        call()
    assert caught.value.__context__ is None or caught.value.__suppress_context__


@pytest.mark.parametrize("row", [row for row in TABLE if row.params], ids=lambda row: row.name)
def test_parameters_by_name_are_those_by_place(row: indicators.Indicator) -> None:
    function, columns = getattr(indicators, row.name.lower()), [X] * len(row.inputs)
    params = {param.name: PERIODS.get(param.name, param.default) for param in row.params}
    expected = [each.tobytes() for each in outputs_of(function(*columns, *params.values()))]
    for given in range(len(params)):
        named = dict(reversed(list(params.items())[given:]))
        found = function(*columns, *list(params.values())[:given], **named)
        assert [each.tobytes() for each in outputs_of(found)] == expected


def test_float64_of_any_make_is_read() -> None:
    made = np.dtype("f8", metadata={"unit": "USD"})
    assert made is not np.dtype(float)
    for x in (
        X.astype(made),
        X.view(np.recarray),
        np.lib.stride_tricks.as_strided(X, (20,), (16,)),
    ):
        assert indicators.lag(x, 0).tolist() == x.tolist()
    masked = np.ma.masked_less(X, 3)
    assert np.isnan(indicators.lag(masked, 0)[:2]).all()


def test_stub_file_is_that_of_the_table(repository: Path) -> None:
    script = repository / "scripts" / "generate_stubs.py"
    subprocess.run([sys.executable, script, "--check"], check=True)
