/* Columns checked in blocks: whether one of them is bad first, which one only then. */
#include "metrics/checks.h"

enum { BLOCK = 1024 };

static inline int64_t is_bad_time(int64_t before, int64_t time) { return time < before; }

static inline int64_t is_bad_equity(double before, double equity)
{
    return !(equity >= 0) | !(equity <= DBL_MAX) | ((equity > 0) & (before == 0));
}

static inline int64_t is_bad_return(double ret) { return !(ret >= -1) | !(ret <= DBL_MAX); }

static inline int64_t is_bad_price(double price) { return (price <= 0) | (price > DBL_MAX); }

/* The first i in from .. n - 1 for which `bad`, an expression in i. */
#define FIND(from, n, bad)                                      \
    for (size_t at = (from), end; at < (n); at = end) {         \
        int64_t any = 0;                                        \
        end = (n) - at < BLOCK ? (n) : at + BLOCK;              \
        for (size_t i = at; i < end; i++)                       \
            any |= (bad);                                       \
        for (size_t i = at; any && i < end; i++)                \
            if (bad)                                            \
                return i;                                       \
    }                                                           \
    return (n)

size_t HQ_WIDE(hq_find_bad_time)(const int64_t *time, size_t n)
{
    FIND(1, n, is_bad_time(time[i - 1], time[i]));
}

size_t HQ_WIDE(hq_find_bad_equity)(double before, const double *equity, size_t n)
{
    if (n > 0 && is_bad_equity(before, equity[0]))
        return 0;
    FIND(1, n, is_bad_equity(equity[i - 1], equity[i]));
}

size_t HQ_WIDE(hq_find_bad_return)(const double *returns, size_t n)
{
    FIND(0, n, is_bad_return(returns[i]));
}

size_t HQ_WIDE(hq_find_bad_price)(const double *price, size_t n)
{
    FIND(0, n, is_bad_price(price[i]));
}
