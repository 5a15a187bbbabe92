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
 *
 * Over a block, a segment's part of it at a time: only the prefixes are a chain of additions. What is
 * made of the sums follows in a loop of its own, over HQ_WINDOW_PIECE bars, where no bar waits.
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

/** Bars whose sums a block's loop holds on its stack. */
enum { HQ_WINDOW_PIECE = 256 };

static inline size_t hq_window_piece(const HqSpan *span, size_t from)
{
    return span->n - from < HQ_WINDOW_PIECE ? span->n - from : HQ_WINDOW_PIECE;
}

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
static inline void hq_window_sum_fold(HqWindowSum *w, double pivot)
{
    double sum = 0;
    for (size_t q = w->segment; q-- > 0;)
        w->suffix[q] = sum += w->suffix[q] - pivot;
    w->pivot = pivot;
    w->position = 0;
}

HQ_RARE static void hq_window_sum_complete(HqWindowSum *w, double pivot, double *prefix)
{
    hq_window_sum_fold(w, pivot);
    *prefix = 0;
}

/** The bar before is final: its value joins the segment. */
static inline void hq_window_sum_commit(const HqNode *node, double *before)
{
    HqWindowSum *w = node->state;
    double x = before[node->in[0]];
    w->suffix[w->position] = x;
    if (HQ_UNLIKELY(++w->position == w->segment))
        hq_window_sum_complete(w, x, &before[node->out + HQ_WINDOW_PREFIX]);
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

/**
 * The same over a piece of a block: sums and pivots of the bars from `from` on.
 * @return bars, at most HQ_WINDOW_PIECE; 0 behind the block's end.
 */
static inline size_t hq_window_sums(const HqNode *node, const HqSpan *span, size_t from,
                                    double *restrict sum, double *restrict pivot)
{
    HqWindowSum *w = node->state;
    const double *x = span->in[0] + from;
    size_t n = hq_window_piece(span, from);
    double last = hq_span_last(span, 0, from), prefix = span->line[HQ_SPAN_OUT + HQ_WINDOW_PREFIX];
    for (size_t t = 0, part; t < n; t += part) {
        w->suffix[w->position] = last;
        if (++w->position == w->segment) {
            hq_window_sum_fold(w, last);
            prefix = 0;
        }
        part = w->segment - w->position < n - t ? w->segment - w->position : n - t;
        double *cell = w->suffix + w->position, middle = w->pivot, kept = cell[part - 1];
        for (size_t i = 0; i < part; i++) {
            prefix += x[t + i] - middle;
            sum[t + i] = cell[i] + prefix;
            pivot[t + i] = middle;
            cell[i] = x[t + i];
        }
        cell[part - 1] = kept; /* the newest bar is not final yet */
        w->position += (uint32_t)part - 1;
        last = x[t + part - 1];
    }
    span->line[HQ_SPAN_OUT + HQ_WINDOW_PREFIX] = prefix;
    return n;
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

static inline void hq_window_moments_fold(HqWindowMoments *w, double pivot)
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

HQ_RARE static void hq_window_moments_complete(HqWindowMoments *w, double pivot, double *then)
{
    hq_window_moments_fold(w, pivot);
    then[HQ_MOMENTS_PREFIX] = then[HQ_MOMENTS_SQUARES] = 0;
}

static inline void hq_window_moments_commit(const HqNode *node, double *before)
{
    HqWindowMoments *w = node->state;
    double x = before[node->in[0]];
    w->suffix[2 * (size_t)w->position] = x;
    if (HQ_UNLIKELY(++w->position == w->segment))
        hq_window_moments_complete(w, x, before + node->out);
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

/** As hq_window_sums(). */
static inline size_t hq_window_all_moments(const HqNode *node, const HqSpan *span, size_t from,
                                           double *restrict sum, double *restrict squares,
                                           double *restrict pivot)
{
    HqWindowMoments *w = node->state;
    const double *x = span->in[0] + from;
    size_t n = hq_window_piece(span, from);
    double last = hq_span_last(span, 0, from);
    double prefix = span->line[HQ_SPAN_OUT + HQ_MOMENTS_PREFIX];
    double prefix_squares = span->line[HQ_SPAN_OUT + HQ_MOMENTS_SQUARES];
    for (size_t t = 0, part; t < n; t += part) {
        w->suffix[2 * (size_t)w->position] = last;
        if (++w->position == w->segment) {
            hq_window_moments_fold(w, last);
            prefix = prefix_squares = 0;
        }
        part = w->segment - w->position < n - t ? w->segment - w->position : n - t;
        double *cell = w->suffix + 2 * (size_t)w->position, middle = w->pivot;
        double kept = cell[2 * part - 2];
        hq_fetch(span->ahead, span->ahead->n / 2, from + t, from + t + part);
        for (size_t i = 0; i < part; i++) {
            double d = x[t + i] - middle;
            prefix += d;
            prefix_squares += d * d;
            sum[t + i] = cell[2 * i] + prefix;
            squares[t + i] = cell[2 * i + 1] + prefix_squares;
            pivot[t + i] = middle;
            cell[2 * i] = x[t + i];
        }
        cell[2 * part - 2] = kept;
        w->position += (uint32_t)part - 1;
        last = x[t + part - 1];
    }
    span->line[HQ_SPAN_OUT + HQ_MOMENTS_PREFIX] = prefix;
    span->line[HQ_SPAN_OUT + HQ_MOMENTS_SQUARES] = prefix_squares;
    return n;
}

#endif
