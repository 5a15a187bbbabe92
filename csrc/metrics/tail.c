/* Tails of daily returns: value at risk, what lies beyond it, and the ratio of both tails. */
#include <math.h>

#include "metrics/figures.h"
#include "metrics/select.h"

/* Of the standard normal distribution: its 95 % quantile, and its density there over 5 %. */
#define QUANTILE 1.6448536269514722
#define SHORTFALL 2.0627128075074257

static const double LEVEL = 0.05;

/* The number behind the one at `place`, of all sorted; that one itself where it is the last. */
static double behind(const double *x, size_t n, size_t place, double at_place)
{
    size_t up_to = 0;
    double next = INFINITY;
    for (size_t i = 0; i < n; i++) {
        double after = x[i] > at_place ? x[i] : INFINITY;
        up_to += x[i] <= at_place;
        next = after < next ? after : next;
    }
    return up_to > place + 1 || up_to == n ? at_place : next;
}

/* Linear between the two nearest, as NumPy and pandas have it. */
static double quantile(const double *x, size_t n, double level, double *room, double *nearest)
{
    double place = (double)(n - 1) * level;
    size_t below = (size_t)place;
    *nearest = hq_select(x, n, below, room);
    return *nearest + (behind(x, n, below, *nearest) - *nearest) * (place - (double)below);
}

/* Mean of the lowest numbers up to a quantile, the nearest number below which is `highest`. */
static double mean_of_lowest(const double *x, size_t n, double highest)
{
    size_t count = (size_t)((double)(n - 1) * LEVEL) + 1, less = 0;
    HqSum sum = {0};
    for (size_t i = 0; i < n; i++)
        if (x[i] < highest) {
            hq_sum_add(&sum, x[i]);
            less++;
        }
    hq_sum_add(&sum, (double)(count - less) * highest);
    return hq_sum(sum) / (double)count;
}

void hq_tail_figures(const HqMoments *moments, const double *daily, size_t n, double *room,
                     HqMetrics *m)
{
    double mean = hq_moments_mean(moments).high, deviation = hq_moments_deviation(moments);
    double scale = deviation > 0 ? deviation : NAN;
    m->value_at_risk = hq_defined(mean - QUANTILE * scale);
    m->cvar = hq_defined(mean - SHORTFALL * scale);
    m->value_at_risk_historical = m->cvar_historical = m->tail_ratio = NAN;
    if (n == 0 || !isfinite(mean)) /* a return beyond what a double holds cannot be sorted in */
        return;
    double low_place, high_place;
    double low = quantile(daily, n, LEVEL, room, &low_place);
    double high = quantile(daily, n, 1 - LEVEL, room, &high_place);
    m->value_at_risk_historical = hq_defined(low);
    m->cvar_historical = hq_defined(mean_of_lowest(daily, n, low_place));
    m->tail_ratio = hq_defined(fabs(high / low));
}
