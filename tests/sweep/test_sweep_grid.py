"""Which combinations a sweep runs, and what it refuses before it runs any."""

from __future__ import annotations

import itertools
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hquant_cffi import (
    DataError,
    HQuantError,
    NotFoundError,
    OutOfMemoryError,
    ParameterError,
    Strategy,
    SweepResult,
    backtest,
    load_sp500,
    sweep,
)

BARS = load_sp500()[:300]
TEXT = """
PARAM fast = 10 IN 5..25 STEP 5
PARAM slow = 30 IN 20..60 STEP 20
PARAM level = 1.5
IF CROSSOVER(SMA(close, fast), SMA(close, slow)) AND close > level THEN BUY
IF CROSSUNDER(SMA(close, fast), SMA(close, slow)) THEN SELL
"""
STRATEGY = Strategy.compile(TEXT)


def rows(found: SweepResult) -> list[tuple[float, ...]]:
    return [tuple(float(row[name]) for name in ("fast", "slow", "level")) for row in found.table]


def run(params: Any = None, **others: Any) -> SweepResult:
    return sweep(BARS, STRATEGY, params, **others)


# ----------------------------------------------------------------- combinations


def test_every_combination_comes_once_the_last_param_changing_fastest() -> None:
    found = run({"slow": [20, 60, 40], "fast": range(5, 8), "level": np.array([1, 2.5])})
    assert rows(found) == list(itertools.product((5, 6, 7), (20, 60, 40), (1, 2.5)))
    assert found.params == {"fast": (5, 6, 7), "slow": (20, 40, 60), "level": (1, 2.5)}


def test_params_left_out_keep_their_value() -> None:
    assert rows(run({"slow": [40]})) == [(10, 40, 1.5)]
    assert rows(run(grid=[{}, {"level": 3}])) == [(10, 30, 1.5), (10, 30, 3)]


def test_without_values_the_declared_ranges_are_swept() -> None:
    found = run()
    assert rows(found) == list(itertools.product((5, 10, 15, 20, 25), (20, 40, 60), (1.5,)))
    assert found.params == {"fast": (5, 10, 15, 20, 25), "slow": (20, 40, 60)}
    assert "15 combinations of fast (5), slow (3)" in found.summary()
    assert rows(run({"fast": None})) == [(f, 30, 1.5) for f in (5, 10, 15, 20, 25)]


@pytest.mark.parametrize(
    "values",
    [
        [5, 7.5], (5, 7.5), np.array([5, 7.5]), pd.Series([5, 7.5]), iter([5, 7.5]),
        {5: "a", 7.5: "b"}.keys(), np.array([5, 7.5], np.float32),
    ],
    ids=lambda each: type(each).__name__,
)  # fmt: skip
def test_values_are_whatever_holds_numbers(values: Any) -> None:
    assert rows(run({"level": values})) == [(10, 30, 5), (10, 30, 7.5)]


def test_one_number_is_one_value() -> None:
    assert rows(run({"fast": 7, "level": np.float64(2)})) == [(7, 30, 2)]


GRID = [(5, 20, 1), (25, 60, 2), (5, 20, 1), (10, 40, 0.5)]


@pytest.mark.parametrize(
    "grid",
    [
        GRID,
        np.array(GRID),
        [dict(zip(("fast", "slow", "level"), row, strict=True)) for row in GRID],
        np.array(GRID, [("fast", "i4"), ("slow", "f8"), ("level", "f4")]),
        pd.DataFrame(GRID, columns=["fast", "slow", "level"]),
        pd.DataFrame(GRID, columns=["fast", "slow", "level"])[["level", "fast", "slow"]],
        iter([{"fast": f, "slow": s, "level": x} for f, s, x in GRID]),
    ],
    ids=["rows", "array", "mappings", "records", "frame", "frame turned", "iterator"],
)
def test_a_grid_is_run_row_by_row_in_its_order_twice_where_it_says_so(grid: Any) -> None:
    found = run(grid=grid)
    assert rows(found) == GRID
    assert found.table[0].tobytes() == found.table[2].tobytes()
    assert found.table[0].tobytes() != found.table[1].tobytes()


def test_records_may_leave_params_out() -> None:
    assert rows(run(grid=np.array([(5,), (7,)], [("fast", "f8")]))) == [(5, 30, 1.5), (7, 30, 1.5)]


@pytest.mark.parametrize(
    "where",
    [
        "fast < slow", "slow > fast", "not fast >= slow", "not (slow <= fast)",
        "fast - slow < 0 and 1 == 1", "fast < slow <= 1e9 or fast != fast",
        "(fast + 0.0) * 2 / 2 < slow % 1000 and -slow < -fast",
        lambda fast, slow: fast < slow,
        lambda **all: all["fast"] < all["slow"],
        lambda slow, fast, unused=3: np.bool_(fast < slow),
    ],
)  # fmt: skip
def test_where_keeps_what_it_says(where: Any) -> None:
    values = {"fast": [5, 20, 25], "slow": [20, 22], "level": [1, 2]}
    kept = [row for row in itertools.product(*values.values()) if row[0] < row[1]]
    assert 0 < len(kept) < 12
    assert rows(run(values, where=where)) == kept
    everything = list(itertools.product(*values.values()))
    assert rows(run(grid=everything, where=where)) == kept


def test_where_reads_params_that_are_not_swept() -> None:
    assert rows(run({"fast": [5, 20]}, where="fast < level * 10")) == [(5, 30, 1.5)]


# -------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("how", "kind", "message"),
    [
        (dict(params={"fsat": [5]}), NotFoundError,
         "params: fsat: expected one of fast, slow, level; did you mean fast?"),
        (dict(params={1: [5]}), NotFoundError, "params: 1: expected one of fast"),
        (dict(params={}), ParameterError, "params: expected the values of a PARAM at least"),
        (dict(params=[1, 2]), ParameterError, "a list of combinations goes to grid"),
        (dict(params={"fast": []}), ParameterError,
         "params['fast']: expected at least one value, found none"),
        (dict(params={"fast": ["a"]}), ParameterError, "params['fast']: expected numbers"),
        (dict(params={"fast": "5..9"}), ParameterError, "params['fast']: expected numbers"),
        (dict(params={"fast": [True]}), ParameterError, "params['fast']: expected numbers"),
        (dict(params={"fast": [[5, 6]]}), ParameterError, "params['fast']: expected numbers"),
        (dict(params={"fast": [[5], [5, 6]]}), ParameterError, "params['fast']: expected numbers"),
        (dict(params={"fast": [5, 26]}), ParameterError,
         "params['fast']: expected 5..25, found 26"),
        (dict(params={"level": [1, np.nan]}), ParameterError,
         "params['level']: expected a finite number, found nan"),
        (dict(params={"level": [-np.inf]}), ParameterError,
         "params['level']: expected a finite number, found -inf"),
        (dict(params={"level": None}), ParameterError,
         "params['level']: None is its range, and it has none"),
        (dict(params={"fast": [5]}, grid=[{}]), ParameterError, "exclude each other"),
        (dict(grid=[]), ParameterError, "grid: expected at least one combination, found none"),
        (dict(grid=np.empty((0, 3))), ParameterError, "at least one combination"),
        (dict(grid={"fast": [5]}), ParameterError, "values to combine go to params"),
        (dict(grid=[{"fast": 5}, {"low": 5}]), NotFoundError,
         "grid[1]: low: expected one of fast, slow, level; did you mean slow?"),
        (dict(grid=[{"fast": 5}, (5, 20, 1)]), ParameterError,
         "grid[1]: expected a mapping of PARAMs as the others are, found tuple"),
        (dict(grid=[{"fast": "x"}]), ParameterError,
         "grid[0]['fast']: expected a number, found 'x'"),
        (dict(grid=[{"fast": 10**400}]), ParameterError, "grid[0]['fast']: expected a number"),
        (dict(grid=[(5, 20, 1), (10, 70, 2)]), ParameterError,
         "grid[1] (fast=10, slow=70, level=2): param slow: expected 20..60, found 70"),
        (dict(grid=[{"level": np.nan}]), ParameterError, "param level: expected a finite number"),
        (dict(grid=[(5, 20)]), ParameterError, "rows of 3 values (fast, slow, level)"),
        (dict(grid=[(5, 20, 1), (5, 20)]), ParameterError, "rows of 3 values"),
        (dict(grid=[5, 20, 1]), ParameterError, "found an array of shape (3,)"),
        (dict(grid=[("a", "b", "c")]), ParameterError, "grid: expected numbers"),
        (dict(grid=np.array([(5,)], [("x", "f8")])), NotFoundError, "grid: x: expected one of"),
        (dict(where="fast > 100"), ParameterError,
         "where: 'fast > 100' drops all 15 combinations"),
        (dict(grid=GRID, where="fast > 100"), ParameterError, "drops all 4 combinations"),
        (dict(where="fsat < slow"), NotFoundError,
         "where: fsat: expected one of fast, slow, level; did you mean fast?"),
        (dict(where="fast <"), ParameterError, "'fast <': it is no expression"),
        (dict(where="fast + slow"), ParameterError, "it is a number and no condition"),
        (dict(where="fast and slow"), ParameterError, "'fast' is a number and no condition"),
        (dict(where="(fast < slow) < 3"), ParameterError,
         "'fast < slow' is a condition and no number"),
        (dict(where="fast ** 2 < 1"), ParameterError, "'fast ** 2' is no comparison"),
        (dict(where="fast.real < 1"), ParameterError, "'fast.real' is no comparison"),
        (dict(where="(lambda: 1)() < 1"), ParameterError, "is no comparison"),
        (dict(where="(fast < slow) & (slow < 9)"), ParameterError, "write 'and' for &, 'or' for |"),
        (dict(where="fast in (1, 2)"), ParameterError, "is no comparison"),
        (dict(where="fast < 'a'"), ParameterError, "is no comparison"),
        (dict(where="fast < True"), ParameterError, "is no comparison"),
        (dict(where="fast < 1" + "0" * 400), ParameterError, "beyond 1e308"),
        (dict(where="(" * 3000 + "fast" + ")" * 3000), ParameterError, "where: expected"),
        (dict(where="fast < " + "-" * 3000 + "1"), ParameterError, "where: expected"),
        (dict(where=5), ParameterError, "where: expected an expression"),
        (dict(where=lambda x: True), NotFoundError, "where: x: expected one of fast"),
        (dict(where=lambda: True), ParameterError, "found one that takes none"),
        (dict(metric="sharp"), ParameterError,
         "metric: expected a figure of the table or of Metrics, found 'sharp'; "
         "did you mean 'sharpe'?"),
        (dict(metric=None), ParameterError, "found None"),
        (dict(metrics=["sortino", "x"]), ParameterError, "metrics: expected a figure"),
        (dict(metrics="sortino"), ParameterError, "metrics: expected 'all', a list of names"),
        (dict(metrics=3), ParameterError, "metrics: expected 'all', a list of names"),
        (dict(top=0), ParameterError, "top: expected a whole number 1.."),
        (dict(top=2.5), ParameterError, "top: expected a whole number"),
        (dict(n_jobs=0), ParameterError, "n_jobs: expected a whole number, 1 or more (below 2"),
        (dict(n_jobs="all"), ParameterError, "(-2: all but one), found 'all'"),
        (dict(n_jobs=1.5), ParameterError, "n_jobs: expected a whole number"),
        (dict(chunk_size=0), ParameterError, "chunk_size: expected a whole number 1.."),
        (dict(backend=""), ParameterError, "backend: expected 'threads' or a joblib backend"),
        (dict(backend="thread"), ParameterError, "found 'thread'; did you mean 'threads'?"),
        (dict(fee="0.1%"), ParameterError, "fee: expected a fraction of the notional"),
        (dict(backend=3), ParameterError, "backend: expected 'threads' or a joblib backend"),
        (dict(risk_free="x"), ParameterError, "risk_free: expected a number"),
        (dict(risk_free=2), ParameterError, "risk_free must be between -1 and 1"),
        (dict(periods_per_year=-1), ParameterError, "periods_per_year: expected a finite number"),
        (dict(fee=-1), ParameterError, "fee must be a finite number >= 0"),
        (dict(leverage=0), ParameterError, "leverage"),
        (dict(funding=[1.0]), ParameterError, "funding: expected 300 numbers"),
        (dict(fill="never"), ParameterError, "fill: expected one of next_open, close, limit"),
        (dict(maximize="min"), ParameterError, "maximize: expected True or False, found 'min'"),
        (dict(maximize=1), ParameterError, "maximize: expected True or False, found 1"),
        (dict(params={"fast": [True, 5]}), ParameterError, "expected numbers, found [True, 5]"),
        (dict(params={"fast": (5, np.True_)}), ParameterError, "params['fast']: expected numbers"),
        (dict(grid=[(5, 20, 1), (5, True, 1)]), ParameterError, "grid[1]: expected numbers"),
        (dict(grid=[{"fast": np.True_}]), ParameterError, "grid[0]['fast']: expected a number"),
        (dict(n_jobs=2**31), ParameterError, "1 or more (below 2**31), or -1 for all cores"),
        (dict(curves=["position"]), ParameterError, "curves: expected True or False, found ["),
        (dict(grid=[{"fast": True}]), ParameterError, "grid[0]['fast']: expected a number"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(
    how: dict[str, Any], kind: type[HQuantError], message: str
) -> None:
    with pytest.raises(kind, match=re.escape(message)):
        run(**how)


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("feee", "sweep() got an unexpected option 'feee'; did you mean 'fee'?"),
        ("signals", "sweep() takes no 'signals': signals have no PARAMs"),
        ("orders", "sweep() takes no 'orders'"),
        ("whatever", "sweep() got an unexpected option 'whatever'"),
        ("cash", "did you mean 'capital'?"),
        ("comission", "did you mean 'fee'?"),
    ],
)
def test_options_that_there_are_not_are_type_errors(option: str, message: str) -> None:
    with pytest.raises(TypeError, match=re.escape(message)):
        run(**{option: None})


async def answers_later(fast: float) -> bool:
    return False


class AnswersLater:
    async def __call__(self, fast: float) -> bool:
        return False


@pytest.mark.parametrize(
    ("how", "message"),
    [
        (dict(grid=5), "grid: expected a list of combinations, or an array of them, found int"),
        (dict(metrics=np.array("sortino")), "metrics: expected a list of names, found ndarray"),
        (dict(progress=5), "progress: expected a function or None, found int"),
        (dict(progress=answers_later), "progress: expected a function that answers at once"),
        (dict(where=answers_later), "where: expected a function that answers at once"),
        (dict(where=AnswersLater()), "where: expected a function that answers at once"),
        (dict(progress=AnswersLater()), "progress: expected a function that answers at once"),
        (dict(progress=5, backend="loky"), "progress: expected a function or None, found int"),
    ],
)
def test_other_kinds_of_arguments_are_type_errors(how: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=re.escape(message)):
        run(**how)


@pytest.mark.parametrize(
    "endless", [range(1, 200_000_000), range(10**30), itertools.count(1)], ids=str
)
def test_values_without_end_are_not_read_to_their_end(endless: Any) -> None:
    with pytest.raises(ParameterError, match=r"^params\['fast'\]: expected at most 10,000,000 v"):
        run({"fast": endless})
    with pytest.raises(ParameterError, match="^grid: expected at most 10,000,000 combinations"):
        run(grid=endless)


def frame(kind: str, columns: dict[str, list[float]]) -> Any:
    if kind == "pyarrow":
        return pytest.importorskip("pyarrow").table(columns)
    return pytest.importorskip(kind).DataFrame(columns)


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow"])
def test_a_table_is_read_by_row_and_by_the_names_of_its_columns(kind: str) -> None:
    assert rows(run(grid=frame(kind, {"slow": [20, 40, 60], "fast": [5, 6, 7]}))) == [
        (5, 20, 1.5), (6, 40, 1.5), (7, 60, 1.5),
    ]  # fmt: skip
    with pytest.raises(NotFoundError, match="fsat: expected one of fast, slow, level; did you"):
        run(grid=frame(kind, {"fsat": [5, 6]}))


def test_a_table_with_a_column_twice_is_refused() -> None:
    pandas, arrow = pytest.importorskip("pandas"), pytest.importorskip("pyarrow")
    names, column = ["fast", "fast", "slow"], arrow.array([5])
    for twice in (
        pandas.DataFrame([[5, 6, 20]], columns=names),
        arrow.Table.from_arrays([column, column, column], names=names),
    ):
        with pytest.raises(ParameterError, match="^grid: expected a column a PARAM, found several"):
            run(grid=twice)


def test_a_table_that_is_still_to_be_made_is_no_list() -> None:
    polars = pytest.importorskip("polars")
    with pytest.raises(TypeError, match="^grid: expected a list of combinations, .*LazyFrame"):
        run(grid=polars.LazyFrame({"fast": [5, 6]}))


def test_flags_of_numpy_are_flags() -> None:
    assert run(maximize=np.False_).best.params != run(maximize=np.True_).best.params


def test_minus_zero_is_zero_in_every_kind_of_grid() -> None:
    text = "PARAM k = 1 IN 0..1\nIF close > k THEN BUY"
    kinds: tuple[Any, ...] = ([{"k": -0.0}], [[-0.0]], np.array([(-0.0,)], [("k", "f8")]))
    for grid in kinds:
        assert not np.signbit(sweep(BARS, text, grid=grid).best.params["k"])
    assert not np.signbit(sweep(BARS, text, {"k": [-0.0]}).best.params["k"])


def test_a_strategy_without_params_is_refused() -> None:
    with pytest.raises(ParameterError, match="it has no PARAM, so there is nothing to sweep"):
        sweep(BARS, "IF close > 1 THEN BUY")
    with pytest.raises(ParameterError, match=r"have no range .* say which values to try"):
        sweep(BARS, "PARAM p = 3\nIF close > p THEN BUY")
    with pytest.raises(ParameterError, match="expected one whose PARAMs to sweep, found none"):
        sweep({"A": BARS}, {}, {"p": [1]})


def test_strategies_of_several_symbols_have_the_same_params() -> None:
    data = {"A": BARS, "B": BARS[10:200]}
    one, two = "PARAM p = 3\nIF close > p THEN BUY", "PARAM q = 3\nIF close > q THEN BUY"
    same = "PARAM p = 3\nIF close < p THEN SELL"
    with pytest.raises(ParameterError, match="'A' has p = 3, 'B' has q = 3"):
        sweep(data, {"A": one, "B": two}, {"p": [1]})
    found = sweep(data, {"A": one, "B": same}, {"p": [1, 1e9]}, size="20%")
    assert found.table["trades"].tolist() == [0, 0]
    assert found.table["open_trades"].tolist() == [1, 1]
    assert len(sweep(data, {"A": one}, {"p": [1]}, size="20%")) == 1


def test_more_combinations_than_memory_holds_are_refused_with_their_size() -> None:
    text = "PARAM a = 1\nPARAM b = 1\nPARAM c = 1\nIF close > a + b + c THEN BUY"
    many = np.linspace(0, 1, 10_000)
    with pytest.raises(OutOfMemoryError, match=r"1,000,000,000,000 combinations: .* TB"):
        sweep(BARS, text, {"a": many, "b": many, "c": many})
    with pytest.raises(OutOfMemoryError, match=r"100,000,000 combinations: .* curves of 300 steps"):
        sweep(BARS, text, {"a": many, "b": many}, curves=True)
    larger = np.linspace(0, 1, 100_000)
    with pytest.raises(ParameterError, match="100,000 of a x 100,000 of b x 100,000 of c are"):
        sweep(BARS, text, {"a": larger, "b": larger, "c": larger})
    with pytest.raises(ParameterError, match="may have with where; draw some of them"):
        sweep(BARS, text, {"a": larger, "b": larger}, where="a < b")
    with pytest.raises(ParameterError, match=r"params\['p'\]: expected at most 10,000,000 values"):
        sweep(BARS, "PARAM p = 0 IN 0..1 STEP 1e-9\nIF close > p THEN BUY")


def test_data_at_fault_are_named_as_by_backtest() -> None:
    bad = {name: np.array(column) for name, column in BARS.columns.items()}
    bad["low"][7] = -1
    with pytest.raises(DataError, match="bar 7: low must be a finite number > 0"):
        sweep(bad, STRATEGY, {"fast": [5]})
    with pytest.raises(ParameterError, match="nothing to measure"):
        sweep(BARS[:0], STRATEGY, {"fast": [5]})


# ------------------------------------------- combinations that cannot be run


MACD = """
PARAM fast = 12 IN 2..40
PARAM slow = 26 IN 2..40
IF MACD(fast, slow, 9).hist > 0 THEN BUY
IF MACD(fast, slow, 9).hist < 0 THEN SELL
"""


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("values", [[5, 10, 20], [20, 10, 5]])
def test_a_combination_that_cannot_be_run_is_a_row_that_says_so(
    values: list[int], threads: int
) -> None:
    found = sweep(BARS, MACD, {"fast": values, "slow": values}, metrics=["sortino"], curves=True,
                  n_jobs=threads)  # fmt: skip
    table = found.table
    bad = table["fast"] >= table["slow"]
    assert np.array_equal(table["refused"], bad) and found.refused == 6
    assert found.refusal is not None and "fast: expected less than slow" in found.refusal
    assert "6 cannot be run: MACD" in found.summary()
    assert np.isnan(table["sharpe"][bad]).all() and np.isnan(table["final_equity"][bad]).all()
    assert not table["trades"][bad].any() and np.isnan(table["sortino"][bad]).all()
    assert found.curves is not None and np.isnan(found.curves[bad]).all()
    kept = sweep(BARS, MACD, {"fast": values, "slow": values}, where="fast < slow",
                 metrics=["sortino"], curves=True)  # fmt: skip
    assert table[~bad].tobytes() == kept.table.tobytes()
    assert kept.curves is not None and np.array_equal(found.curves[~bad], kept.curves)
    assert not found.best.row["refused"]


#: What reads `fast` alone is linked before it is known that the combination cannot be run.
LATE = """
PARAM fast = 12 IN 2..40
PARAM slow = 26 IN 2..40
a = EMA(close, fast)
b = STDDEV(close, fast)
IF close > a AND MACD(fast, slow, 9).hist > 0 THEN BUY STOP 2*b
IF close < a OR MACD(fast, slow, 9).hist < 0 THEN SELL
"""


@pytest.mark.parametrize("threads", [1, 2])
def test_combinations_beside_refused_ones_are_what_they_are_alone(threads: int) -> None:
    rng = np.random.default_rng(threads)
    pairs = rng.integers(2, 40, (300, 2)).astype(float)
    pairs[rng.random(300) < 0.1, 0] += 0.5  # no length of an EMA
    found = sweep(BARS, LATE, grid=pairs, n_jobs=threads)
    bad = (pairs[:, 0] >= pairs[:, 1]) | (pairs[:, 0] % 1 != 0)
    assert 100 < bad.sum() < 250 and np.array_equal(found.table["refused"], bad)
    kept = sweep(BARS, LATE, grid=pairs[~bad], n_jobs=threads)
    assert found.table[~bad].tobytes() == kept.table.tobytes()
    one_by_one = sweep(BARS, LATE, grid=pairs, n_jobs=threads, metrics=["sortino"])
    for name in found.table.dtype.names or ():
        assert found.table[name].tobytes() == one_by_one.table[name].tobytes(), name
    first = int(np.argmax(bad))
    with pytest.raises(ParameterError) as alone:
        backtest(BARS, LATE, params=dict(zip(("fast", "slow"), pairs[first], strict=True)))
    assert str(alone.value) == found.refusal == one_by_one.refusal


def test_lengths_that_are_not_whole_are_refused_alone() -> None:
    found = sweep(BARS, STRATEGY, {"fast": [5, 5.5, 6]})
    assert found.table["refused"].tolist() == [False, True, False]


def test_when_no_combination_can_be_run_there_is_no_result() -> None:
    with pytest.raises(ParameterError, match="none of the 2 combinations can be run: MACD"):
        sweep(BARS, MACD, {"fast": [30, 40], "slow": [20]})
