/* Gains and losses apart: of returns, or of the P&L of trades. */
#ifndef HQ_BASE_SIDES_H
#define HQ_BASE_SIDES_H

#include "base/sum.h"

typedef struct HqSides {
    double gains, losses; /* how many; some numbers are neither */
    HqSum gained, lost;   /* both sums; the second is <= 0 */
} HqSides;

static inline void hq_sides_add(HqSides *sides, double x)
{
    if (x > 0) {
        sides->gains += 1;
        hq_sum_add(&sides->gained, x);
    } else if (x < 0) {
        sides->losses += 1;
        hq_sum_add(&sides->lost, x);
    }
}

#endif
