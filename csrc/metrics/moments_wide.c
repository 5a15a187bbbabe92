/* Runs of numbers into the lanes of moments. */
#include "metrics/moments.h"

#include <math.h>

enum {
    GROUP = HQ_MOMENTS_GROUP / HQ_LANES, /* pieces of a group */
    AHEAD = 256,                         /* numbers that memory is asked for before their turn */
};

/* What is taken, known to each loop when it is compiled. */
typedef enum Kind {
    NUMBERS,
    LEVELS, /* whose returns are taken */
    POSITIVE_LEVELS,
} Kind;

/* A register's share of the lanes. */
typedef struct Lanes {
    HqVec pivot, sum, lost, square; /* sums are the group's */
    HqVec lowest, highest;          /* of the run's levels */
} Lanes;

/*
 * A run cut where lane 0 is, so that its first and its last piece may be short of numbers on one side
 * or on both. `base` is where lane 0 of the first piece would be; what is before the run is not read.
 */
typedef struct Cut {
    uintptr_t base;
    size_t pieces;
    unsigned first, last; /* a bit a lane: what the pieces at the ends have */
} Cut;

static Cut cut(uint64_t place, const double *x, size_t n)
{
    size_t skipped = place % HQ_LANES, pieces = (skipped + n + HQ_LANES - 1) / HQ_LANES;
    unsigned first = 0xFFu << skipped & 0xFFu, last = 0xFFu >> (pieces * HQ_LANES - skipped - n);
    if (pieces == 1)
        first = last &= first;
    return (Cut){(uintptr_t)x - skipped * sizeof *x, pieces, first, last};
}

static inline const double *at(const Cut *run, size_t piece, size_t vec)
{
    return (const double *)(run->base + (piece * HQ_LANES + vec * HQ_VEC_LANES) * sizeof(double));
}

static inline Lanes load(const HqMoments *m, size_t vec)
{
    size_t lane = vec * HQ_VEC_LANES;
    return (Lanes){hq_vec_all(m->pivot), hq_vec_load(m->group_sum + lane),
                   hq_vec_load(m->group_lost + lane), hq_vec_load(m->group_square + lane),
                   hq_vec_all(INFINITY), hq_vec_all(-INFINITY)};
}

static inline void store(HqMoments *m, size_t vec, const Lanes *lanes)
{
    size_t lane = vec * HQ_VEC_LANES;
    hq_vec_store(m->group_sum + lane, lanes->sum);
    hq_vec_store(m->group_lost + lane, lanes->lost);
    hq_vec_store(m->group_square + lane, lanes->square);
}

/* Of a group of zeros it changes nothing. */
static inline void end_group(HqMoments *m, size_t vec, Lanes *lanes)
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

void HQ_WIDE(hq_moments_end_group)(HqMoments *m)
{
    for (size_t vec = 0; vec < HQ_VECS; vec++) {
        Lanes lanes = load(m, vec);
        end_group(m, vec, &lanes);
        store(m, vec, &lanes);
    }
}

/* x and how far it is from the pivot. */
static inline void take(Lanes *lanes, HqVec x, HqVec off, const Kind kind)
{
    if (kind != NUMBERS) {
        HqVec sum = lanes->sum + x;
        lanes->lost += hq_vec_minus(x, hq_vec_minus(sum, lanes->sum));
        lanes->sum = sum;
    } else {
        hq_vec_sum_add(&lanes->sum, &lanes->lost, x);
    }
    lanes->square += off * off;
}

/* x is 0 in the lanes whose bit is not set. */
static inline void take_some(Lanes *lanes, HqVec x, unsigned bits, const Kind kind)
{
    take(lanes, x, hq_vec_choose(hq_mask_of(bits), x - lanes->pivot, hq_vec_all(0)), kind);
}

/* The level in front of each of a piece, in the lanes whose bit is set; the first of a run has none but
 * `before`. */
static inline HqVec levels_before(const Cut *run, size_t piece, size_t vec, unsigned bits, double before)
{
    unsigned first = piece == 0 ? hq_vec_part(run->first & -run->first, vec) : 0;
    HqVec from = hq_vec_load_lanes(at(run, piece, vec) - 1, bits & ~first);
    return hq_vec_choose(hq_mask_of(first), hq_vec_all(before), from);
}

/* A piece at an end of a run. */
static inline void take_end(Lanes *lanes, const Cut *run, size_t piece, size_t vec, unsigned bits,
                            double before, const Kind kind)
{
    unsigned some = hq_vec_part(bits, vec);
    HqVec x = hq_vec_load_lanes(at(run, piece, vec), some);
    if (kind == NUMBERS) {
        take_some(lanes, x, some, kind);
        return;
    }
    HqMask there = hq_mask_of(some);
    lanes->lowest = hq_vec_choose(there, hq_vec_min(x, lanes->lowest), lanes->lowest);
    lanes->highest = hq_vec_choose(there, hq_vec_max(x, lanes->highest), lanes->highest);
    take_some(lanes, hq_vec_returns(levels_before(run, piece, vec, some, before), x), some, kind);
}

static inline void take_pieces(Lanes *lanes, const Cut *run, size_t piece, size_t end, size_t vec,
                               const Kind kind)
{
    for (; piece < end; piece++) {
        const double *at_piece = at(run, piece, vec);
        HqVec x = hq_vec_load(at_piece);
        hq_fetch_line(at_piece, AHEAD);
        if (kind != NUMBERS) {
            HqVec from = hq_vec_load(at_piece - 1);
            lanes->lowest = hq_vec_min(x, lanes->lowest);
            lanes->highest = hq_vec_max(x, lanes->highest);
            if (kind == POSITIVE_LEVELS)
                x = hq_vec_returns_of_positive(from, x);
            else
                x = hq_vec_returns(from, x);
        }
        take(lanes, x, x - lanes->pivot, kind);
    }
}

/* @param before  the level before the run's. */
static inline HqLevels take_run(HqMoments *m, const double *x, size_t n, double before, const Kind kind)
{
    Cut run = cut(m->place, x, n);
    size_t last = run.pieces - 1, first_end = GROUP - m->place / HQ_LANES % GROUP;
    HqVec lowest = hq_vec_all(INFINITY), highest = hq_vec_all(-INFINITY);
    m->place += n;
    m->count += n;
    for (size_t vec = 0; vec < HQ_VECS; vec++) {
        Lanes lanes = load(m, vec);
        size_t piece = 1;
        take_end(&lanes, &run, 0, vec, run.first, before, kind);
        for (size_t end = first_end; end <= last; piece = end, end += GROUP) {
            take_pieces(&lanes, &run, piece, end, vec, kind);
            end_group(m, vec, &lanes);
        }
        take_pieces(&lanes, &run, piece, last, vec, kind);
        if (last > 0)
            take_end(&lanes, &run, last, vec, run.last, before, kind);
        if (m->place % HQ_MOMENTS_GROUP == 0)
            end_group(m, vec, &lanes);
        store(m, vec, &lanes);
        lowest = hq_vec_min(lanes.lowest, lowest);
        highest = hq_vec_max(lanes.highest, highest);
    }
    return (HqLevels){hq_vec_least(lowest), -hq_vec_least(-highest)};
}

void HQ_WIDE(hq_moments_push)(HqMoments *m, const double *x, size_t n)
{
    if (n == 0)
        return;
    if (m->count == 0)
        m->pivot = x[0];
    take_run(m, x, n, 0, NUMBERS);
}

HqLevels HQ_WIDE(hq_moments_push_returns)(HqMoments *m, double before, const double *level, size_t n)
{
    if (n == 0)
        return (HqLevels){INFINITY, -INFINITY};
    if (m->count == 0)
        m->pivot = hq_return(before, level[0]);
    /* Levels are above 0 but for an account that is empty: they are taken as if, and again where one is not. */
    HqMoments kept = *m;
    HqLevels levels = take_run(m, level, n, before, POSITIVE_LEVELS);
    if (levels.lowest > 0)
        return levels;
    *m = kept;
    return take_run(m, level, n, before, LEVELS);
}
