"""Every trap that the core's rules name ("was: ..."), a claim each: layout, indicators, strategies.

By section and line of the specification of the core, the trap in brackets, and the claims that
hold it off:

C ABI layout
- 11: Action is a u8 [a plain C enum is 4 bytes]: test_action_is_one_byte
- 23: hquant_new(2^40) is NULL [abort]: test_huge_capacity_is_refused_not_aborted_on
- 25: a failed add burns no id, leaves nothing [burned ids, leftover indicators]:
  test_failed_boll_leaves_no_sma_behind, test_failed_strategy_burns_no_id

Indicators
- 39: any period with any capacity [period >= capacity wrong or NaN for ever; RSI with period =
  capacity - 1 never left seeding]: test_period_may_exceed_the_ring,
  test_rsi_of_capacity_less_one_leaves_seeding
- 41: late additions are warmed from the ring [garbage, false signals]:
  test_late_indicator_is_warmed_from_the_ring, test_late_strategy_gives_no_false_signal
- 43: updates leave the committed state alone [running sums shifted by new - old]:
  test_updates_do_not_shift_running_sums
- 47: accuracy [sum of squares less square of mean 40 % off at 60000 +- 0.001; a print of 1e20
  spoiled the SMA for ever]: test_stddev_of_a_tick_at_60000_is_right,
  test_print_of_1e20_does_not_stay
- 51: a bar that is not finite is refused whole [one NaN poisoned SMA and EMA for ever, STDDEV read
  0.0]: test_nan_bar_poisons_nothing, test_stddev_never_shows_zero_for_an_unknown

Strategies
- 60: three-valued logic [NOT RSI(14) > 70 fired on every warm-up bar]:
  test_not_of_unknown_does_not_fire_during_warm_up

The traps of periods, aggregation, MultiHQuant and FuturesBacktest are held off in tests/market and
tests/exec; the laws of the whole table stand in test_indicator_laws.
"""

from __future__ import annotations

import numpy as np
import pytest
from indicator_table import Engine, batch, random_bars, spec_of

from hquant_cffi._ffi import ffi, lib
from hquant_cffi.dsl import compile_text


def engine_with(capacity: int, closes: list[float]) -> Engine:
    engine = Engine(capacity)
    for t, close in enumerate(closes):
        assert engine.push(bar(t, close)) == lib.HQ_OK
    return engine


def bar(t: int, close: float) -> tuple[float, ...]:
    return (60_000 * t, close, close, close, close, 1.0, 0.5)


def close_of(engine: Engine, identity: int) -> float:
    return float(lib.hquant_indicator_last(engine.handle, identity).a)


# ------------------------------------------------------------------ C ABI layout


def test_action_is_one_byte() -> None:
    assert ffi.sizeof("Action") == ffi.sizeof("IndicatorValueKind") == 1
    assert (lib.ACTION_BUY, lib.ACTION_SELL, lib.ACTION_HOLD) == (1, 2, 3)
    assert ffi.sizeof("Signal") == 16
    assert ffi.offsetof("Signal", "timestamp") == 8


def test_padding_of_a_signal_is_zero() -> None:
    engine = Engine(4)
    assert engine.add_program(compile_text("IF close > 0 THEN SELL\n").bytecode) == 1
    engine.push(bar(7, 1.0))
    out = ffi.new("Signal *")
    ffi.memmove(out, b"\xff" * 16, 16)
    assert lib.hquant_poll_signals(engine.handle, out, 1) == 1
    wanted = b"\x01\0\0\0" + b"\x02" + b"\0\0\0" + (420_000).to_bytes(8, "little")
    assert bytes(ffi.buffer(out)) == wanted


@pytest.mark.parametrize("capacity", [2**40, 2**63, 2**64 - 1, 2**27 + 1, 0])
def test_huge_capacity_is_refused_not_aborted_on(capacity: int) -> None:
    lib.hq_clear_error()
    assert lib.hquant_new(capacity) == ffi.NULL
    assert lib.hq_last_error().code == lib.HQ_EINVAL
    assert str(capacity) in ffi.string(lib.hq_last_error().message).decode()


def test_failed_boll_leaves_no_sma_behind() -> None:
    engine = Engine(8)
    assert lib.hquant_add_boll(engine.handle, 20, float("nan")) == 0
    assert lib.hquant_add_macd(engine.handle, 26, 12, 9) == 0
    assert lib.hq_indicator_column(engine.handle, 1, 0).ptr == ffi.NULL
    assert lib.hquant_add_rsi(engine.handle, 14) == 1


def test_failed_strategy_burns_no_id() -> None:
    engine = Engine(8)
    program = compile_text("IF SMA(3) > 0 THEN BUY\n").bytecode
    broken = bytearray(program)
    broken[-9] ^= 1
    for bad in (bytes(broken), program[:-1], b"HQBC", b"\xff\xfe", b"IF"):
        assert engine.add_program(bad) == 0
        assert lib.hq_last_error().code != lib.HQ_OK
    assert engine.add_program(program) == 1
    assert lib.hq_indicator_column(engine.handle, 1, 0).ptr == ffi.NULL
    assert lib.hquant_add_sma_close(engine.handle, 3) == 1


# ------------------------------------------------------------------ indicators


@pytest.mark.parametrize("capacity", [1, 2, 4, 5])
def test_period_may_exceed_the_ring(capacity: int) -> None:
    engine = Engine(capacity)
    sma = lib.hquant_add_sma_close(engine.handle, 5)
    deviation = lib.hquant_add_stddev_close(engine.handle, 5)
    for t, close in enumerate([8.0, 8, 8, 8, 3, 8, 8, 8, 8]):
        engine.push(bar(t, close))
        assert np.isnan(close_of(engine, sma)) == (t < 4)
        if t >= 4:  # four eights and the three, wherever it stands
            assert close_of(engine, sma) == 7.0
            assert close_of(engine, deviation) == 2.0


@pytest.mark.parametrize("period", [1, 2, 14, 15, 16])
def test_rsi_of_capacity_less_one_leaves_seeding(period: int) -> None:
    closes = random_bars(1, 60).fields[3].tolist()
    for capacity in (period, period + 1, period + 2):
        engine = Engine(capacity)
        rsi = lib.hquant_add_rsi(engine.handle, period)
        for t, close in enumerate(closes):
            engine.push(bar(t, close))
            assert np.isfinite(close_of(engine, rsi)) == (t >= period)


def test_late_indicator_is_warmed_from_the_ring() -> None:
    engine = engine_with(4, [1e6, 1e6, 2, 4, 6, 8])
    assert close_of(engine, lib.hquant_add_sma_close(engine.handle, 4)) == 5.0
    assert close_of(engine, lib.hquant_add_stddev_close(engine.handle, 2)) == 1.0
    # Seeded with 2: 2, 3, 4.5, 6.25.
    ema = lib.hquant_add_ema_close(engine.handle, 3)
    assert engine.column(ema).tolist() == [2, 3, 4.5, 6.25]
    assert np.isnan(close_of(engine, lib.hquant_add_sma_close(engine.handle, 5)))
    assert close_of(engine, lib.hquant_add_rsi(engine.handle, 3)) == 100.0


def test_late_strategy_gives_no_false_signal() -> None:
    """The average of 100 bars has no value over the 20 that the ring holds, so nothing is true."""
    text = "IF SMA(100) < close THEN BUY\nIF SMA(100) >= close THEN SELL\n"
    engine = Engine(20)
    engine.push_all(random_bars(2, 150))
    engine.add_program(compile_text(text).bytecode)
    assert engine.signals() == []
    fired = []
    for t in range(100):
        engine.push(random_bars(2, 250).bar(150 + t))
        fired.append(len(engine.signals()))
    assert fired == [0] * 79 + [1] * 21


def test_updates_do_not_shift_running_sums() -> None:
    engine = engine_with(8, [1, 2])
    sma = lib.hquant_add_sma_close(engine.handle, 3)
    ema = lib.hquant_add_ema_close(engine.handle, 3)
    engine.push(bar(2, 1e99))
    for close in (1e99, -1e99, 0.1, 0.3, 0.1, 9.0):
        engine.update(bar(2, close))
    assert (close_of(engine, sma), close_of(engine, ema)) == (4.0, 5.25)
    engine.push(bar(3, 13.0))
    assert (close_of(engine, sma), close_of(engine, ema)) == (8.0, 9.125)


def test_stddev_of_a_tick_at_60000_is_right() -> None:
    x = np.array([60000.0, 60000.001, 59999.999] * 400)
    period = 20
    found = batch(spec_of("STDDEV", period), [x])[0]
    window = x[-period:]
    shifted = window - 60000.0  # exact
    true = np.sqrt(np.mean(shifted**2) - np.mean(shifted) ** 2)
    assert found[-1] == pytest.approx(true, rel=1e-12)
    # The input is hostile: the textbook form goes wrong on it by more than one part in ten.
    naive = np.sqrt(max(np.mean(window**2) - np.mean(window) ** 2, 0.0))
    assert abs(naive - true) > 0.1 * true


def test_print_of_1e20_does_not_stay() -> None:
    closes = [60000.0 + t for t in range(40)]
    closes[5] = 1e20
    running = 0.0
    engine = Engine(64)
    sma = lib.hquant_add_sma_close(engine.handle, 4)
    deviation = lib.hquant_add_stddev_close(engine.handle, 4)
    for t, close in enumerate(closes):
        running += close - (closes[t - 4] if t >= 4 else 0.0)
        engine.push(bar(t, close))
        if t >= 9:
            assert close_of(engine, sma) == close - 1.5
            assert close_of(engine, deviation) == pytest.approx(np.sqrt(1.25), rel=1e-12)
    assert running / 4 != closes[-1] - 1.5  # what a running sum would say


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), 1e101])
def test_nan_bar_poisons_nothing(bad: float) -> None:
    engine = engine_with(8, [1, 2])
    ids = [
        lib.hquant_add_sma_close(engine.handle, 2),
        lib.hquant_add_ema_close(engine.handle, 3),
        lib.hquant_add_stddev_close(engine.handle, 2),
    ]
    before = [close_of(engine, i) for i in ids]
    assert before == [1.5, 1.5, 0.5]
    for _ in range(3):
        lib.hquant_push_bar(engine.handle, bar(2, bad))  # the seed's call, which answers nothing
        assert lib.hq_last_error().code == lib.HQ_EBAR
        lib.hquant_update_last_bar(engine.handle, bar(2, bad))
    assert [close_of(engine, i) for i in ids] == before
    assert (lib.hquant_len(engine.handle), lib.hq_rejected_bars(engine.handle)) == (2, 6)
    engine.push(bar(2, 5.5))
    assert [close_of(engine, i) for i in ids] == [3.75, 3.5, 1.75]


@pytest.mark.parametrize("period", [1, 2, 5])
def test_stddev_never_shows_zero_for_an_unknown(period: int) -> None:
    x = np.arange(30.0)
    x[12] = np.nan
    found = batch(spec_of("STDDEV", period), [x])[0]
    unknown = [t for t in range(30) if t < period - 1 or 12 <= t < 12 + period]
    assert np.flatnonzero(np.isnan(found)).tolist() == unknown


# ------------------------------------------------------------------ strategies


def test_not_of_unknown_does_not_fire_during_warm_up() -> None:
    engine = Engine(64)
    for text in ("IF NOT RSI(14) > 70 THEN BUY\n", "IF !(RSI(14) > 70) THEN BUY\n"):
        assert engine.add_program(compile_text(text).bytecode) > 0
    closes = [100.0 - t for t in range(20)]  # RSI is 0 once it is known
    for t, close in enumerate(closes):
        engine.push(bar(t, close))
    fired = [(t // 60_000, strategy) for strategy, _, t in engine.signals()]
    assert fired == [(t, s) for t in range(14, 20) for s in (1, 2)]
