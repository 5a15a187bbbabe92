/* Where in a block of bars a program's rules are true: a bit a bar, so that the others cost nothing. */
#ifndef HQ_VM_HITS_H
#define HQ_VM_HITS_H

#include "vm/condition.h"

typedef struct HqHits {
    const HqRules *rules;
    const HqConditions *conditions;
    double *const *column; /* by slot: the block's values */
    size_t n;              /* bars of the block */
    uint64_t *any;         /* owned, as is all behind it: a bar with a true rule is 1 */
    uint64_t *room;
    HqBits bits;           /* of the conditions */
} HqHits;

/** Room for blocks of at most `capacity` bars and that many conditions. HQ_OK, HQ_ENOMEM. */
HqStatus hq_hits_init(HqHits *hits, size_t capacity, uint32_t n_conditions);

void hq_hits_destroy(HqHits *hits);

/** A bit for each bar of the block on which a rule is true. */
static inline const uint64_t *hq_hits_of_rule(const HqHits *hits, uint32_t rule)
{
    return hq_bits_holds(&hits->bits, hits->conditions->of_rule[rule]);
}

/** Find the bars of a block (hq_conditions_find()). Rules, conditions and columns are kept. */
void hq_hits_find(HqHits *hits, const HqRules *rules, const HqConditions *conditions,
                  const HqBlock *block, size_t n);

/** Numbers that hq_places() may write behind those that it answers. */
enum { HQ_PLACES_MORE = 4 };

/* hq_places(bits, words, place): where bits are 1, in order. Answers how many are. */
HQ_WIDE_DECLARE(size_t, hq_places, (const uint64_t *bits, size_t words, uint32_t *place));

/** The first bar at or after `t` that has one; n when none does. */
size_t hq_hits_next(const HqHits *hits, size_t t);

/** The first rule that is true on a bar of the block; NULL when none is. */
const HqRule *hq_hits_rule(const HqHits *hits, size_t t);

/** Until a rule's condition is known for the first time: count the bars of the block before it. */
void hq_hits_count_warmup(const HqHits *hits, bool *is_warm, uint64_t *bars);

#endif
