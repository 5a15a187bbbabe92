/*
 * The lanes of moments (moments.h) in registers, for loops of *_wide.c that make numbers and take them at once.
 */
#ifndef HQ_METRICS_LANES_WIDE_H
#define HQ_METRICS_LANES_WIDE_H

#include <math.h>

#include "metrics/moments.h"

/** A register's share of the lanes. */
typedef struct HqLanes {
    HqVec pivot, sum, lost, square; /* sums are the group's */
    HqVec lowest, highest;          /* of the levels that a loop takes */
} HqLanes;

static inline HqLanes hq_lanes_load(const HqMoments *m, size_t vec)
{
    size_t lane = vec * HQ_VEC_LANES;
    return (HqLanes){hq_vec_all(m->pivot), hq_vec_load(m->group_sum + lane),
                     hq_vec_load(m->group_lost + lane), hq_vec_load(m->group_square + lane),
                     hq_vec_all(INFINITY), hq_vec_all(-INFINITY)};
}

static inline void hq_lanes_store(HqMoments *m, size_t vec, const HqLanes *lanes)
{
    size_t lane = vec * HQ_VEC_LANES;
    hq_vec_store(m->group_sum + lane, lanes->sum);
    hq_vec_store(m->group_lost + lane, lanes->lost);
    hq_vec_store(m->group_square + lane, lanes->square);
}

static inline void hq_lanes_copy(double *to, const double *from)
{
    for (size_t lane = 0; lane < HQ_LANES; lane += HQ_VEC_LANES)
        hq_vec_store(to + lane, hq_vec_load(from + lane));
}

/** *to = *from, of which compilers would make a loop of single words. */
static inline void hq_moments_keep(HqMoments *to, const HqMoments *from)
{
    _Static_assert(sizeof *to == (3 + 7 * (size_t)HQ_LANES) * sizeof(double), "all of it is copied");
    to->pivot = from->pivot;
    hq_lanes_copy(to->group_sum, from->group_sum);
    hq_lanes_copy(to->group_lost, from->group_lost);
    hq_lanes_copy(to->group_square, from->group_square);
    hq_lanes_copy(to->sum, from->sum);
    hq_lanes_copy(to->sum_lost, from->sum_lost);
    hq_lanes_copy(to->square, from->square);
    hq_lanes_copy(to->square_lost, from->square_lost);
    to->place = from->place;
    to->count = from->count;
}

/** A group is complete. Of a group of zeros it changes nothing. */
static inline void hq_lanes_end_group(HqMoments *m, size_t vec, HqLanes *lanes)
{
    size_t lane = vec * HQ_VEC_LANES;
    HqVec base = hq_vec_all(HQ_MOMENTS_BASE), zero = hq_vec_all(0);
    HqVec sum = hq_vec_load(m->sum + lane), lost = hq_vec_load(m->sum_lost + lane);
    HqVec square = hq_vec_load(m->square + lane), square_lost = hq_vec_load(m->square_lost + lane);
    hq_vec_sum_add(&lanes->sum, &lanes->lost, -base);
    hq_vec_sum_add(&sum, &lost, lanes->sum);
    hq_vec_sum_add(&square, &square_lost, lanes->square);
    hq_vec_store(m->sum + lane, sum);
    hq_vec_store(m->sum_lost + lane, lost + lanes->lost);
    hq_vec_store(m->square + lane, square);
    hq_vec_store(m->square_lost + lane, square_lost);
    lanes->sum = base;
    lanes->lost = lanes->square = zero;
}

/** Numbers, and how far they are from the pivot. */
static inline void hq_lanes_take(HqLanes *lanes, HqVec x, HqVec off)
{
    hq_vec_sum_add(&lanes->sum, &lanes->lost, x);
    lanes->square += off * off;
}

/** The same of returns, below HQ_MOMENTS_BASE. */
static inline void hq_lanes_take_returns(HqLanes *lanes, HqVec x, HqVec off)
{
    HqVec sum = lanes->sum + x;
    lanes->lost += hq_vec_minus(x, hq_vec_minus(sum, lanes->sum));
    lanes->sum = sum;
    lanes->square += off * off;
}

/** Levels. */
static inline void hq_lanes_see(HqLanes *lanes, HqVec level)
{
    lanes->lowest = hq_vec_min(level, lanes->lowest);
    lanes->highest = hq_vec_max(level, lanes->highest);
}

/** Levels in some lanes. */
static inline void hq_lanes_see_some(HqLanes *lanes, HqVec level, HqMask some)
{
    lanes->lowest = hq_vec_choose(some, hq_vec_min(level, lanes->lowest), lanes->lowest);
    lanes->highest = hq_vec_choose(some, hq_vec_max(level, lanes->highest), lanes->highest);
}

/** The range of the levels of all lanes. */
static inline HqLevels hq_lanes_levels(HqVec lowest, HqVec highest)
{
    return (HqLevels){hq_vec_least(lowest), -hq_vec_least(-highest)};
}

/*
 * A run of bars cut where lane 0 is, so that its first and its last piece may be short on one side or on both.
 * `base` is where lane 0 of the first piece would be; what is before the run is not read.
 */
typedef struct HqCut {
    uintptr_t base;
    size_t pieces;
    unsigned first, last; /* a bit a lane: what the pieces at the ends have */
} HqCut;

/** n >= 1 numbers from x on, the first of which has this place. */
static inline HqCut hq_cut(uint64_t place, const double *x, size_t n)
{
    size_t skipped = place % HQ_LANES, pieces = (skipped + n + HQ_LANES - 1) / HQ_LANES;
    unsigned first = 0xFFu << skipped & 0xFFu, last = 0xFFu >> (pieces * HQ_LANES - skipped - n);
    if (pieces == 1)
        first = last &= first;
    return (HqCut){(uintptr_t)x - skipped * sizeof *x, pieces, first, last};
}

/** Where a register's share of a piece begins. It may lie before the numbers, of which nothing is read then. */
static inline const double *hq_cut_at(const HqCut *cut, size_t piece, size_t vec)
{
    return (const double *)(cut->base + (piece * HQ_LANES + vec * HQ_VEC_LANES) * sizeof(double));
}

/** The same of the numbers one before. */
static inline const double *hq_cut_before(const HqCut *cut, size_t piece, size_t vec)
{
    return (const double *)(cut->base + (piece * HQ_LANES + vec * HQ_VEC_LANES) * sizeof(double) - sizeof(double));
}

/** The lowest of some bits, alone; and the highest. */
static inline unsigned hq_lowest_bit(unsigned bits) { return bits & -bits; }
static inline unsigned hq_highest_bit(unsigned bits) { return 1u << (31 - __builtin_clz(bits)); }

#endif
