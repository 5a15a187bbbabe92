"""Check the checkers: block runs with a mistake in them do not get past the laws."""

from __future__ import annotations

from pathlib import Path

import pytest
from planted import Bug, Core, broken_laws, some_planted

LAWS = Path(__file__).parent / "planted_runner.py"

MISTAKES = [
    Bug(
        "the last rule that is true wins",
        "vm/hits.c",
        "    uint32_t r = 0;\n"
        "    while (!(hq_hits_of_rule(hits, r)[t / 64] >> t % 64 & 1))\n        r++;",
        "    uint32_t r = hits->rules->count - 1;\n"
        "    while (!(hq_hits_of_rule(hits, r)[t / 64] >> t % 64 & 1))\n        r--;",
        "run == stream",
    ),
    Bug(
        "a crossing forgets the last bar of the block before",
        "vm/condition.c",
        "double a = before[condition->a], b = before[condition->b];",
        "double a = NAN + before[condition->a], b = before[condition->b];",
        "conditions",
    ),
    Bug(
        "a word of bars does not see the one before",
        "vm/condition_wide.c",
        "return word[0] << 1 | word[-1] >> 63;",
        "return word[0] << 1;",
        "conditions",
    ),
    Bug(
        "unknown AND false is unknown",
        "vm/condition.c",
        "fails = a_fails | b_fails;",
        "fails = (a_fails | b_fails) & a_known[w] & b_known[w];",
        "conditions",
    ),
    Bug(
        "a column led to the bar before",
        "run/outputs.c",
        "place[output->slot] = output->values + begin;",
        "place[output->slot] = output->values + begin - (begin > 0);",
        "indicators",
    ),
    Bug(
        "the same column led twice",
        "run/outputs.c",
        "block->is_written[slots[i]] && !is_taken[slots[i]];",
        "block->is_written[slots[i]];",
        "indicators",
    ),
    Bug(
        "only NaN is no value of a bar",
        "run/columns.c",
        "is_good &= !fields[f] || fabs(fields[f][i]) <= HQ_VALUE_MAX;",
        "is_good &= !fields[f] || !isnan(fields[f][i]);",
        "bad bars",
    ),
    Bug(
        "a bar left out keeps the value before it",
        "run/outputs.c",
        "outputs->output[i].values[bar] = (double)NAN;",
        "outputs->output[i].values[bar] = bar > 0 ? outputs->output[i].values[bar - 1] : 0;",
        "left out",
    ),
    Bug(
        "a column written again before it is out",
        "graph/gang.c",
        "    clear(gang, block, member);\n",
        "",
        "past caches",
    ),
    Bug(
        "a twin written again before it is out",
        "graph/gang.c",
        "        hq_outgoing_clear(&gang->outgoing, block->column[member->twin]);",
        "        (void)member;",
        "past caches",
    ),
    Bug(
        "only a first output is out before it is written again",
        "graph/gang.c",
        "        hq_outgoing_clear(&gang->outgoing, block->column[member->node->out + k]);",
        "        hq_outgoing_clear(&gang->outgoing, block->column[member->node->out]);",
        "past caches",
    ),
    Bug(
        "bars are told of before they are out",
        "run/block_run.c",
        "            hq_block_finish(&run->walk.feed.block); /* whoever",
        "            (void)run; /* whoever",
        "past caches",
    ),
    Bug(
        "the last columns are not brought out",
        "run/block_run.c",
        "    hq_block_finish(&run->walk.feed.block);\n",
        "",
        "past caches",
    ),
    Bug(
        "the newest bar goes with the block",
        "engine/push_many.c",
        "size_t end = good - 1;",
        "size_t end = good == length && good - at <= room ? good : good - 1;",
        "afterwards",
    ),
    Bug(
        "lines before a block lost to the columns",
        "engine/push_many.c",
        "    hq_engine_flush_taps(push->engine); /* of the lines so far: blocks have none */\n",
        "",
        "push_bars",
    ),
    Bug(
        "strategies one after the other",
        "engine/push_many.c",
        "    for (size_t t = 0; t < n; t++)\n"
        "        for (size_t s = 0; s < engine->n_strategies; s++) {",
        "    for (size_t s = 0; s < engine->n_strategies; s++)\n"
        "        for (size_t t = 0; t < n; t++) {",
        "push_bars",
    ),
    Bug(
        "a full ring keeps the first bars of a block",
        "ring/bars.c",
        "first = end - count;",
        "first = begin;",
        "push_bars",
    ),
    Bug(
        "an older bar taken into candles",
        "engine/push_many.c",
        "if (bars->timestamp[i] < bars->timestamp[i - 1])",
        "if (bars->timestamp[i] < bars->timestamp[begin])",
        "refused",
    ),
    Bug(
        "a trade's P&L without the fee of its closing",
        "exec/ledger_wide.c",
        "pnl - (lanes->round_fees + fee)",
        "pnl - lanes->round_fees",
        "together",
    ),
    Bug(
        "a return lost where what was held is closed",
        "run/held_wide.c",
        "            part.has_tail = true;\n",
        "",
        "together",
    ),
    Bug(
        "a lane leaves with the account that the block has left",
        "run/team.c",
        "leave(team, &room->before, i,",
        "leave(team, &team->ledger, i,",
        "together",
    ),
    Bug(
        "an order that waits is forgotten when its lane leaves",
        "run/team.c",
        "    if (waiting)\n        hq_exec_wait(exec, waiting);",
        "",
        "together",
    ),
    Bug(
        "an account that liquidation may reach stays in the ledger",
        "exec/ledger_wide.c",
        "hq_vec_choose(is_long, terms->low, terms->high)",
        "hq_vec_choose(is_long, terms->high, terms->low)",
        "together",
    ),
]  # fmt: skip


def test_every_law_holds_without_a_mistake(planted_core: Core, tmp_path: Path) -> None:
    assert broken_laws(LAWS, planted_core.unspoilt(tmp_path / "right")) == set()


@pytest.mark.parametrize("bug", some_planted(MISTAKES), ids=lambda bug: bug.name)
def test_planted_mistake_breaks_a_law(bug: Bug, planted_core: Core, tmp_path: Path) -> None:
    wrong = planted_core.with_bug(bug, tmp_path / "wrong")
    assert broken_laws(LAWS, wrong, bug.law) == {bug.law}
