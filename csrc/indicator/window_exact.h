/*
 * Several sums over one window, each carried as a pair of doubles (pair.h): for long windows and
 * for sums of products, where the plain sums of window.h lose digits when the pivot is the
 * window's outlier. Segments, pivots and warm-up are those of window.h, and so is the cost.
 *
 * A term may have a weight that counts bars. With the newest bar at position r of its segment of m
 * bars, one at position q of the previous segment weighs m - q and one at position p of the current
 * one -p; a window's bar that is j bars old then weighs j - r, so that sum(j * d) is the weighted
 * sum and r times the plain one, and the weights of both segments stay what they are.
 */
#ifndef HQ_INDICATOR_WINDOW_EXACT_H
#define HQ_INDICATOR_WINDOW_EXACT_H

#include "indicator/pair.h"
#include "indicator/window.h"

enum { HQ_EXACT_INPUTS = 2, HQ_EXACT_SUMS = 5, HQ_EXACT_BARS = 128 };

/** From this period on plain sums could pass an error of 1e-12. */
enum { HQ_PERIOD_LONG = 129 };

static inline int hq_is_long(const double *params) { return params[0] >= HQ_PERIOD_LONG; }

/** What is summed, of which inputs, and where the node's memory for it begins behind node->out. */
typedef struct HqExactSums {
    uint32_t n_inputs;
    uint32_t n_sums; /* at least n_inputs; each takes two doubles of memory */
    uint32_t memory;
    void (*terms)(const HqPair *d, double weight, HqPair *term);
} HqExactSums;

typedef struct HqExactWindow {
    double pivot[HQ_EXACT_INPUTS]; /* the previous segment's last bar */
    double period;
    uint32_t segment;
    uint32_t position;
    HqPair suffix[]; /* n_sums a bar; the current segment's inputs stand in `high` until folded */
} HqExactWindow;

static inline size_t hq_exact_size(double period, uint32_t n_sums)
{
    return sizeof(HqExactWindow) + ((size_t)period - 1) * n_sums * sizeof(HqPair);
}

static inline void hq_exact_init(HqNode *node, double period, uint32_t n_sums)
{
    HqExactWindow *w = node->state;
    w->period = period;
    w->segment = (uint32_t)period - 1;
    for (uint32_t i = 0; i < HQ_EXACT_INPUTS; i++)
        w->pivot[i] = (double)NAN;
    hq_window_fill_unknown(&w->suffix[0].high, 2 * (size_t)w->segment * n_sums);
}

/** For a row's holds: the next value has its place. */
static inline bool hq_exact_holds(const double *params, void *fresh, const void *loaded)
{
    const HqExactWindow *a = fresh, *b = loaded;
    (void)params;
    return a->period == b->period && a->segment == b->segment && b->position < b->segment;
}

/** A number of bars in a row: of each sum the terms, or what they add up to. */
typedef struct HqExactPiece {
    double high[HQ_EXACT_SUMS][HQ_EXACT_BARS];
    double low[HQ_EXACT_SUMS][HQ_EXACT_BARS];
} HqExactPiece;

/* The terms of one bar, of x - pivot with nothing rounded away. */
static inline void hq_exact_put_terms(const HqExactSums *sums, const double *x, const double *pivot,
                                      double weight, HqExactPiece *piece, size_t i)
{
    HqPair d[HQ_EXACT_INPUTS], term[HQ_EXACT_SUMS];
    for (uint32_t k = 0; k < sums->n_inputs; k++)
        d[k] = hq_pair_of_sum(x[k], -pivot[k]);
    sums->terms(d, weight, term);
    for (uint32_t k = 0; k < sums->n_sums; k++) {
        piece->high[k][i] = term[k].high;
        piece->low[k][i] = term[k].low;
    }
}

/* The segment is complete: its sums from each position to its end. A piece's terms are there before
 * they are added up, so that only additions wait for each other. */
static inline void hq_exact_fold(HqExactWindow *w, const HqExactSums *sums, double *memory)
{
    HqPair total[HQ_EXACT_SUMS] = {{0, 0}};
    HqExactPiece piece;
    const HqPair *last = w->suffix + (size_t)(w->segment - 1) * sums->n_sums;
    for (uint32_t i = 0; i < sums->n_inputs; i++)
        w->pivot[i] = last[i].high;
    for (size_t end = w->segment, n; end > 0; end -= n) {
        n = end < HQ_EXACT_BARS ? end : HQ_EXACT_BARS;
        HqPair *cell = w->suffix + (end - n) * sums->n_sums;
        for (size_t i = 0; i < n; i++) {
            const HqPair *bar = cell + i * sums->n_sums;
            const double x[HQ_EXACT_INPUTS] = {bar[0].high, bar[sums->n_inputs - 1].high};
            double weight = (double)(w->segment - (end - n)) - (double)(int32_t)i;
            hq_exact_put_terms(sums, x, w->pivot, weight, &piece, i);
        }
        for (size_t i = n; i-- > 0;)
            for (uint32_t k = 0; k < sums->n_sums; k++)
                cell[i * sums->n_sums + k] = total[k] =
                    hq_pair_add(total[k], (HqPair){piece.high[k][i], piece.low[k][i]});
    }
    w->position = 0;
    for (uint32_t k = 0; k < 2 * sums->n_sums; k++)
        memory[k] = 0;
}

/** The bar before is final: its values join the segment. */
static inline void hq_exact_commit(const HqNode *node, double *before, const HqExactSums *sums)
{
    HqExactWindow *w = node->state;
    HqPair *cell = w->suffix + (size_t)w->position * sums->n_sums;
    for (uint32_t i = 0; i < sums->n_inputs; i++)
        cell[i].high = before[node->in[i]];
    if (HQ_UNLIKELY(++w->position == w->segment))
        hq_exact_fold(w, sums, before + node->out + sums->memory);
}

/** The sums over the window that ends with the newest bar, of terms of x - pivot. */
static inline void hq_exact_totals(const HqNode *node, double *line, const double *before,
                                   const HqExactSums *sums, HqPair *total)
{
    const HqExactWindow *w = node->state;
    const HqPair *suffix = w->suffix + (size_t)w->position * sums->n_sums;
    double *now = line + node->out + sums->memory;
    const double *then = before + node->out + sums->memory;
    HqPair d[HQ_EXACT_INPUTS]; /* x - pivot, nothing rounded away */
    HqPair term[HQ_EXACT_SUMS];
    for (uint32_t i = 0; i < sums->n_inputs; i++)
        d[i] = hq_pair_of_sum(line[node->in[i]], -w->pivot[i]);
    sums->terms(d, -(double)w->position, term);
    for (uint32_t k = 0; k < sums->n_sums; k++) {
        HqPair prefix = hq_pair_add((HqPair){then[2 * k], then[2 * k + 1]}, term[k]);
        now[2 * k] = prefix.high;
        now[2 * k + 1] = prefix.low;
        total[k] = hq_pair_plus(suffix[k], prefix);
    }
}

/** What hq_exact_totals() gives, of several bars. */
typedef struct HqExactTotals {
    HqExactPiece sum;
    double pivot[HQ_EXACT_INPUTS][HQ_EXACT_BARS];
    double position[HQ_EXACT_BARS];
} HqExactTotals;

/* Pivot and position of each bar, as hq_exact_commit() will have set them. */
static inline void hq_exact_places(const HqExactWindow *w, const HqExactSums *sums,
                                   const double *const *x, const double *last, size_t n,
                                   HqExactTotals *totals)
{
    double pivot[HQ_EXACT_INPUTS] = {w->pivot[0], w->pivot[1]};
    uint32_t position = w->position;
    for (size_t i = 0; i < n; i++) {
        if (++position == w->segment) {
            position = 0;
            for (uint32_t k = 0; k < sums->n_inputs; k++)
                pivot[k] = i > 0 ? x[k][i - 1] : last[k];
        }
        for (uint32_t k = 0; k < sums->n_inputs; k++)
            totals->pivot[k][i] = pivot[k];
        totals->position[i] = (double)(int32_t)position;
    }
}

/* Of n bars of one segment the prefixes, from their terms, and the suffixes that they go with. */
static inline void hq_exact_add_up(const HqExactSums *sums, HqPair *cell, const double *const *x,
                                   size_t from, size_t n, double *memory, HqExactPiece *prefixes,
                                   HqExactPiece *suffixes)
{
    HqPair prefix[HQ_EXACT_SUMS], *newest = cell + (n - 1) * sums->n_sums, kept[HQ_EXACT_INPUTS];
    for (uint32_t k = 0; k < sums->n_sums; k++)
        prefix[k] = (HqPair){memory[2 * k], memory[2 * k + 1]};
    for (uint32_t k = 0; k < sums->n_inputs; k++)
        kept[k] = newest[k];
    for (size_t i = 0, t = from; i < n; i++, t++, cell += sums->n_sums) {
        for (uint32_t k = 0; k < sums->n_sums; k++) {
            suffixes->high[k][t] = cell[k].high;
            suffixes->low[k][t] = cell[k].low;
            prefix[k] = hq_pair_add(prefix[k], (HqPair){prefixes->high[k][t], prefixes->low[k][t]});
            prefixes->high[k][t] = prefix[k].high;
            prefixes->low[k][t] = prefix[k].low;
        }
        for (uint32_t k = 0; k < sums->n_inputs; k++)
            cell[k].high = x[k][t];
    }
    for (uint32_t k = 0; k < sums->n_inputs; k++)
        newest[k] = kept[k]; /* the newest bar is not final yet */
    for (uint32_t k = 0; k < sums->n_sums; k++) {
        memory[2 * k] = prefix[k].high;
        memory[2 * k + 1] = prefix[k].low;
    }
}

/**
 * hq_exact_commit() and hq_exact_totals() over a piece of a block. Only prefixes and suffixes wait for
 * each other; what comes before and after them are loops over the whole piece.
 * @return bars from `from` on, at most HQ_EXACT_BARS; 0 behind the block's end.
 */
static inline size_t hq_exact_all_totals(const HqNode *node, const HqSpan *span, size_t from,
                                         const HqExactSums *sums, HqExactTotals *totals)
{
    HqExactWindow *w = node->state;
    HqExactPiece suffixes, *prefixes = &totals->sum;
    double *memory = span->line + HQ_SPAN_OUT + sums->memory, last[HQ_EXACT_INPUTS] = {0};
    size_t n = span->n - from < HQ_EXACT_BARS ? span->n - from : HQ_EXACT_BARS;
    const double *x[HQ_EXACT_INPUTS] = {span->in[0] + from, span->in[sums->n_inputs - 1] + from};
    for (uint32_t k = 0; k < sums->n_inputs; k++)
        last[k] = hq_span_last(span, (int)k, from);
    hq_exact_places(w, sums, x, last, n, totals);
    for (size_t i = 0; i < n; i++) {
        const double bar[HQ_EXACT_INPUTS] = {x[0][i], x[1][i]};
        const double pivot[HQ_EXACT_INPUTS] = {totals->pivot[0][i], totals->pivot[sums->n_inputs - 1][i]};
        hq_exact_put_terms(sums, bar, pivot, -totals->position[i], prefixes, i);
    }
    for (size_t t = 0, part; t < n; t += part) {
        HqPair *cell = w->suffix + (size_t)w->position * sums->n_sums;
        for (uint32_t k = 0; k < sums->n_inputs; k++)
            cell[k].high = t > 0 ? x[k][t - 1] : last[k];
        if (++w->position == w->segment)
            hq_exact_fold(w, sums, memory);
        part = w->segment - w->position < n - t ? w->segment - w->position : n - t;
        cell = w->suffix + (size_t)w->position * sums->n_sums;
        hq_exact_add_up(sums, cell, x, t, part, memory, prefixes, &suffixes);
        w->position += (uint32_t)part - 1;
    }
    for (uint32_t k = 0; k < sums->n_sums; k++)
        for (size_t i = 0; i < n; i++) {
            HqPair suffix = {suffixes.high[k][i], suffixes.low[k][i]};
            HqPair sum = hq_pair_plus(suffix, (HqPair){prefixes->high[k][i], prefixes->low[k][i]});
            prefixes->high[k][i] = sum.high;
            prefixes->low[k][i] = sum.low;
        }
    return n;
}

/** One of the sums at a bar of a piece. */
static inline HqPair hq_exact_total(const HqExactTotals *totals, uint32_t sum, size_t i)
{
    return (HqPair){totals->sum.high[sum][i], totals->sum.low[sum][i]};
}

/* ------------------------------------------------------------------- the terms */

static inline void hq_exact_sum_terms(const HqPair *d, double weight, HqPair *term)
{
    (void)weight;
    term[0] = d[0];
}

static inline void hq_exact_moment_terms(const HqPair *d, double weight, HqPair *term)
{
    (void)weight;
    term[0] = d[0];
    term[1] = hq_pair_times(d[0], d[0]);
}

static inline void hq_exact_weighted_terms(const HqPair *d, double weight, HqPair *term)
{
    term[0] = d[0];
    term[1] = hq_pair_scaled(d[0], weight);
}

/* x, y, x*x, y*y, x*y */
static inline void hq_exact_comoment_terms(const HqPair *d, double weight, HqPair *term)
{
    (void)weight;
    term[0] = d[0];
    term[1] = d[1];
    term[2] = hq_pair_times(d[0], d[0]);
    term[3] = hq_pair_times(d[1], d[1]);
    term[4] = hq_pair_times(d[0], d[1]);
}

/* ----------------------------------------------------------- what is made of them */

/** The mean, from the sum of x - pivot: the pivot itself, to the last bit, when that is 0. */
static inline double hq_exact_mean(double pivot, HqPair sum, double period)
{
    HqPair offset = hq_pair_divided(sum, period), mean = hq_pair_of_sum(pivot, offset.high);
    return mean.high + (mean.low + offset.low);
}

/** n^2 times the covariance (of x with itself: the variance), which no shift changes. */
static inline double hq_exact_spread(double n, HqPair x, HqPair y, HqPair product)
{
    HqPair spread = hq_pair_minus(hq_pair_scaled(product, n), hq_pair_times(x, y));
    return spread.high;
}

/** The same of x with itself, never below 0. */
static inline double hq_exact_square_spread(double n, HqPair x, HqPair square)
{
    double spread = hq_exact_spread(n, x, x, square);
    return spread < 0 ? 0 : spread;
}

#endif
