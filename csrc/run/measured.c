#include "run/measured.h"

#include <math.h>

#include "base/check.h"
#include "base/error.h"

HqStatus hq_measured_check(const HqBacktestOutput *output, bool has_own_times)
{
    if (!output || !(output->metrics || output->year))
        return HQ_OK;
    if (!output->metrics)
        return hq_fail(HQ_EINVAL, "HqBacktestOutput.year is told with metrics, which is NULL; leave year NULL, or "
                                  "call hq_year_of()");
    if (!output->equity)
        return hq_fail(HQ_EINVAL, "HqBacktestOutput.metrics are of its equity, which is NULL; give room for it");
    if (!output->time && !has_own_times)
        return hq_fail(HQ_EINVAL, "HqBacktestOutput.metrics need the steps' times, and time is NULL; give room for "
                                  "them, as there are several symbols or bars may be left out");
    HqStatus status = hq_check_size("HqMetrics", output->metrics->struct_size, sizeof *output->metrics);
    if (status == HQ_OK && output->year)
        status = hq_check_size("HqYear", output->year->struct_size, sizeof *output->year);
    return status;
}

static bool are_wanted(const HqBacktestOutput *output) { return output && output->metrics; }

void hq_measured_begin(HqMeasured *measured, const HqBars *bars, double initial, const HqBacktestOutput *output)
{
    measured->has_figures = are_wanted(output);
    measured->fall = hq_fall_from(initial);
    measured->year = (HqYear){.struct_size = sizeof measured->year};
    if (!measured->has_figures)
        return;
    HqMetricsInput in = {.struct_size = sizeof in,
                         .time = output->time ? output->time : bars->timestamp,
                         .equity = output->equity,
                         .initial = initial,
                         .periods_per_year = (double)NAN,
                         .days_per_year = (double)NAN};
    /* With no risk-free return the year is found at the end, when all times are there. */
    hq_measure_begin(&measured->figures, &in, true, in.equity, (HqYearWanted){0, &measured->year});
}

/* Steps that were taken into figures that are given up. */
static void take_again(HqMeasured *measured, size_t steps)
{
    measured->has_figures = false;
    hq_fall_push(&measured->fall, measured->figures.reader.level, steps);
}

void hq_measured_take(HqMeasured *measured, const double *equity, size_t n, size_t steps, const HqTimes *looked)
{
    if (!measured->has_figures) {
        hq_fall_push(&measured->fall, equity, n);
        return;
    }
    HqTimes *times = &measured->figures.reader.times;
    if (looked && looked->time == times->time && looked->seen > times->seen)
        *times = *looked;
    if (!hq_measure_take_to(&measured->figures, steps))
        take_again(measured, steps);
}

/* The list may have had room for some of the trades only: those are not the run's. */
static bool has_all_trades(const HqRecords *records)
{
    return !records->trades || records->trades_len == records->counts.trades + records->counts.open_trades;
}

static void write_figures(const HqMeasured *measured, const HqMetrics *found, HqBacktestOutput *output)
{
    *output->metrics = *found;
    if (output->year)
        *output->year = measured->year;
}

HqStatus hq_measured_end(HqMeasured *measured, const HqRecords *records, HqBacktestOutput *output, double *drawdown)
{
    size_t steps = records->counts.steps;
    HqMetrics found = {.struct_size = sizeof found};
    HqStatus status = HQ_EINVAL;
    if (measured->has_figures && steps > 0 && has_all_trades(records))
        status = hq_measure_end(&measured->figures, steps, records->trades, records->trades_len, &found);
    if (status == HQ_OK)
        write_figures(measured, &found, output);
    else if (measured->has_figures)
        take_again(measured, steps);
    if (are_wanted(output))
        output->has_metrics = status == HQ_OK;
    *drawdown = measured->has_figures ? hq_returns_drawdown(&measured->figures.reader.curve.returns)
                                      : hq_fall_deepest(&measured->fall);
    return status == HQ_EINVAL ? HQ_OK : status;
}
