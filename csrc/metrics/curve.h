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

/* A curve that is taken a piece after the other. */
typedef struct HqCurveReader {
    HqMetricsInput in;   /* its fields and other columns were checked; length: of what there may be, until the end */
    const double *level; /* equity at each step */
    bool checks;         /* times and equity: those of a sweep are taken as they are */
    HqTimes times;       /* of all steps */
    double start;        /* equity before the first return */
    size_t first;        /* step of the first return: 0 when there is an equity before it, else 1 */
    size_t taken;
    HqCurve curve;
} HqCurveReader;

/**
 * Begin. Times and equity are checked in the blocks that they are read in: passes of their own over memory
 * would take as long as the rest.
 * @param checks  whether they are.
 * @param times   of the input: those that have been looked at are not checked again.
 */
void hq_curve_begin(HqCurveReader *reader, const HqMetricsInput *in, bool checks, const double *level,
                    const HqTimes *times);

/**
 * Take steps up to `end`, in whole blocks: what is left over comes with the next ones. They must stay as they are.
 * @return whether they are as they must be; if not, what there is of the curve is of no use.
 */
bool hq_curve_take_to(HqCurveReader *reader, size_t end);

/** Take the last of `length` steps, and what has to wait for all. Answers as hq_curve_take_to(). */
bool hq_curve_end(HqCurveReader *reader, size_t length);

/**
 * Its days, of a curve whose end was taken.
 * @param most           hq_days_most(), as closes and daily have been made for.
 * @param closes, daily  room for most + 1 numbers: the days' closes, and the returns between them,
 *                       curve.daily.returns.count of them.
 */
void hq_curve_take_days(HqCurveReader *reader, size_t most, double *closes, double *daily);

#endif
