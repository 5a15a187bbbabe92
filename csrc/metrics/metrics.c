/* All figures of an input: of its curve, its days, its trades. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "metrics/days.h"
#include "metrics/figures.h"

/* Wealth is a product of many numbers near 1: in pairs of doubles nothing of it is lost. */
static void compound(const double *returns, size_t n, double *level)
{
    HqPair wealth = {1, 0};
    for (size_t i = 0; i < n; i++) {
        double ret = returns[i];
        wealth = ret > -1 ? hq_pair_times(wealth, hq_pair_of_sum(1, ret)) : (HqPair){0, 0};
        level[i] = wealth.high;
    }
}

/* Figures of the days, after those of the curve. */
static HqStatus add_days(HqCurve *curve, const HqMetricsInput *in, const double *level, const HqTimes *times,
                         HqMetrics *found)
{
    size_t days = hq_days_most(times) + 1;
    double *closes = hq_calloc(days, sizeof *closes), *daily = hq_calloc(days, sizeof *daily);
    HqStatus status = closes && daily ? HQ_OK : HQ_ENOMEM;
    if (status == HQ_OK) {
        hq_curve_take_days(curve, level, times, closes, daily);
        hq_curve_figures(curve, in->periods_per_year, in->days_per_year, in->risk_free, found);
        hq_tail_figures(&curve->daily.returns, daily, (size_t)curve->daily.returns.count, closes, found);
    }
    free(closes);
    free(daily);
    return status;
}

static HqStatus measure(const HqMetricsInput *in, bool checks, const double *level, HqTimes *times,
                        HqMetrics *found)
{
    HqCurve curve;
    if (!hq_curve_take(&curve, in, checks, level, times))
        return HQ_EINVAL;
    HqStatus status = add_days(&curve, in, level, times, found);
    if (status == HQ_OK)
        status = hq_exposure_time(in->trades, in->n_trades, times, &found->exposure_time);
    if (status == HQ_OK)
        hq_trade_figures(in->trades, in->n_trades, found);
    return status;
}

HqStatus hq_metrics_compute(const HqMetricsInput *in, bool checks, HqTimes *times, HqMetrics *metrics)
{
    HqMetrics found = {.struct_size = sizeof found};
    double *wealth = in->returns ? hq_calloc(in->length, sizeof *wealth) : NULL;
    if (in->returns && !wealth)
        return HQ_ENOMEM;
    if (in->returns)
        compound(in->returns, in->length, wealth);
    HqStatus status = measure(in, checks, in->returns ? wealth : in->equity, times, &found);
    free(wealth);
    if (status == HQ_OK)
        *metrics = found;
    return status;
}
