/*
 * Many bars at once: by blocks, where the stream's bits come cheaper than bar by bar. The newest
 * bar stays out of it, for the caller to push by itself: an update of it needs the bar before.
 */
#include "base/alloc.h"
#include "engine/engine.h"
#include "engine/feed.h"
#include "vm/hits.h"

enum { WORTH_BARS = 64 }; /* fewer cost less than the columns that blocks need */

typedef struct PushMany {
    HQuant *engine;
    const HqBars *bars;
    HqFeed feed;
    HqConditions *conditions; /* by strategy; their columns stay with the engine */
    HqHits hits;      /* of one strategy */
    uint8_t *actions; /* by strategy, a row of `capacity` */
} PushMany;

/* ------------------------------------------------------------- what may be taken */

/* The first bar of begin..end-1 that the engine would refuse; `end` when it takes all. */
static size_t first_refused(const HQuant *engine, const HqBars *bars, size_t begin, size_t end)
{
    size_t i = begin;
    if (hq_bars_are_bounded(bars, begin, end))
        i = end;
    for (Bar bar; i < end; i++) {
        bar = hq_bars_row(bars, i);
        if (!hq_bar_is_valid(&bar))
            break;
    }
    end = i;
    for (i = begin; engine->clocks.count > 0 && i < end; i++)
        if (bars->timestamp[i] < bars->timestamp[i - 1])
            return i;
    return end;
}

/* -------------------------------------------------------------------- a block */

/* From the block's columns to the ring's, as far as the ring still holds its bars. */
static void copy_taps(const PushMany *push, size_t n)
{
    const HQuant *engine = push->engine;
    const HqCursor *cursor = &engine->bars.cursor;
    size_t count = n < hq_cursor_len(cursor) ? n : hq_cursor_len(cursor);
    size_t index = hq_cursor_from_end(cursor, count - 1);
    size_t until_wrap = cursor->capacity - index < count ? cursor->capacity - index : count;
    void (*copy)(const double *, size_t, double *) = HQ_WIDE_CHOOSE(hq_copy_shown);
    for (size_t i = 0; i < engine->n_taps; i++) {
        const HqTap *tap = &engine->taps[i];
        const double *from = push->feed.block.column[tap->slot] + (n - count);
        copy(from, until_wrap, tap->column + index);
        copy(from + until_wrap, count - until_wrap, tap->column);
    }
}

static void find_actions(PushMany *push, size_t n)
{
    for (size_t s = 0; s < push->engine->n_strategies; s++) {
        const HqRules *rules = &push->engine->strategies[s];
        uint8_t *actions = push->actions + s * push->feed.block.capacity;
        memset(actions, 0, n);
        hq_hits_find(&push->hits, rules, &push->conditions[s], &push->feed.block, n);
        for (size_t t = 0; (t = hq_hits_next(&push->hits, t)) < n; t++)
            actions[t] = hq_hits_rule(&push->hits, t)->action;
    }
}

/* Bar by bar, of each the strategies in their order. */
static void emit(PushMany *push, size_t begin, size_t n)
{
    HQuant *engine = push->engine;
    for (size_t t = 0; t < n; t++)
        for (size_t s = 0; s < engine->n_strategies; s++) {
            uint8_t action = push->actions[s * push->feed.block.capacity + t];
            if (action)
                hq_signals_push(engine->queue, engine->id_base + (uint32_t)s + 1, action,
                                push->bars->timestamp[begin + t]);
        }
}

static void push_block(PushMany *push, size_t begin, size_t end)
{
    HQuant *engine = push->engine;
    hq_bars_push_many(&engine->bars, push->bars, begin, end);
    hq_feed_run(&push->feed, push->bars, begin, end);
    copy_taps(push, end - begin);
    find_actions(push, end - begin);
    emit(push, begin, end - begin);
}

/* ------------------------------------------------------------------- all of them */

static HqStatus make_conditions(PushMany *push, uint32_t *most)
{
    const HQuant *engine = push->engine;
    HqStatus status = HQ_OK;
    *most = 0;
    for (size_t s = 0; s < engine->n_strategies && status == HQ_OK; s++) {
        HqConditions *own = &push->conditions[s];
        status = hq_conditions_init(own, &engine->graph, &engine->strategies[s], NULL, 0, 0);
        *most = own->count > *most ? own->count : *most;
    }
    return status;
}

static HqStatus begin_push(PushMany *push)
{
    HQuant *engine = push->engine;
    HqStatus status = hq_feed_init(&push->feed, &engine->graph, &engine->clocks, 0);
    if (status != HQ_OK)
        return status;
    size_t capacity = push->feed.block.capacity;
    push->actions = hq_calloc(engine->n_strategies * capacity, sizeof *push->actions);
    push->conditions = hq_calloc(engine->n_strategies, sizeof *push->conditions);
    uint32_t most = 0;
    status = push->actions && push->conditions ? make_conditions(push, &most) : HQ_ENOMEM;
    return status == HQ_OK ? hq_hits_init(&push->hits, capacity, most) : status;
}

static void end_push(PushMany *push)
{
    hq_feed_destroy(&push->feed);
    hq_hits_destroy(&push->hits);
    for (size_t s = 0; push->conditions && s < push->engine->n_strategies; s++)
        hq_conditions_destroy(&push->conditions[s]);
    free(push->conditions);
    free(push->actions);
}

static size_t push_blocks(PushMany *push, size_t at)
{
    size_t length = push->bars->length, room = push->feed.block.capacity, seen, good;
    hq_engine_flush_taps(push->engine); /* of the lines so far: blocks have none */
    do {
        seen = length - at <= room ? length : at + room + 1;
        good = first_refused(push->engine, push->bars, at, seen);
        size_t end = good - 1; /* whatever comes behind it, the newest is the caller's */
        if (end > at && good > at) {
            push_block(push, at, end);
            at = end;
        }
    } while (good == seen && seen < length);
    return at;
}

size_t hq_engine_push_many(HQuant *engine, const HqBars *bars, size_t begin)
{
    assert(engine->graph.started && !engine->has_waiting && begin > 0);
    if (bars->length < begin + WORTH_BARS)
        return begin;
    PushMany push = {.engine = engine, .bars = bars};
    HqStatus status = begin_push(&push);
    size_t at = begin;
    if (status == HQ_OK)
        at = push_blocks(&push, begin);
    else
        hq_clear_error(); /* bar by bar it goes without memory */
    end_push(&push);
    return at;
}
