/* The last n committed values of a series: what `x[n]` reads. */
#ifndef HQ_INDICATOR_HISTORY_H
#define HQ_INDICATOR_HISTORY_H

#include "indicator/row.h"

typedef struct HqHistory {
    uint32_t n;      /* how far back */
    uint32_t oldest; /* where the value n bars back stands, and the next one goes */
    double value[];  /* max(n, 1), NaN before the first */
} HqHistory;

size_t hq_history_size(const double *params);
void hq_history_init(HqNode *node, double *before, const double *params);

/** Zeroed memory of hq_history_size() becomes a history of n values, none of which is known. */
void hq_history_begin(HqHistory *h, uint32_t n);

/** For a row's holds: the next value has its place. */
static inline bool hq_history_holds(const double *params, void *fresh, const void *loaded)
{
    const HqHistory *a = fresh, *b = loaded;
    (void)params;
    return a->n == b->n && (b->oldest < b->n || b->oldest == 0);
}

/** The value of the bar before, which is final. */
static inline void hq_history_put(HqHistory *h, double value)
{
    h->value[h->oldest] = value;
    if (++h->oldest >= h->n)
        h->oldest = 0;
}

/** The value n bars before the newest; the newest itself for n = 0. */
static inline double hq_history_get(const HqHistory *h, double newest)
{
    return h->n == 0 ? newest : h->value[h->oldest];
}

/**
 * Over a block: what is as far back from its first bars, which the block itself has not.
 * @param before  the value of the bar before the block, which is final.
 * @param n       bars of the block.
 * @return how many of them are answered.
 */
static inline size_t hq_history_first(HqHistory *h, double before, size_t n, double *restrict lagged)
{
    size_t ring = h->n ? h->n : 1, place = h->oldest, found = h->n < n ? h->n : n;
    h->value[place] = before;
    for (size_t t = 0; t < found; t++) {
        place = place + 1 < ring ? place + 1 : 0;
        lagged[t] = h->value[place];
    }
    return found;
}

/** After it: the block's values are remembered. All but the newest are final. */
static inline void hq_history_keep(HqHistory *h, const double *x, size_t n)
{
    size_t ring = h->n ? h->n : 1, first = n - 1 > h->n ? n - 1 - h->n : 0;
    size_t place = (h->oldest + 1 + first) % ring;
    for (size_t t = first; t + 1 < n; t++) {
        h->value[place] = x[t];
        place = place + 1 < ring ? place + 1 : 0;
    }
    h->oldest = (uint32_t)place;
}

/* ---------------------------------------------- of a row's first input, as its state */

static inline void hq_history_commit(const HqNode *node, const double *before)
{
    hq_history_put(node->state, before[node->in[0]]);
}

static inline double hq_history_peek(const HqNode *node, const double *line)
{
    return hq_history_get(node->state, line[node->in[0]]);
}

/** Over a block: of each bar the value n bars before it. */
static inline void hq_history_all(const HqNode *node, const HqSpan *span, double *restrict lagged)
{
    HqHistory *h = node->state;
    const double *x = span->in[0];
    size_t first = hq_history_first(h, span->line[0], span->n, lagged);
    memcpy(lagged + first, x, (span->n - first) * sizeof *x);
    hq_history_keep(h, x, span->n);
}

#endif
