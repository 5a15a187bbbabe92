/*
 * Watches: the newest values of chosen outputs, copied side by side after every bar, so that a
 * caller reads memory instead of asking. Their slots move when the graph is compacted, like those
 * of all who read it.
 */
#include "base/alloc.h"
#include "engine/engine.h"

/* As hq_engine_value() of each: what is stored cannot move the line that is read, but a compiler does not know. */
static inline void show(const HQuant *engine, const HqWatch *watch)
{
    const double *line = engine->graph.line;
    const uint32_t *slots = watch->slots;
    double *values = watch->values;
    for (size_t i = 0, n = watch->count; i < n; i++)
        values[i] = hq_shown(line[slots[i]]);
}

void hq_watches_show(HQuant *engine)
{
    for (size_t i = 0; i < engine->n_watches; i++)
        show(engine, &engine->watches[i]);
}

static HqStatus check(const HQuant *engine, const HqIndicatorOutput *outputs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const HqIndicator *indicator = hq_engine_find(engine, outputs[i].id);
        if (!indicator)
            return HQ_ENOTFOUND;
        if (outputs[i].output >= indicator->row->info.n_outputs)
            return hq_fail(HQ_ENOTFOUND, "indicator %u (%s): output: expected 0..%u, found %u",
                           (unsigned)outputs[i].id, indicator->row->info.name,
                           (unsigned)indicator->row->info.n_outputs - 1,
                           (unsigned)outputs[i].output);
    }
    return HQ_OK;
}

static const HqWatch *find(const HQuant *engine, const HqIndicatorOutput *outputs, size_t count)
{
    for (size_t i = 0; i < engine->n_watches; i++)
        if (engine->watches[i].count == count &&
            memcmp(engine->watches[i].outputs, outputs, count * sizeof *outputs) == 0)
            return &engine->watches[i];
    return NULL;
}

static void destroy(HqWatch *watch)
{
    free(watch->values);
    free(watch->outputs);
    free(watch->slots);
}

static HqStatus init(HqWatch *watch, const HQuant *engine, const HqIndicatorOutput *outputs,
                     size_t count)
{
    *watch = (HqWatch){hq_calloc(count, sizeof *watch->values),
                       hq_calloc(count, sizeof *watch->outputs),
                       hq_calloc(count, sizeof *watch->slots), count};
    if (!watch->values || !watch->outputs || !watch->slots)
        return HQ_ENOMEM;
    memcpy(watch->outputs, outputs, count * sizeof *outputs);
    for (size_t i = 0; i < count; i++)
        watch->slots[i] = engine->indicators[outputs[i].id - 1].slot + outputs[i].output;
    return HQ_OK;
}

const double *hq_engine_add_watch(HQuant *engine, const HqIndicatorOutput *outputs, size_t count)
{
    if (check(engine, outputs, count) != HQ_OK)
        return NULL;
    const HqWatch *have = find(engine, outputs, count);
    if (have)
        return have->values;
    HqWatch watch;
    HqStatus status = init(&watch, engine, outputs, count);
    if (status == HQ_OK)
        status = hq_grow((void **)&engine->watches, engine->n_watches + 1, sizeof watch);
    if (status != HQ_OK) {
        destroy(&watch);
        return NULL;
    }
    engine->watches[engine->n_watches++] = watch;
    show(engine, &watch);
    return watch.values;
}

void hq_watches_destroy(HQuant *engine)
{
    for (size_t i = 0; i < engine->n_watches; i++)
        destroy(&engine->watches[i]);
    free(engine->watches);
}

size_t hq_watch_uses(const HQuant *engine, uint32_t **uses)
{
    size_t n = 0;
    for (size_t i = 0; i < engine->n_watches; i++) {
        const HqWatch *watch = &engine->watches[i];
        for (size_t k = 0; uses && k < watch->count; k++)
            uses[n + k] = &watch->slots[k];
        n += watch->count;
    }
    return n;
}
