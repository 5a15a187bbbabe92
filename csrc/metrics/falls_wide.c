/* Falls over a block of steps. */
#include <float.h>
#include <math.h>

#include "base/peaks_wide.h"
#include "metrics/falls.h"

static inline void be_at_peak(HqFalls *f, const int64_t *time, unsigned step)
{
    f->peak_time = time[step];
    f->peak_step = f->steps + step;
}

static inline unsigned lowest_place(unsigned bits) { return (unsigned)__builtin_ctz(bits); }
static inline unsigned highest_place(unsigned bits) { return 31 - (unsigned)__builtin_clz(bits); }

/* Of the steps in `bits` those in `under` are below their peaks: where falls end, and the last peak. */
static inline void note(HqFalls *f, const int64_t *time, unsigned under, unsigned bits)
{
    unsigned at = ~under & bits, ends = at & (under << 1 | f->under);
    for (; ends; ends &= ends - 1) {
        unsigned end = lowest_place(ends), peaks = at & ((1u << end) - 1);
        if (peaks)
            be_at_peak(f, time, highest_place(peaks));
        hq_falls_note(f, f->steps + end, time[end]);
    }
    if (at)
        be_at_peak(f, time, highest_place(at));
    f->under = under >> highest_place(bits) & 1;
}

/* 1 / peak; NAN where it would be no normal number. */
static inline double inverse_of(double peak)
{
    return peak >= DBL_MIN && peak <= 1 / DBL_MIN ? 1 / peak : (double)NAN;
}

/* A curve is far longer below a peak than it rises: of eight steps below one, a division is a product. */
static inline HqVec fall_of(const HqEight *now, const HqEight *peaks, size_t vec, unsigned bits, double inverse)
{
    if (isnan(inverse))
        return hq_eight_fall(now, peaks, vec, bits);
    HqVec fall = (now->level[vec] - peaks->level[vec]) * hq_vec_all(inverse);
    if (bits == HQ_ALL_LANES)
        return fall;
    return hq_vec_choose(hq_mask_of(hq_vec_part(bits, vec)), fall, hq_vec_all(0));
}

/* *inverse is that of f->peak. */
static inline void follow(HqFalls *f, const int64_t *time, const double *level, unsigned bits,
                          double *inverse, HqVec *squares)
{
    HqEight now = hq_eight(level, bits), peaks = hq_eight_all(f->peak);
    bool rises = hq_eight_below(&peaks, &now);
    if (rises)
        peaks = hq_eight_peaks(&now, &f->peak);
    note(f, time, hq_eight_below(&now, &peaks), bits);
    for (size_t vec = 0; vec < HQ_VECS; vec++) {
        HqVec fall = fall_of(&now, &peaks, vec, bits, rises ? (double)NAN : *inverse);
        squares[vec] += fall * fall;
    }
    if (rises)
        *inverse = inverse_of(f->peak);
}

void HQ_WIDE(hq_falls_push)(HqFalls *falls, const int64_t *time, const double *level, size_t n)
{
    HqFalls f = *falls;
    HqVec squares[HQ_VECS];
    double inverse = inverse_of(f.peak);
    size_t i = 0;
    for (size_t vec = 0; vec < HQ_VECS; vec++)
        squares[vec] = hq_vec_all(0);
    for (; i + HQ_LANES <= n; i += HQ_LANES, f.steps += HQ_LANES)
        follow(&f, time + i, level + i, HQ_ALL_LANES, &inverse, squares);
    if (i < n) {
        follow(&f, time + i, level + i, (1u << (n - i)) - 1, &inverse, squares);
        f.steps += n - i;
    }
    hq_sum_add(&f.squares, hq_vecs_sum(squares));
    *falls = f;
}
