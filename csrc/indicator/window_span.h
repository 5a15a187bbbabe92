/*
 * The sums of window.h over a block, a piece of HQ_WINDOW_PIECE bars at a time; what is made of them
 * follows in a loop of its own, where no bar waits for another.
 *
 * Only prefixes and suffixes are chains of additions. A segment that lies within the block's column is
 * folded from there: it waits for nothing that came before. So as many are taken at once as a register has
 * lanes, or as there are, a lane each (window_many.h); and where what is made of them is made there, too, the
 * whole block's. Only the bars of the others are kept in the window's state.
 */
#ifndef HQ_INDICATOR_WINDOW_SPAN_H
#define HQ_INDICATOR_WINDOW_SPAN_H

#include "indicator/deviation.h"
#include "indicator/window_many.h"

/** Bars whose sums a block's loop holds on its stack: so many as are taken at once, or fewer, which leave more
 * of the cache to others. */
enum { HQ_WINDOW_PIECE = HQ_WINDOW_MANY_BARS, HQ_WINDOW_SHORT_PIECE = 256 };

static inline size_t hq_window_piece(const HqSpan *span, size_t from, size_t segment)
{
    size_t most = HQ_WIDE_LANES_avx512 * segment <= HQ_WINDOW_SHORT_PIECE ? HQ_WINDOW_SHORT_PIECE : HQ_WINDOW_PIECE;
    return span->n - from < most ? span->n - from : most;
}

/* Whether the segment in which bar t of a block has a position is folded from the block's column. */
static inline bool hq_window_is_inside(const HqSpan *span, size_t t, size_t position, size_t segment)
{
    return t >= position && t - position + segment < span->n;
}

/* The most segments that a build takes at once. */
static inline size_t hq_window_lanes(void)
{
    uint32_t used = hq_simd_columns();
    return used == HQ_SIMD_AVX512 ? HQ_WIDE_LANES_avx512
           : used == HQ_SIMD_AVX2 ? HQ_WIDE_LANES_avx2 : HQ_WIDE_LANES_baseline;
}

/* Segments that are taken at once from bar t of a block on: as many as a build has lanes, or 0. One begins
 * there, after another that is in the block's column, and they are there, with the bars behind them: what they
 * leave behind is folded from the column, too. */
static inline size_t hq_window_at_once(const HqSpan *span, size_t t, size_t position, size_t segment)
{
    size_t left = span->n - t, n = hq_window_lanes();
    if (position + 1 != segment || t < segment)
        return 0;
    while (n >= HQ_WIDE_LANES_baseline && (n * segment > HQ_WINDOW_PIECE || n * segment + HQ_WINDOW_BEYOND > left))
        n /= 2;
    return n >= HQ_WIDE_LANES_baseline ? n : 0;
}

static inline size_t hq_window_least(size_t a, size_t b) { return a < b ? a : b; }

/* How often so many bars are there from bar t of a block on, with those behind them, within `room`. */
static inline size_t hq_window_groups(const HqSpan *span, size_t t, size_t bars, size_t room)
{
    return hq_window_least(span->n - t - HQ_WINDOW_BEYOND, room) / bars;
}

static inline void hq_window_fill(double *restrict array, size_t n, double value)
{
    for (size_t i = 0; i < n; i++)
        array[i] = value;
}

/* ------------------------------------------------------------------------ sum */

/** Of the bars of a piece: of x - pivot the sum over the window. */
typedef struct HqWindowSums {
    double sum[HQ_WINDOW_PIECE], pivot[HQ_WINDOW_PIECE];
} HqWindowSums;

/* The pivots of whole segments that begin at x. */
static inline void hq_window_fill_pivots(const double *x, size_t segment, size_t n, double *pivot)
{
    for (size_t k = 0; k < n; k++)
        hq_window_fill(pivot + k * segment, segment, (x - 1)[k * segment]);
}

static inline void hq_window_take_means(const HqWindowSums *sums, size_t from, size_t n, double period,
                                        double *restrict mean)
{
    for (size_t i = from; i < from + n; i++)
        mean[i] = hq_window_mean(sums->pivot[i], sums->sum[i], period);
}

/**
 * hq_window_sum_commit() and hq_window_sum() over a piece of a block: of the bars from `from` on.
 * @param[out] mean  of each bar's window, in place of `sums`, which then is of no use; or NULL.
 * @return bars, of sums at most HQ_WINDOW_PIECE; 0 behind the block's end.
 */
static inline size_t hq_window_sums(const HqNode *node, const HqSpan *span, size_t from,
                                    HqWindowSums *sums, double *mean)
{
    HqWindowSum *w = node->state;
    const double *x = span->in[0] + from;
    const size_t segment = w->segment, n = hq_window_piece(span, from, segment);
    double last = hq_span_last(span, 0, from), prefix = span->line[HQ_SPAN_OUT + HQ_WINDOW_PREFIX];
    size_t t = 0;
    for (size_t part; t < n; t += part, last = x[t - 1]) {
        size_t whole = hq_window_at_once(span, from + t, w->position, segment);
        if (whole > 0) {
            size_t groups = hq_window_groups(span, from + t, whole * segment, mean ? span->n : n - t);
            if (groups == 0)
                break; /* the next piece has room for them */
            part = groups * whole * segment;
            if (mean) {
                HQ_WINDOW_MANY(hq_window_many_means, whole)(x + t, segment, groups, span->ahead, w->period, mean + t);
                continue;
            }
            HQ_WINDOW_MANY(hq_window_many_sums, whole)(x + t, segment, groups, span->ahead, sums->sum + t);
            hq_window_fill_pivots(x + t, segment, groups * whole, sums->pivot + t);
            continue;
        }
        w->suffix[w->position] = last;
        if (++w->position == segment) {
            hq_window_sum_fold(w, from + t >= segment ? x + t - segment : w->suffix, last);
            prefix = 0;
        }
        const double *suffix = w->suffix + w->position, middle = w->pivot;
        part = hq_window_least(segment - w->position, n - t);
        for (size_t i = 0; i < part; i++) {
            prefix += x[t + i] - middle;
            sums->sum[t + i] = suffix[i] + prefix;
        }
        hq_window_fill(sums->pivot + t, part, middle);
        if (mean)
            hq_window_take_means(sums, t, part, w->period, mean);
        hq_fetch_for(span->ahead, part);
        if (!hq_window_is_inside(span, from + t, w->position, segment)) /* the newest bar is not final yet */
            memcpy(w->suffix + w->position, x + t, (part - 1) * sizeof *x);
        w->position += (uint32_t)part - 1;
    }
    span->line[HQ_SPAN_OUT + HQ_WINDOW_PREFIX] = prefix;
    return t;
}

/* ----------------------------------------------------- sum and sum of squares */

/** The sums and sums of squares of bars that are not taken at once, on their way. */
typedef struct HqWindowAllMoments {
    double sum[HQ_WINDOW_PIECE], squares[HQ_WINDOW_PIECE];
} HqWindowAllMoments;

/** What is made of them, and where it is to go: means and deviations; or, with pivots, of each window what its
 * mean lies above its pivot, and the variance. */
typedef struct HqWindowSpread {
    double *first, *second, *pivot;
} HqWindowSpread;

/* The same from a later bar on. */
static inline HqWindowSpread hq_window_spread_from(HqWindowSpread to, size_t t)
{
    return (HqWindowSpread){to.first + t, to.second + t, to.pivot ? to.pivot + t : NULL};
}

static inline void hq_window_take_spread(const HqNode *node, const HqWindowAllMoments *sums, size_t n,
                                         HqWindowSpread to)
{
    const HqWindowMoments *w = node->state;
    const double period = w->period, share = node->factor, middle = w->pivot;
    double *restrict first = to.first, *restrict second = to.second;
    if (!to.pivot) {
        for (size_t i = 0; i < n; i++) {
            first[i] = hq_window_mean(middle, sums->sum[i], period);
            second[i] = hq_deviation_of(sums->sum[i], sums->squares[i], share);
        }
        return;
    }
    for (size_t i = 0; i < n; i++) {
        first[i] = sums->sum[i] * share;
        second[i] = hq_spread_of(sums->sum[i], sums->squares[i], share);
    }
    hq_window_fill(to.pivot, n, middle);
}

/* Of `groups` times `whole` segments that begin at x. */
static inline void hq_window_many_spread(const HqNode *node, const HqSpan *span, const double *x, size_t whole,
                                         size_t groups, HqWindowSpread to)
{
    const HqWindowMoments *w = node->state;
    const size_t segment = w->segment;
    if (!to.pivot) {
        HQ_WINDOW_MANY(hq_window_many_deviations, whole)
        (x, segment, groups, span->ahead, w->period, to.first, to.second);
        return;
    }
    HQ_WINDOW_MANY(hq_window_many_spreads, whole)(x, segment, groups, span->ahead, w->period, to.first, to.second);
    hq_window_fill_pivots(x, segment, groups * whole, to.pivot);
}

/** As hq_window_sums(), all of a block at once where it can be. */
static inline size_t hq_window_all_moments(const HqNode *node, const HqSpan *span, size_t from,
                                           HqWindowAllMoments *sums, HqWindowSpread to)
{
    HqWindowMoments *w = node->state;
    const double *x = span->in[0] + from;
    const size_t segment = w->segment, n = hq_window_piece(span, from, segment);
    double last = hq_span_last(span, 0, from), *memory = span->line + HQ_SPAN_OUT + HQ_MOMENTS_PREFIX;
    HqMoments prefix = hq_moments_load(memory);
    size_t t = 0;
    for (size_t part; t < n; t += part, last = x[t - 1]) {
        HqWindowSpread here = hq_window_spread_from(to, from + t);
        size_t whole = hq_window_at_once(span, from + t, w->position, segment);
        if (whole > 0) {
            size_t groups = hq_window_groups(span, from + t, whole * segment, span->n);
            part = groups * whole * segment;
            hq_window_many_spread(node, span, x + t, whole, groups, here);
            continue;
        }
        w->suffix[2 * (size_t)w->position] = last;
        if (++w->position == segment) {
            if (from + t >= segment)
                hq_window_moments_fold(w, x + t - segment, 1, last);
            else
                hq_window_moments_fold(w, w->suffix, 2, last);
            prefix = (HqMoments){0, 0};
        }
        double *cell = w->suffix + 2 * (size_t)w->position, middle = w->pivot;
        part = hq_window_least(segment - w->position, n - t);
        for (size_t i = 0; i < part; i++) {
            prefix += hq_moments_of(x[t + i] - middle);
            HqMoments both = hq_moments_load(cell + 2 * i) + prefix;
            sums->sum[i] = both[0];
            sums->squares[i] = both[1];
        }
        hq_window_take_spread(node, sums, part, here);
        hq_fetch_for(span->ahead, part);
        if (!hq_window_is_inside(span, from + t, w->position, segment))
            for (size_t i = 0; i + 1 < part; i++) /* the newest bar is not final yet */
                cell[2 * i] = x[t + i];
        w->position += (uint32_t)part - 1;
    }
    hq_moments_store(memory, prefix);
    return t;
}

#endif
