/* What a rule that is true wants: its action and its clauses. */
#ifndef HQ_RUN_INTENT_H
#define HQ_RUN_INTENT_H

#include "exec/exec.h"
#include "vm/hits.h"

/** What the signals of a symbol want, as far as it is known before the first bar. */
typedef struct HqIntents {
    HqIntent fallback; /* size and distances of a signal that brings none */
    HqWorking buy, sell; /* the market orders that it makes */
    HqIntent *of_rule; /* owned; by rule, of those whose clauses are all constants */
    HqWorking *order;  /* owned; by rule, of those: the market order that it makes */
    bool *varies;      /* owned; by rule: a clause of it is not */
    const HqBacktestOptions *options;
} HqIntents;

/**
 * Intents of signals under some options, and of rules over the slots of a graph.
 * @param rules  NULL: signals have no clauses.
 * @return HQ_OK or HQ_ENOMEM.
 */
HqStatus hq_intents_init(HqIntents *intents, const HqBacktestOptions *options,
                         const HqRules *rules, const HqGraph *graph);

void hq_intents_destroy(HqIntents *intents);

/** What a rule wants on bar `t` of the block; in `room` what is not known before. */
const HqIntent *hq_intents_at(const HqIntents *intents, const HqHits *hits, const HqRule *rule,
                              size_t t, HqIntent *room);

/** The market order that it makes of that; in `room` as well. The rule buys or sells. */
const HqWorking *hq_intents_order_at(const HqIntents *intents, const HqHits *hits,
                                     const HqRule *rule, size_t t, HqWorking *room);

#endif
