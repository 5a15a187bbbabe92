/*
 * Adding strategies, and changing their parameters. What a program computes is built in fresh
 * graphs, warmed by replaying the bars that the ring holds, and only then adopted: a failure
 * anywhere before that leaves the engine as it was. A change is an addition whose rules take the
 * place of the old ones at the next push; nodes are shared or added, never altered.
 */
#include "base/alloc.h"
#include "engine/engine.h"

enum { MAX_LOCAL_ID = 65535 }; /* of a MultiHQuant's engine: 16 bits of the id */

/* What is added to one clock of the engine. */
typedef struct ClockAddition {
    uint32_t target; /* index among the engine's clocks; its count and on: a new one */
    uint32_t *map;   /* where the fresh graph's slots are in the target's; NULL: the same */
} ClockAddition;

typedef struct Addition {
    HqGraph graph;
    HqClocks clocks;
    HqRules rules;
    uint32_t *map;
    ClockAddition *parts; /* one a clock */
    size_t n_new;
} Addition;

/* -------------------------------------------------------------------- checks */

static HqStatus check_order(const HQuant *e)
{
    for (size_t i = 1; i < hq_cursor_len(&e->bars.cursor); i++) {
        int64_t before = e->bars.timestamp[hq_cursor_at(&e->bars.cursor, i - 1)];
        int64_t now = e->bars.timestamp[hq_cursor_at(&e->bars.cursor, i)];
        if (now < before)
            return hq_fail(HQ_EORDER,
                           "@period: expected the ring's bars in order, found one at %lld ms after "
                           "one at %lld ms; add the strategy before the bars, or sort them",
                           (long long)now, (long long)before);
    }
    return HQ_OK;
}

static HqStatus check_program(const HQuant *e, const HqProgram *program)
{
    HqStatus status = hq_program_check_no_clauses(program);
    if (status == HQ_OK)
        status = hq_clocks_check_program(e->clocks.bar_period_ms, program);
    if (status == HQ_OK && program->n_timeframes > 0)
        status = check_order(e);
    if (status == HQ_OK && hq_program_reads_buy_volume(program))
        status = hq_engine_check_buy_volume(e);
    return status;
}

/* ------------------------------------------------------------------ building */

static HqStatus build(const HQuant *e, const HqProgram *program, const double *params, Addition *a)
{
    HqStatus status = hq_engine_fresh_graph(e, &a->graph);
    if (status == HQ_OK)
        status = hq_clocks_init(&a->clocks, program, a->graph.first_bar, e->clocks.htf,
                                e->clocks.bar_period_ms);
    if (status == HQ_OK)
        status = hq_clocks_link(&a->clocks, program, params, NULL, &a->graph, &a->rules);
    if (status == HQ_OK)
        hq_engine_replay(e, &a->graph, &a->clocks, NULL, 0);
    return status;
}

static void destroy(Addition *a)
{
    for (size_t i = 0; a->parts && i < a->clocks.count; i++)
        free(a->parts[i].map);
    free(a->parts);
    free(a->map);
    free(a->rules.rule);
    hq_clocks_destroy(&a->clocks);
    hq_graph_destroy(&a->graph);
}

/* ----------------------------------------------------------------- reserving */

static HqStatus reserve_graph(HqGraph *graph, const HqGraph *fresh, uint32_t **map)
{
    *map = hq_calloc(fresh->n_slots, sizeof **map);
    return *map ? hq_graph_reserve(graph, fresh) : HQ_ENOMEM;
}

/* The engine's clock that has seen the same bars; its count when there is none. */
static uint32_t find_clock(const HqClocks *clocks, const HqClock *wanted)
{
    uint32_t i = 0;
    while (i < clocks->count &&
           (clocks->clock[i].candle.period_ms != wanted->candle.period_ms ||
            clocks->clock[i].graph.first_bar != wanted->graph.first_bar))
        i++;
    return i;
}

static HqStatus reserve_clocks(HQuant *e, Addition *a)
{
    HqStatus status = HQ_OK;
    if (a->clocks.count == 0)
        return HQ_OK;
    a->parts = hq_calloc(a->clocks.count, sizeof *a->parts);
    if (!a->parts)
        return HQ_ENOMEM;
    for (size_t i = 0; i < a->clocks.count && status == HQ_OK; i++) {
        uint32_t target = find_clock(&e->clocks, &a->clocks.clock[i]);
        if (target < e->clocks.count)
            status = reserve_graph(&e->clocks.clock[target].graph, &a->clocks.clock[i].graph,
                                   &a->parts[i].map);
        else
            target += (uint32_t)a->n_new++;
        a->parts[i].target = target;
    }
    if (status == HQ_OK)
        status = hq_grow((void **)&e->clocks.clock, e->clocks.count + a->n_new,
                         sizeof *e->clocks.clock);
    if (status == HQ_OK)
        status = hq_grow((void **)&e->clocks.imports, e->clocks.n_imports + a->clocks.n_imports,
                         sizeof *e->clocks.imports);
    return status;
}

/* ------------------------------------------------------------------ adopting */

static void adopt_clocks(HQuant *e, Addition *a)
{
    for (size_t i = 0; i < a->clocks.count; i++) {
        HqClock *fresh = &a->clocks.clock[i], *to = &e->clocks.clock[a->parts[i].target];
        if (a->parts[i].map) {
            hq_graph_merge(&to->graph, &fresh->graph, a->parts[i].map);
        } else {
            *to = *fresh;
            fresh->graph = (HqGraph){0};
        }
    }
    e->clocks.count += a->n_new;
}

/* The base graph's slot for a clock's slot, added if need be. */
static uint32_t adopt_import(HQuant *e, const Addition *a, const HqImport *fresh)
{
    const ClockAddition *part = &a->parts[fresh->from_graph - 1];
    HqImport import = {.from_graph = part->target + 1,
                       .from_slot = part->map ? part->map[fresh->from_slot] : fresh->from_slot};
    for (size_t i = 0; i < e->clocks.n_imports; i++)
        if (e->clocks.imports[i].from_graph == import.from_graph &&
            e->clocks.imports[i].from_slot == import.from_slot)
            return e->clocks.imports[i].to_slot;
    import.to_slot = hq_graph_adopt_external(&e->graph, &a->graph, fresh->to_slot);
    e->clocks.imports[e->clocks.n_imports++] = import;
    return import.to_slot;
}

/* Nothing can fail any more. The rules are the engine's graph's afterwards. */
static void adopt(HQuant *e, Addition *a)
{
    adopt_clocks(e, a);
    for (size_t i = 0; i < a->clocks.n_imports; i++)
        a->map[a->clocks.imports[i].to_slot] = adopt_import(e, a, &a->clocks.imports[i]);
    hq_graph_merge(&e->graph, &a->graph, a->map);
    for (uint32_t i = 0; i < a->rules.count; i++)
        a->rules.rule[i].condition = a->map[a->rules.rule[i].condition];
}

/* A program's rules over the engine's graph, with everything that they need in place. */
static HqStatus take_in(HQuant *e, const HqProgram *program, const double *params, HqRules *rules)
{
    Addition a = {0};
    HqStatus status = build(e, program, params, &a);
    if (status == HQ_OK)
        status = reserve_clocks(e, &a);
    if (status == HQ_OK)
        status = reserve_graph(&e->graph, &a.graph, &a.map);
    if (status == HQ_OK) {
        adopt(e, &a);
        *rules = a.rules;
        a.rules = (HqRules){0};
    }
    destroy(&a);
    return status;
}

/* ---------------------------------------------------------------- strategies */

HqStatus hq_engine_choose(HQuant *engine, uint32_t htf, int64_t bar_period_ms)
{
    if (engine->clocks.count > 0)
        return hq_fail(HQ_EINVAL, "htf: a strategy reads a higher timeframe already; choose before "
                                  "it is added");
    engine->clocks.htf = htf;
    engine->clocks.bar_period_ms = bar_period_ms;
    return HQ_OK;
}

void hq_strategies_destroy(HqRules *rules, HqStrategy *sources, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(rules[i].rule);
        free(sources[i].next.rule);
        free(sources[i].params);
        hq_program_free(sources[i].program);
    }
    free(rules);
    free(sources);
}

void hq_strategies_take_over(HqRules *rules, HqStrategy *sources, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!sources[i].has_next)
            continue;
        HqRules old = rules[i];
        rules[i] = sources[i].next;
        sources[i].next = old; /* freed with the next change: a push frees nothing */
        sources[i].has_next = false;
    }
}

double *hq_strategy_params(const HqStrategy *source, const char *name, double value)
{
    const HqProgram *program = source->program;
    uint32_t index = hq_program_find_param(program, name);
    if (index == program->n_params || hq_program_check_param(program, index, value) != HQ_OK)
        return NULL;
    double *params = hq_calloc(program->n_params, sizeof *params);
    if (!params)
        return NULL;
    memcpy(params, source->params, program->n_params * sizeof *params);
    params[index] = value + 0.0; /* -0 is 0 */
    return params;
}

void hq_strategy_set_next(HqStrategy *source, double *params, const HqRules *rules)
{
    free(source->next.rule);
    free(source->params);
    source->params = params;
    source->next = *rules;
    source->has_next = true;
}

HqStatus hq_strategies_reserve(HqRules **rules, HqStrategy **sources, size_t count)
{
    HqStatus status = hq_grow((void **)rules, count + 1, sizeof **rules);
    return status == HQ_OK ? hq_grow((void **)sources, count + 1, sizeof **sources) : status;
}

double *hq_strategy_defaults(const HqProgram *program)
{
    double *params = hq_calloc(program->n_params, sizeof *params);
    if (params)
        hq_program_defaults(program, params);
    return params;
}

uint32_t hq_engine_add_strategy(HQuant *engine, HqProgram *program)
{
    if (engine->n_strategies >= (engine->is_part ? MAX_LOCAL_ID : UINT32_MAX - 1)) {
        hq_fail(HQ_ELIMIT, "strategies: expected at most %d in an engine of a MultiHQuant",
                MAX_LOCAL_ID);
        return 0;
    }
    if (check_program(engine, program) != HQ_OK ||
        hq_strategies_reserve(&engine->strategies, &engine->sources, engine->n_strategies) != HQ_OK)
        return 0;
    double *params = hq_strategy_defaults(program);
    HqRules rules;
    if (!params || take_in(engine, program, params, &rules) != HQ_OK) {
        free(params);
        return 0;
    }
    engine->strategies[engine->n_strategies] = rules;
    engine->sources[engine->n_strategies] = (HqStrategy){.program = program, .params = params};
    engine->reads_buy_volume |= hq_program_reads_buy_volume(program) != 0;
    hq_engine_note_plain(engine);
    return (uint32_t)++engine->n_strategies;
}

HqStatus hq_engine_change(HQuant *engine, uint32_t strategy_id, const char *name, double value)
{
    if (strategy_id < 1 || strategy_id > engine->n_strategies)
        return hq_fail(HQ_ENOTFOUND, "strategy: expected an id in 1..%zu, found %u",
                       engine->n_strategies, (unsigned)strategy_id);
    HqStrategy *source = &engine->sources[strategy_id - 1];
    HqRules rules;
    double *params = hq_strategy_params(source, name, value);
    HqStatus status = params ? check_program(engine, source->program) : hq_last_error()->code;
    if (status == HQ_OK)
        status = hq_engine_compact(engine);
    if (status == HQ_OK)
        status = take_in(engine, source->program, params, &rules);
    if (status != HQ_OK) {
        free(params);
        return status;
    }
    hq_strategy_set_next(source, params, &rules);
    engine->has_waiting = true;
    hq_engine_note_plain(engine);
    return HQ_OK;
}
