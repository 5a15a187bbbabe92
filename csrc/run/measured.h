/*
 * What a run measures of its equity while that is in cache: its deepest fall, and where the caller asks for them all
 * figures of its curve (HqBacktestOutput.metrics).
 */
#ifndef HQ_RUN_MEASURED_H
#define HQ_RUN_MEASURED_H

#include <stdbool.h>

#include "base/fall.h"
#include "exec/records.h"
#include "metrics/figures.h"

typedef struct HqMeasured {
    bool has_figures; /* they are asked for, and have been taken so far: hq_metrics() would not refuse them */
    HqFall fall;      /* without figures; these have one of their own */
    HqMeasure figures;
    HqYear year;
} HqMeasured;

/**
 * HQ_OK; HQ_EINVAL: the output's metrics ask for what it has no room for. output may be NULL.
 * @param has_own_times  whether the steps' times are those of the bars.
 */
HqStatus hq_measured_check(const HqBacktestOutput *output, bool has_own_times);

/**
 * Begin. `measured` must not move.
 * @param bars     whose times those of the steps are where the output has none.
 * @param initial  equity before the first step, quote currency.
 * @param output   may be NULL.
 */
void hq_measured_begin(HqMeasured *measured, const HqBars *bars, double initial, const HqBacktestOutput *output);

/**
 * n steps more, which the output's curves have, too.
 * @param equity  of each of them.
 * @param steps   of the curves, with them.
 * @param looked  times that have been looked at, or NULL: if they are those of the steps they are not looked at again.
 */
void hq_measured_take(HqMeasured *measured, const double *equity, size_t n, size_t steps, const HqTimes *looked);

/**
 * All is there: write the figures.
 * @param[out] drawdown  deepest fall of equity from a peak, -1..0.
 * @return HQ_OK; HQ_ENOMEM.
 */
HqStatus hq_measured_end(HqMeasured *measured, const HqRecords *records, HqBacktestOutput *output, double *drawdown);

#endif
