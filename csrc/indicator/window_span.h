/*
 * The sums of window.h over a block, a piece of HQ_WINDOW_PIECE bars at a time; what is made of them
 * follows in a loop of its own, where no bar waits for another.
 *
 * Only prefixes and suffixes are chains of additions. A segment that lies within the block's column is
 * folded from there: it waits for nothing that came before, so that a core works on it while the
 * prefixes go on. Only the bars of the others are kept in the window's state.
 */
#ifndef HQ_INDICATOR_WINDOW_SPAN_H
#define HQ_INDICATOR_WINDOW_SPAN_H

#include "indicator/window.h"

/** Bars whose sums a block's loop holds on its stack. */
enum { HQ_WINDOW_PIECE = 256 };

static inline size_t hq_window_piece(const HqSpan *span, size_t from)
{
    return span->n - from < HQ_WINDOW_PIECE ? span->n - from : HQ_WINDOW_PIECE;
}

/* Whether the segment in which bar t of a block has a position is folded from the block's column. */
static inline bool hq_window_is_inside(const HqSpan *span, size_t t, size_t position, size_t segment)
{
    return t >= position && t - position + segment < span->n;
}

static inline size_t hq_window_least(size_t a, size_t b) { return a < b ? a : b; }

static inline void hq_window_fill(double *restrict array, size_t n, double value)
{
    for (size_t i = 0; i < n; i++)
        array[i] = value;
}

/* ------------------------------------------------------------------------ sum */

/**
 * hq_window_sum_commit() and hq_window_sum() over a piece of a block: sums and pivots of the bars
 * from `from` on.
 * @return bars, at most HQ_WINDOW_PIECE; 0 behind the block's end.
 */
static inline size_t hq_window_sums(const HqNode *node, const HqSpan *span, size_t from,
                                    double *restrict sum, double *restrict pivot)
{
    HqWindowSum *w = node->state;
    const double *x = span->in[0] + from;
    const size_t n = hq_window_piece(span, from), segment = w->segment;
    double last = hq_span_last(span, 0, from), prefix = span->line[HQ_SPAN_OUT + HQ_WINDOW_PREFIX];
    for (size_t t = 0, part; t < n; t += part) {
        w->suffix[w->position] = last;
        if (++w->position == segment) {
            hq_window_sum_fold(w, from + t >= segment ? x + t - segment : w->suffix, last);
            prefix = 0;
        }
        const double *suffix = w->suffix + w->position, middle = w->pivot;
        part = hq_window_least(segment - w->position, n - t);
        for (size_t i = 0; i < part; i++)
            sum[t + i] = suffix[i] + (prefix += x[t + i] - middle);
        hq_window_fill(pivot + t, part, middle);
        if (!hq_window_is_inside(span, from + t, w->position, segment)) /* the newest bar is not final yet */
            memcpy(w->suffix + w->position, x + t, (part - 1) * sizeof *x);
        w->position += (uint32_t)part - 1;
        last = x[t + part - 1];
    }
    span->line[HQ_SPAN_OUT + HQ_WINDOW_PREFIX] = prefix;
    return n;
}

/* ----------------------------------------------------- sum and sum of squares */

/** As hq_window_sums(). @param sums  of each bar the sum and the sum of squares, side by side. */
static inline size_t hq_window_all_moments(const HqNode *node, const HqSpan *span, size_t from,
                                           double *restrict sums, double *restrict pivot)
{
    HqWindowMoments *w = node->state;
    const double *x = span->in[0] + from;
    const size_t n = hq_window_piece(span, from), segment = w->segment;
    double last = hq_span_last(span, 0, from), *memory = span->line + HQ_SPAN_OUT + HQ_MOMENTS_PREFIX;
    HqMoments prefix = hq_moments_load(memory);
    for (size_t t = 0, part; t < n; t += part) {
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
            hq_moments_store(sums + 2 * (t + i), hq_moments_load(cell + 2 * i) + prefix);
        }
        hq_window_fill(pivot + t, part, middle);
        hq_fetch(span->ahead, part * span->ahead->n / (2 * HQ_FETCH_BARS));
        if (!hq_window_is_inside(span, from + t, w->position, segment))
            for (size_t i = 0; i + 1 < part; i++) /* the newest bar is not final yet */
                cell[2 * i] = x[t + i];
        w->position += (uint32_t)part - 1;
        last = x[t + part - 1];
    }
    hq_moments_store(memory, prefix);
    return n;
}

#endif
