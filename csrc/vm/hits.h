/* Where in a block of bars a program's rules are true: a bit a bar, so that the others cost nothing. */
#ifndef HQ_VM_HITS_H
#define HQ_VM_HITS_H

#include "base/wide.h"
#include "vm/link.h"

typedef struct HqHits {
    const HqRules *rules;
    double *const *column; /* by slot: the block's values */
    size_t n;              /* bars of the block */
    uint64_t *bit;         /* owned: a bar with a true rule is 1 */
} HqHits;

/** Room for blocks of at most `capacity` bars. HQ_OK, HQ_ENOMEM. */
HqStatus hq_hits_init(HqHits *hits, size_t capacity);

void hq_hits_destroy(HqHits *hits);

/** Find the bars of a block. `rules` and `column` are kept. */
void hq_hits_find(HqHits *hits, const HqRules *rules, double *const *column, size_t n);

/** The first bar at or after `t` that has one; n when none does. */
size_t hq_hits_next(const HqHits *hits, size_t t);

/** The first rule that is true on a bar of the block; NULL when none is. */
const HqRule *hq_hits_rule(const HqHits *hits, size_t t);

/** Until a rule's condition is known for the first time: count the bars of the block before it. */
void hq_hits_count_warmup(const HqHits *hits, bool *is_warm, uint64_t *bars);

/* hq_hits_ones(values, n, bit): set the bits of those that are 1. */
HQ_WIDE_DECLARE(void, hq_hits_ones, (const double *values, size_t n, uint64_t *bit));

#endif
