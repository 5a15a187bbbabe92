/*
 * A window of the last `period` values in amortised O(1), exact and never drifting.
 *
 * Bars are cut into segments of m = period - 1. With the newest bar at position r of its segment,
 * the window is the previous segment from r on and the current one up to r:
 *
 *     previous segment   . . . [r . . m-1]      suffix[r], folded once when the segment is complete
 *     current segment    [0 . . r]              a running prefix
 *
 * so a window value is combine(suffix[r], prefix), and nothing is ever subtracted again: a print
 * that has left the window leaves no trace. Sums are taken of x - pivot, with the pivot the last
 * bar of the previous segment, which is always inside the window: differences of near prices are
 * exact, a flat window sums to exactly 0. (van Herk 1992, Gil and Werman 1993, for the maximum;
 * Chan, Golub and LeVeque 1983, for the shift.)
 *
 * suffix[q] for q < r holds the current segment's values until they are folded, so one array does.
 * Until the first segment is complete, suffix and pivot are NaN and so is every result: warm-up
 * needs no branch. An unknown value makes exactly the windows that hold it unknown, likewise.
 *
 * Error: around 1e-15 as a rule. When the pivot happens to be the window's outlier, at most about
 * period^2 * 2^-52 of the value: SMA, SUM and STDDEV of more than 128 bars are left to halves.h and
 * window_exact.h.
 *
 * Cost a bar: O(1) amortised, O(period) on the bar after a segment's end. Over a block: window_span.h.
 */
#ifndef HQ_INDICATOR_WINDOW_H
#define HQ_INDICATOR_WINDOW_H

#include "indicator/row.h"

/* Windows of one bar never come here: see HqAtOne. */
static inline uint32_t hq_window_segment(const double *params) { return (uint32_t)params[0] - 1; }

static inline void hq_window_fill_unknown(double *array, size_t n)
{
    for (size_t i = 0; i < n; i++)
        array[i] = (double)NAN;
}

/* Memory in a line, behind the output: the prefix over the current segment, the newest bar included.
 * Segments are folded out of line, so that the other bars run straight. */
enum { HQ_WINDOW_PREFIX = 1 };

/** The mean of a window, from its sum of x - pivot: one rule for every row that gives it. Of doubles, or
 * of vectors of them. */
#define HQ_WINDOW_MEAN(pivot, sum, period) ((pivot) + (sum) / (period))

static inline double hq_window_mean(double pivot, double sum, double period)
{
    return HQ_WINDOW_MEAN(pivot, sum, period);
}

/* ------------------------------------------------------------------ sum */

typedef struct HqWindowSum {
    double pivot;      /* last value of the previous segment */
    double period;
    uint32_t segment;  /* m */
    uint32_t position; /* r */
    double suffix[];   /* m */
} HqWindowSum;

static inline size_t hq_window_sum_size(const double *params)
{
    return sizeof(HqWindowSum) + hq_window_segment(params) * sizeof(double);
}

static inline void hq_window_sum_init(HqNode *node, double *before, const double *params)
{
    HqWindowSum *w = node->state;
    (void)before;
    w->period = params[0];
    w->segment = hq_window_segment(params);
    w->pivot = (double)NAN;
    hq_window_fill_unknown(w->suffix, w->segment);
}

/** For a row's holds, as those below: the next value has its place. */
static inline bool hq_window_sum_holds(const double *params, void *fresh, const void *loaded)
{
    const HqWindowSum *a = fresh, *b = loaded;
    (void)params;
    return a->period == b->period && a->segment == b->segment && b->position < b->segment;
}

/* The segment of the bars x is complete: its sums from each position to its end. */
static inline void hq_window_sum_fold(HqWindowSum *w, const double *x, double pivot)
{
    double sum = 0;
    for (size_t q = w->segment; q-- > 0;)
        w->suffix[q] = sum += x[q] - pivot;
    w->pivot = pivot;
    w->position = 0;
}

static inline void hq_window_sum_complete(const HqNode *node, double *before)
{
    HqWindowSum *w = node->state;
    hq_window_sum_fold(w, w->suffix, before[node->in[0]]);
    before[node->out + HQ_WINDOW_PREFIX] = 0;
}

/**
 * The bar before is final: its value joins the segment.
 * @return whether the segment is complete: then hq_window_sum_complete() comes next. Both apart, so
 *         that a step can end with the rare path and needs no stack for it.
 */
HQ_MUST_USE static inline bool hq_window_sum_commit(const HqNode *node, const double *before)
{
    HqWindowSum *w = node->state;
    w->suffix[w->position] = before[node->in[0]];
    return ++w->position == w->segment;
}

/** Sum of x - pivot over the window that ends with the newest bar. */
static inline double hq_window_sum(const HqNode *node, double *line, const double *before)
{
    const HqWindowSum *w = node->state;
    double *now = line + node->out;
    const double *then = before + node->out;
    double prefix = then[HQ_WINDOW_PREFIX] + (line[node->in[0]] - w->pivot);
    now[HQ_WINDOW_PREFIX] = prefix;
    return w->suffix[w->position] + prefix;
}

/* ------------------------------------------------- sum and sum of squares */

/* Memory behind three places, which rows use as they like: both prefixes. */
enum { HQ_MOMENTS_PREFIX = 3, HQ_MOMENTS_SQUARES = 4 };

typedef struct HqWindowMoments {
    double pivot;
    double period;
    uint32_t segment;
    uint32_t position;
    double suffix[]; /* 2m: sum and sum of squares, side by side */
} HqWindowMoments;

static inline size_t hq_window_moments_size(const double *params)
{
    return sizeof(HqWindowMoments) + 2 * (size_t)hq_window_segment(params) * sizeof(double);
}

static inline void hq_window_moments_init(HqNode *node, double *before, const double *params)
{
    HqWindowMoments *w = node->state;
    (void)before;
    node->factor = 1 / params[0];
    w->period = params[0];
    w->segment = hq_window_segment(params);
    w->pivot = (double)NAN;
    hq_window_fill_unknown(w->suffix, 2 * (size_t)w->segment);
}

static inline bool hq_window_moments_holds(const double *params, void *fresh, const void *loaded)
{
    const HqWindowMoments *a = fresh, *b = loaded;
    (void)params;
    return a->period == b->period && a->segment == b->segment && b->position < b->segment;
}

#if defined(__GNUC__)
typedef double HqMoments __attribute__((vector_size(16))); /* both sums in one register */
#else
#  error "two doubles that are added together: GNU C's vectors are needed"
#endif

static inline HqMoments hq_moments_of(double d) { return (HqMoments){d, d * d}; }

static inline HqMoments hq_moments_load(const double *at)
{
    HqMoments both;
    memcpy(&both, at, sizeof both);
    return both;
}

static inline void hq_moments_store(double *at, HqMoments both) { memcpy(at, &both, sizeof both); }

/* Of the bars x, which stand `stride` apart. */
static inline void hq_window_moments_fold(HqWindowMoments *w, const double *x, size_t stride, double pivot)
{
    HqMoments sums = {0, 0};
#pragma GCC unroll 4 /* in a stream it is a tenth of the row's time */
    for (size_t q = w->segment; q-- > 0;) {
        sums += hq_moments_of(x[stride * q] - pivot);
        hq_moments_store(w->suffix + 2 * q, sums);
    }
    w->pivot = pivot;
    w->position = 0;
}

static inline void hq_window_moments_complete(const HqNode *node, double *before)
{
    HqWindowMoments *w = node->state;
    hq_window_moments_fold(w, w->suffix, 2, before[node->in[0]]);
    hq_put_two(before + node->out + HQ_MOMENTS_PREFIX, 0, 0);
}

/** As hq_window_sum_commit(). */
HQ_MUST_USE static inline bool hq_window_moments_commit(const HqNode *node, const double *before)
{
    HqWindowMoments *w = node->state;
    w->suffix[2 * (size_t)w->position] = before[node->in[0]];
    return ++w->position == w->segment;
}

/** Sum and sum of squares of x - pivot over the window that ends with the newest bar. */
static inline void hq_window_moments(const HqNode *node, double *line, const double *before,
                                     double *sum, double *squares)
{
    const HqWindowMoments *w = node->state;
    const double *suffix = w->suffix + 2 * (size_t)w->position, *then = before + node->out;
    double *now = line + node->out, d = line[node->in[0]] - w->pivot;
    double prefix = then[HQ_MOMENTS_PREFIX] + d, prefix_squares = then[HQ_MOMENTS_SQUARES] + d * d;
    hq_put_two(now + HQ_MOMENTS_PREFIX, prefix, prefix_squares);
    *sum = suffix[0] + prefix;
    *squares = suffix[1] + prefix_squares;
}

#endif
