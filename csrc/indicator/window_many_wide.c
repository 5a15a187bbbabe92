#include "indicator/window_many.h"

#include <stdbool.h>

#include "base/rows.h"
#include "indicator/deviation.h"

enum { SEGMENT_MOST = HQ_WINDOW_MANY_BARS / HQ_VEC_LANES, STEP = HQ_ROWS_STEP };

/* What is left of a segment, with its number known. */
#define OF_REST(act)                                         \
    switch (rest) {                                          \
    case 1: { enum { REST = 1 }; act; break; }               \
    case 2: { enum { REST = 2 }; act; break; }               \
    case 3: { enum { REST = 3 }; act; break; }               \
    default: break;                                          \
    }

/* What is asked for, known to each loop when it is compiled. */
typedef enum Wanted {
    SUMS,
    MEANS, /* of them */
    SPREADS, /* what means lie above their pivots, and variances */
    DEVIATIONS, /* and means */
} Wanted;

/* The sums of a lane; the second is not computed where nobody asks for it. */
typedef struct Sums {
    HqVec plain, squares;
} Sums;

static inline bool have_squares(const Wanted wanted) { return wanted == SPREADS || wanted == DEVIATIONS; }

static inline Sums plus(Sums run, HqVec d, const Wanted wanted)
{
    run.plain += d;
    if (have_squares(wanted))
        run.squares += d * d;
    return run;
}

/* Segments side by side, the first of which begins at x, and their sums so far. */
typedef struct Chains {
    const double *x;
    HqVec pivot;
    Sums run;
} Chains;

/* What is the same of all windows. */
typedef struct Terms {
    size_t segment;
    HqVec period, share;
    double *first, *second; /* sums, offsets or means; variances or deviations */
} Terms;

/* Sums from each position of segments to their ends. The second stand apart: who has none does not touch
 * their room. */
typedef struct Suffixes {
    HqVec plain[SEGMENT_MOST], squares[SEGMENT_MOST];
} Suffixes;

/* Of a window's sums what is asked for. */
static inline Sums finish(const Terms *terms, HqVec pivot, Sums all, const Wanted wanted)
{
    if (wanted == SUMS)
        return all;
    HqVec mean = HQ_WINDOW_MEAN(pivot, all.plain, terms->period);
    if (wanted == MEANS)
        return (Sums){mean, all.squares};
    HqVec variance = HQ_WINDOW_VARIANCE(all.plain, all.squares, terms->share);
    HqVec spread = hq_vec_max(hq_vec_all(0), variance);
    if (wanted == SPREADS)
        return (Sums){all.plain * terms->share, spread};
    return (Sums){mean, hq_vec_sqrt(spread)};
}

/* As hq_window_sum_fold(): from position q on, n of them. */
static inline void fold(Chains *behind, Suffixes *suffixes, size_t segment, size_t q, const size_t n,
                        const Wanted wanted)
{
    HqVec v[STEP];
    hq_rows_take(v, behind->x + q, segment);
    for (size_t b = n; b-- > 0;) {
        behind->run = plus(behind->run, v[b] - behind->pivot, wanted);
        suffixes->plain[q + b] = behind->run.plain;
        if (have_squares(wanted))
            suffixes->squares[q + b] = behind->run.squares;
    }
}

/* As hq_window_sum(): of n bars from position i on. */
static inline void slide(Chains *now, const Suffixes *suffixes, const Terms *terms, size_t i, const size_t n,
                         const Wanted wanted)
{
    HqVec v[STEP], s[STEP] = {{0}};
    hq_rows_take(v, now->x + i, terms->segment);
    for (size_t b = 0; b < n; b++) {
        Sums all = now->run = plus(now->run, v[b] - now->pivot, wanted);
        all.plain = suffixes->plain[i + b] + all.plain;
        if (have_squares(wanted))
            all.squares = suffixes->squares[i + b] + all.squares;
        all = finish(terms, now->pivot, all, wanted);
        v[b] = all.plain;
        s[b] = all.squares;
    }
    hq_rows_put(v, terms->first + i, terms->segment, n);
    if (have_squares(wanted))
        hq_rows_put(s, terms->second + i, terms->segment, n);
}

/* The segments before those that begin at x, with the pivots of the windows that both are in. */
static inline Chains chains_before(const double *x, size_t segment)
{
    return (Chains){x - segment, hq_vec_load_apart(x - 1, segment), {hq_vec_all(0), hq_vec_all(0)}};
}

/*
 * Windows of as many segments as there are lanes, `groups` times. A sum waits for the one before it: so
 * prefixes of segments are made beside the suffixes that the next ones go with.
 */
static inline void run_many(const double *x, size_t groups, Terms terms, HqAhead *ahead, const Wanted wanted)
{
    const size_t segment = terms.segment, rest = segment % STEP, whole = segment - rest;
    const size_t bars = HQ_VEC_LANES * segment;
    Suffixes room[2], *suffixes = &room[0], *next = &room[1];
    Chains behind = chains_before(x, segment);
    OF_REST(fold(&behind, suffixes, segment, whole, REST, wanted))
    for (size_t q = whole; q > 0; q -= STEP)
        fold(&behind, suffixes, segment, q - STEP, STEP, wanted);
    for (; groups > 0; groups--) {
        Chains now = {x, behind.pivot, {hq_vec_all(0), hq_vec_all(0)}};
        x += bars;
        if (groups > 1) {
            behind = chains_before(x, segment);
            OF_REST(fold(&behind, next, segment, whole, REST, wanted))
        }
        for (size_t i = 0; i < whole; i += STEP) {
            slide(&now, suffixes, &terms, i, STEP, wanted);
            if (groups > 1)
                fold(&behind, next, segment, whole - STEP - i, STEP, wanted);
            hq_fetch_for(ahead, HQ_VEC_LANES * STEP);
            hq_outgoing_carry(ahead->outgoing, HQ_VEC_LANES * STEP); /* a line a bar */
        }
        OF_REST(slide(&now, suffixes, &terms, whole, REST, wanted))
        hq_fetch_for(ahead, HQ_VEC_LANES * rest);
        Suffixes *done = suffixes;
        suffixes = next;
        next = done;
        terms.first += bars;
        if (have_squares(wanted))
            terms.second += bars;
    }
}

static inline Terms terms_of(size_t segment, double period, double *first, double *second)
{
    return (Terms){segment, hq_vec_all(period), hq_vec_all(1 / period), first, second};
}

void HQ_WIDE(hq_window_many_sums)(const double *x, size_t segment, size_t groups, HqAhead *ahead, double *sum)
{
    run_many(x, groups, terms_of(segment, 1, sum, NULL), ahead, SUMS);
}

void HQ_WIDE(hq_window_many_spreads)(const double *x, size_t segment, size_t groups, HqAhead *ahead,
                                     double period, double *offset, double *spread)
{
    run_many(x, groups, terms_of(segment, period, offset, spread), ahead, SPREADS);
}

void HQ_WIDE(hq_window_many_means)(const double *x, size_t segment, size_t groups, HqAhead *ahead,
                                   double period, double *mean)
{
    run_many(x, groups, terms_of(segment, period, mean, NULL), ahead, MEANS);
}

void HQ_WIDE(hq_window_many_deviations)(const double *x, size_t segment, size_t groups, HqAhead *ahead,
                                        double period, double *mean, double *deviation)
{
    run_many(x, groups, terms_of(segment, period, mean, deviation), ahead, DEVIATIONS);
}
