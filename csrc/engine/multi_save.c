/* A MultiHQuant as bytes, and back. */
#include "base/alloc.h"
#include "engine/snapshot.h"

/* -------------------------------------------------------------------- saving */

static void save_settings(const HqMulti *m, HqWriter *w)
{
    size_t section = hq_section_begin(w, HQ_SECTION_SETTINGS);
    hq_put_u32(w, m->emit);
    hq_put_u32(w, m->htf);
    hq_put_i64(w, m->bar_period_ms);
    hq_put_u32(w, m->reads_buy_volume);
    hq_put_u32(w, m->cross_is_current);
    hq_put_i64(w, m->last_timestamp);
    hq_section_end(w, section);
}

static HqStatus save_engines(HqMulti *m, HqWriter *w)
{
    HqStatus status = HQ_OK;
    for (size_t i = 0; i < m->candles.count && status == HQ_OK; i++) {
        hq_put_u32(w, m->engines[i].is_due);
        hq_put_u32(w, m->engines[i].is_evaluated);
        hq_put_u32(w, m->engines[i].has_ended);
        hq_put_u32(w, 0);
        status = hq_engine_save_sections(&m->engines[i].engine, w);
    }
    return status;
}

HqStatus hq_multi_write(HqMulti *multi, HqWriter *writer)
{
    HqStatus status = hq_snapshot_begin(writer, HQ_SNAPSHOT_MULTI);
    if (status != HQ_OK)
        return status;
    save_settings(multi, writer);
    hq_candle_set_save(&multi->candles, writer);
    status = save_engines(multi, writer);
    if (status != HQ_OK)
        return status;
    size_t section = hq_section_begin(writer, HQ_SECTION_GRAPH);
    status = hq_graph_save(&multi->cross, writer);
    if (status != HQ_OK)
        return status;
    hq_section_end(writer, section);
    section = hq_section_begin(writer, HQ_SECTION_IMPORTS);
    hq_imports_save(multi->imports, multi->n_imports, writer);
    hq_section_end(writer, section);
    section = hq_section_begin(writer, HQ_SECTION_STRATEGIES);
    hq_strategies_save(multi->strategies, multi->sources, multi->n_strategies, writer);
    hq_section_end(writer, section);
    section = hq_section_begin(writer, HQ_SECTION_SIGNALS);
    hq_signals_save(&multi->queue, writer);
    hq_section_end(writer, section);
    hq_snapshot_end(writer);
    return HQ_OK;
}

/* ------------------------------------------------------------------- loading */

static HqStatus load_settings(HqMulti *m, HqReader *r)
{
    m->emit = hq_take_u32(r);
    m->htf = hq_take_u32(r);
    m->bar_period_ms = hq_take_i64(r);
    m->reads_buy_volume = hq_take_bool(r);
    m->cross_is_current = hq_take_bool(r);
    m->last_timestamp = hq_take_i64(r);
    if (m->emit > HQ_EMIT_ON_CLOSE || hq_clocks_check_setting(m->htf, m->bar_period_ms) != HQ_OK)
        return HQ_DAMAGED("settings: expected ones that a MultiHQuant takes");
    return HQ_OK;
}

static HqStatus load_engine(HqMulti *m, size_t index, HqReader *r)
{
    HqPeriodEngine *part = &m->engines[index];
    const HqCandleBuilder *builder = &m->candles.builders[index];
    part->is_due = hq_take_bool(r);
    part->is_evaluated = hq_take_bool(r);
    part->has_ended = hq_take_bool(r);
    if (hq_take_u32(r) != 0 || r->has_failed)
        return HQ_DAMAGED("engine %zu: expected its flags", index);
    HQuant *engine = &part->engine;
    HqStatus status =
        hq_engine_load_sections(engine, &m->queue, (uint32_t)(index + 1) << 16, r);
    if (status != HQ_OK)
        return status;
    hq_multi_connect(m, index);
    if (engine->clocks.bar_period_ms != builder->period_ms ||
        (hq_cursor_len(&engine->bars.cursor) > 0) != builder->has_candle ||
        (builder->has_candle &&
         engine->bars.timestamp[hq_cursor_last(&engine->bars.cursor)] != builder->now.open_time))
        return HQ_DAMAGED("engine %zu: expected the candles of its period", index);
    return HQ_OK;
}

static HqStatus load_engines(HqMulti *m, HqReader *r)
{
    HqStatus status = HQ_OK;
    m->engines = hq_calloc(m->candles.count, sizeof *m->engines);
    if (!m->engines)
        return HQ_ENOMEM;
    for (size_t i = 0; i < m->candles.count && status == HQ_OK; i++)
        status = load_engine(m, i, r);
    return status;
}

static HqStatus load_cross(HqMulti *m, HqReader *r)
{
    HqStatus status = hq_graph_load(&m->cross, r);
    if (status == HQ_OK && m->cross_is_current && hq_graph_line_index(&m->cross) == 0)
        return HQ_DAMAGED("graph: expected a line for the newest candle");
    return status;
}

static HqStatus load_imports(HqMulti *m, HqReader *r)
{
    HqStatus status =
        hq_imports_load(&m->imports, &m->n_imports, &m->cross, m->candles.count, r);
    for (size_t i = 0; i < m->n_imports && status == HQ_OK; i++)
        if (m->imports[i].from_slot >=
            m->engines[m->imports[i].from_graph - 1].engine.graph.n_slots)
            status = HQ_DAMAGED("import %zu: expected a slot of its period", i);
    return status;
}

static HqStatus load_strategies(HqMulti *m, HqReader *r)
{
    HqStatus status = hq_strategies_load(&m->strategies, &m->sources, &m->n_strategies, &m->cross, r);
    m->has_waiting = hq_strategies_wait(m->sources, m->n_strategies);
    return status;
}

static HqStatus load_signals(HqMulti *m, HqReader *r) { return hq_signals_load(&m->queue, r); }

typedef HqStatus (*LoadFn)(HqMulti *multi, HqReader *reader);

static HqStatus load_section(HqMulti *m, HqSection section, LoadFn load, HqReader *r)
{
    HqReader content;
    HqStatus status = hq_section_open(r, section, &content);
    if (status == HQ_OK)
        status = load(m, &content);
    return status == HQ_OK ? hq_section_close(&content, section) : status;
}

static HqStatus load_multi(HqMulti *m, HqReader *r)
{
    static const struct {
        HqSection section;
        LoadFn load;
    } behind_engines[] = {
        {HQ_SECTION_GRAPH, load_cross},
        {HQ_SECTION_IMPORTS, load_imports},
        {HQ_SECTION_STRATEGIES, load_strategies},
        {HQ_SECTION_SIGNALS, load_signals},
    };
    HqStatus status = load_section(m, HQ_SECTION_SETTINGS, load_settings, r);
    if (status == HQ_OK)
        status = hq_candle_set_load(&m->candles, r);
    if (status == HQ_OK)
        status = load_engines(m, r);
    for (size_t i = 0; i < HQ_ROWS_OF(behind_engines) && status == HQ_OK; i++)
        status = load_section(m, behind_engines[i].section, behind_engines[i].load, r);
    return status == HQ_OK ? hq_snapshot_close(r) : status;
}

HqStatus hq_multi_read(const uint8_t *bytes, size_t size, HqMulti **out)
{
    HqReader reader;
    HqStatus status = hq_snapshot_open(bytes, size, HQ_SNAPSHOT_MULTI, &reader);
    if (status != HQ_OK)
        return status;
    HqMulti *multi = hq_calloc(1, sizeof *multi);
    if (!multi)
        return HQ_ENOMEM;
    hq_guard_init(&multi->guard);
    status = load_multi(multi, &reader);
    if (status != HQ_OK) {
        hq_multi_destroy(multi);
        return status;
    }
    *out = multi;
    return HQ_OK;
}
