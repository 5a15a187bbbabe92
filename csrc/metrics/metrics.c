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
static HqStatus add_days(HqCurveReader *reader, HqMetrics *found)
{
    const HqMetricsInput *in = &reader->in;
    HqCurve *curve = &reader->curve;
    size_t most = hq_days_most(&reader->times), room = most + 1;
    double *closes = hq_calloc(room, sizeof *closes), *daily = hq_calloc(room, sizeof *daily);
    HqStatus status = closes && daily ? HQ_OK : HQ_ENOMEM;
    if (status == HQ_OK) {
        hq_curve_take_days(reader, most, closes, daily);
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

/* A risk-free return of a step asks for the year first; else the times are looked at with the curve, so that
 * memory brings them meanwhile. */
static bool is_year_first(HqYearWanted wanted, const HqMetricsInput *in)
{
    return wanted.year && in->risk_free != 0;
}

HqStatus hq_measure_begin(HqMeasure *measure, const HqMetricsInput *in, bool checks, const double *level,
                          HqYearWanted wanted)
{
    HqMetricsInput by_year = *in;
    HqTimes times = hq_times_begin(in->time, in->length);
    HqStatus status = is_year_first(wanted, in) ? look_for_year(wanted, &times, &by_year) : HQ_OK;
    measure->wanted = wanted;
    hq_curve_begin(&measure->reader, &by_year, checks, level, &times);
    return status;
}

bool hq_measure_take_to(HqMeasure *measure, size_t end)
{
    return hq_curve_take_to(&measure->reader, end);
}

HqStatus hq_measure_end(HqMeasure *measure, size_t length, const HqTrade *trades, size_t n_trades,
                        HqMetrics *found)
{
    HqCurveReader *reader = &measure->reader;
    bool are_good = hq_curve_end(reader, length) && hq_trade_figures(trades, n_trades, reader->checks, found);
    HqStatus status = are_good ? HQ_OK : HQ_EINVAL;
    if (status == HQ_OK && !is_year_first(measure->wanted, &reader->in))
        status = find_year(measure->wanted, &reader->times, &reader->in);
    if (status == HQ_OK)
        status = add_days(reader, found);
    if (status == HQ_OK)
        status = hq_exposure_time(trades, n_trades, &reader->times, &found->exposure_time);
    return status;
}

HqStatus hq_metrics_compute(const HqMetricsInput *in, bool checks, HqYearWanted wanted, HqMetrics *metrics)
{
    HqMeasure measure;
    HqMetrics found = {.struct_size = sizeof found};
    double *wealth = in->returns ? hq_calloc(in->length, sizeof *wealth) : NULL;
    if (in->returns && !wealth)
        return HQ_ENOMEM;
    if (in->returns)
        compound(in->returns, in->length, wealth);
    HqStatus status = hq_measure_begin(&measure, in, checks, in->returns ? wealth : in->equity, wanted);
    if (status == HQ_OK)
        status = hq_measure_end(&measure, in->length, in->trades, in->n_trades, &found);
    free(wealth);
    if (status == HQ_OK)
        *metrics = found;
    return status;
}
