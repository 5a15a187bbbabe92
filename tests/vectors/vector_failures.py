"""What is refused: the status, the place in a text, and words that every message has."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable
from typing import Any, Final

from vector_backtests import backtest_case, run_of
from vector_indicators import spec
from vector_inputs import Inputs
from vector_json import number
from vector_programs import strategy

from hquant_cffi import (
    CompileError,
    DataError,
    FuturesBacktest,
    HQuant,
    HQuantError,
    MultiHQuant,
    NotFoundError,
    ParameterError,
    Period,
    ProgramError,
    Strategy,
    UnsupportedError,
)
from hquant_cffi._ffi import check, ffi, lib

#: The status of each exception.
_STATUSES: Final[dict[type[HQuantError], str]] = {
    ParameterError: "HQ_EINVAL",
    NotFoundError: "HQ_ENOTFOUND",
    CompileError: "HQ_ECOMPILE",
    ProgramError: "HQ_EPROGRAM",
    DataError: "HQ_EBAR",
    UnsupportedError: "HQ_EUNSUPPORTED",
}


def cases() -> list[dict[str, Any]]:
    """Return calls that are refused."""
    good = strategy("cross").bytecode
    wrong = bytearray(good)
    wrong[len(wrong) // 2] ^= 1
    account = [1000.0, 10.0, 1.0, 0.0, 0.0004, 0.005]
    trends = {"tape": "trends", "program": "cross"}
    return [
        _case("engine", "1..134217728", capacity=0),
        _case("engine", "found 1099511627776", capacity=2**40),
        _case("indicator", "SMA: period", **{**spec("SMA", 5), "params": [0.0]}),
        _case("indicator", "MACD: fast", **{**spec("MACD"), "params": [26.0, 12.0, 9.0]}),
        _case("indicator", "found 2.5", **{**spec("RSI"), "params": [2.5]}),
        _case("indicator_of_another_name", "SMAX", indicator="SMAX"),
        _case("program", "checksum", hqbc=_text(bytes(wrong))),
        _case("program", "found 40", hqbc=_text(good[:40])),
        _case("program", "version", hqbc=_text(_version(good))),
        _case("text", "E1004", text="IF RSI(14 < 30 THEN BUY"),
        _case("text", "did you mean volume?", text="x = 1\ny = SMA(volum, 3)\nIF y > x THEN BUY"),
        _case("text", "E2008", text="IF SMA(close, 10, 20) > 1 THEN BUY"),
        _case("account", "initial_margin", params=[-1.0, *account[1:]]),
        _case("account", "leverage", params=[1000.0, 0.5, *account[2:]]),
        _case("account", "taker_fee_rate", params=[*account[:4], None, 0.005]),
        _case("periods", "at least one", periods_ms=[]),
        _case("periods", "60000 ms twice", periods_ms=[60_000, 300_000, 60_000]),
        _case("period", "1M", text="1M"),
        _case("period", "0m", text="0m"),
        _case("period", "2^63", text="99999999999999999d"),
        _case("cross_period", "period 5m", program="timeframes", periods_ms=[60_000]),
        _case("cross_period", "SIZE", program="bracket", periods_ms=[60_000]),
        _case("param", "2..10", program="cross", param="fast", value=11.0),
        _case("param", "speed", program="cross", param="speed", value=3.0),
        _case("backtest", "bar 0: low", run=backtest_case("", [{**trends, "tape": "negative"}])),
        _case("backtest", "leverage", run=backtest_case("", [trends], leverage=0.0)),
        _case("backtest", "limit_offset", run=backtest_case("", [trends], fill="limit",
              limit_offset=1.0)),
        _case("backtest", "at bar 22", run=backtest_case("", [{**trends,
              "funding_rate": [None] * 160}])),
    ]  # fmt: skip


def answer(case: dict[str, Any], inputs: Inputs) -> dict[str, Any]:
    """Return the status, and where in a text; the message has the words."""
    lib.hq_clear_error()
    try:
        _CALLS[case["kind"]](case, inputs)
    except HQuantError as failed:
        message = str(failed)
        found = {"status": _STATUSES[type(failed)], "line": 0, "column": 0}
        if isinstance(failed, CompileError):
            found |= {"line": failed.line, "column": failed.column}
    else:
        raise AssertionError(f"not refused: {case}")
    assert case["words"] in message, (case, message)
    error = lib.hq_last_error()
    if error.code != lib.HQ_OK:  # as the core says it; else it was refused before
        status = ffi.string(lib.hq_status_name(error.code)).decode()
        assert status == found["status"]
        found |= {"line": error.line, "column": error.column}
    return found


def _add_indicator(case: dict[str, Any], inputs: Inputs) -> None:
    HQuant(8).add_indicator(case["indicator"], *case["params"], mode=case["mode"])


def _find(case: dict[str, Any], inputs: Inputs) -> None:
    check(lib.hq_indicator_spec(case["indicator"].encode(), ffi.new("HqIndicatorSpec *")))


def _multi(periods_ms: list[int]) -> MultiHQuant:
    return MultiHQuant(8, [Period(f"{ms}ms") for ms in periods_ms])


def _cross(case: dict[str, Any], inputs: Inputs) -> None:
    _multi(case["periods_ms"]).add_multi_strategy("s", inputs.program(case["program"]))


def _set_param(case: dict[str, Any], inputs: Inputs) -> None:
    engine = HQuant(8)
    id = engine.add_strategy("s", inputs.program(case["program"]))
    engine.set_param(id, case["param"], case["value"])


_CALLS: Final[dict[str, Callable[[dict[str, Any], Inputs], object]]] = {
    "engine": lambda case, inputs: HQuant(case["capacity"]),
    "indicator": _add_indicator,
    "indicator_of_another_name": _find,
    "program": lambda case, inputs: Strategy.from_bytecode(base64.b64decode(case["hqbc"])),
    "text": lambda case, inputs: HQuant(8).add_strategy("s", case["text"]),
    "account": lambda case, inputs: FuturesBacktest(*map(number, case["params"])),
    "periods": lambda case, inputs: _multi(case["periods_ms"]),
    "period": lambda case, inputs: Period(case["text"]),
    "cross_period": _cross,
    "param": _set_param,
    "backtest": lambda case, inputs: run_of(case["run"], inputs),
}


def _case(kind: str, words: str, **others: Any) -> dict[str, Any]:
    return {"name": f"{kind}: {words}", "kind": kind, "words": words, **others}


def _text(program: bytes) -> str:
    return base64.b64encode(program).decode()


def _version(program: bytes) -> bytes:
    """Return the program with another version and a checksum that is right."""
    changed = bytearray(program)
    changed[4] = 99
    changed[12:16] = bytes(4)
    changed[12:16] = zlib.crc32(bytes(changed)).to_bytes(4, "little")
    return bytes(changed)
