#include "run/held.h"

/* Whether returns of 0 can be left out. */
static bool leaves_out_zeros(const HqReturns *r)
{
    return r->moments.count > 0 && r->moments.pivot == 0 && r->equity > 0;
}

/* Answers whether equity stayed above 0; else nothing has been taken. */
static bool take(HqReturns *r, const HqWorths *worths, const double *close, double *equity)
{
    HqMoments kept;
    HqHeld held = HQ_WIDE_CHOOSE(hq_held_take)(&r->moments, &kept, r->equity, worths, close);
    if (!(held.levels.lowest > 0)) {
        r->moments = kept;
        return false;
    }
    if (hq_returns_rise(r, held.levels))
        HQ_WIDE_CHOOSE(hq_span_worths)(worths, close, equity);
    hq_returns_fall(r, held.levels, equity, worths->from[worths->count]);
    r->equity = held.equity;
    return true;
}

void hq_held_push(HqReturns *returns, const HqWorths *worths, const double *close, double *equity)
{
    if (leaves_out_zeros(returns) && take(returns, worths, close, equity))
        return;
    HQ_WIDE_CHOOSE(hq_span_worths)(worths, close, equity);
    hq_returns_push(returns, equity, worths->from[worths->count]);
}
