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

/* Whole registers: the last one takes bars of the one before again, where they do not come out even. */
static inline HqRange extremes(const double *low, const double *high, size_t n)
{
    HqVec bottom = hq_vec_all(low[0]), top = hq_vec_all(high[0]);
    for (size_t t = 0; t + HQ_VEC_LANES < n; t += HQ_VEC_LANES) {
        bottom = hq_vec_min(hq_vec_load(low + t), bottom);
        top = hq_vec_max(hq_vec_load(high + t), top);
    }
    bottom = hq_vec_min(hq_vec_load(low + n - HQ_VEC_LANES), bottom);
    top = hq_vec_max(hq_vec_load(high + n - HQ_VEC_LANES), top);
    return (HqRange){hq_vec_least(bottom), -hq_vec_least(-top)};
}

HqRange HQ_WIDE(hq_span_extremes)(const double *low, const double *high, size_t n)
{
    if (n >= HQ_VEC_LANES)
        return extremes(low, high, n);
    HqRange found = {low[0], high[0]};
    for (size_t t = 1; t < n; t++)
        found = hq_range_with(found, low[t], high[t]);
    return found;
}

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

/* Up to where a column's vectors no longer lie across two cache lines. */
static inline size_t to_aligned(const double *column)
{
    size_t behind = (uintptr_t)column / sizeof *column % HQ_VEC_LANES;
    return HQ_VEC_LANES - behind;
}

/*
 * How many bars there are cannot be foreseen, and to have foreseen it wrong costs more than to value
 * some bars in vain: STRIDE bars at once, as long as there is room.
 */
static inline void equity_of(const Worth *worth, const double *close, size_t n, size_t room,
                             double *equity, const bool is_long, const bool is_short)
{
    enum { STRIDE = 64 };
    size_t t = 0;
    if (room >= HQ_VEC_LANES + STRIDE) {
        hq_vec_store(equity, worth_at(worth, hq_vec_load(close), is_long, is_short));
        t = to_aligned(equity);
    }
    for (; t < n && t + STRIDE <= room; t += STRIDE)
        for (size_t k = t; k < t + STRIDE; k += HQ_VEC_LANES)
            hq_vec_store(equity + k, worth_at(worth, hq_vec_load(close + k), is_long, is_short));
    for (; t + HQ_VEC_LANES <= n; t += HQ_VEC_LANES)
        hq_vec_store(equity + t, worth_at(worth, hq_vec_load(close + t), is_long, is_short));
    if (t >= n)
        return;
    unsigned rest = (1u << (n - t)) - 1;
    HqVec price = hq_vec_load_lanes(close + t, rest);
    hq_vec_store_lanes(equity + t, rest, worth_at(worth, price, is_long, is_short));
}

void HQ_WIDE(hq_span_equity)(const HqAccount *account, const double *close, size_t n, size_t room,
                             double *equity)
{
    const HqLeg *bought = &account->legs[HQ_LONG], *sold = &account->legs[HQ_SHORT];
    Worth worth = {hq_vec_all(account->cash + hq_account_locked(account)),
                   hq_vec_all(bought->entry), hq_vec_all(bought->quantity),
                   hq_vec_all(sold->entry), hq_vec_all(sold->quantity)};
    bool is_long = bought->quantity > 0, is_short = sold->quantity > 0;
    if (is_long && is_short)
        equity_of(&worth, close, n, room, equity, true, true);
    else if (is_long)
        equity_of(&worth, close, n, room, equity, true, false);
    else if (is_short)
        equity_of(&worth, close, n, room, equity, false, true);
    else
        equity_of(&worth, close, n, room, equity, false, false);
}

void HQ_WIDE(hq_span_worths)(const HqWorths *worths, const double *close, double *equity)
{
    HqVec zero = hq_vec_all(0);
    size_t end = worths->from[worths->count];
    for (size_t k = 0; k < worths->count; k++) {
        size_t from = worths->from[k], n = worths->from[k + 1] - from, at = k * worths->apart;
        if (n == 0)
            continue;
        Worth worth = {hq_vec_all(worths->start[at]), hq_vec_all(worths->entry[at]),
                       hq_vec_all(worths->quantity[at]), zero, zero};
        if (worths->quantity[at] == 0) /* nothing depends on the price: a store a register */
            equity_of(&worth, close + from, n, end - from, equity + from, false, false);
        else
            equity_of(&worth, close + from, n, end - from, equity + from, true, false);
    }
}
