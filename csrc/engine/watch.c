/*
 * Watches: the newest values of chosen outputs, copied side by side after every bar, so that a
 * caller reads memory instead of asking. Their slots move when the graph is compacted, like those
 * of all who read it.
 */
#include "base/alloc.h"
#include "engine/engine.h"

/* As hq_engine_value() of each: what is stored cannot move the line that is read, but a compiler does not know. */
void hq_watches_show(HQuant *engine)
{
    const double *line = engine->graph.line;
    const HqShown *shown = engine->shown, *end = shown + engine->n_shown;
    do
        *shown->value = hq_shown(line[shown->slot]);
    while (++shown < end);
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
}

static HqStatus init(HqWatch *watch, const HqIndicatorOutput *outputs, size_t count)
{
    *watch = (HqWatch){hq_calloc(count, sizeof *watch->values),
                       hq_calloc(count, sizeof *watch->outputs), count};
    if (!watch->values || !watch->outputs)
        return HQ_ENOMEM;
    memcpy(watch->outputs, outputs, count * sizeof *outputs);
    return HQ_OK;
}

/* Nothing can fail any more. */
static void add(HQuant *engine, const HqWatch *watch)
{
    engine->watches[engine->n_watches++] = *watch;
    for (size_t i = 0; i < watch->count; i++) {
        const HqIndicatorOutput *output = &watch->outputs[i];
        uint32_t slot = engine->indicators[output->id - 1].slot + output->output;
        engine->shown[engine->n_shown++] = (HqShown){&watch->values[i], slot};
    }
    hq_watches_show(engine);
}

const double *hq_engine_add_watch(HQuant *engine, const HqIndicatorOutput *outputs, size_t count)
{
    if (check(engine, outputs, count) != HQ_OK)
        return NULL;
    const HqWatch *have = find(engine, outputs, count);
    if (have)
        return have->values;
    HqWatch watch;
    HqStatus status = init(&watch, outputs, count);
    if (status == HQ_OK)
        status = hq_grow((void **)&engine->watches, engine->n_watches + 1, sizeof watch);
    if (status == HQ_OK)
        status = hq_grow((void **)&engine->shown, engine->n_shown + count, sizeof *engine->shown);
    if (status != HQ_OK) {
        destroy(&watch);
        return NULL;
    }
    add(engine, &watch);
    return watch.values;
}

void hq_watches_destroy(HQuant *engine)
{
    for (size_t i = 0; i < engine->n_watches; i++)
        destroy(&engine->watches[i]);
    free(engine->watches);
    free(engine->shown);
}

size_t hq_watch_uses(const HQuant *engine, uint32_t **uses)
{
    for (size_t i = 0; uses && i < engine->n_shown; i++)
        uses[i] = &engine->shown[i].slot;
    return engine->n_shown;
}
