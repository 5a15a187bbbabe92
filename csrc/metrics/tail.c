/* Tails of daily returns: value at risk, what lies beyond it, and the ratio of both tails. */
#include <math.h>
#include <stdlib.h>

#include "metrics/figures.h"

/* Of the standard normal distribution: its 95 % quantile, and its density there over 5 %. */
#define QUANTILE 1.6448536269514722
#define SHORTFALL 2.0627128075074257

static const double LEVEL = 0.05;

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Linear between the two nearest, as NumPy and pandas have it. */
static double quantile(const double *sorted, size_t n, double level)
{
    double place = (double)(n - 1) * level;
    size_t below = (size_t)place, above = below + 1 < n ? below + 1 : below;
    return sorted[below] + (sorted[above] - sorted[below]) * (place - (double)below);
}

static double mean_of_lowest(const double *sorted, size_t n)
{
    size_t count = (size_t)((double)(n - 1) * LEVEL) + 1;
    HqSum sum = {0};
    for (size_t i = 0; i < count; i++)
        hq_sum_add(&sum, sorted[i]);
    return hq_sum(sum) / (double)count;
}

void hq_tail_figures(const HqMoments *moments, double *daily, size_t n, HqMetrics *m)
{
    double mean = hq_moments_mean(moments), deviation = hq_moments_deviation(moments);
    double scale = deviation > 0 ? deviation : NAN;
    m->value_at_risk = hq_defined(mean - QUANTILE * scale);
    m->cvar = hq_defined(mean - SHORTFALL * scale);
    m->value_at_risk_historical = m->cvar_historical = m->tail_ratio = NAN;
    if (n == 0 || !isfinite(mean)) /* a return beyond what a double holds cannot be sorted in */
        return;
    qsort(daily, n, sizeof *daily, by_value);
    double low = quantile(daily, n, LEVEL);
    m->value_at_risk_historical = hq_defined(low);
    m->cvar_historical = hq_defined(mean_of_lowest(daily, n));
    m->tail_ratio = hq_defined(fabs(quantile(daily, n, 1 - LEVEL) / low));
}
