/* Runs of numbers into the lanes of moments. */
#include "metrics/moments.h"

enum { STRIDE = 2 }; /* pieces that are looked at together */

/* A register's share of the lanes. */
typedef struct Lanes {
    HqVec sum, sum_lost, square, square_lost, least, most;
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
    return (Lanes){hq_vec_load(m->sum + lane),    hq_vec_load(m->sum_lost + lane),
                   hq_vec_load(m->square + lane), hq_vec_load(m->square_lost + lane),
                   hq_vec_load(m->least + lane),  hq_vec_load(m->most + lane)};
}

static inline void store(HqMoments *m, size_t vec, const Lanes *lanes)
{
    size_t lane = vec * HQ_VEC_LANES;
    hq_vec_store(m->sum + lane, lanes->sum);
    hq_vec_store(m->sum_lost + lane, lanes->sum_lost);
    hq_vec_store(m->square + lane, lanes->square);
    hq_vec_store(m->square_lost + lane, lanes->square_lost);
    hq_vec_store(m->least + lane, lanes->least);
    hq_vec_store(m->most + lane, lanes->most);
}

static inline void take_sums(Lanes *lanes, HqVec x)
{
    HqVec square = x * x;
    hq_vec_sum_add(&lanes->sum, &lanes->sum_lost, x);
    hq_vec_sum_add(&lanes->square, &lanes->square_lost, square);
    lanes->square_lost += hq_vec_fms(x, x, square);
}

static inline void take(Lanes *lanes, HqVec x)
{
    take_sums(lanes, x);
    lanes->least = hq_vec_min(x, lanes->least);
    lanes->most = hq_vec_max(x, lanes->most);
}

/* x is 0 in the lanes whose bit is not set. */
static inline void take_some(Lanes *lanes, HqVec x, unsigned bits)
{
    HqMask there = hq_mask_of(bits);
    take_sums(lanes, x);
    lanes->least = hq_vec_choose(there, hq_vec_min(x, lanes->least), lanes->least);
    lanes->most = hq_vec_choose(there, hq_vec_max(x, lanes->most), lanes->most);
}

void HQ_WIDE(hq_moments_push)(HqMoments *m, const double *x, size_t n)
{
    if (n == 0)
        return;
    Cut run = cut(m->place, x, n);
    for (size_t vec = 0; vec < HQ_VECS; vec++) {
        Lanes lanes = load(m, vec);
        unsigned first = hq_vec_part(run.first, vec), last = hq_vec_part(run.last, vec);
        take_some(&lanes, hq_vec_load_lanes(at(&run, 0, vec), first), first);
        for (size_t piece = 1; piece + 1 < run.pieces; piece++)
            take(&lanes, hq_vec_load(at(&run, piece, vec)));
        if (run.pieces > 1)
            take_some(&lanes, hq_vec_load_lanes(at(&run, run.pieces - 1, vec), last), last);
        store(m, vec, &lanes);
    }
    m->place += n;
    m->count += n;
}

/* The returns of the first piece: before its first number is `before`. */
static inline HqVec first_returns(const double *to, unsigned bits, unsigned first, double before)
{
    HqVec from = hq_vec_load_lanes(to - 1, bits & ~first);
    from = hq_vec_choose(hq_mask_of(first), hq_vec_all(before), from);
    return hq_vec_returns(from, hq_vec_load_lanes(to, bits));
}

/* Whether no level moves over some pieces. */
static inline bool stand_still(const Cut *run, size_t piece, size_t pieces, size_t vec)
{
    unsigned equal = HQ_VEC_ALL;
    for (size_t i = piece; i < piece + pieces; i++) {
        const double *to = at(run, i, vec);
        equal &= hq_mask_bits(hq_vec_equal(hq_vec_load(to - 1), hq_vec_load(to)));
    }
    return equal == HQ_VEC_ALL;
}

static inline void take_return(Lanes *lanes, const double *to)
{
    take(lanes, hq_vec_returns(hq_vec_load(to - 1), hq_vec_load(to)));
}

/*
 * Returns of whole pieces. Where no level moves they are 0: only the extremes may change. Looked for
 * over some pieces together: a shorter stand costs more to foresee than it saves.
 */
static inline void take_returns(Lanes *lanes, const Cut *run, size_t vec)
{
    HqVec zero = hq_vec_all(0);
    bool has_zeros = false;
    size_t piece = 1;
    for (; piece + STRIDE < run->pieces; piece += STRIDE) {
        if (stand_still(run, piece, STRIDE, vec)) {
            has_zeros = true;
            continue;
        }
        for (size_t i = piece; i < piece + STRIDE; i++)
            take_return(lanes, at(run, i, vec));
    }
    for (; piece + 1 < run->pieces; piece++)
        take_return(lanes, at(run, piece, vec));
    if (has_zeros) {
        lanes->least = hq_vec_min(zero, lanes->least);
        lanes->most = hq_vec_max(zero, lanes->most);
    }
}

void HQ_WIDE(hq_moments_push_returns)(HqMoments *m, double before, const double *level, size_t n)
{
    if (n == 0)
        return;
    Cut run = cut(m->place, level, n);
    unsigned lowest = run.first & -run.first;
    for (size_t vec = 0; vec < HQ_VECS; vec++) {
        Lanes lanes = load(m, vec);
        unsigned first = hq_vec_part(run.first, vec), last = hq_vec_part(run.last, vec);
        HqVec x = first_returns(at(&run, 0, vec), first, hq_vec_part(lowest, vec), before);
        take_some(&lanes, x, first);
        take_returns(&lanes, &run, vec);
        if (run.pieces > 1) {
            const double *to = at(&run, run.pieces - 1, vec);
            x = hq_vec_returns(hq_vec_load_lanes(to - 1, last), hq_vec_load_lanes(to, last));
            take_some(&lanes, x, last);
        }
        store(m, vec, &lanes);
    }
    m->place += n;
    m->count += n;
}
