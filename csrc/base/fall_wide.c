#include "base/fall.h"
#include "base/peaks_wide.h"

/* What is followed from eight to eight: falls are divided where a peak ends, and no more often. */
typedef struct Follower {
    double peak;
    HqVec trough[HQ_VECS];  /* the lowest since the peak, by lane */
    HqVec deepest[HQ_VECS]; /* of falls that have been divided */
} Follower;

static inline void fall_on(Follower *f, const HqEight *now, unsigned bits)
{
    for (size_t vec = 0; vec < HQ_VECS; vec++) {
        HqVec lowest = hq_vec_min(now->level[vec], f->trough[vec]);
        HqMask there = hq_mask_of(hq_vec_part(bits, vec));
        f->trough[vec] = bits == HQ_ALL_LANES ? lowest : hq_vec_choose(there, lowest, f->trough[vec]);
    }
}

/* There is a new peak among them: what was below the old one is done with. */
static inline void begin_again(Follower *f, const HqEight *now, unsigned bits)
{
    HqEight old = hq_eight_all(f->peak), peaks = hq_eight_peaks(now, &f->peak);
    for (size_t vec = 0; vec < HQ_VECS; vec++) {
        HqVec before = (f->trough[vec] - old.level[vec]) / old.level[vec];
        HqVec fall = hq_vec_min(before, hq_eight_fall(now, &peaks, vec, bits));
        f->deepest[vec] = hq_vec_min(fall, f->deepest[vec]);
        f->trough[vec] = hq_vec_all(f->peak);
    }
}

static inline void follow(Follower *f, const double *levels, unsigned bits)
{
    HqEight now = hq_eight(levels, bits), peak = hq_eight_all(f->peak);
    if (hq_eight_below(&peak, &now))
        begin_again(f, &now, bits);
    else
        fall_on(f, &now, bits);
}

static double least_of(const HqVec *lanes)
{
    double all[HQ_LANES], least;
    for (size_t vec = 0; vec < HQ_VECS; vec++)
        hq_vec_store(all + vec * HQ_VEC_LANES, lanes[vec]);
    least = all[0];
    for (size_t lane = 1; lane < HQ_LANES; lane++)
        least = all[lane] < least ? all[lane] : least;
    return least;
}

void HQ_WIDE(hq_fall_push)(HqFall *fall, const double *levels, size_t n)
{
    Follower f = {.peak = fall->peak};
    size_t i = 0;
    for (size_t vec = 0; vec < HQ_VECS; vec++) {
        f.trough[vec] = hq_vec_all(fall->trough);
        f.deepest[vec] = hq_vec_all(fall->deepest);
    }
    for (; i + HQ_LANES <= n; i += HQ_LANES)
        follow(&f, levels + i, HQ_ALL_LANES);
    if (i < n)
        follow(&f, levels + i, (1u << (n - i)) - 1);
    fall->peak = f.peak;
    fall->trough = least_of(f.trough);
    fall->deepest = least_of(f.deepest);
}
