/*
 * Returns of what an account holds over a block, without its equity curve: only bars on which it holds something,
 * or stops doing so, have one. The numbers that are taken, and their places, are those of the curve
 * (hq_span_worths(), hq_returns_push()), to the bit: returns that are left out are zeros.
 */
#ifndef HQ_RUN_HELD_H
#define HQ_RUN_HELD_H

#include "exec/span.h"
#include "metrics/returns.h"

/** What the curve would say. */
typedef struct HqHeld {
    HqLevels levels; /* the range of equity at bars on which it differs from `before` or something is held */
    double equity;   /* at the last bar */
} HqHeld;

/**
 * Take the returns of a block into moments whose pivot is 0, which leaves out zeros.
 * @param[out] kept  the moments as they were: where an equity is not above 0 what is taken is of no use.
 * @param before     equity before it, above 0.
 * @param close      of its bars.
 */
HQ_WIDE_DECLARE(HqHeld, hq_held_take,
                (HqMoments *moments, HqMoments *kept, double before, const HqWorths *worths,
                 const double *close));

/**
 * What an account holds over the next bars, into its returns.
 * @param equity  room for a value a bar.
 */
void hq_held_push(HqReturns *returns, const HqWorths *worths, const double *close, double *equity);

#endif
