/* The largest or the smallest value of a window, by the segments of window.h. */
#ifndef HQ_INDICATOR_WINDOW_EXTREME_H
#define HQ_INDICATOR_WINDOW_EXTREME_H

#include "indicator/window.h"

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
    double better = sign > 0 ? (b > a ? b : a) : (b < a ? b : a);
    return hq_is_unknown(b) ? b : better;
}

static inline void hq_window_extreme_fold(HqWindowExtreme *w, double sign)
{
    double best = w->suffix[w->segment - 1];
    for (size_t q = w->segment - 1; q-- > 0;)
        w->suffix[q] = best = hq_extreme_of(best, w->suffix[q], sign);
    w->position = 0;
}

HQ_RARE static void hq_window_extreme_complete(HqWindowExtreme *w, double sign, double *prefix)
{
    hq_window_extreme_fold(w, sign);
    *prefix = -sign * (double)INFINITY;
}

static inline void hq_window_extreme_commit(const HqNode *node, double *before, double sign)
{
    HqWindowExtreme *w = node->state;
    w->suffix[w->position] = before[node->in[0]];
    if (HQ_UNLIKELY(++w->position == w->segment))
        hq_window_extreme_complete(w, sign, &before[node->out + HQ_WINDOW_PREFIX]);
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

/** A span: the same over a block. */
static inline void hq_window_extremes(const HqNode *node, const HqSpan *span, double sign)
{
    HqWindowExtreme *w = node->state;
    const double *x = span->in[0];
    double *restrict out = span->out[0];
    double best = span->line[HQ_SPAN_OUT + HQ_WINDOW_PREFIX], last = span->line[0];
    for (size_t t = 0, part; t < span->n; t += part) {
        w->suffix[w->position] = last;
        if (++w->position == w->segment) {
            hq_window_extreme_fold(w, sign);
            best = -sign * (double)INFINITY;
        }
        part = w->segment - w->position < span->n - t ? w->segment - w->position : span->n - t;
        double *cell = w->suffix + w->position, kept = cell[part - 1];
        for (size_t i = 0; i < part; i++) {
            best = hq_extreme_of(best, x[t + i], sign);
            out[t + i] = hq_extreme_of(cell[i], best, sign);
            cell[i] = x[t + i];
        }
        cell[part - 1] = kept; /* the newest bar is not final yet */
        w->position += (uint32_t)part - 1;
        last = x[t + part - 1];
    }
    span->line[HQ_SPAN_OUT] = out[span->n - 1];
    span->line[HQ_SPAN_OUT + HQ_WINDOW_PREFIX] = best;
}

#endif
