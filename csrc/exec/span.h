/*
 * Loops over spans of bars: columns in, columns out, eight bars at a time. What is computed of a bar
 * is what exec/account.h computes of it, to the bit.
 */
#ifndef HQ_EXEC_SPAN_H
#define HQ_EXEC_SPAN_H

#include "base/wide.h"
#include "exec/account.h"

/** The least and the most of some prices. */
typedef struct HqRange {
    double low, high;
} HqRange;

/** A range with a bar's prices in it; one that is unknown leaves it as it was. */
static inline HqRange hq_range_with(HqRange range, double low, double high)
{
    return (HqRange){low < range.low ? low : range.low, high > range.high ? high : range.high};
}

/* hq_span_ranges(bars, from, n, low, high): the least and the most of each bar's four prices. */
HQ_WIDE_DECLARE(void, hq_span_ranges,
                (const HqBars *bars, size_t from, size_t n, double *low, double *high));

/* hq_span_reach(low, high, n, range): the first bar that leaves a range or touches its ends; n when none does. */
HQ_WIDE_DECLARE(size_t, hq_span_reach,
                (const double *low, const double *high, size_t n, HqRange range));

/* hq_span_extremes(low, high, n): the least and the most of n >= 1 bars. */
HQ_WIDE_DECLARE(HqRange, hq_span_extremes, (const double *low, const double *high, size_t n));

/*
 * hq_span_equity(account, close, n, room, equity): hq_account_equity() at each close; one symbol's
 * account. Up to room values may be read and written: what is behind the n is of no account.
 */
HQ_WIDE_DECLARE(void, hq_span_equity,
                (const HqAccount *account, const double *close, size_t n, size_t room,
                 double *equity));

/** What an account holds over some bars: it is worth start + (close - entry) * quantity, < 0 when short. */
typedef struct HqWorths {
    const double *start, *entry, *quantity; /* `apart` doubles lie between one and the next */
    size_t apart;
    const uint32_t *from; /* the bar that each is held from; behind the last the end */
    size_t count;
} HqWorths;

/* hq_span_worths(worths, close, equity): as hq_span_equity() of each in turn, over all bars. */
HQ_WIDE_DECLARE(void, hq_span_worths,
                (const HqWorths *worths, const double *close, double *equity));

#endif
