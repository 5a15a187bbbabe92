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

enum { HQ_EXACT_INPUTS = 2, HQ_EXACT_SUMS = 5 };

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

/* The segment is complete: its sums from each position to its end. */
static inline void hq_exact_fold(HqExactWindow *w, const HqExactSums *sums, double *memory)
{
    HqPair total[HQ_EXACT_SUMS] = {{0, 0}}, term[HQ_EXACT_SUMS];
    const HqPair *last = w->suffix + (size_t)(w->segment - 1) * sums->n_sums;
    HqPair d[HQ_EXACT_INPUTS]; /* x - pivot, nothing rounded away */
    for (uint32_t i = 0; i < sums->n_inputs; i++)
        w->pivot[i] = last[i].high;
    for (uint32_t q = w->segment; q-- > 0;) {
        HqPair *cell = w->suffix + (size_t)q * sums->n_sums;
        for (uint32_t i = 0; i < sums->n_inputs; i++)
            d[i] = hq_pair_of_sum(cell[i].high, -w->pivot[i]);
        sums->terms(d, (double)(w->segment - q), term);
        for (uint32_t k = 0; k < sums->n_sums; k++)
            cell[k] = total[k] = hq_pair_plus(total[k], term[k]);
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
        HqPair prefix = hq_pair_plus((HqPair){then[2 * k], then[2 * k + 1]}, term[k]);
        now[2 * k] = prefix.high;
        now[2 * k + 1] = prefix.low;
        total[k] = hq_pair_plus(suffix[k], prefix);
    }
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
