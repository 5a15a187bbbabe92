/*
 * In which order a sweep's tiles take its combinations, where each thread has one tile.
 *
 * Combinations come as a grid is written: hands in which one parameter runs through its values, and which
 * share what is computed from the others. Lengths in order trade less and less, so that a thread with the
 * first half of them would be the last to be done. Hands are dealt to the threads in turn.
 */
#ifndef HQ_RUN_DEAL_H
#define HQ_RUN_DEAL_H

#include "hquant/sweep.h"

typedef struct HqDeal {
    size_t hand;    /* combinations */
    size_t hands;
    size_t threads; /* 1: combinations are taken as they come */
} HqDeal;

HqDeal hq_deal_of(const HqSweep *sweep, size_t threads);

/** The combination that is taken at a place; of all places each has one. */
size_t hq_deal_at(const HqDeal *deal, size_t place);

#endif
