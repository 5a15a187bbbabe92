/* Bars checked in one pass over their columns. */
#include "base/find.h"
#include "ring/candles.h"

/* What lies between low and high needs no limit of its own. NaN lies nowhere. */
static inline uint64_t is_odd(double open, double high, double low, double close)
{
    return !(low >= -HQ_VALUE_MAX) | !(high <= HQ_VALUE_MAX) | !(low <= open) | !(open <= high) |
           !(low <= close) | !(close <= high);
}

static inline uint64_t is_odd_volume(double volume)
{
    return !(volume >= 0) | !(volume <= HQ_VALUE_MAX);
}

size_t HQ_WIDE(hq_find_odd_bar)(const HqBars *bars, size_t n)
{
    const int64_t *t = bars->timestamp;
    const double *o = bars->open, *h = bars->high, *l = bars->low, *c = bars->close,
                 *v = bars->volume;
    if (n > 0 && (is_odd(o[0], h[0], l[0], c[0]) | is_odd_volume(v[0])))
        return 0;
    HQ_FIND(1, n, is_odd(o[i], h[i], l[i], c[i]) | is_odd_volume(v[i]) | (t[i] <= t[i - 1]));
}

size_t HQ_WIDE(hq_find_odd_volume)(const double *values, size_t n)
{
    HQ_FIND(0, n, is_odd_volume(values[i]));
}
