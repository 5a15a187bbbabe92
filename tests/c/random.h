/* Random numbers of a seed, the same everywhere. */
#ifndef TESTS_RANDOM_H
#define TESTS_RANDOM_H

#include <stdint.h>

static uint64_t seed = 7; /* may be set anew */

/* splitmix64: S. Vigna, public domain */
static inline uint64_t draw(void)
{
    uint64_t z = seed += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

/* Below 1, not below 0. */
static inline double uniform(void) { return (double)(draw() >> 11) * 0x1p-53; }

#endif
