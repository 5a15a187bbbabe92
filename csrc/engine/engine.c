#include "engine/engine.h"

#include "base/alloc.h"

_Static_assert(sizeof(IndicatorValue) == 32 && offsetof(IndicatorValue, a) == 8,
               "IndicatorValue is the seed's 32 bytes");

HqStatus hq_engine_init(HQuant *engine, size_t capacity, HqSignalQueue *queue, uint32_t id_base)
{
    *engine = (HQuant){.queue = queue, .id_base = id_base, .is_part = queue != NULL,
                       .is_plain = queue == NULL, .first_untapped = 1};
    hq_guard_init(&engine->guard);
    HqStatus status = hq_bars_init(&engine->bars, capacity);
    if (status == HQ_OK)
        status = hq_graph_init(&engine->graph, 0);
    if (status == HQ_OK && !queue) {
        status = hq_signals_init(&engine->own_queue, HQ_SIGNAL_CAPACITY_DEFAULT);
        engine->queue = &engine->own_queue;
    }
    if (status != HQ_OK)
        hq_engine_destroy(engine);
    return status;
}

void hq_engine_destroy(HQuant *engine)
{
    for (size_t i = 0; i < engine->n_indicators; i++)
        free(engine->indicators[i].columns);
    hq_strategies_destroy(engine->strategies, engine->sources, engine->n_strategies);
    hq_clocks_destroy(&engine->clocks);
    free(engine->indicators);
    free(engine->taps);
    hq_watches_destroy(engine);
    hq_signals_destroy(&engine->own_queue);
    hq_graph_destroy(&engine->graph);
    hq_bars_destroy(&engine->bars);
}

const HqIndicator *hq_engine_find(const HQuant *engine, uint32_t id)
{
    if (id >= 1 && id <= engine->n_indicators)
        return &engine->indicators[id - 1];
    hq_fail(HQ_ENOTFOUND, "indicator: expected an id in 1..%zu, found %u", engine->n_indicators,
            (unsigned)id);
    return NULL;
}

/* A slot of `count` consecutive lines, into consecutive places. */
static void copy_slot(const double *from, size_t stride, double *to, size_t count)
{
    size_t i = 0;
    for (; i + 4 <= count; i += 4, from += 4 * stride) {
        to[i] = hq_shown(from[0]);
        to[i + 1] = hq_shown(from[stride]);
        to[i + 2] = hq_shown(from[2 * stride]);
        to[i + 3] = hq_shown(from[3 * stride]);
    }
    for (; i < count; i++, from += stride)
        to[i] = hq_shown(*from);
}

void hq_engine_flush_taps(HQuant *engine)
{
    const HqGraph *graph = &engine->graph;
    const HqCursor *cursor = &engine->bars.cursor;
    size_t pending = graph->line_index + 1 - engine->first_untapped;
    size_t count = pending < cursor->len ? pending : cursor->len;
    if (count == 0)
        return;
    const double *line = graph->line - (count - 1) * graph->stride;
    size_t index = hq_cursor_from_end(cursor, count - 1);
    size_t until_wrap = cursor->capacity - index < count ? cursor->capacity - index : count;
    for (size_t i = 0; i < engine->n_taps; i++) {
        const HqTap *tap = &engine->taps[i];
        const double *from = line + tap->slot;
        copy_slot(from, graph->stride, tap->column + index, until_wrap);
        copy_slot(from + until_wrap * graph->stride, graph->stride, tap->column,
                  count - until_wrap);
    }
    engine->first_untapped = graph->line_index; /* the newest may be replaced, and is copied again */
}

void hq_engine_wrap(HQuant *engine)
{
    hq_engine_flush_taps(engine);
    engine->first_untapped = 1;
    hq_graph_wrap(&engine->graph);
}

HqStatus hq_engine_push(HQuant *engine, const Bar *bar)
{
    HqStatus status = hq_clocks_admit(&engine->clocks, bar->timestamp);
    if (status != HQ_OK)
        return status;
    if (engine->has_waiting) {
        hq_strategies_take_over(engine->strategies, engine->sources, engine->n_strategies);
        engine->has_waiting = false;
        hq_engine_note_plain(engine);
    }
    hq_engine_begin(engine, bar);
    hq_clocks_push(&engine->clocks, engine->graph.line, bar);
    hq_graph_push(&engine->graph);
    return HQ_OK;
}

HqStatus hq_engine_update(HQuant *engine, const Bar *bar)
{
    int64_t newest = engine->bars.timestamp[hq_cursor_last(&engine->bars.cursor)];
    if (engine->clocks.count > 0 && bar->timestamp != newest)
        return hq_fail(HQ_EORDER,
                       "update at %lld ms: expected the newest bar's time, %lld ms: a strategy "
                       "reads a higher timeframe, and the bar is in its candle already; push it as "
                       "a bar of its own", (long long)bar->timestamp, (long long)newest);
    hq_bars_update_last(&engine->bars, bar);
    hq_graph_set_bar(&engine->graph, bar);
    hq_clocks_update(&engine->clocks, engine->graph.line, bar);
    hq_graph_peek(&engine->graph);
    return HQ_OK;
}
