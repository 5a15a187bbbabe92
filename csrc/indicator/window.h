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
 * period^2 * 2^-52 of the value: 1e-12 would be passed from some 500 bars on, so SMA, SUM and STDDEV
 * leave long windows to window_exact.h.
 *
 * Cost a bar: O(1) amortised, O(period) on the bar after a segment's end.
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

/** The mean of a window, from its sum of x - pivot: one rule for every row that gives it. */
static inline double hq_window_mean(double pivot, double sum, double period)
{
    return pivot + sum / period;
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

/* The segment is complete: its sums from each position to its end. */
HQ_RARE static void hq_window_sum_fold(HqWindowSum *w, double pivot)
{
    double sum = 0;
    for (uint32_t q = w->segment; q-- > 0;)
        w->suffix[q] = sum += w->suffix[q] - pivot;
    w->pivot = pivot;
    w->position = 0;
}

/** The bar before is final: its value joins the segment. */
static inline void hq_window_sum_commit(const HqNode *node, double *before)
{
    HqWindowSum *w = node->state;
    double x = before[node->in[0]];
    w->suffix[w->position] = x;
    if (HQ_UNLIKELY(++w->position == w->segment)) {
        hq_window_sum_fold(w, x);
        before[node->out + HQ_WINDOW_PREFIX] = 0;
    }
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

/* Memory: a place for the mean (HqRow.twin), then both prefixes. */
enum { HQ_MOMENTS_PREFIX = 2, HQ_MOMENTS_SQUARES = 3 };

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

HQ_RARE static void hq_window_moments_fold(HqWindowMoments *w, double pivot)
{
    double sum = 0, squares = 0;
    for (size_t q = w->segment; q-- > 0;) {
        double d = w->suffix[2 * q] - pivot;
        w->suffix[2 * q] = sum += d;
        w->suffix[2 * q + 1] = squares += d * d;
    }
    w->pivot = pivot;
    w->position = 0;
}

static inline void hq_window_moments_commit(const HqNode *node, double *before)
{
    HqWindowMoments *w = node->state;
    double x = before[node->in[0]];
    w->suffix[2 * (size_t)w->position] = x;
    if (HQ_UNLIKELY(++w->position == w->segment)) {
        hq_window_moments_fold(w, x);
        before[node->out + HQ_MOMENTS_PREFIX] = before[node->out + HQ_MOMENTS_SQUARES] = 0;
    }
}

/** Sum and sum of squares of x - pivot over the window that ends with the newest bar. */
static inline void hq_window_moments(const HqNode *node, double *line, const double *before,
                                     double *sum, double *squares)
{
    const HqWindowMoments *w = node->state;
    const double *suffix = w->suffix + 2 * (size_t)w->position, *then = before + node->out;
    double *now = line + node->out, d = line[node->in[0]] - w->pivot;
    double prefix = then[HQ_MOMENTS_PREFIX] + d, prefix_squares = then[HQ_MOMENTS_SQUARES] + d * d;
    now[HQ_MOMENTS_PREFIX] = prefix;
    now[HQ_MOMENTS_SQUARES] = prefix_squares;
    *sum = suffix[0] + prefix;
    *squares = suffix[1] + prefix_squares;
}

/* ---------------------------------------------------------------- extreme */

/* Both directions are the same code, told apart by the sign that makes "better" mean "larger". */
typedef struct HqWindowExtreme {
    uint32_t segment;
    uint32_t position;
    double suffix[];
} HqWindowExtreme;

static inline size_t hq_window_extreme_size(const double *params)
{
    return sizeof(HqWindowExtreme) + hq_window_segment(params) * sizeof(double);
}

static inline void hq_window_extreme_init(HqNode *node, double *before, const double *params)
{
    HqWindowExtreme *w = node->state;
    (void)before;
    w->segment = hq_window_segment(params);
    hq_window_fill_unknown(w->suffix, w->segment);
}

static inline bool hq_window_extreme_holds(const double *params, void *fresh, const void *loaded)
{
    const HqWindowExtreme *a = fresh, *b = loaded;
    (void)params;
    return a->segment == b->segment && b->position < b->segment;
}

/** The larger (sign 1) or smaller (sign -1) of the two; unknown if either is. */
static inline double hq_extreme_of(double a, double b, double sign)
{
    return sign * b > sign * a || hq_is_unknown(b) ? b : a;
}

HQ_RARE static void hq_window_extreme_fold(HqWindowExtreme *w, double sign)
{
    double best = w->suffix[w->segment - 1];
    for (uint32_t q = w->segment - 1; q-- > 0;)
        w->suffix[q] = best = hq_extreme_of(best, w->suffix[q], sign);
    w->position = 0;
}

static inline void hq_window_extreme_commit(const HqNode *node, double *before, double sign)
{
    HqWindowExtreme *w = node->state;
    w->suffix[w->position] = before[node->in[0]];
    if (HQ_UNLIKELY(++w->position == w->segment)) {
        hq_window_extreme_fold(w, sign);
        before[node->out + HQ_WINDOW_PREFIX] = -sign * (double)INFINITY;
    }
}

static inline double hq_window_extreme(const HqNode *node, double *line, const double *before,
                                       double sign)
{
    const HqWindowExtreme *w = node->state;
    const double *then = before + node->out;
    double prefix = hq_extreme_of(then[HQ_WINDOW_PREFIX], line[node->in[0]], sign);
    line[node->out + HQ_WINDOW_PREFIX] = prefix;
    return hq_extreme_of(w->suffix[w->position], prefix, sign);
}

#endif
