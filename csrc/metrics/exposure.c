/* How much of the time there was a trade. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "metrics/days.h"
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

/* hq_first_at(), where it mostly is known: at the bar that the trade names. */
static size_t first_at(const int64_t *time, size_t length, size_t from, int64_t at, uint64_t bar)
{
    bool there = bar < length && time[bar] >= at && (bar == 0 || time[bar - 1] < at);
    return there ? (size_t)bar : hq_first_at(time, length, from, at);
}

/* Answers whether they came in the order of their starts, as trades mostly do. */
static bool find(const HqTrade *trades, size_t n, const int64_t *time, size_t length, Held *held)
{
    bool in_order = true;
    for (size_t i = 0; i < n; i++) {
        const HqTrade *t = &trades[i];
        bool later = i > 0 && t[-1].entry_time <= t->entry_time;
        size_t before = later ? held[i - 1].from : 0, to = length;
        size_t from = first_at(time, length, before, t->entry_time, t->entry_bar);
        if (t->exit_time < INT64_MAX)
            to = first_at(time, length, from, t->exit_time + 1, t->exit_bar + 1);
        held[i] = (Held){from, to};
        in_order = in_order && (i == 0 || later);
    }
    return in_order;
}

HqStatus hq_exposure_time(const HqTrade *trades, size_t n, const int64_t *time, size_t length,
                          double *share)
{
    *share = trades ? 0 : NAN;
    if (n == 0)
        return HQ_OK;
    Held *held = hq_calloc(n, sizeof *held);
    if (!held)
        return HQ_ENOMEM;
    if (!find(trades, n, time, length, held))
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
    *share = (double)inside / (double)length;
    return HQ_OK;
}
