/* Gains and losses apart: of returns, or of the P&L of trades. */
#ifndef HQ_BASE_SIDES_H
#define HQ_BASE_SIDES_H

#include <stdint.h>
#include <string.h>

#include "base/sum.h"

typedef struct HqSides {
    double gains, losses; /* how many; some numbers are neither */
    HqSum gained, lost;   /* both sums; the second is <= 0 */
} HqSides;

/** x or 0, by its bits: compilers make a branch of a choice that others depend on. */
static inline double hq_sides_part(double x, int is_taken)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits &= 0 - (uint64_t)is_taken;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static inline void hq_sides_add(HqSides *sides, double x)
{
    /* Which it is cannot be foreseen: both sums are added to, one of them 0. */
    int gains = x > 0, loses = x < 0;
    sides->gains += gains;
    sides->losses += loses;
    hq_sum_add(&sides->gained, hq_sides_part(x, gains));
    hq_sum_add(&sides->lost, hq_sides_part(x, loses));
}

#endif
