/* Skew and kurtosis: G1 and G2, as pandas and quantstats have them. */
#include "metrics/steps.h"

#include <math.h>

double hq_steps_skew(const HqSteps *s, const HqMoments *m)
{
    double n = (double)m->count, deviation = hq_moments_deviation(m);
    if (n < 3 || deviation == 0)
        return NAN;
    return n / ((n - 1) * (n - 2)) * hq_sum(s->third) / (deviation * deviation * deviation);
}

double hq_steps_kurtosis(const HqSteps *s, const HqMoments *m)
{
    double n = (double)m->count, deviation = hq_moments_deviation(m);
    if (n < 4 || deviation == 0)
        return NAN;
    double variance = deviation * deviation, rest = (n - 2) * (n - 3);
    double raw = n * (n + 1) / ((n - 1) * rest) * hq_sum(s->fourth) / (variance * variance);
    return raw - 3 * (n - 1) * (n - 1) / rest;
}
