#include "run/block_run.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/past_caches.h"
#include "graph/spec.h"
#include "run/columns.h"
#include "run/progress.h"

/* A column that is asked for, and where its values come from. */
typedef struct Tap {
    double *values;
    uint32_t slot;
    bool is_led; /* the node that computes it writes it where it goes */
} Tap;

typedef struct BlockRun {
    HqWalk walk;
    const HqRunOptions *options;
    HqRunResult *result;
    Tap *taps; /* one a column */
    bool past_caches; /* columns are made in the block's own place, and none is led */
    uint64_t rejected;
    uint64_t by_action[4]; /* signals */
    HqRunProgress progress;
} BlockRun;

/* ------------------------------------------------------------------ building */

static HqStatus check_register(const HqProgram *program, size_t i, uint32_t index)
{
    if (!program)
        return hq_fail(HQ_EINVAL, "columns[%zu]: register %u of a program, and there is none; give "
                                  "an indicator", i, (unsigned)index);
    if (index >= program->n_code)
        return hq_fail(HQ_EINVAL, "columns[%zu]: expected a register 0..%u, found %u", i,
                       (unsigned)program->n_code - 1, (unsigned)index);
    uint8_t clock = program->registers[index].clock;
    if (clock != 0 && clock != HQ_CLOCK_NONE)
        return hq_fail(HQ_EINVAL, "columns[%zu]: register %u is of a higher timeframe; LAST brings "
                                  "it to the base clock", i, (unsigned)index);
    return HQ_OK;
}

/* The registers that are asked for, in the columns' order. */
static HqStatus list_registers(const HqProgram *program, const HqRunResult *result,
                               uint32_t *registers, size_t *count)
{
    *count = 0;
    for (size_t i = 0; i < result->n_columns; i++) {
        const HqRunColumn *column = &result->columns[i];
        HqStatus status = column->indicator ? HQ_OK : check_register(program, i, column->index);
        if (status != HQ_OK)
            return status;
        if (!column->indicator)
            registers[(*count)++] = column->index;
    }
    return HQ_OK;
}

static HqStatus add_indicator(BlockRun *run, size_t i, uint32_t *slot)
{
    const HqRunColumn *column = &run->result->columns[i];
    double params[HQ_MAX_PARAMS] = {0};
    uint32_t fields[HQ_MAX_INPUTS] = {0};
    const HqRow *row = hq_spec_resolve(column->indicator, params, fields);
    if (!row)
        return hq_last_error()->code;
    if (column->index >= row->info.n_outputs)
        return hq_fail(HQ_EINVAL, "columns[%zu]: %s: expected an output 0..%u, found %u", i,
                       row->info.name, (unsigned)row->info.n_outputs - 1,
                       (unsigned)column->index);
    uint32_t first = hq_graph_indicator(&run->walk.graph, row, fields, params);
    if (first == HQ_NO_SLOT)
        return hq_last_error()->code;
    *slot = first + column->index;
    return HQ_OK;
}

/* A slot for each column: those of registers are linked already, in the columns' order. */
static HqStatus place_columns(BlockRun *run, const uint32_t *linked, uint32_t *slots)
{
    const HqRunResult *result = run->result;
    for (size_t i = 0; i < result->n_columns; i++) {
        if (!result->columns[i].indicator) {
            slots[i] = *linked++;
            continue;
        }
        HqStatus status = add_indicator(run, i, &slots[i]);
        if (status != HQ_OK)
            return status;
    }
    return HQ_OK;
}

/* One column a slot is written in place, further ones are copied from it. */
static HqStatus make_taps(BlockRun *run, const uint32_t *slots)
{
    const HqRunResult *result = run->result;
    bool *is_taken = hq_calloc(run->walk.graph.n_slots, sizeof *is_taken);
    if (!is_taken)
        return HQ_ENOMEM;
    for (size_t i = 0; i < result->n_columns; i++) {
        run->walk.feed.has_time |= slots[i] == HQ_SLOT_TIME;
        bool is_led = run->walk.feed.block.is_written[slots[i]] && !is_taken[slots[i]];
        run->taps[i] = (Tap){result->columns[i].values, slots[i], is_led && !run->past_caches};
        is_taken[slots[i]] = true;
    }
    free(is_taken);
    return HQ_OK;
}

/* Memory that the library has just made comes to it through the caches, and is written there; of a caller's
 * that is not known. */
static bool goes_past_caches(const HqRunResult *result, size_t length)
{
    for (size_t i = 0; i < result->n_columns; i++)
        if (result->columns[i].is_owned)
            return false;
    return hq_goes_past_caches(result->n_columns, length);
}

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
    HqStatus status = list_registers(program, run->result, room, &reads.count);
    if (status == HQ_OK)
        status = hq_walk_init(&run->walk, program, &settings, &reads, bars);
    if (status == HQ_OK)
        status = place_columns(run, room, room + n);
    if (status == HQ_OK && bars->length > 0)
        status = hq_columns_check_read(&run->walk, room + n, n);
    if (status == HQ_OK)
        status = hq_walk_prepare(&run->walk, block_bars(run), room + n, n);
    if (status == HQ_OK)
        status = make_taps(run, room + n);
    run->walk.takes = options->bad_bars == HQ_BAD_BARS_SKIP ? hq_columns_bar_is_good : NULL;
    return status;
}

/* -------------------------------------------------------------------- a block */

static void lead_columns(BlockRun *run, size_t begin)
{
    for (size_t i = 0; i < run->result->n_columns; i++)
        if (run->taps[i].is_led)
            run->walk.feed.block.column[run->taps[i].slot] = run->taps[i].values + begin;
}

static void take_columns(const BlockRun *run, size_t begin, size_t n)
{
    const HqBlock *block = &run->walk.feed.block;
    for (size_t i = 0; i < run->result->n_columns; i++) {
        const Tap *tap = &run->taps[i];
        double *values = tap->values + begin, *column = block->column[tap->slot];
        if (run->past_caches && block->is_written[tap->slot]) {
            hq_block_make_known(block, tap->slot, column, n);
            hq_copy_past_caches(values, column, n);
            continue;
        }
        if (!tap->is_led)
            memcpy(values, column, n * sizeof *values);
        hq_block_make_known(block, tap->slot, values, n);
    }
    if (run->past_caches)
        hq_end_past_caches();
}

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
    for (size_t i = 0; i < result->n_columns; i++)
        run->taps[i].values[bar] = (double)NAN;
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
    lead_columns(run, begin);
    for (uint32_t field = 0; field < HQ_FIELD_COUNT; field++) /* a bar that is taken has good ones */
        hq_block_note_bounded(&run->walk.feed.block, field);
    hq_walk_block(&run->walk, begin, end);
    take_columns(run, begin, end - begin);
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
        if (status == HQ_OK)
            status = hq_run_report(&run->progress, end, length);
    }
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
                    .past_caches = goes_past_caches(result, bars->length),
                    .progress = {options->progress, options->progress_user, 0}};
    uint32_t *room = hq_calloc(2 * result->n_columns, sizeof *room);
    run.taps = hq_calloc(result->n_columns, sizeof *run.taps);
    HqStatus status = room && run.taps ? HQ_OK : HQ_ENOMEM;
    if (status == HQ_OK)
        status = build(&run, bars, program, room);
    if (status == HQ_OK)
        status = run_blocks(&run);
    if (status == HQ_OK)
        note_counts(&run);
    hq_walk_destroy(&run.walk);
    free(run.taps);
    free(room);
    return status;
}
