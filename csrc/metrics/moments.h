/*
 * Sum, spread and range of numbers, taken in runs.
 *
 * Number i goes to lane i % 8, where the lane's sums keep what rounding takes from them, squares with
 * the error of the product. So any split into runs, and any width of the registers, gives the same
 * bits; zeros change no sum and can be skipped. With both errors kept a sum of squares has some 106
 * bits: the square of the mean can be taken from it.
 */
#ifndef HQ_METRICS_MOMENTS_H
#define HQ_METRICS_MOMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/wide.h"
#include "indicator/pair.h"

typedef struct HqMoments {
    double sum[HQ_LANES], sum_lost[HQ_LANES];
    double square[HQ_LANES], square_lost[HQ_LANES];
    double least[HQ_LANES], most[HQ_LANES];
    uint64_t place; /* of the next number: its lane */
    uint64_t count; /* numbers so far */
} HqMoments;

void hq_moments_begin(HqMoments *moments);

/** Take n numbers. */
HQ_WIDE_DECLARE(void, hq_moments_push, (HqMoments *moments, const double *x, size_t n));
static inline void hq_moments_push(HqMoments *moments, const double *x, size_t n)
{
    HQ_WIDE_CHOOSE(hq_moments_push)(moments, x, n);
}

/** Take the returns from `before` to level[0], from there to level[1], and so on: hq_return(). */
HQ_WIDE_DECLARE(void, hq_moments_push_returns,
                (HqMoments *moments, double before, const double *level, size_t n));
static inline void hq_moments_push_returns(HqMoments *moments, double before, const double *level,
                                           size_t n)
{
    HQ_WIDE_CHOOSE(hq_moments_push_returns)(moments, before, level, n);
}

/** Take n zeros. */
void hq_moments_skip(HqMoments *moments, size_t n);

/** From one level to the next. An account that is empty stays so: it earns 0. */
static inline double hq_return(double from, double to) { return from > 0 ? (to - from) / from : 0; }

#ifdef HQ_WIDE_BUILD
/** hq_return(), a lane each. */
static inline HqVec hq_vec_returns(HqVec from, HqVec to)
{
    return hq_vec_choose(hq_vec_less(hq_vec_all(0), from), (to - from) / from, hq_vec_all(0));
}
#endif

double hq_moments_sum(const HqMoments *moments);

/** +infinity of none. */
double hq_moments_least(const HqMoments *moments);

/** -infinity of none. */
double hq_moments_most(const HqMoments *moments);

/** NaN of none. */
HqPair hq_moments_mean(const HqMoments *moments);

/** With n - 1; NaN below two, 0 where all are equal. */
double hq_moments_spread(const HqMoments *moments);

/**
 * As hq_moments_spread(), of returns: 0 when what there is lies within their rounding. They are
 * quotients near 1, known to some 2e-16, and a ratio by such a deviation would be noise.
 */
double hq_moments_deviation(const HqMoments *moments);

/** Whether a deviation is more than rounding, for returns in [least, most]. */
bool hq_deviates(double deviation, double least, double most);

#endif
