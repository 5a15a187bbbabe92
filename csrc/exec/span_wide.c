#include "exec/span.h"

#include <math.h>

static inline double least(double a, double b) { return a < b ? a : b; }
static inline double most(double a, double b) { return a > b ? a : b; }

void HQ_WIDE(hq_span_ranges)(const HqBars *bars, size_t from, size_t n, double *low, double *high)
{
    const double *o = bars->open + from, *h = bars->high + from, *l = bars->low + from,
                 *c = bars->close + from;
    size_t t = 0;
    for (; t + HQ_VEC_LANES <= n; t += HQ_VEC_LANES) {
        HqVec open = hq_vec_load(o + t), close = hq_vec_load(c + t);
        hq_vec_store(low + t, hq_vec_min(close, hq_vec_min(open, hq_vec_load(l + t))));
        hq_vec_store(high + t, hq_vec_max(close, hq_vec_max(open, hq_vec_load(h + t))));
    }
    for (; t < n; t++) {
        low[t] = least(c[t], least(o[t], l[t]));
        high[t] = most(c[t], most(o[t], h[t]));
    }
}

size_t HQ_WIDE(hq_span_reach)(const double *low, const double *high, size_t n, HqRange range)
{
    HqVec bottom = hq_vec_all(range.low), top = hq_vec_all(range.high);
    size_t t = 0;
    for (; t + HQ_VEC_LANES <= n; t += HQ_VEC_LANES) {
        unsigned above = hq_mask_bits(hq_vec_less(bottom, hq_vec_load(low + t)));
        unsigned below = hq_mask_bits(hq_vec_less(hq_vec_load(high + t), top));
        unsigned inside = above & below, all = (1u << HQ_VEC_LANES) - 1;
        if (inside != all)
            return t + (size_t)__builtin_ctz(~inside);
    }
    for (; t < n; t++)
        if (!(range.low < low[t] && high[t] < range.high))
            return t;
    return n;
}

HqRange HQ_WIDE(hq_span_extremes)(const double *low, const double *high, size_t n)
{
    HqRange found = {low[0], high[0]};
    size_t t = 0;
    if (n >= 2 * HQ_VEC_LANES) {
        HqVec bottom = hq_vec_load(low), top = hq_vec_load(high);
        for (t = HQ_VEC_LANES; t + HQ_VEC_LANES <= n; t += HQ_VEC_LANES) {
            bottom = hq_vec_min(hq_vec_load(low + t), bottom);
            top = hq_vec_max(hq_vec_load(high + t), top);
        }
        double lows[HQ_VEC_LANES], highs[HQ_VEC_LANES];
        hq_vec_store(lows, bottom);
        hq_vec_store(highs, top);
        for (int k = 0; k < HQ_VEC_LANES; k++)
            found = (HqRange){least(lows[k], found.low), most(highs[k], found.high)};
    }
    for (; t < n; t++)
        found = (HqRange){least(low[t], found.low), most(high[t], found.high)};
    return found;
}

void HQ_WIDE(hq_span_equity)(const HqAccount *account, const double *close, size_t n,
                             double *equity)
{
    const HqLeg *bought = &account->legs[HQ_LONG], *sold = &account->legs[HQ_SHORT];
    double base = account->cash + hq_account_locked(account);
    HqVec start = hq_vec_all(base), zero = hq_vec_all(0);
    HqVec entry = hq_vec_all(bought->entry), quantity = hq_vec_all(bought->quantity);
    HqVec short_entry = hq_vec_all(sold->entry), short_quantity = hq_vec_all(sold->quantity);
    size_t t = 0;
    for (; t + HQ_VEC_LANES <= n; t += HQ_VEC_LANES) {
        HqVec price = hq_vec_load(close + t);
        HqVec pnl = (price - entry) * quantity + (short_entry - price) * short_quantity;
        hq_vec_store(equity + t, hq_vec_max(start + pnl, zero));
    }
    for (; t < n; t++)
        equity[t] = hq_account_equity(account, close[t]);
}
