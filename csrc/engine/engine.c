#include "engine/engine.h"

#include "base/alloc.h"

_Static_assert(sizeof(IndicatorValue) == 32 && offsetof(IndicatorValue, a) == 8,
               "IndicatorValue is the seed's 32 bytes");

HqStatus hq_engine_init(HQuant *engine, size_t capacity, HqSignalQueue *queue, uint32_t id_base)
{
    *engine = (HQuant){.queue = queue, .id_base = id_base, .is_part = queue != NULL,
                       .first_untapped = 1};
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

const HqIndicator *hq_engine_find_none(const HQuant *engine, uint32_t id)
{
    if (engine->n_indicators == 0)
        hq_fail(HQ_ENOTFOUND, "indicator: there are none yet, found id %u; add one first", (unsigned)id);
    else
        hq_fail(HQ_ENOTFOUND, "indicator: expected an id in 1..%zu, found %u", engine->n_indicators,
                (unsigned)id);
    return NULL;
}

static void copy_taps(HQuant *engine, const double *line, size_t index, size_t count)
{
    HQ_WIDE_CHOOSE(hq_taps_copy)
    (engine->taps, engine->n_taps, line, engine->graph.stride, index, count);
}

void hq_engine_flush_taps(HQuant *engine)
{
    const HqGraph *graph = &engine->graph;
    const HqCursor *cursor = &engine->bars.cursor;
    size_t pending = hq_graph_line_index(graph) + 1 - engine->first_untapped;
    size_t count = pending < hq_cursor_len(cursor) ? pending : hq_cursor_len(cursor);
    if (count == 0)
        return;
    const double *line = graph->line - (count - 1) * graph->stride;
    size_t index = hq_cursor_from_end(cursor, count - 1);
    size_t until_wrap = cursor->capacity - index < count ? cursor->capacity - index : count;
    copy_taps(engine, line, index, until_wrap);
    copy_taps(engine, line + until_wrap * graph->stride, 0, count - until_wrap);
    engine->first_untapped = hq_graph_line_index(graph); /* the newest may be replaced, and is copied again */
}

void hq_engine_wrap(HQuant *engine)
{
    hq_engine_flush_taps(engine);
    engine->first_untapped = 1;
    hq_graph_settle(&engine->graph);
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
    }
    if (hq_graph_is_last_line(&engine->graph))
        hq_engine_wrap(engine);
    hq_engine_begin_line(engine, bar);
    hq_clocks_push(&engine->clocks, engine->graph.line, bar);
    hq_graph_push(&engine->graph);
    hq_engine_note_plain(engine);
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
