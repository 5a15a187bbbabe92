/*
 * Adding indicators to an engine: the new nodes are built in a graph of their own, warmed by
 * replaying the bars that the ring holds, and only then adopted. A failure anywhere before that
 * leaves the engine as it was, and a late addition gives what a fresh engine fed those bars gives.
 */
#include "base/alloc.h"
#include "engine/engine.h"

HqStatus hq_engine_fresh_graph(const HQuant *engine, HqGraph *fresh)
{
    const HqCursor *cursor = &engine->bars.cursor;
    HqStatus status = hq_graph_init(fresh, hq_cursor_total(cursor) - hq_cursor_len(cursor));
    if (status != HQ_OK)
        hq_graph_destroy(fresh);
    return status;
}

void hq_engine_replay(const HQuant *engine, HqGraph *fresh, HqClocks *clocks, const HqTap *taps,
                      size_t n_taps)
{
    for (size_t i = 0; i < hq_cursor_len(&engine->bars.cursor); i++) {
        Bar bar = hq_bars_get(&engine->bars, i);
        hq_graph_next_line(fresh);
        hq_graph_set_bar(fresh, &bar);
        if (clocks)
            hq_clocks_push(clocks, fresh->line, &bar);
        hq_graph_push(fresh);
        size_t index = hq_cursor_at(&engine->bars.cursor, i);
        for (size_t t = 0; t < n_taps; t++)
            taps[t].column[index] = fresh->line[taps[t].slot];
    }
}

HqStatus hq_engine_check_buy_volume(const HQuant *engine)
{
    const HqCursor *cursor = &engine->bars.cursor;
    if (engine->lacks_buy_volume + hq_cursor_len(cursor) <= hq_cursor_total(cursor) ||
        engine->lacks_buy_volume == 0)
        return HQ_OK;
    return hq_fail(HQ_EINVAL, "buy_volume: bars that the ring holds came from data without that "
                              "column; push it with the data, or add this before them");
}

/* ---------------------------------------------------------------- indicators */

static uint32_t find_indicator(const HQuant *e, const HqRow *row, const uint32_t *fields,
                               const double *params, HqHistory history)
{
    for (size_t i = 0; i < e->n_indicators; i++) {
        const HqIndicator *have = &e->indicators[i];
        if (have->row == row && (have->columns || history == HQ_NEWEST_ALONE) &&
            memcmp(have->fields, fields, row->info.n_inputs * sizeof *fields) == 0 &&
            memcmp(have->params, params, row->info.n_params * sizeof *params) == 0)
            return (uint32_t)i + 1;
    }
    return 0;
}

/* Indicators that one call adds: the parts that have no id yet, then the one asked for. */
enum { BATCH_MAX = 4 };

typedef struct Batch {
    HqHistory history;
    HqIndicator item[BATCH_MAX];
    size_t count;
    HqTap taps[BATCH_MAX * HQ_MAX_OUTPUTS];
    size_t n_taps;
} Batch;

/* Columns of an item whose slot is known. */
static HqStatus batch_add_columns(const HQuant *e, Batch *batch, HqIndicator *item)
{
    size_t stride = hq_column_stride(e->bars.cursor.capacity);
    item->columns = hq_calloc(item->n_outputs * stride, sizeof *item->columns);
    if (!item->columns)
        return HQ_ENOMEM;
    for (uint32_t o = 0; o < item->n_outputs; o++)
        batch->taps[batch->n_taps++] = (HqTap){item->slot + o, item->columns + o * stride};
    return HQ_OK;
}

static HqStatus batch_add(const HQuant *e, Batch *batch, HqGraph *fresh, const HqRow *row,
                          const uint32_t *fields, const double *params)
{
    assert(batch->count < BATCH_MAX);
    for (size_t i = 0; i < batch->count; i++)
        if (batch->item[i].row == row &&
            memcmp(batch->item[i].params, params, row->info.n_params * sizeof *params) == 0)
            return HQ_OK;
    HqIndicator *item = &batch->item[batch->count];
    *item = (HqIndicator){.row = row, .n_outputs = row->info.n_outputs};
    memcpy(item->fields, fields, row->info.n_inputs * sizeof *fields);
    memcpy(item->params, params, row->info.n_params * sizeof *params);
    item->slot = hq_graph_indicator(fresh, row, item->fields, item->params);
    if (item->slot == HQ_NO_SLOT)
        return hq_last_error()->code;
    if (batch->history == HQ_HISTORY && batch_add_columns(e, batch, item) != HQ_OK)
        return HQ_ENOMEM;
    batch->count++;
    return HQ_OK;
}

/* Names a row's parts to the batch: those over fields, which is all that such a row has. */
typedef struct PartLister {
    HqBuilder builder;
    const HQuant *engine;
    Batch *batch;
    HqGraph *fresh;
    HqStatus status;
} PartLister;

static uint32_t list_part(HqBuilder *builder, const HqRow *row, const uint32_t *in,
                          const double *params)
{
    PartLister *l = (PartLister *)builder;
    if (l->status == HQ_OK && find_indicator(l->engine, row, in, params, l->batch->history) == 0)
        l->status = batch_add(l->engine, l->batch, l->fresh, row, in, params);
    return HQ_NO_SLOT; /* nothing is built on it here */
}

static HqStatus batch_fill(const HQuant *e, Batch *batch, HqGraph *fresh, const HqRow *row,
                           const uint32_t *fields, const double *params)
{
    if (row->parts_have_ids) {
        PartLister lister = {{list_part}, e, batch, fresh, HQ_OK};
        uint32_t core[HQ_MAX_INPUTS];
        row->parts(&lister.builder, fields, params, core);
        if (lister.status != HQ_OK)
            return lister.status;
    }
    return batch_add(e, batch, fresh, row, fields, params);
}

/* Nothing can fail any more. The new columns are filled: older lines must not be copied to them. */
static void batch_commit(HQuant *e, Batch *batch, const uint32_t *map)
{
    hq_engine_flush_taps(e);
    for (size_t i = 0; i < batch->n_taps; i++) {
        batch->taps[i].slot = map[batch->taps[i].slot];
        e->taps[e->n_taps++] = batch->taps[i];
    }
    for (size_t i = 0; i < batch->count; i++) {
        for (uint32_t k = 0; k < batch->item[i].row->info.n_inputs; k++)
            e->reads_buy_volume |= batch->item[i].fields[k] == HQ_FIELD_BUY_VOLUME;
        batch->item[i].slot = map[batch->item[i].slot];
        e->indicators[e->n_indicators++] = batch->item[i];
    }
}

static HqStatus batch_adopt(HQuant *e, Batch *batch, HqGraph *fresh)
{
    HqStatus status = hq_grow((void **)&e->indicators, e->n_indicators + batch->count,
                              sizeof *e->indicators);
    if (status == HQ_OK && batch->n_taps > 0)
        status = hq_grow((void **)&e->taps, e->n_taps + batch->n_taps, sizeof *e->taps);
    if (status != HQ_OK)
        return status;
    uint32_t *map = hq_calloc(fresh->n_slots, sizeof *map);
    if (!map)
        return HQ_ENOMEM;
    hq_engine_replay(e, fresh, NULL, batch->taps, batch->n_taps);
    status = hq_graph_adopt(&e->graph, fresh, map);
    if (status == HQ_OK)
        batch_commit(e, batch, map);
    free(map);
    return status;
}

uint32_t hq_engine_add_indicator(HQuant *engine, const HqRow *row, const uint32_t *fields,
                                 const double *given, HqHistory history)
{
    double params[HQ_MAX_PARAMS] = {0};
    if (hq_row_check_params(row, given) != HQ_OK)
        return 0;
    for (uint32_t i = 0; i < row->info.n_params; i++)
        params[i] = given[i] + 0.0; /* -0 is 0: equal specs have equal bytes */
    uint32_t id = find_indicator(engine, row, fields, params, history);
    if (id != 0)
        return id;
    for (uint32_t i = 0; i < row->info.n_inputs; i++)
        if (fields[i] == HQ_FIELD_BUY_VOLUME && hq_engine_check_buy_volume(engine) != HQ_OK)
            return 0;
    HqGraph fresh;
    Batch batch = {.history = history};
    if (hq_engine_fresh_graph(engine, &fresh) != HQ_OK)
        return 0;
    HqStatus status = batch_fill(engine, &batch, &fresh, row, fields, params);
    if (status == HQ_OK)
        status = batch_adopt(engine, &batch, &fresh);
    hq_graph_destroy(&fresh);
    if (status == HQ_OK)
        return (uint32_t)engine->n_indicators;
    for (size_t i = 0; i < BATCH_MAX; i++)
        free(batch.item[i].columns);
    return 0;
}
