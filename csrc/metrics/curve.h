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
 * Take an input whose fields and other columns were checked. Its times and its equity are checked in the
 * blocks that they are read in: passes of their own over memory would take as long as the rest.
 * @param checks         whether they are: those of a run are taken as they are.
 * @param level          equity at each step.
 * @param[in,out] times  of all steps: those that have been looked at are not checked again.
 * @return whether they are as they must be; if not, what there is of the curve is of no use.
 */
bool hq_curve_take(HqCurve *curve, const HqMetricsInput *input, bool checks, const double *level,
                   HqTimes *times);

/**
 * Its days, of a curve that was taken.
 * @param most           hq_days_most(), as closes and daily have been made for.
 * @param closes, daily  room for most + 1 numbers: the days' closes, and the returns between them,
 *                       curve->daily.returns.count of them.
 */
void hq_curve_take_days(HqCurve *curve, const double *level, const HqTimes *times, size_t most,
                        double *closes, double *daily);

#endif
