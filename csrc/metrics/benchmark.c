/* A curve against a benchmark. */
#include "metrics/benchmark.h"

#include <math.h>

#include "metrics/steps.h"

typedef struct Pairs {
    double own[HQ_STEPS_BLOCK], market[HQ_STEPS_BLOCK];
    size_t count;
} Pairs;

static void pair_up(Pairs *pairs, const double *ret, const double *price, size_t n)
{
    size_t count = 0;
    hq_returns_of(price[-1], price, n, pairs->market);
    for (size_t i = 0; i < n; i++) {
        pairs->own[count] = ret[i];
        pairs->market[count] = pairs->market[i];
        count += !isnan(price[(ptrdiff_t)i - 1]) && !isnan(price[i]);
    }
    pairs->count = count;
}

void hq_benchmark_begin(HqBenchmark *b)
{
    *b = (HqBenchmark){0};
    hq_moments_begin(&b->own);
    hq_moments_begin(&b->market);
}

void hq_benchmark_push(HqBenchmark *b, const double *ret, const double *price, size_t n)
{
    Pairs pairs;
    pair_up(&pairs, ret, price, n);
    hq_moments_push(&b->own, pairs.own, pairs.count);
    hq_moments_push(&b->market, pairs.market, pairs.count);
}

void hq_benchmark_push_again(HqBenchmark *b, const double *ret, const double *price, size_t n)
{
    Pairs pairs;
    HqPair own = hq_moments_mean(&b->own), market = hq_moments_mean(&b->market);
    pair_up(&pairs, ret, price, n);
    for (size_t i = 0; i < pairs.count; i++) {
        double off = (pairs.market[i] - market.high) - market.low;
        hq_sum_add(&b->together, ((pairs.own[i] - own.high) - own.low) * off);
        hq_sum_add(&b->squares, off * off);
    }
}

double hq_benchmark_slope(const HqBenchmark *b)
{
    double deviation = hq_moments_deviation(&b->market);
    return deviation > 0 ? hq_sum(b->together) / hq_sum(b->squares) : NAN;
}
