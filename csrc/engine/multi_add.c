/*
 * Adding a cross-period strategy, and changing its parameters. Its nodes are built in fresh graphs, one for each engine that it
 * reads and one for what it computes across them, and warmed from the bars that the rings hold.
 * Only when room for all of it has been reserved in every graph is anything adopted, and from there
 * on nothing can fail: an add that fails leaves nothing behind.
 */
#include "base/alloc.h"
#include "engine/multi.h"

enum { MAX_STRATEGIES = 65535, MAX_TIMEFRAMES = 64 };

/* What is added to one engine. */
typedef struct Branch {
    uint32_t index; /* of the period */
    HQuant *engine;
    HqGraph graph;
    uint32_t *map;           /* where the graph's slots are in the engine's graph */
    HqCandleBuilder forming; /* of the first period's candles */
    size_t shown;            /* candles of the ring that the graph has taken, the forming one not */
    bool shows_forming;      /* the newest line is of candle `shown` before its end */
} Branch;

typedef struct Addition {
    HqMulti *multi;
    Branch branches[MAX_TIMEFRAMES + 1]; /* the first is of the first period */
    size_t n_branches;
    uint32_t branch_of[MAX_TIMEFRAMES + 1]; /* of the program's graph 0 and its timeframes */
    HqGraph *graphs[MAX_TIMEFRAMES + 1];
    HqGraph cross;
    uint32_t *cross_map;
    HqLinked linked;
} Addition;

/* ------------------------------------------------------------------ building */

static HqStatus add_branch(Addition *a, uint32_t graph, size_t period)
{
    uint32_t b = 0;
    while (b < a->n_branches && a->branches[b].index != period)
        b++;
    if (b == a->n_branches) {
        Branch *branch = &a->branches[b];
        HQuant *engine = &a->multi->engines[period].engine;
        HqStatus status = hq_engine_fresh_graph(engine, &branch->graph);
        if (status != HQ_OK)
            return status;
        branch->index = (uint32_t)period;
        branch->engine = engine;
        branch->forming.period_ms = a->multi->candles.builders[period].period_ms;
        a->n_branches++;
    }
    a->branch_of[graph] = b;
    a->graphs[graph] = &a->branches[b].graph;
    return HQ_OK;
}

static HqStatus build(Addition *a, const HqProgram *program, const double *params)
{
    HqStatus status = add_branch(a, 0, 0);
    for (uint32_t t = 0; t < program->n_timeframes && status == HQ_OK; t++) {
        size_t period = hq_multi_find(a->multi, program->timeframes[t]);
        if (period == HQ_PERIOD_COUNT_MAX)
            return HQ_ENOTFOUND;
        status = add_branch(a, t + 1, period);
    }
    if (status == HQ_OK)
        status = hq_graph_init(&a->cross, a->branches[0].graph.first_bar);
    if (status == HQ_OK)
        status = hq_link(program, params, a->graphs, &a->cross, NULL, &a->linked);
    return status;
}

/* ------------------------------------------------------------------- warming */

static void show(Branch *branch, const Bar *candle)
{
    HqGraph *graph = &branch->graph;
    if (!branch->shows_forming)
        hq_graph_next_line(graph);
    hq_graph_set_bar(graph, candle);
    if (branch->shows_forming)
        hq_graph_peek(graph);
    else
        hq_graph_push(graph);
}

/*
 * The end of a candle of the first period, for candles that end with it: where only complete ones
 * are seen, those are not complete before the next bar, unless the bars' period tells so.
 */
static int64_t last_end(const HqMulti *m, int64_t end)
{
    bool is_known = m->htf == HQ_HTF_FORMING || m->emit == HQ_EMIT_ON_CLOSE || m->bar_period_ms > 0;
    return is_known ? end : end - 1;
}

/* Every candle of the ring that has ended by `end`; all of them when it is the newest bar's. */
static void show_ended(Branch *branch, int64_t end, bool is_newest)
{
    const HqBarRing *bars = &branch->engine->bars;
    for (; branch->shown < hq_cursor_len(&bars->cursor); branch->shown++) {
        Bar candle = hq_bars_get(bars, branch->shown);
        if (!is_newest && candle.timestamp + branch->forming.period_ms > end)
            return;
        show(branch, &candle);
        branch->shows_forming = false;
    }
}

/*
 * The candle that is in progress at the end of a candle of the first period: what it was then is
 * not kept, so it is built again from the first period's candles.
 */
static void show_forming(Branch *branch, const Bar *first)
{
    const HqBarRing *bars = &branch->engine->bars;
    hq_candle_feed(&branch->forming, first, NULL);
    if (branch->shown == hq_cursor_len(&bars->cursor) ||
        hq_bars_get(bars, branch->shown).timestamp != branch->forming.now.open_time)
        return;
    Bar candle = hq_candle_bar(&branch->forming.now);
    show(branch, &candle);
    branch->shows_forming = true;
}

/* At the newest candle the branch has the line in progress, which may not be seen yet. */
static const double *visible_line(const Addition *a, const Branch *branch, bool is_newest)
{
    const HqGraph *graph = &branch->graph;
    bool hides = is_newest && !hq_multi_shows_newest(a->multi, branch->index);
    return hides ? graph->line - graph->stride : graph->line;
}

static void step_cross(Addition *a, bool is_newest)
{
    hq_graph_next_line(&a->cross);
    for (uint32_t i = 0; i < a->linked.n_imports; i++) {
        const HqImport *import = &a->linked.imports[i];
        const Branch *branch = &a->branches[a->branch_of[import->from_graph]];
        a->cross.line[import->to_slot] = visible_line(a, branch, is_newest)[import->from_slot];
    }
    hq_graph_push(&a->cross);
}

/* Through the candles of the first period that the ring holds, as if they came in now. */
static void replay(Addition *a)
{
    const HqBarRing *bars = &a->branches[0].engine->bars;
    int64_t period_ms = a->multi->candles.builders[0].period_ms;
    for (size_t i = 0; i < hq_cursor_len(&bars->cursor); i++) {
        Bar first = hq_bars_get(bars, i);
        bool is_newest = i + 1 == hq_cursor_len(&bars->cursor);
        show(&a->branches[0], &first);
        for (size_t b = 1; b < a->n_branches; b++) {
            show_ended(&a->branches[b], last_end(a->multi, first.timestamp + period_ms), is_newest);
            if (a->multi->htf == HQ_HTF_FORMING)
                show_forming(&a->branches[b], &first);
        }
        if (!is_newest || a->multi->cross_is_current)
            step_cross(a, is_newest);
    }
    /* A ring of one candle, in progress: the cross graph has seen candles that no ring holds. */
    if (a->multi->cross.started && !a->cross.started) {
        hq_graph_next_line(&a->cross);
        hq_graph_push(&a->cross);
    }
}

/* ------------------------------------------------------------------ adopting */

static HqStatus reserve_graph(HqGraph *graph, const HqGraph *fresh, uint32_t **map)
{
    *map = hq_calloc(fresh->n_slots, sizeof **map);
    return *map ? hq_graph_reserve(graph, fresh) : HQ_ENOMEM;
}

static HqStatus reserve(Addition *a)
{
    HqMulti *m = a->multi;
    HqStatus status = hq_grow((void **)&m->imports, m->n_imports + a->linked.n_imports,
                              sizeof *m->imports);
    if (status == HQ_OK)
        status = reserve_graph(&m->cross, &a->cross, &a->cross_map);
    for (size_t b = 0; b < a->n_branches && status == HQ_OK; b++) {
        Branch *branch = &a->branches[b];
        status = reserve_graph(&branch->engine->graph, &branch->graph, &branch->map);
    }
    return status;
}

/* The cross graph's external for an engine's slot, added if need be. */
static uint32_t adopt_import(HqMulti *m, uint32_t engine, uint32_t from_slot)
{
    for (size_t i = 0; i < m->n_imports; i++)
        if (m->imports[i].from_graph == engine + 1 && m->imports[i].from_slot == from_slot)
            return m->imports[i].to_slot;
    uint32_t to = hq_graph_external(&m->cross); /* reserved: a slot of the fresh graph */
    m->imports[m->n_imports++] = (HqImport){engine + 1, from_slot, to};
    return to;
}

/* Nodes read the newest line's inputs again when the next line begins. */
static void adopt_imports(Addition *a)
{
    HqGraph *to = &a->multi->cross, *from = &a->cross;
    for (uint32_t i = 0; i < a->linked.n_imports; i++) {
        const HqImport *import = &a->linked.imports[i];
        const Branch *branch = &a->branches[a->branch_of[import->from_graph]];
        uint32_t slot = adopt_import(a->multi, branch->index, branch->map[import->from_slot]);
        a->cross_map[import->to_slot] = slot;
        to->line[slot] = from->line[import->to_slot];
        if (to->started)
            (to->line - to->stride)[slot] = (from->line - from->stride)[import->to_slot];
    }
}

/* Nothing can fail any more. The rules are the cross graph's afterwards. */
static void adopt(Addition *a)
{
    HqMulti *m = a->multi;
    const HqRules *rules = &a->linked.rules;
    for (size_t b = 0; b < a->n_branches; b++)
        hq_graph_merge(&a->branches[b].engine->graph, &a->branches[b].graph, a->branches[b].map);
    adopt_imports(a);
    hq_graph_merge(&m->cross, &a->cross, a->cross_map);
    for (uint32_t i = 0; i < rules->count; i++)
        rules->rule[i].condition = a->cross_map[rules->rule[i].condition];
}

static void destroy(Addition *a)
{
    for (size_t b = 0; b < a->n_branches; b++) {
        hq_graph_destroy(&a->branches[b].graph);
        free(a->branches[b].map);
    }
    hq_graph_destroy(&a->cross);
    free(a->cross_map);
    hq_linked_destroy(&a->linked);
}

/* A program's rules over the cross graph, with everything that they need in place. */
static HqStatus take_in(HqMulti *multi, const HqProgram *program, const double *params,
                        HqRules *rules)
{
    Addition addition = {.multi = multi};
    HqStatus status = build(&addition, program, params);
    if (status == HQ_OK)
        status = reserve(&addition);
    if (status == HQ_OK) {
        replay(&addition);
        adopt(&addition);
        *rules = addition.linked.rules;
        addition.linked.rules = (HqRules){0};
    }
    destroy(&addition);
    return status;
}

/* ---------------------------------------------------------------- strategies */

static HqStatus check_program(const HqMulti *multi, const HqProgram *program)
{
    HqStatus status = hq_program_check_no_clauses(program);
    bool reads = hq_program_reads_buy_volume(program);
    for (size_t i = 0; reads && status == HQ_OK && i < multi->candles.count; i++)
        status = hq_engine_check_buy_volume(&multi->engines[i].engine);
    return status;
}

uint32_t hq_multi_add(HqMulti *multi, HqProgram *program)
{
    if (multi->n_strategies == MAX_STRATEGIES) {
        hq_fail(HQ_ELIMIT, "strategies: expected at most %d across periods", MAX_STRATEGIES);
        return 0;
    }
    if (check_program(multi, program) != HQ_OK ||
        hq_strategies_reserve(&multi->strategies, &multi->sources, multi->n_strategies) != HQ_OK)
        return 0;
    double *params = hq_strategy_defaults(program);
    HqRules rules;
    if (!params || take_in(multi, program, params, &rules) != HQ_OK) {
        free(params);
        return 0;
    }
    multi->strategies[multi->n_strategies] = rules;
    multi->sources[multi->n_strategies] = (HqStrategy){.program = program, .params = params};
    multi->reads_buy_volume |= hq_program_reads_buy_volume(program) != 0;
    return (uint32_t)++multi->n_strategies;
}

/* ---------------------------------------------------------------- parameters */

/* In the cross graph, then in every engine what only the cross graph had read. */
static HqStatus compact(HqMulti *multi)
{
    size_t n = hq_strategy_uses(multi->strategies, multi->sources, multi->n_strategies, NULL);
    uint32_t **uses = hq_calloc(n, sizeof *uses);
    if (!uses)
        return HQ_ENOMEM;
    n = hq_strategy_uses(multi->strategies, multi->sources, multi->n_strategies, uses);
    HqStatus status = hq_compact_graph(&multi->cross, uses, n, multi->imports, &multi->n_imports);
    free(uses);
    for (size_t i = 0; status == HQ_OK && i < multi->candles.count; i++)
        status = hq_engine_compact(&multi->engines[i].engine);
    return status;
}

HqStatus hq_multi_change(HqMulti *multi, uint32_t strategy_id, const char *name, double value)
{
    if (strategy_id < 1 || strategy_id > multi->n_strategies)
        return hq_fail(HQ_ENOTFOUND, "strategy: expected the id of one across periods, in 1..%zu, "
                                     "found %u", multi->n_strategies, (unsigned)strategy_id);
    HqStrategy *source = &multi->sources[strategy_id - 1];
    HqRules rules;
    double *params = hq_strategy_params(source, name, value);
    HqStatus status = params ? check_program(multi, source->program) : hq_last_error()->code;
    if (status == HQ_OK)
        status = compact(multi);
    if (status == HQ_OK)
        status = take_in(multi, source->program, params, &rules);
    if (status != HQ_OK) {
        free(params);
        return status;
    }
    hq_strategy_set_next(source, params, &rules);
    multi->has_waiting = true;
    return HQ_OK;
}
