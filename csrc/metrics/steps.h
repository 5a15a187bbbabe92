/*
 * What needs each return and, for its powers, the mean of all: the second pass over a curve, in
 * blocks. Inside a block eight lanes are summed plainly, and the blocks with what rounding takes
 * from them: of n returns the sums are as good as of HQ_STEPS_BLOCK / 8 added one by one.
 */
#ifndef HQ_METRICS_STEPS_H
#define HQ_METRICS_STEPS_H

#include <math.h>
#include <stddef.h>

#include "base/wide.h"
#include "indicator/pair.h"
#include "metrics/moments.h"
#include "metrics/sides.h"

enum { HQ_STEPS_BLOCK = 1024 };

typedef struct HqSteps {
    HqPair mean;        /* of all returns */
    double risk_free;   /* of a step */
    double least, most; /* of all returns: infinities before the first */
    HqSum third, fourth; /* powers of deviations from the mean */
    HqSides sides;
    HqSum above, below, below_squared; /* of the risk-free return: both sums, and the lower one's squares */
} HqSteps;

static inline HqSteps hq_steps_begin(HqPair mean, double risk_free)
{
    return (HqSteps){.mean = mean, .risk_free = risk_free, .least = (double)INFINITY, .most = -(double)INFINITY};
}

/** A block of at most HQ_STEPS_BLOCK returns. */
HQ_WIDE_DECLARE(void, hq_steps_push, (HqSteps *steps, const double *x, size_t n));
static inline void hq_steps_push(HqSteps *steps, const double *x, size_t n)
{
    HQ_WIDE_CHOOSE(hq_steps_push)(steps, x, n);
}

/** The same of the returns from `before` to level[0], from there to level[1], and so on: hq_return(). */
HQ_WIDE_DECLARE(void, hq_steps_push_levels,
                (HqSteps *steps, double before, const double *level, size_t n));
static inline void hq_steps_push_levels(HqSteps *steps, double before, const double *level, size_t n)
{
    HQ_WIDE_CHOOSE(hq_steps_push_levels)(steps, before, level, n);
}

/** Write the returns from `before` to level[0], from there to level[1], and so on: hq_return(). */
HQ_WIDE_DECLARE(void, hq_returns_of, (double before, const double *level, size_t n, double *out));
static inline void hq_returns_of(double before, const double *level, size_t n, double *out)
{
    HQ_WIDE_CHOOSE(hq_returns_of)(before, level, n, out);
}

/** Bias-corrected skew; NaN below three returns, or when nothing deviates. */
double hq_steps_skew(const HqSteps *steps, const HqMoments *moments);

/** Excess over the normal distribution's, bias-corrected; NaN below four, or when nothing deviates. */
double hq_steps_kurtosis(const HqSteps *steps, const HqMoments *moments);

#endif
