/* Skew and kurtosis: G1 and G2, as pandas and quantstats have them. */
#include "metrics/steps.h"

#include <math.h>

/* Powers of deviations from the mean. */
typedef struct Central {
    double second, third, fourth;
} Central;

/* From how far the mean of all is from the center. */
static double off_of(const HqSteps *s, const HqMoments *m)
{
    return hq_pair_minus(hq_moments_mean(m), s->center).high;
}

static Central central_of(const HqSteps *s, const HqMoments *m, double deviation)
{
    double n = (double)m->count, off = off_of(s, m), square = off * off;
    Central c = {.second = (n - 1) * deviation * deviation};
    c.third = hq_sum(s->third) - off * (3 * c.second + n * square);
    c.fourth = hq_sum(s->fourth) - 4 * off * c.third - square * (6 * c.second + n * square);
    return c;
}

bool hq_steps_is_off(const HqSteps *s, const HqMoments *m)
{
    double deviation = hq_moments_deviation(m);
    return deviation > 0 && fabs(off_of(s, m)) > deviation;
}

double hq_steps_skew(const HqSteps *s, const HqMoments *m)
{
    double n = (double)m->count, deviation = hq_moments_deviation(m);
    if (n < 3 || deviation == 0)
        return NAN;
    double third = central_of(s, m, deviation).third;
    return n / ((n - 1) * (n - 2)) * third / (deviation * deviation * deviation);
}

double hq_steps_kurtosis(const HqSteps *s, const HqMoments *m)
{
    double n = (double)m->count, deviation = hq_moments_deviation(m);
    if (n < 4 || deviation == 0)
        return NAN;
    double variance = deviation * deviation, rest = (n - 2) * (n - 3);
    double fourth = central_of(s, m, deviation).fourth;
    double raw = n * (n + 1) / ((n - 1) * rest) * fourth / (variance * variance);
    return raw - 3 * (n - 1) * (n - 1) / rest;
}
