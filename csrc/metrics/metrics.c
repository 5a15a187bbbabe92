/* All figures of an input: the curve goes through the accumulator, days and trades stand beside it. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "indicator/pair.h"
#include "metrics/figures.h"

static double risk_free_step(double yearly, double periods)
{
    return yearly == 0 ? 0 : expm1(log1p(yearly) / periods);
}

static size_t push_equity(HqMetricsState *state, const HqMetricsInput *in, double *daily)
{
    size_t days = 0;
    for (size_t i = 0; i < in->length; i++) {
        double benchmark = in->benchmark ? in->benchmark[i] : NAN;
        days += hq_curve_push(state, in->time[i], in->equity[i], benchmark, &daily[days]);
    }
    return days;
}

/* Wealth is a product of many numbers near 1: in pairs of doubles nothing of it is lost. */
static size_t push_returns(HqMetricsState *state, const HqMetricsInput *in, double *daily)
{
    size_t days = 0;
    HqPair wealth = {1, 0};
    for (size_t i = 0; i < in->length; i++) {
        double ret = in->returns[i], benchmark = in->benchmark ? in->benchmark[i] : NAN;
        wealth = ret > -1 ? hq_pair_times(wealth, hq_pair_of_sum(1, ret)) : (HqPair){0, 0};
        days += hq_curve_push_return(state, in->time[i], wealth.high, ret, benchmark, &daily[days]);
    }
    return days;
}

HqStatus hq_metrics_compute(const HqMetricsInput *in, HqMetrics *metrics)
{
    HqMetrics found = {.struct_size = sizeof found};
    HqStatus status = hq_exposure_time(in->trades, in->n_trades, in->time, in->length,
                                       &found.exposure_time);
    double *daily = status == HQ_OK ? hq_calloc(in->length + 1, sizeof *daily) : NULL;
    if (!daily)
        return HQ_ENOMEM;
    HqMetricsState state;
    hq_curve_begin(&state, in->returns ? 1 : in->initial,
                   risk_free_step(in->risk_free, in->periods_per_year));
    size_t days = in->returns ? push_returns(&state, in, daily) : push_equity(&state, in, daily);
    days += hq_curve_end(&state, &daily[days]);
    hq_curve_figures(&state, in->periods_per_year, in->days_per_year, in->risk_free, &found);
    hq_tail_figures(&state.days.returns, daily, days, &found);
    hq_trade_figures(in->trades, in->n_trades, &found);
    free(daily);
    *metrics = found;
    return HQ_OK;
}
