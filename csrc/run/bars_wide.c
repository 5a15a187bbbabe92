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

/* The bars that are left of a block, after whole registers of them. */
static bool are_candles(const HqBars *bars, size_t begin, size_t end, HqRange *range)
{
    bool all = true;
    for (size_t i = begin; i < end; i++) {
        double open = bars->open[i], high = bars->high[i], low = bars->low[i],
               close = bars->close[i];
        all &= (low <= open) & (open <= high) & (low <= close) & (close <= high);
        *range = hq_range_with(*range, low, high);
    }
    return all;
}

/* The lesser and the greater are the second where one is unknown: that is then not low, or not high. */
bool HQ_WIDE(hq_are_candles)(const HqBars *bars, size_t begin, size_t end, HqRange *range)
{
    HqVec bottom = hq_vec_all(INFINITY), top = hq_vec_all(0);
    unsigned are = HQ_VEC_ALL;
    size_t i = begin;
    for (; i + HQ_VEC_LANES <= end; i += HQ_VEC_LANES) {
        HqVec open = hq_vec_load(bars->open + i), close = hq_vec_load(bars->close + i);
        HqVec high = hq_vec_load(bars->high + i), low = hq_vec_load(bars->low + i);
        HqVec lowest = hq_vec_min(close, hq_vec_min(low, open));
        HqVec highest = hq_vec_max(open, hq_vec_max(high, close));
        are &= hq_mask_bits(hq_vec_equal(lowest, low)) & hq_mask_bits(hq_vec_equal(highest, high));
        bottom = hq_vec_min(low, bottom);
        top = hq_vec_max(high, top);
    }
    double lows[HQ_VEC_LANES], highs[HQ_VEC_LANES];
    hq_vec_store(lows, bottom);
    hq_vec_store(highs, top);
    *range = (HqRange){INFINITY, 0};
    for (int k = 0; k < HQ_VEC_LANES; k++)
        *range = hq_range_with(*range, lows[k], highs[k]);
    bool rest = are_candles(bars, i, end, range);
    return rest && are == HQ_VEC_ALL && range->low > 0 && range->high <= HQ_VALUE_MAX;
}

size_t HQ_WIDE(hq_find_bad_amount)(const double *values, size_t from, size_t n)
{
    HQ_FIND(from, n, is_no_amount(values[i]));
}

size_t HQ_WIDE(hq_find_early_bar)(const int64_t *time, size_t from, size_t n)
{
    HQ_FIND(from > 0 ? from : 1, n, (uint64_t)(time[i] < time[i - 1]));
}
