/*
 * Sum and spread of numbers, taken in runs.
 *
 * Number i goes to lane i % 8. A lane adds up a group of them, then the groups' sums, so that it keeps what
 * rounding takes from each. Of numbers that are given that takes six operations (D. Knuth, The Art of
 * Computer Programming 2, 4.2.2). Returns are at least -1, and a group's sum begins at HQ_MOMENTS_BASE: so it
 * stays above each of them that is not above it itself, and three do (T. Dekker, Numerische Mathematik 18
 * (1971) 224); from one that is, a unit in its last place may be lost.
 *
 * Squares are of how far numbers are from the first, the pivot, and plainly added within a group: none is
 * negative, so that they err by some units in the last place. What is taken from them for the mean is little
 * however far the mean is from 0: with a pivot k deviations from the mean it is k * k parts of 1 + k * k, and
 * k * k is less than there are numbers.
 *
 * So any split into runs, and any width of the registers, gives the same bits. Zeros change no sum, nor,
 * where the pivot is 0, the squares: they can be skipped.
 */
#ifndef HQ_METRICS_MOMENTS_H
#define HQ_METRICS_MOMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/wide.h"
#include "indicator/pair.h"

enum { HQ_MOMENTS_GROUP = 512 }; /* numbers; a group ends where `place` is a multiple of it */
#define HQ_MOMENTS_BASE 1024.0

typedef struct HqMoments {
    double pivot; /* the first number */
    /* Of the group that is not complete: its sum, begun at HQ_MOMENTS_BASE, and what rounding took from it;
     * squares of distances from the pivot. */
    double group_sum[HQ_LANES], group_lost[HQ_LANES], group_square[HQ_LANES];
    /* The same of all groups before it. */
    double sum[HQ_LANES], sum_lost[HQ_LANES];
    double square[HQ_LANES], square_lost[HQ_LANES];
    uint64_t place; /* of the next number: its lane, and its group */
    uint64_t count; /* numbers so far */
} HqMoments;

void hq_moments_begin(HqMoments *moments);

/** Take n numbers. */
HQ_WIDE_DECLARE(void, hq_moments_push, (HqMoments *moments, const double *x, size_t n));
static inline void hq_moments_push(HqMoments *moments, const double *x, size_t n)
{
    HQ_WIDE_CHOOSE(hq_moments_push)(moments, x, n);
}

/** The range of some levels. */
typedef struct HqLevels {
    double lowest, highest;
} HqLevels;

/**
 * Take the returns from `before` to level[0], from there to level[1], and so on: hq_return().
 * @param[out] out  the returns themselves; NULL: they are not wanted.
 * @return the range of the levels, +infinity and -infinity of none.
 */
HQ_WIDE_DECLARE(HqLevels, hq_moments_push_returns,
                (HqMoments *moments, double before, const double *level, size_t n, double *out));
static inline HqLevels hq_moments_push_returns(HqMoments *moments, double before, const double *level,
                                               size_t n, double *out)
{
    return HQ_WIDE_CHOOSE(hq_moments_push_returns)(moments, before, level, n, out);
}

/** A group is complete. */
HQ_WIDE_DECLARE(void, hq_moments_end_group, (HqMoments *moments));

/** Take n zeros. */
void hq_moments_skip(HqMoments *moments, size_t n);

/** From one level to the next. An account that is empty stays so: it earns 0. */
static inline double hq_return(double from, double to) { return from > 0 ? (to - from) / from : 0; }

#ifdef HQ_WIDE_BUILD
/** hq_return() from levels above 0, a lane each. */
static inline HqVec hq_vec_returns_of_positive(HqVec from, HqVec to) { return (to - from) / from; }

/** hq_return(), a lane each. */
static inline HqVec hq_vec_returns(HqVec from, HqVec to)
{
    return hq_vec_choose(hq_vec_less(hq_vec_all(0), from), hq_vec_returns_of_positive(from, to),
                         hq_vec_all(0));
}
#endif

double hq_moments_sum(const HqMoments *moments);

/** NaN of none. */
HqPair hq_moments_mean(const HqMoments *moments);

/** With n - 1; NaN below two, 0 where all are equal. */
double hq_moments_spread(const HqMoments *moments);

/**
 * As hq_moments_spread(), of returns: 0 when what there is lies within their rounding. They are
 * quotients near 1, known to some 2e-16, and a ratio by such a deviation would be noise.
 */
double hq_moments_deviation(const HqMoments *moments);

/** Whether a deviation is more than the rounding of returns with this mean. */
bool hq_deviates(double deviation, double mean);

#endif
