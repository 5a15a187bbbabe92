/* One symbol, a block of bars at a time. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "run/driver.h"
#include "run/stretch.h"

enum { BLOCK = 1024 }; /* bars, where no program's graph says how many */

/* Where the loop stands. */
typedef struct Alone {
    HqRun *run;
    const HqBars *bars;
    HqWalk *walk;  /* NULL without a program */
    double *ranges; /* least and most prices of a block, and its equity: three columns */
    size_t room;   /* bars of a column */
} Alone;

static bool skips_bad_bars(const Alone *alone)
{
    return alone->run->options->bad_bars == HQ_BAD_BARS_SKIP;
}

static bool is_skipped(const Alone *alone, size_t bar)
{
    return skips_bad_bars(alone) && !hq_bar_is_good(alone->bars, bar);
}

/* The end of the block that begins at a bar that is not skipped. */
static size_t block_end(const Alone *alone, size_t begin)
{
    if (alone->walk)
        return hq_walk_block_end(alone->walk, begin);
    size_t left = alone->bars->length - begin;
    size_t end = begin + (left < alone->room ? left : alone->room);
    for (size_t bar = begin; bar < end; bar++)
        if (is_skipped(alone, bar))
            return bar;
    return end;
}

static HqStatus run_block(Alone *alone, size_t begin, size_t end)
{
    HqRun *run = alone->run;
    HqBacktestOutput *out = run->output;
    double *low = alone->ranges, *high = low + alone->room, *equity = high + alone->room;
    if (alone->walk)
        hq_walk_block(alone->walk, begin, end);
    HqStretch stretch = {.bars = alone->bars,
                         .begin = begin,
                         .end = end,
                         .prices = hq_stretch_prices(alone->bars, begin, end, low, high),
                         .hits = alone->walk ? &alone->walk->hits : NULL,
                         .given = run->symbols->signals,
                         .intents = run->intents};
    if (out && out->equity)
        equity = out->equity + run->exec.records.counts.steps;
    HqStatus status = hq_stretch_run(&stretch, &run->exec, out, equity);
    hq_fall_push(&run->fall, equity, end - begin);
    return status;
}

static void skip(Alone *alone, size_t bar)
{
    HqBacktestOutput *out = alone->run->output;
    alone->run->exec.records.counts.rejected_bars++;
    if (out && out->actions)
        out->actions[bar] = 0;
}

/* A block, or a bar that is left out. */
static HqStatus run_next(Alone *alone, size_t begin, size_t *end)
{
    bool skips = is_skipped(alone, begin);
    *end = skips ? begin + 1 : block_end(alone, begin);
    HqStatus status = HQ_OK;
    if (alone->run->checks_bars)
        status = hq_check_bar_block(alone->bars, begin, *end, skips_bad_bars(alone));
    if (status == HQ_OK && skips)
        skip(alone, begin);
    else if (status == HQ_OK)
        status = run_block(alone, begin, *end);
    return status;
}

static HqStatus run_blocks(Alone *alone)
{
    size_t length = alone->bars->length;
    HqStatus status = HQ_OK;
    for (size_t bar = 0, end; bar < length && status == HQ_OK; bar = end) {
        status = run_next(alone, bar, &end);
        if (status == HQ_OK)
            status = hq_run_report(&alone->run->progress, end, length);
    }
    return status;
}

HqStatus hq_drive_alone(HqRun *run, size_t *total)
{
    Alone alone = {.run = run, .bars = run->symbols->bars, .walk = run->walks[0]};
    alone.room = alone.walk ? alone.walk->feed.block.capacity : BLOCK;
    alone.ranges = hq_calloc(3 * alone.room, sizeof *alone.ranges);
    if (!alone.ranges)
        return HQ_ENOMEM;
    HqStatus status = run_blocks(&alone);
    *total = alone.bars->length;
    free(alone.ranges);
    return status;
}
