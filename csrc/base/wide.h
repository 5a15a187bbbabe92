/*
 * Loops over eight doubles at a time, written once and built for each width.
 *
 * A file named *_wide.c is compiled three times (cmake/Library.cmake), its functions named by
 * HQ_WIDE(name); HQ_WIDE_CHOOSE(name) is the one for this machine. Sums that are kept apart by lane
 * are always HQ_WIDE lanes, whatever the registers hold: that is what makes the widths agree to the
 * bit. Only operations that are exact or rounded once are here.
 */
#ifndef HQ_BASE_WIDE_H
#define HQ_BASE_WIDE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/simd.h"

enum { HQ_LANES = 8 }; /* lanes of a sum: of a cache line */

#define HQ_WIDE_PASTE(name, width) name##_##width
#define HQ_WIDE_NAME(name, width) HQ_WIDE_PASTE(name, width)
/** A function's name in the build at hand. */
#define HQ_WIDE(name) HQ_WIDE_NAME(name, HQ_WIDE_BUILD)

/** Doubles that a register of a build has, whatever else its compiler may use. */
#define HQ_WIDE_LANES_baseline 2
#define HQ_WIDE_LANES_avx2     4
#define HQ_WIDE_LANES_avx512   8

#if defined(__x86_64__)
/** Declare a function of all builds: result, name, (parameters). */
#define HQ_WIDE_DECLARE(result, name, parameters)                                     \
    result name##_baseline parameters;                                                \
    result name##_avx2 parameters;                                                    \
    result name##_avx512 parameters
/** The build of a function that this machine is to use. */
#define HQ_WIDE_CHOOSE(name)                                                          \
    (hq_simd_used() == HQ_SIMD_AVX512 ? name##_avx512                                 \
     : hq_simd_used() == HQ_SIMD_AVX2 ? name##_avx2                                   \
                                      : name##_baseline)
#else
#define HQ_WIDE_DECLARE(result, name, parameters) result name##_baseline parameters
#define HQ_WIDE_CHOOSE(name) (name##_baseline)
#endif

#ifdef HQ_WIDE_BUILD /* the rest is for *_wide.c */

enum { HQ_VEC_LANES = HQ_WIDE(HQ_WIDE_LANES) };

#if HQ_WIDE(HQ_WIDE_LANES) == 8
#include <immintrin.h>
typedef __m512d HqVec;
typedef __mmask8 HqMask;

static inline HqVec hq_vec_load(const double *at) { return _mm512_loadu_pd(at); }
/** Numbers that lie `stride` apart. */
static inline HqVec hq_vec_load_apart(const double *at, size_t stride)
{
    return _mm512_setr_pd(at[0], at[stride], at[2 * stride], at[3 * stride], at[4 * stride],
                          at[5 * stride], at[6 * stride], at[7 * stride]);
}
static inline void hq_vec_store(double *at, HqVec v) { _mm512_storeu_pd(at, v); }
/** To a place that is aligned as the register is, past the caches. */
static inline void hq_vec_store_past_caches(double *at, HqVec v) { _mm512_stream_pd(at, v); }
static inline HqVec hq_vec_all(double x) { return _mm512_set1_pd(x); }
/** a - b, where additions are many: the units that multiply do it. */
static inline HqVec hq_vec_minus(HqVec a, HqVec b) { return _mm512_fmsub_pd(hq_vec_all(1), a, b); }
static inline HqMask hq_vec_less(HqVec a, HqVec b) { return _mm512_cmp_pd_mask(a, b, _CMP_LT_OQ); }
static inline HqMask hq_vec_at_most(HqVec a, HqVec b) { return _mm512_cmp_pd_mask(a, b, _CMP_LE_OQ); }
static inline HqMask hq_vec_equal(HqVec a, HqVec b) { return _mm512_cmp_pd_mask(a, b, _CMP_EQ_OQ); }
/** a where the mask is set, b elsewhere. */
static inline HqVec hq_vec_choose(HqMask m, HqVec a, HqVec b) { return _mm512_mask_blend_pd(m, b, a); }
/** A bit a lane, the first lane's lowest. */
static inline unsigned hq_mask_bits(HqMask m) { return m; }
static inline HqMask hq_mask_of(unsigned bits) { return (HqMask)bits; }
static inline HqMask hq_mask_and(HqMask a, HqMask b) { return (HqMask)(a & b); }
static inline HqMask hq_mask_or(HqMask a, HqMask b) { return (HqMask)(a | b); }
/** The lanes whose bit is set, 0 in the others, whose memory is not touched. */
static inline HqVec hq_vec_load_lanes(const double *at, unsigned bits)
{
    return _mm512_maskz_loadu_pd((HqMask)bits, at);
}
/** Only the lanes whose bit is set. */
static inline void hq_vec_store_lanes(double *at, unsigned bits, HqVec v)
{
    _mm512_mask_storeu_pd(at, (HqMask)bits, v);
}
/** The lesser, b where they cannot be compared. */
static inline HqVec hq_vec_min(HqVec a, HqVec b) { return _mm512_min_pd(a, b); }
/** The greater, b where they cannot be compared. */
static inline HqVec hq_vec_max(HqVec a, HqVec b) { return _mm512_max_pd(a, b); }
static inline HqVec hq_vec_sqrt(HqVec v) { return _mm512_sqrt_pd(v); }
/** Of numbers >= 0: the greatest up to each lane. */
static inline HqVec hq_vec_running_max(HqVec v)
{
    __m512i zero = _mm512_setzero_si512();
    v = _mm512_max_pd(v, _mm512_castsi512_pd(_mm512_alignr_epi64(_mm512_castpd_si512(v), zero, 7)));
    v = _mm512_max_pd(v, _mm512_castsi512_pd(_mm512_alignr_epi64(_mm512_castpd_si512(v), zero, 6)));
    return _mm512_max_pd(v, _mm512_castsi512_pd(_mm512_alignr_epi64(_mm512_castpd_si512(v), zero, 4)));
}
/** Each lane's number one lane on, behind the last of another. */
static inline HqVec hq_vec_behind(HqVec before, HqVec v)
{
    return _mm512_castsi512_pd(_mm512_alignr_epi64(_mm512_castpd_si512(v), _mm512_castpd_si512(before), 7));
}
/** The last lane's number in all. */
static inline HqVec hq_vec_last(HqVec v) { return _mm512_permutexvar_pd(_mm512_set1_epi64(7), v); }
/** The least of all lanes, which are numbers. */
static inline double hq_vec_least(HqVec v)
{
    __m256d four = _mm256_min_pd(_mm512_castpd512_pd256(v), _mm512_extractf64x4_pd(v, 1));
    __m128d two = _mm_min_pd(_mm256_castpd256_pd128(four), _mm256_extractf128_pd(four, 1));
    return _mm_cvtsd_f64(_mm_min_sd(two, _mm_unpackhi_pd(two, two)));
}

#elif HQ_WIDE(HQ_WIDE_LANES) == 4
#include <immintrin.h>
typedef __m256d HqVec;
typedef __m256d HqMask;

static inline HqVec hq_vec_load(const double *at) { return _mm256_loadu_pd(at); }
static inline HqVec hq_vec_load_apart(const double *at, size_t stride)
{
    return _mm256_setr_pd(at[0], at[stride], at[2 * stride], at[3 * stride]);
}
static inline void hq_vec_store(double *at, HqVec v) { _mm256_storeu_pd(at, v); }
static inline void hq_vec_store_past_caches(double *at, HqVec v) { _mm256_stream_pd(at, v); }
static inline HqVec hq_vec_all(double x) { return _mm256_set1_pd(x); }
static inline HqVec hq_vec_minus(HqVec a, HqVec b) { return _mm256_fmsub_pd(hq_vec_all(1), a, b); }
static inline HqMask hq_vec_less(HqVec a, HqVec b) { return _mm256_cmp_pd(a, b, _CMP_LT_OQ); }
static inline HqMask hq_vec_at_most(HqVec a, HqVec b) { return _mm256_cmp_pd(a, b, _CMP_LE_OQ); }
static inline HqMask hq_vec_equal(HqVec a, HqVec b) { return _mm256_cmp_pd(a, b, _CMP_EQ_OQ); }
static inline HqVec hq_vec_choose(HqMask m, HqVec a, HqVec b) { return _mm256_blendv_pd(b, a, m); }
static inline unsigned hq_mask_bits(HqMask m) { return (unsigned)_mm256_movemask_pd(m); }
static inline HqMask hq_mask_of(unsigned bits)
{
    __m256i own = _mm256_setr_epi64x(1, 2, 4, 8), all = _mm256_set1_epi64x(bits);
    return _mm256_castsi256_pd(_mm256_cmpeq_epi64(_mm256_and_si256(all, own), own));
}
static inline HqMask hq_mask_and(HqMask a, HqMask b) { return _mm256_and_pd(a, b); }
static inline HqMask hq_mask_or(HqMask a, HqMask b) { return _mm256_or_pd(a, b); }
static inline HqVec hq_vec_load_lanes(const double *at, unsigned bits)
{
    return _mm256_maskload_pd(at, _mm256_castpd_si256(hq_mask_of(bits)));
}
static inline void hq_vec_store_lanes(double *at, unsigned bits, HqVec v)
{
    _mm256_maskstore_pd(at, _mm256_castpd_si256(hq_mask_of(bits)), v);
}
static inline HqVec hq_vec_min(HqVec a, HqVec b) { return _mm256_min_pd(a, b); }
static inline HqVec hq_vec_max(HqVec a, HqVec b) { return _mm256_max_pd(a, b); }
static inline HqVec hq_vec_sqrt(HqVec v) { return _mm256_sqrt_pd(v); }
static inline HqVec hq_vec_running_max(HqVec v)
{
    HqVec zero = _mm256_setzero_pd();
    v = _mm256_max_pd(v, _mm256_blend_pd(_mm256_permute4x64_pd(v, 0x90), zero, 1));
    return _mm256_max_pd(v, _mm256_permute2f128_pd(v, v, 0x08));
}
static inline HqVec hq_vec_behind(HqVec before, HqVec v)
{
    return _mm256_blend_pd(_mm256_permute4x64_pd(v, 0x90), _mm256_permute4x64_pd(before, 0xFF), 1);
}
static inline HqVec hq_vec_last(HqVec v) { return _mm256_permute4x64_pd(v, 0xFF); }
static inline double hq_vec_least(HqVec v)
{
    __m128d two = _mm_min_pd(_mm256_castpd256_pd128(v), _mm256_extractf128_pd(v, 1));
    return _mm_cvtsd_f64(_mm_min_sd(two, _mm_unpackhi_pd(two, two)));
}

#else
#include <math.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif
typedef double HqVec __attribute__((vector_size(16)));
typedef int64_t HqMask __attribute__((vector_size(16)));

static inline HqVec hq_vec_load(const double *at) { return (HqVec){at[0], at[1]}; }
static inline HqVec hq_vec_load_apart(const double *at, size_t stride) { return (HqVec){at[0], at[stride]}; }
static inline void hq_vec_store(double *at, HqVec v) { memcpy(at, &v, sizeof v); }
static inline void hq_vec_store_past_caches(double *at, HqVec v)
{
#if defined(__SSE2__)
    _mm_stream_pd(at, (__m128d)v);
#else
    hq_vec_store(at, v);
#endif
}
static inline HqVec hq_vec_all(double x) { return (HqVec){x, x}; }
static inline HqVec hq_vec_minus(HqVec a, HqVec b) { return a - b; }
static inline HqMask hq_vec_less(HqVec a, HqVec b) { return (HqMask)(a < b); }
static inline HqMask hq_vec_at_most(HqVec a, HqVec b) { return (HqMask)(a <= b); }
static inline HqMask hq_vec_equal(HqVec a, HqVec b) { return (HqMask)(a == b); }
static inline HqVec hq_vec_choose(HqMask m, HqVec a, HqVec b)
{
    return (HqVec)(((HqMask)a & m) | ((HqMask)b & ~m));
}
static inline unsigned hq_mask_bits(HqMask m) { return (unsigned)((m[0] & 1) | (m[1] & 2)); }
static inline HqMask hq_mask_of(unsigned bits) { return (HqMask){-(int64_t)(bits & 1), -(int64_t)(bits >> 1 & 1)}; }
static inline HqMask hq_mask_and(HqMask a, HqMask b) { return a & b; }
static inline HqMask hq_mask_or(HqMask a, HqMask b) { return a | b; }
static inline HqVec hq_vec_load_lanes(const double *at, unsigned bits)
{
    return (HqVec){bits & 1 ? at[0] : 0, bits & 2 ? at[1] : 0};
}
static inline void hq_vec_store_lanes(double *at, unsigned bits, HqVec v)
{
    if (bits & 1)
        at[0] = v[0];
    if (bits & 2)
        at[1] = v[1];
}
static inline HqVec hq_vec_min(HqVec a, HqVec b) { return hq_vec_choose(hq_vec_less(a, b), a, b); }
static inline HqVec hq_vec_max(HqVec a, HqVec b) { return hq_vec_choose(hq_vec_less(b, a), a, b); }
static inline HqVec hq_vec_sqrt(HqVec v) { return (HqVec){sqrt(v[0]), sqrt(v[1])}; }
static inline HqVec hq_vec_running_max(HqVec v) { return hq_vec_max(v, (HqVec){0, v[0]}); }
static inline HqVec hq_vec_behind(HqVec before, HqVec v) { return (HqVec){before[1], v[0]}; }
static inline HqVec hq_vec_last(HqVec v) { return (HqVec){v[1], v[1]}; }
static inline double hq_vec_least(HqVec v) { return v[0] < v[1] ? v[0] : v[1]; }
#endif

enum {
    HQ_VECS = HQ_LANES / HQ_VEC_LANES,    /* registers that eight lanes take */
    HQ_VEC_ALL = (1 << HQ_VEC_LANES) - 1, /* a bit for each lane of one */
};

/** The bits of each lane's double, to be counted up or down. */
typedef uint64_t HqPatterns __attribute__((vector_size(sizeof(HqVec))));

/** Ask memory for the line of x[at], which may be beyond a column's end. */
static inline void hq_fetch_line(const double *x, size_t at)
{
    __builtin_prefetch((const void *)((uintptr_t)x + at * sizeof *x));
}

/** A line of HQ_LANES numbers, to a place that begins one, past the caches. */
static inline void hq_line_copy_past_caches(double *to, const double *from)
{
    for (size_t k = 0; k < HQ_LANES; k += HQ_VEC_LANES)
        hq_vec_store_past_caches(to + k, hq_vec_load(from + k));
}

/** How many lanes are set. */
static inline unsigned hq_mask_count(HqMask m) { return (unsigned)__builtin_popcount(hq_mask_bits(m)); }

/** Of a bit a lane those of one register. */
static inline unsigned hq_vec_part(unsigned bits, size_t vec)
{
    return bits >> vec * HQ_VEC_LANES & ((1u << HQ_VEC_LANES) - 1);
}

/**
 * Add to sums that keep what rounding takes from them, as hq_sum_add(): D. Knuth, The Art of Computer
 * Programming 2, 4.2.2. Of x = 0 it changes nothing.
 */
static inline void hq_vec_sum_add(HqVec *sum, HqVec *lost, HqVec x)
{
    HqVec total = *sum + x, x_in_total = hq_vec_minus(total, *sum);
    *lost += (*sum - hq_vec_minus(total, x_in_total)) + hq_vec_minus(x, x_in_total);
    *sum = total;
}

/** Sum of eight lanes, always in this order. */
static inline double hq_vecs_sum(const HqVec *lanes)
{
    double all[HQ_LANES];
    for (size_t vec = 0; vec < HQ_VECS; vec++)
        hq_vec_store(all + vec * HQ_VEC_LANES, lanes[vec]);
    return ((all[0] + all[1]) + (all[2] + all[3])) + ((all[4] + all[5]) + (all[6] + all[7]));
}

#endif /* HQ_WIDE_BUILD */
#endif
