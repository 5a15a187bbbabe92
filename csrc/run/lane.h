/* A combination of a sweep as a run among others: a lane. */
#ifndef HQ_RUN_LANE_H
#define HQ_RUN_LANE_H

#include "metrics/returns.h"
#include "run/stretch.h"

typedef struct HqLane {
    HqRules rules;
    HqIntents intents;
    HqExec exec;
    HqReturns returns;
} HqLane;

/** What a signal's order is; the rule buys or sells, and its clauses are constants. */
static inline const HqWorking *hq_lane_order(const HqLane *lane, const HqRule *rule)
{
    return &lane->intents.order[rule - lane->rules.rule];
}

/**
 * Run it over bars, by itself.
 * @param equity  room for a value a bar.
 * @return HQ_OK, HQ_EINVAL (a funding rate is missing).
 */
HqStatus hq_lane_run(HqLane *lane, const HqStretch *bars, const HqHits *hits, double *equity);

#endif
