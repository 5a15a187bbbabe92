/* The exponential recurrence and its two ways to start, shared by the rows that smooth with it. */
#ifndef HQ_INDICATOR_AVERAGE_H
#define HQ_INDICATOR_AVERAGE_H

#include "indicator/row.h"

extern const HqRow hq_row_ema_talib, hq_row_seeded;

static inline double hq_ema_factor(double period) { return 2.0 / (period + 1.0); }

/** e moved towards x. */
static inline double hq_moved(double factor, double e, double x) { return e + factor * (x - e); }

/**
 * One step of e += factor * (x - e), seeded with the first known value.
 * @param e     before the step; NaN before the first known value.
 * @param next  after it; an unknown x leaves it unmoved.
 * @return the average: `*next`, but unknown for an unknown x.
 */
static inline double hq_ema_step(double factor, double e, double x, double *next)
{
    double moved = hq_moved(factor, e, x);
    if (HQ_LIKELY(fabs(moved) <= DBL_MAX))
        return *next = moved;
    *next = hq_is_unknown(e) ? hq_known(x) : e;
    return hq_is_unknown(e) ? *next : (double)NAN;
}

/** EMA on the steady path (HqChains): gives the average, which is output and memory. */
static inline double hq_ema_steady(const HqNode *node, double x, double *line, const double *before)
{
    const double *then = before + node->out;
    double moved = hq_moved(node->factor, then[1], x);
    hq_put_two(line + node->out, moved, moved);
    return moved;
}

/* The same recurrence seeded with the mean of the first `period` values. Memory behind the output: the sum while seeding and the average afterwards; how many values
 * the seed still lacks. */
enum { HQ_SEEDED_AVERAGE = 1, HQ_SEEDED_LACKS = 2, HQ_SEEDED_MEMORY = 2 };

size_t hq_seeded_size(const double *params);

/** For a row's init: set up node and memory. */
static inline void hq_seeded_start(HqNode *node, double *before, double period, double factor)
{
    *(double *)node->state = period;
    node->factor = factor;
    before[HQ_SEEDED_AVERAGE] = 0;
    before[HQ_SEEDED_LACKS] = period;
}

/** Off the steady path: an unknown value, or one that joins the seed. */
HQ_RARE double hq_seeded_seed(double period, double x, double *average, double *lacks);

/** One step; an unknown x leaves the average unmoved and is answered by unknown. */
static inline double hq_seeded_step(const HqNode *node, double x, double *now, const double *then)
{
    double average = then[HQ_SEEDED_AVERAGE], moved = hq_moved(node->factor, average, x);
    if (HQ_UNLIKELY(then[HQ_SEEDED_LACKS] != 0 || !(fabs(moved) <= DBL_MAX))) {
        double seed = average, lacks = then[HQ_SEEDED_LACKS];
        double value = hq_seeded_seed(*(const double *)node->state, x, &seed, &lacks);
        now[HQ_SEEDED_AVERAGE] = seed;
        now[HQ_SEEDED_LACKS] = lacks;
        return value;
    }
    now[HQ_SEEDED_LACKS] = 0;
    return now[HQ_SEEDED_AVERAGE] = moved;
}

/** The same on the steady path (HqChains). */
static inline void hq_seeded_steady(const HqNode *node, double x, double *now, const double *then)
{
    double moved = hq_moved(node->factor, then[HQ_SEEDED_AVERAGE], x);
    hq_put_two(now, moved, moved);
    now[HQ_SEEDED_LACKS] = 0;
}

/* Over a block, on the steady path (HqChains): of `x` to the output, then the memory. */
bool hq_seeded_is_steady(const HqNode *node, const double *line);

static inline void hq_seeded_chain(const HqNode *node, const HqSpan *span, const double *x)
{
    *span->chain = (HqChain){.x = x, .out = span->out[0], .factor = node->factor,
                             .e = span->line[HQ_SPAN_OUT + HQ_SEEDED_AVERAGE]};
}

static inline void hq_seeded_leave(const HqSpan *span)
{
    double *now = span->line + HQ_SPAN_OUT;
    now[0] = now[HQ_SEEDED_AVERAGE] = span->chain->e;
    now[HQ_SEEDED_LACKS] = 0;
}

#endif
