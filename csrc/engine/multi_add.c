/*
 * Adding a cross-period strategy. Its nodes are built in fresh graphs, one for each engine that it
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

static HqStatus build(Addition *a, const HqProgram *program)
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
        status = hq_link(program, NULL, a->graphs, &a->cross, &a->linked);
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

/* Every candle of the ring that has ended by `end`; all of them when it is the newest bar's. */
static void show_ended(Branch *branch, int64_t end, bool is_newest)
{
    const HqBarRing *bars = &branch->engine->bars;
    for (; branch->shown < bars->cursor.len; branch->shown++) {
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
    if (branch->shown == bars->cursor.len ||
        hq_bars_get(bars, branch->shown).timestamp != branch->forming.now.open_time)
        return;
    Bar candle = hq_candle_bar(&branch->forming.now);
    show(branch, &candle);
    branch->shows_forming = true;
}

static void step_cross(Addition *a)
{
    hq_graph_next_line(&a->cross);
    for (uint32_t i = 0; i < a->linked.n_imports; i++) {
        const HqImport *import = &a->linked.imports[i];
        a->cross.line[import->to_slot] =
            hq_graph_value(a->graphs[import->from_graph], import->from_slot);
    }
    hq_graph_push(&a->cross);
}

/* Through the candles of the first period that the ring holds, as if they came in now. */
static void replay(Addition *a)
{
    const HqBarRing *bars = &a->branches[0].engine->bars;
    int64_t period_ms = a->multi->candles.builders[0].period_ms;
    for (size_t i = 0; i < bars->cursor.len; i++) {
        Bar first = hq_bars_get(bars, i);
        bool is_newest = i + 1 == bars->cursor.len;
        show(&a->branches[0], &first);
        for (size_t b = 1; b < a->n_branches; b++) {
            show_ended(&a->branches[b], first.timestamp + period_ms, is_newest);
            show_forming(&a->branches[b], &first);
        }
        if (!is_newest || a->multi->cross_is_current)
            step_cross(a);
    }
    /* A ring of one candle, in progress: the cross graph has seen candles that no ring holds. */
    if (a->multi->cross.started && !a->cross.started) {
        hq_graph_next_line(&a->cross);
        hq_graph_push(&a->cross);
    }
}

/* ------------------------------------------------------------------ adopting */

static HqStatus grow(void **array, size_t count, size_t size)
{
    void *moved = hq_realloc_array(*array, count, size);
    if (!moved)
        return HQ_ENOMEM;
    *array = moved;
    return HQ_OK;
}

static HqStatus reserve_graph(HqGraph *graph, const HqGraph *fresh, uint32_t **map)
{
    *map = hq_calloc(fresh->n_slots, sizeof **map);
    return *map ? hq_graph_reserve(graph, fresh) : HQ_ENOMEM;
}

static HqStatus reserve(Addition *a)
{
    HqMulti *m = a->multi;
    HqStatus status = grow((void **)&m->strategies, m->n_strategies + 1, sizeof *m->strategies);
    if (status == HQ_OK)
        status = grow((void **)&m->imports, m->n_imports + a->linked.n_imports + 1,
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
        if (m->imports[i].engine == engine && m->imports[i].from_slot == from_slot)
            return m->imports[i].to_slot;
    uint32_t to = hq_graph_external(&m->cross); /* reserved: a slot of the fresh graph */
    m->imports[m->n_imports++] = (HqCrossImport){engine, from_slot, to};
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

/* Nothing can fail any more. */
static void adopt(Addition *a)
{
    HqMulti *m = a->multi;
    HqRules *rules = &a->linked.rules;
    for (size_t b = 0; b < a->n_branches; b++)
        hq_graph_merge(&a->branches[b].engine->graph, &a->branches[b].graph, a->branches[b].map);
    adopt_imports(a);
    hq_graph_merge(&m->cross, &a->cross, a->cross_map);
    for (uint32_t i = 0; i < rules->count; i++)
        rules->rule[i].condition = a->cross_map[rules->rule[i].condition];
    m->strategies[m->n_strategies++] = *rules;
    *rules = (HqRules){0};
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

uint32_t hq_multi_add(HqMulti *multi, const HqProgram *program)
{
    if (hq_program_check_no_clauses(program) != HQ_OK)
        return 0;
    if (multi->n_strategies == MAX_STRATEGIES) {
        hq_fail(HQ_ELIMIT, "strategies: expected at most %d across periods", MAX_STRATEGIES);
        return 0;
    }
    bool reads = hq_program_reads_buy_volume(program);
    for (size_t i = 0; reads && i < multi->candles.count; i++)
        if (hq_engine_check_buy_volume(&multi->engines[i].engine) != HQ_OK)
            return 0;
    Addition addition = {.multi = multi};
    HqStatus status = build(&addition, program);
    if (status == HQ_OK)
        status = reserve(&addition);
    if (status == HQ_OK) {
        replay(&addition);
        adopt(&addition);
        multi->reads_buy_volume |= reads;
    }
    destroy(&addition);
    return status == HQ_OK ? (uint32_t)multi->n_strategies : 0;
}
