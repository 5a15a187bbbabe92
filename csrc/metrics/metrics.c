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
    size_t most = hq_days_most(times), room = most + 1;
    double *closes = hq_calloc(room, sizeof *closes), *daily = hq_calloc(room, sizeof *daily);
    HqStatus status = closes && daily ? HQ_OK : HQ_ENOMEM;
    if (status == HQ_OK) {
        hq_curve_take_days(curve, level, times, most, closes, daily);
        hq_curve_figures(curve, in->periods_per_year, in->days_per_year, in->risk_free, found);
        hq_tail_figures(&curve->daily.returns, daily, (size_t)curve->daily.returns.count, closes, found);
    }
    free(closes);
    free(daily);
    return status;
}

/* The year of an input, of which all times have been looked at. */
static HqStatus find_year(HqYearWanted wanted, const HqTimes *times, HqMetricsInput *in)
{
    if (!wanted.year)
        return HQ_OK;
    HqStatus status = hq_year_find(times, true, in->periods_per_year, in->days_per_year, wanted.market_days,
                                   wanted.year);
    in->periods_per_year = wanted.year->periods_per_year;
    in->days_per_year = wanted.year->days_per_year;
    return status;
}

/* As find_year(), of times that nobody has looked at. */
static HqStatus look_for_year(HqYearWanted wanted, HqTimes *times, HqMetricsInput *in)
{
    if (!hq_times_look_to(times, times->count))
        return HQ_EINVAL;
    hq_times_end(times);
    return find_year(wanted, times, in);
}

/* The curve by its year. A risk-free return of a step asks for the year first; else the times are looked at with
 * the curve, so that memory brings them meanwhile. */
static HqStatus take_curve(HqCurve *curve, HqMetricsInput *in, bool checks, const double *level,
                           HqYearWanted wanted, HqTimes *times)
{
    bool is_first = wanted.year && in->risk_free != 0;
    HqStatus status = is_first ? look_for_year(wanted, times, in) : HQ_OK;
    if (status == HQ_OK && !hq_curve_take(curve, in, checks, level, times))
        status = HQ_EINVAL;
    return status == HQ_OK && !is_first ? find_year(wanted, times, in) : status;
}

static HqStatus measure(HqMetricsInput *in, bool checks, const double *level, HqYearWanted wanted, HqMetrics *found)
{
    HqCurve curve;
    HqTimes times = hq_times_begin(in->time, in->length);
    HqStatus status = take_curve(&curve, in, checks, level, wanted, &times);
    if (status == HQ_OK)
        status = add_days(&curve, in, level, &times, found);
    if (status == HQ_OK)
        status = hq_exposure_time(in->trades, in->n_trades, &times, &found->exposure_time);
    if (status == HQ_OK)
        hq_trade_figures(in->trades, in->n_trades, found);
    return status;
}

HqStatus hq_metrics_compute(const HqMetricsInput *in, bool checks, HqYearWanted wanted, HqMetrics *metrics)
{
    HqMetricsInput by_year = *in;
    HqMetrics found = {.struct_size = sizeof found};
    double *wealth = in->returns ? hq_calloc(in->length, sizeof *wealth) : NULL;
    if (in->returns && !wealth)
        return HQ_ENOMEM;
    if (in->returns)
        compound(in->returns, in->length, wealth);
    HqStatus status = measure(&by_year, checks, in->returns ? wealth : in->equity, wanted, &found);
    free(wealth);
    if (status == HQ_OK)
        *metrics = found;
    return status;
}
