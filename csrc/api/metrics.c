/* The exported metrics: check the arguments, call in. */
#include "hquant/metrics.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/check.h"
#include "base/error.h"
#include "base/number.h"
#include "metrics/checks.h"
#include "metrics/figures.h"
#include "metrics/year.h"

static_assert(sizeof(HqMetricsInput) == 96, "HqMetricsInput is ABI");
static_assert(sizeof(HqTrade) == 144, "HqTrade is ABI");
static_assert(sizeof(HqYear) == 280, "HqYear is ABI");

void hq_metrics_input_init(HqMetricsInput *input)
{
    if (!input) {
        hq_fail(HQ_EINVAL, "input is NULL");
        return;
    }
    memset(input, 0, sizeof *input);
    input->struct_size = sizeof *input;
    input->periods_per_year = input->days_per_year = NAN;
}

int64_t hq_shortest_step(const int64_t *time, size_t length)
{
    int64_t least = INT64_MIN;
    if (time || length == 0)
        HQ_WIDE_CHOOSE(hq_times_look)(time, length, &least);
    else
        hq_fail(HQ_EINVAL, "time is NULL; give the time of each step");
    return least;
}

/* ----------------------------------------------------------------- the fields */

static HqStatus check_fields(const HqMetricsInput *in)
{
    if (in->length == 0)
        return hq_fail(HQ_EINVAL, "the curve has no steps; give at least one");
    if (in->length > SIZE_MAX / sizeof(HqTrade))
        return hq_fail(HQ_EINVAL, "length is more than memory can hold: %zu", in->length);
    if (!in->time)
        return hq_fail(HQ_EINVAL, "time is NULL; give the time of each step");
    if (!in->equity == !in->returns)
        return hq_fail(HQ_EINVAL, "give equity or returns, one of the two; got %s",
                       in->equity ? "both" : "neither");
    if (in->returns && in->initial != 0)
        return hq_fail(HQ_EINVAL, "initial is read only with equity; leave it 0, got %s",
                       HQ_NUMBER(in->initial));
    if (!(in->initial >= 0 && isfinite(in->initial)))
        return hq_fail(HQ_EINVAL,
                       "initial must be a finite number > 0, or 0 for the first equity, got %s",
                       HQ_NUMBER(in->initial));
    if (in->n_trades && !in->trades)
        return hq_fail(HQ_EINVAL, "trades is NULL, but n_trades is %zu", in->n_trades);
    return hq_check_year(in->periods_per_year, in->days_per_year, in->risk_free);
}

/* ----------------------------------------------------------------- the arrays */

static HqStatus check_times(const int64_t *time, size_t length)
{
    size_t i = HQ_WIDE_CHOOSE(hq_find_bad_time)(time, length);
    if (i < length)
        return hq_fail(HQ_EORDER, "time[%zu] = %lld is before time[%zu] = %lld; sort the steps", i,
                       (long long)time[i], i - 1, (long long)time[i - 1]);
    if (time[0] < -HQ_TIME_MOST || time[length - 1] > HQ_TIME_MOST)
        return hq_fail(HQ_EINVAL, "time must be ms since 1970, got %lld .. %lld",
                       (long long)time[0], (long long)time[length - 1]);
    return HQ_OK;
}

static HqStatus check_equity(const double *equity, size_t length, double initial)
{
    size_t i = HQ_WIDE_CHOOSE(hq_find_bad_equity)(equity, length);
    if (i < length && equity[i] > 0 && isfinite(equity[i]))
        return hq_fail(HQ_EINVAL,
                       "equity[%zu] is %s after 0: there is no return from nothing; end the "
                       "curve where it was lost",
                       i, HQ_NUMBER(equity[i]));
    if (i < length)
        return hq_fail(HQ_EINVAL, "equity[%zu] must be a finite number >= 0, got %s", i,
                       HQ_NUMBER(equity[i]));
    if (initial == 0 && equity[0] == 0)
        return hq_fail(HQ_EINVAL, "equity[0] is 0: there is nothing to measure returns by; give "
                                  "initial, the equity before");
    return HQ_OK;
}

static HqStatus check_returns(const double *returns, size_t length)
{
    size_t i = HQ_WIDE_CHOOSE(hq_find_bad_return)(returns, length);
    return i == length ? HQ_OK
                       : hq_fail(HQ_EINVAL, "returns[%zu] must be a finite number >= -1, got %s", i,
                                 HQ_NUMBER(returns[i]));
}

static HqStatus check_benchmark(const double *benchmark, size_t length)
{
    size_t i = benchmark ? HQ_WIDE_CHOOSE(hq_find_bad_price)(benchmark, length) : length;
    return i == length ? HQ_OK
                       : hq_fail(HQ_EINVAL,
                                 "benchmark[%zu] must be a finite number > 0, or NaN where there is "
                                 "none, got %s",
                                 i, HQ_NUMBER(benchmark[i]));
}

static HqStatus check_trades(const HqTrade *trades, size_t n)
{
    size_t i = hq_find_bad_trade(trades, n);
    if (i == n)
        return HQ_OK;
    const HqTrade *t = &trades[i];
    switch (hq_trade_flaw(t)) {
    case HQ_TRADE_BAD_PNL:
        return hq_fail(HQ_EINVAL, "trades[%zu].pnl must be a finite number, got %s", i, HQ_NUMBER(t->pnl));
    case HQ_TRADE_BAD_PRICE:
        return hq_fail(HQ_EINVAL, "trades[%zu].entry_price must be a finite number > 0, got %s", i,
                       HQ_NUMBER(t->entry_price));
    case HQ_TRADE_BAD_QUANTITY:
        return hq_fail(HQ_EINVAL, "trades[%zu].quantity must be a finite number > 0, got %s", i,
                       HQ_NUMBER(t->quantity));
    case HQ_TRADE_BAD_REASON:
        return hq_fail(HQ_EINVAL, "trades[%zu].exit_reason must be 0..%d, got %u", i, HQ_REASON_ORDER,
                       (unsigned)t->exit_reason);
    default:
        return hq_fail(HQ_EORDER, "trades[%zu] ends at %lld, before it begins at %lld", i,
                       (long long)t->exit_time, (long long)t->entry_time);
    }
}

/* All but times, equity and trades, which are checked as they are read. */
static HqStatus check_others(const HqMetricsInput *in)
{
    HqStatus status = in->returns ? check_returns(in->returns, in->length) : HQ_OK;
    return status == HQ_OK ? check_benchmark(in->benchmark, in->length) : status;
}

/* One of the arrays is not good: which is the first. */
static HqStatus refuse(const HqMetricsInput *in)
{
    HqStatus status = check_times(in->time, in->length);
    if (status == HQ_OK && in->equity)
        status = check_equity(in->equity, in->length, in->initial);
    if (status == HQ_OK)
        status = check_others(in);
    if (status == HQ_OK)
        status = check_trades(in->trades, in->n_trades);
    return status == HQ_OK ? hq_fail(HQ_EINVAL, "times, equity or trades have changed during the call") : status;
}

static HqStatus check_input(const HqMetricsInput *in)
{
    if (!in)
        return hq_fail(HQ_EINVAL, "input is NULL");
    HqStatus status = hq_check_size("HqMetricsInput", in->struct_size, sizeof *in);
    if (status == HQ_OK && in->reserved)
        status = hq_fail(HQ_EINVAL, "HqMetricsInput.reserved must be 0, got %u", (unsigned)in->reserved);
    return status;
}

static HqStatus check_metrics(const HqMetrics *metrics)
{
    return metrics ? hq_check_size("HqMetrics", metrics->struct_size, sizeof *metrics)
                   : hq_fail(HQ_EINVAL, "metrics is NULL");
}

/* Of an input whose fields were checked. */
static HqStatus compute(const HqMetricsInput *in, HqYearWanted wanted, HqMetrics *metrics)
{
    bool are_good = check_others(in) == HQ_OK;
    HqStatus status = are_good ? hq_metrics_compute(in, true, wanted, metrics) : HQ_EINVAL;
    return status == HQ_EINVAL ? refuse(in) : status;
}

HqStatus hq_metrics(const HqMetricsInput *input, HqMetrics *metrics)
{
    HqStatus status = check_input(input);
    if (status == HQ_OK)
        status = check_metrics(metrics);
    if (status == HQ_OK)
        status = check_fields(input);
    return status == HQ_OK ? compute(input, (HqYearWanted){0, NULL}, metrics) : status;
}

/* ------------------------------------------------------------------- the year */

static HqStatus check_wanted(uint32_t market_days, const HqYear *year)
{
    if (!year)
        return hq_fail(HQ_EINVAL, "year is NULL");
    if (market_days != 0 && market_days != 252 && market_days != 365)
        return hq_fail(HQ_EINVAL, "market_days must be 365 or 252, or 0 for what the times show, got %u",
                       (unsigned)market_days);
    return hq_check_size("HqYear", year->struct_size, sizeof *year);
}

/* Look at all times of an input whose fields were checked: whether they are any. HQ_EORDER where one
 * falls. */
static HqStatus look(const HqMetricsInput *in, HqTimes *times, bool *are_times)
{
    *times = hq_times_begin(in->time, in->length);
    *are_times = hq_times_look_to(times, in->length);
    if (!*are_times && HQ_WIDE_CHOOSE(hq_find_bad_time)(in->time, in->length) < in->length)
        return check_times(in->time, in->length);
    hq_times_end(times);
    return HQ_OK;
}

HqStatus hq_year_of(const HqMetricsInput *input, uint32_t market_days, HqYear *year)
{
    HqStatus status = check_input(input);
    if (status == HQ_OK)
        status = check_wanted(market_days, year);
    if (status == HQ_OK)
        status = hq_check_year(input->periods_per_year, input->days_per_year, 0);
    if (status == HQ_OK && input->length > 0 && !input->time)
        status = hq_fail(HQ_EINVAL, "time is NULL; give the time of each step");
    HqTimes times;
    bool are_times;
    if (status == HQ_OK)
        status = look(input, &times, &are_times);
    if (status == HQ_OK)
        status = hq_year_find(&times, are_times, input->periods_per_year, input->days_per_year,
                              market_days, year);
    return status;
}

HqStatus hq_metrics_and_year(const HqMetricsInput *input, uint32_t market_days, HqYear *year,
                             HqMetrics *metrics)
{
    HqStatus status = check_input(input);
    if (status == HQ_OK)
        status = check_wanted(market_days, year);
    if (status == HQ_OK)
        status = check_metrics(metrics);
    if (status == HQ_OK)
        status = check_fields(input);
    HqYear found = {.struct_size = sizeof found};
    if (status == HQ_OK)
        status = compute(input, (HqYearWanted){market_days, &found}, metrics);
    if (status == HQ_OK)
        *year = found;
    return status;
}
