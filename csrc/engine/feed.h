/*
 * Columns of bars through a graph and its higher timeframes, a block at a time: what engines do
 * with many bars at once, and what runs over whole columns do.
 */
#ifndef HQ_ENGINE_FEED_H
#define HQ_ENGINE_FEED_H

#include "engine/clocks.h"
#include "graph/block.h"

typedef struct HqFeed {
    HqBlock block;
    HqClocks *clocks;
    bool has_time;   /* a node, or whoever sets it, reads the bars' times as a column */
    double *imports; /* a line of the graph, for what comes from higher timeframes */
} HqFeed;

/**
 * Columns for a graph that is complete, and for the clocks that import into it.
 * @param capacity  bars that a block may have; 0: as many as the cache holds.
 * @return HQ_OK, HQ_ENOMEM; on failure nothing is allocated.
 */
HqStatus hq_feed_init(HqFeed *feed, HqGraph *graph, HqClocks *clocks, size_t capacity);

void hq_feed_destroy(HqFeed *feed);

/**
 * Push the bars begin..end-1, at most `capacity` of them, which are valid and admitted. Each sees
 * those up to it alone. A column of bars that is NULL reads as 0; times may be NULL without clocks.
 * Allocates nothing.
 */
void hq_feed_run(HqFeed *feed, const HqBars *bars, size_t begin, size_t end);

/* The same in two parts: between them the columns are there, and the lines are as before the block. */
void hq_feed_begin(HqFeed *feed, const HqBars *bars, size_t begin, size_t end);
void hq_feed_end(HqFeed *feed, size_t n);

#endif
