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

/* Of n elements the bits of those that a last, incomplete vector has. */
static inline unsigned rest_of(size_t n) { return (1u << n % HQ_VEC_LANES) - 1; }

/* What an account is worth at some prices: of a leg that is flat, P&L is 0 and changes nothing. */
typedef struct Worth {
    HqVec start, entry, quantity, short_entry, short_quantity;
} Worth;

static inline HqVec worth_at(const Worth *worth, HqVec price, const bool is_long, const bool is_short)
{
    HqVec worth_now = worth->start;
    HqVec bought = (price - worth->entry) * worth->quantity;
    HqVec sold = (worth->short_entry - price) * worth->short_quantity;
    if (is_long && is_short)
        worth_now += bought + sold;
    else if (is_long)
        worth_now += bought;
    else if (is_short)
        worth_now += sold;
    return hq_vec_max(worth_now, hq_vec_all(0));
}

static inline void equity_of(const Worth *worth, const double *close, size_t n, double *equity,
                             const bool is_long, const bool is_short)
{
    size_t t = 0;
    for (; t + HQ_VEC_LANES <= n; t += HQ_VEC_LANES)
        hq_vec_store(equity + t, worth_at(worth, hq_vec_load(close + t), is_long, is_short));
    unsigned rest = rest_of(n); /* by mask: how many are left cannot be foreseen */
    HqVec price = hq_vec_load_lanes(close + t, rest);
    hq_vec_store_lanes(equity + t, rest, worth_at(worth, price, is_long, is_short));
}

void HQ_WIDE(hq_span_equity)(const HqAccount *account, const double *close, size_t n,
                             double *equity)
{
    const HqLeg *bought = &account->legs[HQ_LONG], *sold = &account->legs[HQ_SHORT];
    Worth worth = {hq_vec_all(account->cash + hq_account_locked(account)),
                   hq_vec_all(bought->entry), hq_vec_all(bought->quantity),
                   hq_vec_all(sold->entry), hq_vec_all(sold->quantity)};
    bool is_long = bought->quantity > 0, is_short = sold->quantity > 0;
    if (is_long && is_short)
        equity_of(&worth, close, n, equity, true, true);
    else if (is_long)
        equity_of(&worth, close, n, equity, true, false);
    else if (is_short)
        equity_of(&worth, close, n, equity, false, true);
    else
        equity_of(&worth, close, n, equity, false, false);
}
