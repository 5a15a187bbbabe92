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

/** For a row's holds: the next value has its place. */
static inline bool hq_history_holds(const double *params, void *fresh, const void *loaded)
{
    const HqHistory *a = fresh, *b = loaded;
    (void)params;
    return a->n == b->n && (b->oldest < b->n || b->oldest == 0);
}

/** The bar before is final: its value is remembered. */
static inline void hq_history_commit(const HqNode *node, const double *before)
{
    HqHistory *h = node->state;
    h->value[h->oldest] = before[node->in[0]];
    if (++h->oldest >= h->n)
        h->oldest = 0;
}

/** Both over a block: of each bar the value n bars before it. */
static inline void hq_history_all(const HqNode *node, const HqSpan *span, double *restrict lagged)
{
    HqHistory *h = node->state;
    const double *x = span->in[0];
    size_t n = h->n, ring = n ? n : 1, from_ring = n < span->n ? n : span->n;
    size_t place = h->oldest, first = span->n - 1 > n ? span->n - 1 - n : 0;
    h->value[place] = span->line[0];
    for (size_t t = 0; t < from_ring; t++) {
        place = place + 1 < ring ? place + 1 : 0;
        lagged[t] = h->value[place];
    }
    memcpy(lagged + from_ring, x, (span->n - from_ring) * sizeof *x);
    place = (h->oldest + 1 + first) % ring;
    for (size_t t = first; t + 1 < span->n; t++) { /* all but the newest are final */
        h->value[place] = x[t];
        place = place + 1 < ring ? place + 1 : 0;
    }
    h->oldest = (uint32_t)place;
}

/** The input's value n bars before the newest; the newest itself for n = 0. */
static inline double hq_history_peek(const HqNode *node, const double *line)
{
    const HqHistory *h = node->state;
    return h->n == 0 ? line[node->in[0]] : h->value[h->oldest];
}

#endif
