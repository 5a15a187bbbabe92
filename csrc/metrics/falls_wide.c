/* Falls over a block of steps. */
#include "metrics/falls.h"
#include "base/peaks_wide.h"

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

static inline void follow(HqFalls *f, const int64_t *time, const double *level, unsigned bits,
                          HqVec *squares)
{
    HqEight now = hq_eight(level, bits), peaks = hq_eight_all(f->peak);
    if (hq_eight_below(&peaks, &now))
        peaks = hq_eight_peaks(&now, &f->peak);
    note(f, time, hq_eight_below(&now, &peaks), bits);
    for (size_t vec = 0; vec < HQ_VECS; vec++) {
        HqVec fall = hq_eight_fall(&now, &peaks, vec, bits);
        squares[vec] += fall * fall;
    }
}

void HQ_WIDE(hq_falls_push)(HqFalls *falls, const int64_t *time, const double *level, size_t n)
{
    HqFalls f = *falls;
    HqVec squares[HQ_VECS];
    size_t i = 0;
    for (size_t vec = 0; vec < HQ_VECS; vec++)
        squares[vec] = hq_vec_all(0);
    for (; i + HQ_LANES <= n; i += HQ_LANES, f.steps += HQ_LANES)
        follow(&f, time + i, level + i, HQ_ALL_LANES, squares);
    if (i < n) {
        follow(&f, time + i, level + i, (1u << (n - i)) - 1, squares);
        f.steps += n - i;
    }
    hq_sum_add(&f.squares, hq_vecs_sum(squares));
    *falls = f;
}
