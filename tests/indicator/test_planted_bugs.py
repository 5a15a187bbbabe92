"""Check the checkers: each of these one-line mistakes, planted in the C core, breaks a law.

The core without a mistake goes through the same and breaks none.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from planted import Bug, Core, broken_laws, some_planted

LAWS = Path(__file__).parent / "law_runner.py"

BUGS = [
    Bug(
        "window of one bar more",
        "indicator/window.h",
        "return (uint32_t)params[0] - 1; }",
        "return (uint32_t)params[0]; }",
        "naive",
    ),
    Bug(
        "pivot of a sum kept for ever",
        "indicator/window.h",
        "w->suffix[q] = sum += x[q] - pivot;\n    w->pivot = pivot;",
        "w->suffix[q] = sum += x[q] - pivot;\n"
        "    w->pivot = hq_is_unknown(w->pivot) ? pivot : w->pivot;",
        "naive",
    ),
    Bug(
        "squares not begun anew in a segment",
        "indicator/window_span.h",
        "            prefix = (HqMoments){0, 0};",
        "            prefix = (HqMoments){0, prefix[1]};",
        "naive",
    ),
    Bug(
        "the last bars of segments side by side fold one too few",
        "indicator/window_many_wide.c",
        "for (size_t b = n; b-- > 0;)",
        "for (size_t b = n; b-- > (n < STEP);)",
        "long stream == batch",
    ),
    Bug(
        "suffixes of the segments before the ones before",
        "indicator/window_many_wide.c",
        "        suffixes = next;",
        "        suffixes = done;",
        "long stream == batch",
    ),
    Bug(
        "squares without a shift",
        "indicator/window.h",
        "    HqMoments sums = {0, 0};",
        "    HqMoments sums = {0, 0};\n    pivot = 0;",
        "accuracy",
    ),
    Bug(
        "halves as if they had one mean",
        "indicator/halves.c",
        "pool->between * (apart * apart)",
        "0 * (apart * apart)",
        "halves",
    ),
    Bug(
        "the older half begins a bar early",
        "indicator/halves.c",
        "bars_behind(const double *params) { return params[0] - half_of(params); }",
        "bars_behind(const double *params) { return params[0] - half_of(params) - 1; }",
        "halves",
    ),
    Bug(
        "a bar that the halves leave over is weighed as theirs",
        "indicator/halves.c",
        "pool->beside = both < n ? both / (n * n) : 0;",
        "pool->beside = both < n ? both / (n * n) / 4 : 0;",
        "halves",
    ),
    Bug(
        "the newer half a bar too new",
        "indicator/halves.c",
        "double newer = node->factor > 0 ? before[node->in[0]] : HQ_X(0);",
        "double newer = HQ_X(0);",
        "halves",
    ),
    Bug(
        "averages of the last lane left behind",
        "graph/gang_loop.c",
        "for (uint32_t c = 0; c < group->n; c++)\n        to->chain[c]->e",
        "for (uint32_t c = 0; c + 1 < group->n; c++)\n        to->chain[c]->e",
        "stream == batch",
    ),
    Bug(
        "sections that do not meet taken as they are",
        "graph/sections.c",
        "if (!is_same(chain->out[begin - 1], begun[s * stride]))",
        "if (!is_same(chain->out[begin - 1], begun[s * stride]) && begin == 0)",
        "long stream == batch",
    ),
    Bug(
        "extreme of a segment's neighbours only",
        "indicator/window_extreme.h",
        "w->suffix[q] = best = hq_extreme_of(best, w->suffix[q], sign);",
        "w->suffix[q] = hq_extreme_of(best, w->suffix[q], sign);",
        "naive",
    ),
    Bug(
        "EMA seeded with 0",
        "indicator/average.h",
        "hq_is_unknown(e) ? hq_known(x) : e;",
        "hq_is_unknown(e) ? 0 * hq_known(x) : e;",
        "naive",
    ),
    Bug(
        "EMA smoothed as Wilder does",
        "indicator/average.h",
        "return 2.0 / (period + 1.0);",
        "return 1.0 / period;",
        "naive",
    ),
    Bug(
        "a settled average moves half as far",
        "indicator/average.h",
        "hq_moved(node->factor, then[1],",
        "hq_moved(node->factor / 2, then[1],",
        "stream == batch",
    ),
    Bug(
        "mean gain of one bar too many",
        "indicator/momentum.c",
        "m->gain /= state->period;",
        "m->gain /= state->period + 1;",
        "naive",
    ),
    Bug(
        "RSI seeded one bar late",
        "indicator/momentum.c",
        "before[RSI_LACKS] = params[0];",
        "before[RSI_LACKS] = params[0] + 1;",
        "warm-up",
    ),
    Bug(
        "RSI of a flat series 100",
        "indicator/momentum.c",
        "rsi_start(node, before, params, 50);",
        "rsi_start(node, before, params, 100);",
        "naive",
    ),
    Bug(
        "crossing from equality forgotten",
        "indicator/cross.c",
        "(a > b) & (a_before <= b_before)",
        "(a > b) & (a_before < b_before)",
        "naive",
    ),
    Bug(
        "true range without the close before",
        "indicator/volatility.c",
        "    if (previous > high)\n        high = previous;\n",
        "",
        "naive",
    ),
    Bug(
        "weights of a line's sums do not count bars",
        "indicator/window_exact.h",
        "sums->terms(d, -(double)w->position, term);",
        "sums->terms(d, 0, term);",
        "stream == batch",
    ),
    Bug(
        "equal values ranked below in talib mode too",
        "indicator/rank.c",
        "rank_of(w, x, node->factor != 0)",
        "rank_of(w, x, 1)",
        "naive",
    ),
    Bug(
        "volume of a price at rest counted",
        "indicator/volume.c",
        "(1 - 2 * (x < last) - (x == last)) * volume;",
        "(1 - 2 * (x < last)) * volume;",
        "naive",
    ),
    Bug(
        "a flat series correlates",
        "indicator/comoment.c",
        "correlation = at_flat + 0 * (x + y);",
        "correlation = 1 + 0 * (x + y);",
        "naive",
    ),
    Bug(
        "an update commits",
        "graph/graph.h",
        "node->peek(node, line, before);",
        "node->push(node, line, before);",
        "revised == never touched",
    ),
    Bug(
        "the wrong line goes to the front",
        "graph/graph.c",
        "memcpy(graph->lines, graph->line, ",
        "memcpy(graph->lines, graph->line - graph->stride, ",
        "stream == batch",
    ),
    Bug(
        "nodes of different pasts taken for one",
        "graph/graph.c",
        "a->first_bar == b->first_bar && ",
        "",
        "late over older == fresh",
    ),
    Bug(
        "late indicators miss the ring's oldest bar",
        "engine/add.c",
        "for (size_t i = 0; i < hq_cursor_len(&engine->bars.cursor); i++) {\n        Bar bar",
        "for (size_t i = hq_cursor_len(&engine->bars.cursor) > 1;"
        " i < hq_cursor_len(&engine->bars.cursor); i++) {\n        Bar bar",
        "late == fresh",
    ),
    Bug(
        "columns filled from the line before",
        "engine/engine.c",
        "graph->line - (count - 1) * graph->stride;",
        "graph->line - count * graph->stride;",
        "columns",
    ),
    Bug(
        "lines lost to the columns when they wrap",
        "engine/engine.c",
        "    hq_engine_flush_taps(engine);\n    engine->first_untapped = 1;",
        "    engine->first_untapped = 1;",
        "columns",
    ),
    Bug(
        "NaN let in",
        "ring/bars.h",
        "if (!(fabs(field[i]) <= HQ_VALUE_MAX))",
        "if (fabs(field[i]) > HQ_VALUE_MAX)",
        "refused",
    ),
    Bug(
        "dependencies given no ids",
        "engine/add.c",
        "if (row->parts_have_ids) {",
        "if (0 && row->parts_have_ids) {",
        "dependencies first",
    ),
    Bug(
        "of equal extremes the oldest counts",
        "indicator/aroon.c",
        "w->sign * x >= w->sign * then[AGE_BEST]",
        "w->sign * x > w->sign * then[AGE_BEST]",
        "naive",
    ),
    Bug(
        "a movement counts beside a larger one",
        "indicator/directional.c",
        "now[0] = up > down && up > 0 ? up : 0;",
        "now[0] = up > 0 ? up : 0;",
        "naive",
    ),
    Bug(
        "Williams %R from the bottom",
        "indicator/stochastic.c",
        "HQ_SLOTS(in[2], top, top, bottom)",
        "HQ_SLOTS(in[2], bottom, top, bottom)",
        "naive",
    ),
    Bug(
        "ultimate oscillator's middle period weighs most",
        "indicator/pressure.c",
        "share[0], 4.0 / 7, share[1], 2.0 / 7",
        "share[0], 2.0 / 7, share[1], 4.0 / 7",
        "naive",
    ),
    Bug(
        "distances from the newest price",
        "indicator/cci.c",
        "fabs(h->value[i] - x - mean)",
        "fabs(h->value[i] - x)",
        "naive",
    ),
    Bug(
        "RSI at rest in talib mode as in seed mode",
        "indicator/momentum.c",
        "rsi_start(node, before, params, 0);",
        "rsi_start(node, before, params, 50);",
        "naive",
    ),
    Bug(
        "NOT unknown is true",
        "graph/op.h",
        "HQ_CONDITION, 1 - a)",
        "HQ_CONDITION, a != 1)",
        "three-valued",
    ),
    Bug(
        "full queue keeps the oldest",
        "engine/signals.h",
        "queue->first = hq_signals_index(queue, 1);\n        ",
        "",
        "queue",
    ),
]


def test_laws_hold_without_a_mistake(planted_core: Core, tmp_path: Path) -> None:
    assert broken_laws(LAWS, planted_core.unspoilt(tmp_path / "right")) == set()


@pytest.mark.parametrize("bug", some_planted(BUGS), ids=lambda bug: bug.name)
def test_planted_bug_breaks_a_law(bug: Bug, planted_core: Core, tmp_path: Path) -> None:
    wrong = planted_core.with_bug(bug, tmp_path / "wrong")
    assert broken_laws(LAWS, wrong, bug.law) == {bug.law}
