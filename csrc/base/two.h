/*
 * Two doubles side by side: computed at once, each as if alone, and written at once. A core takes one
 * write a cycle to its cache, whatever its width, and a stream's step does little but write.
 */
#ifndef HQ_BASE_TWO_H
#define HQ_BASE_TWO_H

#include <stdint.h>
#include <string.h>

typedef double HqTwo __attribute__((vector_size(16)));
typedef int64_t HqTwoBits __attribute__((vector_size(16)));

static inline HqTwo hq_two_at(const double *at)
{
    HqTwo two;
    memcpy(&two, at, sizeof two);
    return two;
}

static inline void hq_two_put(double *to, HqTwo two) { memcpy(to, &two, sizeof two); }

static inline void hq_put_two(double *to, double first, double second)
{
    hq_two_put(to, (HqTwo){first, second});
}

static inline HqTwo hq_two_abs(HqTwo two)
{
    return (HqTwo)((HqTwoBits)two & (HqTwoBits){INT64_MAX, INT64_MAX});
}

/** Where > 0, else 0. */
static inline HqTwo hq_two_positive(HqTwo two)
{
    return (HqTwo)((HqTwoBits)two & (HqTwoBits)(two > (HqTwo){0, 0}));
}

#endif
