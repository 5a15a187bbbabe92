/*
 * The sums of window.h over a block, a piece of HQ_WINDOW_PIECE bars at a time; what is made of them
 * follows in a loop of its own, where no bar waits for another.
 *
 * Only prefixes and suffixes are chains of additions. A segment that lies within the block's column is
 * folded from there: it waits for nothing that came before. So two segments are taken at once where
 * there are two, four chains side by side. Only the bars of the others are kept in the window's state.
 *
 * Both sums of a window are stored apart and added up later, many at a time: what has just been written
 * one by one is slow to read together.
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

/* Whether a segment begins with bar t of a block, after one that is in the block's column, and two are
 * there, with the bar behind them: what they leave behind is folded from the column, too. */
static inline bool hq_window_has_two(const HqSpan *span, size_t t, size_t position, size_t segment)
{
    return position + 1 == segment && t >= segment && t + 2 * segment < span->n &&
           2 * segment <= HQ_WINDOW_PIECE;
}

static inline size_t hq_window_least(size_t a, size_t b) { return a < b ? a : b; }

/* Half of what as many bars of the next block take, where no recurrence has more time for it. */
static inline void hq_window_fetch(const HqSpan *span, size_t bars)
{
    if (!span->ahead->has_recurrences)
        hq_fetch(span->ahead, bars * span->ahead->n / (2 * HQ_FETCH_BARS));
}

static inline void hq_window_fill(double *restrict array, size_t n, double value)
{
    for (size_t i = 0; i < n; i++)
        array[i] = value;
}

/* ------------------------------------------------------------------------ sum */

/** Of the bars of a piece: of x - pivot the sums over what the window holds of both segments. */
typedef struct HqWindowSums {
    double suffix[HQ_WINDOW_PIECE], prefix[HQ_WINDOW_PIECE], pivot[HQ_WINDOW_PIECE];
} HqWindowSums;

static inline double hq_window_sum_at(const HqWindowSums *sums, size_t i)
{
    return sums->suffix[i] + sums->prefix[i];
}

/* Of two whole segments that begin at x, from bar t of the piece on. */
static inline void hq_window_two_sums(const double *x, size_t segment, HqWindowSums *sums, size_t t)
{
    const double *before = x - segment, *behind = x + segment, one = x[-1], two = behind[-1];
    double *restrict suffix = sums->suffix + t, *restrict prefix = sums->prefix + t;
    double suffix_one = 0, suffix_two = 0, prefix_one = 0, prefix_two = 0;
    for (size_t i = 0, q = segment; q-- > 0; i++) {
        suffix[q] = suffix_one += before[q] - one;
        suffix[segment + q] = suffix_two += x[q] - two;
        prefix[i] = prefix_one += x[i] - one;
        prefix[segment + i] = prefix_two += behind[i] - two;
    }
    hq_window_fill(sums->pivot + t, segment, one);
    hq_window_fill(sums->pivot + t + segment, segment, two);
}

/**
 * hq_window_sum_commit() and hq_window_sum() over a piece of a block: of the bars from `from` on.
 * @return bars, at most HQ_WINDOW_PIECE; 0 behind the block's end.
 */
static inline size_t hq_window_sums(const HqNode *node, const HqSpan *span, size_t from,
                                    HqWindowSums *sums)
{
    HqWindowSum *w = node->state;
    const double *x = span->in[0] + from;
    const size_t n = hq_window_piece(span, from), segment = w->segment;
    double last = hq_span_last(span, 0, from), prefix = span->line[HQ_SPAN_OUT + HQ_WINDOW_PREFIX];
    size_t t = 0;
    for (size_t part; t < n; t += part, last = x[t - 1]) {
        if (hq_window_has_two(span, from + t, w->position, segment)) {
            part = 2 * segment;
            if (n - t < part)
                break; /* the next piece has room for both */
            hq_window_two_sums(x + t, segment, sums, t);
            hq_window_fetch(span, part);
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
            sums->suffix[t + i] = suffix[i];
            sums->prefix[t + i] = prefix += x[t + i] - middle;
        }
        hq_window_fill(sums->pivot + t, part, middle);
        hq_window_fetch(span, part);
        if (!hq_window_is_inside(span, from + t, w->position, segment)) /* the newest bar is not final yet */
            memcpy(w->suffix + w->position, x + t, (part - 1) * sizeof *x);
        w->position += (uint32_t)part - 1;
    }
    span->line[HQ_SPAN_OUT + HQ_WINDOW_PREFIX] = prefix;
    return t;
}

/* ----------------------------------------------------- sum and sum of squares */

/** As HqWindowSums: of each bar the sum and the sum of squares, side by side. */
typedef struct HqWindowAllMoments {
    double suffix[2 * HQ_WINDOW_PIECE], prefix[2 * HQ_WINDOW_PIECE];
} HqWindowAllMoments;

static inline double hq_window_offset_at(const HqWindowAllMoments *sums, size_t i)
{
    return sums->suffix[2 * i] + sums->prefix[2 * i];
}

static inline double hq_window_squares_at(const HqWindowAllMoments *sums, size_t i)
{
    return sums->suffix[2 * i + 1] + sums->prefix[2 * i + 1];
}

/* As hq_window_two_sums(). */
static inline void hq_window_two_moments(const double *x, size_t segment, HqWindowAllMoments *sums,
                                         double *restrict pivot, size_t t)
{
    const double *before = x - segment, *behind = x + segment, one = x[-1], two = behind[-1];
    double *restrict suffix = sums->suffix + 2 * t, *restrict prefix = sums->prefix + 2 * t;
    HqMoments suffix_one = {0, 0}, suffix_two = {0, 0}, prefix_one = {0, 0}, prefix_two = {0, 0};
    for (size_t i = 0, q = segment; q-- > 0; i++) {
        hq_moments_store(suffix + 2 * q, suffix_one += hq_moments_of(before[q] - one));
        hq_moments_store(suffix + 2 * (segment + q), suffix_two += hq_moments_of(x[q] - two));
        hq_moments_store(prefix + 2 * i, prefix_one += hq_moments_of(x[i] - one));
        hq_moments_store(prefix + 2 * (segment + i), prefix_two += hq_moments_of(behind[i] - two));
    }
    hq_window_fill(pivot + t, segment, one);
    hq_window_fill(pivot + t + segment, segment, two);
}

/** As hq_window_sums(). @param pivot  of each bar. */
static inline size_t hq_window_all_moments(const HqNode *node, const HqSpan *span, size_t from,
                                           HqWindowAllMoments *sums, double *restrict pivot)
{
    HqWindowMoments *w = node->state;
    const double *x = span->in[0] + from;
    const size_t n = hq_window_piece(span, from), segment = w->segment;
    double last = hq_span_last(span, 0, from), *memory = span->line + HQ_SPAN_OUT + HQ_MOMENTS_PREFIX;
    HqMoments prefix = hq_moments_load(memory);
    size_t t = 0;
    for (size_t part; t < n; t += part, last = x[t - 1]) {
        if (hq_window_has_two(span, from + t, w->position, segment)) {
            part = 2 * segment;
            if (n - t < part)
                break;
            hq_window_two_moments(x + t, segment, sums, pivot, t);
            hq_window_fetch(span, part);
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
            hq_moments_store(sums->suffix + 2 * (t + i), hq_moments_load(cell + 2 * i));
            hq_moments_store(sums->prefix + 2 * (t + i), prefix += hq_moments_of(x[t + i] - middle));
        }
        hq_window_fill(pivot + t, part, middle);
        hq_window_fetch(span, part);
        if (!hq_window_is_inside(span, from + t, w->position, segment))
            for (size_t i = 0; i + 1 < part; i++) /* the newest bar is not final yet */
                cell[2 * i] = x[t + i];
        w->position += (uint32_t)part - 1;
    }
    hq_moments_store(memory, prefix);
    return t;
}

#endif
