/* What the lanes of moments amount to. */
#include "metrics/moments.h"

#include <float.h>
#include <math.h>

void hq_moments_begin(HqMoments *m)
{
    *m = (HqMoments){0};
    for (size_t lane = 0; lane < HQ_LANES; lane++) {
        m->least[lane] = INFINITY;
        m->most[lane] = -INFINITY;
    }
}

void hq_moments_skip(HqMoments *m, size_t n)
{
    for (size_t i = 0; i < n && i < HQ_LANES; i++) {
        size_t lane = (m->place + i) % HQ_LANES;
        m->least[lane] = m->least[lane] < 0 ? m->least[lane] : 0;
        m->most[lane] = m->most[lane] > 0 ? m->most[lane] : 0;
    }
    m->place += n;
    m->count += n;
}

static HqPair over_lanes(const double *value, const double *lost)
{
    HqPair total = {0, 0};
    for (size_t lane = 0; lane < HQ_LANES; lane++)
        total = hq_pair_plus(total, hq_pair_of_sum(value[lane], lost[lane]));
    return total;
}

double hq_moments_sum(const HqMoments *m) { return over_lanes(m->sum, m->sum_lost).high; }

double hq_moments_least(const HqMoments *m)
{
    double least = m->least[0];
    for (size_t lane = 1; lane < HQ_LANES; lane++)
        least = m->least[lane] < least ? m->least[lane] : least;
    return least;
}

double hq_moments_most(const HqMoments *m)
{
    double most = m->most[0];
    for (size_t lane = 1; lane < HQ_LANES; lane++)
        most = m->most[lane] > most ? m->most[lane] : most;
    return most;
}

HqPair hq_moments_mean(const HqMoments *m)
{
    if (m->count == 0)
        return (HqPair){NAN, NAN};
    return hq_pair_divided(over_lanes(m->sum, m->sum_lost), (double)m->count);
}

double hq_moments_spread(const HqMoments *m)
{
    if (m->count < 2)
        return NAN;
    if (!(hq_moments_least(m) < hq_moments_most(m)))
        return 0;
    HqPair sum = over_lanes(m->sum, m->sum_lost);
    HqPair level = hq_pair_divided(hq_pair_times(sum, sum), (double)m->count);
    double squares = hq_pair_minus(over_lanes(m->square, m->square_lost), level).high;
    return sqrt((squares < 0 ? 0 : squares) / (double)(m->count - 1));
}

double hq_moments_deviation(const HqMoments *m)
{
    double spread = hq_moments_spread(m);
    return isnan(spread) || hq_deviates(spread, hq_moments_least(m), hq_moments_most(m)) ? spread : 0;
}

bool hq_deviates(double deviation, double least, double most)
{
    return least < most && deviation > 8 * DBL_EPSILON * (1 + fmax(fabs(least), fabs(most)));
}
