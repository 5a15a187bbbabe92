#include "run/block_run.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "run/columns.h"
#include "run/outputs.h"
#include "run/progress.h"

typedef struct BlockRun {
    HqWalk walk;
    const HqRunOptions *options;
    HqRunResult *result;
    HqRunOutputs outputs;
    uint64_t rejected;
    uint64_t by_action[4]; /* signals */
    HqRunProgress progress;
} BlockRun;

/* ------------------------------------------------------------------ building */

static size_t block_bars(const BlockRun *run)
{
    size_t most = run->options->block_bars ? run->options->block_bars
                                           : hq_block_capacity(&run->walk.graph);
    size_t length = run->walk.bars->length;
    return length == 0 ? 1 : length < most ? length : most;
}

/* @param room  for two entries a column. */
static HqStatus build(BlockRun *run, const HqBars *bars, const HqProgram *program, uint32_t *room)
{
    const HqRunOptions *options = run->options;
    size_t n = run->result->n_columns;
    HqWalkSettings settings = {options->params, options->n_params, options->htf,
                               options->bar_period_ms};
    HqLinkReads reads = {.registers = room, .slots = room};
    HqStatus status = hq_outputs_registers(&run->outputs, program, room, &reads.count);
    if (status == HQ_OK)
        status = hq_walk_init(&run->walk, program, &settings, &reads, bars);
    if (status == HQ_OK)
        status = hq_outputs_place(&run->outputs, &run->walk.graph, room, room + n);
    if (status == HQ_OK && bars->length > 0)
        status = hq_columns_check_read(&run->walk, room + n, n);
    if (status == HQ_OK)
        status = hq_walk_prepare(&run->walk, block_bars(run), room + n, n);
    if (status == HQ_OK)
        status = hq_outputs_take_slots(&run->outputs, &run->walk.feed.block, room + n);
    for (size_t i = 0; i < n && status == HQ_OK; i++)
        run->walk.feed.has_time |= room[n + i] == HQ_SLOT_TIME;
    run->walk.takes = options->bad_bars == HQ_BAD_BARS_SKIP ? hq_columns_bar_is_good : NULL;
    return status;
}

/* -------------------------------------------------------------------- a block */

static void note_signals(BlockRun *run, size_t begin, size_t n)
{
    HqRunResult *result = run->result;
    const HqWalk *walk = &run->walk;
    if (result->actions)
        memset(result->actions + begin, 0, n * sizeof *result->actions);
    for (size_t t = 0; result->rules && t < n; t++)
        result->rules[begin + t] = -1;
    for (size_t t = 0; (t = hq_hits_next(&walk->hits, t)) < n; t++) {
        const HqRule *rule = hq_hits_rule(&walk->hits, t);
        run->by_action[rule->action]++;
        if (result->actions)
            result->actions[begin + t] = rule->action;
        if (result->rules)
            result->rules[begin + t] = (int16_t)(rule - walk->rules.rule);
    }
}

/* A bar that is none of the program's. */
static void leave_out(BlockRun *run, size_t bar)
{
    HqRunResult *result = run->result;
    hq_outputs_leave_out(&run->outputs, bar);
    if (result->actions)
        result->actions[bar] = 0;
    if (result->rules)
        result->rules[bar] = -1;
    run->rejected++;
}

static HqStatus check_block(const BlockRun *run, size_t begin, size_t end)
{
    const HqBars *bars = run->walk.bars;
    HqStatus status = run->walk.takes ? HQ_OK : hq_columns_check_values(bars, begin, end);
    if (status == HQ_OK && run->walk.clocks.count > 0)
        status = hq_columns_check_order(bars, begin, end);
    return status;
}

static HqStatus run_block(BlockRun *run, size_t begin, size_t end)
{
    HqStatus status = check_block(run, begin, end);
    if (status != HQ_OK)
        return status;
    hq_outputs_lead(&run->outputs, &run->walk.feed.block, begin);
    for (uint32_t field = 0; field < HQ_FIELD_COUNT; field++) /* a bar that is taken has good ones */
        hq_block_note_bounded(&run->walk.feed.block, field);
    hq_walk_block(&run->walk, begin, end);
    hq_outputs_take(&run->outputs, &run->walk.feed.block, begin, end - begin);
    note_signals(run, begin, end - begin);
    return HQ_OK;
}

/* -------------------------------------------------------------------- the run */

static HqStatus run_blocks(BlockRun *run)
{
    size_t length = run->walk.bars->length;
    HqStatus status = HQ_OK;
    for (size_t begin = 0, end; begin < length && status == HQ_OK; begin = end) {
        end = hq_walk_block_end(&run->walk, begin);
        if (end > begin)
            status = run_block(run, begin, end);
        else
            leave_out(run, end++);
        if (status == HQ_OK && hq_run_reports(&run->progress, end, length))
            hq_block_finish(&run->walk.feed.block); /* whoever is told may look at what is done */
        if (status == HQ_OK)
            status = hq_run_report(&run->progress, end, length);
    }
    hq_block_finish(&run->walk.feed.block);
    return status;
}

static void note_counts(const BlockRun *run)
{
    HqRunResult *result = run->result;
    result->bars = run->walk.bars->length;
    result->rejected_bars = run->rejected;
    result->warmup_bars = run->walk.warmup;
    result->buy_signals = run->by_action[ACTION_BUY];
    result->sell_signals = run->by_action[ACTION_SELL];
    result->hold_signals = run->by_action[ACTION_HOLD];
    result->signals = result->buy_signals + result->sell_signals + result->hold_signals;
}

HqStatus hq_block_run_all(const HqBars *bars, const HqProgram *program,
                          const HqRunOptions *options, HqRunResult *result)
{
    BlockRun run = {.options = options,
                    .result = result,
                    .progress = {options->progress, options->progress_user, 0}};
    uint32_t *room = hq_calloc(2 * result->n_columns, sizeof *room);
    HqStatus status = room ? hq_outputs_init(&run.outputs, result, bars->length) : HQ_ENOMEM;
    if (status == HQ_OK)
        status = build(&run, bars, program, room);
    if (status == HQ_OK)
        status = run_blocks(&run);
    if (status == HQ_OK)
        note_counts(&run);
    hq_walk_destroy(&run.walk);
    hq_outputs_destroy(&run.outputs);
    free(room);
    return status;
}
