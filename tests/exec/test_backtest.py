"""backtest(): the whole path from bars and a strategy to a report.

The strategy reads its signals from the volume column, so that a test says which bar signals what.
"""

from __future__ import annotations

import dataclasses
import json
import signal
import threading
from collections import Counter
from pathlib import Path
from time import perf_counter

import numpy as np
import numpy.typing as npt
import pytest
from naive_backtest import BUY, HOLD, SELL, NaiveBacktest

from hquant_cffi import BacktestReport, backtest
from hquant_cffi._errors import (
    CancelledError,
    CompileError,
    DataError,
    ParameterError,
    ProgramError,
)
from hquant_cffi._ffi import ffi
from hquant_cffi._records import FILL_DTYPE, REASONS, REJECTS, TRADE_DTYPE
from hquant_cffi.data import Bars
from hquant_cffi.strategy import Strategy

SCRIPTED = "IF volume == 1 THEN BUY\nIF volume == 2 THEN SELL\nIF volume == 3 THEN HOLD\n"


def bars_of(rows: list[tuple[float, float, float, float, int]]) -> Bars:
    """Bars a minute apart; a row is open, high, low, close, action."""
    columns = np.array(rows, dtype=np.float64).reshape(len(rows), 5).T
    return Bars(60_000 * np.arange(len(rows)), *(np.ascontiguousarray(c) for c in columns))


def flat(*actions: int, price: float = 16) -> Bars:
    return bars_of([(price, price, price, price, action) for action in actions])


# BUY fills at 16 and SELL at 32 (next opens), or at 8 and 20 (closes).
TWO_SIGNALS = bars_of(
    [(10, 12, 7, 8, BUY), (16, 20, 16, 18, 0), (20, 24, 20, 20, SELL), (32, 32, 30, 31, 0)]
)

# ----------------------------------------------------------------------- layout


@pytest.mark.parametrize(("dtype", "name"), [(TRADE_DTYPE, "HqTrade"), (FILL_DTYPE, "HqFill")])
def test_record_dtype_is_the_c_struct(dtype: np.dtype[np.void], name: str) -> None:
    assert dtype.itemsize == ffi.sizeof(name)
    fields = dtype.fields
    assert fields is not None
    for field, c in ffi.typeof(name).fields:
        if field != "reserved":
            assert fields[field][1] == c.offset
            assert fields[field][0].itemsize == ffi.sizeof(c.type)
    assert set(fields) == {field for field, _ in ffi.typeof(name).fields} - {"reserved"}


# ---------------------------------------------------------------------- goldens


def test_next_open_run_worked_out_by_hand() -> None:
    report = backtest(TWO_SIGNALS, SCRIPTED, capital=1600)
    # long 100 from 16; at 32 +1600, cash 3200; short 100 from 32; at 31 +100
    assert report.equity.tolist() == [1600, 1800, 2000, 3300]
    assert report.actions.tolist() == [BUY, 0, SELL, 0]
    assert report.time.tolist() == [0, 60_000, 120_000, 180_000]
    names = ["entry_bar", "exit_bar", "entry_price", "exit_price", "quantity", "pnl", "margin"]
    assert report.trades[names].tolist() == [
        (1, 3, 16, 32, 100, 1600, 1600),
        (3, 3, 32, 31, 100, 100, 3200),
    ]
    assert report.trades["side"].tolist() == [1, -1]
    assert [REASONS[r] for r in report.trades["exit_reason"]] == ["signal", "open"]
    # the long saw 16 at worst and 32 at best, the short 32 and 30
    assert report.trades["mae"].tolist() == [0, 0] and report.trades["mfe"].tolist() == [1600, 200]
    assert not report.trades.view(np.uint8).reshape(2, 144)[:, 143:].any()  # the padding
    found = report.to_dict()
    counts = {name: value for name, value in found.items() if value and name != "options"}
    assert counts == {
        "symbols": [""],
        "bars": 4,
        "steps": 4,
        "signals": 2,
        "buy_signals": 1,
        "sell_signals": 1,
        "orders": 2,
        "filled_orders": 2,
        "rejects": dict.fromkeys(REJECTS, 0),
        "fills_count": 3,
        "trades": 1,
        "open_trades": 1,
        "final_equity": 3300,
        "total_return": 1.0625,
        "realized_pnl": 1600,
        "capital": 1600,
    }
    assert found["options"]["fill"] == "next_open" and found["options"]["capital"] == 1600


def test_close_run_worked_out_by_hand() -> None:
    report = backtest(TWO_SIGNALS, SCRIPTED, capital=1600, fill="close")
    # long 200 from 8; at 20 +2400, cash 4000; short 200 from 20; at 31 -2200
    assert report.equity.tolist() == [1600, 3600, 4000, 1800]
    assert report.max_drawdown == -0.55 and report.total_return == 0.125


def test_fee_is_taken_on_both_legs() -> None:
    data = bars_of([(16, 16, 16, 16, BUY), (32, 32, 32, 32, SELL)])
    report = backtest(data, SCRIPTED, capital=1025, fee=1 / 1024, fill="close")
    # margin 1024, fee 1, 64 units; at 32 notional 2048, fee 2
    assert report.trades[0]["fees"] == 3 and report.trades[0]["pnl"] == 1021


def test_liquidation_at_the_adverse_extreme() -> None:
    data = bars_of([(16, 16, 16, 16, BUY), (16, 18, 11, 17, SELL), (17, 17, 17, 17, 0)])
    report = backtest(data, SCRIPTED, capital=1600, leverage=4)
    # 400 units, bankrupt at 12; at the low of 11 -2000: 400 are missing
    assert report.liquidated and report.liquidation_loss == -400 and report.total_return == -1
    assert report.trades[0]["exit_price"] == 11 and report.trades[0]["exit_reason"] == 2
    assert report.rejected_orders == 1 and report.equity.tolist() == [1600, 0, 0]
    assert "liquidated" in repr(report)


def test_ignored_dropped_and_hold_are_counted() -> None:
    report = backtest(flat(BUY, BUY, HOLD, SELL, SELL), SCRIPTED)
    assert (report.ignored_same_side, report.dropped_last_bar) == (1, 1)
    assert (report.signals, report.hold_signals, report.fills_count) == (5, 1, 3)


# ------------------------------------------------------------------------- laws


def random_tape(rng: np.random.Generator, length: int) -> Bars:
    gaps = 1 + rng.uniform(-0.02, 0.02, length) * (rng.random(length) < 0.2)
    moves = 1 + rng.uniform(-0.05, 0.05, length)
    close = 100 * np.cumprod(gaps * moves)
    open_ = np.concatenate([[100.0], close[:-1]]) * gaps
    high = np.maximum(open_, close) * (1 + rng.uniform(0, 0.02, length))
    low = np.minimum(open_, close) * (1 - rng.uniform(0, 0.02, length))
    actions = rng.choice([0, 0, 0, BUY, SELL, HOLD], length).astype(np.float64)
    return Bars(60_000 * np.arange(length), open_, high, low, close, actions)


def assert_agrees(report: BacktestReport, naive: NaiveBacktest) -> None:
    scale = 1e-9 * (naive.capital + max(naive.equity)) * naive.leverage
    np.testing.assert_allclose(report.equity, naive.equity, rtol=1e-9, atol=scale)
    found = report.to_dict()
    assert found["fills_count"] == naive.counts["fills"]
    for name in ("signals", "trades", "ignored_same_side", "rejected_orders"):
        assert found[name] == naive.counts[name], name
    assert report.dropped_last_bar == naive.counts["dropped_last_bar"]
    assert report.liquidated == naive.account.dead
    assert report.max_drawdown == pytest.approx(naive.drawdown, abs=1e-9)
    assert report.final_equity == pytest.approx(naive.final, rel=1e-9, abs=scale)
    assert report.fees == pytest.approx(float(naive.account.paid), rel=1e-9, abs=scale)
    assert len(report.trades) == len(naive.trades)
    for mine, exact in zip(report.trades, naive.trades, strict=True):
        for name in ("entry_bar", "exit_bar", "side", "exit_reason"):
            assert mine[name] == exact[name]
        for name in ("entry_price", "exit_price", "quantity", "fees", "margin"):
            assert mine[name] == pytest.approx(float(exact[name]), rel=1e-9, abs=scale)
        assert mine["pnl"] == pytest.approx(float(exact["pnl"]), rel=1e-9, abs=scale)


def test_random_tapes_agree_with_the_naive_run() -> None:
    rng = np.random.default_rng(11)
    reached: Counter[str] = Counter()
    for number in range(60):
        data = random_tape(rng, 150)
        leverage = (1.0, 3.0, 8.0)[number % 3]
        fee, maintenance = rng.choice([0, 0.0004, 0.002]), rng.choice([0, 0.005, 0.05])
        for fill in ("next_open", "close"):
            naive = NaiveBacktest(5000.0, leverage, float(fee), float(maintenance), fill)
            rows = zip(data.open, data.high, data.low, data.close, strict=True)
            naive.run([tuple(map(float, row)) for row in rows], data.volume.astype(int).tolist())
            report = backtest(
                data,
                SCRIPTED,
                capital=5000,
                leverage=leverage,
                fee=float(fee),
                maintenance_margin=float(maintenance),
                fill=fill,
            )
            assert_agrees(report, naive)
            reached["liquidation"] += report.liquidated
            reached["survival"] += not report.liquidated
            reached["reversal"] += report.closed_trades > 5
            reached["left over"] += report.liquidation_loss > 0
            reached["missing"] += report.liquidation_loss < 0
    assert all(reached[event] >= 3 for event in reached) and len(reached) == 5, reached


def test_contract_size_changes_no_bit_of_a_run() -> None:
    data = random_tape(np.random.default_rng(3), 400)
    reports = [backtest(data, SCRIPTED, fee=0.0004, contract_size=size) for size in (1, 0.001, 50)]
    for other in reports[1:]:
        assert other.equity.tobytes() == reports[0].equity.tobytes()
        assert other.trades.view("V144").tobytes() == reports[0].trades.view("V144").tobytes()


def test_future_bars_do_not_change_the_past() -> None:
    data = random_tape(np.random.default_rng(4), 300)
    whole = backtest(data, SCRIPTED, leverage=2, fee=0.0004)
    for cut in (1, 2, 57, 299):
        part = backtest(data[:cut], SCRIPTED, leverage=2, fee=0.0004)
        assert part.equity.tobytes() == whole.equity[:cut].tobytes()
        assert part.actions.tobytes() == whole.actions[:cut].tobytes()


# ----------------------------------------------------------------- the strategy


def test_every_form_of_a_strategy_gives_the_same_run(tmp_path: Path) -> None:
    data = random_tape(np.random.default_rng(5), 200)
    compiled = Strategy.compile(SCRIPTED)
    text, program = tmp_path / "s.hq", tmp_path / "s.hqbc"
    text.write_text(SCRIPTED, encoding="utf-8")
    program.write_bytes(compiled.bytecode)
    expected = backtest(data, SCRIPTED)
    assert expected.closed_trades > 10
    for form in (compiled, compiled.bytecode, text, str(text), program, str(program)):
        assert backtest(data, form).equity.tobytes() == expected.equity.tobytes()


def test_strategy_that_cannot_be_run_is_refused(tmp_path: Path) -> None:
    data = flat(BUY, SELL)
    with pytest.raises(CompileError):
        backtest(data, "IF volume === 1 THEN BUY")
    with pytest.raises(ProgramError):
        backtest(data, b"HQBC and no more")
    with pytest.raises(FileNotFoundError):
        backtest(data, str(tmp_path / "missing.hq"))
    other = tmp_path / "strategy.txt"
    other.write_text(SCRIPTED)
    with pytest.raises(ParameterError, match=r"\.hq \(text\) or \.hqbc"):
        backtest(data, other)
    latin = tmp_path / "latin.hq"
    latin.write_bytes(b"# caf\xe9\n" + SCRIPTED.encode())
    with pytest.raises(CompileError, match="not UTF-8 at byte 5"):
        backtest(data, latin)
    with pytest.raises(TypeError, match="strategy: expected"):
        backtest(data, 5)  # type: ignore[arg-type]


def test_buy_volume_must_be_there_when_it_is_read() -> None:
    data = flat(BUY, SELL, 0)
    reads = "IF buy_volume >= 1 THEN BUY"
    with pytest.raises(ParameterError, match="buy_volume"):
        backtest(data, reads)
    known = dataclasses.replace(data, buy_volume=np.array([0.0, 1.0, 1.0]))
    assert backtest(known, reads).buy_signals == 2


# -------------------------------------------------------------------- bad input


def test_bad_options_are_refused_by_name() -> None:
    data = flat(BUY, SELL)
    bad: list[tuple[dict[str, object], str]] = [
        ({"capital": 0}, "^capital"),
        ({"capital": float("nan")}, "^capital"),
        ({"leverage": 0.5}, "leverage"),
        ({"fee": -0.1}, "^fee"),
        ({"contract_size": 0}, "contract_size"),
        ({"maintenance_margin": float("inf")}, "^maintenance_margin"),
        ({"fill": "open"}, "fill: expected one of next_open, close, limit"),
    ]
    for options, message in bad:
        with pytest.raises(ParameterError, match=message):
            backtest(data, SCRIPTED, **options)  # type: ignore[arg-type]


def test_prices_that_cannot_be_traded_are_refused_by_bar() -> None:
    data = bars_of([(16, 16, 16, 16, 0), (16, 16, 0, 16, 0)])
    with pytest.raises(DataError, match="bar 1: low must be a finite number > 0"):
        backtest(data, SCRIPTED)


def test_no_bars_give_an_empty_report() -> None:
    report = backtest(flat(BUY)[:0], SCRIPTED)
    assert report.bars == 0 and report.final_equity == 10_000 and len(report.trades) == 0


# --------------------------------------------------------------------- progress


def long_flat(length: int) -> Bars:
    ones = np.ones(length)
    silent: npt.NDArray[np.float64] = np.zeros(length)
    return Bars(60_000 * np.arange(length), ones, ones, ones, ones, silent)


def test_progress_is_called_and_ends_at_the_total() -> None:
    calls: list[tuple[int, int]] = []
    length = 3 * 65_536 + 7
    backtest(long_flat(length), SCRIPTED, progress=lambda *call: calls.append(call))
    assert calls[-1] == (length, length) and len(calls) == 4
    assert calls == sorted(calls)


def test_progress_can_cancel() -> None:
    with pytest.raises(CancelledError, match="65536 of 200000"):
        backtest(long_flat(200_000), SCRIPTED, progress=lambda done, total: True)


def test_exception_of_progress_is_raised_and_not_printed(
    capfd: pytest.CaptureFixture[str],
) -> None:
    def fail(done: int, total: int) -> None:
        raise RuntimeError(f"after {done}")

    with pytest.raises(RuntimeError, match="after 65536") as caught:
        backtest(long_flat(200_000), SCRIPTED, progress=fail)
    assert "fail" in [entry.name for entry in caught.traceback]
    assert capfd.readouterr() == ("", "")


def test_interrupt_in_progress_is_raised_and_the_next_run_is_sound() -> None:
    def interrupt(done: int, total: int) -> None:
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        backtest(long_flat(200_000), SCRIPTED, progress=interrupt)
    assert backtest(long_flat(200_000), SCRIPTED).bars == 200_000


def test_interrupt_ends_a_run_that_has_no_progress() -> None:
    data = long_flat(4_000_000)
    took = 0.05  # seconds, of the run before
    for attempt in range(100):  # the timer may lose the race; NumPy drops what its own checks raise
        finished = False
        delay = took * (1 + attempt % 5) / 6
        timer = threading.Timer(delay, signal.raise_signal, [signal.SIGINT])
        try:
            timer.start()
            start = perf_counter()
            backtest(data, SCRIPTED)
            finished = True
            took = perf_counter() - start
            timer.join()
            for _ in range(10):  # what another thread raises is seen in this one a little later
                threading.Event().wait(0.01)
        except KeyboardInterrupt:
            if not finished:
                return
    pytest.fail("100 runs were never interrupted")


def test_progress_may_run_a_backtest() -> None:
    inner: list[int] = []

    def nested(done: int, total: int) -> None:
        inner.append(backtest(flat(BUY, SELL), SCRIPTED, progress=lambda *_: None).bars)

    assert backtest(long_flat(100_000), SCRIPTED, progress=nested).bars == 100_000
    assert inner == [2, 2]


# ----------------------------------------------------------------------- report


def test_report_is_frozen_readable_and_json() -> None:
    report = backtest(TWO_SIGNALS, SCRIPTED, capital=1600)
    with pytest.raises(dataclasses.FrozenInstanceError):
        report.bars = 5  # type: ignore[misc]
    assert json.loads(json.dumps(report.to_dict())) == report.to_dict()
    assert repr(report) == ("<BacktestReport: 4 bars, 1 trades, return +106.25%, drawdown 0.00%>")
    assert "total return  +106.25%" in str(report) and "1 + 1 open" in report.summary()
