/*
 * Mean and central moments of numbers that come one at a time.
 *
 * Updates: P. Pebay, Formulas for Robust, One-Pass Parallel Computation of Covariances and
 * Arbitrary-Order Statistical Moments, Sandia report SAND2008-6212. Powers of deviations from the
 * running mean are summed, never powers of the numbers: nothing large cancels. Each sum keeps its
 * rounding errors, so that ten million numbers are as good as ten.
 */
#ifndef HQ_METRICS_MOMENTS_H
#define HQ_METRICS_MOMENTS_H

#include <stdbool.h>

#include "metrics/sum.h"

typedef struct HqMoments {
    double count;
    HqSum sum;
    HqSum second; /* sum of squared deviations from the mean */
    HqSum third;  /* of their third powers */
    HqSum fourth; /* of their fourth powers */
    double least, most;
} HqMoments;

void hq_moments_push(HqMoments *moments, double x);

/** NaN of none. */
double hq_moments_mean(const HqMoments *moments);

/**
 * With n - 1; NaN below two. 0 when what there is lies within the rounding of returns: they are
 * quotients near 1, known to some 2e-16, and a ratio by such a deviation would be noise.
 */
double hq_moments_deviation(const HqMoments *moments);

/** Bias-corrected; NaN below three, or when nothing deviates. */
double hq_moments_skew(const HqMoments *moments);

/** Excess over the normal distribution's, bias-corrected; NaN below four, or when nothing deviates. */
double hq_moments_kurtosis(const HqMoments *moments);

/** Two series side by side. */
typedef struct HqComoment {
    double count;
    HqSum sum_x, sum_y;
    HqSum xy; /* sum of the products of both deviations */
    HqSum yy; /* sum of y's squared deviations */
    double least_y, most_y;
} HqComoment;

void hq_comoment_push(HqComoment *both, double x, double y);

/** Slope of x over y; NaN below two, or when y does not deviate. */
double hq_comoment_slope(const HqComoment *both);

/** Whether a deviation is more than rounding, for numbers in [least, most]. */
bool hq_deviates(double deviation, double least, double most);

#endif
