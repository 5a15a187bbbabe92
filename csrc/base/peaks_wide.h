/* Eight levels beside the highest so far: for the loops that follow a curve's peaks. */
#ifndef HQ_BASE_PEAKS_WIDE_H
#define HQ_BASE_PEAKS_WIDE_H

#include "base/wide.h"

enum { HQ_ALL_LANES = (1 << HQ_LANES) - 1 };

typedef struct HqEight {
    HqVec level[HQ_VECS];
} HqEight;

/** The lanes whose bit is set; 0, which is never above a peak, in the others. */
static inline HqEight hq_eight(const double *level, unsigned bits)
{
    HqEight eight;
    for (size_t vec = 0; vec < HQ_VECS; vec++)
        eight.level[vec] = bits == HQ_ALL_LANES
                               ? hq_vec_load(level + vec * HQ_VEC_LANES)
                               : hq_vec_load_lanes(level + vec * HQ_VEC_LANES, hq_vec_part(bits, vec));
    return eight;
}

/** A bit for each lane that is below, or above, its level of the other eight. */
static inline unsigned hq_eight_below(const HqEight *a, const HqEight *b)
{
    unsigned below = 0;
    for (size_t vec = 0; vec < HQ_VECS; vec++)
        below |= hq_mask_bits(hq_vec_less(a->level[vec], b->level[vec])) << vec * HQ_VEC_LANES;
    return below;
}

/** The same level in all lanes. */
static inline HqEight hq_eight_all(double level)
{
    HqEight eight;
    for (size_t vec = 0; vec < HQ_VECS; vec++)
        eight.level[vec] = hq_vec_all(level);
    return eight;
}

/** The peak at each lane, from *peak on, which becomes the last. */
static inline HqEight hq_eight_peaks(const HqEight *now, double *peak)
{
    HqVec highest = hq_vec_all(*peak);
    double last[HQ_VEC_LANES];
    HqEight peaks;
    for (size_t vec = 0; vec < HQ_VECS; vec++) {
        peaks.level[vec] = hq_vec_max(hq_vec_running_max(now->level[vec]), highest);
        highest = hq_vec_last(peaks.level[vec]);
    }
    hq_vec_store(last, highest);
    *peak = last[0];
    return peaks;
}

/** (level - peak) / peak of a register's lanes, 0 in those whose bit is not set. */
static inline HqVec hq_eight_fall(const HqEight *now, const HqEight *peaks, size_t vec, unsigned bits)
{
    HqVec peak = peaks->level[vec], fall = (now->level[vec] - peak) / peak;
    if (bits == HQ_ALL_LANES)
        return fall;
    return hq_vec_choose(hq_mask_of(hq_vec_part(bits, vec)), fall, hq_vec_all(0));
}

#endif
