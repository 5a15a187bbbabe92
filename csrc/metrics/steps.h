/*
 * What needs each return, in blocks. Inside a block eight lanes are summed plainly, and the blocks with
 * what rounding takes from them: of n returns the sums are as good as of HQ_STEPS_BLOCK / 8 added one by
 * one.
 *
 * Third and fourth powers are of how far returns are from a center. Those of how far they are from their
 * mean follow, with as few digits lost as the center is few deviations from it: 0 will mostly do, and
 * spares the pass that would find the mean first (hq_steps_is_off()).
 */
#ifndef HQ_METRICS_STEPS_H
#define HQ_METRICS_STEPS_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/wide.h"
#include "indicator/pair.h"
#include "metrics/moments.h"
#include "metrics/sides.h"

enum { HQ_STEPS_BLOCK = 1024 };

typedef struct HqSteps {
    HqPair center;      /* of the powers */
    double risk_free;   /* of a step */
    double least, most; /* of all returns: infinities before the first */
    HqSum third, fourth; /* powers of distances from the center */
    HqSides sides;
    HqSum above, below, below_squared; /* of the risk-free return: both sums, and the lower one's squares */
} HqSteps;

static inline HqSteps hq_steps_begin(HqPair center, double risk_free)
{
    return (HqSteps){.center = center, .risk_free = risk_free, .least = (double)INFINITY, .most = -(double)INFINITY};
}

/** A block of at most HQ_STEPS_BLOCK returns. */
HQ_WIDE_DECLARE(void, hq_steps_push, (HqSteps *steps, const double *x, size_t n));
static inline void hq_steps_push(HqSteps *steps, const double *x, size_t n)
{
    HQ_WIDE_CHOOSE(hq_steps_push)(steps, x, n);
}

/** Write the returns from `before` to level[0], from there to level[1], and so on: hq_return(). */
HQ_WIDE_DECLARE(void, hq_returns_of, (double before, const double *level, size_t n, double *out));
static inline void hq_returns_of(double before, const double *level, size_t n, double *out)
{
    HQ_WIDE_CHOOSE(hq_returns_of)(before, level, n, out);
}

/** Whether the center is more than a deviation from the mean of all. */
bool hq_steps_is_off(const HqSteps *steps, const HqMoments *moments);

/** Bias-corrected skew; NaN below three returns, or when nothing deviates. */
double hq_steps_skew(const HqSteps *steps, const HqMoments *moments);

/** Excess over the normal distribution's, bias-corrected; NaN below four, or when nothing deviates. */
double hq_steps_kurtosis(const HqSteps *steps, const HqMoments *moments);

#endif
