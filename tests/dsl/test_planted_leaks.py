"""Check the checkers: each of these sees the future, keeps what is not final, is late or forgets.

Planted in the C core one by one, each breaks a law of higher timeframes; the core without a mistake
breaks none.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from planted import Bug, Core, broken_laws, some_planted

LAWS = Path(__file__).parent / "leak_runner.py"

LEAKS = [
    Bug(
        "off-by-one lookback",
        "indicator/history.c",
        "hq_history_begin(node->state, (uint32_t)params[0]);",
        "hq_history_begin(node->state, (uint32_t)params[0] - (params[0] > 0));",
        "interpreter",
    ),
    Bug(
        "off-by-one lookahead",
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
        "forming candle shown as closed",
        "engine/clocks.c",
        "return clocks->htf == HQ_HTF_FORMING ||",
        "return candle->open_time <= candle->last_update_ts ||",
        "interpreter",
    ),
    Bug(
        "forming candle shown as closed by a MultiHQuant",
        "engine/multi.c",
        "return index == 0 || multi->htf == HQ_HTF_FORMING ||",
        "return index == 0 || newest ||",
        "multi == single",
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
        "truncation",
    ),
    Bug(
        "centred window",
        "ring/bars.c",
        "for (size_t i = begin; has_time &&",
        "static double centred[1 << 16];\n"
        "    for (size_t i = begin; i < end; i++)\n"
        "        centred[i - begin] = i > 0 && i + 1 < bars->length\n"
        "            ? (bars->close[i - 1] + bars->close[i] + bars->close[i + 1]) / 3\n"
        "            : bars->close[i];\n"
        "    column[HQ_FIELD_CLOSE] = centred;\n"
        "    for (size_t i = begin; has_time &&",
        "truncation",
    ),
    Bug(
        "peek committed early by the graph of a clock",
        "engine/clocks.c",
        "    if (is_shown)\n        hq_graph_peek(graph);",
        "    if (is_shown)\n        hq_graph_push(graph);",
        "revised == never touched",
    ),
    Bug(
        "peek committed early by the candle",
        "engine/aggregator.c",
        "    HqCandle before = builder->now;\n    builder->closed = false;",
        "    HqCandle before = builder->committed = builder->now;\n"
        "    builder->has_committed = true;\n    builder->closed = false;",
        "revised == never touched",
    ),
    Bug(
        "late candle completion",
        "engine/clocks.c",
        "candle->close_time - clocks->bar_period_ms <= candle->last_update_ts",
        "candle->close_time - clocks->bar_period_ms < candle->last_update_ts",
        "interpreter",
    ),
    Bug(
        "candle completed by nobody but its own last bar",
        "engine/clocks.c",
        "if (done & HQ_CANDLE_CLOSED && !shows(clock, &ended))",
        "if (done & HQ_CANDLE_CLOSED && clocks->bar_period_ms == 0 && !shows(clock, &ended))",
        "interpreter",
    ),
    Bug(
        "late strategy shares the candle in progress of an older one",
        "engine/strategies.c",
        "clocks->clock[i].graph.first_bar != wanted->graph.first_bar",
        "clocks->clock[i].graph.started != wanted->graph.started",
        "late == fresh",
    ),
    Bug(
        "changed strategy not warmed",
        "engine/strategies.c",
        "hq_engine_replay(e, &a->graph, &a->clocks, NULL, 0);",
        "a->graph.first_bar += hq_cursor_len(&e->bars.cursor);",
        "changed == fresh",
    ),
    Bug(
        "changed strategy never takes over",
        "engine/engine.c",
        "hq_strategies_take_over(engine->strategies, engine->sources, engine->n_strategies);",
        "",
        "changed == fresh",
    ),
    Bug(
        "bars lost when unread nodes are left out",
        "graph/graph.c",
        "copy_lines(&kept, 0, graph, 0, HQ_BAR_SLOTS);",
        "",
        "others notice nothing",
    ),
    Bug(
        "imports of a clock behind a dropped one left as they were",
        "engine/compact.c",
        "-= clocks->imports[i].from_graph > index + 1;",
        "-= 0;",
        "changed together == alone",
    ),
]


def test_laws_hold_without_a_leak(planted_core: Core, tmp_path: Path) -> None:
    assert broken_laws(LAWS, planted_core.unspoilt(tmp_path / "right")) == set()


@pytest.mark.parametrize("leak", some_planted(LEAKS), ids=lambda leak: leak.name)
def test_planted_leak_breaks_a_law(leak: Bug, planted_core: Core, tmp_path: Path) -> None:
    wrong = planted_core.with_bug(leak, tmp_path / "wrong")
    assert broken_laws(LAWS, wrong, leak.law) == {leak.law}
