/*
 * The deepest fall of a curve of levels >= 0 from its highest point so far, in pieces of any size:
 * the least (level - peak) / peak. Rounding keeps the order: of all falls from one peak that of the
 * lowest level is the deepest, so only that one is divided.
 */
#ifndef HQ_BASE_FALL_H
#define HQ_BASE_FALL_H

#include "base/wide.h"

typedef struct HqFall {
    double peak;    /* the highest so far, > 0 */
    double trough;  /* the lowest since then */
    double deepest; /* fall from a peak that is over, -1..0 */
} HqFall;

/** From a level on. */
static inline HqFall hq_fall_from(double level) { return (HqFall){level, level, 0}; }

/** n more levels. */
HQ_WIDE_DECLARE(void, hq_fall_push, (HqFall *fall, const double *levels, size_t n));
static inline void hq_fall_push(HqFall *fall, const double *levels, size_t n)
{
    HQ_WIDE_CHOOSE(hq_fall_push)(fall, levels, n);
}

/** Levels none of which is above the peak; `lowest` is the lowest of them. */
static inline void hq_fall_below(HqFall *fall, double lowest)
{
    fall->trough = lowest < fall->trough ? lowest : fall->trough;
}

/** The deepest of all, -1..0. */
static inline double hq_fall_deepest(const HqFall *fall)
{
    double last = fall->trough < fall->peak ? (fall->trough - fall->peak) / fall->peak : 0;
    return last < fall->deepest ? last : fall->deepest;
}

#endif
