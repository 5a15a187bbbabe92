/* The exponential recurrence, shared by the rows that smooth with it. */
#ifndef HQ_INDICATOR_AVERAGE_H
#define HQ_INDICATOR_AVERAGE_H

#include "indicator/row.h"

static inline double hq_ema_factor(double period) { return 2.0 / (period + 1.0); }

/**
 * One step of e += factor * (x - e), seeded with the first known value.
 * @param e     before the step; NaN before the first known value.
 * @param next  after it; an unknown x leaves it unmoved.
 * @return the average: `*next`, but unknown for an unknown x.
 */
static inline double hq_ema_step(double factor, double e, double x, double *next)
{
    double moved = e + factor * (x - e);
    if (HQ_LIKELY(fabs(moved) <= DBL_MAX))
        return *next = moved;
    *next = hq_is_unknown(e) ? hq_known(x) : e;
    return hq_is_unknown(e) ? *next : (double)NAN;
}

#endif
