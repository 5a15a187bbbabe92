/* What the lanes of moments amount to. */
#include "metrics/moments.h"

#include <float.h>
#include <math.h>

void hq_moments_begin(HqMoments *m)
{
    *m = (HqMoments){0};
    for (size_t lane = 0; lane < HQ_LANES; lane++)
        m->group_sum[lane] = HQ_MOMENTS_BASE;
}

/* Zeros that are as far from the pivot as any number. */
static void push_zeros(HqMoments *m, size_t n)
{
    static const double zeros[HQ_MOMENTS_GROUP];
    for (size_t part; n > 0; n -= part) {
        part = n < HQ_MOMENTS_GROUP ? n : HQ_MOMENTS_GROUP;
        hq_moments_push(m, zeros, part);
    }
}

void hq_moments_skip(HqMoments *m, size_t n)
{
    if (m->pivot != 0) {
        push_zeros(m, n);
        return;
    }
    if (m->place / HQ_MOMENTS_GROUP != (m->place + n) / HQ_MOMENTS_GROUP)
        HQ_WIDE_CHOOSE(hq_moments_end_group)(m);
    m->place += n;
    m->count += n;
}

static HqPair sum_of(const HqMoments *m)
{
    HqPair total = {0, 0};
    for (size_t lane = 0; lane < HQ_LANES; lane++) {
        HqPair group = hq_pair_of_sum(m->group_sum[lane], -HQ_MOMENTS_BASE);
        total = hq_pair_plus(total, hq_pair_of_sum(m->sum[lane], m->sum_lost[lane]));
        total = hq_pair_plus(total, hq_pair_plus(group, (HqPair){m->group_lost[lane], 0}));
    }
    return total;
}

/* Of how far numbers are from the pivot. */
static HqPair squares_of(const HqMoments *m)
{
    HqPair total = {0, 0};
    for (size_t lane = 0; lane < HQ_LANES; lane++) {
        total = hq_pair_plus(total, hq_pair_of_sum(m->square[lane], m->square_lost[lane]));
        total = hq_pair_plus(total, (HqPair){m->group_square[lane], 0});
    }
    return total;
}

double hq_moments_sum(const HqMoments *m) { return sum_of(m).high; }

HqPair hq_moments_mean(const HqMoments *m)
{
    if (m->count == 0)
        return (HqPair){NAN, NAN};
    return hq_pair_divided(sum_of(m), (double)m->count);
}

double hq_moments_spread(const HqMoments *m)
{
    if (m->count < 2)
        return NAN;
    HqPair from_pivot = squares_of(m);
    if (from_pivot.high == 0) /* all are equal, however large */
        return 0;
    HqPair off = hq_pair_minus(hq_moments_mean(m), (HqPair){m->pivot, 0});
    HqPair level = hq_pair_scaled(hq_pair_times(off, off), (double)m->count);
    double squares = hq_pair_minus(from_pivot, level).high;
    return sqrt((squares < 0 ? 0 : squares) / (double)(m->count - 1));
}

double hq_moments_deviation(const HqMoments *m)
{
    double spread = hq_moments_spread(m);
    return isnan(spread) || hq_deviates(spread, hq_moments_mean(m).high) ? spread : 0;
}

bool hq_deviates(double deviation, double mean) { return deviation > 8 * DBL_EPSILON * (1 + fabs(mean)); }
