/*
 * A program's conditions over a block of bars, as bits: where they hold, and where they are known.
 *
 * Comparisons, crossings and what AND, OR and NOT make of them need no columns when nothing but rules
 * reads them: the block leaves their nodes out, and they are found here, 64 bars a word. Any other
 * condition is read from its column.
 */
#ifndef HQ_VM_CONDITION_H
#define HQ_VM_CONDITION_H

#include "base/wide.h"
#include "graph/block.h"
#include "vm/link.h"

typedef enum HqConditionKind {
    HQ_COLUMN = 1, /* 1, 0 or NaN in a column */
    HQ_RELATION,   /* of two columns */
    HQ_CROSSING,   /* of two columns, and how they were a bar before */
    HQ_NOT,
    HQ_AND,
    HQ_OR
} HqConditionKind;

/** How a number is to another. */
enum { HQ_LESS = 1, HQ_EQUAL = 2, HQ_MORE = 4 };

typedef struct HqCondition {
    uint8_t kind;  /* HqConditionKind */
    uint8_t holds; /* of a relation: HQ_LESS | HQ_EQUAL | HQ_MORE; of a crossing: HQ_LESS under, HQ_MORE over */
    uint32_t a, b; /* slots; of HQ_NOT, HQ_AND, HQ_OR: conditions before this one */
    uint32_t slot; /* where its value stands in the graph's lines */
} HqCondition;

/** What rules ask of a block. */
typedef struct HqConditions {
    HqCondition *condition; /* owned; operands stand before what is made of them */
    uint32_t *of_rule;      /* owned; by rule: its condition */
    uint32_t count;
} HqConditions;

/**
 * The nodes of a graph that need no columns.
 * @param[in,out] is_read   by slot: somebody besides rules reads the column. Slots of columns that the
 *                          graph's own nodes read are added.
 * @param[out] needs_none   by node.
 */
void hq_conditions_choose(const HqGraph *graph, bool *is_read, bool *needs_none);

/**
 * The conditions of rules over nodes first..end - 1 of a graph.
 * @param needs_none  by node, of the graph; NULL: every condition is in a column.
 * @return HQ_OK or HQ_ENOMEM.
 */
HqStatus hq_conditions_init(HqConditions *conditions, const HqGraph *graph, const HqRules *rules,
                            const bool *needs_none, uint32_t first, uint32_t end);

void hq_conditions_destroy(HqConditions *conditions);

/** Words that a bit a bar takes. */
static inline size_t hq_words(size_t bars) { return (bars + 63) / 64; }

/** Where bits of conditions stand: `words` for the first's holds, `words` for its known, the next's... */
typedef struct HqBits {
    uint64_t *word;
    size_t words;
} HqBits;

static inline uint64_t *hq_bits_holds(const HqBits *bits, uint32_t condition)
{
    return bits->word + 2 * (size_t)condition * bits->words;
}

static inline uint64_t *hq_bits_known(const HqBits *bits, uint32_t condition)
{
    return hq_bits_holds(bits, condition) + bits->words;
}

/**
 * Find the conditions over the block's n bars: its nodes have been run, and its end is still to come,
 * unless every condition is in a column.
 * @param room  for three times `bits->words` words and a word before each.
 */
void hq_conditions_find(const HqConditions *conditions, const HqBlock *block, size_t n,
                        const HqBits *bits, uint64_t *room);

/* hq_relate(a, b, n, less, equal, more): a bit where a is less than, equal to, more than b. Words are written whole. */
HQ_WIDE_DECLARE(void, hq_relate,
                (const double *a, const double *b, size_t n, uint64_t *less, uint64_t *equal,
                 uint64_t *more));

/*
 * hq_cross(less, equal, more, words, over, under, holds, known): where a number goes over another, under it,
 * or is as it was, for bits of hq_relate(), of the bar before in the highest bit of the word before them.
 * `over` and `under`: all bits where such a crossing holds, else none. As step cross() of indicator/cross.c.
 */
HQ_WIDE_DECLARE(void, hq_cross,
                (const uint64_t *less, const uint64_t *equal, const uint64_t *more, size_t words,
                 uint64_t over, uint64_t under, uint64_t *holds, uint64_t *known));

/* hq_truths(x, n, holds, known): where x is 1, and where it is a number. */
HQ_WIDE_DECLARE(void, hq_truths,
                (const double *x, size_t n, uint64_t *holds, uint64_t *known));

#endif
