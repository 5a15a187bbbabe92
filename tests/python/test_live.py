"""Live views: what they show is what can be asked for, to the bit, after every call.

Beside each one the same outputs as C reads them in place (`hq_engine_newest()`).
"""

from __future__ import annotations

import gc
import math
import struct
from collections.abc import Callable

import numpy as np
import pytest

from hquant_cffi import Bars, DataError, HQuant, MultiHQuant, NotFoundError, ParameterError
from hquant_cffi._ffi import ffi, lib

COUNT = 120
#: Name, parameters, outputs: with one and several, known at once and unknown for long.
INDICATORS = [
    ("MACD", (3, 7, 4), 3),
    ("STOCH", (), 2),
    ("HA", (), 4),
    ("EMA", (5,), 1),
    ("SMA", (40,), 1),
]
CHANGING = "PARAM n = 3 IN 2..60\nIF EMA(n) > SMA(close, n) AND RSI(n) < 70 THEN BUY"


def random_bars(seed: int, count: int = COUNT) -> Bars:
    noise = np.random.default_rng(seed)
    close = 100 + noise.normal(size=count).cumsum()
    return Bars(np.arange(count) * 60_000, close, close + 1, close - 1, close, noise.random(count))


ROWS: list[tuple[int, float, float, float, float, float]] = list(
    zip(*(column.tolist() for column in random_bars(1).columns.values()), strict=True)
)


def add_all(engine: HQuant) -> list[tuple[int, int]]:
    return [
        (engine.add_indicator(name, *params), output)
        for name, params, count in INDICATORS
        for output in range(count)
    ]


def bits(values: memoryview[float] | list[float]) -> bytes:
    return struct.pack(f"{len(values)}d", *values)


def asked_for(engine: HQuant, outputs: list[tuple[int, int]]) -> list[float]:
    return [engine.indicator_values(id)[output] for id, output in outputs]


class InPlace:
    """Newest values as hquant/engine.h's hq_newest_value() reads them."""

    def __init__(self, engine: HQuant, outputs: list[tuple[int, int]]) -> None:
        self.newest = ffi.new("HqNewest *")
        wanted = ffi.new("HqIndicatorOutput[]", outputs)
        status = lib.hq_engine_newest(engine._opened(), wanted, len(outputs), self.newest)
        assert status == lib.HQ_OK and self.newest.count == len(outputs)

    def values(self) -> list[float]:
        """Return what stands there; one NaN for all."""
        line, places = self.newest.values[0], ffi.unpack(self.newest.places, self.newest.count)
        return [math.nan if math.isnan(line[place]) else line[place] for place in places]


class Watched:
    """An engine and views of it: of everything, of parts, in another order."""

    def __init__(self, engine: HQuant) -> None:
        self.engine = engine
        self.views: list[tuple[list[tuple[int, int]], memoryview[float]]] = []
        self.in_place: list[InPlace] = []
        outputs = add_all(engine)
        for chosen in (outputs, outputs[::-1], outputs[2:3], [outputs[-1]] * 3):
            self.watch(chosen)

    def watch(self, outputs: list[tuple[int, int]]) -> None:
        self.views.append((outputs, self.engine.live(*outputs)))
        self.in_place.append(InPlace(self.engine, outputs))
        self.check()

    def check(self) -> None:
        for (outputs, view), newest in zip(self.views, self.in_place, strict=True):
            assert bits(view) == bits(asked_for(self.engine, outputs)) == bits(newest.values())


def test_live_shows_what_can_be_asked_for_after_every_push_and_update() -> None:
    watched = Watched(HQuant(16))
    seen = set()
    for time, *prices in ROWS:
        watched.engine.push_bar(time, *(1.01 * x for x in prices))
        watched.check()
        watched.engine.update_last_bar(time, *prices)
        watched.check()
        seen.add(watched.views[2][1][0])
    assert len(seen) > COUNT / 2
    assert not any(map(math.isnan, watched.views[0][1]))


@pytest.mark.parametrize("several", [False, True], ids=["one", "with another before it"])
@pytest.mark.parametrize("length", range(1, 12))
def test_live_views_of_every_length_show_what_can_be_asked_for(length: int, several: bool) -> None:
    """Odd ones, too, and wherever among their values the unknown ones stand."""
    for turn in range(3):
        engine = HQuant(64)
        outputs = add_all(engine)
        asked = (outputs[turn:] + outputs)[:length]
        if several:
            engine.live(*outputs[:3])
        view = engine.live(*asked)
        for row in ROWS[:60]:
            engine.push_bar(*row)
            assert bits(view) == bits(asked_for(engine, asked))


def test_live_shows_the_newest_values_after_push_bars() -> None:
    watched = Watched(HQuant(16))
    bars = random_bars(2)
    for start, stop in [(0, 1), (1, 1), (1, 60), (60, COUNT)]:
        watched.engine.push_bars(bars[start:stop])
        watched.check()


def test_live_shows_the_last_bar_taken_when_a_later_one_is_refused() -> None:
    watched, plain = Watched(HQuant(16)), HQuant(16)
    outputs = add_all(plain)
    bars = random_bars(3)
    close = bars.close.copy()
    bars = Bars(bars.timestamp, bars.open, bars.high, bars.low, close, bars.volume)
    plain.push_bars(bars[:70])
    close[70] = math.nan  # behind the back of the check
    with pytest.raises(DataError, match="row 70"):
        watched.engine.push_bars(bars)
    with pytest.raises(DataError):
        watched.engine.push_bar(10**9, math.nan, 1.0, 1.0, 1.0, 1.0)
    watched.check()
    assert bits(watched.views[0][1]) == bits(asked_for(plain, outputs))


@pytest.mark.parametrize("text", [CHANGING, CHANGING.replace("EMA(n)", "EMA(close@5m, n)")])
def test_late_additions_and_changed_parameters_do_not_disturb_live(text: str) -> None:
    engine = HQuant(64, bar_period="1m")
    strategy = engine.add_strategy("first", text)  # its nodes stand before the indicators'
    watched = Watched(engine)
    for bar, row in enumerate(ROWS):
        engine.push_bar(*row)
        watched.check()
        if bar % 3 == 0:
            engine.set_param(strategy, "n", 2 + bar % 50)
            watched.check()
        if bar % 10 == 5:
            watched.watch([(engine.add_rsi(2 + bar), 0), (1, 0)])


def test_a_refused_change_leaves_live_as_it_was() -> None:
    watched = Watched(HQuant(16))
    strategy = watched.engine.add_strategy("s", CHANGING)
    for row in ROWS[:50]:
        watched.engine.push_bar(*row)
    before = bits(watched.views[0][1])
    with pytest.raises(ParameterError):
        watched.engine.set_param(strategy, "n", 61)
    with pytest.raises(NotFoundError):
        watched.engine.live(1, 99)
    assert bits(watched.views[0][1]) == before
    watched.engine.push_bar(*ROWS[50])
    watched.check()


def test_engines_of_a_multi_are_live() -> None:
    with MultiHQuant(16, ["1m", "7m"]) as multi:
        watched = [Watched(multi.engine(period)) for period in ("1m", "7m")]
        for row in ROWS:
            multi.feed_bar(*row)
            for each in watched:
                each.check()
        assert bits(watched[0].views[0][1]) != bits(watched[1].views[0][1])


def test_a_snapshot_holds_no_live_view_and_a_loaded_engine_gives_one() -> None:
    watched = Watched(HQuant(16))
    for row in ROWS[:60]:
        watched.engine.push_bar(*row)
    saved = watched.engine.save()
    before = bits(watched.views[0][1])
    again = HQuant.load(saved)
    view = again.live(*watched.views[0][0])
    assert bits(view) == before
    again.push_bar(*ROWS[60])
    assert bits(view) != before == bits(watched.views[0][1])
    watched.engine.push_bar(*ROWS[60])
    assert bits(view) == bits(watched.views[0][1])
    assert HQuant.load(saved).save() == saved


# --------------------------------------------------------------------- the memory


def test_live_is_read_only_and_numpy_views_it() -> None:
    engine = HQuant(4)
    view = engine.live(engine.add_sma_close(1))
    array = np.asarray(view)
    assert (view.format, view.shape, view.readonly) == ("d", (1,), True)
    with pytest.raises(TypeError):
        view[0] = 1.0
    engine.push_bar(*ROWS[0])
    assert array[0] == view[0] == ROWS[0][4]
    assert array.dtype == np.float64 and not array.flags.writeable


def test_the_same_outputs_asked_for_again_are_the_same_memory() -> None:
    engine = HQuant(4)
    macd = engine.add_macd(2, 3, 2)

    def address(*outputs: int | tuple[int, int]) -> int:
        return np.asarray(engine.live(*outputs)).ctypes.data

    assert address(macd, (macd, 1)) == address((macd, 0), (macd, 1)) != address(macd)
    engine.live(macd).release()
    assert math.isnan(engine.live(macd)[0])


def test_live_outlives_its_engine() -> None:
    engine = HQuant(4)
    view = engine.live(engine.add_sma_close(1))
    engine.push_bar(*ROWS[0])
    engine.close()
    assert view[0] == ROWS[0][4]
    del engine
    gc.collect()
    others = [HQuant(4) for _ in range(50)]  # what would be put where freed memory was
    assert view[0] == ROWS[0][4] and len(others) == 50


def test_live_of_a_multi_follows_it_when_nothing_else_of_the_period_is_left() -> None:
    multi = MultiHQuant(4, ["1m"])
    engine = multi.engine("1m")
    view = engine.live(engine.add_sma_close(1))
    del engine
    gc.collect()
    for row in ROWS[:3]:
        multi.feed_bar(*row)
        assert view[0] == row[4]
    multi.close()
    assert view[0] == ROWS[2][4]


# ---------------------------------------------------------------------- refusals


def test_an_engine_without_indicators_says_so() -> None:
    with pytest.raises(NotFoundError, match="there are none yet, found id 7; add one first"):
        HQuant(4).indicator_last(7)


REFUSED: list[tuple[Callable[[HQuant], object], type[Exception], str]] = [
    (lambda e: e.live(), ParameterError, r"outputs: expected 1\.\.65536 of them, found 0"),
    (lambda e: e.live(*[1] * 65_537), ParameterError, "found 65537"),
    (lambda e: e.live(0), NotFoundError, r"expected an id in 1\.\.3, found 0"),
    (lambda e: e.live(1, 4), NotFoundError, r"expected an id in 1\.\.3, found 4"),
    (lambda e: e.live(-1), NotFoundError, "found -1"),
    (lambda e: e.live(2**32), NotFoundError, "found 4294967296"),
    (lambda e: e.live((1, 1)), NotFoundError, r"indicator 1 \(EMA\): output: expected 0\.\.0"),
    (lambda e: e.live((3, 3)), NotFoundError, r"indicator 3 \(MACD\): output: .* 0\.\.2, found 3"),
    (lambda e: e.live((3, -1)), NotFoundError, "output: expected .* found -1"),
    (lambda e: e.live((3, 2**40)), NotFoundError, "output: expected .* found 1099511627776"),
    (lambda e: e.live(1.0), TypeError, "id: expected an int, found float"),  # type: ignore[arg-type]
    (lambda e: e.live((3, "hist")), TypeError, "output: expected an int"),  # type: ignore[arg-type]
    (lambda e: e.live((3,)), TypeError, r"expected an id or \(id, output\)"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(
    ("outputs", "message"), [([(1, 0), (4, 0)], "found 4"), ([(3, 3)], "found 3")]
)
def test_what_is_not_there_is_not_read_in_place(
    outputs: list[tuple[int, int]], message: str
) -> None:
    engine = HQuant(4)
    assert engine.add_macd(2, 3, 2) == 3
    newest = ffi.new("HqNewest *")
    wanted = ffi.new("HqIndicatorOutput[]", outputs)
    status = lib.hq_engine_newest(engine._opened(), wanted, len(outputs), newest)
    assert status == lib.HQ_ENOTFOUND and newest.values == newest.places == ffi.NULL
    assert message in ffi.string(lib.hq_last_error().message).decode()


def test_the_same_outputs_asked_for_again_are_the_same_places() -> None:
    engine = HQuant(4)
    macd = engine.add_macd(2, 3, 2)
    first, again = (InPlace(engine, [(macd, 0), (macd, 1)]).newest for _ in range(2))
    other = InPlace(engine, [(macd, 1), (macd, 0)]).newest
    assert first.places == again.places != other.places
    assert first.values == again.values == other.values
    assert len(engine.live((macd, 0), (macd, 1))) == 2  # copies of the same are something else


@pytest.mark.parametrize(("use", "error", "message"), REFUSED)
def test_live_refuses_what_is_not_there(
    use: Callable[[HQuant], object], error: type[Exception], message: str
) -> None:
    engine = HQuant(4)
    assert engine.add_macd(2, 3, 2) == 3
    with pytest.raises(error, match=message):
        use(engine)
    assert math.isnan(engine.live(3)[0])
