/*
 * Watches: the newest values of chosen outputs, so that a caller reads memory instead of asking. They
 * are copied side by side after every bar, or read in the newest line, where nothing is to be copied.
 * Their slots move when the graph is compacted, like those of all who read it.
 */
#include "base/alloc.h"
#include "engine/engine.h"

_Static_assert(sizeof(HqNewest) == 24 && offsetof(HqNewest, places) == 8 && offsetof(HqNewest, count) == 16,
               "HqNewest: programs have its layout, the pointer and the line's doubles compiled in");

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

static bool is_copied(const HqWatch *watch) { return watch->values != NULL; }

static const HqWatch *find(const HQuant *engine, const HqIndicatorOutput *outputs, size_t count,
                           HqWatched how)
{
    for (size_t i = 0; i < engine->n_watches; i++) {
        const HqWatch *watch = &engine->watches[i];
        if (watch->count == count && is_copied(watch) == (how == HQ_WATCHED_COPIES) &&
            memcmp(watch->outputs, outputs, count * sizeof *outputs) == 0)
            return watch;
    }
    return NULL;
}

static void destroy(HqWatch *watch)
{
    free(watch->values);
    free(watch->slots);
    free(watch->outputs);
}

static HqStatus init(HqWatch *watch, const HqIndicatorOutput *outputs, size_t count, HqWatched how)
{
    *watch = (HqWatch){.count = count, .outputs = hq_calloc(count, sizeof *watch->outputs)};
    if (how == HQ_WATCHED_COPIES)
        watch->values = hq_calloc(count, sizeof *watch->values);
    else
        watch->slots = hq_calloc(count, sizeof *watch->slots);
    if (!watch->outputs || (!watch->values && !watch->slots))
        return HQ_ENOMEM;
    memcpy(watch->outputs, outputs, count * sizeof *outputs);
    return HQ_OK;
}

/* Nothing can fail any more. */
static const HqWatch *add(HQuant *engine, const HqWatch *watch)
{
    engine->watches[engine->n_watches] = *watch;
    for (size_t i = 0; i < watch->count; i++) {
        const HqIndicatorOutput *output = &watch->outputs[i];
        uint32_t slot = engine->indicators[output->id - 1].slot + output->output;
        if (is_copied(watch))
            engine->shown[engine->n_shown++] = (HqShown){&watch->values[i], slot};
        else
            watch->slots[i] = slot;
    }
    if (is_copied(watch))
        hq_watches_show(engine);
    return &engine->watches[engine->n_watches++];
}

const HqWatch *hq_engine_watch_of(HQuant *engine, const HqIndicatorOutput *outputs, size_t count,
                                  HqWatched how)
{
    if (check(engine, outputs, count) != HQ_OK)
        return NULL;
    const HqWatch *have = find(engine, outputs, count, how);
    if (have)
        return have;
    HqWatch watch;
    HqStatus status = init(&watch, outputs, count, how);
    if (status == HQ_OK)
        status = hq_grow((void **)&engine->watches, engine->n_watches + 1, sizeof watch);
    if (status == HQ_OK && is_copied(&watch))
        status = hq_grow((void **)&engine->shown, engine->n_shown + count, sizeof *engine->shown);
    if (status != HQ_OK) {
        destroy(&watch);
        return NULL;
    }
    return add(engine, &watch);
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
    size_t n = 0;
    for (size_t i = 0; i < engine->n_shown; i++, n++)
        if (uses)
            uses[n] = &engine->shown[i].slot;
    for (size_t i = 0; i < engine->n_watches; i++) {
        const HqWatch *watch = &engine->watches[i];
        if (is_copied(watch))
            continue; /* among the shown */
        for (size_t k = 0; k < watch->count; k++, n++)
            if (uses)
                uses[n] = &watch->slots[k];
    }
    return n;
}
