#include "run/intent.h"

#include <stdlib.h>

#include "base/alloc.h"

static HqIntent default_intent(const HqBacktestOptions *options)
{
    return (HqIntent){.size_unit = options->size_unit,
                      .size = options->size,
                      .stop = {options->stop, options->stop_unit},
                      .target = {options->target, options->target_unit},
                      .trail = {options->trail, options->trail_unit}};
}

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

/* Of constants, what their slots hold. */
static HqIntent constant_intent(const HqRules *rules, const HqRule *rule, const HqGraph *graph,
                                HqIntent intent, bool *varies)
{
    for (uint32_t i = 0; i < rule->n_clauses; i++) {
        const HqRuleClause *clause = &rules->clause[rule->first_clause + i];
        *varies |= !graph->slots[clause->slot].is_constant;
        apply_clause(&intent, clause, graph->slots[clause->slot].constant);
    }
    return intent;
}

HqStatus hq_intents_init(HqIntents *intents, const HqBacktestOptions *options,
                         const HqRules *rules, const HqGraph *graph)
{
    uint32_t count = rules ? rules->count : 0;
    *intents = (HqIntents){.fallback = default_intent(options),
                           .of_rule = hq_calloc(count, sizeof *intents->of_rule),
                           .order = hq_calloc(count, sizeof *intents->order),
                           .varies = hq_calloc(count, sizeof *intents->varies),
                           .options = options};
    if (!intents->of_rule || !intents->order || !intents->varies) {
        hq_intents_destroy(intents);
        return HQ_ENOMEM;
    }
    intents->buy = hq_exec_market_order(options, ACTION_BUY, &intents->fallback);
    intents->sell = hq_exec_market_order(options, ACTION_SELL, &intents->fallback);
    for (uint32_t r = 0; r < count; r++) {
        const HqRule *rule = &rules->rule[r];
        intents->of_rule[r] =
            constant_intent(rules, rule, graph, intents->fallback, &intents->varies[r]);
        intents->order[r] = hq_exec_market_order(options, rule->action, &intents->of_rule[r]);
    }
    return HQ_OK;
}

void hq_intents_destroy(HqIntents *intents)
{
    free(intents->of_rule);
    free(intents->order);
    free(intents->varies);
    *intents = (HqIntents){0};
}

const HqIntent *hq_intents_at(const HqIntents *intents, const HqHits *hits, const HqRule *rule,
                              size_t t, HqIntent *room)
{
    size_t index = (size_t)(rule - hits->rules->rule);
    if (!intents->varies[index])
        return &intents->of_rule[index];
    *room = intents->fallback;
    for (uint32_t i = 0; i < rule->n_clauses; i++) {
        const HqRuleClause *clause = &hits->rules->clause[rule->first_clause + i];
        apply_clause(room, clause, hits->column[clause->slot][t]);
    }
    return room;
}

const HqWorking *hq_intents_order_at(const HqIntents *intents, const HqHits *hits,
                                     const HqRule *rule, size_t t, HqWorking *room)
{
    size_t index = (size_t)(rule - hits->rules->rule);
    if (!intents->varies[index])
        return &intents->order[index];
    HqIntent own;
    const HqIntent *intent = hq_intents_at(intents, hits, rule, t, &own);
    *room = hq_exec_market_order(intents->options, rule->action, intent);
    return room;
}
