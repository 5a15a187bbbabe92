/*
 * A number as the unevaluated sum of two doubles: some 106 bits, for sums in which much cancels.
 *
 * Error-free transformations: D. Knuth, The Art of Computer Programming 2, sec. 4.2.2 (the sum);
 * T. Dekker, Numerische Mathematik 18 (1971) 224 (pairs). What overflows becomes NaN, unknown.
 */
#ifndef HQ_INDICATOR_PAIR_H
#define HQ_INDICATOR_PAIR_H

#include <math.h>

typedef struct HqPair {
    double high; /* the sum of both, rounded */
    double low;  /* what rounding took from it */
} HqPair;

static inline HqPair hq_pair_of_sum(double a, double b)
{
    double sum = a + b, b_in_sum = sum - a;
    return (HqPair){sum, (a - (sum - b_in_sum)) + (b - b_in_sum)};
}

static inline HqPair hq_pair_of_product(double a, double b)
{
    double product = a * b;
    return (HqPair){product, fma(a, b, -product)};
}

/* The same number with |low| at most half a unit in the last place of high. */
static inline HqPair hq_pair_settled(double high, double low)
{
    double sum = high + low;
    return (HqPair){sum, low - (sum - high)};
}

static inline HqPair hq_pair_plus(HqPair a, HqPair b)
{
    HqPair sum = hq_pair_of_sum(a.high, b.high);
    return hq_pair_settled(sum.high, sum.low + (a.low + b.low));
}

/** A sum that goes on: `low` gathers what rounding takes, and is small while it is; the next term waits
 * for one addition only. Not settled: hq_pair_plus() with something else settles it. */
static inline HqPair hq_pair_add(HqPair total, HqPair term)
{
    HqPair sum = hq_pair_of_sum(total.high, term.high);
    return (HqPair){sum.high, total.low + (sum.low + term.low)};
}

static inline HqPair hq_pair_minus(HqPair a, HqPair b)
{
    return hq_pair_plus(a, (HqPair){-b.high, -b.low});
}

static inline HqPair hq_pair_times(HqPair a, HqPair b)
{
    HqPair product = hq_pair_of_product(a.high, b.high);
    return hq_pair_settled(product.high, product.low + (a.high * b.low + a.low * b.high));
}

static inline HqPair hq_pair_scaled(HqPair a, double factor)
{
    HqPair product = hq_pair_of_product(a.high, factor);
    return hq_pair_settled(product.high, product.low + a.low * factor);
}

static inline HqPair hq_pair_divided(HqPair a, double by)
{
    double quotient = a.high / by;
    return hq_pair_settled(quotient, (fma(-quotient, by, a.high) + a.low) / by);
}

#endif
