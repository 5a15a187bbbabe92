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

/** The input's value n bars before the newest; the newest itself for n = 0. */
static inline double hq_history_peek(const HqNode *node, const double *line)
{
    const HqHistory *h = node->state;
    return h->n == 0 ? line[node->in[0]] : h->value[h->oldest];
}

#endif
