/* Columns checked in blocks: whether one of them is bad first, which one only then. */
#include "base/find.h"
#include "metrics/checks.h"

static inline uint64_t is_bad_time(int64_t before, int64_t time) { return time < before; }

static inline uint64_t is_bad_return(double ret) { return !(ret >= -1) | !(ret <= DBL_MAX); }

static inline uint64_t is_bad_price(double price) { return (price <= 0) | (price > DBL_MAX); }

size_t HQ_WIDE(hq_find_bad_time)(const int64_t *time, size_t n)
{
    HQ_FIND(1, n, is_bad_time(time[i - 1], time[i]));
}

static size_t find_end(const double *equity, size_t n)
{
    HQ_FIND(0, n, !(equity[i] > 0) | !(equity[i] <= DBL_MAX));
}

static size_t find_after_end(const double *equity, size_t from, size_t n)
{
    HQ_FIND(from, n, equity[i] != 0);
}

size_t HQ_WIDE(hq_find_bad_equity)(const double *equity, size_t n)
{
    return find_after_end(equity, find_end(equity, n), n);
}

size_t HQ_WIDE(hq_find_bad_return)(const double *returns, size_t n)
{
    HQ_FIND(0, n, is_bad_return(returns[i]));
}

size_t HQ_WIDE(hq_find_bad_price)(const double *price, size_t n)
{
    HQ_FIND(0, n, is_bad_price(price[i]));
}
