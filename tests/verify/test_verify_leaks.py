"""Check the checkers: cores that see the future, or keep false books, do not get past `verify`.

Each mistake is planted in the C core; leak_cases verifies a few runs over it in a process of its
own. The core without a mistake goes through the same, and every check holds.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from planted import Bug, Core, broken_laws, some_planted

LAWS = Path(__file__).parent / "leak_cases.py"

NEXT = "bar + 1 < bars->length ? bar + 1 : bar"
LEAKS = [
    Bug(
        "signals of the next bar",
        "ring/bars.c",
        "for (size_t i = begin; has_time &&",
        "static double ahead[1 << 16];\n"
        "    for (size_t i = begin; i < end; i++)\n"
        "        ahead[i - begin] = bars->close[i + (i + 1 < bars->length)];\n"
        "    column[HQ_FIELD_CLOSE] = ahead;\n"
        "    for (size_t i = begin; has_time &&",
        "truncation",
    ),
    Bug(
        "whole candle shown from its first bar on",
        "engine/feed.c",
        "Bar bar = bar_at(feed, bars, begin, i);",
        "Bar bar = bar_at(feed, bars, begin, i);\n        size_t last = i;\n"
        "        while (last + 1 < bars->length &&\n"
        "               bars->timestamp[last + 1] / 300000 == bar.timestamp / 300000)\n"
        "            last++;\n"
        "        bar.close = bars->close[last];",
        "stream",
    ),
    Bug(
        "fill at the next bar's open",
        "exec/trade.h",
        "return bars->open[bar];",
        f"return bars->open[{NEXT}];",
        "truncation",
    ),
    Bug(
        "only signals taken that the next bar proves right",
        "exec/exec.c",
        "    if (!hq_count_signal(counts, action))\n        return;",
        "    const HqBars *tape = exec->symbols[symbol].symbol->bars;\n"
        "    uint64_t bar = exec->symbols[symbol].at.bar;\n"
        "    bool wins = bar + 1 >= tape->length ||\n"
        "                (tape->close[bar + 1] > tape->close[bar]) ==\n"
        "                    (action == ACTION_BUY);\n"
        "    if (!hq_count_signal(counts, action) || !wins)\n        return;",
        "truncation",
    ),
    Bug(
        "curves of the next bar's close",
        "exec/exec.c",
        "state->mark = state->symbol->bars->close[state->at.bar];",
        "const HqBars *bars = state->symbol->bars;\n    uint64_t bar = state->at.bar;\n"
        f"    state->mark = bars->close[{NEXT}];",
        "truncation",
    ),
    Bug(
        "bar walked to the next bar's extremes",
        "exec/path.c",
        "Candle candle = candle_of(state->symbol->bars, state->at.bar);",
        "Candle candle = candle_of(state->symbol->bars, state->at.bar);\n"
        "        const HqBars *bars = state->symbol->bars;\n"
        "        uint64_t bar = state->at.bar;\n"
        f"        candle.high = fmax(candle.high, bars->high[{NEXT}]);\n"
        f"        candle.low = fmin(candle.low, bars->low[{NEXT}]);",
        "order",
    ),
    Bug(
        "a finer bar of the next bar",
        "exec/path.c",
        "if (has_end && finer->timestamp[state->finer] >= end)",
        "if (has_end && finer->timestamp[state->finer] > end)",
        "truncation",
    ),
    Bug(
        "the next bar's funding rate",
        "exec/funding.c",
        "*rate = state->symbol->funding_rate[state->at.bar];",
        "*rate = state->symbol->funding_rate[state->at.bar +\n"
        "        (state->at.bar + 1 < state->symbol->bars->length)];",
        "accounting",
    ),
    Bug(
        "next open filled at the signal's own close",
        "exec/exec.c",
        "bool trades_now = exec->options->fill == HQ_FILL_CLOSE;",
        "bool trades_now = exec->options->fill != HQ_FILL_LIMIT;",
        "order",
    ),
    Bug(
        "orders of the list work on the bar they are given at",
        "exec/working.c",
        "if (order->bar >= (int64_t)state->at.bar)",
        "if (order->bar > (int64_t)state->at.bar)",
        "order",
    ),
    Bug(
        "stops filled at a level that the open jumped over",
        "exec/path.c",
        "exit_side(exec, (HqSide)side, (What)what, price);",
        "exit_side(exec, (HqSide)side, (What)what,\n"
        "                      what == STOP ? hq_adverse_level(held, (HqSide)side) : price);",
        "order",
    ),
    Bug(
        "fee of an opening forgotten",
        "exec/booking.h",
        "account->cash -= margin + fee;",
        "account->cash -= margin;",
        "accounting",
    ),
    Bug(
        "expired order not counted",
        "exec/working.c",
        "        counts->expired_orders++;\n        state->has_signal_order = false;",
        "        state->has_signal_order = false;",
        "counts",
    ),
    Bug(
        "an addition is a trade's first entry",
        "exec/records.h",
        "trade->entries++;",
        "trade->entries = 1;",
        "trades",
    ),
    Bug(
        "slippage drawn from a clock of its own",
        "exec/fill.h",
        "uint64_t number = state->fills++;",
        "static uint64_t drawn;\n    uint64_t number = state->fills++ + drawn++;",
        "replay",
    ),
    Bug(
        "revision committed early",
        "engine/clocks.c",
        "    if (is_shown)\n        hq_graph_peek(graph);",
        "    if (is_shown)\n        hq_graph_push(graph);",
        "updates",
    ),
]


def test_every_check_holds_without_a_leak(planted_core: Core, tmp_path: Path) -> None:
    assert broken_laws(LAWS, planted_core.unspoilt(tmp_path / "right")) == set()


@pytest.mark.parametrize("leak", some_planted(LEAKS), ids=lambda leak: leak.name)
def test_planted_leak_is_caught(leak: Bug, planted_core: Core, tmp_path: Path) -> None:
    assert leak.law in broken_laws(LAWS, planted_core.with_bug(leak, tmp_path / "wrong"))
