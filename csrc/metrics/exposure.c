/* How much of the time there was a trade. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "metrics/figures.h"

/* Steps from .. to - 1. */
typedef struct Held {
    size_t from, to;
} Held;

static int by_start(const void *a, const void *b)
{
    const Held *x = a, *y = b;
    return (x->from > y->from) - (x->from < y->from);
}

/* Answers whether they came in the order of their starts, as trades mostly do. */
static bool find(const HqTrade *trades, size_t n, const HqTimes *times, Held *held)
{
    bool in_order = true;
    for (size_t i = 0; i < n; i++) {
        const HqTrade *t = &trades[i];
        bool later = i > 0 && t[-1].entry_time <= t->entry_time;
        size_t before = later ? held[i - 1].from : 0, to = times->count;
        size_t from = hq_first_at_guess(times, before, t->entry_time, t->entry_bar);
        if (t->exit_time < INT64_MAX)
            to = hq_first_at_guess(times, from, t->exit_time + 1, t->exit_bar + 1);
        held[i] = (Held){from, to};
        in_order = in_order && (i == 0 || later);
    }
    return in_order;
}

HqStatus hq_exposure_time(const HqTrade *trades, size_t n, const HqTimes *times, double *share)
{
    *share = trades ? 0 : NAN;
    if (n == 0)
        return HQ_OK;
    Held *held = hq_calloc(n, sizeof *held);
    if (!held)
        return HQ_ENOMEM;
    if (!find(trades, n, times, held))
        qsort(held, n, sizeof *held, by_start);
    size_t inside = 0, counted = 0; /* steps before `counted` are */
    for (size_t i = 0; i < n; i++) {
        size_t from = held[i].from > counted ? held[i].from : counted;
        if (held[i].to > from) {
            inside += held[i].to - from;
            counted = held[i].to;
        }
    }
    free(held);
    *share = (double)inside / (double)times->count;
    return HQ_OK;
}
