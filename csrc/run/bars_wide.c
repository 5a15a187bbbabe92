/* Columns checked in blocks: whether one of its bars is bad first, which one only then. */
#include <math.h>

#include "base/find.h"
#include "run/bars.h"

/*
 * One integer comparison for a range: a positive double's bits grow with it, a negative one's are
 * beyond all of them, infinities and NaN are beyond HQ_VALUE_MAX.
 */
static inline uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline uint64_t is_no_price(double value)
{
    return bits_of(value) - 1 >= bits_of(HQ_VALUE_MAX); /* 0 wraps round */
}

static inline uint64_t is_no_amount(double value)
{
    return bits_of(fabs(value)) > bits_of(HQ_VALUE_MAX);
}

size_t HQ_WIDE(hq_find_bad_bar)(const HqBars *bars, size_t from, size_t n)
{
    const double *o = bars->open, *h = bars->high, *l = bars->low, *c = bars->close,
                 *v = bars->volume;
    HQ_FIND(from, n, is_no_price(o[i]) | is_no_price(h[i]) | is_no_price(l[i]) | is_no_price(c[i]) |
                      (uint64_t)(h[i] < l[i]) | is_no_amount(v[i]));
}

size_t HQ_WIDE(hq_find_bad_amount)(const double *values, size_t from, size_t n)
{
    HQ_FIND(from, n, is_no_amount(values[i]));
}

size_t HQ_WIDE(hq_find_early_bar)(const int64_t *time, size_t from, size_t n)
{
    HQ_FIND(from > 0 ? from : 1, n, (uint64_t)(time[i] < time[i - 1]));
}
