#include "run/walk.h"

#include <stdlib.h>

#include "base/alloc.h"

/* ------------------------------------------------------------------ building */

static HqStatus check_params(const HqProgram *program, const HqWalkSettings *settings)
{
    if (settings->n_params == 0)
        return HQ_OK;
    if (!settings->params || settings->n_params != program->n_params)
        return hq_fail(HQ_EINVAL, "params: expected a value for each of the strategy's %u PARAMs, "
                                  "found %zu", (unsigned)program->n_params,
                       settings->params ? settings->n_params : 0);
    return hq_program_check_params(program, settings->params);
}

static HqStatus link_program(HqWalk *walk, const HqProgram *program,
                             const HqWalkSettings *settings, const HqLinkReads *reads)
{
    HqStatus status = hq_clocks_check_program(settings->bar_period_ms, program);
    if (status == HQ_OK)
        status = check_params(program, settings);
    if (status == HQ_OK)
        status = hq_clocks_init(&walk->clocks, program, 0, settings->htf, settings->bar_period_ms);
    if (status == HQ_OK)
        status = hq_clocks_link(&walk->clocks, program,
                                settings->n_params > 0 ? settings->params : NULL, reads,
                                &walk->graph, &walk->rules);
    return status;
}

HqStatus hq_walk_init(HqWalk *walk, const HqProgram *program, const HqWalkSettings *settings,
                      const HqLinkReads *reads, const HqBars *bars)
{
    *walk = (HqWalk){.bars = bars};
    HqStatus status = hq_clocks_check_setting(settings->htf, settings->bar_period_ms);
    if (status == HQ_OK)
        status = hq_graph_init_for_blocks(&walk->graph);
    if (status == HQ_OK && program)
        status = link_program(walk, program, settings, reads);
    return status;
}

static HqStatus make_conditions(HqWalk *walk, const uint32_t *slots, size_t n_slots)
{
    bool *is_read = hq_calloc(walk->graph.n_slots, sizeof *is_read);
    bool *needs_none = walk->feed.block.is_left_out;
    if (!is_read)
        return HQ_ENOMEM;
    for (size_t i = 0; i < n_slots; i++)
        is_read[slots[i]] = true;
    hq_rules_mark_clauses(&walk->rules, is_read);
    hq_conditions_choose(&walk->graph, is_read, needs_none);
    free(is_read);
    return hq_conditions_init(&walk->conditions, &walk->graph, &walk->rules, needs_none, 0,
                              walk->graph.n_nodes);
}

HqStatus hq_walk_prepare(HqWalk *walk, size_t capacity, const uint32_t *slots, size_t n_slots)
{
    HqStatus status = hq_feed_init(&walk->feed, &walk->graph, &walk->clocks, capacity);
    if (status == HQ_OK)
        status = make_conditions(walk, slots, n_slots);
    if (status != HQ_OK)
        return status;
    walk->is_warm = walk->rules.count == 0;
    return hq_hits_init(&walk->hits, walk->feed.block.capacity, walk->conditions.count);
}

void hq_walk_destroy(HqWalk *walk)
{
    hq_feed_destroy(&walk->feed);
    hq_clocks_destroy(&walk->clocks);
    hq_graph_destroy(&walk->graph);
    free(walk->rules.rule);
    free(walk->rules.clause);
    hq_conditions_destroy(&walk->conditions);
    hq_hits_destroy(&walk->hits);
}

/* -------------------------------------------------------------------- a block */

size_t hq_walk_block_end(const HqWalk *walk, size_t begin)
{
    size_t length = walk->bars->length, room = walk->feed.block.capacity;
    size_t end = length - begin < room ? length : begin + room;
    for (size_t i = begin; walk->takes && i < end; i++)
        if (!walk->takes(walk->bars, i))
            return i;
    return end;
}

void hq_walk_block(HqWalk *walk, size_t begin, size_t end)
{
    walk->begin = begin;
    walk->end = end;
    hq_feed_begin(&walk->feed, walk->bars, begin, end);
    hq_hits_find(&walk->hits, &walk->rules, &walk->conditions, &walk->feed.block, end - begin);
    hq_feed_end(&walk->feed, end - begin);
    hq_hits_count_warmup(&walk->hits, &walk->is_warm, &walk->warmup);
}
