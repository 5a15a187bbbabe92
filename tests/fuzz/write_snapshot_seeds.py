"""Write the snapshots that fuzz_snapshot.c begins with, of this library's version.

    .venv/bin/python tests/fuzz/write_snapshot_seeds.py

A seed of another version does not load, and so leads nowhere: run this after each change of the
layout. tests/snapshot/test_snapshot_seeds.py tells when.
"""

from __future__ import annotations

import hashlib
import struct
import sys
from pathlib import Path

import numpy as np

from hquant_cffi import Aggregator, Bars, HQuant, MultiHQuant

CORPUS = Path(__file__).parent / "corpus" / "snapshot"
MINUTE = 60_000
KIND_AT = 8
CROSS = "PARAM n = 3 IN 2..9\nIF CROSSOVER(close, SMA(close, n)) THEN BUY\nIF RSI(5) > 70 THEN SELL"


def tape(count: int) -> list[tuple[int, float, float, float, float, float, float]]:
    closes = [100.0 + i * 7 % 13 - i * 3 % 5 for i in range(count)]
    return [(MINUTE * i, c - 1, c + 2, c - 2, c, 10.0 + i % 4, 3.0) for i, c in enumerate(closes)]


def engine(*indicators: tuple[object, ...], bars: int = 12, capacity: int = 5) -> bytes:
    made = HQuant(capacity)
    for name, *params in indicators:
        made.add_indicator(str(name), *params)  # type: ignore[arg-type]
    for bar in tape(bars):
        made.push_bar(*bar)
    return made.save()


def with_strategies() -> bytes:
    made = HQuant(6, htf="forming")
    strategy = made.add_strategy("s", CROSS)
    made.add_strategy("t", "IF close > EMA(close@5m, 3) THEN BUY")
    made.add_indicator("EMA", 4, history=False)
    for bar in tape(20):
        made.push_bar(*bar)
    made.set_param(strategy, "n", 5)  # takes over at the next bar
    return made.save()


def without_buy_volume() -> bytes:
    made = HQuant(3)
    made.add_indicator("ATR", 2)
    made.push_bars(Bars(*[np.array(each) for each in list(zip(*tape(7), strict=True))[:6]]))
    return made.save()


def several_periods(emit: str) -> bytes:
    made = MultiHQuant(4, ["1m", "5m"], emit)  # type: ignore[arg-type]
    made.add_strategy("s", "IF SMA(close@5m, 2) > CHANGE(close) THEN BUY")
    for bar in tape(13):
        made.feed_bar(*bar)
    return made.save()


def candles() -> bytes:
    made = Aggregator(["5m", "1h"])
    for bar in tape(7):
        made.push(*bar)
    return made.save()


def seeds() -> list[bytes]:
    """Return each as the fuzzer keeps it: it makes 1 + byte % 3 of the kind, and the checksum."""
    whole = [
        engine(bars=0),
        engine(capacity=1),
        engine(("SMA", 3), ("STDDEV", 4), ("MEDIAN", 3)),
        engine(("RSI", 3), ("MACD", 2, 4, 3), ("BOLL", 4, 2.0)),
        engine(("STOCH",), ("SAR",), ("ATR", 3), bars=30),
        engine(("HT_SINE",), bars=3),
        with_strategies(),
        without_buy_volume(),
        several_periods("on_close"),
        several_periods("every_update"),
        candles(),
    ]
    kinds = [struct.unpack_from("<I", data, KIND_AT)[0] for data in whole]
    return [
        data[:KIND_AT] + struct.pack("<I", kind - 1) + data[KIND_AT + 4 :]
        for data, kind in zip(whole, kinds, strict=True)
    ]


def main() -> None:
    made = seeds()
    for old in CORPUS.iterdir():
        old.unlink()
    for data in made:
        (CORPUS / hashlib.sha1(data, usedforsecurity=False).hexdigest()).write_bytes(data)
    sys.stdout.write(f"{CORPUS}: {len(made)} seeds\n")


if __name__ == "__main__":
    main()
