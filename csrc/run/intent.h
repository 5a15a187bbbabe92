/* What a rule that is true wants: its action and its clauses. */
#ifndef HQ_RUN_INTENT_H
#define HQ_RUN_INTENT_H

#include "exec/exec.h"
#include "vm/hits.h"

/** Size and distances of a signal that brings none. */
HqIntent hq_default_intent(const HqBacktestOptions *options);

/**
 * What a rule wants on bar `t` of the block: `fallback` itself, or in `room` what its clauses say
 * and, of what they do not, fallback's.
 */
const HqIntent *hq_intent_of(const HqHits *hits, const HqRule *rule, size_t t,
                             const HqIntent *fallback, HqIntent *room);

#endif
