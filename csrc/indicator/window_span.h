/*
 * The sums of window.h over a block, a piece of HQ_WINDOW_PIECE bars at a time; what is made of them
 * follows in a loop of its own, where no bar waits for another.
 *
 * Only prefixes and suffixes are chains of additions. A segment that lies within the block's column is
 * folded from there: it waits for nothing that came before. So four segments are taken at once where
 * there are as many, a lane each (window_four.h), or two, four chains side by side. Only the bars of the
 * others are kept in the window's state.
 *
 * Where sums come one by one, both of a window are stored apart and added up later, many at a time: what
 * has just been written so is slow to read together.
 */
#ifndef HQ_INDICATOR_WINDOW_SPAN_H
#define HQ_INDICATOR_WINDOW_SPAN_H

#include "indicator/deviation.h"
#include "indicator/window_four.h"

/** Bars whose sums a block's loop holds on its stack: so many as four long segments have, or fewer, which
 * leave more of the cache to others. */
enum { HQ_WINDOW_PIECE = 512, HQ_WINDOW_SHORT_PIECE = 256 };

static inline size_t hq_window_piece(const HqSpan *span, size_t from, size_t segment)
{
    size_t most = 4 * segment <= HQ_WINDOW_SHORT_PIECE ? HQ_WINDOW_SHORT_PIECE : HQ_WINDOW_PIECE;
    return span->n - from < most ? span->n - from : most;
}

/* Whether the segment in which bar t of a block has a position is folded from the block's column. */
static inline bool hq_window_is_inside(const HqSpan *span, size_t t, size_t position, size_t segment)
{
    return t >= position && t - position + segment < span->n;
}

/* Segments that are taken at once from bar t of a block on: 4, 2, or 0. One begins there, after another
 * that is in the block's column, and they are there, with the bar behind them: what they leave behind is
 * folded from the column, too. */
static inline size_t hq_window_at_once(const HqSpan *span, size_t t, size_t position, size_t segment)
{
    size_t left = span->n - t;
    if (position + 1 != segment || t < segment)
        return 0;
    bool fits_lanes = segment >= HQ_FOUR_SEGMENT_LEAST && segment <= HQ_FOUR_SEGMENT_MOST;
    if (fits_lanes && 4 * segment + HQ_FOUR_BEYOND <= left && hq_has_fours())
        return 4;
    return 2 * segment < left && 2 * segment <= HQ_WINDOW_PIECE ? 2 : 0;
}

_Static_assert(4 * HQ_FOUR_SEGMENT_MOST <= HQ_WINDOW_PIECE, "a piece has room for four of them");

static inline size_t hq_window_least(size_t a, size_t b) { return a < b ? a : b; }

/* Half of what as many bars of the next block take, where recurrences do not have more time for it. */
static inline void hq_window_fetch(const HqSpan *span, size_t bars)
{
    if (!span->ahead->is_left_to_recurrences)
        hq_fetch(span->ahead, bars * span->ahead->n / (2 * HQ_FETCH_BARS));
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

/* Sums over what the window holds of both segments, from bar t of the piece on. */
typedef struct HqWindowApart {
    double suffix[HQ_WINDOW_PIECE], prefix[HQ_WINDOW_PIECE];
} HqWindowApart;

static inline void hq_window_add_up(const HqWindowApart *apart, size_t n, double *restrict sum)
{
    for (size_t i = 0; i < n; i++)
        sum[i] = apart->suffix[i] + apart->prefix[i];
}

/* Of two whole segments that begin at x. */
static inline void hq_window_two_sums(const double *x, size_t segment, double *restrict sum)
{
    const double *before = x - segment, *behind = x + segment, one = x[-1], two = behind[-1];
    HqWindowApart apart;
    double suffix_one = 0, suffix_two = 0, prefix_one = 0, prefix_two = 0;
    for (size_t i = 0, q = segment; q-- > 0; i++) {
        apart.suffix[q] = suffix_one += before[q] - one;
        apart.suffix[segment + q] = suffix_two += x[q] - two;
        apart.prefix[i] = prefix_one += x[i] - one;
        apart.prefix[segment + i] = prefix_two += behind[i] - two;
    }
    hq_window_add_up(&apart, 2 * segment, sum);
}

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
 * @return bars, at most HQ_WINDOW_PIECE; 0 behind the block's end.
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
            part = whole * segment;
            if (n - t < part)
                break; /* the next piece has room for them */
            hq_window_fetch(span, part);
            if (whole == 4 && mean) {
                hq_window_four_means(x + t, segment, w->period, mean + t);
                continue;
            }
            if (whole == 4)
                hq_window_four_sums(x + t, segment, sums->sum + t);
            else
                hq_window_two_sums(x + t, segment, sums->sum + t);
            hq_window_fill_pivots(x + t, segment, whole, sums->pivot + t);
            if (mean)
                hq_window_take_means(sums, t, part, w->period, mean);
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
        hq_window_fetch(span, part);
        if (!hq_window_is_inside(span, from + t, w->position, segment)) /* the newest bar is not final yet */
            memcpy(w->suffix + w->position, x + t, (part - 1) * sizeof *x);
        w->position += (uint32_t)part - 1;
    }
    span->line[HQ_SPAN_OUT + HQ_WINDOW_PREFIX] = prefix;
    return t;
}

/* ----------------------------------------------------- sum and sum of squares */

/** As HqWindowSums: of each bar the sum and the sum of squares. */
typedef struct HqWindowAllMoments {
    double sum[HQ_WINDOW_PIECE], squares[HQ_WINDOW_PIECE], pivot[HQ_WINDOW_PIECE];
} HqWindowAllMoments;

/* Both sums of a bar side by side. */
typedef struct HqMomentsApart {
    double suffix[2 * HQ_WINDOW_PIECE], prefix[2 * HQ_WINDOW_PIECE];
} HqMomentsApart;

/* As hq_window_two_sums(). */
static inline void hq_window_two_moments(const double *x, size_t segment, double *restrict sum,
                                         double *restrict squares)
{
    const double *before = x - segment, *behind = x + segment, one = x[-1], two = behind[-1];
    HqMomentsApart apart;
    HqMoments suffix_one = {0, 0}, suffix_two = {0, 0}, prefix_one = {0, 0}, prefix_two = {0, 0};
    for (size_t i = 0, q = segment; q-- > 0; i++) {
        hq_moments_store(apart.suffix + 2 * q, suffix_one += hq_moments_of(before[q] - one));
        hq_moments_store(apart.suffix + 2 * (segment + q), suffix_two += hq_moments_of(x[q] - two));
        hq_moments_store(apart.prefix + 2 * i, prefix_one += hq_moments_of(x[i] - one));
        hq_moments_store(apart.prefix + 2 * (segment + i), prefix_two += hq_moments_of(behind[i] - two));
    }
    for (size_t i = 0; i < 2 * segment; i++) {
        sum[i] = apart.suffix[2 * i] + apart.prefix[2 * i];
        squares[i] = apart.suffix[2 * i + 1] + apart.prefix[2 * i + 1];
    }
}

/** Where means and standard deviations are to go; NULL, both, where they are not asked for. */
typedef struct HqWindowSpread {
    double *mean, *deviation;
} HqWindowSpread;

static inline void hq_window_take_spread(const HqNode *node, const HqWindowAllMoments *sums, size_t from,
                                         size_t n, HqWindowSpread to)
{
    const double period = ((const HqWindowMoments *)node->state)->period, share = node->factor;
    double *restrict mean = to.mean, *restrict deviation = to.deviation;
    for (size_t i = from; i < from + n; i++) {
        mean[i] = hq_window_mean(sums->pivot[i], sums->sum[i], period);
        deviation[i] = hq_deviation_of(sums->sum[i], sums->squares[i], share);
    }
}

/** As hq_window_sums(). */
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
        size_t whole = hq_window_at_once(span, from + t, w->position, segment);
        if (whole > 0) {
            part = whole * segment;
            if (n - t < part)
                break;
            hq_window_fetch(span, part);
            if (whole == 4 && to.mean) {
                hq_window_four_deviations(x + t, segment, w->period, to.mean + t, to.deviation + t);
                continue;
            }
            if (whole == 4)
                hq_window_four_moments(x + t, segment, sums->sum + t, sums->squares + t);
            else
                hq_window_two_moments(x + t, segment, sums->sum + t, sums->squares + t);
            hq_window_fill_pivots(x + t, segment, whole, sums->pivot + t);
            if (to.mean)
                hq_window_take_spread(node, sums, t, part, to);
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
            sums->sum[t + i] = both[0];
            sums->squares[t + i] = both[1];
        }
        hq_window_fill(sums->pivot + t, part, middle);
        if (to.mean)
            hq_window_take_spread(node, sums, t, part, to);
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
