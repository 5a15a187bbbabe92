#include "run/held.h"

/* Whether returns of 0 can be left out. */
static bool leaves_out_zeros(const HqReturns *r)
{
    return r->started && r->moments.count > 0 && r->moments.pivot == 0 && r->equity > 0;
}

/* Answers whether equity stayed above 0; else nothing has been taken. The curve is made where it has a new peak. */
static bool take(HqReturns *r, const HqWorths *worths, const double *close, double *equity, size_t n)
{
    HqMoments kept;
    HqHeld held = HQ_WIDE_CHOOSE(hq_held_take)(&r->moments, &kept, r->equity, worths, close);
    if (!(held.levels.lowest > 0)) {
        r->moments = kept;
        return false;
    }
    if (held.levels.highest > r->fall.peak) {
        HQ_WIDE_CHOOSE(hq_span_worths)(worths, close, equity);
        hq_fall_push(&r->fall, equity, n);
    } else {
        hq_fall_below(&r->fall, held.levels.lowest);
    }
    r->equity = held.equity;
    return true;
}

void hq_held_push(HqReturns *returns, const HqWorths *worths, const double *close, double *equity, size_t n)
{
    if (leaves_out_zeros(returns) && take(returns, worths, close, equity, n))
        return;
    HQ_WIDE_CHOOSE(hq_span_worths)(worths, close, equity);
    hq_returns_push(returns, equity, n);
}
