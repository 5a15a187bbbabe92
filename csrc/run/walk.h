/*
 * One program over the columns of its bars, a block at a time: graphs of its own, higher timeframes
 * and rules. Backtests and block runs both walk so; what they make of a block is theirs.
 */
#ifndef HQ_RUN_WALK_H
#define HQ_RUN_WALK_H

#include "engine/feed.h"
#include "run/bars.h"
#include "vm/hits.h"
#include "vm/program.h"

/** What a walk asks about a program besides its text. */
typedef struct HqWalkSettings {
    const double *params; /* n_params values; NULL for the program's own */
    size_t n_params;
    uint32_t htf;
    int64_t bar_period_ms;
} HqWalkSettings;

typedef struct HqWalk {
    const HqBars *bars;
    bool (*takes)(const HqBars *bars, size_t i); /* NULL: every bar is one of the program's */
    HqGraph graph;
    HqClocks clocks;
    HqRules rules;
    HqConditions conditions;
    HqFeed feed;
    size_t begin, end;  /* the bars of the block */
    HqHits hits;        /* where rules are true in it */
    uint64_t warmup;    /* bars before the first on which a rule's condition was known */
    bool is_warm;
} HqWalk;

/**
 * Graphs for a program, linked, over bars that stay where they are. Nodes may be added afterwards.
 * @param program  NULL: an empty graph, and no rules.
 * @param reads    registers whose slots are wanted (vm/link.h); NULL for none.
 * @return HQ_OK, HQ_EINVAL (a parameter or a timeframe), HQ_ENOMEM, HQ_ELIMIT. Whatever it is,
 *         hq_walk_destroy() frees what there is.
 */
HqStatus hq_walk_init(HqWalk *walk, const HqProgram *program, const HqWalkSettings *settings,
                      const HqLinkReads *reads, const HqBars *bars);

/**
 * Columns for blocks of at most `capacity` bars, 0: as many as the cache holds.
 * @param slots  whose columns are read besides by the program; `n_slots` of them.
 * @return HQ_OK or HQ_ENOMEM.
 */
HqStatus hq_walk_prepare(HqWalk *walk, size_t capacity, const uint32_t *slots, size_t n_slots);

void hq_walk_destroy(HqWalk *walk);

/** The bars that a block from `begin` on has: none among them that the walk does not take. */
size_t hq_walk_block_end(const HqWalk *walk, size_t begin);

/**
 * Run the bars begin..end-1, which follow those of the block before: columns, rules and warm-up.
 * Each bar sees those up to it alone. Allocates nothing.
 */
void hq_walk_block(HqWalk *walk, size_t begin, size_t end);

#endif
