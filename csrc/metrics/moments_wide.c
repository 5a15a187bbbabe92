/* Runs of numbers into the lanes of moments. */
#include "metrics/lanes_wide.h"

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

void HQ_WIDE(hq_moments_end_group)(HqMoments *m)
{
    for (size_t vec = 0; vec < HQ_VECS; vec++) {
        HqLanes lanes = hq_lanes_load(m, vec);
        hq_lanes_end_group(m, vec, &lanes);
        hq_lanes_store(m, vec, &lanes);
    }
}

/* x and how far it is from the pivot. */
static inline void take(HqLanes *lanes, HqVec x, HqVec off, const Kind kind)
{
    if (kind == NUMBERS)
        hq_lanes_take(lanes, x, off);
    else
        hq_lanes_take_returns(lanes, x, off);
}

/* x is 0 in the lanes whose bit is not set. */
static inline void take_some(HqLanes *lanes, HqVec x, unsigned bits, const Kind kind)
{
    take(lanes, x, hq_vec_choose(hq_mask_of(bits), x - lanes->pivot, hq_vec_all(0)), kind);
}

/* The level in front of each of a piece, in the lanes whose bit is set; the first of a run has none but
 * `before`. */
static inline HqVec levels_before(const HqCut *run, size_t piece, size_t vec, unsigned bits, double before)
{
    unsigned first = piece == 0 ? hq_vec_part(hq_lowest_bit(run->first), vec) : 0;
    HqVec from = hq_vec_load_lanes(hq_cut_before(run, piece, vec), bits & ~first);
    return hq_vec_choose(hq_mask_of(first), hq_vec_all(before), from);
}

/* Where a piece's numbers go. */
static inline double *place_of(const HqCut *to, size_t piece, size_t vec)
{
    return (double *)hq_cut_at(to, piece, vec);
}

/* A piece at an end of a run. `to`: NULL, or where its returns go, cut alike. */
static inline void take_end(HqLanes *lanes, const HqCut *run, const HqCut *to, size_t piece, size_t vec,
                            unsigned bits, double before, const Kind kind)
{
    unsigned some = hq_vec_part(bits, vec);
    HqVec x = hq_vec_load_lanes(hq_cut_at(run, piece, vec), some);
    if (kind == NUMBERS) {
        take_some(lanes, x, some, kind);
        return;
    }
    hq_lanes_see_some(lanes, x, hq_mask_of(some));
    x = hq_vec_returns(levels_before(run, piece, vec, some, before), x);
    if (to)
        hq_vec_store_lanes(place_of(to, piece, vec), some, x);
    take_some(lanes, x, some, kind);
}

static inline void take_pieces(HqLanes *lanes, const HqCut *run, const HqCut *to, size_t piece, size_t end,
                               size_t vec, const Kind kind)
{
    for (; piece < end; piece++) {
        const double *at_piece = hq_cut_at(run, piece, vec);
        HqVec x = hq_vec_load(at_piece);
        hq_fetch_line(at_piece, AHEAD);
        if (kind != NUMBERS) {
            HqVec from = hq_vec_load(at_piece - 1);
            hq_lanes_see(lanes, x);
            if (kind == POSITIVE_LEVELS)
                x = hq_vec_returns_of_positive(from, x);
            else
                x = hq_vec_returns(from, x);
            if (to)
                hq_vec_store(place_of(to, piece, vec), x);
        }
        take(lanes, x, x - lanes->pivot, kind);
    }
}

/* @param before  the level before the run's.
 * @param out     where the returns of levels go; NULL: nowhere. */
static inline HqLevels take_run(HqMoments *m, const double *x, size_t n, double before, double *out,
                                const Kind kind)
{
    HqCut run = hq_cut(m->place, x, n), written = hq_cut(m->place, out ? out : x, n);
    const HqCut *to = out ? &written : NULL;
    size_t last = run.pieces - 1, first_end = GROUP - m->place / HQ_LANES % GROUP;
    HqVec lowest = hq_vec_all(INFINITY), highest = hq_vec_all(-INFINITY);
    m->place += n;
    m->count += n;
    for (size_t vec = 0; vec < HQ_VECS; vec++) {
        HqLanes lanes = hq_lanes_load(m, vec);
        size_t piece = 1;
        take_end(&lanes, &run, to, 0, vec, run.first, before, kind);
        for (size_t end = first_end; end <= last; piece = end, end += GROUP) {
            take_pieces(&lanes, &run, to, piece, end, vec, kind);
            hq_lanes_end_group(m, vec, &lanes);
        }
        take_pieces(&lanes, &run, to, piece, last, vec, kind);
        if (last > 0)
            take_end(&lanes, &run, to, last, vec, run.last, before, kind);
        if (m->place % HQ_MOMENTS_GROUP == 0)
            hq_lanes_end_group(m, vec, &lanes);
        hq_lanes_store(m, vec, &lanes);
        lowest = hq_vec_min(lanes.lowest, lowest);
        highest = hq_vec_max(lanes.highest, highest);
    }
    return hq_lanes_levels(lowest, highest);
}

void HQ_WIDE(hq_moments_push)(HqMoments *m, const double *x, size_t n)
{
    if (n == 0)
        return;
    if (m->count == 0)
        m->pivot = x[0];
    take_run(m, x, n, 0, NULL, NUMBERS);
}

/* Once for each of both, so that a loop asks nothing. */
static inline HqLevels push_returns(HqMoments *m, double before, const double *level, size_t n, double *out)
{
    /* Levels are above 0 but for an account that is empty: they are taken as if, and again where one is not. */
    HqMoments kept;
    hq_moments_keep(&kept, m);
    HqLevels levels = take_run(m, level, n, before, out, POSITIVE_LEVELS);
    if (levels.lowest > 0)
        return levels;
    *m = kept;
    return take_run(m, level, n, before, out, LEVELS);
}

HqLevels HQ_WIDE(hq_moments_push_returns)(HqMoments *m, double before, const double *level, size_t n, double *out)
{
    if (n == 0)
        return (HqLevels){INFINITY, -INFINITY};
    if (m->count == 0)
        m->pivot = hq_return(before, level[0]);
    return out ? push_returns(m, before, level, n, out) : push_returns(m, before, level, n, NULL);
}
