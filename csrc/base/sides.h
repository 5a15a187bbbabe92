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
    /* Which it is cannot be foreseen: both sums are added to, one of them 0. */
    sides->gains += x > 0;
    sides->losses += x < 0;
    hq_sum_add(&sides->gained, x > 0 ? x : 0);
    hq_sum_add(&sides->lost, x < 0 ? x : 0);
}

#endif
