/*
 * Four doubles at once, where the machine has AVX2 (hq_simd_used()): for loops in which a lane is a
 * chain of its own, and so the chains' rows have to become columns, and columns rows again.
 */
#ifndef HQ_BASE_FOUR_H
#define HQ_BASE_FOUR_H

#include "base/simd.h"

#if defined(__GNUC__) && defined(__x86_64__)
#  define HQ_HAS_FOURS 1
#  include <immintrin.h>
#  define HQ_FOUR __attribute__((always_inline, target("avx2,fma"))) static inline
#  define HQ_WITH_FOURS __attribute__((target("avx2,fma")))

enum { HQ_FOUR_LANES = 4 };

/** Four values of each of four rows: v[i] gets the i-th of each; or back. */
HQ_FOUR void hq_four_turn(__m256d *v)
{
    __m256d ac_01 = _mm256_unpacklo_pd(v[0], v[1]), bd_01 = _mm256_unpackhi_pd(v[0], v[1]);
    __m256d ac_23 = _mm256_unpacklo_pd(v[2], v[3]), bd_23 = _mm256_unpackhi_pd(v[2], v[3]);
    v[0] = _mm256_permute2f128_pd(ac_01, ac_23, 0x20);
    v[1] = _mm256_permute2f128_pd(bd_01, bd_23, 0x20);
    v[2] = _mm256_permute2f128_pd(ac_01, ac_23, 0x31);
    v[3] = _mm256_permute2f128_pd(bd_01, bd_23, 0x31);
}

/** A line of eight numbers, to a place that begins one, past the caches. */
HQ_FOUR void hq_fours_copy_past_caches(double *to, const double *from)
{
    _mm256_stream_pd(to, _mm256_loadu_pd(from));
    _mm256_stream_pd(to + HQ_FOUR_LANES, _mm256_loadu_pd(from + HQ_FOUR_LANES));
}

static inline int hq_has_fours(void) { return hq_simd_used() >= HQ_SIMD_AVX2; }
#else
#  define HQ_HAS_FOURS 0
static inline int hq_has_fours(void) { return 0; }
#endif

#endif
