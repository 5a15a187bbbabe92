#include "run/runner.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "engine/clocks.h"
#include "graph/block.h"

struct HqRunner {
    HqGraph graph;
    HqClocks clocks;
    HqRules rules;
    HqIntent fallback;
    const HqBars *bars;
    bool skips_bad_bars;
    HqBlock block;
    size_t begin, end;  /* the bars of the block */
    uint32_t *first;    /* by bar of the block: the first rule that is true, from 1 on; 0: none */
    double *imports;    /* a line of the graph, for what comes from higher timeframes */
    uint64_t warmup;
    bool is_warm;
};

static HqStatus check_params(const HqProgram *program, const HqRunnerSettings *settings)
{
    if (settings->n_params == 0)
        return HQ_OK;
    if (!settings->params || settings->n_params != program->n_params)
        return hq_fail(HQ_EINVAL, "params: expected a value for each of the strategy's %u PARAMs, "
                                  "found %zu", (unsigned)program->n_params,
                       settings->params ? settings->n_params : 0);
    HqStatus status = HQ_OK;
    for (uint32_t i = 0; i < program->n_params && status == HQ_OK; i++)
        status = hq_program_check_param(program, i, settings->params[i]);
    return status;
}

static HqStatus check(const HqProgram *program, const HqRunnerSettings *settings)
{
    HqStatus status = hq_clocks_check_setting(settings->htf, settings->bar_period_ms);
    if (status == HQ_OK)
        status = hq_clocks_check_program(settings->bar_period_ms, program);
    return status == HQ_OK ? check_params(program, settings) : status;
}

static HqStatus link_program(HqRunner *runner, const HqProgram *program,
                             const HqRunnerSettings *settings)
{
    HqStatus status = hq_graph_init(&runner->graph, 0);
    if (status == HQ_OK)
        status = hq_clocks_init(&runner->clocks, program, 0, settings->htf,
                                settings->bar_period_ms);
    if (status == HQ_OK)
        status = hq_clocks_link(&runner->clocks, program,
                                settings->n_params > 0 ? settings->params : NULL, &runner->graph,
                                &runner->rules);
    return status;
}

static HqStatus make_block(HqRunner *runner)
{
    size_t capacity = hq_block_capacity(&runner->graph);
    HqStatus status = hq_block_init(&runner->block, &runner->graph, capacity);
    if (status != HQ_OK)
        return status;
    runner->first = hq_calloc(capacity, sizeof *runner->first);
    runner->imports = hq_calloc(runner->graph.n_slots, sizeof *runner->imports);
    return runner->first && runner->imports ? HQ_OK : HQ_ENOMEM;
}

HqStatus hq_runner_new(const HqProgram *program, const HqRunnerSettings *settings,
                       const HqBars *bars, HqRunner **out)
{
    HqStatus status = check(program, settings);
    if (status != HQ_OK)
        return status;
    HqRunner *runner = hq_calloc(1, sizeof *runner);
    if (!runner)
        return HQ_ENOMEM;
    runner->fallback = settings->fallback;
    runner->skips_bad_bars = settings->skips_bad_bars;
    runner->bars = bars;
    status = link_program(runner, program, settings);
    if (status == HQ_OK)
        status = make_block(runner);
    if (status != HQ_OK) {
        hq_runner_free(runner);
        return status;
    }
    runner->is_warm = runner->rules.count == 0;
    *out = runner;
    return HQ_OK;
}

void hq_runner_free(HqRunner *runner)
{
    if (!runner)
        return;
    hq_block_destroy(&runner->block);
    hq_clocks_destroy(&runner->clocks);
    hq_graph_destroy(&runner->graph);
    free(runner->rules.rule);
    free(runner->rules.clause);
    free(runner->first);
    free(runner->imports);
    free(runner);
}

/* ------------------------------------------------------------------ clauses */

static HqDistance distance(double value, uint8_t unit)
{
    return (HqDistance){value, unit ? HQ_DISTANCE_FRACTION : HQ_DISTANCE_PRICE};
}

static void apply_clause(HqIntent *intent, const HqRuleClause *clause, double given)
{
    double value = clause->unit ? given / 100 : given; /* per cent as a fraction */
    intent->is_bad |= !(value > 0);
    switch (clause->kind) {
    case HQ_CLAUSE_SIZE:
        intent->size = value;
        intent->size_unit = clause->unit ? HQ_SIZE_EQUITY : HQ_SIZE_UNITS;
        break;
    case HQ_CLAUSE_STOP:
        intent->stop = distance(value, clause->unit);
        break;
    case HQ_CLAUSE_TARGET:
        intent->target = distance(value, clause->unit);
        break;
    default:
        intent->trail = distance(value, clause->unit);
    }
}

static HqIntent intent_of(const HqRunner *runner, const HqRule *rule, size_t t)
{
    HqIntent intent = runner->fallback;
    intent.action = rule->action;
    for (uint32_t i = 0; i < rule->n_clauses; i++) {
        const HqRuleClause *clause = &runner->rules.clause[rule->first_clause + i];
        apply_clause(&intent, clause, runner->block.column[clause->slot][t]);
    }
    return intent;
}

/* -------------------------------------------------------------------- a block */

/* The bars of the next block: from `begin` on, none that is bad among them. */
static size_t block_end(const HqRunner *runner, size_t begin)
{
    size_t length = runner->bars->length, room = runner->block.capacity;
    size_t end = length - begin < room ? length : begin + room;
    for (size_t i = begin; runner->skips_bad_bars && i < end; i++)
        if (!hq_bar_is_good(runner->bars, i))
            return i;
    return end;
}

/* Bars are read where they are; no node writes to their slots. */
static void show_bars(HqRunner *runner)
{
    const HqBars *bars = runner->bars;
    double **column = runner->block.column;
    size_t begin = runner->begin;
    column[HQ_FIELD_OPEN] = (double *)bars->open + begin;
    column[HQ_FIELD_HIGH] = (double *)bars->high + begin;
    column[HQ_FIELD_LOW] = (double *)bars->low + begin;
    column[HQ_FIELD_CLOSE] = (double *)bars->close + begin;
    column[HQ_FIELD_VOLUME] = (double *)bars->volume + begin;
    if (bars->buy_volume)
        column[HQ_FIELD_BUY_VOLUME] = (double *)bars->buy_volume + begin;
    else
        memset(column[HQ_FIELD_BUY_VOLUME], 0, (runner->end - begin) * sizeof(double));
    for (size_t i = begin; i < runner->end; i++)
        column[HQ_SLOT_TIME][i - begin] = (double)bars->timestamp[i];
}

static void run_clocks(HqRunner *runner)
{
    HqClocks *clocks = &runner->clocks;
    for (size_t i = runner->begin; clocks->count > 0 && i < runner->end; i++) {
        Bar bar = hq_bars_at(runner->bars, i);
        hq_clocks_push(clocks, runner->imports, &bar);
        for (size_t k = 0; k < clocks->n_imports; k++) {
            uint32_t slot = clocks->imports[k].to_slot;
            runner->block.column[slot][i - runner->begin] = runner->imports[slot];
        }
    }
}

static void find_rules(HqRunner *runner)
{
    size_t n = runner->end - runner->begin;
    memset(runner->first, 0, n * sizeof *runner->first);
    for (uint32_t r = runner->rules.count; r-- > 0;) {
        const double *condition = runner->block.column[runner->rules.rule[r].condition];
        for (size_t t = 0; t < n; t++)
            runner->first[t] = condition[t] == 1.0 ? r + 1 : runner->first[t];
    }
}

static bool has_known_rule(const HqRunner *runner, size_t t)
{
    for (uint32_t i = 0; i < runner->rules.count; i++)
        if (!isnan(runner->block.column[runner->rules.rule[i].condition][t]))
            return true;
    return false;
}

static void count_warmup(HqRunner *runner)
{
    for (size_t t = 0; t < runner->end - runner->begin && !runner->is_warm; t++) {
        runner->is_warm = has_known_rule(runner, t);
        runner->warmup += !runner->is_warm;
    }
}

static void run_block(HqRunner *runner, size_t begin)
{
    runner->begin = begin;
    runner->end = block_end(runner, begin);
    show_bars(runner);
    run_clocks(runner);
    hq_block_run(&runner->block, runner->end - begin);
    find_rules(runner);
    count_warmup(runner);
}

Action hq_runner_action(HqRunner *runner, size_t bar)
{
    if (bar >= runner->end)
        run_block(runner, bar);
    uint32_t first = runner->first[bar - runner->begin];
    return first == 0 ? 0 : runner->rules.rule[first - 1].action;
}

HqIntent hq_runner_intent(const HqRunner *runner, size_t bar)
{
    size_t t = bar - runner->begin;
    return intent_of(runner, &runner->rules.rule[runner->first[t] - 1], t);
}

uint64_t hq_runner_warmup(const HqRunner *runner) { return runner->warmup; }
