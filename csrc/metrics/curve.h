/* All that is known of a curve: what its figures are made of. */
#ifndef HQ_METRICS_CURVE_H
#define HQ_METRICS_CURVE_H

#include "hquant/metrics.h"
#include "metrics/benchmark.h"
#include "metrics/falls.h"
#include "metrics/returns.h"
#include "metrics/steps.h"
#include "metrics/times.h"

/* Returns from close to close of the UTC days. */
typedef struct HqDaily {
    double first, last; /* closes */
    HqMoments returns;
    HqSteps steps;      /* of them; their risk-free return is 0 */
} HqDaily;

typedef struct HqCurve {
    HqReturns returns;
    HqSteps steps;
    HqFalls falls;
    HqBenchmark benchmark;
    HqDaily daily;
} HqCurve;

/**
 * Take an input that was checked.
 * @param level       equity at each step.
 * @param closes, daily  room for hq_days_most() + 1 numbers: the days' closes, and the returns between
 *                    them, curve->daily.returns.count of them.
 */
void hq_curve_take(HqCurve *curve, const HqMetricsInput *input, const HqTimes *times,
                   const double *level, double *closes, double *daily);

#endif
