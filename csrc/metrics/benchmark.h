/* A curve against a benchmark: the slope of its returns over the benchmark's. */
#ifndef HQ_METRICS_BENCHMARK_H
#define HQ_METRICS_BENCHMARK_H

#include <stddef.h>

#include "metrics/moments.h"
#include "base/sum.h"

typedef struct HqBenchmark {
    HqMoments own, market; /* returns of the steps that both have */
    HqSum together;        /* products of both deviations */
    HqSum squares;         /* of the market's */
} HqBenchmark;

void hq_benchmark_begin(HqBenchmark *benchmark);

/**
 * A block of at most HQ_STEPS_BLOCK returns; price[i - 1] and price[i] are the benchmark's at both ends
 * of ret[i], NaN where there is none. All blocks once, then all of them again.
 */
void hq_benchmark_push(HqBenchmark *benchmark, const double *ret, const double *price, size_t n);
void hq_benchmark_push_again(HqBenchmark *benchmark, const double *ret, const double *price, size_t n);

/** NaN below two, or when the market does not deviate. */
double hq_benchmark_slope(const HqBenchmark *benchmark);

#endif
