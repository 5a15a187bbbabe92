/* Leaving out what nobody reads any more: old parameters leave old nodes behind. */
#include "base/alloc.h"
#include "engine/engine.h"

static void keep_read_imports(HqImport *imports, size_t *n_imports, const uint32_t *map)
{
    size_t kept = 0;
    for (size_t i = 0; i < *n_imports; i++) {
        HqImport import = imports[i];
        import.to_slot = map[import.to_slot];
        if (import.to_slot != HQ_NO_SLOT)
            imports[kept++] = import;
    }
    *n_imports = kept;
}

HqStatus hq_compact_graph(HqGraph *graph, uint32_t **uses, size_t n_uses, HqImport *imports,
                          size_t *n_imports)
{
    bool *is_read = hq_calloc(graph->n_slots, sizeof *is_read);
    uint32_t *map = hq_calloc(graph->n_slots, sizeof *map);
    HqStatus status = is_read && map ? HQ_OK : HQ_ENOMEM;
    for (size_t i = 0; status == HQ_OK && i < n_uses; i++)
        is_read[*uses[i]] = true;
    if (status == HQ_OK)
        status = hq_graph_compact(graph, is_read, map);
    for (size_t i = 0; status == HQ_OK && i < n_uses; i++)
        *uses[i] = map[*uses[i]];
    if (status == HQ_OK && imports)
        keep_read_imports(imports, n_imports, map);
    free(is_read);
    free(map);
    return status;
}

static size_t add_rules(const HqRules *rules, uint32_t **uses)
{
    for (uint32_t i = 0; uses && i < rules->count; i++)
        uses[i] = &rules->rule[i].condition;
    return rules->count;
}

size_t hq_strategy_uses(const HqRules *rules, const HqStrategy *sources, size_t count,
                        uint32_t **uses)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        n += add_rules(&rules[i], uses ? uses + n : NULL);
        if (sources[i].has_next)
            n += add_rules(&sources[i].next, uses ? uses + n : NULL);
    }
    return n;
}

size_t hq_import_uses(HqImport *imports, size_t count, uint32_t from_graph, uint32_t **uses)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (imports[i].from_graph == from_graph)
            uses[n++] = &imports[i].from_slot;
    return n;
}

/* An indicator's outputs are its node's: whichever of them is read, they stay one behind another. */
static size_t indicator_uses(HQuant *e, uint32_t **uses)
{
    size_t n = 0;
    for (size_t i = 0; i < e->n_taps; i++)
        uses[n++] = &e->taps[i].slot;
    for (size_t i = 0; i < e->n_indicators; i++)
        uses[n++] = &e->indicators[i].slot;
    return n;
}

static HqStatus compact_base(HQuant *e)
{
    const HqReaders *readers = &e->readers;
    size_t n_read = readers->imports ? *readers->n_imports : 0;
    size_t room = hq_strategy_uses(e->strategies, e->sources, e->n_strategies, NULL) +
                  hq_watch_uses(e, NULL);
    uint32_t **uses = hq_calloc(room + e->n_taps + e->n_indicators + n_read, sizeof *uses);
    if (!uses)
        return HQ_ENOMEM;
    hq_engine_flush_taps(e); /* only the newest lines keep their values */
    size_t n = hq_strategy_uses(e->strategies, e->sources, e->n_strategies, uses);
    n += indicator_uses(e, uses + n);
    n += hq_watch_uses(e, uses + n);
    if (readers->imports)
        n += hq_import_uses(*readers->imports, n_read, readers->from_graph, uses + n);
    HqStatus status = hq_compact_graph(&e->graph, uses, n, e->clocks.imports, &e->clocks.n_imports);
    free(uses);
    return status;
}

static void drop_clock(HqClocks *clocks, size_t index)
{
    hq_graph_destroy(&clocks->clock[index].graph);
    for (size_t i = index + 1; i < clocks->count; i++)
        clocks->clock[i - 1] = clocks->clock[i];
    clocks->count--;
    for (size_t i = 0; i < clocks->n_imports; i++)
        clocks->imports[i].from_graph -= clocks->imports[i].from_graph > index + 1;
}

static HqStatus compact_clocks(HqClocks *clocks)
{
    HqStatus status = HQ_OK;
    uint32_t **uses = hq_calloc(clocks->n_imports, sizeof *uses);
    if (!uses)
        return HQ_ENOMEM;
    for (size_t i = clocks->count; i-- > 0 && status == HQ_OK;) {
        size_t n = hq_import_uses(clocks->imports, clocks->n_imports, (uint32_t)i + 1, uses);
        if (n == 0)
            drop_clock(clocks, i);
        else
            status = hq_compact_graph(&clocks->clock[i].graph, uses, n, NULL, NULL);
    }
    free(uses);
    return status;
}

HqStatus hq_engine_compact(HQuant *engine)
{
    HqStatus status = compact_base(engine);
    return status == HQ_OK ? compact_clocks(&engine->clocks) : status;
}
