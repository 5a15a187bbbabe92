#include "run/intent.h"

HqIntent hq_default_intent(const HqBacktestOptions *options)
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

const HqIntent *hq_intent_of(const HqHits *hits, const HqRule *rule, size_t t,
                             const HqIntent *fallback, HqIntent *room)
{
    if (rule->n_clauses == 0)
        return fallback;
    *room = *fallback;
    for (uint32_t i = 0; i < rule->n_clauses; i++) {
        const HqRuleClause *clause = &hits->rules->clause[rule->first_clause + i];
        apply_clause(room, clause, hits->column[clause->slot][t]);
    }
    return room;
}
