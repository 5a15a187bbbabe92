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
    HqTimes times; /* of the bars, where they are checked */
} Alone;

static bool skips_bad_bars(const Alone *alone)
{
    return alone->run->options->bad_bars == HQ_BAD_BARS_SKIP;
}

static bool is_skipped(const Alone *alone, size_t bar)
{
    return skips_bad_bars(alone) && !hq_bar_is_good(alone->bars, bar);
}

/* The end of a block without a program. */
static size_t plain_end(const Alone *alone, size_t begin)
{
    size_t left = alone->bars->length - begin;
    size_t end = begin + (left < alone->room ? left : alone->room);
    for (size_t bar = begin; bar < end; bar++)
        if (is_skipped(alone, bar))
            return bar;
    return end;
}

/* The end of the block that begins at a bar that is not skipped: one ends where progress is reported. */
static size_t block_end(const Alone *alone, size_t begin)
{
    size_t end = alone->walk ? hq_walk_block_end(alone->walk, begin) : plain_end(alone, begin);
    size_t report = (begin / HQ_PROGRESS_BARS + 1) * HQ_PROGRESS_BARS;
    return end < report ? end : report;
}

/* A candle's least and most prices are its low and its high: then they stand in the columns already. */
static HqPrices prices_of(const Alone *alone, size_t begin, size_t end, const HqRange *candles)
{
    const HqBars *bars = alone->bars;
    if (!candles)
        return hq_stretch_prices(bars, begin, end, alone->ranges, alone->ranges + alone->room);
    return (HqPrices){.close = bars->close + begin,
                      .low = bars->low + begin,
                      .high = bars->high + begin,
                      .first = begin,
                      .end = end,
                      .least = candles->low,
                      .most = candles->high};
}

/* @param candles  their range; NULL where the bars are none. */
static HqStatus run_block(Alone *alone, size_t begin, size_t end, const HqRange *candles)
{
    HqRun *run = alone->run;
    HqBacktestOutput *out = run->output;
    double *equity = alone->ranges + 2 * alone->room;
    if (alone->walk)
        hq_walk_block(alone->walk, begin, end);
    HqStretch stretch = {.bars = alone->bars,
                         .begin = begin,
                         .end = end,
                         .prices = prices_of(alone, begin, end, candles),
                         .hits = alone->walk ? &alone->walk->hits : NULL,
                         .given = run->symbols->signals,
                         .intents = run->intents};
    if (out && out->equity)
        equity = out->equity + run->exec.records.counts.steps;
    HqStatus status = hq_stretch_run(&stretch, &run->exec, out, equity);
    if (status == HQ_OK)
        hq_measured_take(&run->measured, equity, end - begin, run->exec.records.counts.steps, &alone->times);
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
    HqRange range;
    bool has_candles = HQ_WIDE_CHOOSE(hq_are_candles)(alone->bars, begin, *end, &range);
    HqStatus status = HQ_OK;
    if (alone->run->checks_bars)
        status = hq_check_bar_block(alone->bars, begin, *end, alone->run->options->bad_bars,
                                    has_candles, &alone->times);
    if (status == HQ_OK && skips)
        skip(alone, begin);
    else if (status == HQ_OK)
        status = run_block(alone, begin, *end, has_candles ? &range : NULL);
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
    const HqBars *bars = run->symbols->bars;
    Alone alone = {.run = run, .bars = bars, .walk = run->walks[0],
                   .times = hq_times_begin(bars->timestamp, bars->length)};
    alone.room = alone.walk ? alone.walk->feed.block.capacity : BLOCK;
    alone.ranges = hq_calloc(3 * alone.room, sizeof *alone.ranges);
    if (!alone.ranges)
        return HQ_ENOMEM;
    HqStatus status = run_blocks(&alone);
    *total = alone.bars->length;
    free(alone.ranges);
    return status;
}
