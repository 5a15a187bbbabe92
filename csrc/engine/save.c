/* An HQuant as bytes, and back. */
#include "base/alloc.h"
#include "engine/snapshot.h"

enum { CLOCK_BYTES = 64, INDICATOR_BYTES = 12 }; /* at least */

/* Beside an indicator's mode: it has no columns. */
enum { NEWEST_ALONE = 1 << 8 };

/* -------------------------------------------------------------------- saving */

static void save_settings(const HQuant *e, HqWriter *w)
{
    size_t section = hq_section_begin(w, HQ_SECTION_SETTINGS);
    hq_put_u32(w, e->clocks.htf);
    hq_put_u32(w, e->reads_buy_volume);
    hq_put_i64(w, e->clocks.bar_period_ms);
    hq_put_u64(w, e->lacks_buy_volume);
    hq_put_u64(w, e->rejected_bars);
    hq_section_end(w, section);
}

static HqStatus save_clocks(const HqClocks *clocks, HqWriter *w)
{
    size_t section = hq_section_begin(w, HQ_SECTION_CLOCKS);
    HqStatus status = HQ_OK;
    hq_put_u64(w, clocks->count);
    for (size_t i = 0; i < clocks->count && status == HQ_OK; i++) {
        hq_builder_save(&clocks->clock[i].candle, w);
        hq_put_i64(w, clocks->clock[i].shown);
        status = hq_graph_save(&clocks->clock[i].graph, w);
    }
    hq_imports_save(clocks->imports, clocks->n_imports, w);
    hq_section_end(w, section);
    return status;
}

static void save_indicator(const HQuant *e, const HqIndicator *indicator, HqWriter *w)
{
    const HqIndicatorInfo *info = &indicator->row->info;
    const HqCursor *cursor = &e->bars.cursor;
    hq_put_u32(w, info->code);
    uint32_t mode = indicator->row == hq_row_find(info->code) ? HQ_MODE_SEED : HQ_MODE_TALIB;
    hq_put_u32(w, mode | (indicator->columns ? 0 : NEWEST_ALONE));
    hq_put_u32(w, indicator->slot);
    for (uint32_t i = 0; i < info->n_inputs; i++)
        hq_put_u32(w, indicator->fields[i]);
    hq_put_f64s(w, indicator->params, info->n_params);
    for (uint32_t o = 0; indicator->columns && o < info->n_outputs; o++)
        hq_put_f64s(w, indicator->columns + o * hq_column_stride(cursor->capacity), hq_cursor_len(cursor));
}

HqStatus hq_engine_save_sections(HQuant *engine, HqWriter *writer)
{
    hq_engine_flush_taps(engine);
    save_settings(engine, writer);
    size_t section = hq_section_begin(writer, HQ_SECTION_BARS);
    hq_bars_save(&engine->bars, writer);
    hq_section_end(writer, section);
    section = hq_section_begin(writer, HQ_SECTION_GRAPH);
    HqStatus status = hq_graph_save(&engine->graph, writer);
    hq_section_end(writer, section);
    if (status == HQ_OK)
        status = save_clocks(&engine->clocks, writer);
    if (status != HQ_OK)
        return status;
    section = hq_section_begin(writer, HQ_SECTION_INDICATORS);
    hq_put_u64(writer, engine->n_indicators);
    for (size_t i = 0; i < engine->n_indicators; i++)
        save_indicator(engine, &engine->indicators[i], writer);
    hq_section_end(writer, section);
    section = hq_section_begin(writer, HQ_SECTION_STRATEGIES);
    hq_strategies_save(engine->strategies, engine->sources, engine->n_strategies, writer);
    hq_section_end(writer, section);
    return HQ_OK;
}

HqStatus hq_engine_write(HQuant *engine, HqWriter *writer)
{
    if (engine->is_part)
        return hq_fail(HQ_EINVAL, "handle: this engine belongs to a MultiHQuant; save that");
    HqStatus status = hq_snapshot_begin(writer, HQ_SNAPSHOT_ENGINE);
    if (status == HQ_OK)
        status = hq_engine_save_sections(engine, writer);
    if (status != HQ_OK)
        return status;
    size_t section = hq_section_begin(writer, HQ_SECTION_SIGNALS);
    hq_signals_save(engine->queue, writer);
    hq_section_end(writer, section);
    hq_snapshot_end(writer);
    return HQ_OK;
}

/* ------------------------------------------------------------------- loading */

static HqStatus load_settings(HQuant *e, HqReader *r)
{
    e->clocks.htf = hq_take_u32(r);
    e->reads_buy_volume = hq_take_bool(r);
    e->clocks.bar_period_ms = hq_take_i64(r);
    e->lacks_buy_volume = hq_take_u64(r);
    e->rejected_bars = hq_take_u64(r);
    if (hq_clocks_check_setting(e->clocks.htf, e->clocks.bar_period_ms) != HQ_OK)
        return HQ_DAMAGED("settings: expected a setting of htf that there is");
    return HQ_OK;
}

static HqStatus load_bars(HQuant *e, HqReader *r)
{
    HqStatus status = hq_bars_load(&e->bars, r);
    uint64_t total = hq_cursor_total(&e->bars.cursor);
    if (status == HQ_OK && e->lacks_buy_volume > total)
        return HQ_DAMAGED("bars: the newest without buy_volume is number %llu, of %llu that came",
                          (unsigned long long)e->lacks_buy_volume, (unsigned long long)total);
    return status;
}

/* A line for the newest bar, exactly when there is one. */
static HqStatus load_graph(HQuant *e, HqReader *r)
{
    bool has_bars = hq_cursor_len(&e->bars.cursor) > 0;
    HqStatus status = hq_graph_load(&e->graph, r);
    if (status == HQ_OK && (e->graph.started != has_bars || (hq_graph_line_index(&e->graph) > 0) != has_bars))
        return HQ_DAMAGED("graph: expected a line for the newest bar");
    return status;
}

/* Every clock has been fed every bar that there was since it was added. */
static HqStatus load_clock(HQuant *e, HqClock *clock, HqReader *r)
{
    const HqBarRing *bars = &e->bars;
    HqStatus status = hq_builder_load(&clock->candle, r);
    clock->shown = hq_take_i64(r);
    if (status != HQ_OK)
        return status;
    if (clock->candle.has_candle != (hq_cursor_len(&bars->cursor) > 0) ||
        (clock->candle.has_candle && clock->candle.now.last_update_ts !=
                                         bars->timestamp[hq_cursor_last(&bars->cursor)]))
        return HQ_DAMAGED("clock: expected a candle that holds the newest bar");
    return hq_graph_load(&clock->graph, r);
}

static HqStatus load_clocks(HQuant *e, HqReader *r)
{
    HqClocks *clocks = &e->clocks;
    size_t count = hq_take_count(r, CLOCK_BYTES);
    HqStatus status = HQ_OK;
    if (count > 0 && !(clocks->clock = hq_calloc(count, sizeof *clocks->clock)))
        return HQ_ENOMEM;
    for (; clocks->count < count && status == HQ_OK; clocks->count++)
        status = load_clock(e, &clocks->clock[clocks->count], r);
    if (status == HQ_OK)
        status = hq_imports_load(&clocks->imports, &clocks->n_imports, &e->graph, clocks->count, r);
    for (size_t i = 0; i < clocks->n_imports && status == HQ_OK; i++)
        if (clocks->imports[i].from_slot >=
            clocks->clock[clocks->imports[i].from_graph - 1].graph.n_slots)
            status = HQ_DAMAGED("import %zu: expected a slot of its clock", i);
    return status;
}

static HqStatus load_columns(const HqCursor *cursor, HqIndicator *indicator, HqReader *r)
{
    size_t stride = hq_column_stride(cursor->capacity);
    indicator->columns = hq_calloc(indicator->n_outputs * stride, sizeof *indicator->columns);
    if (!indicator->columns)
        return HQ_ENOMEM;
    for (uint32_t o = 0; o < indicator->n_outputs; o++)
        hq_take_f64s(r, indicator->columns + o * stride, hq_cursor_len(cursor));
    return HQ_OK;
}

static HqStatus load_indicator(const HQuant *e, HqIndicator *indicator, HqReader *r)
{
    uint32_t code = hq_take_u32(r), kind = hq_take_u32(r), mode = kind & ~(uint32_t)NEWEST_ALONE;
    const HqRow *row = code < HQ_HIDDEN_CODE && mode <= HQ_MODE_TALIB ? hq_row_find(code) : NULL;
    if (!row)
        return HQ_DAMAGED("indicator: code %u, mode %u: this library has no such indicator",
                          (unsigned)code, (unsigned)mode);
    indicator->row = row = hq_row_in_mode(row, mode);
    indicator->n_outputs = row->info.n_outputs;
    indicator->slot = hq_take_u32(r);
    bool is_valid = hq_graph_shows(&e->graph, indicator->slot, row->info.n_outputs);
    for (uint32_t i = 0; i < row->info.n_inputs; i++)
        is_valid &= (indicator->fields[i] = hq_take_u32(r)) < HQ_BAR_SLOTS;
    hq_take_f64s(r, indicator->params, row->info.n_params);
    if (!is_valid || r->has_failed || hq_row_check_params(row, indicator->params) != HQ_OK)
        return HQ_DAMAGED("indicator: %s: expected a place, inputs and parameters that it can have",
                          row->info.name);
    return kind & NEWEST_ALONE ? HQ_OK : load_columns(&e->bars.cursor, indicator, r);
}

/* Taps say no more than the indicators do. */
static HqStatus add_taps(HQuant *e)
{
    size_t count = 0, stride = hq_column_stride(e->bars.cursor.capacity);
    for (size_t i = 0; i < e->n_indicators; i++)
        count += e->indicators[i].columns ? e->indicators[i].n_outputs : 0;
    if (count == 0)
        return HQ_OK;
    e->taps = hq_calloc(count, sizeof *e->taps);
    if (!e->taps)
        return HQ_ENOMEM;
    for (size_t i = 0; i < e->n_indicators; i++)
        for (uint32_t o = 0; e->indicators[i].columns && o < e->indicators[i].n_outputs; o++)
            e->taps[e->n_taps++] =
                (HqTap){e->indicators[i].slot + o, e->indicators[i].columns + o * stride};
    return HQ_OK;
}

static HqStatus load_indicators(HQuant *e, HqReader *r)
{
    size_t count = hq_take_count(r, INDICATOR_BYTES);
    HqStatus status = HQ_OK;
    if (count == 0)
        return HQ_OK;
    e->indicators = hq_calloc(count, sizeof *e->indicators);
    if (!e->indicators)
        return HQ_ENOMEM;
    for (; e->n_indicators < count && status == HQ_OK; e->n_indicators++)
        status = load_indicator(e, &e->indicators[e->n_indicators], r);
    return status == HQ_OK ? add_taps(e) : status;
}

static HqStatus load_strategies(HQuant *e, HqReader *r)
{
    HqStatus status =
        hq_strategies_load(&e->strategies, &e->sources, &e->n_strategies, &e->graph, r);
    e->has_waiting = hq_strategies_wait(e->sources, e->n_strategies);
    return status;
}

HqStatus hq_engine_load_sections(HQuant *engine, HqSignalQueue *queue, uint32_t id_base,
                                 HqReader *reader)
{
    static const struct {
        HqSection section;
        HqStatus (*load)(HQuant *engine, HqReader *reader);
    } sections[] = {
        {HQ_SECTION_SETTINGS, load_settings},     {HQ_SECTION_BARS, load_bars},
        {HQ_SECTION_GRAPH, load_graph},           {HQ_SECTION_CLOCKS, load_clocks},
        {HQ_SECTION_INDICATORS, load_indicators}, {HQ_SECTION_STRATEGIES, load_strategies},
    };
    HqReader content;
    HqStatus status = HQ_OK;
    *engine = (HQuant){.queue = queue, .id_base = id_base, .is_part = queue != NULL,
                       .first_untapped = 1};
    hq_guard_init(&engine->guard);
    for (size_t i = 0; i < HQ_ROWS_OF(sections) && status == HQ_OK; i++) {
        status = hq_section_open(reader, sections[i].section, &content);
        if (status == HQ_OK)
            status = sections[i].load(engine, &content);
        if (status == HQ_OK)
            status = hq_section_close(&content, sections[i].section);
    }
    if (status != HQ_OK) {
        hq_engine_destroy(engine);
        *engine = (HQuant){0}; /* owns nothing, for whoever destroys it again */
    } else {
        hq_engine_note_plain(engine);
    }
    return status;
}

static HqStatus load_signals(HQuant *e, HqReader *r)
{
    HqReader content;
    HqStatus status = hq_section_open(r, HQ_SECTION_SIGNALS, &content);
    if (status == HQ_OK)
        status = hq_signals_load(&e->own_queue, &content);
    if (status == HQ_OK)
        status = hq_section_close(&content, HQ_SECTION_SIGNALS);
    e->queue = &e->own_queue;
    return status == HQ_OK ? hq_snapshot_close(r) : status;
}

HqStatus hq_engine_read(const uint8_t *bytes, size_t size, HQuant **out)
{
    HqReader reader;
    HqStatus status = hq_snapshot_open(bytes, size, HQ_SNAPSHOT_ENGINE, &reader);
    if (status != HQ_OK)
        return status;
    HQuant *engine = hq_calloc(1, sizeof *engine);
    if (!engine)
        return HQ_ENOMEM;
    status = hq_engine_load_sections(engine, NULL, 0, &reader);
    if (status == HQ_OK && (status = load_signals(engine, &reader)) != HQ_OK)
        hq_engine_destroy(engine);
    if (status != HQ_OK) {
        free(engine);
        return status;
    }
    *out = engine;
    return HQ_OK;
}
